"""Vector tiles straight out of the store: one way for every level of the ladder and every declared theme."""

from __future__ import annotations

from math import floor
from typing import Any

from geodata.cells import COARSEST, FINEST, SIDE, cell_of, state_names
from geodata.door import Reader, Scope
from geodata.drawn import EARTH_METRES, TILE_PIXELS
from layers import OneMapError, Theme, theme, themes
from layers._ladder import LEVEL_NAMES
from layers._sight import SIGHTS_FROM_ZOOM
from layers._theme import Geometry

LAST_ZOOM = 22
SIGHT_GRAIN = 1024
"""Steps of a tile's side for sights: half a pixel, which an arc of light does not need finer; a third of the bytes."""

GRAINS = ((11, 1024), (13, 2048), (99, 4096))
"""Steps of a tile's side for areas and lines, up to a zoom: at most half a pixel, and as neighbours round alike, no slit."""

MARGIN = 64
"""Units of 1/4096 tile drawn beyond its edge, so that borders and hover outlines have no seam."""

CLASS_ZOOMS = 2
"""Zooms from one class of lines to the next narrower one."""

_BOX = f"""
    WITH box AS (
        SELECT ST_TileEnvelope(:z, :x, :y) AS env, ST_TileEnvelope(:z, :x, :y, margin => {MARGIN / 4096}) AS wide
    )
"""


class TileError(OneMapError):
    """A tile that does not exist was asked for."""

    exit_code = 2


def layers() -> tuple[str, ...]:
    """Every name that may stand in a tile's address.

    Returns
    -------
    tuple of str
        Levels of the ladder, themes, "theme.sights" and "theme.heat" where a theme has them.
    """
    extra = [f"{each.name}.sights" for each in themes().values() if each.sight]
    extra += [f"{each.name}.heat" for each in themes().values() if each.style.heat]
    return (*LEVEL_NAMES, *themes(), *extra)


def tile(reader: Reader, layer: str, z: int, x: int, y: int) -> bytes:
    """One tile as the reader may see it.

    Parameters
    ----------
    reader : Reader
    layer : str
        One of `layers()`, or several with commas between: one answer for everything that a map shows of a place.
    z, x, y : int
        Tile of the web scheme: y from the north.

    Returns
    -------
    bytes
        Mapbox Vector Tile, not compressed; empty where there is nothing. Source layers: "area" and "label" of a level;
        "theme.rows" and "theme.cells" of a theme; "theme.sights"; "theme.cells" of heat.

    Raises
    ------
    TileError
        There is no such layer or no such tile; the sentence says which.
    """
    for each in layer.split(","):
        _check(each, z, x, y)
    # Tiles are lists of layers: one after the other is a tile again (Mapbox Vector Tile 2.1, section 4.1).
    return b"".join(_part(reader, each, z, x, y) for each in layer.split(","))


def _part(reader: Reader, layer: str, z: int, x: int, y: int) -> bytes:
    if layer in LEVEL_NAMES:
        return _level(reader, layer, z, x, y)
    name, _, part = layer.partition(".")
    place = {"z": z, "x": x, "y": y}
    if part == "sights":
        return _sights(reader, theme(name), place)
    if part == "heat":
        return _cells(reader, theme(name), place, min(z + 1, FINEST))
    return _theme(reader, theme(name), place)


def version(reader: Reader, layer: str) -> int:
    """Number of the data in a layer's tiles; it changes with every load that changes something.

    Parameters
    ----------
    reader : Reader
    layer : str
        One of `layers()`, several with commas between (the newest counts), or "ladder" for all levels.

    Raises
    ------
    TileError
        There is no such layer.
    """
    names = layer.split(",")
    for each in names:
        if each != "ladder":
            _check(each, 0, 0, 0)
    known = versions(reader)
    return max(known.get(_owner(each), 0) for each in names)


def _owner(layer: str) -> str:
    return "ladder" if layer in LEVEL_NAMES else layer.partition(".")[0]


def versions(reader: Reader) -> dict[str, int]:
    """Version of every theme that has been loaded, of "ladder" and "indicators".

    Notes
    -----
    Load numbers start again in a new store, and browsers keep tiles for a year: the second in which the store's first
    load began is part of the number, so that tiles of an older store are never taken for these.
    """
    rows = reader.all("""
        SELECT theme, version, (SELECT extract(epoch FROM min(started))::bigint FROM onemap.loads) AS born
        FROM onemap.versions
    """)
    return {row["theme"]: row["version"] * 1_000_000 + (row["born"] or 0) % 1_000_000 for row in rows}


