"""Numbers that moved beyond their usual range after a load, and who accepted them.

A step is the difference between a number and the one of the measured day before. The usual range of a number's steps is
their median, and around it `WIDTH` times their median absolute deviation, scaled to the standard deviation of a normal
distribution (Rousseeuw & Croux 1993: 1.4826); never narrower than `ROOM`. A step outside of the
range of the steps before it is to be reviewed (待核) until somebody accepts it, or the number is back where it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from statistics import median
from typing import Any

from geodata import loads
from geodata.door import Reader
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


Days = Mapping[tuple[str, str], Sequence[date]]
"""Indicator and definition -> the days on which it was measured, oldest first."""

AcceptedDays = Mapping[tuple[str, str, str], Sequence[date]]
"""Indicator, definition and unit -> the days whose steps somebody has accepted."""


def to_review(
    reader: Reader, names: Sequence[tuple[str, str]], codes: Sequence[str] | None, days: Days | None = None, done: AcceptedDays | None = None
) -> dict[tuple[str, str, str], Moved]:
    """Numbers of units that are to be reviewed, by indicator, definition and unit.

    Parameters
    ----------
    reader : Reader
        Whose day counts.
    names : sequence of (str, str)
        Indicators and definitions.
    codes : sequence of str or None
        Units; None for all of them.
    days : Days, optional
        As of `measured_days`, where they are known already.
    done : AcceptedDays, optional
        As of `accepted_days`, likewise.
    """
    day = reader.scope.day or FOREVER
    days = measured_days(reader) if days is None else days
    asked: dict[str, Any] = {"names": [each for each, _ in names], "definitions": [own for _, own in names], "day": day, "codes": codes}
    question = """SELECT i.indicator, i.definition, i.unit, i.day, i.value, coalesce(i.denominator, i.numerator) AS "of" FROM onemap.indicators i
        JOIN unnest(CAST(:names AS text[]), CAST(:definitions AS text[])) AS n(indicator, definition) USING (indicator, definition)
        WHERE (CAST(:codes AS text[]) IS NULL OR i.unit = ANY(CAST(:codes AS text[]))) AND i.day <= :day ORDER BY 1, 2, 3, 4"""
    changes: dict[tuple[str, str, str], list[tuple[date, float | None]]] = defaultdict(list)
    for row in reader.all(question, **asked):
        many = (row["of"] or 0.0) >= FEWEST
        changes[row["indicator"], row["definition"], row["unit"]].append((row["day"], row["value"] if many else None))
    done = accepted_days(reader, codes) if done is None else done
    found = {key: moved(_filled(each, days.get(key[:2], [])), done.get(key, ()), _share(key[0])) for key, each in changes.items()}
    return {key: each for key, each in found.items() if each is not None}


def _share(name: str) -> bool:
    return indicator(name)[1].format.value == "percent"


def measured_days(reader: Reader) -> Days:
    """The days up to the reader's on which each indicator was measured under each definition."""
    day = reader.scope.day or FOREVER
    found: dict[tuple[str, str], list[date]] = defaultdict(list)
    for row in reader.all("SELECT indicator, definition, day FROM onemap.measured WHERE day <= :day ORDER BY day", day=day):
        found[row["indicator"], row["definition"]].append(row["day"])
    return found


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
