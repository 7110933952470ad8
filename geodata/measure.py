"""Measure: every declared indicator of every unit, after a load."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from geodata import contributions, coverage, near_blind, newest, places, reach, tree, values, waiting, watch
from geodata.audit import kept as audits
from geodata.lacking import lacking
from geodata.values import Counted
from layers import themes
from layers._indicator import Density, Measure, NearBlind, Reached, Seen, SeenGround, Together, UnitsHaving, UnitsSum
from layers._theme import Theme

Due = dict[str, tuple[Theme, Measure]]
Basis = dict[str, int | None]
"""Parts that an indicator stands on -> their versions."""


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
    connection: Connection, day: date, touched: Mapping[str, Collection[str]] | None = None, only: Collection[str] | None = None
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
        written += sum(_write(connection, units, plan.day, share) for share in shares(plan.whole, len(units)))
    for paths, due in plan.parts.items():
        units = tree.part(connection, paths)
        written += sum(_write(connection, units, plan.day, share) for share in shares(due, len(units)) if len(units))
    every = declared()
    _sign(connection, plan.day, plan.bases, lacking(connection, {name: every[name] for name in plan.bases}))
    return Measured(plan.day, tuple(plan.bases), written, audited)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What has to be measured, and what it stands on: some indicators in every unit, others only in units of some paths."""

    day: date
    whole: Due
    parts: dict[frozenset[str], Due]
    bases: dict[str, Basis]


def _planned(connection: Connection, day: date, touched: Mapping[str, Collection[str]] | None, only: Collection[str] | None) -> _Plan:
    every = {name: each for name, each in declared().items() if only is None or name in only}
    before, newest = _bases(connection)
    versions = {row[0]: row[1] for row in connection.execute(text("SELECT theme, version FROM onemap.versions"))}
    bases = {name: {part: versions.get(part) for part in _basis(*each)} for name, each in every.items()}
    stale = set(themes()) if touched is None else set(touched)
    due = {name: each for name, each in every.items() if bases[name].keys() & stale or bases[name] != before.get(name)}
    found: dict[str, frozenset[str] | None] = dict.fromkeys(due)
    if touched is not None:
        waits = waiting.read(connection)
        unknown = stale - waits.paths.keys()
        for name, each in due.items():
            if not unknown & bases[name].keys():
                found[name] = _reached(connection, each[1], _paths(*each, before.get(name), bases[name], waits))
    whole = {name: each for name, each in due.items() if _is_many(found[name])}
    parts: dict[frozenset[str], Due] = {}
    for name, paths in found.items():
        if name not in whole and paths is not None:
            parts.setdefault(paths, {})[name] = due[name]
    return _Plan(max(day, newest or day), whole, parts, {name: bases[name] for name in due})


def _is_many(paths: frozenset[str] | None) -> bool:
    return paths is None or len(paths) > waiting.MOST


def _paths(
    theme: Theme, measure: Measure, before: Basis | None, now: Basis, waits: waiting.Waiting
) -> frozenset[str] | None:
    """Units whose own numbers of one indicator may differ since it was measured; None when that is not known."""
    if before is None or before.keys() != now.keys() or values.is_by_survey(measure):
        return None
    if any(before[part] != now[part] for part in now if part == "ladder" or _on_units(theme, part)):
        return None
    if isinstance(measure, (UnitsHaving, Together)) and _elsewhere(measure, before[theme.name]):
        return None
    rows = waits.of(theme.name, before[theme.name], now[theme.name])
    if not isinstance(measure, SIGHTED):
        return rows
    seer = coverage.seer(theme, measure).name
    if isinstance(measure, NearBlind):
        return _around(seer, before, now, waits)
    sights = waits.paths.get(f"{seer}.sights", None if seer in waits.paths else frozenset())
    if rows is None or sights is None or waits.of(seer, before[seer], now[seer]) is None:
        return None
    return rows | sights if isinstance(measure, Seen) else sights


def _reached(connection: Connection, measure: Measure, paths: frozenset[str] | None) -> frozenset[str] | None:
    """The same units, and those into which rows that stand in them reach."""
    if isinstance(measure, Reached) and paths:
        return frozenset(reach.beside_units(connection, paths, measure.metres))
    return paths


def _elsewhere(measure: UnitsHaving | Together, before: int | None) -> bool:
    """Whether rows change numbers of units in which they do not stand: they reach further, or are the theme's first."""
    return before is None or (isinstance(measure, UnitsHaving) and measure.reaches)


def _around(seer: str, before: Basis, now: Basis, waits: waiting.Waiting) -> frozenset[str] | None:
    """Units near sights, or near places to be seen, that changed; None when that is not known."""
    parts = {seer, *_watched(seer)}
    if any(waits.of(part, before[part], now[part]) is None for part in parts):
        return None
    return waits.paths.get(f"{seer}.around", None if parts & waits.paths.keys() else frozenset())


SIGHTED = (Seen, SeenGround, NearBlind)
"""Measures of `geodata.coverage`."""


def _watched(seer: str) -> set[str]:
    """Themes whose rows those of a theme ought to see."""
    return {each.name for each, _ in places.wanted(themes()[seer])}


def _on_units(theme: Theme, part: str) -> bool:
    """Whether a theme's rows are units: numbers of units follow from the whole ladder."""
    return part in themes() and themes()[part].rung is not None


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


def _write(connection: Connection, units: tree.Tree, day: date, due: Due) -> int:
    kept = newest.kept(connection, units, measures_of(due))
    return values.write(connection, units, day, counted(connection, units, due, kept), kept)


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


def _basis(theme: Theme, measure: Measure) -> set[str]:
    """Themes whose loads an indicator stands on; "ladder" stands for the units themselves."""
    by = {measure.by} if isinstance(measure, Seen) else set()
    people = {each.name for each in themes().values() if each.rung}
    on_units = isinstance(measure, (Density, SeenGround, NearBlind, Reached, UnitsHaving, Together, UnitsSum))
    cutting = {each.name for each in watch.obstacles()} if isinstance(measure, SIGHTED) else set()
    watched = _watched(theme.name) if isinstance(measure, NearBlind) else set()
    under = set(theme.left_by.minus) if theme.left_by and values.is_by_survey(measure) else set()
    return {theme.name, "ladder"} | by | cutting | watched | under | (people if on_units else set())


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


def _bases(connection: Connection) -> tuple[dict[str, Basis], date | None]:
    """What each indicator was last measured on, and the newest day of all."""
    question = """SELECT DISTINCT ON (indicator, definition) indicator, definition, basis, day FROM onemap.measured
        ORDER BY indicator, definition, day DESC"""
    rows = connection.execute(text(question)).all()
    bases = {values.kept_as(row.indicator, row.definition): row.basis for row in rows}
    return bases, max((row.day for row in rows), default=None)


def _sign(connection: Connection, day: date, bases: dict[str, Basis], lacks: Mapping[str, str | None]) -> None:
    if not bases:
        return
    named = [(*values.parted(name), json.dumps(basis), lacks[name]) for name, basis in bases.items()]
    signed = [{"name": name, "definition": own, "day": day, "basis": basis, "lacks": lack} for name, own, basis, lack in named]
    connection.execute(
        text("""INSERT INTO onemap.measured (indicator, definition, day, basis, lacks, made)
            VALUES (:name, :definition, :day, CAST(:basis AS jsonb), :lacks, clock_timestamp())
            ON CONFLICT (indicator, definition, day) DO UPDATE SET basis = excluded.basis, lacks = excluded.lacks, made = excluded.made"""),
        signed,
    )
