"""Numbers that moved beyond their usual range after a load, and who accepted them.

A step is the difference between a number and the one of the measured day before. The usual range of a number's steps is
their median, and around it `WIDTH` times their median absolute deviation, scaled to the standard deviation of a normal
distribution (Rousseeuw & Croux 1993: 1.4826); never narrower than `ROOM`. A step outside of the
range of the steps before it is to be reviewed (待核) until somebody accepts it, or the number is back where it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from statistics import median

from geodata import loads
from geodata.door import Reader
from geodata.measured import Measured, measured
from geodata.prepared import prepared
from geodata.unit_log import Change, Log
from geodata.values import FOREVER
from layers import Text, indicator

WIDTH = 5.0
"""Deviations: a normal step leaves such a range once in 1.7 million; steps of data are not normal, hence so wide."""

SCALE = 1.4826

ROOM, ROOM_OF_SHARE = 0.1, 0.05
"""Smaller steps need nobody's eye: a tenth of a number, five points of a share."""

FEWEST = 20.0
"""A number of fewer rows, or a share of fewer, leaps with every single one of them: it is not watched."""

LEAST = 5
"""Steps before one that are needed to know what is usual."""

Series = Sequence[tuple[date, float | None]]


@dataclass(frozen=True, slots=True)
class Moved:
    """A step beyond the usual range.

    Parameters
    ----------
    day : date
        On which the number moved.
    before, now : float
        The number on the measured day before, and on this one.
    low, high : float
        Between which it would have been usual.
    """

    day: date
    before: float
    now: float
    low: float
    high: float

    def says(self) -> Text:
        """What there is to be reviewed, in one sentence."""
        told = f"{self.before:.4g} → {self.now:.4g}", f"{self.low:.4g}—{self.high:.4g}"
        return Text(f"{self.day} 由 {told[0]}，超出往常范围 {told[1]}", f"{self.day}: {told[0]}, beyond its usual range {told[1]}")


@dataclass(frozen=True, slots=True)
class Accepted:
    """Somebody has looked at a step and found it right.

    Parameters
    ----------
    indicator, definition, unit : str
    day : date
        Of the step.
    who, reason : str
    made : datetime
    """

    indicator: str
    definition: str
    unit: str
    day: date
    who: str
    reason: str
    made: datetime


def usual(steps: Sequence[float], least: float) -> tuple[float, float] | None:
    """Between which a further step is usual; None where too few are known.

    Parameters
    ----------
    steps : sequence of float
    least : float
        The range reaches at least so far from the middle.
    """
    if len(steps) < LEAST:
        return None
    middle = median(steps)
    spread = SCALE * median(abs(each - middle) for each in steps)
    room = max(WIDTH * spread, least)
    return middle - room, middle + room


def moved(series: Series, accepted: Sequence[date] = (), share: bool = False) -> Moved | None:
    """The last step beyond the usual range that nobody has accepted; None where there is none, or the number came back.

    Parameters
    ----------
    series : sequence of (date, float or None)
        Each measured day, oldest first.
    accepted : sequence of date
        Days whose steps were accepted; with them everything before.
    share : bool
        Whether the number is a share of 1.
    """
    known = [(day, value) for day, value in series if value is not None]
    steps: list[float] = []
    found: Moved | None = None
    for (_, before), (day, now) in pairwise(known):
        span = usual(steps, ROOM_OF_SHARE if share else ROOM * abs(before))
        if found and found.low <= now <= found.high:
            found = None  # it is back where it was
        elif span and not before + span[0] <= now <= before + span[1] and not any(each >= day for each in accepted):
            found = Moved(day, before, now, before + span[0], before + span[1])
        steps.append(now - before)
    return found


AcceptedDays = Mapping[tuple[str, str, str], Sequence[date]]
"""Indicator, definition and unit -> the days whose steps somebody has accepted."""


Found = dict[tuple[str, str, str], Moved]
"""Indicator, definition and unit -> the step that is to be reviewed."""

_OF_ALL, _OF_SOME = (
    prepared(
        f"""SELECT i.indicator, i.definition, i.unit, i.day, i.value, i.numerator, i.denominator FROM onemap.indicators i
            JOIN unnest(:names, :definitions) AS n(indicator, definition) USING (indicator, definition)
            WHERE {which} i.day <= :day ORDER BY i.day""",  # noqa: S608 - constants
        {}, names=list, definitions=list, codes=list, day=date,
    )
    for which in ("", "i.unit = ANY(:codes) AND")
)  # fmt: skip


