"""All that the log of indicators has of one unit, read by one question: its card, trends, targets and steps stand on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from geodata.door import Reader
from geodata.prepared import Prepared, prepared
from geodata.units import INSIDE
from geodata.values import FOREVER


class Change(NamedTuple):
    """One row of the log: what a unit's numbers are from a day on. `day` is None for a unit in which nothing was ever counted."""

    unit: str
    day: date | None
    value: float | None
    numerator: float | None
    denominator: float | None


Log = Mapping[tuple[str, str], Sequence[Change]]
"""Indicator and definition -> every change of a unit's numbers up to the reader's day, oldest first."""

_COLUMNS = "i.indicator, i.definition, i.unit, i.day, i.value, i.numerator, i.denominator"

_OF_UNIT = prepared(
    f"""SELECT {_COLUMNS} FROM onemap.ladder l LEFT JOIN onemap.indicators i ON i.unit = l.code AND i.day <= :day
        WHERE l.code = :code AND {INSIDE} ORDER BY i.day""",  # noqa: S608 - constants of the house
    {}, day=date, code=str, area=str,
)  # fmt: skip

_OF_FORMER = prepared(
    f"SELECT {_COLUMNS} FROM onemap.indicators i WHERE i.unit = :code AND i.day <= :day ORDER BY i.day",  # noqa: S608 - a constant
    {}, day=date, code=str,
)  # fmt: skip


def of_unit(reader: Reader, code: str) -> Log | None:
    """The log of a unit; None where there is no such unit in the reader's area.

    Parameters
    ----------
    reader : Reader
        Whose area and day count. What it has read once is not asked again.
    code : str
    """
    return reader.once(("log", code), lambda: _read(reader, _OF_UNIT, code=code, area=reader.scope.area))


def of_former(reader: Reader, code: str) -> Log:
    """The log of a unit that stands no more; see `geodata.former`."""
    return _read(reader, _OF_FORMER, code=code) or {}


def _read(reader: Reader, question: Prepared, **own: Any) -> Log | None:
    rows = reader.often(question, day=reader.scope.day or FOREVER, **own)
    found: dict[tuple[str, str], list[Change]] = {}
    for name, definition, *change in rows:
        if name is not None:
            found.setdefault((name, definition), []).append(Change._make(change))
    return found if rows else None
