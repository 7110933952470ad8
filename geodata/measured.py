"""When indicators were measured: every measurement up to a reader's day, read by one question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from geodata.door import Reader
from geodata.lacking import SAYS
from geodata.prepared import prepared
from geodata.values import FOREVER

_EVERY = prepared(
    f"""SELECT o.indicator, o.definition, o.day, CASE WHEN NOT {SAYS} THEN coalesce(o.lacks, split_part(o.indicator, '.', 1)) END
        FROM onemap.measured o WHERE o.day <= :day ORDER BY o.day""",  # noqa: S608 - a constant
    {}, day=date,
)  # fmt: skip


class Measurement(NamedTuple):
    """An indicator was counted: on which data, by their day, and what it lacked to say something (`geodata.lacking`)."""

    day: date
    lacks: str | None


class Measured:
    """All measurements.

    Parameters
    ----------
    rows : iterable of (str, str, date, str or None)
        Indicator, definition, day, what is lacking; oldest first.
    """

    def __init__(self, rows: Iterable[tuple[str, str, date, str | None]]) -> None:
        self._held: dict[tuple[str, str], list[Measurement]] = defaultdict(list)
        for name, definition, day, lacks in rows:
            self._held[name, definition].append(Measurement(day, lacks))

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
