"""How a number stands to a target: pure, from the numbers of one unit and the day on which it is asked.

A target is met, missed (its last day is over), on course (where a straight line from the first measured day to the
deadline would be, or better), behind, or there is no data, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from layers._asked import Simple, is_owed, one_by_one, unit_ends, wanted
from layers._target import Deadline, Target

STATES = ("met", "course", "behind", "missed", "none")
"""Best first; `none` is no state to be in: nothing is known."""

REASONS = ("file", "rows", "field", "unmeasured", "people", "households", "survey", "nothing", "level", "quota")
"""Why there is no state: no indicator and which file would fill it; a theme without rows; a field without values; not measured up to the day; nobody has
counted the people, or the households; nobody surveyed the ground; nothing to divide by; a unit below the level; no quota for this unit."""

Point = tuple[date, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What is known of one unit for one part of a rule.

    Parameters
    ----------
    value : float or None
        What is held against the rule, on the day: a share of units that pass, or the unit's own value.
    numerator, denominator : float or None
        What was counted, of what.
    series : tuple of (date, value)
        The same on each measured day, oldest first.
    units : str, optional
        The level whose units were counted; None for the unit's own value.
    reason : str, optional
        One of `REASONS`, where there is no value.
    lacks : str, optional
        With the reasons "rows" and "field": which theme, or "theme.field".
    """

    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    series: tuple[Point, ...] = ()
    units: str | None = None
    reason: str | None = None
    lacks: str | None = None

    @property
    def first(self) -> tuple[date, float] | None:
        """The first day with a value."""
        return next(((day, value) for day, value in self.series if value is not None), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How one unit stands to one part of a target's rule.

    Parameters
    ----------
    rule : Simple
    numbers : Numbers
    asked : float or None
        What the value must reach in this unit; None where it owes nothing by itself.
    state : str
        One of `STATES`.
    expected : float or None
        Where the straight line from the first day to the deadline is now.
    """

    rule: Simple
    numbers: Numbers
    asked: float | None
    state: str
    expected: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one unit stands to one target.

    Parameters
    ----------
    target : Target
    due : Deadline
        As the city has it: with its masked year filled in.
    state : str
        One of `STATES`.
    parts : tuple of Verdict
        One for each simple rule.
    """

    target: Target
    due: Deadline
    state: str
    parts: tuple[Verdict, ...]

    @property
    def reason(self) -> str | None:
        """Why there is no state, or no number; one of `REASONS`."""
        return next((each.numbers.reason for each in self.parts if each.numbers.reason), None) if self.state == "none" else None


def expected(first: tuple[date, float] | None, on: date | None, asked: float, today: date) -> float | None:
    """The straight line from the first measured day to the deadline, on a day; None where there is no line.

    Parameters
    ----------
    first : (date, float) or None
    on : date or None
        The deadline.
    asked : float
        What must be reached by then.
    today : date

    Returns
    -------
    float or None
        `asked` from the deadline on, and where the first day is not before the deadline.
    """
    if on is None or first is None:
        return None
    began, value = first
    if today >= on or began >= on:
        return asked
    share = max((today - began).days, 0) / (on - began).days
    return value + (asked - value) * share


def state(
    value: float | None, asked: float | None, on: date | None, today: date, first: tuple[date, float] | None, data: date | None = None
) -> str:
    """The state of a value that has to reach `asked` by a day; both ends count as reached, the last day is still in time.

    The line is read on the day of the newest data (`data`): a number of October is not held against November.
    """
    if value is None or asked is None:
        return "none"
    if value >= asked:
        return "met"
    if on is None:
        return "behind"
    if today > on:
        return "missed"
    line = expected(first, on, asked, min(today, data or today))
    return "course" if line is None or value >= line else "behind"


def together(states: Iterable[str]) -> str:
    """The state of a rule that asks for all of several: the worst one; unknown where one is unknown and no other fails."""
    held = set(states)
    for each in ("missed", "behind", "course", "none"):
        if each in held:
            return each
    return "met"


def passes(rule: Simple, value: float | None) -> bool | None:
    """Whether one unit of the level that is judged one by one passes; None where its value is unknown."""
    if value is None:
        return None
    low, high = unit_ends(rule)
    return (low is None or value >= low) and (high is None or value <= high)


def asked_of_unit(target: Target, rule: Simple, level: str, names: Sequence[str]) -> float | None:
    """What the number of a unit must reach; None where a number is owed by a higher level and not shared out.

    Parameters
    ----------
    target : Target
    rule : Simple
    level : str
        Of the unit.
    names : sequence of str
        Its code and name, by which quotas are found.
    """
    if not is_owed(rule):
        return wanted(rule)
    quota = next((each.at_least for each in getattr(rule, "quotas", ()) if each.unit in names), None)
    return quota if quota is not None else wanted(rule) if level == target.levels[0] else None


def counts_units(target: Target, rule: Simple, level: str, ranks: Sequence[str]) -> str | None:
    """The level whose units are judged one by one for a unit of `level`; None where its own value is judged.

    Parameters
    ----------
    target : Target
    rule : Simple
    level : str
    ranks : sequence of str
        Levels, top first.
    """
    own = target.levels[0] if is_owed(rule) else one_by_one(rule)
    return own if own and ranks.index(level) < ranks.index(own) else None


def judged(
    target: Target, due: Deadline, parts: Sequence[tuple[Simple, Numbers, float | None]], today: date, done: date | None = None, data: date | None = None
) -> Standing:
    """The standing of a unit, of its numbers.

    Parameters
    ----------
    target : Target
    due : Deadline
    parts : sequence of (Simple, Numbers, float or None)
        Each part of the rule with its numbers and what they must reach (share of units: 1.0 for every one).
    today : date
        The day on which it is asked.
    done : date, optional
        The day on which the city says that it was done.
    data : date, optional
        The day of the newest data; the straight line is read there.
    """
    verdicts = tuple(_verdict(rule, numbers, asked, due.on, today, data) for rule, numbers, asked in parts)
    if done is not None and done <= today:
        return Standing(target=target, due=due, state="met", parts=verdicts)
    return Standing(target=target, due=due, state=together(each.state for each in verdicts), parts=verdicts)


def _verdict(rule: Simple, numbers: Numbers, asked: float | None, on: date | None, today: date, data: date | None) -> Verdict:
    found = state(numbers.value, asked, on, today, numbers.first, data)
    line = None if found == "none" or asked is None else expected(numbers.first, on, asked, min(today, data or today))
    return Verdict(rule=rule, numbers=numbers, asked=asked, state=found, expected=line)
