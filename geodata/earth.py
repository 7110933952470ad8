"""Lengths and areas on the ground, from degrees, for whole arrays at once.

The ellipsoid is that of CGCS2000 (GB 22021-2008: a = 6378137 m, f = 1/298.257222101).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Shapes = NDArray[Any]

A = 6378137.0
F = 1 / 298.257222101
E2 = F * (2 - F)
E = E2**0.5

M2_OF_MU = 10_000 / 15
"""Square metres of one 亩."""


def metres_per_degree(latitude: Floats) -> tuple[Floats, Floats]:
    """Metres in one degree of longitude and of latitude.

    Parameters
    ----------
    latitude : ndarray of float, shape (n,)
        Degrees.

    Returns
    -------
    east, north : ndarray of float, shape (n,)
        Metres per degree along the parallel and along the meridian.
    """
    phi = np.radians(latitude)
    w2 = 1 - E2 * np.sin(phi) ** 2
    east = np.radians(1.0) * A * np.cos(phi) / np.sqrt(w2)
    north = np.radians(1.0) * A * (1 - E2) / w2**1.5
    return east, north


def to_drawn(degrees: Floats) -> Floats:
    """Longitude and latitude -> EPSG:3857, with 4490 treated as 4326 by policy.

    Parameters
    ----------
    degrees : ndarray of float, shape (n, 2)

    Returns
    -------
    ndarray of float, shape (n, 2)
        Metres of the spherical Mercator (EPSG method 1024): the sphere has the ellipsoid's larger radius.
    """
    lon, lat = np.radians(degrees[:, 0]), np.radians(degrees[:, 1])
    return A * np.stack([lon, np.log(np.tan(np.pi / 4 + lat / 2))], axis=1)


def areas(shapes: Shapes) -> Floats:
    """Square metres of shapes in degrees.

    Parameters
    ----------
    shapes : ndarray of shapely geometry, shape (n,)
        Longitude and latitude; None counts as empty.

    Returns
    -------
    ndarray of float, shape (n,)
        On the ellipsoid. An edge is taken for a line of the equal-area cylinder, which for edges of a kilometre is the
        geodesic to some centimetres: borders of villages come out right to 1e-9.
    """
    return np.nan_to_num(shapely.area(shapely.transform(shapes, _equal_area)))


def _equal_area(degrees: Floats) -> Floats:
    """Longitude and latitude -> metres of the cylindrical equal-area projection of the ellipsoid (Snyder 1987, 3-12, 10-14)."""
    sine = np.sin(np.radians(degrees[:, 1]))
    flat = sine / (1 - E2 * sine**2) + np.arctanh(E * sine) / E
    return A * np.stack([np.radians(degrees[:, 0]), (1 - E2) / 2 * flat], axis=1)


def lengths(shapes: Shapes) -> Floats:
    """Metres of lines in degrees, each segment measured at its own latitude.

    Parameters
    ----------
    shapes : ndarray of shapely geometry, shape (n,)
        Lines, multi-lines or collections of them; None and everything that is no line count as 0.

    Returns
    -------
    ndarray of float, shape (n,)
    """
    parts, owner = line_parts(shapes)
    points, line = shapely.get_coordinates(parts, return_index=True)
    if len(points) < 2:
        return np.zeros(len(shapes))
    step = np.diff(points, axis=0)
    east, north = metres_per_degree((points[1:, 1] + points[:-1, 1]) / 2)
    metres = np.hypot(step[:, 0] * east, step[:, 1] * north)
    same = line[1:] == line[:-1]
    total: Floats = np.bincount(owner[line[1:][same]], weights=metres[same], minlength=len(shapes)).astype(float)
    return total


def line_parts(shapes: Shapes) -> tuple[Shapes, NDArray[np.intp]]:
    """The single lines in shapes, points and areas left out.

    Parameters
    ----------
    shapes : ndarray of shapely geometry, shape (n,)

    Returns
    -------
    parts : ndarray of shapely LineString, shape (k,)
    owner : ndarray of int, shape (k,)
        Position of the shape that each came from.
    """
    parts, owner = shapely.get_parts(shapes, return_index=True)
    deeper, above = shapely.get_parts(parts, return_index=True)
    keep = shapely.get_dimensions(deeper) == 1
    return deeper[keep], owner[above][keep]
