"""Nested cells: Voronoi cells grouped level by level, with borders displaced once and shared by both neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import Transformer
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Voronoi

from geodata.sample.groups import group
from geodata.sample.scales import GROUND, PLANE, Scale, stream
from geodata.sample.terrain import Terrain, draw_points, lay_terrain
from geodata.sample.wander import wander

_SHORT = 4.0
"""Metres; a border shorter than this is drawn together into one corner, so that rounding cannot fold a cell."""

_DIGITS = 7
"""Decimals of a degree that are kept (about 1 cm)."""


@dataclass(frozen=True)
class Level:
    """The units of one level.

    Parameters
    ----------
    name : str
        Word of the level ("village").
    centre : ndarray, shape (n, 2), EPSG:4550, metres
        A seed inside each unit.
    parent : ndarray of int, shape (n,)
        Position of the unit above; zeros at the root.
    of_leaf : ndarray of int, shape (leaves,)
        Position in this level of the unit that holds each leaf.
    shape : ndarray of shapely.Polygon, shape (n,), EPSG:4490, degrees
        Ground of each unit; a coverage whose borders are shared bit for bit, within the level and between levels.
    """

    name: str
    centre: np.ndarray
    parent: np.ndarray
    of_leaf: np.ndarray
    shape: np.ndarray


@dataclass(frozen=True)
class Ground:
    """The divided land.

    Parameters
    ----------
    scale : Scale
    seed : int
    terrain : Terrain
    levels : dict of str to Level
        Root first.
    clear : ndarray, shape (leaves,), metres
        Radius of the free disc around each leaf's centre: no border comes nearer.
    """

    scale: Scale
    seed: int
    terrain: Terrain
    levels: dict[str, Level]
    clear: np.ndarray

    @property
    def leaves(self) -> Level:
        """The smallest units."""
        return self.levels["microgrid"]


@dataclass(frozen=True)
class Mesh:
    """Borders between neighbouring leaves, in the plane.

    Parameters
    ----------
    seeds : ndarray, shape (leaves, 2), metres
    sides : ndarray of int, shape (b, 2)
        The two leaves of each border; a number of ``leaves`` or more lies in the sea.
    ends : ndarray of int, shape (b, 2)
        First and last corner of each border; the first side's leaf lies on its left.
    corners : ndarray, shape (c, 2), metres
    neighbours : ndarray, shape (b, 2, 2), metres
        Seeds of the two sides.
    """

    seeds: np.ndarray
    sides: np.ndarray
    ends: np.ndarray
    corners: np.ndarray
    neighbours: np.ndarray


def lay_ground(scale: Scale, seed: int) -> Ground:
    """Divide the land of a sample into units of every level.

    Parameters
    ----------
    scale : Scale
    seed : int

    Returns
    -------
    Ground
    """
    terrain = lay_terrain(scale, seed)
    land, sea = draw_points(terrain, scale, scale.microgrids, stream(seed, "leaves"))
    mesh = _mesh(land, sea)
    members, centres = _ladder(mesh, scale, terrain, seed)
    leaves = _polygons(mesh, seed)
    return Ground(scale, seed, terrain, _levels(scale, members, centres, leaves), _clearance(mesh))


def _mesh(land: np.ndarray, sea: np.ndarray) -> Mesh:
    seeds = np.vstack([land, sea])
    cells = Voronoi(seeds)
    sides = np.asarray(cells.ridge_points)
    ends = np.asarray(cells.ridge_vertices)
    kept = (sides < len(land)).any(axis=1)
    sides, ends = sides[kept], _drawn_together(ends[kept], cells.vertices)
    long_enough = ends[:, 0] != ends[:, 1]
    sides, ends = sides[long_enough], ends[long_enough]
    used, ends = np.unique(ends, return_inverse=True)
    corners, ends = cells.vertices[used], ends.reshape(-1, 2)
    swap = sides[:, 0] > sides[:, 1]
    sides[swap] = sides[swap, ::-1]
    _turn_left(seeds, sides, ends, corners)
    return Mesh(land, sides, ends, corners, seeds[sides])


def _drawn_together(ends: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """Give both ends of every short border the same corner."""
    span = np.hypot(*(corners[ends[:, 0]] - corners[ends[:, 1]]).T)
    short = ends[span < _SHORT]
    link = coo_matrix((np.ones(len(short)), (short[:, 0], short[:, 1])), shape=(len(corners),) * 2)
    _, cluster = connected_components(link, directed=False)
    first = np.full(cluster.max() + 1, -1)
    first[cluster[::-1]] = np.arange(len(corners))[::-1]
    return first[cluster][ends]


def _turn_left(seeds: np.ndarray, sides: np.ndarray, ends: np.ndarray, corners: np.ndarray) -> None:
    along = corners[ends[:, 1]] - corners[ends[:, 0]]
    across = seeds[sides[:, 0]] - corners[ends[:, 0]]
    wrong = along[:, 0] * across[:, 1] - along[:, 1] * across[:, 0] < 0
    ends[wrong] = ends[wrong, ::-1]


def _clearance(mesh: Mesh) -> np.ndarray:
    half = np.hypot(*(mesh.neighbours[:, 0] - mesh.neighbours[:, 1]).T) / 2
    clear = np.full(len(mesh.seeds), np.inf)
    for side in (0, 1):
        land = mesh.sides[:, side] < len(mesh.seeds)
        np.minimum.at(clear, mesh.sides[land, side], half[land])
    return 0.45 * clear


def _ladder(
    mesh: Mesh, scale: Scale, terrain: Terrain, seed: int
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Group leaves into grids, grids into villages and so on; the lowest level first."""
    links = mesh.sides[mesh.sides[:, 1] < len(mesh.seeds)]
    members, centres = [np.arange(len(mesh.seeds))], [mesh.seeds]
    seats = {"town": terrain.towns, "county": terrain.towns[terrain.seats]}
    for level in reversed(scale.levels[:-1]):
        rng = stream(seed, f"group {level}")
        mine, chosen = group(centres[-1], links, scale.counts[level], seats.get(level), rng)
        members.append(mine)
        centres.append(centres[-1][chosen])
        links = mine[links]
        links = np.unique(np.sort(links[links[:, 0] != links[:, 1]], axis=1), axis=0)
    return members[1:], centres


