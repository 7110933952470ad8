"""What one load changed: rows that came, went and differ, field by field; and the numbers that followed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, text

from geodata.conditions import quoted
from geodata.copying import copy_out
from layers import Theme

Lines = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Changed:
    """Rows that a load changed.

    Parameters
    ----------
    added, removed : list of mapping
        key, title, row_no, lon, lat.
    fields : list of mapping
        key, field, before, after: one for each value that differs, by key and then as declared.
    moved : list of mapping
        key, metres between a point on the shape before and after, lon, lat; square metres before and after of areas.
    """

    added: Lines
    removed: Lines
    fields: Lines
    moved: Lines


def of_load(connection: Connection, theme: Theme, number: int, most: int | None = None) -> Changed:
    """The rows that a load changed, whatever became of them later.

    Parameters
    ----------
    connection : Connection
        Also one that has not committed the load.
    theme : Theme
    number : int
        Of the load.
    most : int, optional
        Of each list, this many lines at most.
    """
    return Changed(*(_asked(connection, each, theme, number, most) for each in (_ADDED, _REMOVED, _fields(theme), _MOVED)))


def told(rows: Changed) -> dict[str, Any]:
    """The same as a report tells it: how often each field differs, and the lists, with the fields of a row together.

    Returns
    -------
    dict
        fields, added, changed, moved, removed.
    """
    by_key: dict[str, dict[str, Any]] = {each["key"]: {} for each in rows.moved}
    for each in rows.fields:
        by_key.setdefault(each["key"], {})[each["field"]] = [each["before"], each["after"]]
    return {
        "fields": dict(Counter(each["field"] for each in rows.fields).most_common()),
        "added": list(rows.added),
        "changed": [{"key": key, "fields": fields} for key, fields in sorted(by_key.items())],
        "moved": list(rows.moved),
        "removed": list(rows.removed),
    }


_POINT = "round(ST_X({0})::numeric, 7)::float8 AS lon, round(ST_Y({0})::numeric, 7)::float8 AS lat"
_ROW = "v.key, v.{label}::text AS title, v.row_no, " + _POINT.format("ST_PointOnSurface(v.geom)")

# The versions that a load brought, `t`, and those that it ended, `p`. One that a rollback put back stands for itself again.
_BROUGHT = """(SELECT {columns} FROM onemap.{theme} WHERE load_id = :n
        UNION ALL SELECT {columns} FROM onemap.{past} WHERE load_id = :n AND restored IS NULL)"""
_ENDED = "onemap.{past}"

_ADDED = f"""SELECT {_ROW} FROM {_BROUGHT} v
    WHERE NOT EXISTS (SELECT FROM {_ENDED} p WHERE p.until_load = :n AND p.id = v.id) ORDER BY v.key"""  # noqa: S608
_REMOVED = f"""SELECT {_ROW} FROM {_ENDED} v WHERE v.until_load = :n
    AND NOT EXISTS (SELECT FROM {_BROUGHT} t WHERE t.id = v.id) ORDER BY v.key"""  # noqa: S608

_PAIRS = f"FROM {_ENDED} p JOIN {_BROUGHT} t ON t.id = p.id WHERE p.until_load = :n"
_BOTH = "ST_AsEWKB(p.geom) IS DISTINCT FROM ST_AsEWKB(t.geom)"
_GROUND = "ST_SetSRID({0}, 4326)::geography"
_MOVED = f"""SELECT t.key, round(ST_Distance({_GROUND.format("ST_PointOnSurface(p.geom)")},
        {_GROUND.format("ST_PointOnSurface(t.geom)")})::numeric, 2)::float8 AS metres,
    {_POINT.format("ST_PointOnSurface(t.geom)")},
    CASE WHEN ST_Dimension(p.geom) = 2 THEN round(ST_Area({_GROUND.format("p.geom")})::numeric, 1)::float8 END AS m2_before,
    CASE WHEN ST_Dimension(t.geom) = 2 THEN round(ST_Area({_GROUND.format("t.geom")})::numeric, 1)::float8 END AS m2_after
    {_PAIRS} AND {_BOTH} ORDER BY t.key"""


def _fields(theme: Theme) -> str:
    values = ", ".join(
        f"({n}, '{each.name}', p.{quoted(each.name)}::text, t.{quoted(each.name)}::text)"
        for n, each in enumerate(theme.fields)
    )
    pairs = _PAIRS.replace(" WHERE p.until", f" CROSS JOIN LATERAL (VALUES {values}) f(n, field, before, after) WHERE p.until")
    return f"SELECT t.key, f.field, f.before, f.after {pairs} AND f.before IS DISTINCT FROM f.after ORDER BY t.key, f.n"  # noqa: S608


def _asked(connection: Connection, question: str, theme: Theme, number: int, most: int | None) -> Lines:
    columns = ", ".join(("id", "key", "row_no", "geom", *(quoted(each.name) for each in theme.fields)))
    names = {"theme": quoted(theme.name), "past": quoted(f"{theme.name}_past"), "label": quoted(theme.label), "columns": columns}
    limited = question.format(**names) + ("" if most is None else f" LIMIT {int(most)}")
    return [dict(row) for row in connection.execute(text(limited), {"n": number}).mappings()]


_WRITTEN = """SELECT i.indicator, i.unit, i.day::text AS day, i.value AS after, l.name, l.level, l.depth
    FROM onemap.indicators i LEFT JOIN onemap.ladder l ON l.code = i.unit
    WHERE i.definition = 'default' AND i.xmin = pg_current_xact_id()::xid ORDER BY i.indicator, l.depth, i.unit"""

_WRITTEN_KINDS = {
    "indicator": pa.string(), "unit": pa.string(), "day": pa.string(), "after": pa.float64(), "name": pa.string(), "level": pa.string(), "depth": pa.int64(),
}  # fmt: skip


def written_values(connection: Connection) -> pa.Table:
    """The values of indicators that this very transaction has written: indicator, unit, day, after; and name, level, depth."""
    return copy_out(connection, _WRITTEN, {}, _WRITTEN_KINDS)


_FEW = 20_000
"""Values that are looked up one by one; of more, all that the log has of their indicators is read in the order of its key."""

_BEFORE_FEW = """SELECT a.indicator, a.unit, v.value FROM unnest(CAST(:indicators AS text[]), CAST(:units AS text[])) AS a(indicator, unit)
    CROSS JOIN LATERAL (SELECT i.value FROM onemap.indicators i WHERE i.indicator = a.indicator
        AND i.definition = 'default' AND i.unit = a.unit AND i.day <= :day ORDER BY i.day DESC LIMIT 1) v"""

_BEFORE_ALL = """SELECT DISTINCT ON (i.indicator, i.unit) i.indicator, i.unit, i.value FROM onemap.indicators i
    WHERE i.indicator = ANY(CAST(:indicators AS text[])) AND i.definition = 'default' AND i.day <= :day
    ORDER BY i.indicator, i.unit, i.day DESC"""


def values_before(connection: Connection, written: pa.Table, day: date) -> pa.ChunkedArray:
    """The value of each of `written_values` as readers see it, at a day or before it.

    Parameters
    ----------
    connection : Connection
        That sees what is published.
    written : Table
        With indicator and unit.
    day : date

    Returns
    -------
    ChunkedArray of float
        Null where there is none.
    """
    kinds = {"indicator": pa.string(), "unit": pa.string(), "value": pa.float64()}
    if len(written) <= _FEW:
        binds = {"indicators": written["indicator"].to_pylist(), "units": written["unit"].to_pylist(), "day": day}
        found = copy_out(connection, _BEFORE_FEW, binds, kinds)
    else:
        found = copy_out(connection, _BEFORE_ALL, {"indicators": written["indicator"].unique().to_pylist(), "day": day}, kinds)
    return found["value"].take(pc.index_in(_pairs(written), _pairs(found)))


def _pairs(rows: pa.Table) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(rows["indicator"], rows["unit"], " ")
