"""The one door to the store: every read carries the reader's scope, and goes through here.

Pages, tiles, cards and exports ask their questions of a `Reader`. Row security, when it comes, is written as policies on
the settings that a reader puts into its transaction, and changes nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from geodata.errors import StoreError

# A question of the page that takes longer is a defect of ours; the reader gets a sentence, the server its core back.
STATEMENT_TIMEOUT_MS = 10_000


@dataclass(frozen=True, slots=True)
class Scope:
    """Who reads, where, and of which day.

    Parameters
    ----------
    role : str
        "leader", "planner", "staff"; what may be seen in which detail.
    area : str, optional
        Code of the unit whose ground the reader may see; None for all of it.
    day : date, optional
        The day asked for; None for the newest.
    """

    role: str = "planner"
    area: str | None = None
    day: date | None = None


class Reader:
    """One reader's view of the store: a read-only transaction on one snapshot.

    Parameters
    ----------
    connection : Connection
        In a transaction begun by `Door.reader`.
    scope : Scope
        Whose eyes these are.
    """

    def __init__(self, connection: Connection, scope: Scope) -> None:
        self._connection = connection
        self.scope = scope

    def all(self, sql: str, **values: Any) -> list[Mapping[str, Any]]:
        """Every row of a question; `values` are bound as :name, never written into the text."""
        return [dict(row) for row in self._connection.execute(text(sql), values).mappings()]

    def first(self, sql: str, **values: Any) -> Mapping[str, Any] | None:
        """The first row of a question, or None."""
        row = self._connection.execute(text(sql), values).mappings().first()
        return dict(row) if row is not None else None

    def value(self, sql: str, **values: Any) -> Any:
        """The first column of the first row, or None."""
        return self._connection.execute(text(sql), values).scalar()


class Door:
    """Opens readers on one store.

    Parameters
    ----------
    engine : Engine
        Of `geodata.store.engine`.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def reader(self, scope: Scope | None = None) -> Iterator[Reader]:
        """A reader whose questions all see the same load.

        Parameters
        ----------
        scope : Scope, optional
            Whose eyes; by default a planner of the whole area, today.

        Raises
        ------
        StoreError
            The store is down, or a question took longer than `STATEMENT_TIMEOUT_MS`.
        """
        scope = scope or Scope()
        try:
            with self._engine.connect() as raw:
                connection = raw.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                with connection.begin():
                    _say_who_reads(connection, scope)
                    yield Reader(connection, scope)
        except DBAPIError as problem:
            raise _refusal(problem) from problem


def open_door() -> Door:
    """The door to the store that the settings name.

    Raises
    ------
    StoreError
        Nothing answers there, or it is not fit for the map.
    """
    from geodata.store import engine

    return Door(engine())


def _say_who_reads(connection: Connection, scope: Scope) -> None:
    """Put the scope where row policies can read it, for this transaction only."""
    connection.execute(
        text(
            "SELECT set_config('statement_timeout', :ms, true), set_config('onemap.role', :role, true), "
            "set_config('onemap.area', :area, true), set_config('onemap.day', :day, true)"
        ),
        {"ms": str(STATEMENT_TIMEOUT_MS), "role": scope.role, "area": scope.area or "", "day": str(scope.day or "")},
    )


def _refusal(problem: DBAPIError) -> StoreError:
    first_line = str(problem.orig).strip().splitlines()[0] if problem.orig else str(problem)
    if "statement timeout" in first_line:
        return StoreError(
            "onemap store", "a question took longer than 10 seconds", "ask for a smaller area or fewer themes"
        )
    if "UndefinedTable" in type(problem.orig).__name__:
        return StoreError(
            "onemap store", first_line.rstrip("."), "run ./onemap demo or ./onemap load to fill the store"
        )
    return StoreError("onemap store", first_line.rstrip("."), "run ./onemap doctor")
