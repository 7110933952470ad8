"""Who stands above whom: units with their codes, levels and shapes -> parents, paths and depths."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from layers._ladder import LEVEL_NAMES, parent_code


@dataclass(frozen=True, slots=True)
class Node:
    """A unit before its place in the ladder is known.

    Parameters
    ----------
    code : str
    rank : int
        Place of its level among `layers._ladder.LEVEL_NAMES`; 0 is the highest.
    given : str or None
        The parent's code as the file says.
    root : str or None
        Code of the root that the recipe makes for its file.
    top : bool
        Whether the recipe says that it stands on top.
    """

    code: str
    rank: int
    given: str | None = None
    root: str | None = None
    top: bool = False


Shapes = Callable[[Sequence[str]], NDArray[Any]]
"""Codes -> their geometry, EPSG:4490."""


def rank_of(level: str) -> int:
    """Place of a level, 0 for the highest."""
    return LEVEL_NAMES.index(level)


def parents(nodes: Mapping[str, Node], shapes: Shapes, wanted: Container[str] | None = None) -> dict[str, str | None]:
    """The unit above each unit.

    Parameters
    ----------
    nodes : mapping of str to Node
        Every unit by its code.
    shapes : callable
        Asked only for units whose place neither file nor code says, and for those that may hold them.
    wanted : container of str, optional
        Units to be looked for on the ground; None for all.

    Returns
    -------
    dict of str to str or None
        The parent given, else the nearest one by the digits of the code, else the root of the file, else the
        smallest unit of the next level up that holds a point of the unit; None for a root of the ladder.
    """
    found = {code: _by_words(node, nodes) for code, node in nodes.items()}
    highest = min((each.rank for each in nodes.values()), default=0)
    lost = [
        code
        for code, above in found.items()
        if above is None and nodes[code].rank > highest and not nodes[code].top and (wanted is None or code in wanted)
    ]
    return found | _by_ground(lost, nodes, shapes)


def _by_words(node: Node, nodes: Mapping[str, Node]) -> str | None:
    if _above(node.given, node, nodes):
        return node.given
    if node.top:
        return None
    above = parent_code(node.code)
    while above is not None:
        if _above(above, node, nodes):
            return above
        above = parent_code(above)
    return node.root if _above(node.root, node, nodes) else None


def _above(code: str | None, node: Node, nodes: Mapping[str, Node]) -> bool:
    return code is not None and code in nodes and nodes[code].rank < node.rank


def _by_ground(lost: list[str], nodes: Mapping[str, Node], shapes: Shapes) -> dict[str, str | None]:
    if not lost:
        return {}
    lowest = max(nodes[code].rank for code in lost)
    holders = sorted(
        (code for code, each in nodes.items() if each.rank < lowest), key=lambda code: (-nodes[code].rank, code)
    )
    grounds, points = shapes(holders), shapely.point_on_surface(shapes(lost))
    holding, within = shapely.STRtree(points).query(grounds, predicate="intersects")  # prepares the large ones
    best: dict[str, str | None] = {}
    for n, at in sorted(zip(within.tolist(), holding.tolist(), strict=True)):
        if nodes[holders[at]].rank < nodes[lost[n]].rank:
            best.setdefault(lost[n], holders[at])
    return best


def without_parent(nodes: Mapping[str, Node], above: Mapping[str, str | None]) -> set[str]:
    """Units that stand nowhere although there are units of a higher level."""
    highest = min((each.rank for each in nodes.values()), default=0)
    return {code for code, node in nodes.items() if above[code] is None and node.rank > highest and not node.top}


def paths(above: Mapping[str, str | None], order: Sequence[str]) -> dict[str, str]:
    """The materialised path of each unit, "root/.../unit/".

    Parameters
    ----------
    above : mapping of str to str or None
        The parent of each unit.
    order : sequence of str
        Every unit, parents before children.
    """
    made: dict[str, str] = {}
    for code in order:
        parent = above[code]
        made[code] = f"{made[parent] if parent is not None else ''}{code}/"
    return made


def added_up(own: NDArray[np.float64], parent: NDArray[np.int64], known: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Numbers of units, with those that are unknown made the sum of their children's.

    Parameters
    ----------
    own : array of float, shape (n,)
        Parents before children.
    parent : array of int, shape (n,)
        Position of the parent, -1 for a root.
    known : array of bool, shape (n,)

    Returns
    -------
    array of float, shape (n,)
        NaN where neither the unit nor any below it is known.
    """
    total = np.where(known, own, np.nan)
    for n in range(len(own) - 1, -1, -1):
        above = parent[n]
        if above >= 0 and not known[above] and not np.isnan(total[n]):
            total[above] = total[n] + (0 if np.isnan(total[above]) else total[above])
    return total
