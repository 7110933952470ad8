"""What follows from new rows: ladder, drawn borders, clusters, sights, and the indicators of a day."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

import numpy as np
from sqlalchemy import Connection

from etl import progress
from geodata import (
    cells,
    drawn,
    exclusion,
    grain_changes,
    ladder,
    loads,
    people,
    places,
    placing,
    ready,
    sights,
    statuses,
    waiting,
)
from geodata import measure as measured
from geodata.history import Outcome
from layers import Theme, themes

Touched = dict[str, set[str]]
"""Theme -> paths of the units whose rows changed."""


def follow(connection: Connection, theme: Theme, load: int, outcome: Outcome) -> Touched:
    """Make everything that is derived from a theme's rows agree with them.

    Parameters
    ----------
    connection : Connection
        In the publishing transaction, so that readers see rows and all that follows from them at once.
    theme : Theme
    load : int
        Number of the load that wrote the rows.
    outcome : Outcome
        What it changed.

    Returns
    -------
    dict of str to set of str
        Themes whose numbers have to be measured again, with the units that are touched.
    """
    if not outcome.written:
        return {}
    touched: Touched = {theme.name: set(outcome.paths)}
    for some in _in_slices(outcome.ids):
        statuses.outlast(connection, theme, some)
    waiting.note(connection, theme.name, outcome.paths)
    sights.rebuild(connection, theme, outcome.ids)
    places.rebuild(connection, theme, outcome.ids)
    if theme.obstacle:
        _recut(connection, theme, load, outcome)
    loads.mark(connection, theme.name, load)
    if theme.rung:
        ready.remember(connection)
    rebuilt = ladder.rebuild(connection) if theme.rung else None
    if rebuilt and rebuilt.written:
        loads.mark(connection, "ladder", load)
        drawn.rebuild(connection, rebuilt.levels)
        people.rebuild(connection)
        ready.forget_units(connection)
        for name, paths in placing.place_again(connection).items():
            touched.setdefault(name, set()).update(paths)
            loads.mark(connection, name, load)
            if themes()[name].placed_by:  # their points moved with the units
                cells.rebuild(connection, themes()[name])
                ready.forget_theme(connection, themes()[name])
    ready.forget_rows(connection, theme, outcome.ids, outcome.paths)
    cells.rebuild(connection, theme, outcome.ids, outcome.paths)
    grain_changes.follow(connection, theme, load, outcome.ids)
    for name, more in _left(connection, theme, load, outcome, rebuilt.levels if rebuilt else frozenset()).items():
        touched.setdefault(name, set()).update(more)
    return touched


def _left(connection: Connection, theme: Theme, load: int, outcome: Outcome, levels: Collection[str]) -> Touched:
    """Work out again what is left of units without rows of this theme, or of units that are others now; themes and units that it touches."""
    followed: Touched = {}
    for each in exclusion.standing_on(theme):
        if each.left_by:
            codes = exclusion.touched(connection, theme, each.left_by, outcome.ids)
            followed |= follow(connection, each, load, exclusion.rebuild(connection, each, load, codes)) or _nothing(connection, each, load)
    for each in themes().values() if levels else ():
        if each.left_by and each.left_by.level in levels:
            followed |= follow(connection, each, load, exclusion.rebuild(connection, each, load))
    return followed


def _nothing(connection: Connection, theme: Theme, load: int) -> Touched:
    """That nothing is left is a result too: the theme's numbers say so."""
    waiting.note(connection, theme.name, [])
    loads.mark(connection, theme.name, load)
    return {theme.name: set()}


_AT_ONCE = 100_000
"""Rows that one statement names."""


def _in_slices(ids: Collection[int]) -> Iterator[list[int]]:
    every = np.fromiter(ids, dtype=np.int64, count=len(ids))
    for start in range(0, len(every), _AT_ONCE):
        yield every[start : start + _AT_ONCE].tolist()


def _recut(connection: Connection, obstacle: Theme, load: int, outcome: Outcome) -> None:
    """Cut again what a load of obstacles may cut or leave open: sights, what they see of places, the tiles that show them."""
    for seer in themes().values():
        if seer.sight:
            rows = sights.recut(connection, seer, obstacle, outcome.ids)
            waiting.note(connection, seer.name, [])
            places.rebuild(connection, seer, rows)
            loads.mark(connection, seer.name, load)
            ready.forget_rows(connection, seer, rows, [])


def measure(connection: Connection, day: date, load: int, touched: Mapping[str, Collection[str]], stays: bool = True) -> int:
    """Measure the indicators of a day; the number of values that differ from those before. `stays`: see `geodata.measure.run`."""
    progress.step("measure")
    done = measured.run(connection, day, touched, stays=stays)
    if done.indicators or done.audited:
        loads.mark(connection, "indicators", load)
    return done.written
