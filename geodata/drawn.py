"""The ladder as it is drawn: each level simplified for each band of zooms, neighbours keeping their shared borders."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from math import ceil, log2
from zlib import crc32

import numpy as np
import pyarrow as pa
import shapely
from sqlalchemy import Connection, text

from geodata.copying import BLOCK_ROWS, copy_in
from geodata.shared_tables import DRAWN

EARTH_METRES = 40_075_016.68557849
"""Width of the world in EPSG:3857."""

TILE_PIXELS = 512
"""Width of a vector tile on screen (MapLibre)."""

BANDS: tuple[tuple[int, int], ...] = ((0, 5), *((z, z) for z in range(6, 13)), (13, 24))
"""Zooms that share one simplification, made for the last of them: each zoom needs half the vertices of the next. The last band
is the geometry as it is."""

SMALLEST_PIXELS = 10.0
"""A level is not drawn where its median unit is narrower than this: nobody could read it, and a tile of it is heavy."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was made of one level.

    Parameters
    ----------
    level : str
    units : int
    zmin : int
        First zoom at which the level is drawn.
    shared : bool
        Whether the level is a valid coverage (no gaps that almost close, no overlaps), so that borders stay shared;
        otherwise matching parts of borders do, the rest is simplified unit by unit. A finding for the load.
    """

    level: str
    units: int
    zmin: int
    shared: bool


def rebuild(connection: Connection, levels: Collection[str] | None = None) -> tuple[Drawn, ...]:
    """Make `drawn` anew from `ladder`, inside the caller's transaction.

    Parameters
    ----------
    connection : Connection
        In the transaction that rebuilt the ladder, so that readers see both or neither.
    levels : collection of str, optional
        Levels whose units came, moved or went; None for all.

    Returns
    -------
    tuple of Drawn
        One for each level that was made.
    """
    asked = {"levels": None if levels is None else sorted(levels)}
    which = "(CAST(:levels AS text[]) IS NULL OR level = ANY(:levels))"
    connection.execute(text(f"DELETE FROM onemap.drawn WHERE {which}"), asked)  # noqa: S608 - a constant
    standing = text(f"SELECT DISTINCT level FROM onemap.ladder WHERE {which} ORDER BY level")  # noqa: S608 - a constant
    return tuple(_level(connection, level) for level in connection.execute(standing, asked).scalars())


def _level(connection: Connection, level: str) -> Drawn:
    ids, shapes = _units(connection, level)
    if not len(ids):
        return Drawn(level, 0, 0, True)
    zmin = first_zoom(shapes)
    _as_they_are(connection, level, max(BANDS[-1][0], zmin))
    for band, drawn in _simpler(shapes, zmin):
        _copy(connection, level, band, ids, drawn)
    return Drawn(level, len(ids), zmin, bool(shapely.coverage_is_valid(shapes)))


def _simpler(shapes: np.ndarray, zmin: int) -> Iterator[tuple[tuple[int, int], np.ndarray]]:
    """The bands before the last, from the finest on: each is made of the one before, which has half the vertices."""
    for first, last in reversed(BANDS[:-1]):
        if last >= zmin:
            shapes = simplified(shapes, last)
            yield (max(first, zmin), last), shapes


def prints(connection: Connection, level: str) -> Iterator[tuple[int, int, int, int]]:
    """What `rebuild` would make of a level: first and last zoom, unit, and the print of its border.

    Parameters
    ----------
    connection : Connection
    level : str

    Yields
    ------
    tuple of int
    """
    ids, shapes = _units(connection, level)
    if not len(ids):
        return
    zmin = first_zoom(shapes)
    for (first, last), made in [((max(BANDS[-1][0], zmin), BANDS[-1][1]), shapes), *_simpler(shapes, zmin)]:
        wkb = shapely.to_wkb(made, byte_order=1)
        yield from ((first, last, int(unit), print_of(each)) for unit, each in zip(ids, wkb, strict=True))


def print_of(wkb: bytes) -> int:
    """A number that differs when a border does; of well-known binary, little-endian."""
    return crc32(wkb)


def _as_they_are(connection: Connection, level: str, zmin: int) -> None:
    """The last band never leaves the store; neighbours lie beside one another in it (the order of a Hilbert curve)."""
    question = """INSERT INTO onemap.drawn (level, zmin, zmax, id, g3857) SELECT level, :zmin, :zmax, id, g3857
        FROM onemap.ladder WHERE level = :level AND g3857 IS NOT NULL ORDER BY g3857"""
    connection.execute(text(question), {"level": level, "zmin": zmin, "zmax": BANDS[-1][1]})


def _units(connection: Connection, level: str) -> tuple[np.ndarray, np.ndarray]:
    rows = connection.execute(
        text(
            "SELECT id, ST_AsBinary(g3857) FROM onemap.ladder WHERE level = :level AND g3857 IS NOT NULL ORDER BY g3857"
        ),
        {"level": level},
    ).all()
    return np.array([row[0] for row in rows]), shapely.from_wkb([bytes(row[1]) for row in rows])


def first_zoom(shapes: np.ndarray) -> int:
    """The first zoom at which the median of the shapes is `SMALLEST_PIXELS` wide.

    Parameters
    ----------
    shapes : array of Polygon or MultiPolygon, EPSG:3857

    Returns
    -------
    int
        0 to 12; small units are drawn from 12 on in any case.
    """
    width = max(float(np.median(np.sqrt(shapely.area(shapes)))), 1.0)
    wanted = ceil(log2(SMALLEST_PIXELS * EARTH_METRES / TILE_PIXELS / width))
    return min(max(wanted, 0), 12)


def simplified(shapes: np.ndarray, zoom: int) -> np.ndarray:
    """The shapes as they need to be at a zoom.

    Parameters
    ----------
    shapes : array of Polygon or MultiPolygon, n, EPSG:3857
        A whole level: borders stay shared only between shapes simplified in one call.
    zoom : int

    Returns
    -------
    array of MultiPolygon, n
        As given for the last band: simplifying for it would take out less than a third of the vertices.
    """
    if zoom >= BANDS[-1][0]:
        return multi(shapes)
    # Visvalingam's tolerance is the root of a triangle's area: one and a half pixels of it look like one of Douglas-Peucker.
    tolerance = 1.5 * EARTH_METRES / TILE_PIXELS / 2**zoom
    try:
        made = shapely.coverage_simplify(shapes, tolerance)
    except shapely.GEOSException:  # degenerate parts of real files
        made = shapely.simplify(shapes, tolerance / 2, preserve_topology=True)
    lost = shapely.is_empty(made) | shapely.is_missing(made)
    return multi(np.where(lost, shapes, made))


def multi(shapes: np.ndarray) -> np.ndarray:
    """Every shape as a MultiPolygon, in the same order."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    return shapely.multipolygons(parts, indices=owner)


def _copy(connection: Connection, level: str, band: tuple[int, int], ids: np.ndarray, shapes: np.ndarray) -> None:
    first, last = band
    drawn = shapely.set_srid(shapes, DRAWN)
    for start in range(0, len(ids), BLOCK_ROWS):
        some = slice(start, start + BLOCK_ROWS)
        n, wkb = len(ids[some]), shapely.to_wkb(drawn[some], include_srid=True)
        columns = {"level": pa.repeat(level, n), "zmin": pa.repeat(first, n), "zmax": pa.repeat(last, n), "id": ids[some], "g3857": wkb}
        copy_in(connection, "onemap.drawn", columns)
