"""Measure: every declared indicator of every unit, after a load."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from geodata import contributions, coverage, tree, values
from geodata.values import Counted
from layers import themes
from layers._indicator import Density, Measure, Seen, SeenGround, UnitsHaving, UnitsSum
from layers._theme import Theme

Due = dict[str, tuple[Theme, Measure]]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run did.

    Parameters
    ----------
    day : date
        The day under which the values stand.
    indicators : tuple of str
        Those that were measured; the others stand on the same loads as before.
    written : int
        Values that differ from the day before.
    """

    day: date
    indicators: tuple[str, ...]
    written: int


def run(connection: Connection, day: date, touched: Mapping[str, Collection[str]] | None = None) -> Measured:
    """Measure what a load may have changed, from the rows that are current now.

    Parameters
    ----------
    connection : Connection
        In a transaction, after rows, ladder and sights were published; all values become visible at once with it.
    day : date
        Data date of the load. When something has been measured for a later day already, that day is taken: the newest
        values always say how things stand now.
    touched : mapping of str to collection of str, optional
        Themes with new rows, each with the paths of units they stand in. None measures everything. Indicators of other
        themes are left alone when they stand on the same loads as before.

    Returns
    -------
    Measured

    Raises
    ------
    DeclarationError
        An indicator asks for sights of a theme that has none.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('onemap.measure'))"))
    every = declared()
    before, newest = _bases(connection)
    now = {name: _basis(*each) for name, each in every.items()}
    versions = {row[0]: row[1] for row in connection.execute(text("SELECT theme, version FROM onemap.versions"))}
    bases = {name: {part: versions.get(part) for part in parts} for name, parts in now.items()}
    stale = set(themes()) if touched is None else set(touched)
    due = {name: each for name, each in every.items() if now[name] & stale or bases[name] != before.get(name)}
    day = max(day, newest or day)
    units = tree.read(connection)
    if not len(units):
        return Measured(day, (), 0)
    written = values.write(connection, units, day, _counted(connection, units, due))
    _sign(connection, day, {name: bases[name] for name in due})
    return Measured(day, tuple(due), written)


def declared() -> Due:
    """Every indicator that is kept, by name: the declared ones, and the counts of rows and states of each theme."""
    found: Due = {}
    for theme in themes().values():
        found |= {f"{theme.name}.{each.name}": (theme, each.measure) for each in theme.indicators}
        found |= {name: (theme, each) for name, each in contributions.extras(theme).items()}
    return found


def _basis(theme: Theme, measure: Measure) -> set[str]:
    """Themes whose loads an indicator stands on; "ladder" stands for the units themselves."""
    by = {measure.by} if isinstance(measure, Seen) else set()
    people = {each.name for each in themes().values() if each.rung}
    on_units = isinstance(measure, (Density, SeenGround, UnitsHaving, UnitsSum))
    return {theme.name, "ladder"} | by | (people if on_units else set())


def _counted(connection: Connection, units: tree.Tree, due: Due) -> dict[str, Counted]:
    done: dict[str, Counted] = {}
    for theme in {theme.name: theme for theme, _ in due.values()}.values():
        measures = {name: measure for name, (owner, measure) in due.items() if owner is theme}
        done |= contributions.counted(connection, units, theme, measures)
    seen = {name: (theme, each) for name, (theme, each) in due.items() if isinstance(each, (Seen, SeenGround))}
    return done | coverage.covered(connection, units, seen)


def _bases(connection: Connection) -> tuple[dict[str, dict[str, int | None]], date | None]:
    """What each indicator was last measured on, and the newest day of all."""
    question = """SELECT DISTINCT ON (indicator) indicator, basis, day FROM onemap.measured
        WHERE definition = 'default' ORDER BY indicator, day DESC"""
    rows = connection.execute(text(question)).all()
    return {row.indicator: row.basis for row in rows}, max((row.day for row in rows), default=None)


def _sign(connection: Connection, day: date, bases: dict[str, dict[str, int | None]]) -> None:
    if not bases:
        return
    signed = [{"name": name, "day": day, "basis": json.dumps(basis)} for name, basis in bases.items()]
    connection.execute(
        text("""INSERT INTO onemap.measured VALUES (:name, 'default', :day, CAST(:basis AS jsonb))
            ON CONFLICT (indicator, definition, day) DO UPDATE SET basis = excluded.basis"""),
        signed,
    )
