"""Questions to the log of indicators that targets ask of many units: how many of a level pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from geodata.door import Reader
from geodata.judging import passes
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


def per_level(reader: Reader, above: Unit, asked: Sequence[Asked]) -> dict[tuple[int, str], tuple[int, int]]:
    """How many units of each level inside a unit pass, of those whose value is known, for several questions at once.

    Parameters
    ----------
    reader : Reader
    above : Unit
    asked : sequence of Asked

    Returns
    -------
    dict of (int, str) to (int, int)
        Position in `asked` and level -> units that pass, units that are known.
    """
    question = f"""SELECT r.n, l.level, count(*) FILTER (WHERE k.value >= r.low AND (r.high IS NULL OR k.value <= r.high)) AS passing,
            count(k.value) AS known
        FROM unnest(CAST(:names AS text[]), CAST(:definitions AS text[]), CAST(:levels AS text[]), CAST(:lows AS float8[]),
            CAST(:highs AS float8[]), CAST(:starts AS float8[]), CAST(:units AS bool[])) WITH ORDINALITY
            AS r(name, definition, level, low, high, start, units, n)
        JOIN onemap.ladder l ON l.level = r.level AND {BELOW} AND {INSIDE}
        {LATEST_OF.format(name="r.name", definition="r.definition", day=":day")}
        CROSS JOIN LATERAL (SELECT CASE WHEN NOT coalesce(v.kept, false) THEN r.start WHEN r.units THEN v.numerator ELSE v.value END AS value) k
        GROUP BY r.n, l.level"""  # noqa: S608
    pairs = [(at, each, level) for at, each in enumerate(asked) for level in each.levels]
    columns = {
        "names": [each.name for _, each, _ in pairs], "definitions": [each.definition for _, each, _ in pairs],
        "levels": [level for *_, level in pairs], "lows": [each.low for _, each, _ in pairs], "highs": [each.high for _, each, _ in pairs],
        "starts": [each.start for _, each, _ in pairs], "units": [each.units for _, each, _ in pairs],
    }  # fmt: skip
    scope = reader.scope
    rows = reader.all(question, path=above.path, area=scope.area, day=scope.day or FOREVER, **columns)
    return {(pairs[row["n"] - 1][0], row["level"]): (row["passing"], row["known"]) for row in rows}


class Asked(NamedTuple):
    """What is asked of one indicator in every unit of some levels: a value from `low` to `high`."""

    name: str
    definition: str
    levels: tuple[str, ...]
    low: float
    high: float | None
    start: float | None
    units: bool = False
