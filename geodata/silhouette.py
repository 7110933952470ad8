"""Silhouettes: how much of its own box a unit leaves free, so that a map can put the legend where there is no ground.

A silhouette is a text of 64 digits. From west to east the unit's box has 16 columns; the first 32 digits are, of each
column, how far above the south of the box the ground begins, the last 32 how far it reaches, in 99ths of the box's height.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.earth import Shapes

COLUMNS, STEPS = 16, 99


def silhouettes(shapes: Shapes) -> list[str | None]:
    """The silhouette of each shape; None for one that is missing or empty.

    Parameters
    ----------
    shapes : ndarray of shapely geometry, shape (n,), degrees

    Returns
    -------
    list of str or None
    """
    there = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    found: list[str | None] = [None] * len(shapes)
    lows, highs = _ends(shapes[there])
    for at, low, high in zip(there.tolist(), lows.tolist(), highs.tolist(), strict=True):
        found[at] = "".join(f"{step:02d}" for step in (*low, *high))
    return found


def _ends(shapes: Shapes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Lowest and highest step of each column, never less ground than there is; shape (n, 16) each."""
    west, south, east, north = shapely.bounds(shapes).T
    wide, high = np.maximum(east - west, 1e-12), np.maximum(north - south, 1e-12)
    # A long edge has points in each column that it crosses; of a thread sixty times as high as wide fewer do.
    points, of = shapely.get_coordinates(shapely.segmentize(shapes, np.maximum(wide, high / 64) / COLUMNS / 2), return_index=True)
    across, up = (points[:, 0] - west[of]) / wide[of] * COLUMNS, (points[:, 1] - south[of]) / high[of] * STEPS
    low, top = np.full((len(shapes), COLUMNS), STEPS), np.zeros((len(shapes), COLUMNS), np.int64)
    for side in (-0.5, 0.0, 0.5):  # a point counts for the columns whose middle or end is within half a column of it
        column = np.clip((across + side).astype(np.int64), 0, COLUMNS - 1)
        np.minimum.at(low, (of, column), np.floor(up).astype(np.int64))
        np.maximum.at(top, (of, column), np.ceil(up).astype(np.int64))
    return low, np.minimum(top, STEPS)
