"""Lines that wander: straight borders and roads displaced as nature and builders would, without ever crossing."""

from __future__ import annotations

import numpy as np

_SAFE = 0.5
"""Share of the free room on either side that a line may use; below 1 no two lines can meet."""


def wander(
    ends: np.ndarray, apexes: np.ndarray, rng: np.random.Generator, step: float, swing: float = 0.14
) -> tuple[np.ndarray, np.ndarray]:
    """Displace straight lines by midpoint displacement, each inside its own two triangles.

    A line stays within the two triangles that its ends form with its apexes. Where such triangles do not overlap
    (a Voronoi edge with the seeds of its cells; a Delaunay edge with the incentres of its triangles), displaced
    lines cannot cross.

    Parameters
    ----------
    ends : ndarray, shape (b, 2, 2), metres
        First and last point of each line.
    apexes : ndarray, shape (b, 2, 2), metres
        A point to the left and one to the right of each line.
    rng : numpy.random.Generator
    step : float
        Wanted distance between points, metres; a line gets 1, 3, 7 or 15 points.
    swing : float
        Displacement of the middle as a share of the length.

    Returns
    -------
    points : ndarray, shape (sum of count, 2), metres
        Points between the ends, line after line.
    count : ndarray of int, shape (b,)
        Number of points of each line.
    """
    length = np.hypot(*(ends[:, 1] - ends[:, 0]).T)
    halvings = np.clip(np.ceil(np.log2(np.maximum(length / step, 1))), 1, 4).astype(int)
    count = 2**halvings - 1
    offset = np.concatenate([[0], np.cumsum(count)[:-1]])
    points = np.empty((count.sum(), 2))
    for depth in np.unique(halvings):
        lines = np.flatnonzero(halvings == depth)
        rows = offset[lines][:, None] + np.arange(count[lines[0]])
        points[rows] = _displaced(ends[lines], apexes[lines], int(depth), rng, swing)
    return points, count


def _displaced(
    ends: np.ndarray, apexes: np.ndarray, depth: int, rng: np.random.Generator, swing: float
) -> np.ndarray:
    along = ends[:, 1] - ends[:, 0]
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    normal = np.column_stack([-along[:, 1], along[:, 0]]) / length
    at = np.arange(1, 2**depth) / 2**depth
    shift = _profile(len(ends), depth, rng) * swing * length
    left = _room(ends[:, 0], along, normal, apexes[:, 0], at)
    right = _room(ends[:, 0], along, -normal, apexes[:, 1], at)
    shift = np.clip(shift, -_SAFE * right, _SAFE * left)
    return ends[:, :1] + at[:, None] * along[:, None, :] + shift[:, :, None] * normal[:, None, :]


def _profile(lines: int, depth: int, rng: np.random.Generator) -> np.ndarray:
    """Midpoint displacement: every halving adds half as much."""
    profile = np.zeros((lines, 2))
    for halving in range(depth):
        middle = (profile[:, :-1] + profile[:, 1:]) / 2
        middle += rng.uniform(-1, 1, middle.shape) * 0.5**halving
        grown = np.empty((lines, 2 * profile.shape[1] - 1))
        grown[:, 0::2], grown[:, 1::2] = profile, middle
        profile = grown
    return profile[:, 1:-1]


def _room(start: np.ndarray, along: np.ndarray, normal: np.ndarray, apex: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Height of the triangle over each point of its base."""
    reach = apex - start
    height = np.maximum((reach * normal).sum(axis=1), 0)[:, None]
    foot = ((reach * along).sum(axis=1) / np.maximum((along**2).sum(axis=1), 1e-9))[:, None]
    rising = np.where(foot > 0, at / np.maximum(foot, 1e-9), np.inf)
    falling = np.where(foot < 1, (1 - at) / np.maximum(1 - foot, 1e-9), np.inf)
    return height * np.minimum(rising, falling)
