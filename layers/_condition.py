"""Conditions: which rows of a theme are meant, by what their fields say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Is:
    """Rows whose field holds one of the values."""

    field: str
    values: tuple[str | bool, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """Rows whose number lies in a closed range; None leaves an end open."""

    field: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Within:
    """Rows in which one day comes at most so many days after another, and not before it: solved within 7 days of its report.

    Notes
    -----
    With `earlier` it may come before: filed not after it was due.
    """

    first: str
    then: str
    days: int = 0
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class Less:
    """Rows in which one number is smaller than another: fewer cases than the year before."""

    field: str
    than: str


@dataclass(frozen=True, slots=True)
class Quotient:
    """Rows in which the quotient of two numbers lies in a closed range: people per cleaner; none where it divides by 0."""

    field: str
    by: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Rows that meet at least one of the conditions."""

    conditions: tuple[Is | Between | Within | Less | Quotient, ...]


Condition = Is | Between | Within | Less | Quotient | AnyOf
Where = tuple[Condition, ...]
"""All of these together: a checklist of one row."""


def fields_of(condition: Condition) -> tuple[str, ...]:
    """The fields that a condition looks at."""
    if isinstance(condition, AnyOf):
        return tuple(name for each in condition.conditions for name in fields_of(each))
    if isinstance(condition, Within):
        return (condition.first, condition.then)
    if isinstance(condition, Less):
        return (condition.field, condition.than)
    return (condition.field, condition.by) if isinstance(condition, Quotient) else (condition.field,)
