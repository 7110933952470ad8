"""Stretches: the edges of polygons and the segments of lines as plain numbers, for compiled loops."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata import sweep
from geodata.compiled import loop
from geodata.earth import Floats, Shapes, line_parts

Places = NDArray[np.intp]
Stretches = tuple[Floats, Places]
"""Parts of shapes as rows of x1, y1, x2, y2 in degrees, and where those of each shape begin (one more than shapes)."""


def borders(units: Shapes) -> Stretches:
    """Edges of polygons, each from its lower to its upper end and those of a polygon in the order of the lower ends.

    Parameters
    ----------
    units : ndarray of shapely Polygon or MultiPolygon, shape (k,)

    Returns
    -------
    Stretches
        Without level edges, which no row meets.
    """
    points, unit = shapely.get_coordinates(units, return_index=True)
    edges, starts = _edges(points, _ring_ends(units), np.searchsorted(unit, np.arange(len(units) + 1)))
    _ordered(edges, starts)
    return edges, starts


def _ring_ends(units: Shapes) -> Places:
    """Where each ring ends among the coordinates of polygons; most of them have no hole, and rings of those are not made to be counted."""
    parts = shapely.get_parts(units)
    holes = shapely.get_num_interior_rings(parts)
    holed, plain = np.flatnonzero(holes), np.flatnonzero(holes == 0)
    rings, of = shapely.get_rings(parts[holed], return_index=True)
    lengths = shapely.get_num_coordinates(np.concatenate([parts[plain], rings]))
    order = np.argsort(np.concatenate([plain, holed[of]]), kind="stable")
    return np.cumsum(lengths[order])


@loop
def _edges(points: Floats, ends: Places, starts: Places) -> Stretches:
    """Edges of rings, upward; `ends` has the end of each ring, `starts` where the coordinates of each polygon begin."""
    edges, begin, n, ring = np.empty((len(points), 4)), np.zeros(len(starts), np.int64), 0, 0
    for one in range(len(starts) - 1):
        for at in range(starts[one], starts[one + 1] - 1):
            while ends[ring] <= at:
                ring += 1
            if ends[ring] == at + 1 or points[at, 1] == points[at + 1, 1]:
                continue
            low, high = (at, at + 1) if points[at, 1] < points[at + 1, 1] else (at + 1, at)
            edges[n, 0], edges[n, 1], edges[n, 2], edges[n, 3] = points[low, 0], points[low, 1], points[high, 0], points[high, 1]
            n += 1
        begin[one + 1] = n
    return edges[:n], begin


@loop
def _ordered(edges: Floats, starts: Places) -> None:
    """Put the edges of each polygon in the order of their lower ends."""
    for one in range(len(starts) - 1):
        sweep.order(edges[starts[one] : starts[one + 1]], starts[one + 1] - starts[one], 1)


def segments(lines: Shapes) -> Stretches:
    """Segments of lines; what is no line is left out.

    Parameters
    ----------
    lines : ndarray of shapely geometry, shape (k,)
    """
    parts, owner = _stretches(lines)
    return parts, np.searchsorted(owner, np.arange(len(lines) + 1))


def _stretches(lines: Shapes) -> tuple[Floats, Places]:
    parts, above = line_parts(lines)
    points, line = shapely.get_coordinates(parts, return_index=True)
    together = line[1:] == line[:-1]
    return np.hstack([points[:-1], points[1:]])[together], above[line[1:][together]]
