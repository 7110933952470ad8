"""Work shared over the cores, for loops and libraries that let other threads of Python run meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import Any

import numpy as np
from numpy.typing import NDArray


def in_parts(n: int, work: Callable[[NDArray[np.intp]], Any], kind: type = float) -> Any:
    """Share work over the cores: every so manieth to each, so that all get some of the crowded ones.

    Parameters
    ----------
    n : int
        How many there are to work on.
    work : callable
        Positions of some of them -> what was found of each.
    kind : type
        Of what is found.

    Returns
    -------
    ndarray of that kind, shape (n,)
    """
    cores = min(cpu_count() or 1, 8)
    found: NDArray[Any] = np.zeros(n, dtype=kind)
    shares = [np.arange(first, n, cores) for first in range(min(cores, n))]
    with ThreadPoolExecutor(max_workers=cores) as threads:
        for which, part in zip(shares, threads.map(work, shares), strict=True):
            found[which] = part
    return found
