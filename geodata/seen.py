"""What sectors see of points, of lines and of the ground of units: arrays in, arrays out."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata import sweep
from geodata.compiled import loop
from geodata.cores import in_parts
from geodata.earth import Floats, Shapes
from geodata.nearby import Net, net, touching
from geodata.stretches import Places, Stretches, borders

Bools = NDArray[np.bool_]

_MARGIN = 1e-9  # degrees; what touches is not missed for the last bit of a box


def sectors_of(lon: Floats, lat: Floats, azimuth: Floats, angle: Floats, far: Floats, near: Floats) -> Floats:
    """Sectors as rows of numbers, in the order of columns that `geodata.sweep` names.

    Parameters
    ----------
    lon, lat, azimuth, angle : ndarray of float, shape (n,)
        Degrees; an angle of 360 or more is a ring.
    far, near : ndarray of float, shape (n,)
        Metres.

    Returns
    -------
    ndarray of float, shape (n, 12)
    """
    first, second = np.radians(azimuth - angle / 2), np.radians(azimuth + angle / 2)
    kind = np.select([angle >= 360, angle <= 180], [sweep.RING, sweep.NARROW], sweep.WIDE)
    sines = (np.sin(first), np.cos(first), np.sin(second), np.cos(second))
    wall = np.zeros((3, len(lon)))
    return np.stack([lon, lat, far, near, *sines, kind, *wall], axis=1)


class Eyes:
    """Many rows that see, ready to be asked what.

    Parameters
    ----------
    sectors : ndarray of float, shape (k, 12)
        Of `sectors_of`.
    owner : ndarray of int, shape (k,), optional
        Which row sees each sector, where walls part the sights of some rows into several; those of one row do not overlap.
    around : ndarray of float, shape (k, 4), optional
        The sectors' `boxes`, where they are known.
    """

    def __init__(self, sectors: Floats, owner: Places | None = None, around: Floats | None = None) -> None:
        self.sectors = sectors
        self.owner: Places = np.arange(len(sectors)) if owner is None else owner
        self._net = net(boxes(sectors) if around is None else around)

    def points(self, lon: Floats, lat: Floats, mask: Bools, least: int = 1) -> Bools:
        """Which points so many of the rows that count see.

        Parameters
        ----------
        lon, lat : ndarray of float, shape (p,), degrees
        mask : ndarray of bool, shape (n,)
            Rows that count.
        least : {1, 2}

        Returns
        -------
        ndarray of bool, shape (p,)
        """
        return _points(np.stack([lon, lat], axis=1), self.sectors, self.owner, mask, self._net, least)[0] >= least

    def watched(self, lon: Floats, lat: Floats, mask: Bools) -> tuple[Places, Places]:
        """How many rows see each point, and the first of them: points that one alone sees are lost with it.

        Parameters
        ----------
        lon, lat : ndarray of float, shape (p,), degrees
        mask : ndarray of bool, shape (n,)
            Rows that count.

        Returns
        -------
        n : ndarray of int, shape (p,)
            0, 1, or 2 for two and more.
        first : ndarray of int, shape (p,)
            Position of a row that sees the point; -1 for none.
        """
        n, first = _points(np.stack([lon, lat], axis=1), self.sectors, self.owner, mask, self._net, 2)
        return n.astype(np.intp), first

    def ground(self, units: Shapes, mask: Bools, edges: Stretches | None = None, least: int = 1) -> Floats:
        """Seen ground of units: the area that so many of the rows that count see, inside the unit.

        Parameters
        ----------
        units : ndarray of shapely Polygon or MultiPolygon, shape (k,), degrees
        mask : ndarray of bool, shape (n,)
        edges : Stretches, optional
            Of `geodata.stretches.borders(units)`, where they are asked about several times.
        least : {1, 2}

        Returns
        -------
        ndarray of float, shape (k,)
            m².
        """
        sides, starts = edges or borders(units)
        around = np.nan_to_num(shapely.bounds(units), nan=999.0)  # an empty unit is near nothing
        counts = mask[self.owner]
        return in_parts(
            len(units), lambda which: _ground(which, sides, starts, around, self.sectors, counts, self._net, least)
        )

    def whole(self, units: Shapes) -> Bools:
        """Which units lie wholly inside one ring, as their boxes tell: shape (k,); of others nothing is said."""
        around = np.nan_to_num(shapely.bounds(units), nan=999.0)
        return in_parts(len(units), lambda which: _whole(which, around, self.sectors, self._net), bool)

    def lines(self, stretches: Stretches, mask: Bools, least: int = 1) -> Floats:
        """Length of lines that so many of the rows that count see.

        Parameters
        ----------
        stretches : Stretches
            Of `geodata.stretches.segments`.
        mask : ndarray of bool, shape (n,)
        least : {1, 2}

        Returns
        -------
        ndarray of float, shape (k,)
            Metres.
        """
        parts, starts = stretches
        counts = mask[self.owner]
        seen = in_parts(len(parts), lambda which: _lines(which, parts, self.sectors, counts, self._net, least))
        return np.add.reduceat(np.append(seen, 0.0), starts[:-1]) * (np.diff(starts) > 0)


@loop
def boxes(sectors: Floats) -> Floats:
    """The box of each sector, degrees, shape (n, 4): its point, the ends of its arc, and what of it lies furthest each way."""
    found = np.empty((len(sectors), 4))
    for at in range(len(sectors)):
        lon, lat, far = sectors[at, sweep.LON], sectors[at, sweep.LAT], sectors[at, sweep.FAR]
        # A degree of longitude is shortest, and one of latitude nearly so, at the end that is nearer to a pole.
        east, north = sweep.scale(min(abs(lat) + far / 110_000, 89.9))[0], sweep.scale(lat)[1] / (1 + 1e-4)
        found[at, 0] = lon - _furthest(sectors, at, -1.0, 0.0) * far / east - _MARGIN
        found[at, 1] = lat - _furthest(sectors, at, 0.0, -1.0) * far / north - _MARGIN
        found[at, 2] = lon + _furthest(sectors, at, 1.0, 0.0) * far / east + _MARGIN
        found[at, 3] = lat + _furthest(sectors, at, 0.0, 1.0) * far / north + _MARGIN
    return found


@loop
def _furthest(sectors: Floats, at: int, x: float, y: float) -> float:
    """How far a sector of radius 1 reaches in a direction."""
    sin_1, cos_1, sin_2, cos_2 = sectors[at, sweep.SIN_1], sectors[at, sweep.COS_1], sectors[at, sweep.SIN_2], sectors[at, sweep.COS_2]
    past, before = cos_1 * x >= sin_1 * y, cos_2 * x <= sin_2 * y
    kind = sectors[at, sweep.KIND]
    if kind == sweep.RING or (past and before) or (kind != sweep.NARROW and (past or before)):
        return 1.0
    return float(max(sin_1 * x + cos_1 * y, sin_2 * x + cos_2 * y, 0.0))


@loop
def _points(
    points: Floats, sectors: Floats, owner: Places, mask: Bools, net: Net, enough: int
) -> tuple[NDArray[np.int8], Places]:
    """How many rows see each point, counted up to `enough` (1 or 2), and the first of them."""
    counted, first = np.zeros(len(points), np.int8), np.full(len(points), -1)
    stamps, found = np.zeros(len(sectors), np.int64), _room(sectors)
    for at in range(len(points)):
        x, y = points[at]
        n = touching(np.array([x, y, x, y]), net, stamps, at + 1, found)
        for eye in found[:n]:
            if not mask[owner[eye]] or first[at] == owner[eye]:
                continue
            east, north = sweep.scale((y + sectors[eye, 1]) / 2)
            dx, dy = (x - sectors[eye, 0]) * east, (y - sectors[eye, 1]) * north
            if sweep.holds(dx, dy, sectors, eye):
                counted[at] += 1
                first[at] = owner[eye] if first[at] < 0 else first[at]
                if counted[at] == enough:
                    break
    return counted, first


@loop
def _room(sectors: Floats) -> Places:
    return np.empty(len(sectors), np.int64)


@loop
def _ground(
    which: Places, edges: Floats, starts: Places, boxes: Floats, sectors: Floats, mask: Bools, net: Net, least: int
) -> Floats:
    seen, stamps, found = np.zeros(len(which)), np.zeros(len(sectors), np.int64), _room(sectors)
    for at in range(len(which)):
        unit = which[at]
        n = _counted(touching(boxes[unit], net, stamps, at + 1, found), found, mask)
        if n == 0 or starts[unit] == starts[unit + 1]:
            continue
        near_by = np.empty((n, sweep.TOP + 1))
        for place in range(n):
            near_by[place, : sweep.BOTTOM] = sectors[found[place]]
            near_by[place, sweep.BOTTOM], near_by[place, sweep.TOP] = (
                net.boxes[found[place], 1],
                net.boxes[found[place], 3],
            )
        sweep.order(near_by, n, sweep.BOTTOM)
        seen[at] = sweep.square_metres(edges[starts[unit] : starts[unit + 1]], near_by, least)
    return seen


_SURE = 1e-3
"""Share of a radius by which corners in degrees and metres on the ground may part, some kilometres away."""


@loop
def _whole(which: Places, around: Floats, sectors: Floats, net: Net) -> Bools:
    held, stamps, found = np.zeros(len(which), np.bool_), np.zeros(len(sectors), np.int64), _room(sectors)
    for at in range(len(which)):
        west, south, east, north = around[which[at]]
        for eye in found[: touching(around[which[at]], net, stamps, at + 1, found)]:
            lon, lat = sectors[eye, sweep.LON], sectors[eye, sweep.LAT]
            wide, tall = sweep.scale(min(abs(south), abs(north), abs(lat)))[0], sweep.scale(max(abs(south), abs(north), abs(lat)))[1]
            x, y = max(abs(west - lon), abs(east - lon)) * wide, max(abs(south - lat), abs(north - lat)) * tall
            ring = sectors[eye, sweep.KIND] == sweep.RING and sectors[eye, sweep.NEAR] == 0.0
            if ring and np.hypot(x, y) < sectors[eye, sweep.FAR] * (1 - _SURE):
                held[at] = True
                break
    return held


@loop
def _counted(n: int, found: Places, mask: Bools) -> int:
    """Keep those of the first n that count; how many they are."""
    left = 0
    for at in range(n):
        if mask[found[at]]:
            found[left] = found[at]
            left += 1
    return left


@loop
def _lines(which: Places, parts: Floats, sectors: Floats, mask: Bools, net: Net, least: int) -> Floats:
    seen, stamps, found = np.zeros(len(which)), np.zeros(len(sectors), np.int64), _room(sectors)
    for at in range(len(which)):
        x1, y1, x2, y2 = parts[which[at]]
        box = np.array([min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)])
        n = _counted(touching(box, net, stamps, at + 1, found), found, mask)
        if n:
            seen[at] = sweep.metres(x1, y1, x2, y2, sectors[found[:n]], least)
    return seen
