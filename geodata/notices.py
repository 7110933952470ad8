"""Notices: whoever listens hears at once, in every process, that something in the store has changed.

They are PostgreSQL's own (LISTEN, NOTIFY): sent when the transaction that gives them ends, to all who listen on the
primary. They say that something changed and not what it is now; who was away asks for all of it.
"""

from __future__ import annotations

import logging
import random
import select
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

LOG = logging.getLogger("onemap")

CHANNEL = "onemap"
VERSIONS, STATUS, WALL, AGAIN = "versions", "status", "wall", "again"
"""What a notice may be of: other data; rows that turned; a word for walls; the line was lost, so anything may have been missed."""

LONGEST = 7_000
"""Bytes of a notice: PostgreSQL takes 8,000."""

_LOOK_S = 1.0
_WAIT_S, _LONGEST_WAIT_S = 0.5, 10.0
"""Seconds before the store is asked for a line again: more each time, up to the second."""

Hear = Callable[[str, str], None]
"""Told the kind of a notice and what it says."""


def give(connection: Connection, kind: str, said: str = "") -> None:
    """Give a notice when this transaction ends well; the same one twice in a transaction is heard once.

    Parameters
    ----------
    connection : Connection
    kind : str
        `VERSIONS`, `STATUS` or `WALL`.
    said : str
        At most `LONGEST` bytes.
    """
    connection.execute(text("SELECT pg_notify(:channel, :said)"), {"channel": CHANNEL, "said": f"{kind} {said}"})


def post(engine: Engine, kind: str, said: str = "") -> None:
    """Give a notice by itself."""
    with engine.begin() as connection:
        give(connection, kind, said)


class Listener:
    """One line to the primary that hears notices; made again whenever it breaks.

    Parameters
    ----------
    engine : Engine
        Of the primary.
    hear : callable
        Called in the listener's thread.
    """

    def __init__(self, engine: Engine, hear: Hear) -> None:
        self._engine, self._hear, self._ended = engine, hear, Event()
        self.up = False

    def start(self) -> None:
        """Listen until `stop`."""
        Thread(target=self._run, name="onemap notices", daemon=True).start()

    def stop(self) -> None:
        """Listen no more; the thread ends within a second."""
        self._ended.set()

    def _run(self) -> None:
        wait = _WAIT_S
        while not self._ended.is_set():
            try:
                self._listen()
                wait = _WAIT_S
            except (psycopg2.Error, SQLAlchemyError, OSError) as problem:
                if self.up:
                    wait = _WAIT_S
                    LOG.warning("notices: the line to the store broke (%s); it is made again.", type(problem).__name__)
                self.up = False
            self._ended.wait(wait * (0.5 + random.random()))  # not all processes come together
            wait = min(2 * wait, _LONGEST_WAIT_S)

    def _listen(self) -> None:
        pooled = self._engine.raw_connection()
        line: Any = pooled.driver_connection
        pooled.detach()  # no reader gets this line afterwards
        try:
            line.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
            with line.cursor() as cursor:
                cursor.execute(f"LISTEN {CHANNEL}")
            self.up = True
            self._hear(AGAIN, "")
            while not self._ended.is_set():
                if select.select([line], [], [], _LOOK_S)[0]:
                    line.poll()
                for notice in line.notifies:
                    kind, _, said = notice.payload.partition(" ")
                    self._hear(kind, said)
                line.notifies.clear()
        finally:
            line.close()
