"""The stores that can be asked: the primary and its read replicas, looked at every second, and which of them may answer.

How far a replica is behind is measured on one clock, ours: each look notes how far the primary's log has come; a replica
is as many seconds behind as have passed since the primary went beyond what the replica has replayed. A primary that
rests, or one long load, is therefore no lag.
"""

from __future__ import annotations

import itertools
import logging
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from threading import Event, Thread
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

LOG = logging.getLogger("onemap")

LOOK_EVERY_S = 1.0
HISTORY_LOOKS = 900
"""Looks at the primary that are remembered: a quarter of an hour, longer than any lag that is allowed."""

_QUESTION = text("""
    SELECT pg_is_in_recovery() AS follows, (SELECT system_identifier FROM pg_control_system()) AS cluster,
           (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END - '0/0')::bigint AS place,
           coalesce(pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn(), false) AS whole,
           extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float AS age
""")
_SHORTLY = text("SELECT set_config('statement_timeout', '2000', true)")


@dataclass(frozen=True, slots=True)
class Standing:
    """What the last look at a store found.

    Parameters
    ----------
    up : bool
        Whether it answered.
    fact : str
        Why it may not answer readers; empty when it may.
    lag_s : float or None
        Seconds behind the primary; None for the primary and where nothing is known.
    lag_bytes : int or None
        Bytes of the primary's log that it has not replayed.
    """

    up: bool = True
    fact: str = ""
    lag_s: float | None = None
    lag_bytes: int | None = None


@dataclass(slots=True)
class Source:
    """One store that can be asked.

    Parameters
    ----------
    engine : Engine
    name : str
        "primary", or "replica 1" in the order of the setting.
    standing : Standing
        Taken for well until a look or a reader says otherwise.
    """

    engine: Engine
    name: str = "primary"
    standing: Standing = field(default_factory=Standing)
    caught_up_at: int | None = None  # place that a replica must reach before its own clock is left aside
    misses: int = 0  # looks in a row that found nothing

    @property
    def primary(self) -> bool:
        """Whether it is the store that loads are written to."""
        return self.name == "primary"


class Sources:
    """The primary and its replicas.

    Parameters
    ----------
    primary : Engine
    replicas : sequence of Engine
    lag_limit : float
        Seconds that a replica may be behind and still answer.
    """

    def __init__(self, primary: Engine, replicas: Sequence[Engine] = (), lag_limit: float = 10.0) -> None:
        named = (Source(engine, f"replica {number}") for number, engine in enumerate(replicas, start=1))
        self.primary, self.replicas = Source(primary), tuple(named)
        self._lag_limit, self._turn = lag_limit, itertools.count()
        self._places: deque[tuple[float, int]] = deque(maxlen=HISTORY_LOOKS)
        self._cluster: int | None = None
        self._ended: Event | None = None

    def __iter__(self) -> Iterator[Source]:
        return iter((self.primary, *self.replicas))

    def order(self) -> list[Source]:
        """Whom to ask, the first one first: those that are well, in turn.

        Returns
        -------
        list of Source
            A store that is down, and a replica too far behind, is not in it. Empty when nobody can be asked.
        """
        well = [each for each in self if not each.standing.fact]
        first = next(self._turn) % len(well) if well else 0
        return well[first:] + well[:first]

    def failed(self, source: Source) -> None:
        """A reader found a store away: nobody else is sent there until a look finds it well.

        Notes
        -----
        The primary is marked by looks alone: a reader has nobody to ask after it, and marking it wrongly would cost answers.
        """
        if not source.primary:
            LOG.warning("%s: it does not answer; readers are sent elsewhere until it does.", source.name)
            source.standing = Standing(up=False, fact="it does not answer")

    def watch(self) -> None:
        """Look at each store every second, until `rest`; one that hangs keeps nobody from looking at the others."""
        self.rest()
        self._ended = Event()
        for source in self:
            Thread(target=self._watching, args=(source, self._ended), name=f"onemap {source.name}", daemon=True).start()

    def rest(self) -> None:
        """Look no more."""
        if self._ended:
            self._ended.set()

    def _watching(self, source: Source, ended: Event) -> None:
        while not ended.wait(LOOK_EVERY_S):
            self.look(source)

    def look(self, source: Source) -> None:
        """Look once at a store."""
        before, found = source.standing, self._look(source)
        source.misses = 0 if found.up else source.misses + 1
        if source.primary and source.misses == 1:
            return  # once may be a moment's weakness, and nobody can be asked in its place
        source.standing = found
        if before.fact != found.fact:
            LOG.warning("%s: %s.", source.name, found.fact or "it answers again")

    def _look(self, source: Source) -> Standing:
        try:
            with source.engine.connect() as raw:
                # A replica refuses a transaction that says it may write, and after a reader's the driver says so.
                connection = raw.execution_options(postgresql_readonly=True)
                connection.execute(_SHORTLY)
                found = dict(connection.execute(_QUESTION).mappings().one())
        except SQLAlchemyError as problem:
            LOG.debug("%s: %s", source.name, problem)
            return Standing(up=False, fact="it does not answer")
        return self._primary(found) if source.primary else self._replica(source, found)

    def _primary(self, found: dict[str, Any]) -> Standing:
        self._cluster = found["cluster"]
        self._places.append((time.monotonic(), found["place"]))
        return Standing()

    def _replica(self, source: Source, found: dict[str, Any]) -> Standing:
        if self._cluster is not None and found["cluster"] != self._cluster:
            return Standing(fact="it is a copy of another store")
        if not found["follows"]:
            return Standing(fact="it does not follow the store")
        standing = Standing(lag_s=self._seconds(source, found), lag_bytes=self._bytes(found["place"]))
        late = standing.lag_s is not None and standing.lag_s > self._lag_limit
        return replace(standing, fact=f"it is more than {self._lag_limit:g} s behind" if late else "")

    def _bytes(self, place: int) -> int | None:
        return max(0, self._places[-1][1] - place) if self._places else None

    def _seconds(self, source: Source, found: dict[str, Any]) -> float | None:
        """Until a replica has reached where the primary was at the first look, only its own clock can tell its lag."""
        if not self._places:  # the primary is away: who has replayed all that was sent is as good as can be had
            return 0.0 if found["whole"] else found["age"]
        if source.caught_up_at is None:
            source.caught_up_at = self._places[-1][1]
        # Another thread adds to the places: a copy is taken in one step.
        beyond = next((moment for moment, place in tuple(self._places) if place > found["place"]), None)
        lag = 0.0 if beyond is None else time.monotonic() - beyond
        return max(lag, found["age"] or 0.0) if found["place"] < source.caught_up_at else lag
