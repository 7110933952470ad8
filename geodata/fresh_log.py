"""The log of indicators from nothing: the rows first, the order of its keys afterwards.

A row that comes into a table with two indexes costs four times what it costs alone; indexes made of all rows at once are made
by sorting. Readers of the empty log wait for nothing meanwhile: the table takes its place when it is whole, and whoever
asks then waits until the transaction ends. So it is not for transactions that are taken back while others read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from geodata.values import LOG

MANY = 1_000_000
"""Numbers from which the log is written this way."""

_SCHEMA, _, _NAME = LOG.partition(".")
_MADE = f"{LOG}_made"


@contextmanager
def written_to(connection: Connection, numbers: int) -> Iterator[str]:
    """The table that takes so many numbers: the log, or what becomes the log at the end where that is empty and they are many.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    numbers : int
        At most, of all units and indicators.
    """
    if numbers < MANY or connection.execute(text(f"SELECT EXISTS (SELECT FROM {LOG})")).scalar():  # noqa: S608 - a constant
        yield LOG
        return
    connection.execute(text(f"CREATE TABLE {_MADE} (LIKE {LOG} INCLUDING DEFAULTS INCLUDING COMMENTS)"))
    yield _MADE
    _take_its_place(connection)


def _take_its_place(connection: Connection) -> None:
    """Make the indexes that the log has, and put the table where it stood."""
    question = text("SELECT c.relname, pg_get_indexdef(c.oid), i.indisprimary FROM pg_index i JOIN pg_class c ON c.oid = indexrelid WHERE indrelid = CAST(:log AS regclass)")
    indexes = [tuple(row) for row in connection.execute(question, {"log": LOG})]
    for name, made, _ in indexes:
        connection.exec_driver_sql(made.replace(f" {name} ON {LOG} ", f" {name}_made ON {_MADE} "))
    say = text("SELECT format('COMMENT ON TABLE %s IS %L', CAST(:made AS text), obj_description(CAST(:log AS regclass)))")
    steps = [connection.execute(say, {"made": _MADE, "log": LOG}).scalar_one(), f"DROP TABLE {LOG}", f"ALTER TABLE {_MADE} RENAME TO {_NAME}"]
    for name, _, primary in indexes:
        steps.append(f"ALTER TABLE {LOG} ADD CONSTRAINT {name} PRIMARY KEY USING INDEX {name}_made" if primary else f"ALTER INDEX {_SCHEMA}.{name}_made RENAME TO {name}")
    for step in steps:
        connection.exec_driver_sql(step)
