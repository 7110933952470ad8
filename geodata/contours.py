"""Contours as rings of a tile: corners on whole steps, none twice, and no ring without ground."""

from __future__ import annotations

from typing import Any

import numpy as np
from contourpy import FillType
from numpy.typing import NDArray

from geodata import mvt

FILL = FillType.ChunkCombinedOffsetOffset
"""How contourpy is asked for them: the corners of all rings in one array, for a tile of a province has thousands of rings."""


def rings(filled: Any, step: int) -> list[mvt.Ring]:
    """The rings of filled contours.

    Parameters
    ----------
    filled : tuple
        Of contourpy, in the form of `FILL`.
    step : int
        Steps of a tile in one unit of the contours.

    Returns
    -------
    list of Ring
        Outer rings, each followed by its holes; what fell onto a line is left out, a hole with the ring around it.
    """
    found: list[mvt.Ring] = []
    for points, starts, outers in zip(*filled, strict=True):
        if points is not None:
            found += _of_chunk(np.round(points * step).astype(np.int64), starts.astype(np.intp), outers.astype(np.intp))
    return found


def _of_chunk(whole: mvt.Ring, starts: NDArray[np.intp], outers: NDArray[np.intp]) -> list[mvt.Ring]:
    ring = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    before = np.arange(-1, len(whole) - 1)
    before[starts[:-1]] = starts[1:] - 2  # the last corner is the first again
    keep = (whole != whole[before]).any(axis=1)
    keep[starts[1:] - 1] = False
    corners, of = whole[keep], ring[keep]
    ends = np.searchsorted(of, np.arange(len(starts)))
    ground = _ground(corners, of, ends) & (np.diff(ends) > 2)
    ground &= np.repeat(ground[outers[:-1]], np.diff(outers))
    return [corners[ends[at] : ends[at + 1]] for at in np.flatnonzero(ground)]


def _ground(corners: mvt.Ring, of: NDArray[np.intp], ends: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which rings have ground: a narrow tongue may have fallen onto a line of the grid."""
    after = np.arange(1, len(corners) + 1)
    some = np.diff(ends) > 0
    after[ends[1:][some] - 1] = ends[:-1][some]
    (x, y), (x2, y2) = corners.T, corners[after].T
    return np.bincount(of, weights=x * y2 - x2 * y, minlength=len(ends) - 1) != 0


def plain(ring: mvt.Ring) -> mvt.Ring:
    """A ring, or a path that ends where it began, without corners that fell together."""
    same = (ring == ring[np.arange(-1, len(ring) - 1)]).all(axis=1)
    return ring[~same]
