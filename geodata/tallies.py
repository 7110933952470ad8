"""Questions to the log of indicators that targets ask of many units: how many of a level pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from geodata.door import Reader
from geodata.judging import passes
from geodata.readings import Numbers
from geodata.unit_log import Change
from geodata.units import BELOW, INSIDE, Unit
from geodata.values import FOREVER, LATEST_OF
from layers._asked import CountAtLeast, Simple


def owned(rule: Simple, value: float | None, numerator: float | None, denominator: float | None) -> tuple[float | None, float | None, float | None]:
    """What a rule holds against a threshold: the value, or the number of units where it counts them."""
    if isinstance(rule, CountAtLeast) and rule.units:
        return numerator or 0.0, numerator, denominator
    return value, numerator, denominator


def below(reader: Reader, above: Unit, level: str, name: str, definition: str, people_from: int = 0) -> list[Change]:
    """Every change of the units of a level inside a unit, oldest first; a unit without any has one without a day.

    Parameters
    ----------
    reader : Reader
    above : Unit
    level : str
    name, definition : str
        Of the indicator.
    people_from : int
        Only units with so many people or more.
    """
    question = f"""SELECT l.code AS unit, i.day, i.value, i.numerator, i.denominator FROM onemap.ladder l
        LEFT JOIN onemap.indicators i ON i.indicator = :name AND i.definition = :definition AND i.unit = l.code AND i.day <= :day
        WHERE l.level = :level AND {BELOW} AND {INSIDE} AND coalesce(l.population, 0) >= :people ORDER BY i.day NULLS FIRST"""  # noqa: S608
    scope = reader.scope
    rows = reader.all(
        question, name=name, definition=definition, level=level, path=above.path, people=people_from, area=scope.area, day=scope.day or FOREVER
    )
    return [Change(**row) for row in rows]


def tallied(rule: Simple, changes: Iterable[Change], days: Sequence[date], start: float | None) -> list[tuple[date, int, int]]:
    """How many units pass a rule on each day, of how many whose value is known.

    Parameters
    ----------
    rule : Simple
    changes : iterable of Change
        By day; those without a day first.
    days : sequence of date
        Oldest first.
    start : float or None
        Value of a unit before its first change: 0 for a number, None for a share.

    Returns
    -------
    list of (date, int, int)
        Day, units that pass, units that are known.
    """
    rows = list(changes)
    first = passes(rule, start)
    held: dict[str, bool | None] = dict.fromkeys((each.unit for each in rows), first)
    counts: dict[bool | None, int] = {True: 0, False: 0, None: 0}
    counts[first] = len(held)
    found, at = [], 0
    for day in days:
        while at < len(rows) and (rows[at].day or date.min) <= day:
            row, at = rows[at], at + 1
            if row.day is not None:
                now = passes(rule, owned(rule, row.value, row.numerator, row.denominator)[0])
                counts[held[row.unit]] -= 1
                counts[now] += 1
                held[row.unit] = now
        found.append((day, counts[True], counts[True] + counts[False]))
    return found


class Asked(NamedTuple):
    """What is asked of one indicator in every unit of a level: a value from `low` to `high`, None for no end.

    Parameters
    ----------
    name, definition, level : str
    low, high : float or None
    start : tuple of float or None
        Value, numerator and denominator of a unit in which nothing was ever counted.
    units : bool
        Whether the numerator is held against the ends: it counts units.
    people : int
        Only units with so many people or more.
    """

    name: str
    definition: str
    level: str
    low: float | None
    high: float | None
    start: Numbers
    units: bool = False
    people: int = 0


# Every unit of each question `r`, and what the rule holds against its ends (`owned`).
_HELD = f"""unnest(CAST(:names AS text[]), CAST(:definitions AS text[]), CAST(:levels AS text[]), CAST(:lows AS float8[]), CAST(:highs AS float8[]),
        CAST(:values AS float8[]), CAST(:numerators AS float8[]), CAST(:denominators AS float8[]), CAST(:units AS bool[]), CAST(:people AS bigint[]))
        WITH ORDINALITY AS r(name, definition, level, low, high, value, numerator, denominator, units, people, n)
    JOIN onemap.ladder l ON l.level = r.level AND {BELOW} AND {INSIDE} AND coalesce(l.population, 0) >= r.people
    {LATEST_OF.format(name="r.name", definition="r.definition", day=":day")}
    CROSS JOIN LATERAL (SELECT CASE WHEN v.kept THEN v.numerator ELSE r.numerator END AS numerator,
        CASE WHEN v.kept THEN v.denominator ELSE r.denominator END AS denominator, CASE WHEN v.kept THEN v.value ELSE r.value END AS value) t
    CROSS JOIN LATERAL (SELECT CASE WHEN r.units THEN coalesce(t.numerator, 0) ELSE t.value END AS value) k"""

_PASSES = "(k.value >= coalesce(r.low, '-infinity') AND k.value <= coalesce(r.high, 'infinity'))"


def counts(reader: Reader, above: Unit, asked: Sequence[Asked]) -> dict[int, tuple[int, int]]:
    """How many units of a level inside a unit pass, of those whose value is known, for several questions at once.

    Parameters
    ----------
    reader : Reader
    above : Unit
    asked : sequence of Asked

    Returns
    -------
    dict of int to (int, int)
        Position in `asked` -> units that pass, units that are known; without those that have no units to ask of.
    """
    question = f"SELECT r.n, count(*) FILTER (WHERE {_PASSES}) AS passing, count(k.value) AS known FROM {_HELD} GROUP BY r.n"  # noqa: S608
    return {row["n"] - 1: (row["passing"], row["known"]) for row in reader.all(question, **_bound(reader, above, asked))}


def worst(reader: Reader, above: Unit, asked: Asked, most: int) -> list[tuple[str, float, float | None, float | None]]:
    """Code, value, numerator and denominator of the units inside a unit that fail, lowest first, then the larger denominator; at most so many."""
    question = f"""SELECT l.code, k.value, t.numerator, t.denominator FROM {_HELD} WHERE NOT {_PASSES}
        ORDER BY k.value, coalesce(t.denominator, 0) DESC, l.code LIMIT :most"""  # noqa: S608
    return [tuple(row.values()) for row in reader.all(question, most=most, **_bound(reader, above, [asked]))]


def _bound(reader: Reader, above: Unit, asked: Sequence[Asked]) -> dict[str, Any]:
    values, numerators, denominators = (list(each) for each in zip(*(each.start for each in asked), strict=True))
    scope = reader.scope
    return {
        "names": [each.name for each in asked], "definitions": [each.definition for each in asked], "levels": [each.level for each in asked],
        "lows": [each.low for each in asked], "highs": [each.high for each in asked], "units": [each.units for each in asked],
        "people": [each.people for each in asked], "values": values, "numerators": numerators, "denominators": denominators,
        "path": above.path, "area": scope.area, "day": scope.day or FOREVER,
    }  # fmt: skip
