"""The one door to the store: every read carries the reader's scope, and goes through here.

Pages, tiles, cards and exports ask their questions of a `Reader`. Row security, when it comes, is written as policies on
the settings that a reader puts into its transaction, and changes nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from psycopg2.errors import InFailedSqlTransaction
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from geodata.errors import StoreBusy, StoreError
from geodata.prepared import prepared
from geodata.reader import Behind, Found
from geodata.reader import Reader as Reader
from geodata.scope import GUEST as GUEST
from geodata.scope import Scope as Scope
from geodata.sources import Source, Sources
from geodata.turns import ANSWERS, Turns, shared_out

# A question of the page that takes longer is a defect of ours; the reader gets a sentence, the server its core back.
STATEMENT_TIMEOUT_MS = 10_000

class Door:
    """Opens readers on one store and its replicas.

    Parameters
    ----------
    engine : Engine
        Of `geodata.store.engine`: the primary.
    replicas : sequence of Engine
        Read replicas of it.
    lag_limit : float
        Seconds that a replica may be behind and still answer.
    connections : int
        Questions asked at a time, of all stores together.
    patience : float
        Seconds that a reader may wait for a turn.
    """

    def __init__(
        self, engine: Engine, replicas: Sequence[Engine] = (), lag_limit: float = 10.0, connections: int = 24, patience: float = 5.0
    ) -> None:
        self.sources = Sources(engine, replicas, lag_limit)
        self._turns = shared_out(connections, patience)
        self._place = str(engine.url)

    def turns(self, lane: str) -> Turns:
        """The turns of a lane."""
        return self._turns[lane]

    def ask(self, question: Callable[[Reader], Found], scope: Scope | None = None, lane: str = ANSWERS) -> Found:
        """What a question finds; asked again elsewhere, from its beginning, when the store that was asked goes away.

        Parameters
        ----------
        question : callable
            Reads and changes nothing; all it reads is of one snapshot.
        scope : Scope, optional
            Whose eyes; by default a planner of the whole area, today.
        lane : {'answers', 'tiles', 'health'}
            Whose turns it takes.

        Raises
        ------
        StoreBusy
            Too many ask at once.
        StoreError
            No store answers, or the question took longer than `STATEMENT_TIMEOUT_MS`.
        """
        with self._turns[lane].taken():
            return self._asked(question, scope or Scope())

    def _asked(self, question: Callable[[Reader], Found], scope: Scope) -> Found:
        waiting, problem = self._candidates(), None
        while waiting:
            source = waiting.pop(0)
            try:
                with self._opened(source, scope, not source.primary and self.sources.primary in waiting) as reader:
                    return question(reader)
            except Behind:
                waiting = [self.sources.primary, *(each for each in waiting if not each.primary), source]
            except DBAPIError as said:
                problem = said
                if not _elsewhere(said):
                    break
                self.sources.failed(source)
        raise refusal(problem) from problem

    def _candidates(self) -> list[Source]:
        """Each store that is well, once; a single one twice, for a connection may have been cut under the question."""
        found = self.sources.order()
        return found if len(found) > 1 else found * 2

    @contextmanager
    def reader(self, scope: Scope | None = None, lane: str = ANSWERS) -> Iterator[Reader]:
        """A reader on the primary whose questions all see the same load; `ask` spreads over replicas and asks again.

        Parameters
        ----------
        scope : Scope, optional
            Whose eyes; by default a planner of the whole area, today.
        lane : {'answers', 'tiles', 'health'}
            Whose turns it takes.

        Raises
        ------
        StoreBusy
            Too many ask at once.
        StoreError
            The store is down, or a question took longer than `STATEMENT_TIMEOUT_MS`.
        """
        with self._turns[lane].taken():
            try:
                with self._opened(self.sources.primary, scope or Scope()) as reader:
                    yield reader
            except DBAPIError as problem:
                raise refusal(problem) from problem

    @contextmanager
    def _opened(self, source: Source, scope: Scope, patient: bool = False) -> Iterator[Reader]:
        try:
            with source.engine.connect() as raw:
                connection = raw.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                with connection.begin():
                    reader = Reader(connection, scope, self._place, patient)
                    _say_who_reads(reader)
                    yield reader
        except NoConnection:
            raise StoreBusy from None


def open_door() -> Door:
    """The door to the store that the settings name.

    Raises
    ------
    StoreError
        Nothing answers there, or it is not fit for the map.
    """
    from geodata.store import engine

    return Door(engine())


def serving_door() -> Door:
    """The door of a process that serves: with replicas, limits and a watch over all of them.

    Returns
    -------
    Door
        Also while the store is down: it answers when the store does.
    """
    from geodata.settings import settings
    from geodata.store import connect, url

    said = settings()
    engines = [connect(each, said.connections, wait_s=2) for each in (url(), *said.replica_urls)]
    door = Door(engines[0], engines[1:], said.replica_lag, said.connections * len(engines), said.patience)
    door.sources.watch()
    return door


def _elsewhere(problem: DBAPIError) -> bool:
    """Whether another store may answer what this one did not: it went away, a replica had to drop the question, or the
    transaction was spoilt before it (seen once in ten minutes of sixty planners on a machine fifteen times too busy).

    Notes
    -----
    A question that was too slow is too slow everywhere, and must not cost a second core.
    """
    lost = isinstance(problem, OperationalError) or problem.connection_invalidated or isinstance(problem.orig, InFailedSqlTransaction)
    return lost and "statement timeout" not in str(problem.orig)


_WHO = prepared(
    "SELECT set_config('statement_timeout', :ms, true), set_config('onemap.role', :role, true), "
    "set_config('onemap.area', :area, true), set_config('onemap.day', :day, true)",
    {}, ms=str, role=str, area=str, day=str,
)  # fmt: skip


def _say_who_reads(reader: Reader) -> None:
    """Put the scope where row policies can read it, for this transaction only."""
    scope = reader.scope
    reader.often(_WHO, ms=str(STATEMENT_TIMEOUT_MS), role=scope.role, area=scope.area or "", day=str(scope.day or ""))


UP_TO_DATE = "serve the map or load a file once with this version: that brings the store up to date"


def refusal(problem: DBAPIError | None) -> StoreError:
    """What a driver said, as one sentence with a remedy."""
    if problem is None:
        return StoreError("onemap store", "nothing answers there", "run ./onemap doctor")
    first_line = str(problem.orig).strip().splitlines()[0] if problem.orig else str(problem)
    if "statement timeout" in first_line:
        return StoreError(
            "onemap store", "a question took longer than 10 seconds", "ask for a smaller area or fewer themes"
        )
    if "UndefinedTable" in type(problem.orig).__name__:
        return StoreError(
            "onemap store", first_line.rstrip("."), "run ./onemap demo or ./onemap load to fill the store"
        )
    remedy = UP_TO_DATE if "UndefinedColumn" in type(problem.orig).__name__ else "run ./onemap doctor"
    return StoreError("onemap store", first_line.rstrip("."), remedy)
