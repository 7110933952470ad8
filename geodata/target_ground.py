"""What all targets stand on, whatever the unit: the definitions, the measures and the measured days of their indicators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from geodata import documents, tiles
from geodata.door import Reader
from geodata.measured import measured
from layers import indicator
from layers._indicator import Measure
from layers._target import Target


@dataclass(frozen=True, slots=True)
class Ground:
    """What targets stand on, whatever the unit.

    Parameters
    ----------
    applied : mapping of str to str
        Indicator -> the definition under which it is read.
    measures : mapping of str to Measure
        Indicator -> what it counts.
    days : mapping of str to sequence of date
        Indicator -> the days on which it was measured and says something, oldest first.
    lacks : mapping of str to str
        Indicator -> the theme without a row, or the field without a value, for want of which it says nothing.
    made : mapping of str to datetime
        Indicator -> when it was measured last.
    ladder : int
        Version of the ladder (`geodata.tiles.versions`).
    """

    applied: Mapping[str, str]
    measures: Mapping[str, Measure]
    days: Mapping[str, Sequence[date]]
    lacks: Mapping[str, str]
    made: Mapping[str, datetime]
    ladder: int


def grounded(reader: Reader, definition: str = "default", only: Iterable[Target] | None = None) -> Ground:
    """The ground of all targets in force, or of some; see `standings`."""
    names = sorted({name for each in (documents.targets() if only is None else only) for name in each.indicators})
    applied = {name: indicator(name)[1].applied(definition) for name in names}
    measures: dict[str, Measure] = {name: indicator(name)[1].reading(own).measure for name, own in applied.items()}
    known = measured(reader)
    newest = {name: known.newest(name, own) for name, own in applied.items()}
    days = {name: [each.day for each in known.of(name, own) if not each.lacks] for name, own in applied.items() if newest[name][0]}
    made = {name: known.of(name, own)[-1].made for name, own in applied.items() if name in days}
    return Ground(applied, measures, days, {name: lacks for name, (_, lacks) in newest.items() if lacks}, made, tiles.versions(reader).get("ladder", 0))
