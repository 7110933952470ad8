"""Shadows: what buildings leave of sights. A sector is parted into wedges, each open to its arc or bounded by one wall.

Nothing is rasterised and no union is made: between two neighbouring corners of walls the nearest wall is one straight
line, so each wedge is exact. An obstacle that holds the row's own point does not cut its sight: cameras hang on houses.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from geodata import sweep
from geodata.compiled import loop
from geodata.earth import Floats, Shapes

Places = NDArray[np.int64]

_NARROWEST = 1e-9  # radians; at a kilometre a micrometre


class Wedges(NamedTuple):
    """Parts of sights.

    Parameters
    ----------
    sectors : ndarray of float, shape (k, 12)
        In the order of columns that `geodata.sweep` names; those of one row stand together, clockwise.
    owner : ndarray of int, shape (k,)
        The row that each is a part of.
    cut : ndarray of bool, shape (n,)
        Rows that an obstacle stands before.
    """

    sectors: Floats
    owner: Places
    cut: NDArray[np.bool_]


def cut(sectors: Floats, azimuth: Floats, angle: Floats, boxes: Floats, obstacles: Shapes) -> Wedges:
    """Part the sectors before which obstacles stand.

    Parameters
    ----------
    sectors : ndarray of float, shape (n, 12)
        Of `geodata.seen.sectors_of`.
    azimuth, angle : ndarray of float, shape (n,)
        What they were made of, degrees.
    boxes : ndarray of float, shape (n, 4)
        Of the sectors, degrees.
    obstacles : ndarray of shapely Polygon or MultiPolygon, shape (m,)
        Degrees.

    Returns
    -------
    Wedges
    """
    row, near = _pairs(sectors, boxes, obstacles)
    touched, first = np.unique(row, return_index=True)
    if not len(touched):
        return Wedges(sectors, np.arange(len(sectors)), np.zeros(len(sectors), dtype=bool))
    walls, starts = _walls(obstacles)
    parts, owner = _parted(sectors, azimuth, angle, touched, np.append(first, len(row)), near, walls, starts)
    hit = np.zeros(len(sectors), dtype=bool)
    hit[touched] = True
    whole = np.flatnonzero(~hit)
    together, owners = np.concatenate([sectors[whole], parts]), np.concatenate([whole, owner])
    order = np.argsort(owners, kind="stable")
    return Wedges(together[order], owners[order], hit)


def _pairs(sectors: Floats, boxes: Floats, obstacles: Shapes) -> tuple[Places, Places]:
    """Rows and the obstacles in their boxes, by row; without obstacles that hold the row's own point."""
    if not len(obstacles) or not len(sectors):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    tree = STRtree(obstacles)
    row, near = tree.query(shapely.box(*boxes.T), predicate="intersects")
    points = shapely.points(sectors[:, sweep.LON], sectors[:, sweep.LAT])
    own = shapely.intersects(obstacles[near], points[row])
    row, near = row[~own], near[~own]
    order = np.lexsort((near, row))
    return row[order], near[order]


