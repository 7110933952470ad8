"""Roll back: a load is taken back, with everything that followed from it; the rollback is a load of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from etl.errors import SourceError
from etl.measure import follow, measure
from etl.pipeline import Report
from geodata import aside, forgetting, history, loads, rollback
from geodata.history import Outcome
from geodata.loads import Load
from layers import themes


def roll_back(
    engine: Engine, number: int, operator: str = "operator", reason: str | None = None, *, cascade: bool = False
) -> list[Report]:
    """Take one load back, in one transaction.

    Parameters
    ----------
    engine : Engine
    number : int
        Of the load; a rollback too can be taken back.
    operator : str
    reason : str, optional
        For the ledger.
    cascade : bool
        Whether later loads that touched the same rows are taken back before it.

    Returns
    -------
    list of Report
        One for each load taken back, in this order.

    Raises
    ------
    SourceError
        There is no such load, it was taken back already, or later loads touched the same rows.
    """
    with engine.begin() as connection:
        load = loads.numbered(connection, number)
        if load is None or load.theme not in themes():
            raise SourceError(f"load {number}", "there is no such load", "use a number that ./onemap loads lists")
        history.lock(connection, themes()[load.theme])
        return list(_chain(connection, number, operator, reason, cascade=cascade))


def _chain(
    connection: Connection, number: int, operator: str, reason: str | None, *, cascade: bool
) -> Iterator[Report]:
    load = loads.numbered(connection, number)
    assert load is not None, number
    _refuse_what_cannot_be(load)
    since = rollback.changed_since(connection, themes()[load.theme], load)
    if since and not cascade:
        raise SourceError(
            f"load {number}",
            f"{_listed(since)} touched the same rows since",
            "roll back the newest first, or give --cascade",
        )
    for each in since:
        if (later := loads.numbered(connection, each)) and later.stands:
            yield from _chain(connection, each, operator, reason, cascade=True)
    yield _one(connection, load, operator, reason)


def _listed(numbers: list[int]) -> str:
    some = ", ".join(str(each) for each in sorted(numbers)[:5])
    more = f" and {len(numbers) - 5} more" if len(numbers) > 5 else ""
    return f"load{'s' if len(numbers) > 1 else ''} {some}{more}"


def _refuse_what_cannot_be(load: Load) -> None:
    if not load.stands:
        raise SourceError(
            f"load {load.id}",
            f"load {load.undone_by} took it back already",
            f"roll back load {load.undone_by} to have it again",
        )


def _one(connection: Connection, load: Load, operator: str, reason: str | None) -> Report:
    began, started = time.perf_counter(), datetime.now(UTC)
    theme = themes()[load.theme]
    number = loads.next_id(connection)
    outcome = rollback.take_back(connection, theme, load, number)
    loads.undo(connection, load, number)
    aside.reopen(connection, load.id)
    line = _line(connection, load, number, operator, reason, started, outcome)
    loads.record(connection, line)
    touched = follow(connection, theme, number, outcome)
    forgetting.forget(connection, load)
    measure(connection, loads.newest_day(connection) or load.as_of, number, touched)
    return Report(line, seconds=time.perf_counter() - began)


def _line(
    connection: Connection,
    load: Load,
    number: int,
    operator: str,
    reason: str | None,
    started: datetime,
    outcome: Outcome,
) -> Load:
    """The line of the ledger; its recipe is that of the load which says from now on what the source is."""
    standing = loads.newest(connection, load.theme, load.source)
    return Load(
        id=number, theme=load.theme, source=load.source, file=load.file, sha256="", bytes=0,
        recipe=dict(standing.recipe) if standing else {}, operator=operator, as_of=load.as_of, started=started, finished=None,
        rows_in=outcome.added + outcome.changed, added=outcome.added, changed=outcome.changed, removed=outcome.removed,
        unchanged=0, set_aside=0, duplicates=0, changes={}, kind="rollback", reason=reason, undoes=load.id,
    )  # fmt: skip
