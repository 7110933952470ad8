"""What the rows of one theme add to the unit that each stands in: one pass over its table for all its indicators."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from sqlalchemy import Connection, text

from geodata import conditions
from geodata.conditions import quoted
from geodata.earth import Floats
from geodata.tree import Tree
from geodata.values import Counted, rows_of, state_of
from layers._indicator import Count, Density, Is, Measure, Per, Share, Sum, UnitsHaving, UnitsSum, Where
from layers._theme import Theme

ByName = dict[str, Measure]


def extras(theme: Theme) -> ByName:
    """The counts that legends and cards need beside the declared indicators, by the name they are kept under."""
    by = theme.style.by
    choices = theme.field(by).choices if by else ()
    states: ByName = {state_of(theme.name, each.value): Count((Is(by or "", (each.value,)),)) for each in choices}
    return {rows_of(theme.name): Count(), **states}


def counted(connection: Connection, tree: Tree, theme: Theme, measures: ByName) -> dict[str, Counted]:
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

    Returns
    -------
    dict of str to Counted
    """
    binds: dict[str, Any] = {}
    asked = {name: _aggregates(theme, each, binds) for name, each in measures.items()}
    sums = _summed(connection, tree, theme, [each for pair in asked.values() for each in pair], binds)
    done = {}
    for name, pair in asked.items():
        if pair:
            done[name] = _finished(tree, measures[name], [sums[each] for each in pair])
        elif isinstance(measure := measures[name], UnitsSum):
            done[name] = Counted(tree.column(measure.column))
    return done


def _aggregates(theme: Theme, measure: Measure, binds: dict[str, Any]) -> tuple[str, ...]:
    """SQL aggregates of a measure: numerator, and denominator where rows make it."""

    def rows(where: Where, what: str = "count(*)") -> str:
        return f"{what} FILTER (WHERE {conditions.sql(theme, where, binds)})"

    if isinstance(measure, Share):
        return rows(measure.where + measure.among), rows(measure.among)
    if isinstance(measure, (Count, Density, UnitsHaving)):
        return (rows(measure.where),)
    if isinstance(measure, Sum):
        fields = [quoted(name) for name in (measure.field, measure.divided_by) if name]
        known = " AND ".join(f"{each} IS NOT NULL" for each in fields)
        return tuple(f"{rows(measure.where, f'sum({each})')[:-1]} AND {known})" for each in fields)
    return ()


def _summed(
    connection: Connection, tree: Tree, theme: Theme, aggregates: Iterable[str], binds: dict[str, Any]
) -> dict[str, Floats]:
    """Each aggregate, added up along the ladder."""
    columns = list(dict.fromkeys(aggregates))
    if not columns:
        return {}
    asked = ", ".join(f"({each})::float8" for each in columns)
    question = f"SELECT path, {asked} FROM onemap.{quoted(theme.name)} WHERE path IS NOT NULL GROUP BY path"  # noqa: S608
    rows = connection.execute(text(question), binds).all()
    table = np.array([[0.0 if x is None else x for x in row[1:]] for row in rows], dtype=float)
    at = tree.positions([row[0] for row in rows])
    table = table.reshape(len(rows), len(columns))[at >= 0]
    return {each: _placed(tree, at[at >= 0], table[:, place]) for place, each in enumerate(columns)}


def _placed(tree: Tree, at: Any, amounts: Floats) -> Floats:
    return tree.added_up(np.bincount(at, weights=amounts, minlength=len(tree)).astype(float))


def _finished(tree: Tree, measure: Measure, sums: list[Floats]) -> Counted:
    if isinstance(measure, Density):
        km2 = measure.per is Per.SQUARE_KM
        return Counted(sums[0], tree.column("area_km2") if km2 else tree.column("population") / 1000)
    if isinstance(measure, UnitsHaving):
        return _units_having(tree, measure, sums[0])
    return Counted(*sums)


def _units_having(tree: Tree, measure: UnitsHaving, rows: Floats) -> Counted:
    among = tree.levels == measure.level
    if measure.people_from:
        among &= np.nan_to_num(tree.column("population")) >= measure.people_from
    having = among & (rows >= measure.at_least)
    return Counted(tree.added_up(having.astype(float)), tree.added_up(among.astype(float)))
