"""The ledger of loads: what came in, when, from whom, and what happened to each of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text

from geodata import notices
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
    kind : {'load', 'mend', 'rollback'}
        A file that says all of its source, rows of it that were mended, or a load taken back.
    reason : str or None
        Why it was made, in the operator's words.
    rehearsal : int or None
        The rehearsal that showed it before.
    undoes : int or None
        Of a rollback: the load that it took back.
    undone_by : int or None
        The rollback that took this load back; None while it stands.
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
    kind: str = "load"
    reason: str | None = None
    rehearsal: int | None = None
    undoes: int | None = None
    undone_by: int | None = None

    @property
    def stands(self) -> bool:
        """Whether nobody took it back."""
        return self.undone_by is None

    @property
    def publisher(self) -> str | None:
        """Who made the data, as the recipe says."""
        return self.recipe.get("publisher")

    @property
    def share_set_aside(self) -> float:
        """Rows set aside, of the rows that came; 0 to 1."""
        return self.set_aside / self.rows_in if self.rows_in else 0.0


_COLUMNS = ", ".join(each.name for each in fields(Load))

# A load that says all of its source, and that nobody took back.
STANDS = "kind = 'load' AND undone_by IS NULL"


def next_id(connection: Connection) -> int:
    """The number of a load that is about to be written."""
    return int(connection.execute(text("SELECT nextval(pg_get_serial_sequence('onemap.loads', 'id'))")).scalar_one())


def newest(connection: Connection, theme: str, source: str) -> Load | None:
    """The newest load of a source that stands; None before its first."""
    question = text(
        f"""SELECT {_COLUMNS} FROM onemap.loads WHERE theme = :theme AND source = :source AND {STANDS}
        ORDER BY as_of DESC, id DESC LIMIT 1"""  # noqa: S608
    )
    row = connection.execute(question, {"theme": theme, "source": source}).mappings().first()
    return Load(**row) if row else None


def of_file(connection: Connection, theme: str, source: str, sha256: str) -> list[Load]:
    """The loads that stand and brought these very bytes in this source, newest first."""
    question = text(
        f"""SELECT {_COLUMNS} FROM onemap.loads WHERE theme = :theme AND source = :source AND sha256 = :sha256
        AND kind <> 'rollback' AND undone_by IS NULL ORDER BY id DESC"""  # noqa: S608
    )
    asked = {"theme": theme, "source": source, "sha256": sha256}
    return [Load(**row) for row in connection.execute(question, asked).mappings()]


def whole(connection: Connection, load: Load) -> bool:
    """Whether the rows of a load's source are as it left them: no older load of the source was taken back beneath it."""
    question = text("""SELECT NOT EXISTS (SELECT FROM onemap.loads WHERE theme = :theme AND source = :source
        AND kind = 'rollback' AND undone_by IS NULL AND id > :id AND undoes < :id)""")
    return bool(connection.execute(question, {"theme": load.theme, "source": load.source, "id": load.id}).scalar())


def newest_day(connection: Connection) -> date | None:
    """The newest day of data of all loads that stand; None without any."""
    question = "SELECT max(as_of) FROM onemap.loads WHERE kind <> 'rollback' AND undone_by IS NULL"
    return connection.execute(text(question)).scalar()


def numbered(connection: Connection, number: int) -> Load | None:
    """One load by its number, for those who are about to write."""
    question = text(f"SELECT {_COLUMNS} FROM onemap.loads WHERE id = :number")  # noqa: S608
    row = connection.execute(question, {"number": number}).mappings().first()
    return Load(**row) if row else None


def newest_number(connection: Connection) -> int | None:
    """Number of the last load; None in an empty store."""
    return connection.execute(text("SELECT max(id) FROM onemap.loads")).scalar()


def record(connection: Connection, load: Load) -> None:
    """Write one line of the ledger; the time of its end is the store's own."""
    line = {each.name: getattr(load, each.name) for each in fields(Load) if each.name != "finished"}
    connection.execute(table("loads").insert().values(**line, finished=text("clock_timestamp()")))