def _check(layer: str, z: int, x: int, y: int) -> None:
    if layer not in layers():
        raise TileError(f"tiles/{layer}", "there is no such layer", f"use one of {', '.join(layers())}")
    place = f"tiles/{layer}/{z}/{x}/{y}"
    if not 0 <= z <= LAST_ZOOM:
        raise TileError(place, f"zoom {z} is not drawn", f"use 0 to {LAST_ZOOM}")
    if not (0 <= x < 2**z and 0 <= y < 2**z):
        raise TileError(place, f"zoom {z} has no such tile", f"use x and y from 0 to {2**z - 1}")


def _level(reader: Reader, level: str, z: int, x: int, y: int) -> bytes:
    """Units and their names; large units come first, so that their names win where there is no room for all."""
    grain = _grain(z)
    sql = _BOX + f"""
        , area AS (
            SELECT unit.id, unit.code, unit.name, up.id AS parent,
                   ST_AsMVTGeom(drawn.g3857, box.env, {grain}, {MARGIN * grain // 4096}, true) AS shape
            FROM box, onemap.drawn JOIN onemap.ladder unit USING (id) LEFT JOIN onemap.ladder up ON up.code = unit.parent
            WHERE drawn.level = :level AND :z BETWEEN drawn.zmin AND drawn.zmax AND drawn.g3857 && box.wide {_inside(reader.scope, "unit")}
        ), label AS (
            SELECT unit.id, unit.name, up.id AS parent, ST_AsMVTGeom(unit.label, box.env, 4096, 0, true) AS shape
            FROM box, onemap.ladder unit LEFT JOIN onemap.ladder up ON up.code = unit.parent
            WHERE unit.level = :level AND unit.label && box.env
              AND :z >= (SELECT min(zmin) FROM onemap.drawn WHERE level = :level) {_inside(reader.scope, "unit")}
            ORDER BY unit.area_m2 DESC
        )
        SELECT coalesce((SELECT ST_AsMVT(area, 'area', {grain}, 'shape', 'id') FROM area WHERE shape IS NOT NULL), '')
            || coalesce((SELECT ST_AsMVT(label, 'label', 4096, 'shape', 'id') FROM label WHERE shape IS NOT NULL), '')
    """  # noqa: S608 - only constants of this module
    return bytes(reader.value(sql, level=level, z=z, x=x, y=y, **_bound(reader.scope)))


def _grain(z: int) -> int:
    return next(steps for last, steps in GRAINS if z <= last)


def _inside(scope: Scope, owner: str) -> str:
    """Only what lies in the reader's area; an area that does not exist shows nothing."""
    if scope.area is None:
        return ""
    return f"AND starts_with({owner}.path, (SELECT path FROM onemap.ladder WHERE code = :area))"  # noqa: S608


def _bound(scope: Scope) -> dict[str, Any]:
    return {name: value for name, value in (("area", scope.area), ("day", scope.day)) if value is not None}


def _stored(theme: Theme, scope: Scope) -> str:
    """The table of a theme's rows, or the rows as they stood on the day asked for."""
    if scope.day is None:
        return f'onemap."{theme.name}"'
    names = ", ".join(dict.fromkeys(["id", "key", f'"{theme.label}"', "path", "g3857", *_style_columns(theme)]))
    # Names come from the declaration, which only takes identifiers.
    return f"""(SELECT {names} FROM onemap."{theme.name}" WHERE since <= :day UNION ALL
        SELECT {names} FROM onemap."{theme.name}_past" WHERE since <= :day AND :day < until)"""  # noqa: S608


def _theme(reader: Reader, theme: Theme, place: dict[str, int]) -> bytes:
    """Rows from their zoom on; points are counted in cells before it. At a broken zoom a tile holds both."""
    z, first = place["z"], theme.style.rows_from_zoom
    made = b""
    if theme.geometry is Geometry.POINT and z < first:
        made += _cells(reader, theme, place, z - 1)
    if z >= floor(first):
        made += _rows(reader, theme, place)
    return made


