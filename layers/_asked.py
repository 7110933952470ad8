"""Rules of targets: the closed list of ways in which a policy asks something of an indicator.

Three things are judged: a unit's own value (`ShareAtLeast`, `Milestone`, `PerPeriod` with a share), a number that units of
one level owe (`CountAtLeast`, `PerPeriod` without a share), and the units of a level one by one (`EachAtLeast`, `UnitsAtLeast`, `Between` with a level), of
which those that pass are counted. `AllOf` asks for several at once.
"""

from __future__ import annotations

from dataclasses import dataclass

from layers._indicator import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What one unit owes of a number that a higher unit has shared out.

    Parameters
    ----------
    unit : str
        Its name in the document, or its code.
    at_least : float
        Its part.
    remark : str
        What the table says beside it.
    """

    unit: str
    at_least: float
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareAtLeast:
    """A unit's own share (or quotient) reaches a value; rows and units are pooled, never averaged."""

    by: str | None = None
    at_least: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CountAtLeast:
    """Each unit of the target's own level has a number of them; units below it owe only what a quota says.

    Notes
    -----
    `units` judges the numerator of an indicator that is a share of units: the number of units that have something.
    """

    by: str | None = None
    at_least: float
    units: bool = False
    quotas: tuple[Quota, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EachAtLeast:
    """Every unit of a level reaches a value by itself; the number is the units that pass."""

    by: str | None = None
    at_least: float
    level: str
    people_from: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsAtLeast:
    """A share of the units of a level reaches a value (`reach`)."""

    by: str | None = None
    reach: float
    at_least: float
    level: str
    people_from: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Units whose number lies in a closed range.

    Notes
    -----
    With a `level` its units are judged one by one; without one the indicator is itself the share of those in range.
    """

    by: str | None = None
    low: float
    high: float
    at_least: float = 1.0
    level: str | None = None
    people_from: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """Something is done by a day, or not. A city may also state the day on which it was done (`geodata.documents`)."""

    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PerPeriod:
    """Something happens so many times in each period.

    Notes
    -----
    With a `share` the indicator is the share of units that kept to it; without, the number in the period itself.
    """

    by: str | None = None
    times: float
    every: Period
    share: float | None = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """Every one of several rules; the number is those that are met."""

    parts: tuple[Simple, ...]


Simple = ShareAtLeast | CountAtLeast | EachAtLeast | UnitsAtLeast | Between | Milestone | PerPeriod
Rule = Simple | AllOf


def parts(rule: Rule) -> tuple[Simple, ...]:
    """The simple rules of a rule: itself, or those of a list."""
    return rule.parts if isinstance(rule, AllOf) else (rule,)


def wanted(rule: Simple) -> float:
    """What the number that is judged must reach: a share from 0 to 1, or a count."""
    match rule:
        case EachAtLeast() | Milestone():
            return 1.0
        case PerPeriod():
            return rule.times if rule.share is None else rule.share
        case _:
            return rule.at_least


def unit_ends(rule: Simple) -> tuple[float | None, float | None]:
    """Lowest and highest value of the indicator with which one unit passes, in the indicator's own unit."""
    match rule:
        case UnitsAtLeast():
            return rule.reach, None
        case Between(level=str()):
            return rule.low, rule.high
        case EachAtLeast():
            return rule.at_least, None
        case _:
            return wanted(rule), None


def is_owed(rule: Simple) -> bool:
    """Whether a rule asks a number of each unit of the target's own level, of which a unit below owes only what a quota says."""
    return isinstance(rule, CountAtLeast) or isinstance(rule, PerPeriod) and rule.share is None


def one_by_one(rule: Simple) -> str | None:
    """The level whose units are judged one by one; None where a unit's own number is judged."""
    return getattr(rule, "level", None)


def told(rule: Rule) -> tuple[float, ...]:
    """Every number that the document itself names, as fractions, counts and yuan; for comparing with the document."""
    found: list[float] = []
    for part in parts(rule):
        match part:
            case UnitsAtLeast():
                found += [part.reach, part.at_least]
            case Between():
                found += [part.low, part.high]
            case PerPeriod():
                found.append(part.times)
            case Milestone():
                pass
            case _:
                found.append(part.at_least)
    return tuple(found)
