"""Books of tallies: for one rule, how many units of a level pass on each day, ready to be asked of any unit above them.

A city has thousands of villages, and a page judges them by a dozen rules. Asked of the log for each page that is most of what the page costs;
asked once for all units of the level it is one array, of which the units inside a unit are one stretch, as paths go in the order of the ladder.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from geodata.copying import numbers
from geodata.door import Reader
from geodata.target_ground import Ground
from geodata.units import INSIDE
from geodata.values import FOREVER, nothing
from layers._asked import CountAtLeast, Simple, unit_ends

MOST = 50_000
"""Units of a level that a book is made of; of more, each page asks the log for its own."""

HELD, STOOD, NOTED = 6, 40, 100
"""Units of a shelf, units and changes in a book, that take about a kilobyte."""

TOLD = ("value", "numerator", "denominator")

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

    def below(self, path: str) -> tuple[int, int]:
        """Positions of the first unit inside the unit of a path, and of the first after them."""
        return bisect_right(self.paths, path), bisect_left(self.paths, path + chr(1114111))


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
    newest : ndarray of float, shape (m, 3)
        Of each unit of the shelf: what the rule holds against its ends, numerator and denominator; NaN for what is not known.
    failing : ndarray of int, shape (k,)
        Positions of the units that are known and do not pass, in their order.
    """

    shelf: Shelf
    days: Sequence[date]
    place: NDArray[np.int32]
    since: NDArray[np.int32]
    passing: NDArray[np.int8]
    known: NDArray[np.int8]
    start: bool | None
    newest: NDArray[np.float64]
    failing: NDArray[np.intp]

    @property
    def weight(self) -> int:
        """In kilobytes, without the shelf."""
        return len(self.place) // NOTED + len(self.shelf) // STOOD

    def inside(self, path: str) -> list[tuple[date, int, int]]:
        """Day, units that pass, units that are known, of those inside the unit of a path (`geodata.tallies.tallied`)."""
        first, end = self.shelf.below(path)
        here = slice(*np.searchsorted(self.place, [first, end]))
        numbers_ = (self._summed(here, changes, (end - first) * of) for changes, of in ((self.passing, self.start is True), (self.known, self.start is not None)))
        return list(zip(self.days, *numbers_, strict=True))

    def now(self, path: str) -> tuple[int, int] | None:
        """Units that pass, units that are known, on the newest day; None where there is no unit."""
        first, end = self.shelf.below(path)
        return self.inside(path)[-1][1:] if end > first else None

    def worst(self, path: str, most: int) -> list[tuple[str, float, float, float]]:
        """Code, value, numerator and denominator of the units inside the unit of a path that fail, lowest first, then the larger denominator.

        One that is not known is NaN.
        """
        at = self.failing[slice(*np.searchsorted(self.failing, self.shelf.below(path)))]
        value, _, denominator = self.newest[at].T
        codes = np.array([self.shelf.codes[each] for each in at])
        order = np.lexsort((codes, -np.nan_to_num(denominator), value))[:most]
        return [(self.shelf.codes[each], *self.newest[each].tolist()) for each in at[order].tolist()]

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


def booked(reader: Reader, ground: Ground, keep: Keep | None, rule: Simple, name: str, level: str) -> Book | None:
    """The book of one rule and level, kept until its indicator is measured again.

    Returns
    -------
    Book or None
        None where nothing is kept, or the level has too many units.
    """
    if keep is None:
        return None
    people, state = getattr(rule, "people_from", 0), (reader.place, reader.scope, ground.ladder)
    units = keep(("shelf", *state, level, people), lambda: shelf(reader, level, people), lambda each: each.weight)
    if len(units) > MOST:
        return None
    key = ("book", *state, rule, level, ground.applied[name], ground.made[name])
    return keep(key, lambda: book(reader, units, rule, name, ground), lambda each: each.weight)


def book(reader: Reader, units: Shelf, rule: Simple, name: str, ground: Ground) -> Book:
    """The book of one rule.

    Parameters
    ----------
    reader : Reader
        Up to whose day the log is read.
    units : Shelf
    rule : Simple
    name : str
        Of the indicator.
    ground : Ground
    """
    place, day, told = _changes(reader, units, name, ground.applied[name])
    newest = np.tile(_numbers(nothing(ground.measures[name])), (len(units), 1))
    first = _stands(rule, _owned(rule, _numbers(nothing(ground.measures[name]))[np.newaxis]))[0]
    last = np.flatnonzero(np.diff(place, append=-1))
    newest[place[last]] = told[last]
    newest[:, 0] = _owned(rule, newest)
    now = _stands(rule, _owned(rule, told))
    before = np.where(np.diff(place, prepend=-1) > 0, first, np.roll(now, 1))
    since = np.searchsorted(np.array(ground.days[name], dtype="datetime64[D]").astype(np.int64), day).astype(np.int32)
    return Book(
        units, tuple(ground.days[name]), place, since, _less(now == 1, before == 1), _less(now >= 0, before >= 0), None if first < 0 else bool(first),
        newest, np.flatnonzero(_stands(rule, newest[:, 0]) == 0),
    )  # fmt: skip


def _numbers(told: Iterable[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if each is None else each for each in told])


def _changes(reader: Reader, units: Shelf, name: str, definition: str) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.float64]]:
    """Of each change of the units of a shelf, by unit and day: position of the unit, day since 1970, value, numerator and denominator."""
    question = """SELECT u.place - 1 AS place, i.day - DATE '1970-01-01' AS day, i.value, i.numerator, i.denominator
        FROM unnest(CAST(:codes AS text[])) WITH ORDINALITY AS u(unit, place)
        JOIN onemap.indicators i ON i.indicator = :name AND i.definition = :definition AND i.unit = u.unit AND i.day <= :day"""
    binds = {"codes": units.codes, "name": name, "definition": definition, "day": reader.scope.day or FOREVER}
    rows = numbers(reader.connection, question, ("place", "day", *TOLD), binds)
    rows = rows[np.lexsort((rows["day"], rows["place"]))]
    return rows["place"].astype(np.int32), rows["day"].astype(np.int64), np.column_stack([rows[each] for each in TOLD])


def _less(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> NDArray[np.int8]:
    return one.astype(np.int8) - other.astype(np.int8)


def _owned(rule: Simple, told: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a rule holds against its ends (`geodata.tallies.owned`); NaN for None."""
    counts = isinstance(rule, CountAtLeast) and rule.units
    return np.nan_to_num(told[:, 1]) if counts else told[:, 0]


def _stands(rule: Simple, values: NDArray[np.float64]) -> NDArray[np.int8]:
    """1 for a unit that passes, 0 for one that does not, -1 for an unknown value (`geodata.judging.passes`)."""
    low, high = unit_ends(rule)
    passing = (values >= (-np.inf if low is None else low)) & (values <= (np.inf if high is None else high))
    return np.where(np.isnan(values), -1, passing).astype(np.int8)
