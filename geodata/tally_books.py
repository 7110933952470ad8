"""Books of tallies: for one rule, how many units of a level pass on each day, ready to be asked of any unit above them.

A city has thousands of villages, and a page judges them by a dozen rules. Asked of the log for each page that is most of what the page costs;
asked once for all units of the level it is one array, of which the units inside a unit are one stretch, as paths go in the order of the ladder.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from geodata.copying import numbers
from geodata.door import Reader
from geodata.units import INSIDE
from geodata.values import FOREVER
from layers._asked import CountAtLeast, Simple, unit_ends

MOST = 50_000
"""Units of a level that a book is made of; of more, each page asks the log for its own."""

HELD, NOTED = 6, 100
"""Units of a shelf, and changes in a book, that take about a kilobyte."""

Made = TypeVar("Made")


class Keep(Protocol):
    """Where books are kept between readers: `app.kept.Kept.get`."""

    def __call__(self, key: Hashable, make: Callable[[], Made], weigh: Callable[[Made], int] = ...) -> Made:
        """What is kept under a key, made where it is missing."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The units of a level.

    Parameters
    ----------
    codes, paths : list of str
        In the order of the paths.
    """

    codes: list[str]
    paths: list[str]

    def __len__(self) -> int:
        return len(self.paths)

    @property
    def weight(self) -> int:
        """In kilobytes."""
        return len(self) // HELD


@dataclass(frozen=True, slots=True)
class Book:
    """What the log says of the units of a shelf, by one rule.

    Parameters
    ----------
    shelf : Shelf
    days : sequence of date
        Those on which the indicator was measured, oldest first.
    place, since : ndarray of int, shape (n,)
        Of each change: position of its unit, position of the first day on which it holds. By place.
    passing, known : ndarray of int, shape (n,)
        By how much it changes the number of units that pass, and of those whose value is known.
    start : bool or None
        How a unit stands before its first change.
    """

    shelf: Shelf
    days: Sequence[date]
    place: NDArray[np.int32]
    since: NDArray[np.int32]
    passing: NDArray[np.int8]
    known: NDArray[np.int8]
    start: bool | None

    @property
    def weight(self) -> int:
        """In kilobytes, without the shelf."""
        return len(self.place) // NOTED

    def inside(self, path: str) -> list[tuple[date, int, int]]:
        """Day, units that pass, units that are known, of those inside the unit of a path (`geodata.tallies.tallied`)."""
        first, end = bisect_right(self.shelf.paths, path), bisect_left(self.shelf.paths, path + chr(1114111))
        here = slice(*np.searchsorted(self.place, [first, end]))
        numbers_ = (self._summed(here, changes, (end - first) * of) for changes, of in ((self.passing, self.start is True), (self.known, self.start is not None)))
        return list(zip(self.days, *numbers_, strict=True))

    def _summed(self, here: slice, changes: NDArray[np.int8], start: int) -> list[int]:
        steps = np.bincount(self.since[here], weights=changes[here], minlength=len(self.days) + 1)
        found: list[int] = (start + np.cumsum(steps[: len(self.days)])).astype(int).tolist()
        return found


def shelf(reader: Reader, level: str, people_from: int) -> Shelf:
    """The units of a level in the reader's area, with so many people or more; at most one more than `MOST`."""
    question = f"""SELECT l.code, l.path FROM onemap.ladder l WHERE l.level = :level AND {INSIDE} AND coalesce(l.population, 0) >= :people
        ORDER BY l.path LIMIT {MOST + 1}"""  # noqa: S608 - constants of the house
    rows = reader.all(question, level=level, area=reader.scope.area, people=people_from)
    return Shelf([row["code"] for row in rows], [row["path"] for row in rows])


def book(reader: Reader, units: Shelf, rule: Simple, name: str, definition: str, days: Sequence[date], start: float | None) -> Book:
    """The book of one rule.

    Parameters
    ----------
    reader : Reader
        Up to whose day the log is read.
    units : Shelf
    rule : Simple
    name, definition : str
        Of the indicator.
    days : sequence of date
        On which it was measured and says something, oldest first.
    start : float or None
        Value of a unit before its first change.
    """
    question = """SELECT u.place - 1 AS place, i.day - DATE '1970-01-01' AS day, i.value, i.numerator
        FROM unnest(CAST(:codes AS text[])) WITH ORDINALITY AS u(unit, place)
        JOIN onemap.indicators i ON i.indicator = :name AND i.definition = :definition AND i.unit = u.unit AND i.day <= :day"""
    binds = {"codes": units.codes, "name": name, "definition": definition, "day": reader.scope.day or FOREVER}
    rows = numbers(reader.connection, question, ("place", "day", "value", "numerator"), binds)
    rows = rows[np.lexsort((rows["day"], rows["place"]))]
    place, ends = rows["place"].astype(np.int32), np.array(days, dtype="datetime64[D]").astype(np.int64)
    now = _stands(rule, _owned(rule, rows))
    first = _stands(rule, np.array([np.nan if start is None else start]))
    before = np.where(np.diff(place, prepend=-1) > 0, first, np.roll(now, 1))
    since = np.searchsorted(ends, rows["day"]).astype(np.int32)
    return Book(units, tuple(days), place, since, _less(now == 1, before == 1), _less(now >= 0, before >= 0), None if first[0] < 0 else bool(first[0]))


def _less(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> NDArray[np.int8]:
    return one.astype(np.int8) - other.astype(np.int8)


def _owned(rule: Simple, rows: Any) -> NDArray[np.float64]:
    """What a rule holds against its ends (`geodata.tallies.owned`); NaN for None."""
    counts = isinstance(rule, CountAtLeast) and rule.units
    return np.nan_to_num(rows["numerator"]) if counts else np.asarray(rows["value"])


def _stands(rule: Simple, values: NDArray[np.float64]) -> NDArray[np.int8]:
    """1 for a unit that passes, 0 for one that does not, -1 for an unknown value (`geodata.judging.passes`)."""
    low, high = unit_ends(rule)
    passing = (values >= (-np.inf if low is None else low)) & (values <= (np.inf if high is None else high))
    return np.where(np.isnan(values), -1, passing).astype(np.int8)
