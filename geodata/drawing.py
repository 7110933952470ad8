"""What a tile says, as SQL: one statement for each layer and zoom, made from the declaration and what the reader may see.

A statement asks for one tile (:x, :y), or for many at once (`of_many`): the same text, so that a tile that was made ready
is the tile that would be made on request.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import lru_cache
from math import floor
from typing import Any

from geodata import conditions
from geodata.cells import COARSEST, FINEST, SIDE, cell_of, state_names
from geodata.door import Scope
from geodata.drawn import EARTH_METRES, TILE_PIXELS
from layers import Theme, theme
from layers._ladder import LEVEL_NAMES
from layers._pick import Pick, parted, where
from layers._sight import SIGHTS_FROM_ZOOM
from layers._theme import Geometry

SIGHT_GRAIN = 1024
"""Steps of a tile's side for sights: half a pixel, which an arc of light does not need finer; a third of the bytes."""

GRAINS = ((11, 1024), (13, 2048), (99, 4096))
"""Steps of a tile's side for areas and lines, up to a zoom: at most half a pixel, and as neighbours round alike, no slit."""

MARGIN = 64
"""Units of 1/4096 tile drawn beyond its edge, so that borders and hover outlines have no seam."""

NAMED_PIXELS = 20
"""Width of the smallest unit whose name is in a tile: at the end of its zoom twice as many, on which two characters stand.
Names of smaller ones find no room, and would be laid out only to be thrown away."""

CLASS_ZOOMS = 2
"""Zooms from one class of lines to the next narrower one."""

LINES_ARE_ROWS_FROM = 12
"""Zoom from which a line can be pressed; before it lines of one look are drawn as one, without name and key: a tenth of the bytes."""

_WHOLE = Scope()

