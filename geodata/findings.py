"""Findings that set no row aside: what is odd about rows that stand, and about the file that brought them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from geodata.copying import copy_in
from geodata.door import Reader
from geodata.loads import Load


def keep(connection: Connection, load: Load, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the findings of a load.

    Parameters
    ----------
    connection : Connection
        In the publishing transaction.
    load : Load
    rows : sequence of mapping
        row_no (0 for the whole file), rule, severity, reason_zh, reason_en, key.
    """
    if rows:
        names = ("row_no", "rule", "severity", "reason_zh", "reason_en", "key")
        columns: dict[str, Any] = {name: [each[name] for each in rows] for name in names}
        copy_in(connection, "onemap.findings", columns | {"load_id": [load.id] * len(rows), "theme": [load.theme] * len(rows)})


def of_load(reader: Reader, number: int) -> list[Mapping[str, Any]]:
    """What was found odd in one load, in the order of the file."""
    return reader.all(
        "SELECT row_no, rule, severity, reason_zh, reason_en, key FROM onemap.findings WHERE load_id = :number ORDER BY row_no, id",
        number=number,
    )


def by_rule(reader: Reader) -> dict[str, dict[str, int]]:
    """Theme -> rule -> findings of the newest load of each source, the rule of most findings first."""
    question = """WITH newest AS (SELECT DISTINCT ON (theme, source) id FROM onemap.loads ORDER BY theme, source, as_of DESC, id DESC)
        SELECT theme, rule, count(*) AS n FROM onemap.findings WHERE load_id IN (SELECT id FROM newest)
        GROUP BY theme, rule ORDER BY theme, n DESC, rule"""
    counted: dict[str, dict[str, int]] = {}
    for row in reader.all(question):
        counted.setdefault(row["theme"], {})[row["rule"]] = row["n"]
    return counted
