"""Which rows make a number: for each measure a question that lists them, each with what it adds to numerator and denominator."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from geodata import conditions, having, sights, surveyed
from geodata.conditions import quoted
from geodata.on_day import source
from geodata.units import Unit
from geodata.written import PLACE
from layers import Theme, themes
from layers._indicator import Assumed, Count, Density, Passes, Per, Share, Sum, Together, UnitsHaving, UnitsSum, Where
from layers._ladder import LEVEL_NAMES

INSIDE = "t.path >= :path AND t.path < :path || chr(1114111)"
"""Rows `t` (or units) of the unit that is asked about, and of everything below it: its path begins theirs."""

NOTHING = "NULL::float8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """How a number is made, in SQL with places like :name.

    Parameters
    ----------
    rows : str
        A question with one line for each row that is looked at; its columns are `COLUMNS`.
    numerator, denominator : str or None
        Expressions over `counted_rows`, the table of these rows; None where there is no denominator.
    before : mapping of str to str
        Tables that `rows` reads, by name.
    values : mapping of str to object
        What stands for the places.
    sights, assumed : int
        Sectors that look at the unit, and how many of them are in part assumed; 0 for a measure without sight.
    patient : bool
        Whether so much is counted that nobody waits for it before a page.
    """

    rows: str
    numerator: str = "coalesce(sum(n), 0)"
    denominator: str | None = "coalesce(sum(d), 0)"
    before: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    sights: int = 0
    assumed: int = 0
    patient: bool = False


COLUMNS = ("theme", "key", "title", "unit", "load_id", "row_no", "lon", "lat", "counted", "n", "d", "seen_by", "seer", "assumed")
"""Theme and key name the row; `counted`: it is part of the numerator; `n` and `d`: what it adds to numerator and denominator;
`seen_by`, `seer`: how many rows of another theme see it, and the key of one; `assumed`: part of its sight was assumed."""


def columns(theme: Theme, counted: str, n: str, d: str = NOTHING, seen_by: str = "NULL::int", seer: str = "NULL::text", assumed: str = "NULL::boolean") -> str:
    """The columns of a listing for rows `t` of a theme."""
    return f"""'{theme.name}' AS theme, t.key, coalesce(t.{quoted(theme.label)}::text, t.key) AS title, t.unit, t.load_id, t.row_no,
    ST_X(ST_PointOnSurface(t.geom)) AS lon, ST_Y(ST_PointOnSurface(t.geom)) AS lat,
    {counted} AS counted, ({n})::float8 AS n, ({d})::float8 AS d, {seen_by} AS seen_by, {seer} AS seer, {assumed} AS assumed"""


def listing(theme: Theme, measure: Any, unit: Unit, day: date | None, deepest: int) -> Listing | None:
    """The rows of a measure that is counted from rows of its own theme, or from units; None for a measure of sight.

    Parameters
    ----------
    theme : Theme
    measure : Measure
    unit : Unit
    day : date or None
        None for now.
    deepest : int
        Greatest depth of the ladder.
    """
    binds: dict[str, Any] = {"path": unit.path, "day": day}
    if isinstance(measure, UnitsSum):
        return units_sum(unit, measure.column, deepest, binds)
    if isinstance(measure, UnitsHaving):
        return _having(theme, measure, day, deepest, unit, binds)
    if isinstance(measure, Together):
        return _together(theme, measure, day, deepest, unit, binds)
    return _plain(theme, measure, unit, day, deepest, binds)


def _plain(theme: Theme, measure: Any, unit: Unit, day: date | None, deepest: int, binds: dict[str, Any]) -> Listing | None:
    def those(where: Where) -> str:
        """SQL that is true for the rows of a condition."""
        return conditions.sql(theme, where, binds)

    if isinstance(measure, Assumed) and theme.sight:
        counted = sights.assumed(theme, measure.part, binds)
        return _of(theme, day, columns(theme, counted, f"({counted})::int", "1"), those(theme.sight.standing), binds)
    if isinstance(measure, Passes):
        counted = conditions.passes(measure.tests)
        return _of(theme, day, columns(theme, counted, f"({counted})::int", "1"), those(measure.among), binds)
    if isinstance(measure, Share):
        counted = those(measure.where)
        return _of(theme, day, columns(theme, counted, f"({counted})::int", "1"), those(measure.among), binds)
    if isinstance(measure, Sum):
        names = [quoted(each) for each in (measure.field, measure.divided_by) if each]
        known = " AND ".join(f"t.{each} IS NOT NULL" for each in names)
        made = columns(theme, "true", f"t.{names[0]}", f"t.{names[1]}" if measure.divided_by else NOTHING)
        found = _of(theme, day, made, f"{those(measure.where)} AND {known}", binds, divided=bool(measure.divided_by))
        return _where_surveyed(found, theme, measure, day)
    if isinstance(measure, Count):
        return _where_surveyed(_of(theme, day, columns(theme, "true", "1"), those(measure.where), binds, divided=False), theme, measure, day)
    if isinstance(measure, Density):
        found = _of(theme, day, columns(theme, "true", "1"), those(measure.where), binds)
        return _divided(found, measure, unit, deepest)
    return None


def _of(theme: Theme, day: date | None, made: str, where: str, binds: dict[str, Any], divided: bool = True) -> Listing:
    rows = f"SELECT {made}\n  FROM {source(theme, day)} t\n  WHERE {INSIDE} AND {where}"  # noqa: S608
    return Listing(rows=rows, values=binds, denominator="coalesce(sum(d), 0)" if divided else None)


def _where_surveyed(found: Listing, theme: Theme, measure: Count | Sum, day: date | None) -> Listing:
    """Nothing, and not 0, where no unit was surveyed: none in the unit, nor one that it lies in."""
    if not measure.surveyed:
        return found
    here = f"({INSIDE.replace('t.path', 'u.path')} OR starts_with(:path, u.path))"
    said = f"SELECT EXISTS (SELECT FROM onemap.ladder u WHERE {here} AND {surveyed.condition(theme, day)}) AS there"  # noqa: S608
    return replace(found, numerator=f"CASE WHEN (SELECT there FROM surveyed) THEN {found.numerator} END", before={"surveyed": said})  # noqa: S608


def _divided(found: Listing, measure: Density, unit: Unit, deepest: int) -> Listing:
    """By what belongs to the ladder, not to the rows."""
    binds = {**found.values, "code": unit.code}
    if measure.per is Per.SQUARE_KM:
        km2 = "(SELECT area_m2 / 1e6 FROM onemap.ladder WHERE code = :code)"
        return Listing(rows=found.rows, denominator=km2, values=binds)
    before, name = people("population", unit, deepest)
    return Listing(rows=found.rows, denominator=f"(SELECT value / 1000 FROM {name} WHERE code = :code)", before=before, values=binds)  # noqa: S608


def people(column: str, unit: Unit, deepest: int) -> tuple[dict[str, str], str]:
    """Tables that add a number of the files up from the lowest units of the same theme, as `geodata.tree.Tree.column` does.

    Parameters
    ----------
    column : str
        Of the ladder.
    unit : Unit
        They reach from it down (its path bound as :path).
    deepest : int

    Returns
    -------
    dict of str to str, str
        The tables by name, and the name of the one that has all: code, path, level, theme, value, split (added up from below).
    """
    made: dict[str, str] = {}
    for depth in range(max(deepest, unit.depth), unit.depth - 1, -1):
        below = f"depth_{depth + 1}"
        own = f"t.code, t.path, t.level, t.theme, t.parent, t.{quoted(column)}::float8"
        if below not in made:
            made[f"depth_{depth}"] = f"SELECT {own} AS value, false AS split FROM onemap.ladder t WHERE t.depth = {depth} AND {INSIDE}"  # noqa: S608
            continue
        made[f"depth_{depth}"] = f"""SELECT t.code, t.path, t.level, t.theme, t.parent,
    CASE WHEN c.known = c.n THEN c.value ELSE t.{quoted(column)}::float8 END AS value, coalesce(c.known = c.n, false) AS split
  FROM onemap.ladder t LEFT JOIN (SELECT parent, theme, count(*) AS n, count(value) AS known, sum(value) AS value
    FROM {below} GROUP BY parent, theme) c ON c.parent = t.code AND c.theme = t.theme
  WHERE t.depth = {depth} AND {INSIDE}"""  # noqa: S608
    name = f"{column}_of"
    made[name] = " UNION ALL ".join(f"SELECT code, path, level, theme, value, split FROM {each}" for each in list(made)[::-1])  # noqa: S608
    return made, name


def file_row() -> str:
    """The row of the file from which unit `u` came, whichever theme of units that is, as `f`."""
    rungs = [each.name for each in themes().values() if each.rung]
    each = " UNION ALL ".join(f"SELECT load_id, row_no FROM onemap.{quoted(name)} WHERE key = u.code" for name in rungs)  # noqa: S608
    return f"LEFT JOIN LATERAL ({each} LIMIT 1) f ON true"


UNIT = """u.theme, u.code AS key, u.name AS title, u.code AS unit, f.load_id, f.row_no,
    (u.west + u.east) / 2 AS lon, (u.south + u.north) / 2 AS lat, {counted} AS counted, ({n})::float8 AS n, ({d})::float8 AS d,
    NULL::int AS seen_by, NULL::text AS seer, NULL::boolean AS assumed"""


def units_sum(unit: Unit, column: str, deepest: int, binds: dict[str, Any]) -> Listing:
    """Units whose own numbers make the sum; of ground, the unit's own."""
    if column == "area_km2":
        rows = f"""SELECT {UNIT.format(counted="u.area_m2 IS NOT NULL", n="u.area_m2 / 1e6", d=NOTHING)}
  FROM onemap.ladder u {file_row()} WHERE u.path = :path"""  # noqa: S608
        return Listing(rows=rows, numerator="sum(n)", denominator=None, values=binds)
    before, name = people(column, unit, deepest)
    rows = f"""SELECT {UNIT.format(counted="true", n="p.value", d=NOTHING)}
  FROM {name} p JOIN onemap.ladder u ON u.code = p.code {file_row()}
  WHERE NOT p.split AND p.theme = (SELECT theme FROM onemap.ladder WHERE path = :path)
    AND NOT EXISTS (SELECT FROM {name} a WHERE NOT a.split AND a.path <> p.path AND starts_with(p.path, a.path))"""  # noqa: S608
    return Listing(rows=rows, numerator="sum(n)", denominator=None, before=before, values=binds)


