"""Which boxes lie near a place: a list of the boxes in each cell of a net, for compiled loops."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.compiled import loop

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]

CELL = 0.002
"""Degrees, about 200 m: a cell holds few sights, a sight lies in few cells. Larger boxes have larger cells, a few in each of them."""

_CELLS_OF_ONE = 4  # along a side of a box of middling size

_MOST_CELLS = 4_000_000  # of a net; larger ground gets larger cells
_MOST_OF_ONE = 400  # a box over more cells than this is looked at everywhere instead of being listed in each


class Net(NamedTuple):
    """Boxes by the cells they lie in.

    Parameters
    ----------
    boxes : ndarray, shape (n, 4), degrees
        West, south, east, north.
    west, south, cell : float
        Corner of the net and side of its cells, degrees.
    across, up : int
        Number of cells.
    starts, members : ndarray of int
        Boxes of cell c are ``members[starts[c]:starts[c + 1]]``.
    everywhere : ndarray of int
        Boxes too large to be listed.
    """

    boxes: Numbers
    west: float
    south: float
    cell: float
    across: int
    up: int
    starts: Places
    members: Places
    everywhere: Places


def net(boxes: Numbers) -> Net:
    """A net over boxes (n, 4)."""
    if not len(boxes):
        return Net(boxes, 0.0, 0.0, CELL, 1, 1, np.zeros(2, np.int64), np.empty(0, np.int64), np.empty(0, np.int64))
    west, south = boxes[:, 0].min(), boxes[:, 1].min()
    wide, tall = boxes[:, 2].max() - west, boxes[:, 3].max() - south
    middling = float(np.median(boxes[:, 2] - boxes[:, 0]))
    cell = max(CELL, middling / _CELLS_OF_ONE, float(np.sqrt(wide * tall / _MOST_CELLS)), wide / _MOST_CELLS, tall / _MOST_CELLS)
    across, up = int(wide / cell) + 1, int(tall / cell) + 1
    steps = np.floor((boxes - [west, south, west, south]) / cell)
    over = (steps[:, 2] - steps[:, 0] + 1) * (steps[:, 3] - steps[:, 1] + 1) > _MOST_OF_ONE
    starts, members = _listed(steps.astype(np.int64), np.flatnonzero(~over), across, up)
    return Net(boxes, float(west), float(south), cell, across, up, starts, members, np.flatnonzero(over))


@loop
def _listed(steps: Places, which: Places, across: int, up: int) -> tuple[Places, Places]:
    """Count, then fill."""
    starts = np.zeros(across * up + 1, np.int64)
    for at in which:
        for y in range(steps[at, 1], steps[at, 3] + 1):
            for x in range(steps[at, 0], steps[at, 2] + 1):
                starts[y * across + x + 1] += 1
    starts = np.cumsum(starts)
    members, filled = np.empty(starts[-1], np.int64), starts[:-1].copy()
    for at in which:
        for y in range(steps[at, 1], steps[at, 3] + 1):
            for x in range(steps[at, 0], steps[at, 2] + 1):
                members[filled[y * across + x]] = at
                filled[y * across + x] += 1
    return starts, members


@loop
def _clear(box: Numbers, other: Numbers) -> bool:
    return other[0] > box[2] or other[2] < box[0] or other[1] > box[3] or other[3] < box[1]


@loop
def _cell(offset: float, side: float, cells: int) -> int:
    """The number of a cell along one axis; what lies outside belongs to the first or the last."""
    return max(0, min(cells - 1, int(offset / side)))


@loop
def touching(box: Numbers, net: Net, stamps: Places, stamp: int, found: Places) -> int:
    """Write the boxes that touch `box` to `found`; how many they are.

    `stamps` (n,) remembers under the number `stamp` which boxes were looked at, so that none is found twice.
    """
    n = 0
    for at in net.everywhere:
        if not _clear(box, net.boxes[at]):
            found[n] = at
            n += 1
    west, east = _cell(box[0] - net.west, net.cell, net.across), _cell(box[2] - net.west, net.cell, net.across)
    for y in range(_cell(box[1] - net.south, net.cell, net.up), _cell(box[3] - net.south, net.cell, net.up) + 1):
        for cell in range(y * net.across + west, y * net.across + east + 1):
            for at in net.members[net.starts[cell] : net.starts[cell + 1]]:
                if stamps[at] == stamp:
                    continue
                stamps[at] = stamp
                if not _clear(box, net.boxes[at]):
                    found[n] = at
                    n += 1
    return n
