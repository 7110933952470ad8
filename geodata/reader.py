"""One reader's view of the store: questions of one snapshot, each carrying the reader's scope; opened by `geodata.door`."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import closing
from typing import Any, TypeVar, cast

import psycopg2
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from geodata.prepared import Prepared
from geodata.scope import Scope

Found = TypeVar("Found")

MOST_PREPARED = 400
"""Plans that a connection keeps; each layer and zoom has one, each combination of themes too."""

MOST_HELD = 8
"""Findings that a reader holds: whoever goes through all units of a city needs those of one at a time."""


class Behind(Exception):  # noqa: N818 - it says how a replica is
    """A replica does not hold yet what the reader has seen elsewhere; the door asks the primary."""


class Reader:
    """One reader's view of the store: a read-only transaction on one snapshot.

    Parameters
    ----------
    connection : Connection
        In a transaction begun by `Door.reader`.
    scope : Scope
        Whose eyes these are.
    place : str
        Which store this is, the same for its replicas: data kept under it, a name and a version are the same data.
    patient : bool
        Whether it may refuse a question so that the door asks the primary.
    """

    def __init__(self, connection: Connection, scope: Scope, place: str = "", patient: bool = False) -> None:
        self._connection = self.connection = connection  # for questions that fill arrays
        self.scope = scope
        self.place = place
        self._patient = patient
        self._found: OrderedDict[Hashable, Any] = OrderedDict()

    def once(self, name: Hashable, ask: Callable[[], Found]) -> Found:
        """What was found under a name in this snapshot, asked for the first time only; of many, the last few are held.

        Parameters
        ----------
        name : hashable
            Of a question with all that it was asked for, but the reader's scope.
        ask : callable
            The question.
        """
        if name not in self._found:
            self._found[name] = ask()
            while len(self._found) > MOST_HELD:
                self._found.popitem(last=False)
        return cast("Found", self._found[name])

    def wants(self, held: int, seen: int) -> None:
        """Give a question back when the reader has seen newer data than this replica holds.

        Parameters
        ----------
        held, seen : int
            Versions of the same theme: in this snapshot, and the one the reader knows of.

        Notes
        -----
        Does nothing on the primary, nor where the primary is away: there older data are better than none.

        Raises
        ------
        Behind
            This is a replica, and it holds less than the reader has seen.
        """
        if self._patient and held < seen:
            raise Behind

    def all(self, sql: str, **values: Any) -> list[Mapping[str, Any]]:
        """Every row of a question; `values` are bound as :name, never written into the text."""
        found = self._connection.execute(text(sql), values)
        names = tuple(found.keys())  # SQLAlchemy's own mappings cost more than the question where rows are thousands
        return [dict(zip(names, row, strict=True)) for row in found]

    def first(self, sql: str, **values: Any) -> Mapping[str, Any] | None:
        """The first row of a question, or None."""
        row = self._connection.execute(text(sql), values).mappings().first()
        return dict(row) if row is not None else None

    def value(self, sql: str, **values: Any) -> Any:
        """The first column of the first row, or None."""
        return self._connection.execute(text(sql), values).scalar()

    def often(self, question: Prepared, **own: Any) -> Sequence[Any]:
        """Every row of a question that is asked over and over: each connection plans it once."""
        known: dict[str, str] = self._connection.info.setdefault("prepared", {})
        if len(known) >= MOST_PREPARED:
            self._straight("DEALLOCATE ALL")
            known.clear()
        if question.sql not in known:
            name = f"onemap_{len(known)}"
            self._straight(f"PREPARE {name} {_listed(question.kinds)} AS {question.sql}")
            known[question.sql] = name
        values = question.filled(**own)
        return self._straight(f"EXECUTE {known[question.sql]} {_listed(['%s'] * len(values))}", values)

    def _straight(self, sql: str, values: tuple[Any, ...] | None = None) -> Sequence[Any]:
        """Past what SQLAlchemy does for each statement, which costs as much as a small tile; its errors are kept."""
        with closing(self._connection.connection.cursor()) as cursor:
            try:
                cursor.execute(sql, values)
                return cursor.fetchall() if cursor.description else ()
            except psycopg2.Error as said:
                raise self._as_ever(sql, said) from said

    def _as_ever(self, sql: str, said: psycopg2.Error) -> DBAPIError:
        dialect: Any = self._connection.dialect
        lost = dialect.is_disconnect(said, None, None)
        if lost:
            self._connection.invalidate(said)
            self._connection.engine.dispose(close=False)  # the others that rest there are lost with it
        made = DBAPIError.instance(sql, None, said, psycopg2.Error, connection_invalidated=lost, dialect=dialect)
        assert isinstance(made, DBAPIError), made
        return made


def _listed(parts: Sequence[str]) -> str:
    return f"({', '.join(parts)})" if parts else ""
