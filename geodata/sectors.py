"""Sectors: what each row sees, with nothing left open, as numbers and as a shape in degrees. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.earth import Floats, Shapes, metres_per_degree
from layers._sight import PIXELS_PER_METRE, SIGHT_PARTS, Purpose, Sight

# Segments of a full circle, as it is drawn. The radius is stretched so that the polygon has the area of the true sector; its edge then
# stays within 0.08 % of the radius from the true arc (4 cm at 50 m).
SEGMENTS = 64


@dataclass(frozen=True, slots=True)
class Sights:
    """What many rows see, with nothing left open.

    Parameters
    ----------
    lon, lat, azimuth, angle : ndarray of float, shape (n,)
        Degrees; an angle of 360 is a ring.
    far, near : ndarray of float, shape (n,)
        Metres.
    silent : ndarray of int, shape (n,)
        Which parts were assumed for lack of data: the sum of `BITS`.
    """

    lon: Floats
    lat: Floats
    azimuth: Floats
    angle: Floats
    far: Floats
    near: Floats
    silent: NDArray[np.int64]

    @property
    def assumed(self) -> NDArray[np.bool_]:
        """Whether any part was assumed."""
        return self.silent > 0

    @property
    def parts(self) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats]:
        """The numbers that make a sector, in the order in which `sectors` and `geodata.seen.sectors_of` take them."""
        return self.lon, self.lat, self.azimuth, self.angle, self.far, self.near

    @property
    def shapes(self) -> Shapes:
        """Their polygons in degrees, EPSG:4490."""
        return sectors(*self.parts)


def sectors(lon: Floats, lat: Floats, azimuth: Floats, angle: Floats, far: Floats, near: Floats) -> Shapes:
    """Sectors of circles on the ground.

    Parameters
    ----------
    lon, lat : ndarray of float, shape (n,)
        Degrees.
    azimuth, angle : ndarray of float, shape (n,)
        Direction of the middle, clockwise from north, and width; degrees. An angle of 360 or more is a ring.
    far, near : ndarray of float, shape (n,)
        Limits in metres; a near limit of 0 begins at the point itself.

    Returns
    -------
    ndarray of shapely Polygon, shape (n,)
        Degrees; each with the area of the true sector.
    """
    angle = np.minimum(angle, 360.0)
    steps = np.maximum(np.ceil(angle / 360 * SEGMENTS - 1e-9).astype(int), 1)
    shapes = np.empty(len(lon), dtype=object)
    for kind in np.unique(np.stack([steps, angle >= 360, near > 0]), axis=1).T:
        chosen = (steps == kind[0]) & ((angle >= 360) == kind[1]) & ((near > 0) == kind[2])
        shapes[chosen] = _alike([part[chosen] for part in (lon, lat, azimuth, angle, far, near)], *map(int, kind))
    return shapes


def _alike(parts: list[Floats], steps: int, ring: int, hollow: int) -> Shapes:
    """Sectors with the same number of corners."""
    lon, lat, azimuth, angle, far, near = parts
    width = np.radians(angle)[:, None]
    bearing = np.radians(azimuth)[:, None] + width * (np.linspace(0, 1, steps + 1)[None, :] - 0.5)
    stretch = np.sqrt((width / steps) / np.sin(width / steps))
    outer = ends(lon, lat, bearing, far[:, None] * stretch)
    inner = ends(lon, lat, bearing, near[:, None] * stretch)[:, ::-1]
    if ring:
        holes = shapely.linearrings(_closed(inner[:, 1:]))[:, None] if hollow else None
        return shapely.polygons(shapely.linearrings(_closed(outer[:, 1:])), holes=holes)
    middle = inner if hollow else np.stack([lon, lat], axis=1)[:, None, :]
    return shapely.polygons(_closed(np.concatenate([outer, middle], axis=1)))


def _closed(points: Floats) -> Floats:
    """A ring's end is its beginning to the bit: corners that nearly coincide make unions fail."""
    return np.concatenate([points, points[:, :1]], axis=1)


def ends(lon: Floats, lat: Floats, bearing: Floats, metres: Floats) -> Floats:
    """Ends of short lines from points, by the mid-latitude rule.

    Parameters
    ----------
    lon, lat : ndarray of float, shape (n,), degrees
    bearing, metres : ndarray of float, shape (n, k)
        Radians clockwise from north.

    Returns
    -------
    ndarray of float, shape (n, k, 2), degrees
    """
    _, north = metres_per_degree(lat[:, None])
    y = lat[:, None] + metres * np.cos(bearing) / north
    east, _ = metres_per_degree((lat[:, None] + y) / 2)
    x = lon[:, None] + metres * np.sin(bearing) / east
    return np.stack([x, y], axis=2)


BITS = {part: 1 << at for at, part in enumerate(SIGHT_PARTS)}
"""Part of a sight -> its bit in `Sights.silent`."""

