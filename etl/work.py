"""The runner: it takes jobs from the queue, runs each as the command line would, and writes what became of it."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Event, Thread
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from etl import job_process
from geodata import jobs, store, tables, uploads
from geodata.door import Reader, Scope
from geodata.jobs import Job
from geodata.settings import settings
from layers import OneMapError

LOOK_S = 0.5
"""Seconds between two looks at an empty queue, and at whether a job was called back."""

QUICK = ("guess", "check", "set-aside")
"""Verbs that write no rows: a second line of the runner keeps them from waiting behind a long load."""

AWAY_S = 5.0
"""Seconds until a store that is away is asked again."""

MOST_SHOWN = 2_000
"""Lines of each list of a report that a page gets; the whole report can be fetched."""

_SPARE = 200  # lines of one rule, so that the most frequent finding does not hide the others


def work(engine: Engine, ended: Event, *, once: bool = False) -> None:
    """Run jobs until told to end.

    Parameters
    ----------
    engine : Engine
        Of the store.
    ended : Event
        Set by who wants the runner to end; jobs under way are put back.
    once : bool
        End when nothing waits any more.
    """
    tables.create_all(engine)
    _sweep(engine)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["etl.__main__", "etl.job_process"])
    lines = [Thread(target=_line, args=(engine, ended, verbs, once), daemon=True) for verbs in (None, QUICK)]
    for each in lines:
        each.start()
    for each in lines:
        each.join()


def _sweep(engine: Engine) -> None:
    """Files that came long ago make room for others."""
    with engine.connect() as connection:
        busy = jobs.busy(Reader(connection, Scope()))
    uploads.sweep(settings().home, settings().upload_days, busy)


def _line(engine: Engine, ended: Event, verbs: Sequence[str] | None, once: bool) -> None:
    while not ended.is_set():
        try:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                done = _one(connection, ended, verbs)
        except (DBAPIError, OneMapError):  # the store is away; what ran is begun again when it is back
            ended.wait(AWAY_S)
            continue
        if not done and once:
            return
        if not done:
            ended.wait(LOOK_S)


def _one(connection: Connection, ended: Event, verbs: Sequence[str] | None) -> bool:
    """Claim a job and see it through; whether there was one."""
    queue = Reader(connection, Scope())
    job = _claimed(connection, verbs)
    if job is None:
        return False
    try:
        if job.attempts > jobs.ATTEMPTS:
            said = f"job {job.id}: its run broke off {jobs.ATTEMPTS} times; see the machine's memory and ./onemap doctor."
            jobs.finish(queue, job.id, "broken", None, None, said=said)
        elif job.cancelled:
            jobs.finish(queue, job.id, "cancelled", None, None)
        else:
            _run(queue, job, ended)
    finally:
        jobs.release(queue, job.id)
    return True


def _claimed(connection: Connection, verbs: Sequence[str] | None) -> Job | None:
    """A claim is one transaction; its lock belongs to the connection and outlives it."""
    queue = Reader(connection, Scope())
    connection.exec_driver_sql("BEGIN")
    try:
        job = jobs.claim(queue, verbs)
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
    connection.exec_driver_sql("COMMIT")
    return job


def _run(queue: Reader, job: Job, ended: Event) -> None:
    with tempfile.TemporaryDirectory(prefix="onemap-job-") as folder:
        context = multiprocessing.get_context("forkserver")
        words = [job.verb, *job.words]
        process = context.Process(target=job_process.run, args=(job.id, job.attempts, words, folder), daemon=True)
        process.start()
        called_back = _watched(queue, job, process, ended)
        out, err = (_text(Path(folder, name)) for name in ("out", "err"))
    if called_back:
        jobs.end_questions(queue, job_process.name_of(job.id))
        jobs.finish(queue, job.id, "cancelled", None, None)
    elif process.exitcode is None or process.exitcode < 0 or ended.is_set():
        jobs.put_back(queue, job.id, blameless=ended.is_set())  # killed: by a full memory, or with the runner
    elif process.exitcode != job_process.ANOTHER_BEGAN:
        _finish(queue, job, process.exitcode, out, err)


def _watched(queue: Reader, job: Job, process: BaseProcess, ended: Event) -> bool:
    """Wait for a process; whether the operator has called its job back meanwhile."""
    while process.is_alive():
        process.join(LOOK_S)
        called_back = process.is_alive() and jobs.is_cancelled(queue, job.id)
        if called_back or ended.is_set():
            process.kill()
            process.join()
            return called_back
    return False


def _text(path: Path) -> str:
    return path.read_text("utf-8", "replace") if path.exists() else ""


def _finish(queue: Reader, job: Job, code: int, out: str, err: str) -> None:
    report = None
    with suppress(ValueError):
        report = json.loads(out)
    nothing = job.verb == "load" and not (report or {}).get("loads")
    state = "done" if (report is not None and code in (0, 1) or code == 0) and not nothing else "refused"
    said = "\n".join(line.removeprefix("onemap: ") for line in err.splitlines() if line.startswith("onemap: "))
    jobs.finish(queue, job.id, state, code, out or None, None if report is None else shortened(report), said or err[-2000:] or None)


def shortened(report: Any, most: int = MOST_SHOWN) -> Any:
    """A report with at most so many lines of each list, and how many there are (`of`).

    Parameters
    ----------
    report : object
        As a command prints it with --json.
    most : int
        Lines of each list.
    """
    if not isinstance(report, dict):
        return report
    lists = {name: value for name, value in report.items() if isinstance(value, list)}
    short = {name: (_fair(value) if name == "findings" else value)[:most] for name, value in lists.items()}
    return report | short | {"of": {name: len(value) for name, value in lists.items()}}


def _fair(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The findings of every rule, the weightiest first, and of none so many that others get no room."""
    weight, seen, kept = {"load": 0, "error": 1, "warning": 2}, dict[str, int](), []
    for each in sorted(findings, key=lambda each: weight[each["severity"]]):
        seen[each["rule"]] = seen.get(each["rule"], 0) + 1
        if seen[each["rule"]] <= _SPARE:
            kept.append(each)
    return kept


def until_told(beside: int | None, run: Callable[[Event], None]) -> None:
    """Run something until this process is told to end, or another one is gone.

    Parameters
    ----------
    beside : int, optional
        Process id; the runner that the page brings with it ends with it.
    run : callable
        Takes the event that says so.
    """
    ended = Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: ended.set())
    if beside is not None:
        Thread(target=_wait_for, args=(beside, ended), daemon=True).start()
    run(ended)


def _wait_for(process: int, ended: Event) -> None:
    while not ended.wait(1.0):
        if not Path(f"/proc/{process}").exists():
            ended.set()


def run(beside: int | None = None, *, once: bool = False) -> None:
    """Be a runner on the store of the settings."""
    os.environ["PGAPPNAME"] = jobs.RUNNER
    until_told(beside, lambda ended: work(store.connect(store.url()), ended, once=once))
