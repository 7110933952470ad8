"""The order of the steps: the only module that knows them all."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

from sqlalchemy import Connection, Engine

from etl import mend
from etl.as_rehearsed import refuse_other, to_be_met
from etl.bring import Brought, bring, bring_parts
from etl.errors import NotClean, Older
from etl.job import Job, prepare
from etl.measure import Touched, measure
from etl.publish import TOLERANCE, Report, publish
from geodata import history, loads
from geodata.loads import Load

__all__ = ["TOLERANCE", "Brought", "Job", "Report", "bring", "known", "load", "measure_waiting", "prepare", "publish"]


def known(connection: Connection, job: Job) -> Load | None:
    """The load that brought this very file already.

    Notes
    -----
    A file of the newest day that another has followed is loaded again: that is how a correction is taken back. So is one
    whose load was rolled back.

    Raises
    ------
    Older
        It is older than what its source has, and never came before.
    """
    same = [
        each for each in loads.of_file(connection, job.theme.name, job.recipe.source, job.sha256) if _is_of(each, job)
    ]
    newest = loads.newest(connection, job.theme.name, job.recipe.source)
    if job.mends is not None:
        mend.refuse_old(job, newest)
        return same[0] if same else None
    if newest is None:
        return None
    if newest.as_of <= job.as_of:
        return newest if _is_of(newest, job) and loads.whole(connection, newest) else None
    if same:
        return same[0]
    raise Older(
        str(job.file),
        f"its data are of {job.as_of}, older than load {newest.id} of {newest.as_of} in source {job.recipe.source!r}",
        "bring newer data, give --as-of, or name another source in the recipe",
        "L09",
    )


def _is_of(load: Load, job: Job) -> bool:
    return (load.sha256, load.as_of, dict(load.recipe)) == (job.sha256, job.as_of, job.written())


def load(engine: Engine, job: Job, waiting: Touched | None = None, *, measuring: bool = True) -> Report:
    """Bring one file in: everything of it, or nothing.

    Parameters
    ----------
    engine : Engine
        Of the store; its tables exist.
    job : Job
        Of `prepare`.
    waiting : dict, optional
        What earlier loads of the day have touched and nobody has measured yet.
    measuring : bool
        Whether indicators are measured now, in the same transaction; else `Report.touched` says what waits.

    Returns
    -------
    Report

    Raises
    ------
    SourceError, CorrectionError, StoreError
        Nothing was written.
    """
    began, started = time.perf_counter(), datetime.now(UTC)
    with engine.connect() as connection:
        if before := known(connection, job):
            return Report(before, unchanged=True, seconds=time.perf_counter() - began, touched=dict(waiting or {}))
    brought = bring_parts(job)
    with engine.begin() as connection:
        history.lock(connection, job.theme)
        if before := known(connection, job):  # another process was faster
            return Report(before, unchanged=True, seconds=time.perf_counter() - began, touched=dict(waiting or {}))
        shown = to_be_met(connection, job) if job.rehearsal else None
        report = publish(connection, job, brought, started, loads.next_id(connection))
        if shown:
            refuse_other(shown, report.print)
        if job.only_clean and report.above_tolerance:
            raise NotClean(str(job.file), report.load.set_aside, report.load.rows_in)
        report.touched = merged(report.touched, waiting or {})
        if measuring and report.touched:
            measure(connection, job.as_of, report.load.id, report.touched)
            report.touched = {}
    report.seconds = time.perf_counter() - began
    return report


def merged(one: Touched, other: Touched) -> Touched:
    """What two loads have touched together."""
    return {name: one.get(name, set()) | other.get(name, set()) for name in {**one, **other}}


def measure_waiting(engine: Engine, day: date, touched: Touched) -> int:
    """Measure what earlier loads have touched; the number of values that differ from those before.

    Notes
    -----
    With nothing touched it measures what stands on other loads than before: after a run that was cut short.
    """
    with engine.begin() as connection:
        number = loads.newest_number(connection)
        return measure(connection, day, number, touched) if number else 0
