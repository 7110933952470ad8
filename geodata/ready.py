"""Ready-made tiles: what a map asks for first is encoded and compressed once after a load, not for each reader.

A tile that stands in `onemap.ready` is right: whoever changes what it shows takes it away in the same transaction
(`forget_rows`, `remember` and `forget_units`), and what is missing is made again afterwards (`fill`). A tile that is
missing, or that was made in another way (`Drawing.how`), is made on request. Replicas have what the store has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cache
from math import floor

import numpy as np
from sqlalchemy import Connection, Engine, text

from geodata.cells import COARSEST
from geodata.door import Reader, Scope
from geodata.drawing import MARGIN, Drawing, drawing, of_many
from geodata.gzipped import HARD, Piece, piece
from geodata.prepared import prepared
from geodata.shared_tables import DRAWN
from geodata.squares import Boxes, Squares, covering
from layers import Theme, themes
from layers._ladder import LEVEL_NAMES
from layers._theme import Geometry

LAST = 12
"""Deepest zoom that is made ready: below it a tile holds so little that asking for it costs as much as making it."""

MOST = 2_000
"""Tiles of one layer and zoom: of ground larger than that (a province at zoom 12) they are made on request."""

AT_ONCE = 256
"""Tiles that one question makes; also how long a load that follows has to wait for this one."""

MANY_BOXES = 50_000
"""More places changed than this, and the whole layer is made again: looking for the rest costs more than it saves."""

_FIND = prepared(
    "SELECT layer, how, body, checksum, size FROM onemap.ready WHERE layer = ANY(:layers) AND z = :z AND x = :x AND y = :y",
    {}, layers=list, z=int, x=int, y=int,
)  # fmt: skip
_EDGE = MARGIN / 4096
_WHOLE = Scope()


def find(reader: Reader, layers: Sequence[str], z: int, x: int, y: int) -> dict[str, Piece]:
    """The ready-made tiles of a place, by layer; what is missing has to be made.

    Parameters
    ----------
    reader : Reader
        One who sees only an area, or another day, finds none: they show everything of today; a guest only levels.
    layers : sequence of str
        Of `geodata.tiles.layers()`.
    z, x, y : int

    Returns
    -------
    dict of str to Piece
    """
    if z > LAST or (reader.scope.area, reader.scope.day) != (None, None):
        return {}
    open_to = [each for each in layers if each in LEVEL_NAMES or not reader.scope.discreet]
    found = reader.often(_FIND, layers=open_to, z=z, x=x, y=y)
    return {layer: Piece(bytes(body), checksum, size) for layer, how, body, checksum, size in found if how == _how(layer, z)}


@cache
def _drawing(layer: str, z: int) -> Drawing | None:
    return drawing(layer, z)


@cache
def _how(layer: str, z: int) -> int | None:
    made = _drawing(layer, z)
    return made.how if made else None


def fill(engine: Engine) -> int:
    """Make every tile that is missing, in short transactions of its own.

    Parameters
    ----------
    engine : Engine
        Of the store; a load may run at the same time.

    Returns
    -------
    int
        Tiles made, empty ones too.
    """
    return sum(_fill_zoom(engine, layer, z, ground) for layer, z, ground in _due(engine))


def _due(engine: Engine) -> Iterator[tuple[str, int, Squares]]:
    """Layer, zoom and tiles of everything that ought to be ready."""
    with engine.connect() as connection:
        ground = _ground(connection)
        first = {row[0]: row[1] for row in connection.execute(text("SELECT level, min(zmin) FROM onemap.drawn GROUP BY level"))}
        drawn = [each for each in themes().values() if not each.rung]  # rows of a rung are drawn as units
        held = {each.name: _first_zoom(each) for each in drawn if _has_rows(connection, each)}
    for z in range(LAST + 1):
        squares = covering(ground, z)
        if 0 < len(squares) <= MOST:
            yield from ((layer, z, squares) for layer, zmin in (first | held).items() if z >= zmin)


def _ground(connection: Connection) -> Boxes:
    """The box of each root of the ladder."""
    rows = connection.execute(text(f"SELECT {_box('g3857')} FROM onemap.ladder WHERE parent IS NULL AND g3857 IS NOT NULL"))  # noqa: S608
    return np.array([tuple(row) for row in rows], dtype=float).reshape(-1, 4)


def _first_zoom(theme: Theme) -> int:
    return COARSEST if theme.geometry is Geometry.POINT else floor(theme.style.rows_from_zoom)


def _has_rows(connection: Connection, theme: Theme) -> bool:
    return bool(connection.execute(text(f'SELECT EXISTS (SELECT FROM onemap."{theme.name}")')).scalar())  # noqa: S608


def _fill_zoom(engine: Engine, layer: str, z: int, ground: Squares) -> int:
    how = _drawing(layer, z)
    if how is None:
        return 0
    with engine.connect() as connection:
        missing = _missing(connection, layer, z, how, ground)
    for start in range(0, len(missing), AT_ONCE):
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('onemap.ready'))"))
            _make(connection, layer, z, how, missing[start : start + AT_ONCE])
    return len(missing)


def _missing(connection: Connection, layer: str, z: int, how: Drawing, ground: Squares) -> Squares:
    there = connection.execute(
        text("SELECT x, y FROM onemap.ready WHERE layer = :layer AND z = :z AND how = :how"),
        {"layer": layer, "z": z, "how": how.how},
    ).all()
    standing = {tuple(row) for row in there}
    return np.array([each for each in ground.tolist() if tuple(each) not in standing], dtype=np.int64).reshape(-1, 2)


def _make(connection: Connection, layer: str, z: int, how: Drawing, squares: Squares) -> None:
    many = of_many(how)
    asked = many.values | {"xs": squares[:, 0].tolist(), "ys": squares[:, 1].tolist()}
    made = [(row.x, row.y, piece(bytes(row.body), HARD)) for row in connection.execute(text(many.sql), asked)]
    connection.execute(
        text("""INSERT INTO onemap.ready (layer, z, x, y, how, checksum, size, body)
            VALUES (:layer, :z, :x, :y, :how, :checksum, :size, :body)
            ON CONFLICT (layer, z, x, y) DO UPDATE
            SET how = excluded.how, checksum = excluded.checksum, size = excluded.size, body = excluded.body"""),
        [
            {"layer": layer, "z": z, "x": x, "y": y, "how": how.how, "checksum": each.checksum, "size": each.size, "body": each.blocks}
            for x, y, each in made
        ],
    )  # fmt: skip


def forget_rows(connection: Connection, theme: Theme, ids: Collection[int], paths: Collection[str]) -> None:
    """Take away the tiles that show rows which came, changed or went.

    Parameters
    ----------
    connection : Connection
        In the transaction that changes them; it holds off `fill` until its end.
    theme : Theme
    ids : collection of int
        Of the rows as they are, and as they were.
    paths : collection of str
        Of the units that gained or lost a row: where a row went without a former version.
    """
    _hold(connection)
    if not _any_ready(connection, [theme.name]):
        return
    if len(ids) > MANY_BOXES:
        _forget_all(connection, [theme.name])
        return
    stood = " UNION ALL ".join(
        f'SELECT {_box("g3857")} FROM onemap."{name}" WHERE id = ANY(:ids) AND g3857 IS NOT NULL'  # noqa: S608
        for name in (theme.name, f"{theme.name}_past")
    )
    units = f"SELECT {_box('g3857')} FROM onemap.ladder WHERE path = ANY(:paths) AND g3857 IS NOT NULL"  # noqa: S608
    rows = connection.execute(text(f"{stood} UNION ALL {units}"), {"ids": list(ids), "paths": list(paths)})
    _forget(connection, theme.name, np.array([tuple(row) for row in rows], dtype=float).reshape(-1, 4))


def forget_theme(connection: Connection, theme: Theme) -> None:
    """Take away every tile of a theme whose rows moved with their units."""
    _hold(connection)
    _forget_all(connection, [theme.name])


def remember(connection: Connection) -> None:
    """Note how every unit is drawn, before the ladder changes; `forget_units` compares."""
    _hold(connection)
    connection.execute(text(f"CREATE TEMP TABLE IF NOT EXISTS ready_before ON COMMIT DROP AS {_PRINTS} WITH NO DATA"))
    connection.execute(text("TRUNCATE ready_before"))
    if _any_ready(connection, LEVEL_NAMES):
        connection.execute(text(f"INSERT INTO ready_before {_PRINTS}"))


def forget_units(connection: Connection) -> None:
    """Take away the tiles that show units which are drawn in another way than when `remember` was called."""
    if not _any_ready(connection, LEVEL_NAMES):
        return
    found: dict[str, list[Sequence[float]]] = {}
    for level, *box in connection.execute(text(_DIFFERENT)):
        found.setdefault(level, []).append(box)
    for level, boxes in found.items():
        if len(boxes) > MANY_BOXES:
            _forget_all(connection, [level])
        else:
            _forget(connection, level, np.array(boxes, dtype=float))


def forget_everything(connection: Connection) -> None:
    """Take away every ready-made tile: after the store was changed by other hands."""
    _hold(connection)
    connection.execute(text("DELETE FROM onemap.ready"))


def _box(shape: str) -> str:
    return ", ".join(f"ST_{side}({shape})" for side in ("XMin", "YMin", "XMax", "YMax"))


# Everything of a unit that a tile says, at each band of zooms, and the ground that it is said on.
_PRINTS = f"""
    SELECT drawn.level, drawn.zmin, drawn.zmax, drawn.id,
           md5(ST_AsEWKB(drawn.g3857) || ST_AsEWKB(unit.label)
               || convert_to(jsonb_build_array(unit.code, unit.name, unit.parent, unit.west, unit.east)::text, 'UTF8')) AS print,
           ST_XMin(ground) AS west, ST_YMin(ground) AS south, ST_XMax(ground) AS east, ST_YMax(ground) AS north
    FROM onemap.drawn JOIN onemap.ladder unit USING (id),
         LATERAL (SELECT ST_SetSRID(ST_Extent(part), {DRAWN}) AS ground FROM (VALUES (drawn.g3857), (unit.label)) AS parts (part)) AS box
