"""How far from the ladder's roots anything may lie."""

from __future__ import annotations

import numpy as np

# Nothing of a county lies further from its border than this: digitised borders are off by metres, not kilometres.
FAR_KM = 50.0
_KM_PER_DEGREE = 111.32


def near(x: np.ndarray, y: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """Whether each place lies within FAR_KM of the box of a root.

    Parameters
    ----------
    x, y : array of float, shape (n,), degrees
    bounds : array of float, shape (r, 4), degrees
        West, south, east, north.

    Returns
    -------
    array of bool, shape (n,)
    """
    south_north = FAR_KM / _KM_PER_DEGREE
    found = np.zeros(len(x), dtype=bool)
    for west, south, east, north in bounds:
        margin = south_north / max(0.1, np.cos(np.radians((south + north) / 2)))
        found |= (x > west - margin) & (x < east + margin) & (y > south - south_north) & (y < north + south_north)
    return found
