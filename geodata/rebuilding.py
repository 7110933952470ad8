"""Rebuild: everything that follows from the rows is made anew, in a store that a newer version or another hand has touched.

Each part is one transaction: readers see it as it was or as it is, and wait for neither. `geodata.aggregates` says whether
any of it is needed.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, Engine, text

from geodata import (
    cells,
    drawn,
    exclusion,
    grains,
    ladder,
    loads,
    measure,
    people,
    places,
    placing,
    ready,
    sights,
    store,
    tables,
)
from geodata.audit import kept
from geodata.history import lock
from layers import Theme, themes

Part = Callable[[Connection, int], None]


def main(arguments: Sequence[str]) -> int:
    """Make parts of the store anew.

    Parameters
    ----------
    arguments : sequence of str
        After the word ``rebuild``: names of parts; none for all.

    Returns
    -------
    int
        Exit code.

    Raises
    ------
    StoreError
        The store is down.
    """
    parser = argparse.ArgumentParser(
        prog="onemap rebuild", description="make anew what follows from the rows, as after an update of the software"
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"one or more of {', '.join(PARTS)} (default: all)")
    asked = parser.parse_args(list(arguments)).parts
    if unknown := [each for each in asked if each not in PARTS]:
        parser.error(f"there is no part {unknown[0]}; use {', '.join(PARTS)}")
    engine = store.engine()
    tables.create_all(engine)
    for name in PARTS:
        if not asked or name in asked:
            began = time.perf_counter()
            rebuild(engine, name)
            print(f"rebuild: {name} {time.perf_counter() - began:.1f} s", flush=True)
    return 0


def rebuild(engine: Engine, part: str) -> None:
    """Make one part anew.

    Parameters
    ----------
    engine : Engine
    part : str
        Of `PARTS`.
    """
    with engine.begin() as connection:
        for theme in themes().values():
            lock(connection, theme)
        # A number of its own, without a line in the ledger: what browsers keep of the former state has another address.
        PARTS[part](connection, loads.next_id(connection))
    if part == "tiles":
        ready.fill(engine)


def _ladder(connection: Connection, number: int) -> None:
    """The tree of units, and the unit that each row stands in."""
    ladder.rebuild(connection)
    connection.execute(text(_CHILDREN))
    loads.mark(connection, "ladder", number)
    for name in placing.place_again(connection):
        loads.mark(connection, name, number)


_CHILDREN = """UPDATE onemap.ladder l SET children = c.n FROM (SELECT u.id, count(d.id) AS n FROM onemap.ladder u
    LEFT JOIN onemap.ladder d ON d.parent = u.code GROUP BY u.id) c WHERE c.id = l.id AND c.n <> l.children"""


def _drawn(connection: Connection, number: int) -> None:
    drawn.rebuild(connection)
    people.rebuild(connection)
    loads.mark(connection, "ladder", number)


def _left(connection: Connection, number: int) -> None:
    """Rows that no file brings."""
    for theme in themes().values():
        if theme.left_by and exclusion.rebuild(connection, theme, number).written:
            loads.mark(connection, theme.name, number)


def _themes(build: Callable[[Connection, Theme], object]) -> Part:
    def of_all(connection: Connection, number: int) -> None:
        """Build the part for every theme, and say to readers of those with rows that it is new."""
        for theme in themes().values():
            build(connection, theme)
            if connection.execute(text(f'SELECT EXISTS (SELECT FROM onemap."{theme.name}")')).scalar():  # noqa: S608
                loads.mark(connection, theme.name, number)

    return of_all


def _audit(connection: Connection, _number: int) -> None:
    kept.rebuild(connection)


def _indicators(connection: Connection, number: int) -> None:
    day = loads.newest_day(connection)
    if day is not None:
        measure.run(connection, day)
        loads.mark(connection, "indicators", number)


def _tiles(connection: Connection, _number: int) -> None:
    ready.forget_everything(connection)


PARTS: dict[str, Part] = {
    "ladder": _ladder,
    "drawn": _drawn,
    "left": _left,
    "cells": _themes(cells.rebuild),
    "grains": _themes(grains.rebuild),
    "sights": _themes(sights.rebuild),
    "places": _themes(places.rebuild),
    "audit": _audit,
    "indicators": _indicators,
    "tiles": _tiles,
}
"""What can be made anew, in the order in which each stands on those before it."""
