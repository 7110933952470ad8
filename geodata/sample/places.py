"""Roads between villages and the places to be seen on them: intersections and entrances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay, cKDTree

from geodata.sample.ground import Ground, to_degrees, to_plane
from geodata.sample.scales import stream
from geodata.sample.wander import wander

MAIN, SECOND, VILLAGE = 0, 1, 2
"""Class of a road: 主干道, 次干道, 村道."""


@dataclass(frozen=True)
class Roads:
    """The road network; nodes are the centres of villages.

    Parameters
    ----------
    ends : ndarray of int, shape (r, 2)
        Villages at both ends of each road.
    sort : ndarray of int, shape (r,)
        ``MAIN``, ``SECOND`` or ``VILLAGE``.
    plane : ndarray of shapely.LineString, shape (r,), EPSG:4550, metres
    shape : ndarray of shapely.LineString, shape (r,), EPSG:4490, degrees
    """

    ends: np.ndarray
    sort: np.ndarray
    plane: np.ndarray
    shape: np.ndarray


def lay_roads(ground: Ground) -> Roads:
    """Connect the villages by a planar network and class its roads by what they connect.

    Parameters
    ----------
    ground : Ground

    Returns
    -------
    Roads
    """
    rng = stream(ground.seed, "roads")
    centre = ground.levels["village"].centre
    pairs, incentres = _candidates(ground)
    chosen = _network(centre, pairs, rng)
    pairs, incentres = pairs[chosen], incentres[chosen]
    plane, shape = _lines(centre, pairs, incentres, rng)
    dry = _on_land(ground, shape)
    pairs, plane, shape = pairs[dry], plane[dry], shape[dry]
    return Roads(pairs, _classes(ground, centre, pairs), plane, shape)


def _on_land(ground: Ground, shape: np.ndarray) -> np.ndarray:
    whole = next(iter(ground.levels.values())).shape[0]
    shapely.prepare(whole)
    return shapely.covers(whole, shape)


def _candidates(ground: Ground) -> tuple[np.ndarray, np.ndarray]:
    """Delaunay edges between villages, each with the incentres of the triangles on its left and right."""
    centre = ground.levels["village"].centre
    corners = Delaunay(centre).simplices
    a, b, c = (centre[corners[:, k]] for k in range(3))
    opposite = [np.hypot(*(p - q).T)[:, None] for p, q in ((b, c), (c, a), (a, b))]
    incentre = (opposite[0] * a + opposite[1] * b + opposite[2] * c) / sum(opposite)
    sides = np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
    triangle = np.tile(np.arange(len(corners)), 3)
    order = np.lexsort((sides.max(axis=1), sides.min(axis=1)))
    sides, triangle = np.sort(sides[order], axis=1), triangle[order]
    twin = np.flatnonzero((sides[1:] == sides[:-1]).all(axis=1))
    pairs = sides[twin]
    either = np.stack([incentre[triangle[twin]], incentre[triangle[twin + 1]]], axis=1)
    return pairs, _left_first(centre, pairs, either)


def _left_first(centre: np.ndarray, pairs: np.ndarray, either: np.ndarray) -> np.ndarray:
    along, reach = centre[pairs[:, 1]] - centre[pairs[:, 0]], either[:, 0] - centre[pairs[:, 0]]
    right = along[:, 0] * reach[:, 1] - along[:, 1] * reach[:, 0] < 0
    either[right] = either[right, ::-1]
    return either


def _network(centre: np.ndarray, pairs: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Choose a spanning tree and a third of the edges whose circle holds no other village (Gabriel 1969)."""
    span = np.hypot(*(centre[pairs[:, 0]] - centre[pairs[:, 1]]).T)
    tree = minimum_spanning_tree(_graph(pairs, span, len(centre))).tocoo()
    key = pairs[:, 0] * len(centre) + pairs[:, 1]
    in_tree = np.isin(key, np.minimum(tree.row, tree.col) * len(centre) + np.maximum(tree.row, tree.col))
    nearest, _ = cKDTree(centre).query(centre[pairs].mean(axis=1))
    free = nearest >= span / 2 - 1e-6
    return in_tree | (free & (rng.random(len(pairs)) < 0.34))


