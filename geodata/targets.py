"""How a unit stands to every target in force: its numbers read from the log of indicators, judged by `geodata.judging`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from geodata import documents
from geodata.door import Reader
from geodata.judging import Numbers, Standing, asked_of_unit, counts_units, judged, passes
from geodata.tallies import below, owned, tallied
from geodata.tally_books import Keep, booked
from geodata.target_ground import Ground, grounded
from geodata.unit_log import of_unit
from geodata.units import Unit
from geodata.values import is_by_survey, nothing
from layers._asked import Between, Simple, is_owed, one_by_one, parts, wanted
from layers._indicator import Density, Per, UnitsHaving
from layers._ladder import LEVEL_NAMES
from layers._target import Target


def standings(
    reader: Reader, unit: Unit, definition: str = "default", today: date | None = None, only: Iterable[Target] | None = None,
    ground: Ground | None = None, keep: Keep | None = None,
) -> tuple[Standing, ...]:
    """How a unit stands to each target in force, in the order of the documents.

    Parameters
    ----------
    reader : Reader
        Whose day counts.
    unit : Unit
        Of any level.
    definition : str
        Under which indicators are read that declare it; the others under their default.
    today : date, optional
        The day that deadlines are held against; the reader's day, else the clock's.
    only : iterable of Target, optional
        These and no others.
    ground : Ground, optional
        What the store says of all units alike, where it is known already.
    keep : Keep, optional
        Where tallies of all units of a level are kept between readers; without it the log is asked for those inside the unit alone.

    Returns
    -------
    tuple of Standing
        Never a zero that looks like a result: what is not known has the state "none", with its reason.
    """
    wanted_ = documents.targets() if only is None else tuple(only)
    known = _Known(reader, unit, ground or grounded(reader, definition, wanted_), keep)
    day = today or reader.scope.day or date.today()
    return tuple(_standing(known, each, day) for each in wanted_)


class _Known:
    """What the log has of one unit: read once for all targets, tallies of units below only where a rule asks for them."""

    def __init__(self, reader: Reader, unit: Unit, ground: Ground, keep: Keep | None = None) -> None:
        self.reader, self.unit, self.ground, self.keep = reader, unit, ground, keep
        self.applied, self.measures, self.days, self.lacks = ground.applied, ground.measures, ground.days, ground.lacks
        self.log = of_unit(reader, unit.code) or {}
        self.data = max((days[-1] for days in self.days.values()), default=None)


def _standing(known: _Known, target: Target, today: date) -> Standing:
    names = (known.unit.code, known.unit.name)
    found: list[tuple[Simple, Numbers, float | None]] = []
    for rule in parts(target.rule):
        units = counts_units(target, rule, known.unit.level, LEVEL_NAMES)
        asked = (1.0 if is_owed(rule) else wanted(rule)) if units else _asked_here(target, rule, known.unit.level, names)
        found.append((rule, _numbers(known, target, rule, units, asked), asked))
    return judged(target, documents.due(target), found, today, documents.done(target), known.data)


def _asked_here(target: Target, rule: Simple, level: str, names: Sequence[str]) -> float | None:
    """A unit that is judged by itself owes what each of them owes; a range is told as passed or not."""
    if one_by_one(rule) and not isinstance(rule, Between):
        return target.aim(rule.by).at_least if rule.by else None
    return asked_of_unit(target, rule, level, names)


def _numbers(known: _Known, target: Target, rule: Simple, units: str | None, asked: float | None) -> Numbers:
    """What is known for one part of a rule, or why nothing is."""
    if reason := _unknown(known, target, rule):
        return Numbers(reason=reason, units=units, lacks=known.lacks.get(rule.by or ""))
    assert rule.by is not None
    if units:
        return _tally(known, rule, rule.by, units)
    series = _series(known, rule, rule.by)
    day_value = series[-1]
    value = day_value[1]
    reason = _nothing(known, target, rule.by) if value is None else "quota" if asked is None else None
    return Numbers(
        value=value, numerator=day_value[2], denominator=day_value[3], series=tuple((day, each) for day, each, _, _ in series), reason=reason
    )


def _unknown(known: _Known, target: Target, rule: Simple) -> str | None:
    """Why an indicator says nothing of any unit."""
    if rule.by is None:
        return "file"
    if lacks := known.lacks.get(rule.by):
        return "field" if "." in lacks else "rows"
    if not known.days.get(rule.by):
        return "unmeasured"
    level = one_by_one(rule)
    return "level" if level and LEVEL_NAMES.index(known.unit.level) > LEVEL_NAMES.index(level) else None


def _nothing(known: _Known, target: Target, name: str) -> str:
    """Why a unit has no value although its indicator was measured."""
    if LEVEL_NAMES.index(known.unit.level) > LEVEL_NAMES.index(target.levels[1]):
        return "level"
    measure = known.measures[name]
    if is_by_survey(measure):
        return "survey"
    people = isinstance(measure, UnitsHaving) and measure.people_from or isinstance(measure, Density) and measure.per is Per.THOUSAND_PEOPLE
    return "people" if people and not known.unit.population else "nothing"


def _series(known: _Known, rule: Simple, name: str) -> list[tuple[date, float | None, float | None, float | None]]:
    """Value, numerator and denominator of the unit itself on each measured day, oldest first."""
    changes = known.log.get((name, known.applied[name]), ())
    held, at, found = nothing(known.measures[name]), 0, []
    for day in known.days[name]:
        while at < len(changes) and (changes[at].day or day) <= day:
            held, at = (changes[at].value, changes[at].numerator or 0.0, changes[at].denominator), at + 1
        found.append((day, *owned(rule, *held)))
    if isinstance(rule, Between) and rule.level:
        return [(day, None if value is None else float(bool(passes(rule, value))), n, d) for day, value, n, d in found]
    return found


def _tally(known: _Known, rule: Simple, name: str, level: str) -> Numbers:
    series = _tallied(known, rule, name, level)
    if not series or not series[-1][2]:
        return Numbers(reason="nothing", units=level)
    return Numbers(
        value=series[-1][1] / series[-1][2], numerator=series[-1][1], denominator=series[-1][2], units=level,
        series=tuple((day, passing / of if of else None) for day, passing, of in series),
    )


def _tallied(known: _Known, rule: Simple, name: str, level: str) -> list[tuple[date, int, int]]:
    """Out of the book of the rule where one is kept; the first who asks after a load makes it for all."""
    made = booked(known.reader, known.ground, known.keep, rule, name, level)
    if made is not None:
        return made.inside(known.unit.path)
    start = owned(rule, *nothing(known.measures[name]))[0]
    rows = below(known.reader, known.unit, level, name, known.applied[name], getattr(rule, "people_from", 0))
    return tallied(rule, rows, known.days[name], start)


def by_state(standings_: Iterable[Standing]) -> Mapping[str, int]:
    """How many targets are in each state."""
    found: dict[str, int] = defaultdict(int)
    for each in standings_:
        found[each.state] += 1
    return found
