"""Places to be seen: which of them stand in a sight, kept for each place so that the map can show the blind ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geodata import conditions, grains, seen, sights, watch
from geodata.cells import HALF_WORLD
from geodata.conditions import quoted
from geodata.copying import copy_in
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


def rebuild(connection: Connection, theme: Theme) -> int:
    """Look again at every place on which a load bears, inside the transaction that published it.

    Parameters
    ----------
    connection : Connection
        After the rows and their sights were published.
    theme : Theme
        That was loaded.

    Returns
    -------
    int
        Places looked at.
    """
    return sum(_look(connection, each) for each in seers(theme))


def _look(connection: Connection, seer: Theme) -> int:
    assert seer.sight is not None, seer.name
    rows = sights.read(connection, seer, seer.sight, {})
    eyes = watch.eyes(connection, seer.sight, rows)
    every, working = np.ones(len(rows), dtype=bool), rows["effective"] > 0
    connection.execute(text("DELETE FROM onemap.places WHERE seer = :seer"), {"seer": seer.name})
    found = [_states(connection, eyes, every, working, each, among) for each, among in wanted(seer) if each.geometry is not Geometry.LINE]
    for theme, ids, _, states in found:
        copy_in(connection, "onemap.places", {"seer": np.full(len(ids), seer.name), "theme": np.full(len(ids), theme.name), "row": ids, "state": states})
    cells = np.concatenate([each for _, _, each, _ in found] or [np.zeros((0, 2), dtype=np.int64)])
    states = np.concatenate([each for _, _, _, each in found] or [np.zeros(0, dtype=np.int64)])
    for name, least in _KEPT.items():
        chosen = cells if name == "places" else cells[states < least]
        grains.keep(connection, f"{seer.name}.{name}", _BOOK, grains.made(chosen[:, 0], chosen[:, 1], np.zeros(len(chosen))))
    return len(states)


Found = tuple[Theme, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def _states(connection: Connection, eyes: seen.Eyes, every: Any, working: Any, theme: Theme, among: Where) -> Found:
    """Ids, cells and states of the places of a theme."""
    binds: dict[str, Any] = {}
    wide = 2**grains.BITS / (2 * HALF_WORLD)
    question = f"""SELECT id, ST_X(p) AS lon, ST_Y(p) AS lat, floor((ST_X(d) + {HALF_WORLD}) * {wide})::int AS cx,
            floor(({HALF_WORLD} - ST_Y(d)) * {wide})::int AS cy
        FROM (SELECT id, ST_PointOnSurface(geom) AS p, ST_PointOnSurface(g3857) AS d FROM onemap.{quoted(theme.name)}
            WHERE geom IS NOT NULL AND {conditions.sql(theme, among, binds)}) AS placed ORDER BY id"""  # noqa: S608
    rows = connection.execute(text(question), binds).all()
    table = np.array([tuple(row) for row in rows], dtype=float).reshape(-1, 5)
    lon, lat = np.ascontiguousarray(table[:, 1]), np.ascontiguousarray(table[:, 2])
    states = eyes.points(lon, lat, every).astype(np.int64) + eyes.points(lon, lat, working)
    return theme, table[:, 0].astype(np.int64), table[:, 3:].astype(np.int64), states


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
