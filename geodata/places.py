"""Places to be seen: which of them stand in a sight, kept for each place so that the map can show the blind ones."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geodata import conditions, grains, reach, seen, sights, waiting, watch
from geodata.cells import HALF_WORLD
from geodata.conditions import quoted
from geodata.copying import copy_in, numbers
from geodata.door import Reader
from geodata.grains import Grains
from layers import Theme, themes
from layers._indicator import Seen, Where
from layers._theme import Geometry

BLIND, DESIGNED, EFFECTIVE = 0, 1, 2
"""States of a place: nothing sees it; something would that does not work; something does."""

_BOOK = 1
_KEPT = {"places": BLIND, "blind": DESIGNED, "blind_now": EFFECTIVE}
"""Name of the grains of places -> those below this state; all of them under "places"."""


def wanted(seer: Theme) -> Iterator[tuple[Theme, Where]]:
    """Themes whose rows ought to be seen by those of a theme, and which of their rows: what its first such indicator asks.

    Parameters
    ----------
    seer : Theme
        With sight.
    """
    for theme in themes().values():
        asked = [each.measure.among for each in theme.indicators if isinstance(each.measure, Seen) and each.measure.by == seer.name]
        if asked:
            yield theme, asked[0]


def seers(theme: Theme) -> tuple[Theme, ...]:
    """Themes on whose places a load of a theme bears: itself where its rows see, and those that ought to see its rows."""
    watching = [each for each in themes().values() if each.sight]
    return tuple(each for each in watching if each is theme or theme.name in {place.name for place, _ in wanted(each)})


def rebuild(connection: Connection, theme: Theme, changed: Collection[int] | None = None) -> int:
    """Look again at the places on which a load bears, inside the transaction that published it.

    Parameters
    ----------
    connection : Connection
        After the rows and their sights were published.
    theme : Theme
        That was loaded.
    changed : collection of int, optional
        Ids of its rows that came, changed or went; None for all.

    Returns
    -------
    int
        Places looked at.
    """
    few = changed is not None and len(changed) <= waiting.MOST
    for seer in seers(theme):
        if seer is not theme:
            waiting.note(connection, f"{seer.name}.around", reach.around(connection, theme, changed or ()) if few else None)
        elif not few:
            waiting.note(connection, f"{seer.name}.around", None)
    return sum(_look_at_some(connection, each, theme, changed or ()) if few else _look(connection, each) for each in seers(theme))


def _asked(seer: Theme) -> list[tuple[Theme, Where]]:
    return [(each, among) for each, among in wanted(seer) if each.geometry is not Geometry.LINE]


def _look(connection: Connection, seer: Theme) -> int:
    """Every place anew."""
    connection.execute(text("DELETE FROM onemap.places WHERE seer = :seer"), {"seer": seer.name})
    watching = _watching(connection, seer)
    n = sum(_write(connection, seer, watching, theme, among) for theme, among in _asked(seer))
    _pack(connection, seer)
    return n


def _look_at_some(connection: Connection, seer: Theme, theme: Theme, changed: Collection[int]) -> int:
    """The places that changed sights reach or reached; or the places that changed themselves."""
    n, before, turned = 0, _print(connection, seer), set[str]()
    asked = {each.name: _reached(connection, seer, each) if theme is seer else list(changed) if each is theme else [] for each, _ in _asked(seer)}
    watching = _near(connection, seer, asked) if any(asked.values()) else None
    for each, among in _asked(seer):
        ids = asked[each.name]
        stood = _states(connection, seer, each, ids)
        connection.execute(text(_GONE), {"seer": seer.name, "theme": each.name, "ids": ids})
        if ids and watching is not None:
            n += _write(connection, seer, watching, each, among, "AND id = ANY(CAST(:ids AS bigint[]))", {"ids": ids})
        other = {row for row, _ in stood ^ _states(connection, seer, each, ids)}
        turned |= reach.around(connection, each, other) if other and theme is seer else set()
    if theme is seer:
        waiting.note(connection, f"{seer.name}.around", turned)
    if _print(connection, seer) != before:
        _pack(connection, seer)
    return n


def _near(connection: Connection, seer: Theme, asked: Mapping[str, list[int]]) -> _Watching:
    """The rows that see whose sights touch some places, of several themes."""
    binds: dict[str, Any] = {"seer": seer.name} | {f"ids_{at}": ids for at, ids in enumerate(asked.values())}
    near = " UNION ".join(f"""SELECT s."row" FROM onemap.{quoted(name)} p JOIN onemap.sights s ON s.g3857 && p.g3857
        WHERE s.theme = :seer AND p.id = ANY(CAST(:ids_{at} AS bigint[]))""" for at, name in enumerate(asked))  # noqa: S608
    return _watching(connection, seer, f"t.id = ANY(ARRAY({near}))", binds)  # an IN of a union is looked for in every row


def _states(connection: Connection, seer: Theme, theme: Theme, ids: list[int]) -> set[tuple[int, int]]:
    question = 'SELECT "row", state FROM onemap.places WHERE seer = :seer AND theme = :theme AND "row" = ANY(CAST(:ids AS bigint[]))'
    return {(row[0], row[1]) for row in connection.execute(text(question), {"seer": seer.name, "theme": theme.name, "ids": ids})}


_GONE = 'DELETE FROM onemap.places WHERE seer = :seer AND theme = :theme AND "row" = ANY(CAST(:ids AS bigint[]))'


def _reached(connection: Connection, seer: Theme, theme: Theme) -> list[int]:
    """Ids of the places in the boxes of sights that were just made anew, as they were and as they are."""
    question = f"""SELECT DISTINCT t.id FROM changed_reach r JOIN onemap.{quoted(theme.name)} t ON t.g3857 && r.box
        WHERE r.theme = :seer"""  # noqa: S608
    return list(connection.execute(text(question), {"seer": seer.name}).scalars())


def _print(connection: Connection, seer: Theme) -> tuple[int, int]:
    """What grains are made of, in two numbers."""
    question = "SELECT count(*), coalesce(sum(hashint8(cx::bigint * 16777216 + cy) * (state + 1)::bigint), 0) FROM onemap.places WHERE seer = :seer"
    row = connection.execute(text(question), {"seer": seer.name}).one()
    return int(row[0]), int(row[1])


class _Watching(NamedTuple):
    """Rows that see: their ids, what they see, and which of them work."""

    ids: NDArray[np.int64]
    eyes: seen.Eyes
    working: NDArray[np.bool_]


def _watching(connection: Connection, seer: Theme, only: str = "", binds: dict[str, Any] | None = None) -> _Watching:
    assert seer.sight is not None, seer.name
    rows = sights.read(connection, seer, seer.sight, {}, only, binds)
    return _Watching(rows["id"].astype(np.int64), watch.eyes(connection, seer.sight, rows), rows["effective"] > 0)


def _write(
    connection: Connection, seer: Theme, watching: _Watching, theme: Theme, among: Where, only: str = "", more: dict[str, Any] | None = None
) -> int:
    """Write how the places of a theme stand; how many they are."""
    stand = _stand(connection, watching, theme, among, only, more)
    n = len(stand["row"])
    copy_in(connection, "onemap.places", {"seer": np.full(n, seer.name), "theme": np.full(n, theme.name), **stand})
    return n


def _stand(
    connection: Connection, watching: _Watching, theme: Theme, among: Where, only: str = "", more: dict[str, Any] | None = None
) -> dict[str, Any]:
    """How the places of a theme stand, column by column."""
    binds: dict[str, Any] = dict(more or {})
    wide = 2**grains.BITS / (2 * HALF_WORLD)
    question = f"""SELECT id, ST_X(p) AS lon, ST_Y(p) AS lat, floor((ST_X(d) + {HALF_WORLD}) * {wide}) AS cx,
            floor(({HALF_WORLD} - ST_Y(d)) * {wide}) AS cy
        FROM (SELECT id, ST_PointOnSurface(geom) AS p, ST_PointOnSurface(g3857) AS d FROM onemap.{quoted(theme.name)}
            WHERE geom IS NOT NULL AND {conditions.sql(theme, among, binds)} {only}) AS placed ORDER BY id"""  # noqa: S608
    rows = numbers(connection, question, ("id", "lon", "lat", "cx", "cy"), binds)
    lon, lat, every = rows["lon"].copy(), rows["lat"].copy(), np.ones(len(watching.ids), dtype=bool)
    n, one = watching.eyes.watched(lon, lat, every)
    n_now, one_now = watching.eyes.watched(lon, lat, watching.working)
    ids = np.append(watching.ids, -1)
    return {
        "row": rows["id"].astype(np.int64), "state": (n > 0).astype(np.int64) + (n_now > 0),
        "sole": pa.array(ids[one], mask=n != 1), "sole_now": pa.array(ids[one_now], mask=n_now != 1),
        "cx": rows["cx"].astype(np.int64), "cy": rows["cy"].astype(np.int64),
    }  # fmt: skip


def differing(connection: Connection, seer: Theme) -> list[tuple[str, Any, Any]]:
    """Places that do not stand as they are kept, looked at again: name, what is kept, what was found.

    Parameters
    ----------
    connection : Connection
        Nothing is written.
    seer : Theme
    """
    watching, wrong = _watching(connection, seer), []
    for theme, among in _asked(seer):
        question = 'SELECT "row", state, sole, sole_now, cx, cy FROM onemap.places WHERE seer = :seer AND theme = :theme'
        kept = {row[0]: tuple(row[1:]) for row in connection.execute(text(question), {"seer": seer.name, "theme": theme.name})}
        stand = pa.table(_stand(connection, watching, theme, among)).to_pylist()
        found = {each.pop("row"): tuple(each.values()) for each in stand}
        wrong += [(f"{theme.name} {row}", kept.get(row), found.get(row)) for row in sorted(kept.keys() | found.keys())
                  if kept.get(row) != found.get(row)]  # fmt: skip
    return wrong


def _pack(connection: Connection, seer: Theme) -> None:
    """Keep the places as grains: all of them, those that are blind, and those that are blind now."""
    question = "SELECT cx, cy, state FROM onemap.places WHERE seer = :seer"
    rows = numbers(connection, question, ("cx", "cy", "state"), {"seer": seer.name})
    for name, least in _KEPT.items():
        chosen = rows if name == "places" else rows[rows["state"] < least]
        cells = [chosen[axis].astype(np.int64) for axis in ("cx", "cy")]
        grains.keep(connection, f"{seer.name}.{name}", _BOOK, grains.made(cells[0], cells[1], np.zeros(len(chosen))))


def read(reader: Reader, seer: Theme, name: str) -> Grains | None:
    """Places by cells: all of them ("places"), those that nothing sees ("blind"), those that nothing sees now ("blind_now").

    Parameters
    ----------
    reader : Reader
        Of the whole ground, today; for others nothing is known.
    seer : Theme
    name : str

    Returns
    -------
    Grains or None
        None where nothing is kept.
    """
    if reader.scope.day is not None or reader.scope.area is not None:
        return None
    return grains.read(reader, f"{seer.name}.{name}", _BOOK)
