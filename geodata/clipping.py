"""Lines cut by the ground of units."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely import STRtree
from shapely.errors import GEOSException

from geodata.cores import in_parts
from geodata.earth import Shapes, line_parts

# Where GEOS cannot cut with the exact corners, they are rounded to this many degrees (0.1 mm).
_ROUNDED = 1e-9


def inside(units: Shapes, lines: Shapes) -> Shapes:
    """What runs in each unit of a set of lines.

    Parameters
    ----------
    units : ndarray of shapely geometry, shape (n,)
    lines : ndarray of shapely geometry, shape (m,)

    Returns
    -------
    ndarray of shapely MultiLineString, shape (n,)
        Empty where none runs.
    """
    line, unit = STRtree(units).query(lines, predicate="intersects")
    parts, owner = line_parts(_clipped(lines[line], units[unit]))
    order = np.argsort(unit[owner], kind="stable")
    together: Shapes = np.full(len(units), shapely.MultiLineString())
    if len(order):
        shapely.multilinestrings(parts[order], indices=unit[owner][order], out=together)
    return together


def _clipped(shapes: Shapes, grounds: Shapes) -> Any:
    """GEOS cuts on all cores at once."""
    return in_parts(len(shapes), lambda which: _cut(shapes[which], grounds[which]), object)


def _cut(shapes: Shapes, grounds: Shapes) -> Any:
    try:
        return shapely.intersection(shapes, grounds)
    except GEOSException:
        return shapely.intersection(shapes, grounds, grid_size=_ROUNDED)