def _rows(reader: Reader, theme: Theme, place: dict[str, int]) -> bytes:
    wanted, values = _classes(theme, place["z"])
    grain = 4096 if theme.geometry is Geometry.POINT else _grain(place["z"])
    sql = _BOX + f"""
        SELECT ST_AsMVT(tile, '{theme.name}.rows', {grain}, 'shape', 'id') FROM (
            SELECT id, key, "{theme.label}" AS name {_styled(theme)},
                   ST_AsMVTGeom({_shape(theme, place["z"])}, box.env, {grain}, {MARGIN * grain // 4096}, true) AS shape
            FROM box, {_stored(theme, reader.scope)} AS "row"
            WHERE g3857 && box.wide {wanted} {_inside(reader.scope, '"row"')}
        ) AS tile WHERE shape IS NOT NULL
    """  # noqa: S608 - names come from the declaration, which only takes identifiers
    return bytes(reader.value(sql, **place, **values, **_bound(reader.scope)) or b"")


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


def _cells(reader: Reader, theme: Theme, place: dict[str, int], level: int) -> bytes:
    """Cells of one zoom of the pyramid that lie in a tile, found by their numbers."""
    level = max(level, COARSEST)
    if _bound(reader.scope):
        return _counted(reader, theme, place, level)
    side = SIDE * 2**level // 2 ** place["z"]
    counts = "".join(f", (states ->> :state{n})::int AS \"s_{value}\"" for n, value in enumerate(state_names(theme)))
    sql = _BOX + f"""
        SELECT ST_AsMVT(tile, '{theme.name}.cells', 4096, 'shape') FROM (
            SELECT n {counts},
                   ST_AsMVTGeom(ST_SetSRID(ST_MakePoint(cells.x, cells.y), 3857), box.env, 4096, {MARGIN}, false) AS shape
            FROM box, onemap.cells WHERE theme = :theme AND cells.z = :level
              AND cy >= :y * :side AND cy < (:y + 1) * :side AND cx >= :x * :side AND cx < (:x + 1) * :side
        ) AS tile WHERE shape IS NOT NULL
    """  # noqa: S608 - values of a declared enumeration
    states = {f"state{n}": value for n, value in enumerate(state_names(theme))}
    return bytes(reader.value(sql, theme=theme.name, level=level, side=side, **place, **states) or b"")


def _counted(reader: Reader, theme: Theme, place: dict[str, int], level: int) -> bytes:
    """The same cells, counted now from the rows that this reader may see: the pyramid only knows all of today's."""
    states = {f"state{n}": value for n, value in enumerate(state_names(theme))}
    counts = "".join(
        f', nullif(count(*) FILTER (WHERE "{theme.style.by}" = :{name}), 0) AS "s_{value}"' for name, value in states.items()
    )
    step = 2 ** (FINEST - level)
    sql = _BOX + f"""
        SELECT ST_AsMVT(tile, '{theme.name}.cells', 4096, 'shape') FROM (
            SELECT count(*) AS n {counts}, ST_AsMVTGeom(
                ST_SetSRID(ST_MakePoint(avg(ST_X(g3857)), avg(ST_Y(g3857))), 3857), box.env, 4096, {MARGIN}, false) AS shape
            FROM box, {_stored(theme, reader.scope)} AS "row" WHERE g3857 && box.env {_inside(reader.scope, '"row"')}
            GROUP BY box.env, {cell_of("y")} / {step}, {cell_of("x")} / {step}
        ) AS tile WHERE shape IS NOT NULL
    """  # noqa: S608 - names and values come from the declaration
    return bytes(reader.value(sql, **place, **states, **_bound(reader.scope)) or b"")


def _sights(reader: Reader, theme: Theme, place: dict[str, int]) -> bytes:
    if place["z"] < SIGHTS_FROM_ZOOM:
        return b""
    sql = _BOX + f"""
        SELECT ST_AsMVT(tile, '{theme.name}.sights', {SIGHT_GRAIN}, 'shape', 'id') FROM (
            SELECT "row".id {_styled(theme)}, sights.effective,
                   ST_AsMVTGeom(ST_Simplify(sights.g3857, {_half_a_pixel(place["z"])}), box.env, {SIGHT_GRAIN}, {MARGIN * SIGHT_GRAIN // 4096}, true) AS shape
            FROM box, onemap.sights JOIN onemap."{theme.name}" AS "row" ON "row".id = sights."row"
            WHERE sights.theme = :theme AND sights.g3857 && box.wide {_inside(reader.scope, '"row"')}
        ) AS tile WHERE shape IS NOT NULL
    """  # noqa: S608 - names come from the declaration, which only takes identifiers
    values = {name: value for name, value in _bound(reader.scope).items() if name == "area"}
    return bytes(reader.value(sql, theme=theme.name, **place, **values) or b"")
