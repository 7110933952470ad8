"""Tiles of the ground within reach of the rows of a theme: one area, however many rows reach the same place.

Few discs are joined as they are. Of many the border is followed through a field of distances to the nearest row, which takes
as long for ten thousand rows as for a thousand: a province on one tile.
"""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np
from contourpy import contour_generator

from geodata import conditions, contours, mvt
from geodata.door import Reader
from geodata.earth import Floats
from geodata.on_day import source
from geodata.squares import HALF_WORLD
from layers import Theme
from layers._indicator import Reached

PARTS = ("reach",)
"""The layer of tiles of themes whose rows reach."""

_MOST_STRETCH = 3
"""Metres of EPSG:3857 in one on the ground, at 70 degrees north."""

MANY = 150
"""Rows on a tile whose discs are joined one by one; it takes as long as the field of distances does for any number."""

_PIXELS, _EDGE = 512, 8
"""Pixels of a tile's side, and how many more the field has all around, so that borders of neighbours meet."""

_SIDE = _PIXELS + 2 * _EDGE + 1

_AT_ONCE = 2_000_000
"""Distances that are held together."""

_SPECK = 0.75
"""Pixels of the least radius that is drawn: between four points of the field nothing falls through."""

_RADIUS = 6_378_137.0
"""Metres, of the sphere of EPSG:3857."""

_NEAR = """SELECT ST_X(p) AS x, ST_Y(p) AS y FROM (SELECT ST_PointOnSurface(t.g3857) AS p FROM {source} t, (SELECT ST_TileEnvelope(:z, :x, :y) AS env) box
        WHERE t.g3857 && ST_Expand(env, CAST(:metres AS float8) * {stretch}) AND {where} {area}) near"""

_JOINED = """WITH box AS (SELECT ST_TileEnvelope(:z, :x, :y) AS env), near AS ({near}),
    ground AS (SELECT ST_Union(ST_Buffer(ST_SetSRID(ST_MakePoint(x, y), 3857), :metres * cosh(y / 6378137.0), 24)) AS geom FROM near)
    SELECT coalesce((SELECT ST_AsMVT(a, :layer, 4096, 'shape') FROM (
        SELECT ST_AsMVTGeom(geom, env, 4096, 64) AS shape FROM ground, box WHERE geom && env) a), ''::bytea)"""

_INSIDE = "AND starts_with(t.path, (SELECT path FROM onemap.ladder WHERE code = :area))"


def reaching(theme: Theme) -> tuple[str, Reached] | None:
    """The first indicator of a theme that asks who lives within reach of its rows, and its measure; None where none does."""
    found = ((each.name, each.measure) for each in theme.indicators)
    return next(((name, measure) for name, measure in found if isinstance(measure, Reached)), None)


def tile(reader: Reader, theme: Theme, place: tuple[int, int, int]) -> bytes:
    """A tile of the ground within reach; nothing for guests, to whom the middle of a disc would tell where a row stands.

    Parameters
    ----------
    reader : Reader
        Whose area and day count.
    theme : Theme
    place : tuple of int
        Zoom, x, y.
    """
    found = reaching(theme)
    if found is None or reader.scope.discreet:
        return b""
    z, x, y = place
    binds: dict[str, Any] = {}
    where = conditions.sql(theme, found[1].where, binds)
    area = _INSIDE if reader.scope.area is not None else ""
    near = _NEAR.format(source=source(theme, reader.scope.day), stretch=_MOST_STRETCH, where=where, area=area)
    told = {"z": z, "x": x, "y": y, "metres": found[1].metres, "area": reader.scope.area, "day": reader.scope.day} | binds
    if reader.value(f"SELECT count(*) FROM ({near} LIMIT {MANY + 1}) found", **told) <= MANY:  # noqa: S608 - a question of declared names
        return bytes(reader.value(_JOINED.format(near=near), **told, layer=f"{theme.name}.reach"))
    found_at = reader.first(f"SELECT array_agg(x) AS x, array_agg(y) AS y FROM ({near}) found", **told) or {}  # noqa: S608 - as above
    rows = np.column_stack([found_at["x"], found_at["y"]])
    return mvt.layer(f"{theme.name}.reach", [mvt.Feature(mvt.POLYGON, _followed(rows, place, found[1].metres), {})])


def _followed(rows: Floats, place: tuple[int, int, int], metres: float) -> list[mvt.Ring]:
    """The border of the ground within so many metres of rows (EPSG:3857, shape (n, 2)), in steps of a tile."""
    z, x, y = place
    pixel = 2 * HALF_WORLD / 2**z / _PIXELS
    reach = np.maximum(metres * np.cosh(rows[:, 1] / _RADIUS) / pixel, _SPECK)
    west, north = x * _PIXELS * pixel - HALF_WORLD, HALF_WORLD - y * _PIXELS * pixel
    at = np.column_stack([rows[:, 0] - west, north - rows[:, 1]]) / pixel + _EDGE
    axis = np.arange(_SIDE) - _EDGE
    filled = contour_generator(x=axis, y=axis, z=_field(at, reach), fill_type=contours.FILL).filled(-1.0, 1.0)
    return contours.rings(filled, mvt.EXTENT // _PIXELS)


def _field(at: Floats, reach: Floats) -> Floats:
    """How far each pixel is from the row that it is nearest to, by how far that row reaches; 2 where that is far away.

    Parameters
    ----------
    at : ndarray of float, shape (n, 2)
        Places of the rows in pixels from the corner of the field.
    reach : ndarray of float, shape (n,)
        Pixels.
    """
    field = np.full(_SIDE * _SIDE, 2.0)
    wide = ceil(float(reach.max())) + 1
    around = np.arange(-wide, wide + 2)
    for start in range(0, len(at), many := max(1, _AT_ONCE // len(around) ** 2)):
        some, own = at[start : start + many], reach[start : start + many]
        nodes = np.floor(some)[:, None, :] + around[None, :, None]  # columns and rows around each place
        apart = nodes - some[:, None, :]
        far = np.hypot(apart[:, None, :, 0], apart[:, :, None, 1]) / own[:, None, None]
        inside = (nodes >= 0) & (nodes < _SIDE)
        there = inside[:, None, :, 0] & inside[:, :, None, 1] & (far < 2)
        node = (nodes[:, :, None, 1] * _SIDE + nodes[:, None, :, 0]).astype(np.int64)
        np.minimum.at(field, node[there], far[there])
    return field.reshape(_SIDE, _SIDE)
