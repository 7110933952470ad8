"""Touched: the units whose numbers of an indicator may differ after loads, and the part of the ladder that is counted again for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, text

from geodata import bases, coverage, reach, tree, values, waiting
from geodata.bases import SIGHTED, Basis
from geodata.conditions import quoted
from layers._indicator import (
    Assumed,
    Count,
    Density,
    Measure,
    NearBlind,
    Passes,
    Reached,
    Seen,
    Share,
    Sum,
    Together,
    UnitsHaving,
)
from layers._theme import Theme


@dataclass(frozen=True, slots=True)
class Touched:
    """Paths of the units whose numbers of one indicator may differ.

    Parameters
    ----------
    rows : frozenset of str
        Rows came there, went or changed.
    near : frozenset of str
        What changed only reaches into them.
    """

    rows: frozenset[str]
    near: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self.rows | self.near)

    def is_many(self) -> bool:
        """Whether the whole ladder is counted again as quickly."""
        return len(self) > waiting.MOST


def units_of(theme: Theme, measure: Measure, before: Basis | None, now: Basis, waits: waiting.Waiting) -> Touched | None:
    """Units whose own numbers of one indicator may differ since it was measured; None when that is not known."""
    if before is None or before.keys() != now.keys() or values.is_by_survey(measure):
        return None
    if any(before[part] != now[part] for part in now if part == "ladder" or bases.is_of_units(part)):
        return None
    if isinstance(measure, (UnitsHaving, Together)) and _elsewhere(measure, before[theme.name]):
        return None
    rows = waits.of(theme.name, before[theme.name], now[theme.name])
    if not isinstance(measure, SIGHTED):
        return None if rows is None else Touched(rows)
    seer = coverage.seer(theme, measure).name
    if isinstance(measure, NearBlind):
        around = _around(seer, before, now, waits)
        return None if around is None else Touched(frozenset(), around)
    sights = waits.paths.get(f"{seer}.sights", None if seer in waits.paths else frozenset())
    if rows is None or sights is None or waits.of(seer, before[seer], now[seer]) is None:
        return None
    return Touched(rows if isinstance(measure, Seen) else frozenset(), sights)


def reached(connection: Connection, measure: Measure, touched: Touched | None) -> Touched | None:
    """The same units, and those into which rows that stand in them reach."""
    if isinstance(measure, Reached) and touched and touched.rows:
        return Touched(touched.rows, frozenset(reach.beside_units(connection, touched.rows, measure.metres)))
    return touched


def _elsewhere(measure: UnitsHaving | Together, before: int | None) -> bool:
    """Whether rows change numbers of units in which they do not stand: they reach further, or are the theme's first."""
    return before is None or (isinstance(measure, UnitsHaving) and measure.reaches)


def _around(seer: str, before: Basis, now: Basis, waits: waiting.Waiting) -> frozenset[str] | None:
    """Units near sights, or near places to be seen, that changed; None when that is not known."""
    parts = {seer, *bases.watched(seer)}
    if any(waits.of(part, before[part], now[part]) is None for part in parts):
        return None
    return waits.paths.get(f"{seer}.around", None if parts & waits.paths.keys() else frozenset())


def part(connection: Connection, touched: Touched, due: Iterable[tuple[Theme, Measure]]) -> tree.Tree:
    """The part of the ladder that is counted again for some measures of themes.

    Notes
    -----
    What reaches into a unit that is made up by those below it is counted there, unless rows stand in the unit itself.
    """
    of, measures = zip(*due, strict=True)
    units = tree.part(connection, touched.rows | touched.near, not all(isinstance(each, _PLAIN) for each in measures))
    inner = units.paths[units.touched & units.inner].tolist() if touched.near else []
    return units.narrowed(touched.rows | _standing(connection, {each.name for each in of}, inner)) if inner else units


_PLAIN = (Count, Sum, Share, Density, Assumed, Passes)
"""Sums of what lies in units, which ask nothing of the units themselves."""


def _standing(connection: Connection, of: Collection[str], paths: list[str]) -> set[str]:
    """Those of some paths at which rows of themes stand."""
    asked = " UNION ".join(f"SELECT path FROM onemap.{quoted(each)} WHERE path = ANY(CAST(:paths AS text[]))" for each in sorted(of))  # noqa: S608
    return set(connection.execute(text(asked), {"paths": paths}).scalars())