"""  # noqa: S608 - a constant

_DIFFERENT = f"""
    SELECT coalesce(b.level, a.level), least(b.west, a.west), least(b.south, a.south), greatest(b.east, a.east), greatest(b.north, a.north)
    FROM ready_before b FULL JOIN ({_PRINTS}) a USING (level, zmin, zmax, id)
    WHERE b.print IS DISTINCT FROM a.print
"""  # noqa: S608 - constants


def _hold(connection: Connection) -> None:
    """Loads may run side by side; what they change must not be made ready before they are done."""
    connection.execute(text("SELECT pg_advisory_xact_lock_shared(hashtext('onemap.ready'))"))


def _any_ready(connection: Connection, layers: Sequence[str]) -> bool:
    question = text("SELECT EXISTS (SELECT FROM onemap.ready WHERE layer = ANY(:layers))")
    return bool(connection.execute(question, {"layers": list(layers)}).scalar())


def _forget_all(connection: Connection, layers: Sequence[str]) -> None:
    connection.execute(text("DELETE FROM onemap.ready WHERE layer = ANY(:layers)"), {"layers": list(layers)})


def _forget(connection: Connection, layer: str, boxes: Boxes) -> None:
    for z in range(LAST + 1):
        squares = covering(boxes, z, _EDGE)
        connection.execute(
            text("""DELETE FROM onemap.ready r USING unnest(CAST(:xs AS int[]), CAST(:ys AS int[])) AS gone (x, y)
                WHERE r.layer = :layer AND r.z = :z AND r.x = gone.x AND r.y = gone.y"""),
            {"layer": layer, "z": z, "xs": squares[:, 0].tolist(), "ys": squares[:, 1].tolist()},
        )