def _levels(
    scale: Scale, members: list[np.ndarray], centres: list[np.ndarray], leaves: np.ndarray
) -> dict[str, Level]:
    of_leaf, shape, found = np.arange(len(leaves)), leaves, []
    for name, centre, parent in zip(reversed(scale.levels), centres, [*members, np.zeros(1, int)], strict=True):
        found.append(Level(name, centre, parent, of_leaf, shape))
        if len(centre) > 1:
            shape = _joined(shape, parent)
            of_leaf = parent[of_leaf]
    return {level.name: level for level in reversed(found)}


def _joined(shape: np.ndarray, parent: np.ndarray) -> np.ndarray:
    order = np.argsort(parent, kind="stable")
    starts = np.searchsorted(parent[order], np.arange(parent.max() + 2))
    children = shape[order]
    joined = [shapely.coverage_union_all(children[a:b]) for a, b in zip(starts, starts[1:], strict=False)]
    return shapely.normalize(np.array(joined))


def _polygons(mesh: Mesh, seed: int) -> np.ndarray:
    """Draw the cell of every leaf out of its displaced borders, in degrees."""
    rng = stream(seed, "borders")
    inner, count = wander(mesh.corners[mesh.ends], mesh.neighbours, rng, step=55.0)
    degrees = to_degrees(np.vstack([mesh.corners, inner]))
    border, forward, cell = _around(mesh)
    rows, owner = _vertices(mesh, border, forward, cell, count)
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    last = np.append(first[1:], len(owner))
    rows = np.insert(rows, last, rows[first])
    owner = np.insert(owner, last, owner[first])
    return shapely.polygons(shapely.linearrings(degrees[rows], indices=owner))


def _around(mesh: Mesh) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Order the borders of every leaf counter-clockwise around its seed."""
    border = np.tile(np.arange(len(mesh.sides)), 2)
    forward = np.repeat([True, False], len(mesh.sides))
    cell = mesh.sides.T.reshape(-1)
    land = cell < len(mesh.seeds)
    border, forward, cell = border[land], forward[land], cell[land]
    middle = mesh.corners[mesh.ends[border]].mean(axis=1) - mesh.seeds[cell]
    order = np.lexsort((np.arctan2(middle[:, 1], middle[:, 0]), cell))
    return border[order], forward[order], cell[order]


def _vertices(
    mesh: Mesh, border: np.ndarray, forward: np.ndarray, cell: np.ndarray, count: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """List the vertices (start corner, then inner ones) of every border along its ring."""
    offset = len(mesh.corners) + np.concatenate([[0], np.cumsum(count)[:-1]])
    length = count[border] + 1
    start = np.concatenate([[0], np.cumsum(length)[:-1]])
    place = np.arange(length.sum()) - np.repeat(start, length)
    many = np.repeat(count[border], length)
    step = np.where(np.repeat(forward, length), place - 1, many - place)
    rows = np.repeat(offset[border], length) + step
    rows[start] = np.where(forward, mesh.ends[border, 0], mesh.ends[border, 1])
    return rows, np.repeat(cell, length)


def to_degrees(plane: np.ndarray) -> np.ndarray:
    """Turn plane coordinates into rounded degrees.

    Parameters
    ----------
    plane : ndarray, shape (n, 2), EPSG:4550, metres

    Returns
    -------
    ndarray, shape (n, 2), EPSG:4490, degrees rounded to 1e-7
    """
    turned = Transformer.from_crs(PLANE, GROUND, always_xy=True).transform(plane[:, 0], plane[:, 1])
    return np.round(np.column_stack(turned), _DIGITS)


def to_plane(degrees: np.ndarray) -> np.ndarray:
    """Turn degrees into plane coordinates; (n, 2) EPSG:4490 degrees to (n, 2) EPSG:4550 metres."""
    turned = Transformer.from_crs(GROUND, PLANE, always_xy=True).transform(degrees[:, 0], degrees[:, 1])
    return np.column_stack(turned)


def town_moods(ground: Ground, name: str) -> np.ndarray:
    """Say how well each town does its work in one field, -1 to 1, so that maps of shares differ from town to town.

    Parameters
    ----------
    ground : Ground
    name : str
        The field; every field has moods of its own.

    Returns
    -------
    ndarray, shape (villages,)
        The mood of the town of each village.
    """
    town = ground.levels["village"].parent
    moods = stream(ground.seed, f"mood {name}").uniform(-1, 1, len(ground.levels["town"].centre))
    return moods[town]
