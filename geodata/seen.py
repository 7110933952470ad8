"""Unions of sights on the ground of many units at once: pure geometry, for areas and for lines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely import STRtree
from shapely.errors import GEOSException

from geodata.earth import Shapes, areas, lengths, line_parts

Bools = NDArray[np.bool_]
Places = NDArray[np.intp]
Prints = NDArray[np.uint64]
Floats = NDArray[np.float64]

# Where GEOS finds no clean union of the exact corners, they are rounded to this many degrees (0.1 mm).
_ROUNDED = 1e-9


def prints(shapes: Shapes) -> Prints:
    """A number for each shape that is the same in every run and differs when a bit of it differs.

    Parameters
    ----------
    shapes : ndarray of shapely geometry, shape (n,)

    Returns
    -------
    ndarray of uint64, shape (n,)
    """
    return pd.util.hash_array(np.asarray(shapely.to_wkb(shapes), dtype=object), categorize=False)


def points_seen(points: Shapes, sights: Shapes) -> tuple[Places, Places]:
    """Which points lie in which sights, their edges included.

    Parameters
    ----------
    points : ndarray of shapely Point, shape (n,)
    sights : ndarray of shapely Polygon, shape (m,)

    Returns
    -------
    point, sight : ndarray of int, shape (pairs,)
        Positions.
    """
    point, sight = STRtree(sights).query(points, predicate="intersects")
    return point, sight


class Ground:
    """The ground of units, under sights.

    Parameters
    ----------
    units : ndarray of shapely geometry, shape (n,)
        Polygons in degrees.
    sights : ndarray of shapely Polygon, shape (m,)
        In degrees.
    """

    def __init__(self, units: Shapes, sights: Shapes) -> None:
        self.units, self.sights = units, sights
        self.unit_prints, self._sight_prints = prints(units), prints(sights)
        index = STRtree(sights)
        unit, sight = index.query(units, predicate="intersects")
        within = index.query(units, predicate="contains")
        self._unit, self._sight = unit, sight
        self._crosses = ~np.isin(unit * len(sights) + sight, within[0] * len(sights) + within[1])
        self._starts = np.searchsorted(unit, np.arange(len(units) + 1))
        self._made: dict[tuple[int, int], Any] = {}

    def prints(self, mask: Bools) -> Prints:
        """A number for each unit that changes when its border or one of the masked sights on it changes.

        Parameters
        ----------
        mask : ndarray of bool, shape (m,)
            Sights that count.

        Returns
        -------
        ndarray of uint64, shape (n,)
        """
        counted = mask[self._sight]
        total = self.unit_prints.copy()
        np.add.at(total, self._unit[counted], self._sight_prints[self._sight[counted]])
        return total

    def unions(self, which: Places, mask: Bools) -> Shapes:
        """The seen ground of units: the union of the masked sights, inside the unit.

        Parameters
        ----------
        which : ndarray of int, shape (k,)
            Positions of units.
        mask : ndarray of bool, shape (m,)
            Sights that count.

        Returns
        -------
        ndarray of shapely geometry, shape (k,)
            Empty where nothing is seen. Made once for the same set of sights.
        """
        names = list(zip(which.tolist(), self.prints(mask)[which].tolist(), strict=True))
        new = [(name, at) for name, at in zip(names, which.tolist(), strict=True) if name not in self._made]
        whole, crosses = self._whole([at for _, at in new], mask)
        whole[crosses] = _clipped(whole[crosses], self.units[[at for _, at in new]][crosses])
        self._made.update(zip((name for name, _ in new), whole, strict=True))
        return _shapes([self._made[name] for name in names])

    def _whole(self, which: list[int], mask: Bools) -> tuple[Shapes, Bools]:
        """Unions that may stand out over the border, and whether they do."""
        whole, crosses = np.empty(len(which), dtype=object), np.zeros(len(which), dtype=bool)
        for at, unit in enumerate(which):
            pairs = slice(self._starts[unit], self._starts[unit + 1])
            counted = mask[self._sight[pairs]]
            whole[at] = union(self.sights[self._sight[pairs][counted]])
            crosses[at] = self._crosses[pairs][counted].any()
        return whole, crosses

    def square_metres(self, which: Places, mask: Bools) -> Floats:
        """Seen ground of units in m².

        Parameters
        ----------
        which, mask
            See `unions`.

        Returns
        -------
        ndarray of float, shape (k,)
        """
        return areas(self.unions(which, mask))

    def metres(self, which: Places, mask: Bools, lines: Shapes) -> Floats:
        """Length of lines inside the seen ground of units.

        Parameters
        ----------
        which, mask
            See `unions`.
        lines : ndarray of shapely geometry, shape (k,)
            What runs in each unit, as `inside` gives it.

        Returns
        -------
        ndarray of float, shape (k,)
            Metres.
        """
        return lengths(_clipped(lines, self.unions(which, mask)))


def union(shapes: Shapes) -> Any:
    """The union of shapes; corners are rounded to 0.1 mm where the exact ones cannot be joined."""
    if len(shapes) == 1:
        return shapes[0]
    try:
        return shapely.disjoint_subset_union_all(shapes)
    except GEOSException:
        return shapely.union_all(shapes, grid_size=_ROUNDED)


def _clipped(shapes: Shapes, borders: Shapes) -> Shapes:
    try:
        return shapely.intersection(shapes, borders)
    except GEOSException:
        return shapely.intersection(shapes, borders, grid_size=_ROUNDED)


def inside(units: Shapes, lines: Shapes) -> tuple[Shapes, Prints]:
    """What runs in each unit of a set of lines.

    Parameters
    ----------
    units : ndarray of shapely geometry, shape (n,)
    lines : ndarray of shapely geometry, shape (m,)

    Returns
    -------
    pieces : ndarray of shapely geometry, shape (n,)
        Empty where none runs.
    prints : ndarray of uint64, shape (n,)
        Change when a line that touches the unit changes.
    """
    line, unit = STRtree(units).query(lines, predicate="intersects")
    pieces = _clipped(lines[line], units[unit])
    parts, owner = line_parts(pieces)
    order = np.argsort(unit[owner], kind="stable")
    starts = np.searchsorted(unit[owner][order], np.arange(len(units) + 1))
    together = [shapely.multilinestrings(parts[order[a:z]]) for a, z in zip(starts, starts[1:], strict=False)]
    total = np.zeros(len(units), dtype=np.uint64)
    np.add.at(total, unit, prints(lines)[line])
    return _shapes(together), total


def _shapes(found: list[Any]) -> Shapes:
    array = np.empty(len(found), dtype=object)
    array[:] = found
    return array
