"""Densities on the ground from counts in cells: squares as they are, or smoothed by a kernel of a width in metres. Pure.

EPSG:3857 stretches the ground by 1 / cos(latitude): every cell is therefore divided by its own geodesic area, and the
kernel reaches as many cells as its metres make at the latitude of the row. What is smoothed is the number of rows: each
gives exactly 1 to the cells around it, so that a density integrated over the ground is the number of rows again.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil, pi

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from geodata.cells import HALF_WORLD
from geodata.earth import metres_per_degree

Floats = NDArray[np.float64]

STEP_BITS = 6
"""A tile is 2**6 kernel cells wide: 8 pixels each."""

LAST_ZOOM = 14
"""The last zoom that has tiles of its own; beyond it they are enlarged."""

_NARROWEST_M, _FROM_ZOOM = 250, 13
_BLOCK = 8
"""Rows of cells that share a kernel; fixed on the globe, so that neighbouring tiles agree. At 8 px each the width is off
by less than 0.1 % inside China from zoom 8 on."""

_E2 = (1 / 298.257222101) * (2 - 1 / 298.257222101)
_A = 6378137.0


def bandwidth(z: int) -> int:
    """Metres from a row to where it counts no more; twice as many for each zoom out, so that hills look alike.

    Parameters
    ----------
    z : int
        Zoom of the tile.
    """
    return _NARROWEST_M * 2 ** max(0, _FROM_ZOOM - z)


def latitudes(bits: int, edges: NDArray[np.int64]) -> Floats:
    """Degrees north of the upper edges of rows of cells, numbered from the north."""
    y = pi * (1 - 2 * edges / 2**bits)
    return np.degrees(np.arctan(np.sinh(y)))


def square_km(bits: int, first: int, n: int) -> Floats:
    """Ground of the cells of n rows.

    Parameters
    ----------
    bits : int
        The world is 2**bits cells wide.
    first, n : int
        First row, from the north, and their number.

    Returns
    -------
    ndarray of float, shape (n,)
        km² of one cell of each row on the ellipsoid of CGCS2000.
    """
    zones = _zone(latitudes(bits, np.arange(first, first + n + 1)))
    return (zones[:-1] - zones[1:]) * 2 * pi / 2**bits / 1e6


def _zone(latitude: Floats) -> Floats:
    """m² between the equator and a latitude for one radian of longitude (Snyder 1987, eq. 3-12)."""
    sine, e = np.sin(np.radians(latitude)), np.sqrt(_E2)
    return _A**2 * (1 - _E2) / 2 * (sine / (1 - _E2 * sine**2) + np.arctanh(e * sine) / e)


def reach(metres: float, bits: int, latitude: float) -> tuple[float, float]:
    """Cells that metres on the ground make, eastward and northward."""
    east, north = metres_per_degree(np.array([latitude]))
    across = 2 * HALF_WORLD / 2**bits
    radius = HALF_WORLD / 180  # metres of EPSG:3857 in a degree of longitude
    stretch = 1 / np.cos(np.radians(latitude))
    return metres / float(east[0]) * radius / across, metres / float(north[0]) * radius * stretch / across


def margin(z: int, first: int, n: int) -> int:
    """Cells around a tile of `n` rows from `first` whose rows reach into it, and one more."""
    bits = z + STEP_BITS
    edges = latitudes(bits, np.array([first, first + n]))
    return ceil(max(max(reach(bandwidth(z), bits, each)) for each in edges.tolist())) + 2


@lru_cache(maxsize=4096)
def weights(metres: float, bits: int, block: int) -> Floats:
    """What a row gives to the cells around its own: a quartic kernel, 1 in sum.

    Parameters
    ----------
    metres : float
        Its width.
    bits : int
    block : int
        Which rows of cells: from block * `_BLOCK` on.

    Returns
    -------
    ndarray of float, odd shape
    """
    latitude = float(latitudes(bits, np.array([block * _BLOCK + _BLOCK // 2]))[0])
    east, north = reach(metres, bits, latitude)
    x, y = np.arange(-ceil(east), ceil(east) + 1) / east, np.arange(-ceil(north), ceil(north) + 1) / north
    found: Floats = np.maximum(0, 1 - (x[None, :] ** 2 + y[:, None] ** 2)) ** 2
    return found / found.sum()


def smoothed(counts: Floats, z: int, first: int) -> Floats:
    """Rows that cells get from those around them.

    Parameters
    ----------
    counts : ndarray of float, shape (n, m)
        Rows of each cell, with a margin around the cells that are asked for.
    z : int
        Zoom of the tile.
    first : int
        Number of the first row of cells, from the north.

    Returns
    -------
    ndarray of float, shape (n, m)
        Right where `margin` lies around; the sum over the whole map is that of the counts.
    """
    bits, made = z + STEP_BITS, np.zeros_like(counts)
    for block in range(first // _BLOCK, (first + len(counts) - 1) // _BLOCK + 1):
        low, high = max(block * _BLOCK - first, 0), min((block + 1) * _BLOCK - first, len(counts))
        if counts[low:high].any():
            _add(made, counts[low:high], low, weights(bandwidth(z), bits, block))
    return made


def _add(made: Floats, counts: Floats, low: int, kernel: Floats) -> None:
    """Every row of the kernel at once, as one product of matrices; then each to the row of cells that it falls on."""
    over, beside = kernel.shape[0] // 2, kernel.shape[1] // 2
    windows = sliding_window_view(np.pad(counts, ((0, 0), (beside, beside))), kernel.shape[1], axis=1)
    spread = windows @ kernel.T
    for step in range(kernel.shape[0]):
        top = low + step - over
        first, last = max(top, 0), min(top + len(counts), len(made))
        if first < last:
            made[first:last] += spread[first - top : last - top, :, step]