PICTURE = 9 / 16
"""Height of a picture by its width, where no vertical angle is said."""


FURTHEST = 200.0
"""Metres that a range by purpose is believed of an archive that tells no view distance."""


def resolved(sight: Sight, rows: Any, purpose: str | None = None) -> Sights:
    """What rows see, with what the declaration assumes where fields are silent.

    Parameters
    ----------
    sight : Sight
        Of the theme.
    rows : DataFrame or structured ndarray
        lon, lat (degrees), azimuth, angle (degrees), far, near (metres; NaN where the file is silent), ring (bool); and,
        where they are known, height (metres), tilt, vertical (degrees), pixels.
    purpose : str, optional
        A `Purpose`: as far as its pixels reach, and no further than the declared distance; None for that.

    Returns
    -------
    Sights
        In the order of the rows. A row that is no ring and has no azimuth sees all around, as an assumption. One whose far
        limit is not beyond its near one sees nothing: both are 0.
    """
    azimuth, angle, far = (_column(rows, name) for name in ("azimuth", "angle", "far"))
    ring = np.asarray(rows["ring"]).astype(bool)
    turned = np.isnan(azimuth) & ~ring
    lens = np.where(angle > 0, np.minimum(angle, 360.0), sight.assumed_angle)
    width = np.where(ring | turned, 360.0, lens)
    silent = BITS["azimuth"] * turned + BITS["angle"] * (~(angle > 0) & ~ring) + BITS["far"] * ~(far > 0)
    told = np.where(far > 0, far, FURTHEST)
    far = np.where(far > 0, far, sight.assumed_far)
    near, guessed = _near(sight, rows, far, lens, ring)
    if purpose is not None:
        pixels = np.where(_column(rows, "pixels") > 0, _column(rows, "pixels"), sight.assumed_pixels)
        far = np.fmin(reach(pixels, np.where(ring, sight.assumed_lens, lens), PIXELS_PER_METRE[Purpose(purpose)]), told)
    sees = near < far
    far, near = np.where(sees, far, 0.0), np.where(sees, near, 0.0)
    return Sights(_column(rows, "lon"), _column(rows, "lat"), np.nan_to_num(azimuth), width, far, near, silent + BITS["near"] * guessed)


def reach(pixels: Floats, lens: Floats, per_metre: float) -> Floats:
    """How far a picture has so many pixels on a metre.

    Parameters
    ----------
    pixels : ndarray of float, shape (n,)
        Across the picture.
    lens : ndarray of float, shape (n,)
        Its horizontal angle, degrees.
    per_metre : float

    Returns
    -------
    ndarray of float, shape (n,)
        Metres: W / (2 p tan(a / 2)) for a plane picture (IEC 62676-4); from 150 degrees on, where no plane picture goes,
        W / (p a) with the angle in radians, as of a fisheye.
    """
    a = np.radians(lens)
    flat = np.minimum(a, np.radians(150.0))
    return np.where(lens < 150.0, pixels / (2 * per_metre * np.tan(flat / 2)), pixels / (per_metre * a))


def _near(sight: Sight, rows: Any, far: Floats, lens: Floats, ring: NDArray[np.bool_]) -> tuple[Floats, NDArray[np.bool_]]:
    """Near limits, and whether they were assumed: as told, else from how high a camera hangs and how it is tilted."""
    told, height, tilt, vertical = (_column(rows, name) for name in ("near", "height", "tilt", "vertical"))
    upright = 2 * np.degrees(np.arctan(PICTURE * np.tan(np.radians(np.minimum(lens, 150.0)) / 2)))
    vertical = np.where(vertical > 0, vertical, upright)
    high = np.nan_to_num(height, nan=0.0)
    # Aimed with the far limit at the upper edge of the picture; the lower edge then looks down by that and its whole height.
    lower = np.where(np.isnan(tilt), np.degrees(np.arctan2(high, far)) + vertical, tilt + vertical / 2)
    worked_out = np.where(lower < 90.0, high / np.tan(np.radians(np.clip(lower, 0.1, 89.9))), 0.0)
    known, told_is = ~np.isnan(height), (told >= 0) & (told < far)
    near = np.where(known & ~ring, worked_out, 0.0 if sight.height else sight.assumed_near)
    near = np.where(told_is, told, np.where(near < far, near, 0.0))
    asked = sight.near is not None or sight.height is not None
    return near, ~told_is & ~(told >= far) & ~ring & ~(known & ~np.isnan(tilt)) & asked


def _column(rows: Any, name: str) -> Floats:
    """A column of numbers; NaN where the rows have no such column."""
    named = rows.dtype.names if isinstance(rows, np.ndarray) else rows.columns
    return np.asarray(rows[name], dtype=float) if name in named else np.full(len(rows), np.nan)
