"""When indicators were measured: every measurement up to a reader's day, read by one question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from geodata.door import Reader
from geodata.lacking import SAYS
from geodata.prepared import prepared
from geodata.values import FOREVER

_EVERY = prepared(
    f"""SELECT o.indicator, o.definition, o.day, CASE WHEN NOT {SAYS} THEN coalesce(o.lacks, split_part(o.indicator, '.', 1)) END, o.made
        FROM onemap.measured o WHERE o.day <= :day ORDER BY o.day""",  # noqa: S608 - a constant
    {}, day=date,
)  # fmt: skip


class Measurement(NamedTuple):
    """An indicator was counted: on which data, by their day, what it lacked to say something (`geodata.lacking`), and when."""

    day: date
    lacks: str | None
    made: datetime


class Measured:
    """All measurements.

    Parameters
    ----------
    rows : iterable of (str, str, date, str or None, datetime)
        Indicator, definition, day, what is lacking, when it was made; oldest first.
    """

    def __init__(self, rows: Iterable[tuple[str, str, date, str | None, datetime]]) -> None:
        self._held: dict[tuple[str, str], list[Measurement]] = defaultdict(list)
        for name, definition, *measurement in rows:
            self._held[name, definition].append(Measurement._make(measurement))

    def of(self, name: str, definition: str) -> Sequence[Measurement]:
        """The measurements of an indicator under a definition, oldest first."""
        return self._held.get((name, definition), ())

    def days(self, name: str, definition: str) -> list[date]:
        """The days of them, also of those that say nothing."""
        return [each.day for each in self.of(name, definition)]

    def newest(self, name: str, definition: str) -> tuple[date | None, str | None]:
        """The newest day where it says something, and what it lacks where it does not; (None, None) where it never was measured."""
        held = self.of(name, definition)
        if not held:
            return None, None
        return (None, held[-1].lacks) if held[-1].lacks else (held[-1].day, None)


def measured(reader: Reader) -> Measured:
    """Every measurement up to the reader's day."""
    return reader.once("measured", lambda: Measured(reader.often(_EVERY, day=reader.scope.day or FOREVER)))
