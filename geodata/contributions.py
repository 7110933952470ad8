"""What the rows of one theme add to the unit that each stands in: one pass over its table for all its indicators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from sqlalchemy import Connection

from geodata import conditions, having, sights, surveyed
from geodata.conditions import quoted
from geodata.copying import copy_out
from geodata.earth import Floats
from geodata.tree import Positions, Tree
from geodata.values import Counted, Kept, assumed_of, is_by_survey, rows_of, state_of
from layers._indicator import (
    Assumed,
    Count,
    Density,
    Is,
    Measure,
    Passes,
    Per,
    Share,
    Sum,
    Together,
    UnitsHaving,
    UnitsSum,
    Where,
)
from layers._sight import SIGHT_PARTS
from layers._theme import Theme

ByName = dict[str, Measure]


def extras(theme: Theme) -> ByName:
    """The counts that legends and cards need beside the declared indicators, by the name they are kept under."""
    by = theme.style.by
    choices = theme.field(by).choices if by else ()
    states: ByName = {state_of(theme.name, each.value): Count((Is(by or "", (each.value,)),)) for each in choices}
    guessed: ByName = {assumed_of(theme.name, each): Assumed(each) for each in SIGHT_PARTS} if theme.sight else {}
    return {rows_of(theme.name): Count(), **states, **guessed}


def counted(
    connection: Connection, tree: Tree, theme: Theme, measures: ByName, kept: Mapping[str, Kept]
) -> dict[str, Counted]:
    """Indicators that are counted from the rows of their own theme.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    tree : Tree
        The ladder; rows outside it count nowhere.
    theme : Theme
        Whose rows are counted.
    measures : dict of str to Measure
        By the name they are kept under; measures of sight are passed over.
    kept : mapping of str to Kept
        What the log has, by name.

    Returns
    -------
    dict of str to Counted
    """
    binds: dict[str, Any] = {}
    asked = {name: _aggregates(theme, each, binds) for name, each in measures.items()}
    at, sums = _summed(connection, tree, theme, [each for pair in asked.values() for each in pair], binds)
    done = {}
    for name, pair in asked.items():
        measure, before = measures[name], kept[name]
        if isinstance(measure, UnitsSum):
            done[name] = Counted(tree.column(measure.column))
        elif isinstance(measure, (UnitsHaving, Together)):
            parts = measure.parts if isinstance(measure, Together) else (measure,)
            done[name] = having.counted(connection, tree, theme, parts, before)
        elif pair:
            asked_before = zip(pair, (before.numerator, before.denominator), strict=False)
            added = [tree.summed(at, old, sums[each]) for each, old in asked_before]
            done[name] = _finished(tree, measure, added, before)
    return done | _known(connection, tree, theme, {name: each for name, each in done.items() if is_by_survey(measures[name])})


def _known(connection: Connection, tree: Tree, theme: Theme, found: Mapping[str, Counted]) -> dict[str, Counted]:
    """The same numbers where a survey can say them; unknown elsewhere."""
    if not found:
        return {}
    known = surveyed.by_units(connection, tree, theme)
    return {name: Counted(np.where(known, each.numerator, np.nan)) for name, each in found.items()}


def _aggregates(theme: Theme, measure: Measure, binds: dict[str, Any]) -> tuple[str, ...]:
    """SQL aggregates of a measure: numerator, and denominator where rows make it."""

    def rows(where: Where, what: str = "count(*)") -> str:
        """An aggregate over the rows that meet a condition."""
        return f"{what} FILTER (WHERE {conditions.sql(theme, where, binds)})"

    if isinstance(measure, Passes):
        passes = f"count(*) FILTER (WHERE {conditions.sql(theme, measure.among, binds)} AND {conditions.passes(measure.tests)})"
        return passes, rows(measure.among)
    if isinstance(measure, Assumed) and theme.sight:
        return f"count(*) FILTER (WHERE {sights.assumed(theme, measure.part, binds)})", rows(theme.sight.standing)
    if isinstance(measure, Share):
        return rows(measure.where + measure.among), rows(measure.among)
    if isinstance(measure, (Count, Density)):
        return (rows(measure.where),)
    if isinstance(measure, Sum):
        fields = [quoted(name) for name in (measure.field, measure.divided_by) if name]
        known = " AND ".join(f"{each} IS NOT NULL" for each in fields)
        return tuple(f"{rows(measure.where, f'sum({each})')[:-1]} AND {known})" for each in fields)
    return ()


def _summed(
    connection: Connection, tree: Tree, theme: Theme, aggregates: Iterable[str], binds: dict[str, Any]
) -> tuple[Positions, dict[str, Floats]]:
    """Each aggregate of the rows that stand in the same unit, and where these units are."""
    columns = list(dict.fromkeys(aggregates))
    if not columns:
        return np.empty(0, dtype=np.intp), {}
    which = "path IS NOT NULL"
    if tree.is_part:
        which, binds = "path = ANY(CAST(:paths AS text[]))", binds | {"paths": tree.paths[tree.counted].tolist()}
    named = {f"sum_{place}": each for place, each in enumerate(columns)}
    asked = ", ".join(f"coalesce(({each})::float8, 0)" for each in columns)
    question = f"SELECT path, {asked} FROM onemap.{quoted(theme.name)} WHERE {which} GROUP BY path"  # noqa: S608
    rows = copy_out(connection, question, binds, {"path": pa.string()} | dict.fromkeys(named, pa.float64()))
    at = tree.positions(rows["path"].to_numpy())
    return at[at >= 0], {each: rows[name].to_numpy()[at >= 0] for name, each in named.items()}


def _finished(tree: Tree, measure: Measure, sums: list[Floats], before: Kept) -> Counted:
    if not isinstance(measure, Density):
        return Counted(*sums)
    if tree.is_part:  # what a density is divided by belongs to the ladder, which has not changed
        return Counted(sums[0], before.denominator)
    km2 = measure.per is Per.SQUARE_KM
    return Counted(sums[0], tree.column("area_km2") if km2 else tree.column("population") / 1000)
