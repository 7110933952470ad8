"""How large each sample is, and where it lies: open sea, so that no real place is meant."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import numpy as np

from geodata.errors import SettingError
from layers._ladder import LEVEL_NAMES

PLANE = 4550
"""EPSG code of the working plane: CGCS2000, 3-degree Gauss-Krüger, central meridian 123° E, metres (EPSG registry)."""

GROUND = 4490
"""EPSG code of the coordinates written: CGCS2000 longitude and latitude, degrees (EPSG registry)."""


@dataclass(frozen=True)
class Scale:
    """The size of one sample.

    Parameters
    ----------
    name : str
        ``county``, ``city`` or ``province``.
    cities, counties, towns, villages, grids, microgrids : int
        Number of units of each level.
    cameras, intersections : int
        Number of rows in the last month.
    area : float
        Area of the whole, in km².
    centre : tuple of float
        Centre of the whole, in degrees (longitude, latitude).
    months : int
        Number of monthly versions that are written when none is asked for.
    """

    name: str
    cities: int
    counties: int
    towns: int
    villages: int
    grids: int
    microgrids: int
    cameras: int
    intersections: int
    area: float
    centre: tuple[float, float]
    months: int

    @property
    def levels(self) -> tuple[str, ...]:
        """Levels of this sample from the root to the leaves; a single city has no province above it."""
        return LEVEL_NAMES if self.cities > 1 else LEVEL_NAMES[1:]

    @property
    def counts(self) -> dict[str, int]:
        """Number of units of each level, root first."""
        all_levels = (1, self.cities, self.counties, self.towns, self.villages, self.grids, self.microgrids)
        counted = dict(zip(LEVEL_NAMES, all_levels, strict=True))
        return {level: counted[level] for level in self.levels}


SCALES = {
    scale.name: scale
    for scale in (
        Scale("county", 1, 3, 16, 300, 2_000, 6_000, 10_000, 6_000, 1_000.0, (124.0, 30.5), 12),
        Scale("city", 1, 10, 156, 2_800, 20_000, 60_000, 300_000, 60_000, 9_000.0, (124.0, 30.5), 3),
        Scale(
            "province", 10, 90, 1_358, 20_000, 150_000, 450_000, 3_000_000, 450_000, 66_000.0, (124.5, 30.2), 1
        ),
    )
}
"""The three scales; the counts of city and province are those of a middling Chinese city and province."""


def scale_named(name: str) -> Scale:
    """Return the scale of that name.

    Parameters
    ----------
    name : str
        One of ``SCALES``.

    Returns
    -------
    Scale

    Raises
    ------
    SettingError
        When there is no such scale.
    """
    if name not in SCALES:
        raise SettingError("--scale", f"there is no scale {name!r}", f"use one of {', '.join(SCALES)}")
    return SCALES[name]


def stream(seed: int, name: str) -> np.random.Generator:
    """Return a generator of random numbers of its own for one part of the sample.

    A part draws from its own stream, so that a change in one part leaves the numbers of the others as they were.

    Parameters
    ----------
    seed : int
        Seed of the whole sample.
    name : str
        Name of the part.

    Returns
    -------
    numpy.random.Generator
    """
    return np.random.default_rng([seed, crc32(name.encode())])