def _walls(obstacles: Shapes) -> tuple[Floats, Places]:
    """Edges of obstacles, what is built on their left, and where those of each obstacle begin."""
    turned = shapely.orient_polygons(obstacles, exterior_cw=False)
    parts, of = shapely.get_parts(turned, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    together = ring[1:] == ring[:-1]
    edges = np.hstack([points[:-1], points[1:]])[together]
    return edges, np.searchsorted(of[part[ring[1:][together]]], np.arange(len(obstacles) + 1))


def _parted(
    sectors: Floats, azimuth: Floats, angle: Floats, touched: Places, ends: Places, near: Places, walls: Floats, starts: Places
) -> tuple[Floats, Places]:
    made, owner = [np.zeros((0, sectors.shape[1]))], [np.zeros(0, np.int64)]
    for at, row in enumerate(touched.tolist()):
        mine = _facing(sectors[row], near[ends[at] : ends[at + 1]], walls, starts)
        parts = _wedges(sectors[row], np.radians(azimuth[row]), np.radians(angle[row]), mine)
        made.append(parts)
        owner.append(np.full(len(parts), row))
    return np.concatenate(made), np.concatenate(owner)


@loop
def _facing(sector: Any, near: Places, walls: Floats, starts: Places) -> Floats:
    """Edges that turn their outer side to the sector's point and come within its reach, in metres from it."""
    n = 0
    for one in near:
        n += starts[one + 1] - starts[one]
    found, n = np.empty((n, 4)), 0
    for one in near:
        for at in range(starts[one], starts[one + 1]):
            for end in range(2):
                lon, lat = walls[at, 2 * end], walls[at, 2 * end + 1]
                east, north = sweep.scale((lat + sector[1]) / 2)
                found[n, 2 * end], found[n, 2 * end + 1] = (lon - sector[0]) * east, (lat - sector[1]) * north
            x, y, dx, dy = found[n, 0], found[n, 1], found[n, 2] - found[n, 0], found[n, 3] - found[n, 1]
            long = dx * dx + dy * dy
            if long == 0.0 or dx * y - dy * x <= 0.0:  # the house stands left of its edge, the point must be right of it
                continue
            along = min(1.0, max(0.0, -(x * dx + y * dy) / long))
            if (x + along * dx) ** 2 + (y + along * dy) ** 2 < sector[2] ** 2:
                n += 1
    return found[:n]


@loop
def _after(bearing: float, first: float) -> float:
    """How far clockwise a bearing lies after another, in one turn."""
    return (bearing - first) % (2 * np.pi)


@loop
def _turns(sector: Any, first: float, width: float, walls: Floats) -> Floats:
    """Where what is nearest may change, in radians clockwise from the sector's first edge: ends, crossings, the rim."""
    n = len(walls)
    found, m = np.empty(2 + 4 * n + n * n), 2
    found[0], found[1] = 0.0, width
    for one in range(n):
        x, y, dx, dy = walls[one, 0], walls[one, 1], walls[one, 2] - walls[one, 0], walls[one, 3] - walls[one, 1]
        for end in range(2):
            found[m] = _after(np.arctan2(walls[one, 2 * end], walls[one, 2 * end + 1]), first)
            m += 1
        a, b, c = dx * dx + dy * dy, x * dx + y * dy, x * x + y * y - sector[2] ** 2
        if b * b - a * c > 0:
            for sign in (-1.0, 1.0):
                t = (-b + sign * np.sqrt(b * b - a * c)) / a
                if 0 < t < 1:
                    found[m] = _after(np.arctan2(x + t * dx, y + t * dy), first)
                    m += 1
        for other in range(one):
            ex, ey = walls[other, 2] - walls[other, 0], walls[other, 3] - walls[other, 1]
            cross = dx * ey - dy * ex
            if cross != 0.0:
                ox, oy = walls[other, 0] - x, walls[other, 1] - y
                t, u = (ox * ey - oy * ex) / cross, (ox * dy - oy * dx) / cross
                if 0 < t < 1 and 0 < u < 1:
                    found[m] = _after(np.arctan2(x + t * dx, y + t * dy), first)
                    m += 1
    return np.sort(found[:m][found[:m] <= width])


@loop
def _nearest(bearing: float, far: float, walls: Floats) -> int:
    """The wall that a ray from the point meets first within `far`; -1 for none."""
    x, y, best, which = np.sin(bearing), np.cos(bearing), far, -1
    for at in range(len(walls)):
        dx, dy = walls[at, 2] - walls[at, 0], walls[at, 3] - walls[at, 1]
        cross = x * dy - y * dx
        if cross == 0.0:
            continue
        t, u = (walls[at, 0] * dy - walls[at, 1] * dx) / cross, (walls[at, 0] * y - walls[at, 1] * x) / cross
        if 0 < t < best and -1e-12 <= u <= 1 + 1e-12:
            best, which = t, at
    return which


@loop
def _wedges(sector: Any, azimuth: float, width: float, walls: Floats) -> Floats:
    """The parts of one sector, clockwise; parts before the same wall, or before none, are one."""
    first = azimuth - width / 2
    turns = _turns(sector, first, width, walls)
    found, n, last, begun = np.empty((len(turns), 12)), 0, -2, 0.0
    for at in range(len(turns)):
        end = at == len(turns) - 1
        if not end and turns[at + 1] - turns[at] < _NARROWEST:
            continue
        which = -2 if end else _nearest(first + (turns[at] + turns[at + 1]) / 2, sector[2], walls)
        if which == last:
            continue
        if last > -2:
            n = _wedge(sector, first, begun, turns[at], last, walls, found, n)
        last, begun = which, turns[at]
    return found[:n]


@loop
def _wedge(sector: Any, first: float, begun: float, ended: float, which: int, walls: Floats, found: Floats, n: int) -> int:
    """Write one part, unless its wall stands within the near limit everywhere; how many there are."""
    found[n] = sector
    start, end = first + begun, first + ended
    if ended >= 2 * np.pi - _NARROWEST:  # the end of a ring is its beginning to the bit: nothing is lost in the seam
        end = first
    found[n, 4], found[n, 5], found[n, 6], found[n, 7] = np.sin(start), np.cos(start), np.sin(end), np.cos(end)
    found[n, 8] = sweep.NARROW if ended - begun <= np.pi else sweep.WIDE
    if ended - begun >= 2 * np.pi - _NARROWEST:
        found[n, 8] = sweep.RING
    if which < 0:
        return n + 1
    x, y, dx, dy = walls[which, 0], walls[which, 1], walls[which, 2] - walls[which, 0], walls[which, 3] - walls[which, 1]
    long = np.sqrt(dx * dx + dy * dy)
    found[n, 9], found[n, 10] = -dy / long, dx / long  # away from the point, into the house
    found[n, 11] = found[n, 9] * x + found[n, 10] * y
    furthest = 0.0
    for bearing in (start, end):
        toward = found[n, 9] * np.sin(bearing) + found[n, 10] * np.cos(bearing)
        furthest = max(furthest, found[n, 11] / max(toward, 1e-12))
    found[n, 2] = min(sector[2], furthest)
    return n + 1 if found[n, 2] > found[n, 3] else n
