"""Rows set aside: kept as they came, with the rules they broke, until they come back mended."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text

from geodata.conditions import quoted
from geodata.copying import copy_in
from geodata.door import Reader
from geodata.loads import STANDS, Load
from layers import themes

_COLUMNS = "load_id, row_no, rule, reason_zh, reason_en, row, key, crs"


def keep(connection: Connection, load: Load, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the rows that a load set aside.

    Parameters
    ----------
    connection : Connection
        In the publishing transaction.
    load : Load
    rows : sequence of mapping
        row_no, rule, reason_zh, reason_en, key, crs, and `row` as it came.
    """
    if not rows:
        return
    names = ("row_no", "rule", "reason_zh", "reason_en", "key", "crs")
    columns: dict[str, Any] = {name: [each.get(name) for each in rows] for name in names}
    columns["row"] = [json.dumps(each["row"], ensure_ascii=False) for each in rows]
    columns |= {"load_id": [load.id] * len(rows), "theme": [load.theme] * len(rows)}
    copy_in(connection, "onemap.set_aside", columns)


def mended(connection: Connection, by: int, former: Sequence[tuple[int, int]]) -> None:
    """Close rows that a load brought again, good or not: one that is bad again has an entry of its own.

    Parameters
    ----------
    connection : Connection
    by : int
        The load that brought them.
    former : sequence of (int, int)
        Load and row under which each was set aside.
    """
    closing = text("UPDATE onemap.set_aside SET mended_by = :by WHERE load_id = :load AND row_no = ANY(:rows)")
    for load in {load for load, _ in former}:
        rows = [row for of, row in former if of == load]
        connection.execute(closing, {"by": by, "load": load, "rows": rows})


def reopen(connection: Connection, by: int) -> None:
    """Open what a load had closed, which is taken back."""
    connection.execute(text("UPDATE onemap.set_aside SET mended_by = NULL WHERE mended_by = :by"), {"by": by})


def of_load(reader: Reader, number: int) -> list[Mapping[str, Any]]:
    """The rows that one load set aside, as they came, with the rule they broke."""
    return reader.all(
        f"SELECT {_COLUMNS} FROM onemap.set_aside WHERE load_id = :number ORDER BY row_no",  # noqa: S608
        number=number,
    )


def waiting(reader: Reader, theme: str, source: str | None = None, n: int | None = None) -> list[Mapping[str, Any]]:
    """The rows of a theme that wait to be mended (`n` of them, or all), in the order of their files; `source` with each of them."""
    asked = ", ".join(f"a.{name}" for name in _COLUMNS.split(", "))
    question = f"""SELECT o.source, o.file, {asked} {_open(theme)}
        AND (CAST(:source AS text) IS NULL OR o.source = :source) ORDER BY o.source, a.load_id, a.row_no LIMIT :n"""
    return reader.all(question, theme=theme, source=source, n=n, day=reader.scope.day)


def by_rule(reader: Reader) -> dict[str, dict[str, int]]:
    """Theme -> rule -> rows that wait to be mended, the rule of most rows first."""
    counted: dict[str, dict[str, int]] = {}
    some = reader.all("SELECT DISTINCT theme FROM onemap.set_aside ORDER BY theme")
    for theme in (row["theme"] for row in some if row["theme"] in themes()):
        question = f"SELECT a.rule, count(*) AS n {_open(theme)} GROUP BY a.rule ORDER BY n DESC, a.rule"
        if found := reader.all(question, theme=theme, day=reader.scope.day):
            counted[theme] = {row["rule"]: row["n"] for row in found}
    return counted


def _open(theme: str) -> str:
    """Rows `a` of a theme, with their load `o`, that nobody has sent again: set aside by the newest load of their source or
    by a mending of it, and whose key no later load has brought. What older files had is said by newer ones."""
    return f"""FROM onemap.set_aside a JOIN onemap.loads o ON o.id = a.load_id JOIN (
            SELECT DISTINCT ON (source) id, source FROM onemap.loads
            WHERE theme = :theme AND {STANDS} AND (CAST(:day AS date) IS NULL OR as_of <= :day)
            ORDER BY source, as_of DESC, id DESC) n ON n.source = o.source
        WHERE a.theme = :theme AND o.undone_by IS NULL AND (o.id = n.id OR (o.kind = 'mend' AND o.id > n.id))
        AND a.mended_by IS NULL AND NOT EXISTS (
            SELECT FROM onemap.{quoted(theme)} t WHERE t.key = a.key AND t.load_id > a.load_id)"""  # noqa: S608
