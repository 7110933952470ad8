"""What the indicators say of one unit: its card, and each of them through the days; of many units see `geodata.readings`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from geodata import unit_log
from geodata.documents import aimed_at, aims_of
from geodata.door import Reader
from geodata.errors import UnknownUnit
from geodata.measured import Measured, measured
from geodata.readings import UNKNOWN, Numbers, known_of
from geodata.unit_log import Change, Log
from geodata.values import nothing
from layers import Indicator, indicator, themes
from layers._indicator import Measure
from layers._target import Aim, Target

# A value that misses its threshold by at most this share of it is near.
NEAR = 0.05


@dataclass(frozen=True, slots=True)
class Judged:
    """A target and how a value stands to it.

    Parameters
    ----------
    target : Target
        As declared.
    state : {'met', 'near', 'missed', 'none'}
        `near` misses by at most 5 % of the threshold; `none`: there is no value.
    aim : Aim
        What it asks of this indicator in any unit.
    """

    target: Target
    state: str
    aim: Aim


@dataclass(frozen=True, slots=True)
class Read:
    """One indicator of one unit under one definition.

    Parameters
    ----------
    definition : str
    value, numerator, denominator : float or None
        See `Value`.
    state : str
        Of its worst target, as of `Judged`.
    """

    definition: str
    value: float | None
    numerator: float | None
    denominator: float | None
    state: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator of one unit, for its card.

    Parameters
    ----------
    indicator : str
        "theme.name".
    value, numerator, denominator : float or None
        See `Value`.
    day : date or None
        The newest day on which the indicator was measured; None when it never was, or says nothing.
    targets : tuple of Judged
        Every target in force that asks something of it in any unit.
    definition : str
        Under which it was counted: the one asked for where the indicator declares it, else the default.
    readings : tuple of Read
        The same number under every definition that the indicator declares; the default alone is one too.
    lacks : str, optional
        The theme without a row, or "theme.field" without a value, for want of which nothing can be said.
    """

    indicator: str
    value: float | None
    numerator: float | None
    denominator: float | None
    day: date | None
    targets: tuple[Judged, ...]
    definition: str = "default"
    readings: tuple[Read, ...] = ()
    lacks: str | None = None

    @property
    def state(self) -> str:
        """The worst state of its targets; 'none' when it has none."""
        return worst(aims_of(self.indicator), self.value)

    @property
    def declared(self) -> Indicator:
        """The declaration."""
        return indicator(self.indicator)[1]


_ORDER = ("none", "met", "near", "missed")


def state(target: Aim, value: float | None) -> str:
    """How a value stands to what is asked of it: 'met', 'near' (missed by at most 5 % of the threshold), 'missed', 'none'."""
    if value is None:
        return "none"
    if target.met_by(value):
        return "met"
    low = target.at_least is None or value >= target.at_least - NEAR * abs(target.at_least)
    high = target.at_most is None or value <= target.at_most + NEAR * abs(target.at_most)
    return "near" if low and high else "missed"


def worst(aims: Iterable[Aim], value: float | None) -> str:
    """How a value stands to all that is asked of it (`documents.aims_of`): the worst state; 'none' when nothing is."""
    return max((state(each, value) for each in aims), key=_ORDER.index, default="none")


def of_former(reader: Reader, code: str, definition: str = "default") -> tuple[Figure, ...]:
    """Every declared indicator of a unit that stands no more, as it was on the reader's day; see `former.unit`."""
    return _card(unit_log.of_former(reader, code), measured(reader), definition)


def card(reader: Reader, code: str, definition: str = "default", known: Measured | None = None) -> tuple[Figure, ...]:
    """Every declared indicator of a unit, in the order of the declarations, with how it stands to its targets.

    Parameters
    ----------
    reader : Reader
    code : str
        Of the unit.
    definition : str
        The default counts for indicators that do not declare it.
    known : Measured, optional
        All measurements, where they are known already.

    Raises
    ------
    UnknownUnit
        There is no such unit in the reader's area.
    """
    log = unit_log.of_unit(reader, code)
    if log is None:
        raise UnknownUnit(code)
    return _card(log, known or measured(reader), definition)


def _card(log: Log, known: Measured, definition: str) -> tuple[Figure, ...]:
    """The figures of the one unit whose log it is."""
    declared = {f"{theme.name}.{each.name}": each for theme in themes().values() for each in theme.indicators}
    return tuple(_figure(name, each, definition, log, known) for name, each in declared.items())


def _figure(name: str, declared: Indicator, definition: str, log: Log, known: Measured) -> Figure:
    readings, own, asked = [], declared.applied(definition), aimed_at(name)
    aims = [aim for _, aim in asked]
    for each in declared.definitions:
        said = known.newest(name, each)[0] is not None
        numbers = _last(log.get((name, each), ()), declared.reading(each).measure) if said else UNKNOWN
        readings.append(Read(each, *numbers, worst(aims, numbers[0])))
    shown = next(each for each in readings if each.definition == own)
    judged = tuple(Judged(target, state(aim, shown.value), aim) for target, aim in asked)
    day, lacks = known.newest(name, own)
    return Figure(name, shown.value, shown.numerator, shown.denominator, day, judged, own, tuple(readings), lacks)


def _last(changes: Sequence[Change], measure: Measure) -> Numbers:
    """What the last change of a unit says; of one in which nothing was ever counted, what that measure says of nothing."""
    return known_of(*changes[-1][2:]) if changes else nothing(measure)


def trend(
    reader: Reader, name: str, code: str, definition: str = "default", known: Measured | None = None
) -> tuple[tuple[date, float | None], ...]:
    """An indicator of a unit on each day on which it was measured, oldest first. `known`: all measurements, where they are known already.

    Raises
    ------
    DeclarationError
        There is no such indicator.
    UnknownUnit
        There is no such unit in the reader's area.
    """
    declared = indicator(name)[1]
    own = declared.applied(definition)
    log = unit_log.of_unit(reader, code)
    if log is None:
        raise UnknownUnit(code)
    changes, measure = log.get((name, own), ()), declared.reading(own).measure
    days = [each.day or date.min for each in changes]

    def then(day: date) -> float | None:
        """The value that held on a day."""
        return _last(changes[: bisect_right(days, day)], measure)[0]

    return tuple((each.day, None if each.lacks else then(each.day)) for each in (known or measured(reader)).of(name, own))
