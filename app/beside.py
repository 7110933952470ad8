"""What stands beside the numbers of a view: which of them are to be reviewed, and the same numbers of another day or unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.kept import Common
from app.view import View
from geodata import indicators, unit_log, units, usual
from geodata.door import Reader
from geodata.errors import UnknownUnit
from geodata.indicators import Figure
from geodata.measured import measured
from geodata.readings import Value
from geodata.units import Unit
from geodata.usual import Moved
from layers import indicator

ToReview = Mapping[tuple[str, str], Moved]
"""Indicator and unit -> the step that waits for somebody."""

MOST_DAYS, MOST_UNITS = 12, 16
"""Days and units that are offered to be laid beside."""

MOST_WATCHED = 400
"""Units whose history is read for a ranking."""


@dataclass(frozen=True, slots=True)
class Beside:
    """The same numbers elsewhere.

    Parameters
    ----------
    title : str
        The day, or the unit's name.
    figures : tuple of Figure
        In the order of the card.
    trend : tuple of (date, value)
        Of the indicator in view; empty where it is the same unit on another day.
    """

    title: str
    figures: tuple[Figure, ...]
    trend: tuple[tuple[date, float | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Offered:
    """What may be laid beside: days on which the indicator in view was measured, newest first, and units of the same parent."""

    days: tuple[date, ...]
    units: tuple[Unit, ...]


def to_review(reader: Reader, view: View, unit: Unit, values: tuple[Value, ...], common: Common) -> ToReview:
    """Numbers of the card, and of the units that are drawn, that are to be reviewed."""
    known, done = common("measured", lambda: measured(reader)), common("accepted days", lambda: usual.accepted_days(reader))
    every = [(name, indicator(name)[1].applied(view.definition)) for name in _names()]
    found = usual.of_log(unit_log.of_unit(reader, unit.code) or {}, every, unit.code, known, done)
    codes = [each.code for each in values if each.code != unit.code]
    if codes and len(codes) <= MOST_WATCHED:
        found |= usual.to_review(reader, [(view.counted, indicator(view.counted)[1].applied(view.definition))], codes, known, done)
    return {(name, code): step for (name, _, code), step in found.items()}


def _names() -> list[str]:
    from layers import themes

    return [f"{theme.name}.{each.name}" for theme in themes().values() for each in theme.indicators]


def beside(reader: Reader, view: View, unit: Unit) -> Beside | None:
    """The card of another day, or of another unit; None where there is neither.

    Raises
    ------
    UnknownUnit
        `against` is no day, and no unit.
    """
    if view.against is None:
        return None
    day = as_day(view.against)
    if day is not None:
        then = Reader(reader.connection, replace(reader.scope, day=day), reader.place)
        return Beside(day.isoformat(), indicators.card(then, unit.code, view.definition))
    other = units.unit(reader, view.against)
    trend = indicators.trend(reader, view.counted, other.code, view.definition)
    return Beside(other.name, indicators.card(reader, other.code, view.definition), trend)


def as_day(text: str) -> date | None:
    """A day, where the text is one: 2026-05-31. A code of eight digits or more is none."""
    try:
        return date.fromisoformat(text) if "-" in text else None
    except ValueError:
        return None


def offered(reader: Reader, unit: Unit, trend: tuple[tuple[date, float | None], ...], common: Common) -> Offered:
    """What may be laid beside a unit."""
    days = tuple(day for day, _ in reversed(trend))[1 : MOST_DAYS + 1]
    beside_it = common(f"below {unit.parent}", lambda: _below(reader, unit.parent))
    return Offered(days, tuple(each for each in beside_it if each.code != unit.code)[:MOST_UNITS])


def _below(reader: Reader, code: str | None) -> tuple[Unit, ...]:
    try:
        return units.children(reader, code) if code else ()
    except UnknownUnit:
        return ()
