"""Where classes of values begin: quantiles, equal intervals, natural breaks. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

MOST_GROUPS = 512
"""Natural breaks are found among this many groups of neighbouring values: the exact ones of up to as many values, in
milliseconds for any number of them."""


def quantiles(ordered: Sequence[float], wanted: int) -> list[float]:
    """Breaks that put about as many values into each class; equal values share one.

    Parameters
    ----------
    ordered : sequence of float
        Rising.
    wanted : int
        Classes.

    Returns
    -------
    list of float
        First values of all classes but the lowest.
    """
    return sorted({ordered[len(ordered) * part // wanted] for part in range(1, wanted)} - set(ordered[:1]))


def equal(ordered: Sequence[float], wanted: int) -> list[float]:
    """Breaks at equal distances from the lowest value to the highest; a class may be empty.

    Parameters
    ----------
    ordered, wanted
        See `quantiles`.
    """
    low, high = ordered[0], ordered[-1]
    return sorted({low + (high - low) * part / wanted for part in range(1, wanted)} - {low}) if high > low else []


def natural(ordered: Sequence[float], wanted: int) -> list[float]:
    """Breaks in the largest gaps: the squares of distances from the means of classes are as small as can be.

    Parameters
    ----------
    ordered, wanted
        See `quantiles`.

    Notes
    -----
    Fisher 1958, "On grouping for maximum homogeneity", known as Jenks; the best of all partitions, not a guess.
    """
    values, counts = np.unique(np.asarray(ordered, dtype=float), return_counts=True)
    groups = _grouped(values, counts)
    starts = _best(*groups, min(wanted, len(groups[0])))
    return [float(groups[2][at]) for at in starts[1:]]


def _grouped(values: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weight, mean and first value of at most `MOST_GROUPS` runs of neighbouring values."""
    if len(values) <= MOST_GROUPS:
        return counts.astype(float), values, values
    run = np.minimum(np.cumsum(counts) * MOST_GROUPS // (counts.sum() + 1), MOST_GROUPS - 1)
    _, first, run = np.unique(run, return_index=True, return_inverse=True)
    weight = np.bincount(run, weights=counts)
    return weight, np.bincount(run, weights=counts * values) / weight, values[first]


def _best(weight: np.ndarray, mean: np.ndarray, _first: np.ndarray, wanted: int) -> list[int]:
    """First positions of the classes: for each number of classes the best end, from the best with one class fewer."""
    n, centred = len(weight), mean - np.average(mean, weights=weight)  # else the squares of large values drown the rest
    sums = [np.concatenate([[0.0], np.cumsum(weight * centred**power)]) for power in (0, 1, 2)]
    heavy, total, square = (each[None, 1:] - each[:-1, None] for each in sums)
    alone = np.tri(n, dtype=bool).T
    cost = np.where(alone, square - total**2 / np.where(alone, heavy, 1.0), np.inf)
    best, chosen = cost[0], []
    for _ in range(wanted - 1):
        tried = np.concatenate([[np.inf], best[:-1]])[:, None] + cost
        chosen.append(tried.argmin(axis=0))
        best = tried.min(axis=0)
    starts, end = [], n - 1
    for starting in reversed(chosen):
        starts.append(int(starting[end]))
        end = starts[-1] - 1
    return [0, *reversed(starts)]


WAYS: dict[str, Callable[[Sequence[float], int], list[float]]] = {"quantile": quantiles, "equal": equal, "natural": natural}
