"""Which units have what a measure asks of them: rows in them, near them, for them; of every kind, in every period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geodata import conditions
from geodata.conditions import quoted
from geodata.tree import Tree
from geodata.values import Counted, Kept
from layers._indicator import UnitsHaving, Where
from layers._theme import Theme

# Rows `t` so many metres from unit `u` at most: by the boxes of the drawing columns first, whose metres are longer
# away from the equator, then on the ellipsoid.
NEAR_BY = """t.g3857 && ST_Expand(u.g3857, :within / cos(radians(greatest(abs(u.south), abs(u.north)))))
    AND ST_DWithin(ST_SetSRID(t.geom, 4326)::geography, ST_SetSRID(u.geom, 4326)::geography, :within)"""


def counted(connection: Connection, tree: Tree, theme: Theme, parts: Sequence[UnitsHaving], before: Kept) -> Counted:
    """Units that have enough, of the units that are asked; several measures of different levels add up to one share.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    tree : Tree
    theme : Theme
        Whose rows the units have.
    parts : sequence of UnitsHaving
    before : Kept
        What the log has of the indicator.

    Returns
    -------
    Counted
        A theme that nobody has loaded says nothing of any unit: 0 of 0.
    """
    if not _known(connection, theme):
        return Counted(np.zeros(len(tree)), np.zeros(len(tree)))
    enough, among = np.zeros(len(tree), dtype=bool), np.zeros(len(tree), dtype=bool)
    for each in parts:
        asked = asked_of(tree, each)
        wanted = tree.paths[asked & tree.counted].tolist() if tree.is_part else None
        have = with_enough(connection, theme, each, wanted)
        has = np.zeros(len(tree), dtype=bool)
        has[tree.positions(have)] = True  # they are units of the ladder
        enough |= asked & has
        among |= asked
    own = np.where(tree.counted, enough, before.numerator)
    denominator = before.denominator if tree.is_part else tree.added_up(among.astype(float))
    return Counted(tree.added_up(own.astype(float)), denominator)


def _known(connection: Connection, theme: Theme) -> bool:
    question = f"""SELECT EXISTS (SELECT FROM onemap.{quoted(theme.name)})
        OR EXISTS (SELECT FROM onemap.versions WHERE theme = :theme)"""  # noqa: S608
    return bool(connection.execute(text(question), {"theme": theme.name}).scalar())


def asked_of(tree: Tree, measure: UnitsHaving) -> NDArray[np.bool_]:
    """The units of a ladder that a measure asks: of its level, with people enough, and villages only where it says so.

    Notes
    -----
    A unit whose people are unknown is asked only where no number of people is.
    """
    here: NDArray[np.bool_] = tree.levels == measure.level
    if measure.people_from:
        here = here & (np.nan_to_num(tree.column(measure.people)) >= measure.people_from)
    if measure.rural:
        here = here & ~tree.communities
    return here


def with_enough(connection: Connection, theme: Theme, measure: UnitsHaving, paths: list[str] | None) -> set[str]:
    """Paths of the units of the level (of all of them, or of some) that have what the measure asks.

    Notes
    -----
    Another row never makes what a unit has less. So rows that reach it from elsewhere, which are dear to find, are looked
    for only where those that stand in it are not enough.
    """
    binds: dict[str, Any] = {"level": measure.level}
    place, *further = _places(theme, measure, binds)
    enough: set[str] = set()
    for asked in [f"({place})", _among(theme, measure, [place, *further])][: 2 if further else 1]:
        number, where = _counting(theme, measure, binds)
        question = f"""{_named(theme, measure)} SELECT u.path, r.n FROM onemap.ladder u, LATERAL (SELECT {number} AS n
            FROM onemap.{quoted(theme.name)} t WHERE {asked} AND {where}) r
            WHERE u.level = :level AND (CAST(:paths AS text[]) IS NULL OR u.path = ANY(:paths))"""  # noqa: S608
        rows = connection.execute(text(question), binds | {"paths": paths}).all()
        enough |= {row[0] for row in rows if row[1] >= measure.at_least}
        paths = [row[0] for row in rows if row[1] < measure.at_least]
    return enough


def _named(theme: Theme, measure: UnitsHaving) -> str:
    """The codes that each row lists, taken apart once for all units."""
    if not measure.named_by:
        return ""
    codes = f"regexp_split_to_table({_listed(theme, measure.named_by)}, {_BETWEEN})"
    return f"WITH named AS MATERIALIZED (SELECT id, {codes} AS code FROM onemap.{quoted(theme.name)} t)"  # noqa: S608


def _among(theme: Theme, measure: UnitsHaving, places: Sequence[str]) -> str:
    """Rows found in any of several ways, each by its own index."""
    own, *further = (f"SELECT t.id FROM onemap.{quoted(theme.name)} t WHERE {each}" for each in places)  # noqa: S608
    if measure.named_by:
        further[0] = "SELECT named.id FROM named WHERE named.code = u.code"
    return f"t.id IN ({' UNION ALL '.join([own, *further])})"


def _listed(theme: Theme, field: str) -> str:
    return f"coalesce(t.{quoted(theme.field(field).name)}, '')"


_BETWEEN = "'[^0-9A-Za-z]+'"
"""What stands between the codes of a list."""


def sql(theme: Theme, measure: UnitsHaving, binds: dict[str, Any]) -> tuple[str, str]:
    """What a measure counts, and which rows of the theme (as `t`) are those of a unit of the ladder (as `u`).

    Parameters
    ----------
    theme : Theme
    measure : UnitsHaving
    binds : dict of str to object
        Gains the values; pass it with the statement.

    Returns
    -------
    number, rows : str
        An aggregate, and a condition.
    """

    number, where = _counting(theme, measure, binds)
    places = " OR ".join(_places(theme, measure, binds))
    return number, f"({places}) AND {where}"


def _counting(theme: Theme, measure: UnitsHaving, binds: dict[str, Any]) -> tuple[str, str]:
    """The aggregate of a measure, and the rows that count wherever they stand."""

    def those(where: Where) -> str:
        """SQL that is true for the rows of a condition."""
        return conditions.sql(theme, where, binds)

    if measure.all_of:
        number = f"least({', '.join(f'count(*) FILTER (WHERE {those(each)})' for each in measure.all_of)})"
    elif measure.every:
        number = f"count(DISTINCT date_trunc('{measure.every.period.value}', {quoted(measure.every.field)}))"
    else:
        number = "count(*)"
    return number, those(measure.where)


def _places(theme: Theme, measure: UnitsHaving, binds: dict[str, Any]) -> list[str]:
    """Ways in which a row is one of a unit's: that it stands there first."""
    found = ["t.path = u.path" if measure.own else "(t.path >= u.path AND t.path < u.path || chr(1114111))"]
    if measure.named_by:
        found.append(f"u.code = ANY(regexp_split_to_array({_listed(theme, measure.named_by)}, {_BETWEEN}))")
    if measure.within:
        binds["within"] = measure.within
        found.append(f"({NEAR_BY})")
    return found
