"""The ledger of loads: what came in, when, from whom, and what happened to each of its rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text

from geodata.copying import copy_in
from geodata.door import Reader
from geodata.tables import table
from layers import themes


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One file brought in.

    Parameters
    ----------
    id : int
        Number of the load.
    theme, source, file : str
        What it was, of which stream, the file's name.
    sha256 : str
        Of the file's bytes.
    bytes : int
        Size of the file.
    recipe : mapping
        How it was read.
    operator : str
        Who brought it.
    as_of : date
        The day of the data.
    started, finished : datetime
        With time zone.
    rows_in, added, changed, removed, unchanged, set_aside, duplicates : int
        rows_in = added + changed + unchanged + set_aside + duplicates.
    changes : mapping of str to int
        Automatic changes, counted.
    """

    id: int
    theme: str
    source: str
    file: str
    sha256: str
    bytes: int
    recipe: Mapping[str, Any]
    operator: str
    as_of: date
    started: datetime
    finished: datetime | None
    rows_in: int
    added: int
    changed: int
    removed: int
    unchanged: int
    set_aside: int
    duplicates: int
    changes: Mapping[str, int]

    @property
    def publisher(self) -> str | None:
        """Who made the data, as the recipe says."""
        return self.recipe.get("publisher")

    @property
    def share_set_aside(self) -> float:
        """Rows set aside, of the rows that came; 0 to 1."""
        return self.set_aside / self.rows_in if self.rows_in else 0.0


_COLUMNS = ", ".join(each.name for each in fields(Load))


def next_id(connection: Connection) -> int:
    """The number of a load that is about to be written."""
    return int(connection.execute(text("SELECT nextval(pg_get_serial_sequence('onemap.loads', 'id'))")).scalar_one())


def newest(connection: Connection, theme: str, source: str) -> Load | None:
    """The newest load of a source; None before its first."""
    question = text(
        f"SELECT {_COLUMNS} FROM onemap.loads WHERE theme = :theme AND source = :source ORDER BY as_of DESC, id DESC LIMIT 1"  # noqa: S608
    )
    row = connection.execute(question, {"theme": theme, "source": source}).mappings().first()
    return Load(**row) if row else None


def of_file(connection: Connection, theme: str, source: str, sha256: str) -> list[Load]:
    """The loads that brought these very bytes in this source, newest first."""
    question = text(
        f"SELECT {_COLUMNS} FROM onemap.loads WHERE theme = :theme AND source = :source AND sha256 = :sha256 ORDER BY id DESC"  # noqa: S608
    )
    asked = {"theme": theme, "source": source, "sha256": sha256}
    return [Load(**row) for row in connection.execute(question, asked).mappings()]


def newest_number(connection: Connection) -> int | None:
    """Number of the last load; None in an empty store."""
    return connection.execute(text("SELECT max(id) FROM onemap.loads")).scalar()


def record(connection: Connection, load: Load) -> None:
    """Write one line of the ledger; the time of its end is the store's own."""
    line = {each.name: getattr(load, each.name) for each in fields(Load) if each.name != "finished"}
    connection.execute(table("loads").insert().values(**line, finished=text("clock_timestamp()")))


def keep_aside(connection: Connection, load: Load, rows: list[Mapping[str, Any]]) -> None:
    """Write the rows that a load set aside: row_no, rule, reason_zh, reason_en, and `row` as it came."""
    if not rows:
        return
    columns: dict[str, Any] = {
        name: [each[name] for each in rows] for name in ("row_no", "rule", "reason_zh", "reason_en")
    }
    columns["row"] = [json.dumps(each["row"], ensure_ascii=False) for each in rows]
    columns |= {"load_id": [load.id] * len(rows), "theme": [load.theme] * len(rows)}
    copy_in(connection, "onemap.set_aside", columns)


def mark(connection: Connection, name: str, load: int) -> None:
    """Say that a theme (or "ladder", "indicators") looks different since a load: tiles and pages ask again."""
    connection.execute(
        text(
            "INSERT INTO onemap.versions (theme, version) VALUES (:name, :load) ON CONFLICT (theme) DO UPDATE SET version = :load"
        ),
        {"name": name, "load": load},
    )


def freshness(reader: Reader) -> dict[str, Load]:
    """The load with the newest data of each theme that has any, not after the reader's day."""
    question = f"""SELECT DISTINCT ON (theme) {_COLUMNS} FROM onemap.loads
        WHERE CAST(:day AS date) IS NULL OR as_of <= :day ORDER BY theme, as_of DESC, id DESC"""  # noqa: S608
    return {row["theme"]: Load(**row) for row in reader.all(question, day=reader.scope.day)}


def load(reader: Reader, number: int) -> Load | None:
    """One load by its number."""
    row = reader.first(f"SELECT {_COLUMNS} FROM onemap.loads WHERE id = :number", number=number)  # noqa: S608
    return Load(**row) if row else None


def ledger(reader: Reader, n: int = 50) -> tuple[Load, ...]:
    """The last `n` loads, newest first."""
    return tuple(
        Load(**row)
        for row in reader.all(f"SELECT {_COLUMNS} FROM onemap.loads ORDER BY id DESC LIMIT :n", n=n)  # noqa: S608
    )


def set_aside(reader: Reader, number: int) -> list[Mapping[str, Any]]:
    """The rows that one load set aside, as they came, with the rule they broke."""
    return reader.all(
        "SELECT row_no, rule, reason_zh, reason_en, row FROM onemap.set_aside WHERE load_id = :number ORDER BY row_no",
        number=number,
    )


def set_aside_by_rule(reader: Reader) -> dict[str, dict[str, int]]:
    """Theme -> rule -> rows that the newest load of each source set aside."""
    question = """WITH newest AS (SELECT DISTINCT ON (theme, source) id FROM onemap.loads ORDER BY theme, source, as_of DESC, id DESC)
        SELECT theme, rule, count(*) AS n FROM onemap.set_aside WHERE load_id IN (SELECT id FROM newest)
        GROUP BY theme, rule ORDER BY theme, n DESC"""
    counted: dict[str, dict[str, int]] = {}
    for row in reader.all(question):
        counted.setdefault(row["theme"], {})[row["rule"]] = row["n"]
    return counted


def standing(reader: Reader) -> dict[str, int]:
    """Theme -> rows that stand in the store now."""
    counts = " UNION ALL ".join(f"SELECT '{name}' AS theme, count(*) AS n FROM onemap.\"{name}\"" for name in themes())  # noqa: S608
    return {row["theme"]: row["n"] for row in reader.all(counts)}
