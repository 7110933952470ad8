"""Rehearse: the whole load is made, looked at, and taken back before anybody sees it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pyarrow.compute as pc
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from etl.bring import Brought, bring_parts
from etl.errors import SourceError
from etl.job import Job
from etl.measure import measure
from etl.pipeline import Report, known, publish
from geodata import changes, history, rehearsals
from geodata.loads import Load

# A load ends a rehearsal that is under way; then it begins again, so many times.
ATTEMPTS = 5

# What a driver says whose connection a load has ended.
_ENDED = ("terminating connection", "server closed the connection", "connection already closed")

# Of each list so many lines are kept with the rehearsal; the command's own answer holds all of them.
KEPT = 200


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a load would do.

    Parameters
    ----------
    number : int or None
        Of the rehearsal; None where the file is loaded already and nothing would change.
    load : Load
        The line that the ledger would gain, without its number; the earlier load where nothing would change.
    shown : mapping
        counts; rows added, changed, moved and removed; set_aside; changes; indicators. Plain values, ready for JSON.
    seconds : float
    """

    number: int | None
    load: Load
    shown: Mapping[str, Any]
    seconds: float


def rehearse(engine: Engine, job: Job) -> Rehearsed:
    """Work out everything that a load would do, and keep it under a number.

    Raises
    ------
    SourceError, CorrectionError
        As the load itself would.
    """
    began = time.perf_counter()
    with engine.connect() as connection:
        if before := known(connection, job):
            return Rehearsed(None, before, _shown_nothing(before), time.perf_counter() - began)
    brought = bring_parts(job)
    for _ in range(ATTEMPTS):
        try:
            return _made(engine, job, brought, began)
        except DBAPIError as problem:
            if not (problem.connection_invalidated or any(words in str(problem.orig) for words in _ENDED)):
                raise
    raise SourceError(str(job.file), "loads kept coming while it was rehearsed", "rehearse it again when they are done")


def _made(engine: Engine, job: Job, brought: Sequence[Brought], began: float) -> Rehearsed:
    report, shown, stands_on = _tried(engine, job, brought)
    seconds = time.perf_counter() - began
    with engine.begin() as connection:
        number = rehearsals.keep(
            connection, theme=job.theme.name, source=job.recipe.source, file=str(job.file.absolute()), sha256=job.sha256,
            recipe=job.written(), operator=job.operator, as_of=job.as_of, seconds=seconds, print=report.print,
            stands_on=stands_on, shown=shortened(shown, KEPT),
        )  # fmt: skip
    return Rehearsed(number, report.load, shown, seconds)


def _tried(engine: Engine, job: Job, brought: Sequence[Brought]) -> tuple[Report, dict[str, Any], dict[str, Any]]:
    """The load in a transaction that is never committed; its number is one that no load will ever have."""
    with engine.connect() as connection, engine.connect() as outside:
        turn = connection.begin()
        try:
            history.lock(connection, job.theme, rehearsing=True)
            number = -int(connection.connection.dbapi_connection.get_backend_pid())  # type: ignore[union-attr]
            report = publish(connection, job, brought, datetime.now(UTC), number)
            if report.touched:
                measure(connection, job.as_of, number, report.touched, stays=False)
            parts = rehearsals.measured_parts(connection) | {job.theme.name, "ladder"}
            shown = _shown(connection, outside, job, report)
            return report, shown, rehearsals.ground(outside, job.theme.name, job.recipe.source, parts)
        finally:
            turn.rollback()


def _shown_nothing(load: Load) -> dict[str, Any]:
    counts = dict.fromkeys(("rows_in", "added", "changed", "removed", "set_aside", "duplicates"), 0)
    return {
        "counts": counts | {"rows_in": load.rows_in, "unchanged": load.rows_in}, "fields": {}, "changes": {},
        "added": [], "changed": [], "moved": [], "removed": [], "set_aside": [], "indicators": [],
    }  # fmt: skip


def _shown(connection: Connection, outside: Connection, job: Job, report: Report) -> dict[str, Any]:
    line, rows = report.load, changes.told(changes.of_load(connection, job.theme, report.load.id))
    names = ("rows_in", "added", "changed", "removed", "unchanged", "set_aside", "duplicates")
    return {
        "counts": {name: getattr(line, name) for name in names},
        "fields": rows["fields"],
        "changes": dict(line.changes),
        **{name: rows[name] for name in ("added", "changed", "moved", "removed")},
        "set_aside": report.aside,
        "indicators": _indicators(connection, outside),
    }


def _indicators(connection: Connection, outside: Connection) -> list[dict[str, Any]]:
    """Every value that would be another one: indicator, unit, its name and level, before and after."""
    written = changes.written_values(connection)
    if not len(written):
        return []
    day = date.fromisoformat(pc.max(written["day"]).as_py())
    before = changes.values_before(outside, written, day)
    return list(written.append_column("before", before).to_pylist())


def shortened(shown: Mapping[str, Any], most: int) -> dict[str, Any]:
    """The same with at most so many lines of each list, and how many there are (`of`)."""
    lists = {name: value for name, value in shown.items() if isinstance(value, list)}
    return (
        dict(shown)
        | {name: value[:most] for name, value in lists.items()}
        | {"of": {name: len(value) for name, value in lists.items()}}
    )