def to_review(
    reader: Reader, names: Sequence[tuple[str, str]], codes: Sequence[str] | None, known: Measured | None = None, done: AcceptedDays | None = None
) -> Found:
    """Numbers of units that are to be reviewed, by indicator, definition and unit.

    Parameters
    ----------
    reader : Reader
        Whose day counts.
    names : sequence of (str, str)
        Indicators and definitions.
    codes : sequence of str or None
        Units; None for all of them.
    known : Measured, optional
        All measurements, where they are known already.
    done : AcceptedDays, optional
        As of `accepted_days`, likewise.
    """
    asked = {"names": [each for each, _ in names], "definitions": [own for _, own in names], "day": reader.scope.day or FOREVER, "codes": codes}
    changes: dict[tuple[str, str, str], list[Change]] = defaultdict(list)
    for name, definition, *change in reader.often(_OF_ALL if codes is None else _OF_SOME, **asked):
        changes[name, definition, change[0]].append(Change._make(change))
    return _moved(changes, known or measured(reader), accepted_days(reader, codes) if done is None else done)


def of_log(log: Log, names: Iterable[tuple[str, str]], code: str, known: Measured, done: AcceptedDays) -> Found:
    """The same for one unit whose log was read.

    Parameters
    ----------
    log : Log
    names : iterable of (str, str)
        Indicators and definitions.
    code : str
        Of the unit.
    known : Measured
    done : AcceptedDays
    """
    return _moved({(*each, code): log[each] for each in names if each in log}, known, done)


def _moved(changes: Mapping[tuple[str, str, str], Sequence[Change]], known: Measured, done: AcceptedDays) -> Found:
    """Few series have as many steps and rows as it takes; the others are not looked at."""
    found: Found = {}
    for key, each in changes.items():
        days, values = known.days(key[0], key[1]), [(one.day, _watched(one)) for one in each if one.day]
        if len(days) + len(values) < LEAST + 2 or all(value is None for _, value in values):
            continue
        if step := moved(_filled(values, days), done.get(key, ()), _share(key[0])):
            found[key] = step
    return found


def _watched(change: Change) -> float | None:
    of = change.numerator if change.denominator is None else change.denominator
    return change.value if (of or 0.0) >= FEWEST else None


def _share(name: str) -> bool:
    return indicator(name)[1].format.value == "percent"


def _filled(changes: Series, days: Sequence[date]) -> Series:
    """A value holds from its day until the next one; days before the first have none."""
    held: Mapping[date, float | None] = dict(changes)
    filled: list[tuple[date, float | None]] = []
    last: float | None = None
    for day in sorted({*days, *held}):
        last = held.get(day, last)
        filled.append((day, last))
    return filled


def accepted_days(reader: Reader, codes: Sequence[str] | None = None) -> AcceptedDays:
    """The days of steps that were accepted, of some units (None: of all)."""
    found: dict[tuple[str, str, str], list[date]] = defaultdict(list)
    for each in accepted(reader, codes):
        found[each.indicator, each.definition, each.unit].append(each.day)
    return found


def accepted(reader: Reader, codes: Sequence[str] | None = None) -> tuple[Accepted, ...]:
    """What was accepted of some units (None: of all), newest first."""
    question = """SELECT indicator, definition, unit, day, who, reason, made FROM onemap.accepted
        WHERE CAST(:codes AS text[]) IS NULL OR unit = ANY(CAST(:codes AS text[])) ORDER BY made DESC"""
    return tuple(Accepted(**row) for row in reader.all(question, codes=codes))


def accept(reader: Reader, name: str, definition: str, code: str, who: str, reason: str) -> Moved | None:
    """Accept a number of a unit as it stands.

    Parameters
    ----------
    reader : Reader
        That may write (`geodata.writing`).
    name, definition, code : str
    who, reason : str
        Kept with it.

    Returns
    -------
    Moved or None
        What was accepted; None where nothing was to be reviewed, and nothing is written.
    """
    step = to_review(reader, [(name, definition)], [code]).get((name, definition, code))
    if step is None:
        return None
    question = """INSERT INTO onemap.accepted (indicator, definition, unit, day, who, reason, made)
        VALUES (:name, :definition, :code, :day, :who, :reason, clock_timestamp()) ON CONFLICT DO NOTHING RETURNING day"""
    reader.all(question, name=name, definition=definition, code=code, day=step.day, who=who, reason=reason)
    loads.mark(reader.connection, "accepted", loads.next_id(reader.connection))  # pages that stand open are shown anew
    return step