def _graph(pairs: np.ndarray, span: np.ndarray, size: int) -> csr_matrix:
    return coo_matrix((span, (pairs[:, 0], pairs[:, 1])), shape=(size, size)).tocsr()


def _lines(
    centre: np.ndarray, pairs: np.ndarray, incentres: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    inner, count = wander(centre[pairs], incentres, rng, step=160.0, swing=0.1)
    owner = np.repeat(np.arange(len(pairs)), count + 2)
    first = np.concatenate([[0], np.cumsum(count + 2)[:-1]])
    points = np.empty((len(owner), 2))
    middle = np.ones(len(owner), bool)
    middle[first] = middle[first + count + 1] = False
    points[middle], points[first], points[first + count + 1] = inner, centre[pairs[:, 0]], centre[pairs[:, 1]]
    return shapely.linestrings(points, indices=owner), shapely.linestrings(to_degrees(points), indices=owner)


def _classes(ground: Ground, centre: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    span = np.hypot(*(centre[pairs[:, 0]] - centre[pairs[:, 1]]).T)
    graph = _graph(pairs, span, len(centre))
    _, towns = cKDTree(centre).query(ground.levels["town"].centre)
    _, seats = cKDTree(centre).query(ground.levels["county"].centre)
    sort = np.full(len(pairs), VILLAGE)
    where = {tuple(pair): road for road, pair in enumerate(pairs.tolist())}
    for sources, rank in ((towns, SECOND), (seats, MAIN)):
        sort[_trunk(graph, centre, sources, where)] = rank
    return sort


def _trunk(
    graph: csr_matrix, centre: np.ndarray, sources: np.ndarray, where: dict[tuple[int, ...], int]
) -> list[int]:
    """List the roads on the shortest ways from each source to its nearest sources."""
    near = min(4, len(sources))
    _, mates = cKDTree(centre[sources]).query(centre[sources], k=near)
    roads: set[int] = set()
    for source, row in zip(sources, mates.reshape(len(sources), -1), strict=True):
        _, before = dijkstra(graph, directed=False, indices=source, return_predecessors=True)
        for mate in sources[row]:
            roads.update(_way(before, int(mate), where))
    return sorted(roads)


def _way(before: np.ndarray, node: int, where: dict[tuple[int, ...], int]) -> list[int]:
    way = []
    while before[node] >= 0:
        way.append(where[tuple(sorted((node, int(before[node]))))])
        node = int(before[node])
    return way


def find_intersections(ground: Ground, roads: Roads) -> pd.DataFrame:
    """Find where roads meet, and the crossings inside villages.

    Parameters
    ----------
    ground : Ground
    roads : Roads

    Returns
    -------
    DataFrame
        ``scale.intersections`` rows: x, y (EPSG:4550, metres), leaf, main (bool), arms (int).
    """
    rng = stream(ground.seed, "intersections")
    met = _met(ground, roads)
    lanes = _lanes_join(ground, roads, rng)
    inside = np.setdiff1d(np.arange(len(ground.leaves.centre)), met["leaf"])
    wanted = min(ground.scale.intersections - len(met) - len(lanes), len(inside))
    leaf = np.sort(rng.choice(inside, wanted, replace=False))
    x, y = ground.leaves.centre[leaf].T
    minor = pd.DataFrame({"x": x, "y": y, "leaf": leaf, "main": False, "arms": rng.integers(3, 5, wanted)})
    return pd.concat([met, lanes, minor], ignore_index=True)


def _met(ground: Ground, roads: Roads) -> pd.DataFrame:
    """Crossings at village centres, where the network has its nodes."""
    centre = ground.levels["village"].centre
    arms = np.bincount(roads.ends.ravel(), minlength=len(centre))
    large = np.bincount(roads.ends[roads.sort < VILLAGE].ravel(), minlength=len(centre))
    _, leaf = cKDTree(ground.leaves.centre).query(centre)
    main = (large > 0) | (arms >= 3)
    return pd.DataFrame({"x": centre[:, 0], "y": centre[:, 1], "leaf": leaf, "main": main, "arms": np.maximum(arms, 3)})


def _lanes_join(ground: Ground, roads: Roads, rng: np.random.Generator) -> pd.DataFrame:
    """Crossings along main and secondary roads, where lanes of the villages join."""
    line = roads.plane[roads.sort < VILLAGE]
    length = shapely.length(line)
    count = np.maximum((length / 420.0).astype(int), 1)
    owner = np.repeat(np.arange(len(line)), count)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count) + rng.uniform(0.3, 0.7, len(owner))
    points = shapely.line_interpolate_point(line[owner], place / count[owner] * length[owner])
    xy = shapely.get_coordinates(points)
    leaf = leaf_at(ground, to_degrees(xy))
    most = int(0.4 * ground.scale.intersections)
    found = pd.DataFrame({"x": xy[:, 0], "y": xy[:, 1], "leaf": leaf, "main": True, "arms": 3})
    return found[leaf >= 0].head(most)


def leaf_at(ground: Ground, degrees: np.ndarray) -> np.ndarray:
    """Tell in which leaf each point lies.

    Parameters
    ----------
    ground : Ground
    degrees : ndarray, shape (n, 2), EPSG:4490

    Returns
    -------
    ndarray of int, shape (n,)
        -1 in the sea.
    """
    tree = shapely.STRtree(ground.leaves.shape)
    point, leaf = tree.query(shapely.points(degrees), predicate="within")
    found = np.full(len(degrees), -1)
    found[point] = leaf
    return found


_INWARD = 0.00015
"""Degrees (about 15 m) that an entrance lies inside the border of its village."""


def find_entrances(ground: Ground, roads: Roads) -> pd.DataFrame:
    """Find where roads enter villages.

    Parameters
    ----------
    ground : Ground
    roads : Roads

    Returns
    -------
    DataFrame
        lon, lat (EPSG:4490, degrees), x, y (EPSG:4550, metres), leaf, village, road (positions), main (bool: on a
        main or secondary road).
    """
    villages = ground.levels["village"].shape
    road, village = shapely.STRtree(villages).query(roads.shape, predicate="intersects")
    inside = shapely.intersection(roads.shape[road], villages[village])
    parts, pair = shapely.get_parts(inside, return_index=True)
    line = (shapely.get_type_id(parts) == 1) & (shapely.length(parts) > 3 * _INWARD)
    parts, road, village = parts[line], road[pair[line]], village[pair[line]]
    found = [_crossings(parts, road, village, roads, end) for end in (0, -1)]
    entrances = pd.concat(found, ignore_index=True)
    entrances = entrances.sort_values(["village", "road", "lon"], ignore_index=True)
    degrees = entrances[["lon", "lat"]].to_numpy()
    x, y = to_plane(degrees).T
    entrances = entrances.assign(x=x, y=y, leaf=leaf_at(ground, degrees))
    return entrances[entrances["leaf"] >= 0].reset_index(drop=True)


def _crossings(
    parts: np.ndarray, road: np.ndarray, village: np.ndarray, roads: Roads, end: int
) -> pd.DataFrame:
    tip = shapely.get_point(parts, end)
    own = [shapely.get_point(roads.shape[road], side) for side in (0, -1)]
    crossing = (shapely.distance(tip, own[0]) > _INWARD) & (shapely.distance(tip, own[1]) > _INWARD)
    span = shapely.length(parts)
    at = shapely.line_interpolate_point(parts, _INWARD if end == 0 else span - _INWARD)
    lon, lat = np.round(shapely.get_coordinates(at), 7).T
    table = pd.DataFrame({"lon": lon, "lat": lat, "village": village, "road": road, "main": roads.sort[road] < VILLAGE})
    return table[crossing]
