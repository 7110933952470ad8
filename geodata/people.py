"""Where people live, as far as the ladder knows: the population of its finest units, spread evenly over their ground."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geodata import grains, tree
from geodata.cells import HALF_WORLD
from geodata.door import Reader
from geodata.grains import Grains
from geodata.tree import Tree

BITS = 17
"""People are spread over cells of 306 m of EPSG:3857; nobody knows them finer."""

NAME = "people"
_BOOK = 1


def rebuild(connection: Connection) -> int:
    """Spread the population of the ladder anew, inside the transaction that published it.

    Parameters
    ----------
    connection : Connection

    Returns
    -------
    int
        Units whose population is known and was spread.
    """
    units = tree.read(connection)
    which = finest(units) if len(units) else np.zeros(0, dtype=np.intp)
    shapes = _shapes(connection, units.codes[which].tolist())
    cells = [_inside(each) for each in shapes]
    owner = np.repeat(np.arange(len(which)), [len(each) for each in cells])
    share = units.population[which] / np.maximum([len(each) for each in cells], 1)
    codes = np.concatenate([*cells, np.zeros(0, dtype=np.uint64)])
    order = np.argsort(codes, kind="stable")
    none = np.zeros(0, dtype=np.uint32)
    grains.keep(connection, NAME, _BOOK, Grains(codes[order], none, np.asarray(share, dtype=float)[owner][order]))
    return len(which)


def read(reader: Reader) -> Grains | None:
    """People by cells; None where no population is known."""
    return grains.read(reader, NAME, _BOOK, weighed=True)


def finest(units: Tree, told_of: NDArray[np.float64] | None = None) -> NDArray[np.intp]:
    """Positions of the units whose population is taken: known, and not known of every unit directly below.

    Parameters
    ----------
    units : Tree
    told_of : ndarray of float, shape (n,), optional
        What is taken in its place (households); NaN where unknown.

    Notes
    -----
    Nobody is counted twice, and nobody is lost where the population of a single grid is missing.
    """
    known, n = ~np.isnan(units.population if told_of is None else told_of), len(units)
    below = np.flatnonzero(units.parents >= 0)
    children = np.bincount(units.parents[below], minlength=n)
    told = np.bincount(units.parents[below], weights=known[below], minlength=n)
    deeper = (children > 0) & (told == children)
    reached = np.zeros(n, dtype=bool)
    for at in np.argsort(units.depths, kind="stable").tolist():
        parent = units.parents[at]
        reached[at] = parent < 0 or (reached[parent] and (deeper[parent] or not known[parent]))
    return np.flatnonzero(reached & known & ~deeper)


def _shapes(connection: Connection, codes: list[str]) -> list[Any]:
    question = "SELECT code, ST_AsBinary(g3857) FROM onemap.ladder WHERE code = ANY(:codes)"
    found: dict[str, Any] = {row[0]: bytes(row[1]) for row in connection.execute(text(question), {"codes": codes})}
    return list(shapely.from_wkb([found[code] for code in codes]))


def _inside(shape: Any) -> grains.Codes:
    """Cells, at the first corner of each, whose middles lie in a shape; the one of a point on it where none does."""
    wide = 2**BITS / (2 * HALF_WORLD)
    west, south, east, north = shape.bounds
    x = np.arange(np.floor((west + HALF_WORLD) * wide), np.floor((east + HALF_WORLD) * wide) + 1)
    y = np.arange(np.floor((HALF_WORLD - north) * wide), np.floor((HALF_WORLD - south) * wide) + 1)
    column, row = (each.ravel() for each in np.meshgrid(x, y))
    shapely.prepare(shape)
    held = shapely.contains_xy(shape, (column + 0.5) / wide - HALF_WORLD, HALF_WORLD - (row + 0.5) / wide)
    if not held.any():
        point = shape.point_on_surface()
        column, row, held = (np.array([np.floor((point.x + HALF_WORLD) * wide)]), np.array([np.floor((HALF_WORLD - point.y) * wide)]), [True])
    return grains.interleaved(column[held], row[held]) << np.uint64(2 * (grains.BITS - BITS))
