"""Vector tiles straight out of the store: one way for every level of the ladder and every declared theme."""

from __future__ import annotations

from functools import cache, lru_cache

from geodata import ready, shading
from geodata.door import Reader, Scope
from geodata.drawing import drawing
from geodata.gzipped import piece, together
from geodata.prepared import Prepared, prepared, side_by_side
from layers import OneMapError, themes
from layers._ladder import LEVEL_NAMES
from layers._pick import choices, joined, offered

LAST_ZOOM = 22

WHOLE = Scope()
"""Who sees everything of today: what the ready-made tiles show."""


_VERSIONS = prepared(
    """SELECT v.theme, v.version + coalesce(s.version, 0), (SELECT extract(epoch FROM min(started))::bigint FROM onemap.loads)
    FROM onemap.versions v LEFT JOIN onemap.versions s ON s.theme = v.theme || '.status' WHERE right(v.theme, 7) <> '.status'""", {}
)


class TileError(OneMapError):
    """A tile that does not exist was asked for."""

    exit_code = 2


@cache
def layers() -> tuple[str, ...]:
    """Every name that may stand in a tile's address.

    Returns
    -------
    tuple of str
        Levels of the ladder, themes, "theme.sights" and the parts of `geodata.shading` where a theme has them. Behind any
        of a theme picks may stand ("cameras~online.offline").
    """
    extra = [f"{each.name}.sights" for each in themes().values() if each.sight]
    extra += [f"{each.name}.{part}" for each in themes().values() for part in shading.parts(each)]
    return (*LEVEL_NAMES, *themes(), *extra)


def tile(reader: Reader, layer: str, z: int, x: int, y: int) -> bytes:
    """One tile as the reader may see it, made now.

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
        "theme.rows" and "theme.cells" of a theme; "theme.sights"; "theme.heat" of every kind of heat map.

    Raises
    ------
    TileError
        There is no such layer or no such tile; the sentence says which.
    """
    # Tiles are lists of layers: one after the other is a tile again (Mapbox Vector Tile 2.1, section 4.1).
    return b"".join(_made(reader, check(layer, z, x, y), z, x, y).values())


def packed(reader: Reader, layer: str, z: int, x: int, y: int) -> bytes:
    """The same tile compressed, from what was made ready at the last load where there is such.

    Returns
    -------
    bytes
        One gzip member; empty where there is nothing.

    Raises
    ------
    TileError
        As `tile`.
    """
    names = check(layer, z, x, y)
    held = ready.find(reader, names, z, x, y)
    made = _made(reader, tuple(each for each in names if each not in held), z, x, y)
    return together(held[each] if each in held else piece(made[each]) for each in names)


def _made(reader: Reader, names: tuple[str, ...], z: int, x: int, y: int) -> dict[str, bytes]:
    """Each layer of a tile, by one question for all that is only fetched."""
    asked = _statement(names, z, reader.scope)
    fetched = map(bytes, reader.often(asked, x=x, y=y)[0]) if asked else iter(())
    drawn = {each: next(fetched) for each in names if drawing(each, z, reader.scope)}
    return {each: shading.tile(reader, each, (z, x, y)) + drawn.get(each, b"") for each in names}


@lru_cache(maxsize=4096)
def _statement(names: tuple[str, ...], z: int, scope: Scope) -> Prepared | None:
    found = [how for each in names if (how := drawing(each, z, scope))]
    sql, values = side_by_side([(each.sql, each.values) for each in found])
    return prepared(sql, values, x=int, y=int) if found else None


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
    return newest(versions(reader), layer)


def newest(known: dict[str, int], layer: str) -> int:
    """The same out of the versions of all themes; see `version`."""
    names = ("ladder",) if layer == "ladder" else _names(layer)
    return max(known.get(owner, 0) for each in names for owner in _owners(each))


def _owners(layer: str) -> set[str]:
    return {"ladder"} if layer in (*LEVEL_NAMES, "ladder") else shading.stands_on(layer)


def versions(reader: Reader) -> dict[str, int]:
    """Version of every theme that has been loaded, of "ladder" and "indicators".

    Notes
    -----
    Load numbers start again in a new store, and browsers keep tiles for a year: the second in which the store's first
    load began is part of the number, so that tiles of an older store are never taken for these.
    """
    return {theme: number * 1_000_000 + (born or 0) % 1_000_000 for theme, number, born in reader.often(_VERSIONS)}


def check(layer: str, z: int, x: int, y: int) -> tuple[str, ...]:
    """The layers of an address.

    Raises
    ------
    TileError
        There is no such layer or no such tile.
    """
    names = _names(layer)
    place = f"tiles/{layer[:60]}/{z}/{x}/{y}"
    if not 0 <= z <= LAST_ZOOM:
        raise TileError(place, f"zoom {z} is not drawn", f"use 0 to {LAST_ZOOM}")
    if not (0 <= x < 2**z and 0 <= y < 2**z):
        raise TileError(place, f"zoom {z} has no such tile", f"use x and y from 0 to {2**z - 1}")
    return names


@lru_cache(maxsize=1024)
def _names(layer: str) -> tuple[str, ...]:
    names = tuple(layer.split(",")) if len(layer) <= _longest() else (layer[:40] + "…",)
    for each in names:
        if each.partition("~")[0] not in layers() or not shading.known(each):
            raise TileError(f"tiles/{each[:60]}", "there is no such layer", f"use one of {', '.join(layers())}")
    if len({each.partition("~")[0] for each in names}) < len(names):
        raise TileError(f"tiles/{layer[:60]}", "a layer is named twice", "name each layer once")
    if len(set(names) & set(LEVEL_NAMES)) > 1:  # a tile has each source layer once (Mapbox Vector Tile 2.1, section 4.1)
        raise TileError(f"tiles/{layer[:60]}", "two levels do not fit into one tile", "ask for each of them")
    return names


@cache
def _longest() -> int:
    """Signs of an address that names every layer with every pick."""
    every = [joined(each.name, ((field.name, choice) for field in offered(each) for choice in choices(field))) for each in themes().values()]
    return len(",".join(layers())) + 4 * len("".join(every))
