"""Numbers that stood on a load which is taken back: the log of values forgets them, so that past days read as they should."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, text

from geodata import loads
from geodata.loads import Load

_LOGS = (
    ("indicators", "indicator, definition, unit", "value, numerator, denominator"),
    ("measured", "indicator, definition", "basis, lacks"),
)
"""Table, what a line is of beside its day, and what it says."""


def forget(connection: Connection, load: Load) -> None:
    """Take out of the log what a load alone has changed; numbers of today are then measured again.

    Parameters
    ----------
    connection : Connection
        In the transaction of the rollback, after the ledger has noted it.
    load : Load
        That was taken back.

    Notes
    -----
    A day on which other loads changed the same numbers as well keeps them: they were published, and what they would
    have been without this load cannot be told from what is kept.
    """
    for indicator, definition, day in _alone(connection, load):
        asked = {"indicator": indicator, "definition": definition, "day": day}
        for name, *_ in _LOGS:
            gone = f"DELETE FROM onemap.{name} WHERE indicator = :indicator AND definition = :definition AND day = :day"  # noqa: S608
            connection.execute(text(gone), asked)
    _bring_back(connection, loads.newest_day(connection) or load.as_of)
    # What is left of the log may be of before the load: all that has changed since then are the units it had touched.
    waits = "UPDATE onemap.waiting SET since = 0 WHERE split_part(stream, '.', 1) = :theme"
    connection.execute(text(waits), {"theme": load.theme})


def _alone(connection: Connection, load: Load) -> Iterator[tuple[str, str, date]]:
    """Indicator, definition and day of what was measured on this load, where nothing else differed from the time before."""
    twin = text("""SELECT EXISTS (SELECT FROM onemap.loads WHERE theme = :theme AND as_of = :day AND id <> :id
        AND kind <> 'rollback' AND undone_by IS NULL)""")
    if connection.execute(twin, {"theme": load.theme, "day": load.as_of, "id": load.id}).scalar():
        return
    signed = set(connection.execute(text(_SIGNATURES), {"id": load.id, "theme": load.theme}).scalars())
    question = "SELECT indicator, definition, day, basis FROM onemap.measured ORDER BY indicator, definition, day"
    rows = connection.execute(text(question)).all()
    for (indicator, definition), days in groupby(rows, key=lambda row: (row.indicator, row.definition)):
        before: dict[str, Any] | None = None
        for row in days:
            if signed & set(row.basis.values()):
                if before is not None and row.day >= load.as_of and _differing(before, row.basis) <= signed:
                    yield indicator, definition, row.day
                break
            before = row.basis


# Under which numbers the state that a load had made was measured: its own, those of rollbacks that brought it back, and
# those of rollbacks of later loads, after which it showed again.
_SIGNATURES = """WITH RECURSIVE chain(id, depth) AS (
        SELECT CAST(:id AS int), 0 UNION ALL SELECT l.id, c.depth + 1 FROM onemap.loads l JOIN chain c ON l.undoes = c.id)
    SELECT id FROM chain WHERE depth % 2 = 0
    UNION SELECT id FROM onemap.loads WHERE kind = 'rollback' AND theme = :theme AND undoes > :id"""


def _differing(before: dict[str, Any], now: dict[str, Any]) -> set[Any]:
    return {now.get(part) for part in before.keys() | now.keys() if before.get(part) != now.get(part)}


def _bring_back(connection: Connection, day: date) -> None:
    """Days after the newest one that any load vouches for end: their newest values are those of that day."""
    later = "SELECT EXISTS (SELECT FROM onemap.measured WHERE day > :day)"
    if not connection.execute(text(later), {"day": day}).scalar():
        return
    for name, key, columns in _LOGS:
        connection.execute(
            text(f"""CREATE TEMP TABLE late_values ON COMMIT DROP AS SELECT DISTINCT ON ({key}) {key}, {columns}
                FROM onemap.{name} WHERE day > :day ORDER BY {key}, day DESC"""),  # noqa: S608
            {"day": day},
        )
        connection.execute(text(f"DELETE FROM onemap.{name} WHERE day > :day"), {"day": day})  # noqa: S608
        assigned = ", ".join(f"{each} = excluded.{each}" for each in columns.split(", "))
        connection.execute(
            text(f"""INSERT INTO onemap.{name} ({key}, {columns}, day) SELECT {key}, {columns}, CAST(:day AS date)
                FROM late_values ON CONFLICT ({key}, day) DO UPDATE SET {assigned}"""),  # noqa: S608
            {"day": day},
        )
        connection.execute(text("DROP TABLE late_values"))