def _having(theme: Theme, measure: UnitsHaving, day: date | None, deepest: int, unit: Unit, binds: dict[str, Any]) -> Listing:
    """Units of a level; those that have enough rows are counted. A theme that nobody has loaded says nothing of any unit."""
    number, rows_there = having.sql(theme, measure, binds)
    binds |= {"level": measure.level, "at_least": measure.at_least, "theme": theme.name}
    has = f"(SELECT {number} FROM {source(theme, day)} t WHERE {rows_there}) >= :at_least"  # noqa: S608
    before: dict[str, str] = {}
    loaded = f"""(EXISTS (SELECT FROM onemap.{quoted(theme.name)}) OR EXISTS (SELECT FROM onemap.versions v WHERE v.theme = :theme))"""  # noqa: S608
    asked = ["u.level = :level", INSIDE.replace("t.path", "u.path"), loaded]
    if measure.rural:
        asked.append(f"NOT ({_COMMUNITY})")
    if measure.people_from:
        before, name = people(measure.people, unit, max(deepest, LEVEL_NAMES.index(measure.level)))
        binds["people_from"] = measure.people_from
        asked.append(f"(SELECT coalesce(p.value, 0) FROM {name} p WHERE p.code = u.code) >= :people_from")  # noqa: S608
    rows = f"""SELECT {UNIT.format(counted="x.has", n="x.has::int", d="1")}
  FROM onemap.ladder u CROSS JOIN LATERAL (SELECT {has} AS has) x {file_row()} WHERE {" AND ".join(asked)}"""  # noqa: S608
    return Listing(rows=rows, before=before, values=binds)


# What `layers._ladder.is_community` says of a code.
_COMMUNITY = """u.code ~ '^[0-9]{12}$' AND (substr(u.code, 10)::int BETWEEN 1 AND 199 OR substr(u.code, 10)::int BETWEEN 400 AND 499)"""


def _renamed(names: Mapping[str, str], place: re.Match[str]) -> str:
    return f":{names[place[1]]}"


def _together(theme: Theme, measure: Together, day: date | None, deepest: int, unit: Unit, binds: dict[str, Any]) -> Listing:
    """Units of several levels; places of the parts are told apart by a number at their end."""
    rows: list[str] = []
    before: dict[str, str] = {}
    values = dict(binds)
    for at, each in enumerate(measure.parts):
        part = _having(theme, each, day, deepest, unit, dict(binds))
        before |= dict(part.before)
        renamed = {name: name if name in binds else f"{name}_p{at}" for name in part.values}
        values |= {renamed[name]: value for name, value in part.values.items()}
        rows.append(PLACE.sub(partial(_renamed, renamed), part.rows))
    return Listing(rows="\n  UNION ALL ".join(rows), before=before, values=values)