_BOX = f"""WITH box AS (
        SELECT ST_TileEnvelope(:z, :x, :y) AS env, ST_TileEnvelope(:z, :x, :y, margin => {MARGIN / 4096}) AS wide
    )"""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A question whose answer is a tile.

    Parameters
    ----------
    sql : str
        One row, one column: a Mapbox Vector Tile, empty where nothing is. Asks for :x and :y.
    values : dict
        Everything else that it asks for.
    """

    sql: str
    values: dict[str, Any]

    @property
    def how(self) -> int:
        """Number of the way that the tile is made: another one after a declaration or this module has changed."""
        return zlib.crc32(repr((self.sql, sorted(self.values.items()))).encode())


@lru_cache(maxsize=4096)
def drawing(layer: str, z: int, scope: Scope = _WHOLE) -> Drawing | None:
    """How the tiles of a layer are made at a zoom.

    Parameters
    ----------
    layer : str
        One of `geodata.tiles.layers()`.
    z : int
    scope : Scope
        Whose eyes.

    Returns
    -------
    Drawing or None
        None where the layer has nothing at this zoom.
    """
    parts = _parts(layer, z, scope)
    if not parts:
        return None
    values = {name: value for each in parts for name, value in each.values.items()}
    made = " || ".join(f"coalesce(({each.sql}), '')" for each in parts)
    return Drawing(f"{_BOX} SELECT {made} AS body", values | _bound(scope) | {"z": z})


def of_many(one: Drawing) -> Drawing:
    """The same question for many tiles at once: x, y and body of each of the tiles :xs, :ys."""
    each = re.sub(r"(?<!:):([xy])\b", r"at.\1", one.sql)
    sql = f"""SELECT at.x, at.y, made.body
        FROM unnest(CAST(:xs AS int[]), CAST(:ys AS int[])) AS at (x, y), LATERAL ({each}) AS made"""  # noqa: S608
    return Drawing(sql, one.values)


def _parts(layer: str, z: int, scope: Scope) -> list[Drawing]:
    if layer in LEVEL_NAMES:
        return _level(layer, z, scope)
    own, picks = parted(layer)
    name, _, part = own.partition(".")
    if scope.discreet and (part or picks):
        return []
    if part == "sights":
        return [_sights(theme(name), z, scope, picks)] if z >= SIGHTS_FROM_ZOOM else []
    return [] if part else _theme(theme(name), z, scope, picks)


def _level(level: str, z: int, scope: Scope) -> list[Drawing]:
    """Units, and names of those that have room for one; large units come first, so that theirs win where there is none for all."""
    grain, inside = grain_of(z), _inside(scope, "unit")
    area = f"""SELECT ST_AsMVT(area, 'area', {grain}, 'shape', 'id') FROM (
        SELECT unit.id, unit.code, unit.name, up.id AS parent,
               ST_AsMVTGeom(drawn.g3857, box.env, {grain}, {MARGIN * grain // 4096}, true) AS shape
        FROM box, onemap.drawn JOIN onemap.ladder unit USING (id) LEFT JOIN onemap.ladder up ON up.code = unit.parent
        WHERE drawn.level = '{level}' AND {z} BETWEEN drawn.zmin AND drawn.zmax AND drawn.g3857 && box.wide {inside}
          AND {z} >= (SELECT min(zmin) FROM onemap.drawn WHERE level = '{level}')
    OFFSET 0) AS area WHERE shape IS NOT NULL"""  # noqa: S608 - only constants of this module
    label = f"""SELECT ST_AsMVT(label, 'label', 4096, 'shape', 'id') FROM (
        SELECT unit.id, unit.name, up.id AS parent, ST_AsMVTGeom(unit.label, box.env, 4096, 0, true) AS shape
        FROM box, onemap.ladder unit LEFT JOIN onemap.ladder up ON up.code = unit.parent
        WHERE unit.level = '{level}' AND unit.label && box.env
          AND {z} >= (SELECT min(zmin) FROM onemap.drawn WHERE level = '{level}')
          AND (unit.east - unit.west) * {TILE_PIXELS * 2**z / 360} >= {NAMED_PIXELS} {inside}
        ORDER BY unit.area_m2 DESC
    OFFSET 0) AS label WHERE shape IS NOT NULL"""  # noqa: S608 - only constants of this module
    # Level and zoom stand in the text: the plan for a level of ten units is not that for one of a million.
    return [Drawing(area, {}), Drawing(label, {})]


def grain_of(z: int) -> int:
    """Steps of a tile's side for areas and lines at a zoom."""
    return next(steps for last, steps in GRAINS if z <= last)


def _inside(scope: Scope, owner: str) -> str:
    """Only what lies in the reader's area; an area that does not exist shows nothing."""
    if scope.area is None:
        return ""
    return f"AND starts_with({owner}.path, (SELECT path FROM onemap.ladder WHERE code = :area))"  # noqa: S608


def _bound(scope: Scope) -> dict[str, Any]:
    return {name: value for name, value in (("area", scope.area), ("day", scope.day)) if value is not None}


def _stored(theme: Theme, scope: Scope, picks: tuple[Pick, ...] = ()) -> str:
    """The table of a theme's rows, or the rows as they stood on the day asked for."""
    if scope.day is None:
        return f'onemap."{theme.name}"'
    names = ", ".join(dict.fromkeys(["id", "key", f'"{theme.label}"', "path", "g3857", *_style_columns(theme), *(f'"{name}"' for name, _ in picks)]))
    # Names come from the declaration, which only takes identifiers.
    return f"""(SELECT {names} FROM onemap."{theme.name}" WHERE since <= :day UNION ALL
        SELECT {names} FROM onemap."{theme.name}_past" WHERE since <= :day AND :day < until)"""  # noqa: S608


def _theme(theme: Theme, z: int, scope: Scope, picks: tuple[Pick, ...]) -> list[Drawing]:
    """Rows from their zoom on; points are counted in cells before it. At a broken zoom a tile holds both.

    Cells of picked rows are counted elsewhere (`geodata.shading`): the pyramid only knows all of them.
    """
    first = theme.style.rows_from_zoom
    if scope.discreet and z >= first:
        return []
    cells = [_cells(theme, z, z - 1, scope)] if theme.geometry is Geometry.POINT and z < first and not picks else []
    return cells + ([_rows(theme, z, scope, picks)] if z >= floor(first) and not scope.discreet else [])


def _picked(theme: Theme, picks: tuple[Pick, ...], values: dict[str, Any]) -> str:
    return f"AND {conditions.sql(theme, where(theme, picks), values)}" if picks else ""


def _rows(theme: Theme, z: int, scope: Scope, picks: tuple[Pick, ...]) -> Drawing:
    if theme.geometry is Geometry.LINE and z < LINES_ARE_ROWS_FROM:
        return _network(theme, z, scope, picks)
    wanted, values = _classes(theme, z)
    wanted += _picked(theme, picks, values)
    grain = 4096 if theme.geometry is Geometry.POINT else grain_of(z)
    sql = f"""SELECT ST_AsMVT(tile, '{theme.name}.rows', {grain}, 'shape', 'id') FROM (
        SELECT id, key, "{theme.label}" AS name {_styled(theme)},
               ST_AsMVTGeom({_shape(theme, z)}, box.env, {grain}, {MARGIN * grain // 4096}, true) AS shape
        FROM box, {_stored(theme, scope, picks)} AS "row"
        WHERE g3857 && box.wide {wanted} {_inside(scope, '"row"')}
    OFFSET 0) AS tile WHERE shape IS NOT NULL"""  # noqa: S608 - names come from the declaration, which only takes identifiers
    return Drawing(sql, values)


def _network(theme: Theme, z: int, scope: Scope, picks: tuple[Pick, ...]) -> Drawing:
    """Lines that look alike as one: joined where they meet, then simplified to a pixel."""
    wanted, values = _classes(theme, z)
    wanted += _picked(theme, picks, values)
    grain, joined = grain_of(z), "ST_LineMerge(ST_CollectionExtract(ST_Collect(g3857), 2))"
    looks = "".join(f", {name}" for name in _style_columns(theme))
    sql = f"""SELECT ST_AsMVT(tile, '{theme.name}.rows', {grain}, 'shape') FROM (
        SELECT ST_AsMVTGeom(ST_Simplify({joined}, {2 * _half_a_pixel(z)}, true), box.env, {grain}, {MARGIN * grain // 4096}, true) AS shape {looks}
        FROM box, {_stored(theme, scope, picks)} AS "row"
        WHERE g3857 && box.wide {wanted} {_inside(scope, '"row"')} GROUP BY box.env {looks}
    OFFSET 0) AS tile WHERE shape IS NOT NULL"""  # noqa: S608 - names come from the declaration, which only takes identifiers
    return Drawing(sql, values)


def _style_columns(theme: Theme) -> list[str]:
    """Only the fields that the style looks at: each more makes a tile of points a quarter heavier."""
    return [f'"{name}"' for name in dict.fromkeys((theme.style.by, theme.style.sizes_by)) if name]


def _styled(theme: Theme) -> str:
    return "".join(f', "row".{name}' for name in _style_columns(theme))


def _shape(theme: Theme, z: int) -> str:
    if theme.geometry is Geometry.POINT or z >= 15:
        return "g3857"
    return f"ST_Simplify(g3857, {_half_a_pixel(z)}, true)"


def _half_a_pixel(z: int) -> float:
    """Metres of EPSG:3857."""
    return EARTH_METRES / TILE_PIXELS / 2**z / 2


def _classes(theme: Theme, z: int) -> tuple[str, dict[str, Any]]:
    """Only the widest lines at the first zooms, one class more with every second zoom."""
    if not theme.style.sizes_by:
        return "", {}
    choices = [choice.value for choice in theme.field(theme.style.sizes_by).choices]
    shown = choices[: 1 + (z - floor(theme.style.rows_from_zoom)) // CLASS_ZOOMS]
    if len(shown) == len(choices):
        return "", {}
    return f'AND "row"."{theme.style.sizes_by}" = ANY(:shown)', {"shown": shown}


def _cells(theme: Theme, z: int, level: int, scope: Scope) -> Drawing:
    """Cells of one zoom of the pyramid that lie in a tile, found by their numbers; the fullest is drawn last, over the others."""
    level = max(level, COARSEST)
    states = {f"state{n}": value for n, value in enumerate(state_names(theme))}
    if _bound(scope):
        return Drawing(_counted(theme, level, scope, states), states)
    counts = "".join(f", (states ->> :{name})::int AS \"s_{value}\"" for name, value in states.items())
    sql = f"""SELECT ST_AsMVT(tile, '{theme.name}.cells', 4096, 'shape') FROM (
        SELECT n {counts},
               ST_AsMVTGeom(ST_SetSRID(ST_MakePoint({_middle("cells.x", "cells.y", "cx", "cy", level, scope)}), 3857), box.env, 4096, {MARGIN}, false) AS shape
        FROM box, onemap.cells WHERE theme = :theme AND cells.z = :zoom
          AND cy >= :y * :side AND cy < (:y + 1) * :side AND cx >= :x * :side AND cx < (:x + 1) * :side
        ORDER BY n, cy, cx
    OFFSET 0) AS tile WHERE shape IS NOT NULL"""  # noqa: S608 - values of a declared enumeration
    return Drawing(sql, states | {"theme": theme.name, "zoom": level, "side": SIDE * 2**level // 2**z})


def _counted(theme: Theme, level: int, scope: Scope, states: dict[str, str]) -> str:
    """The same cells, counted now from the rows that this reader may see: the pyramid only knows all of today's."""
    counts = "".join(
        f', nullif(count(*) FILTER (WHERE "{theme.style.by}" = :{name}), 0) AS "s_{value}"' for name, value in states.items()
    )
    step = 2 ** (FINEST - level)
    row, column = f"{cell_of('y')} / {step}", f"{cell_of('x')} / {step}"
    middle = _middle("avg(ST_X(g3857))", "avg(ST_Y(g3857))", f"min({column})", f"min({row})", level, scope)
    return f"""SELECT ST_AsMVT(tile, '{theme.name}.cells', 4096, 'shape') FROM (
        SELECT count(*) AS n {counts}, ST_AsMVTGeom(
            ST_SetSRID(ST_MakePoint({middle}), 3857), box.env, 4096, {MARGIN}, false) AS shape
        FROM box, {_stored(theme, scope)} AS "row" WHERE g3857 && box.env {_inside(scope, '"row"')}
        GROUP BY box.env, {row}, {column}
        ORDER BY n
    OFFSET 0) AS tile WHERE shape IS NOT NULL"""  # noqa: S608 - names and values come from the declaration


def _middle(x: str, y: str, column: str, row: str, level: int, scope: Scope) -> str:
    """Where a cell's number stands: amid its rows; for guests amid the cell, as a single row's place would be told."""
    if not scope.discreet:
        return f"{x}, {y}"
    side = EARTH_METRES / 2**level / SIDE
    return f"({column} + 0.5) * {side} - {EARTH_METRES / 2}, {EARTH_METRES / 2} - ({row} + 0.5) * {side}"


def _sights(theme: Theme, z: int, scope: Scope, picks: tuple[Pick, ...]) -> Drawing:
    values: dict[str, Any] = {"seeing": theme.name}
    sql = f"""SELECT ST_AsMVT(tile, '{theme.name}.sights', {SIGHT_GRAIN}, 'shape', 'id') FROM (
        SELECT "row".id {_styled(theme)}, sights.effective,
               ST_AsMVTGeom(ST_Simplify(sights.g3857, {_half_a_pixel(z)}), box.env, {SIGHT_GRAIN}, {MARGIN * SIGHT_GRAIN // 4096}, true) AS shape
        FROM box, onemap.sights JOIN onemap."{theme.name}" AS "row" ON "row".id = sights."row"
        WHERE sights.theme = :seeing AND sights.g3857 && box.wide {_inside(scope, '"row"')} {_picked(theme, picks, values)}
    OFFSET 0) AS tile WHERE shape IS NOT NULL"""  # noqa: S608 - names come from the declaration, which only takes identifiers
    return Drawing(sql, values)