def undo(connection: Connection, load: Load, rollback: int) -> None:
    """Note that a rollback took a load back; when that was a rollback itself, what it had taken back stands again."""
    note = text("UPDATE onemap.loads SET undone_by = :by WHERE id = :id")
    connection.execute(note, {"id": load.id, "by": rollback})
    if load.undoes is not None:
        connection.execute(note, {"id": load.undoes, "by": None})


def mark(connection: Connection, name: str, load: int) -> None:
    """Say that a theme (or "ladder", "indicators") looks different since a load: tiles and pages ask again."""
    connection.execute(
        text(
            "INSERT INTO onemap.versions (theme, version) VALUES (:name, :load) ON CONFLICT (theme) DO UPDATE SET version = :load"
        ),
        {"name": name, "load": load},
    )
    notices.give(connection, notices.VERSIONS)


def freshness(reader: Reader) -> dict[str, Load]:
    """The load with the newest data of each theme that has any, not after the reader's day; what was taken back is none."""
    question = f"""SELECT DISTINCT ON (theme) {_COLUMNS} FROM onemap.loads
        WHERE kind <> 'rollback' AND undone_by IS NULL AND (CAST(:day AS date) IS NULL OR as_of <= :day)
        ORDER BY theme, as_of DESC, id DESC"""  # noqa: S608
    found = {row["theme"]: Load(**row) for row in reader.all(question, day=reader.scope.day)}
    for each in themes().values():  # rows that no file brings are as new as the newest of those that they follow from
        stands_on = [found[name] for name in each.left_by.minus if name in found] if each.left_by else []
        if each.left_by and len(stands_on) == len(each.left_by.minus):
            found[each.name] = max(stands_on, key=lambda one: (one.as_of, one.id))
    return found


def load(reader: Reader, number: int) -> Load | None:
    """One load by its number."""
    row = reader.first(f"SELECT {_COLUMNS} FROM onemap.loads WHERE id = :number", number=number)  # noqa: S608
    return Load(**row) if row else None


def some(reader: Reader, numbers: list[int]) -> tuple[Load, ...]:
    """The loads of these numbers, oldest first; a number without a load is left out."""
    question = f"SELECT {_COLUMNS} FROM onemap.loads WHERE id = ANY(:numbers) ORDER BY id"  # noqa: S608
    return tuple(Load(**row) for row in reader.all(question, numbers=numbers))


def ledger(reader: Reader, n: int | None = 50, theme: str | None = None) -> tuple[Load, ...]:
    """The last `n` loads (None: all), newest first; of one theme when it is named, up to the reader's day."""
    question = f"""SELECT {_COLUMNS} FROM onemap.loads WHERE (CAST(:theme AS text) IS NULL OR theme = :theme)
        AND (CAST(:day AS date) IS NULL OR as_of <= :day) ORDER BY id DESC LIMIT :n"""  # noqa: S608
    return tuple(Load(**row) for row in reader.all(question, n=n, theme=theme, day=reader.scope.day))


def sources(reader: Reader) -> dict[str, list[str]]:
    """Theme -> the streams of files that were ever loaded."""
    found: dict[str, list[str]] = {}
    for row in reader.all("SELECT DISTINCT theme, source FROM onemap.loads ORDER BY theme, source"):
        found.setdefault(row["theme"], []).append(row["source"])
    return found


def standing(reader: Reader) -> dict[str, int]:
    """Theme -> rows that stand in the store, on the reader's day when he has one."""
    now = "SELECT '{0}' AS theme, count(*) AS n FROM onemap.\"{0}\""
    then = """SELECT '{0}' AS theme, (SELECT count(*) FROM onemap."{0}" WHERE since <= :day)
        + (SELECT count(*) FROM onemap."{0}_past" WHERE since <= :day AND :day < until) AS n"""
    day = reader.scope.day
    counts = " UNION ALL ".join((now if day is None else then).format(name) for name in themes())
    return {row["theme"]: row["n"] for row in reader.all(counts, day=day)}
