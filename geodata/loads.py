"""Loads: the ledger of what was brought in, and how fresh each theme is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from geodata.door import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One file brought in.

    Parameters
    ----------
    id : int
        Number of the load.
    theme, source, file : str
        The theme, the stream of files, and the file's name.
    sha256 : str
        Of the file.
    operator : str
        Who brought it in.
    as_of : date
        The data's own date.
    finished : datetime or None
        When it was published, with time zone.
    rows_in, added, changed, removed, unchanged, set_aside, duplicates : int
        Rows of the file and what became of them.
    recipe : Mapping
        As it was read; `publisher` says whose data they are.
    """

    id: int
    theme: str
    source: str
    file: str
    sha256: str
    operator: str
    as_of: date
    finished: datetime | None
    rows_in: int
    added: int
    changed: int
    removed: int
    unchanged: int
    set_aside: int
    duplicates: int
    recipe: Mapping[str, Any]


_COLUMNS = ", ".join(Load.__dataclass_fields__)


def load(reader: Reader, number: int) -> Load | None:
    """The load of a number; None if there is none."""
    row = reader.first(f"SELECT {_COLUMNS} FROM onemap.loads WHERE id = :number", number=number)
    return Load(**row) if row else None


def freshness(reader: Reader) -> dict[str, Load]:
    """The newest load of each theme, by the data's own date, not after the reader's day."""
    question = f"""SELECT DISTINCT ON (theme) {_COLUMNS} FROM onemap.loads
        WHERE CAST(:day AS date) IS NULL OR as_of <= :day ORDER BY theme, as_of DESC, id DESC"""
    return {row["theme"]: Load(**row) for row in reader.all(question, day=reader.scope.day)}


def ledger(reader: Reader, n: int = 50) -> tuple[Load, ...]:
    """The last `n` loads, newest first."""
    question = f"SELECT {_COLUMNS} FROM onemap.loads ORDER BY id DESC LIMIT :n"
    return tuple(Load(**row) for row in reader.all(question, n=n))
