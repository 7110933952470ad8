"""Compiled loops over sectors: which points they hold, which parts of lines, and how much of the ground of units.

A sector is one row of numbers (see `geodata.seen.sectors_of`), bounded by a wall where one stands in its way. Ground is measured along rows two metres apart: on each
row the sectors' pieces are joined exactly and cut by the border exactly, so that only the step from row to row is a
sum. Against unions of fine polygons the bias is 1e-5, and no union is ever made.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geodata.compiled import loop
from geodata.earth import E2, A

Numbers = NDArray[np.float64]

LON, LAT, FAR, NEAR, SIN_1, COS_1, SIN_2, COS_2, KIND, WALL_X, WALL_Y, WALL_C, BOTTOM, TOP = range(14)
RING, NARROW, WIDE = 0.0, 1.0, 2.0
"""All around; up to half a turn (both edges bound it); more than that (either edge does).

A wall lets a sector see where WALL_X x + WALL_Y y <= WALL_C, in metres from its point; three zeros are no wall, and only
sectors of up to half a turn have one.
"""

ROW_METRES = 2.0
"""From row to row of ground. A disc of 50 m comes out right to 3e-4, many of them to 2e-5."""


@loop
def scale(latitude: float) -> tuple[float, float]:
    """Metres in one degree of longitude and of latitude; see `geodata.earth.metres_per_degree`."""
    phi = np.radians(latitude)
    w2 = 1 - E2 * np.sin(phi) ** 2
    return np.radians(1.0) * A * np.cos(phi) / np.sqrt(w2), np.radians(1.0) * A * (1 - E2) / w2**1.5


@loop
def holds(x: float, y: float, sectors: Numbers, one: int) -> bool:
    """Whether a sector holds the point `x` metres east and `y` metres north of its own, edges included."""
    square = x * x + y * y
    if square > sectors[one, FAR] ** 2 or square < sectors[one, NEAR] ** 2:
        return False
    if sectors[one, WALL_X] * x + sectors[one, WALL_Y] * y > sectors[one, WALL_C]:
        return False
    first = sectors[one, COS_1] * x >= sectors[one, SIN_1] * y
    second = sectors[one, COS_2] * x <= sectors[one, SIN_2] * y
    if sectors[one, KIND] == NARROW:
        return first and second
    return sectors[one, KIND] == RING or first or second


@loop
def _cut(low: float, high: float, start: float, slope: float) -> tuple[float, float]:
    """The part of a piece on which start + slope * t is not negative."""
    if slope > 0:
        return max(low, -start / slope), high
    if slope < 0:
        return low, min(high, -start / slope)
    return low, (high if start >= 0 else low)


@loop
def _add(low: float, high: float, inner: float, middle: float, pieces: Numbers, n: int) -> int:
    """Append a piece without what lies nearer to `middle` than `inner` (negative: nothing does); the new count."""
    if inner > 0 and middle - inner < high and middle + inner > low:
        if middle - inner > low:
            pieces[n, 0], pieces[n, 1] = low, middle - inner
            n += 1
        low = middle + inner
    if low < high:
        pieces[n, 0], pieces[n, 1] = low, high
        n += 1
    return n


@loop
def spans(px: float, py: float, dx: float, dy: float, sectors: Numbers, one: int, pieces: Numbers, n: int) -> int:
    """Append to `pieces` where the line p + t d runs inside a sector; the new count, at most four more.

    `p` is in metres from the sector's point, `d` of length 1.
    """
    middle = -(px * dx + py * dy)
    off = px * px + py * py - middle * middle
    room = sectors[one, FAR] ** 2 - off
    if room <= 0:
        return n
    half = np.sqrt(room)
    low, high = middle - half, middle + half
    hollow = sectors[one, NEAR] ** 2 - off
    inner = np.sqrt(hollow) if sectors[one, NEAR] > 0 and hollow > 0 else -1.0
    if sectors[one, KIND] == RING:
        return _add(low, high, inner, middle, pieces, n)
    start = sectors[one, COS_1] * px - sectors[one, SIN_1] * py
    slope = sectors[one, COS_1] * dx - sectors[one, SIN_1] * dy
    a, z = _cut(low, high, start, slope)
    if sectors[one, KIND] == WIDE:
        n = _add(a, z, inner, middle, pieces, n)
        a, z = _cut(low, high, -start, -slope)  # only what the first edge leaves: nothing is seen twice by one sector
    a, z = _cut(
        a, z, sectors[one, SIN_2] * py - sectors[one, COS_2] * px, sectors[one, SIN_2] * dy - sectors[one, COS_2] * dx
    )
    if sectors[one, WALL_C] > 0:
        x, y = sectors[one, WALL_X], sectors[one, WALL_Y]
        a, z = _cut(a, z, sectors[one, WALL_C] - x * px - y * py, -x * dx - y * dy)
    return _add(a, z, inner, middle, pieces, n)


@loop
def order(rows: Numbers, n: int, by: int) -> None:
    """Put the first n rows in the order of a column (Shell's sort: they are few, and nearly in order)."""
    gap = 1
    while gap < n // 9:
        gap = 3 * gap + 1
    while gap > 0:
        for at in range(gap, n):
            to = at
            while to >= gap and rows[to - gap, by] > rows[to, by]:
                for column in range(rows.shape[1]):
                    rows[to, column], rows[to - gap, column] = rows[to - gap, column], rows[to, column]
                to -= gap
        gap //= 3


@loop
def _join(pieces: Numbers, n: int) -> int:
    """Make the first n pieces disjoint and ordered; how many are left."""
    if n < 2:
        return n
    order(pieces, n, 0)
    last = 0
    for at in range(1, n):
        if pieces[at, 0] <= pieces[last, 1]:
            pieces[last, 1] = max(pieces[last, 1], pieces[at, 1])
        else:
            last += 1
            pieces[last, 0], pieces[last, 1] = pieces[at, 0], pieces[at, 1]
    return last + 1


@loop
def _join_deep(pieces: Numbers, n: int, least: int) -> int:
    """Make the first n pieces into those stretches that so many of them share, disjoint and ordered; how many there are."""
    if least < 2:
        return _join(pieces, n)
    starts, ends = np.sort(pieces[:n, 0].copy()), np.sort(pieces[:n, 1].copy())
    begun = left = made = 0
    while left < n:
        if begun < n and starts[begun] < ends[left]:
            begun += 1
            if begun - left == least:
                pieces[made, 0] = starts[begun - 1]
        else:
            if begun - left == least:
                pieces[made, 1] = ends[left]
                made += 1
            left += 1
    return made


@loop
def _shared(pieces: Numbers, n: int, borders: Numbers, m: int) -> float:
    """Length that disjoint ordered pieces share with the ground between pairs of ordered borders."""
    total, at, pair = 0.0, 0, 0
    while at < n and pair + 1 < m:
        total += max(0.0, min(pieces[at, 1], borders[pair + 1, 0]) - max(pieces[at, 0], borders[pair, 0]))
        if pieces[at, 1] < borders[pair + 1, 0]:
            at += 1
        else:
            pair += 2
    return total


@loop
def _room(table: Numbers, need: int) -> Numbers:
    """The table, or an empty one with room enough: each row of ground begins anew."""
    return table if need <= table.shape[0] else np.empty((2 * need, table.shape[1]))


@loop
def _cross(
    edges: Numbers, active: NDArray[np.int64], n: int, lat: float, lon: float, east: float, found: Numbers
) -> None:
    """Where a row meets the border, in metres east of `lon`, in order."""
    for at in range(n):
        side = active[at]
        along = (lat - edges[side, 1]) / (edges[side, 3] - edges[side, 1])
        found[at, 0] = (edges[side, 0] + along * (edges[side, 2] - edges[side, 0]) - lon) * east
    order(found, n, 0)


@loop
def _awake(rows: Numbers, bottom: int, top: int, lat: float, begun: int, active: NDArray[np.int64], n: int):  # type: ignore[no-untyped-def]  # noqa: ANN202
    """Of rows ordered by their bottom, note those that reach over `lat`; how many have begun, how many are active."""
    while begun < len(rows) and rows[begun, bottom] <= lat:
        active[n] = begun
        n, begun = n + 1, begun + 1
    left = 0
    for at in range(n):
        if rows[active[at], top] > lat:
            active[left] = active[at]
            left += 1
    return begun, left


@loop
def _most(rows: Numbers, column: int) -> float:
    most = rows[0, column]
    for at in range(1, rows.shape[0]):
        most = max(most, rows[at, column])
    return most


@loop
def square_metres(edges: Numbers, near_by: Numbers, least: int) -> float:
    """Ground inside one border that so many sectors see.

    Parameters
    ----------
    edges : ndarray, shape (e, 4), degrees
        x1, y1, x2, y2 with y1 < y2, ordered by y1.
    near_by : ndarray, shape (k, 14)
        Sectors with their lowest and highest latitude in the last two columns, ordered by the former.
    least : int

    Returns
    -------
    float
        m².
    """
    low, high, lon = edges[0, 1], _most(edges, 3), edges[0, 0]
    # The rows are the border's own: fewer sectors never make more of the ground seen.
    step = (high - low) / np.ceil((high - low) * scale((low + high) / 2)[1] / ROW_METRES)
    first = max(0, int((near_by[0, BOTTOM] - low) / step))
    last = int((min(high, _most(near_by, TOP)) - low) / step)
    sides, eyes = np.empty(len(edges), np.int64), np.empty(len(near_by), np.int64)
    pieces, borders = np.empty((64, 2)), np.empty((len(edges), 1))
    begun_sides = n_sides = begun_eyes = n_eyes = 0
    total = 0.0
    for row in range(first, last + 1):
        lat = low + (row + 0.5) * step
        begun_sides, n_sides = _awake(edges, 1, 3, lat, begun_sides, sides, n_sides)
        begun_eyes, n_eyes = _awake(near_by, BOTTOM, TOP, lat, begun_eyes, eyes, n_eyes)
        if n_sides == 0 or n_eyes == 0:
            continue
        east, north = scale(lat)
        pieces, n = _room(pieces, 4 * n_eyes), 0
        for at in range(n_eyes):
            one = eyes[at]
            px, py = (lon - near_by[one, LON]) * east, (lat - near_by[one, LAT]) * north
            n = spans(px, py, 1.0, 0.0, near_by, one, pieces, n)
        if n:
            _cross(edges, sides, n_sides, lat, lon, east, borders)
            total += _shared(pieces, _join_deep(pieces, n, least), borders, n_sides) * north
    return total * step


@loop
def metres(x1: float, y1: float, x2: float, y2: float, near_by: Numbers, least: int) -> float:
    """Length of a segment (degrees) inside so many sectors, each measured at the segment's own latitude."""
    east, north = scale((y1 + y2) / 2)
    dx, dy = (x2 - x1) * east, (y2 - y1) * north
    length = np.hypot(dx, dy)
    if length == 0.0:
        return 0.0
    pieces, n = np.empty((4 * len(near_by) + 1, 2)), 0
    for at in range(len(near_by)):
        px, py = (x1 - near_by[at, LON]) * east, (y1 - near_by[at, LAT]) * north
        n = spans(px, py, dx / length, dy / length, near_by, at, pieces, n)
    return _shared(pieces, _join_deep(pieces, n, least), np.array([[0.0], [length]]), 2)
