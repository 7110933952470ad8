"""Tiles as numbers: which of a zoom touch given ground. Pure; metres of EPSG:3857, y of tiles from the north."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

HALF_WORLD = 20_037_508.342789244
"""Metres from the middle of EPSG:3857 to its edge."""

Boxes = NDArray[np.float64]
"""West, south, east, north of each, shape (n, 4)."""

Squares = NDArray[np.int64]
"""x and y of tiles of one zoom, shape (n, 2)."""


def covering(boxes: Boxes, zoom: int, margin: float = 0.0) -> Squares:
    """The tiles of a zoom that touch any of the boxes, each once, ordered by x, then y.

    Parameters
    ----------
    boxes : array, shape (n, 4), EPSG:3857
    zoom : int
    margin : float
        Share of a tile's side that it is drawn beyond its edge.

    Returns
    -------
    array of int, shape (m, 2)
    """
    side = 2 * HALF_WORLD / 2**zoom
    boxes = boxes[~np.isnan(boxes).any(axis=1)]
    west, north = (boxes[:, 0] + HALF_WORLD) / side, (HALF_WORLD - boxes[:, 3]) / side
    east, south = (boxes[:, 2] + HALF_WORLD) / side, (HALF_WORLD - boxes[:, 1]) / side
    low = np.floor(np.column_stack([west, north]) - margin).astype(np.int64)
    high = np.floor(np.column_stack([east, south]) + margin).astype(np.int64)
    ranges = np.unique(np.column_stack([low, high]).clip(0, 2**zoom - 1), axis=0)
    return _listed(ranges[:, :2], ranges[:, 2:])


def _listed(low: NDArray[Any], high: NDArray[Any]) -> Squares:
    """Every tile from the corners `low` to the corners `high`."""
    wide, tall = (high - low + 1).T if len(low) else (np.empty(0, np.int64), np.empty(0, np.int64))
    owner = np.repeat(np.arange(len(low)), wide * tall)
    nth = np.arange(len(owner)) - np.repeat(np.cumsum(wide * tall) - wide * tall, wide * tall)
    found = low[owner] + np.column_stack([nth // tall[owner], nth % tall[owner]]) if len(owner) else low
    return np.unique(found, axis=0)
