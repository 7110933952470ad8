"""Tiles of the ground within reach of the rows of a theme: one area, however many rows reach the same place."""

from __future__ import annotations

from typing import Any

from geodata import conditions
from geodata.door import Reader
from geodata.on_day import source
from layers import Theme
from layers._indicator import Reached

PARTS = ("reach",)
"""The layer of tiles of themes whose rows reach."""

_MOST_STRETCH = 3
"""Metres of EPSG:3857 in one on the ground, at 70 degrees north."""

_TILE = """WITH box AS (SELECT ST_TileEnvelope(:z, :x, :y) AS env),
    near AS (SELECT ST_PointOnSurface(t.g3857) AS p FROM {source} t, box
        WHERE t.g3857 && ST_Expand(env, CAST(:metres AS float8) * {stretch}) AND {where} {area}),
    ground AS (SELECT ST_Union(ST_Buffer(p, :metres * cosh(ST_Y(p) / 6378137.0), 24)) AS geom FROM near)
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
    asked = _TILE.format(source=source(theme, reader.scope.day), stretch=_MOST_STRETCH, where=where, area=area)
    told = {"layer": f"{theme.name}.reach", "z": z, "x": x, "y": y, "metres": found[1].metres, "area": reader.scope.area, "day": reader.scope.day}
    return bytes(reader.value(asked, **binds, **told))
