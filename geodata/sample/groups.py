"""Group neighbouring units into larger ones that hang together."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree


def group(
    places: np.ndarray,
    links: np.ndarray,
    count: int,
    seats: np.ndarray | None,
    rng: np.random.Generator,
    rounds: int = 2,
) -> tuple[np.ndarray, np.ndarray]:
    """Group units around seeds by the shortest way from neighbour to neighbour.

    Every unit joins the seed that is nearest on the graph of neighbours, so each group hangs together by borders.

    Parameters
    ----------
    places : ndarray, shape (n, 2), metres
        Centre of each unit.
    links : ndarray of int, shape (m, 2)
        Pairs of neighbours; the graph is connected.
    count : int
        Number of groups.
    seats : ndarray, shape (count, 2), metres, or None
        Where the seeds are wanted; None spreads them evenly over the units.
    rng : numpy.random.Generator
    rounds : int
        How often seeds that were spread are moved to the middle of their group.

    Returns
    -------
    mine : ndarray of int, shape (n,)
        Group of each unit.
    seeds : ndarray of int, shape (count,)
        The unit at the heart of each group.
    """
    graph = _graph(places, links)
    if seats is not None:
        seeds = _nearest(places, seats)
        return _joined(graph, seeds), seeds
    seeds = rng.choice(len(places), count, replace=False)
    for _ in range(rounds):
        seeds = _middles(places, _joined(graph, seeds), count)
    return _joined(graph, seeds), seeds


def _graph(places: np.ndarray, links: np.ndarray) -> csr_matrix:
    span = np.hypot(*(places[links[:, 0]] - places[links[:, 1]]).T)
    return coo_matrix((span, (links[:, 0], links[:, 1])), shape=(len(places),) * 2).tocsr()


def _nearest(places: np.ndarray, seats: np.ndarray) -> np.ndarray:
    """Take for each seat the nearest unit that no other seat has taken."""
    near = cKDTree(places).query(seats, k=min(12, len(places)))[1].reshape(len(seats), -1)
    taken: set[int] = set()
    for row in near:
        taken_now = next(int(unit) for unit in row if int(unit) not in taken)
        taken.add(taken_now)
        row[0] = taken_now
    return near[:, 0]


def _joined(graph: csr_matrix, seeds: np.ndarray) -> np.ndarray:
    _, _, source = dijkstra(graph, directed=False, indices=seeds, min_only=True, return_predecessors=True)
    position = np.full(graph.shape[0], -1)
    position[seeds] = np.arange(len(seeds))
    return position[source]


def _middles(places: np.ndarray, mine: np.ndarray, count: int) -> np.ndarray:
    share = np.bincount(mine, minlength=count)
    middle = np.column_stack([np.bincount(mine, places[:, axis], count) for axis in (0, 1)]) / share[:, None]
    distance = np.hypot(*(places - middle[mine]).T)
    order = np.lexsort((distance, mine))
    return order[np.searchsorted(mine[order], np.arange(count))]
