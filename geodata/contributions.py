"""What the rows of one theme add to the unit that each stands in: one pass over its table for all its indicators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from sqlalchemy import Connection, text

from geodata import conditions
from geodata.conditions import quoted
from geodata.earth import Floats
from geodata.tree import Positions, Tree
from geodata.values import Counted, Kept, rows_of, state_of
from layers._indicator import Count, Density, Is, Measure, Per, Share, Sum, UnitsHaving, UnitsSum, Where
from layers._theme import Theme

ByName = dict[str, Measure]

# Rows `t` so many metres from unit `u` at most: by the boxes of the drawing columns first, whose metres are longer
# away from the equator, then on the ellipsoid.
NEAR_BY = """t.g3857 && ST_Expand(u.g3857, :within / cos(radians(greatest(abs(u.south), abs(u.north)))))
    AND ST_DWithin(ST_SetSRID(t.geom, 4326)::geography, ST_SetSRID(u.geom, 4326)::geography, :within)"""


def extras(theme: Theme) -> ByName:
    """The counts that legends and cards need beside the declared indicators, by the name they are kept under."""
    by = theme.style.by
    choices = theme.field(by).choices if by else ()
    states: ByName = {state_of(theme.name, each.value): Count((Is(by or "", (each.value,)),)) for each in choices}
    return {rows_of(theme.name): Count(), **states}


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
        elif isinstance(measure, UnitsHaving):
            done[name] = _units_having(connection, tree, theme, measure, before)
        elif pair:
            parts = zip(pair, (before.numerator, before.denominator), strict=False)
            done[name] = _finished(tree, measure, [tree.summed(at, old, sums[each]) for each, old in parts], before)
    return done


def _aggregates(theme: Theme, measure: Measure, binds: dict[str, Any]) -> tuple[str, ...]:
    """SQL aggregates of a measure: numerator, and denominator where rows make it."""

    def rows(where: Where, what: str = "count(*)") -> str:
        return f"{what} FILTER (WHERE {conditions.sql(theme, where, binds)})"

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
    asked = ", ".join(f"({each})::float8" for each in columns)
    question = f"SELECT path, {asked} FROM onemap.{quoted(theme.name)} WHERE {which} GROUP BY path"  # noqa: S608
    rows = connection.execute(text(question), binds).all()
    table = np.array([[0.0 if x is None else x for x in row[1:]] for row in rows], dtype=float)
    at = tree.positions([row[0] for row in rows])
    table = table.reshape(len(rows), len(columns))[at >= 0]
    return at[at >= 0], {each: table[:, place] for place, each in enumerate(columns)}


def _finished(tree: Tree, measure: Measure, sums: list[Floats], before: Kept) -> Counted:
    if not isinstance(measure, Density):
        return Counted(*sums)
    if tree.is_part:  # what a density is divided by belongs to the ladder, which has not changed
        return Counted(sums[0], before.denominator)
    km2 = measure.per is Per.SQUARE_KM
    return Counted(sums[0], tree.column("area_km2") if km2 else tree.column("population") / 1000)


def _units_having(connection: Connection, tree: Tree, theme: Theme, measure: UnitsHaving, before: Kept) -> Counted:
    """Units of one level that hold enough rows; in a part of the ladder, which of them count at all is known."""
    here = tree.levels == measure.level
    if tree.is_part:
        among = here & (before.denominator > 0)
    else:
        among = here & (np.nan_to_num(tree.column("population")) >= measure.people_from)
    rows = _rows_below(connection, theme, measure, tree.paths[among & tree.counted].tolist() if tree.is_part else None)
    enough = np.array([rows.get(path, 0) >= measure.at_least for path in tree.paths], dtype=bool)
    own = np.where(tree.counted, among & enough, before.numerator)
    denominator = before.denominator if tree.is_part else tree.added_up(among.astype(float))
    return Counted(tree.added_up(own.astype(float)), denominator)


def _rows_below(connection: Connection, theme: Theme, measure: UnitsHaving, paths: list[str] | None) -> dict[str, int]:
    """Path of a unit of the level -> rows in it and below it; None asks for all units."""
    binds: dict[str, Any] = {"level": measure.level, "paths": paths}
    inside = "t.path >= u.path AND t.path < u.path || chr(1114111)"
    if measure.within:
        binds["within"] = measure.within
        inside = f"({inside} OR {NEAR_BY})"
    question = f"""SELECT u.path, r.n FROM onemap.ladder u, LATERAL (SELECT count(*) AS n FROM onemap.{quoted(theme.name)} t
        WHERE {inside} AND {conditions.sql(theme, measure.where, binds)}) r
        WHERE u.level = :level AND (CAST(:paths AS text[]) IS NULL OR u.path = ANY(:paths))"""  # noqa: S608
    return {row[0]: row[1] for row in connection.execute(text(question), binds)}
