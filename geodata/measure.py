"""Measure: every declared indicator of every unit, after a load."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from geodata import bases, contributions, coverage, fresh_log, near_blind, newest, tree, values, waiting
from geodata.audit import kept as audits
from geodata.bases import SIGHTED, Basis
from geodata.lacking import lacking
from geodata.touched import Touched, part, reached, units_of
from geodata.values import Counted
from layers import themes
from layers._indicator import Measure, Reached
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
    audited : bool
        Whether units waited, so that the ground was audited anew.
    """

    day: date
    indicators: tuple[str, ...]
    written: int
    audited: bool = False


def run(
    connection: Connection, day: date, touched: Mapping[str, Collection[str]] | None = None, only: Collection[str] | None = None, stays: bool = True
) -> Measured:
    """Measure what a load may have changed, from the rows that are current now.

    Parameters
    ----------
    connection : Connection
        In a transaction, after rows, ladder and sights were published; all values become visible at once with it.
    day : date
        Data date of the load. When something has been measured for a later day already, that day is taken: the newest
        values always say how things stand now.
    touched : mapping of str to collection of str, optional
        Themes with new rows; which units they touched is known by `geodata.waiting`, and only these are counted again
        where that is enough. None measures everything. Indicators of other themes are left alone when they stand on the
        same loads as before.
    only : collection of str, optional
        Names of indicators, where it is known that no others can differ.
    stays : bool
        False where all is taken back, as by a rehearsal, while others read the log: then it is written row by row even from nothing.

    Returns
    -------
    Measured

    Raises
    ------
    DeclarationError
        An indicator asks for sights of a theme that has none.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('onemap.measure'))"))
    audited = any(each.rung and each.name in waiting.read(connection).paths for each in themes().values())
    if audited:  # of the whole ladder, so once for all loads of a day; indicators count by it
        audits.rebuild(connection)
    plan = _planned(connection, day, touched, only)
    waiting.clear(connection)
    written = 0
    if plan.whole:
        units = tree.read(connection)
        if not len(units):
            return Measured(plan.day, (), 0, audited)
        with fresh_log.written_to(connection, len(units) * len(plan.whole) * stays) as log:
            written += sum(_write(connection, units, plan.day, share, log) for share in shares(plan.whole, len(units)))
    for some, due in plan.parts.items():
        units = part(connection, some, due.values())
        written += sum(_write(connection, units, plan.day, share) for share in shares(due, len(units)) if len(units))
    every = declared()
    bases.sign(connection, plan.day, plan.bases, lacking(connection, {name: every[name] for name in plan.bases}))
    return Measured(plan.day, tuple(plan.bases), written, audited)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What has to be measured, and what it stands on: some indicators in every unit, others only in units of some paths."""

    day: date
    whole: Due
    parts: dict[Touched, Due]
    bases: dict[str, Basis]


def _planned(connection: Connection, day: date, touched: Mapping[str, Collection[str]] | None, only: Collection[str] | None) -> _Plan:
    every = {name: each for name, each in declared().items() if only is None or name in only}
    before, newest_day = bases.read(connection)
    versions = {row[0]: row[1] for row in connection.execute(text("SELECT theme, version FROM onemap.versions"))}
    now: dict[str, Basis] = {name: {each: versions.get(each) for each in bases.parts_of(*own)} for name, own in every.items()}
    stale = set(themes()) if touched is None else set(touched)
    due = {name: each for name, each in every.items() if now[name].keys() & stale or now[name] != before.get(name)}
    found: dict[str, Touched | None] = dict.fromkeys(due)
    if touched is not None:
        waits = waiting.read(connection)
        unknown = stale - waits.paths.keys()
        for name, each in due.items():
            if not unknown & now[name].keys():
                found[name] = reached(connection, each[1], units_of(*each, before.get(name), now[name], waits))
    whole: Due = {}
    parts: dict[Touched, Due] = {}
    for name, some in found.items():
        (whole if some is None or some.is_many() else parts.setdefault(some, {}))[name] = due[name]
    return _Plan(max(day, newest_day or day), whole, parts, {name: now[name] for name in due})


_AT_ONCE, _FEWEST = 1_000_000, 32
"""Numbers that are held in memory together, of at least so many indicators: a province has half a million units."""


def shares(due: Due, units: int) -> Iterator[Due]:
    """Indicators in the order of their themes, in parts that fit into memory; those of sight together, as they share what is costly.

    Parameters
    ----------
    due : dict of str to (Theme, Measure)
    units : int
        How many each of them has numbers of.
    """
    sighted = {name: each for name, each in due.items() if isinstance(each[1], SIGHTED)}
    rest = sorted(((name, each) for name, each in due.items() if name not in sighted), key=lambda one: one[1][0].name)
    many = max(_FEWEST, _AT_ONCE // max(units, 1))
    for start in range(0, len(rest), many):
        yield dict(rest[start : start + many])
    if sighted:
        yield sighted


def measures_of(due: Due) -> dict[str, Measure]:
    """Names of indicators, and what they count."""
    return {name: measure for name, (_, measure) in due.items()}


def _write(connection: Connection, units: tree.Tree, day: date, due: Due, log: str = values.LOG) -> int:
    kept = newest.kept(connection, units, measures_of(due))
    return values.write(connection, units, day, counted(connection, units, due, kept), kept, log)


def declared() -> Due:
    """Every indicator that is kept, by the name of `values.kept_as`: the declared ones under each of their definitions,
    and the counts of rows and states of each theme."""
    found: Due = {}
    for theme in themes().values():
        for each in theme.indicators:
            name = f"{theme.name}.{each.name}"
            found |= {values.kept_as(name, own): (theme, each.reading(own).measure) for own in each.definitions}
        found |= {name: (theme, each) for name, each in contributions.extras(theme).items()}
    return found


def counted(connection: Connection, units: tree.Tree, due: Due, kept: Mapping[str, values.Kept]) -> dict[str, Counted]:
    """Count indicators from the rows that are current now.

    Parameters
    ----------
    connection : Connection
    units : Tree
    due : dict of str to (Theme, Measure)
        By the name they are kept under.
    kept : mapping of str to Kept
        What the log has of them; asked for only where `units` is a part of the ladder.

    Returns
    -------
    dict of str to Counted
    """
    done: dict[str, Counted] = {}
    for theme in {theme.name: theme for theme, _ in due.values()}.values():
        measures = {name: measure for name, (owner, measure) in due.items() if owner is theme}
        done |= contributions.counted(connection, units, theme, measures, kept)
    for name, (theme, each) in due.items():
        if isinstance(each, Reached):
            done[name] = near_blind.reached(connection, units, theme, each, kept[name])
    seen = {name: (theme, each) for name, (theme, each) in due.items() if isinstance(each, SIGHTED)}
    return done | coverage.covered(connection, units, seen, kept)
