"""The order of the steps: the only module that knows them all."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine

from etl import in_units, mend, progress
from etl.as_rehearsed import refuse_other, to_be_met
from etl.check import Checked, check, misplaced
from etl.clean import Cleaned, clean
from etl.correct import correct
from etl.errors import NotClean, SourceError
from etl.findings import told
from etl.job import Job, prepare
from etl.measure import Touched, follow, measure
from etl.misread import check_system
from etl.place import place
from etl.read import Asked, Raw, read
from etl.recipe import stem_of
from etl.rules import by_name, of_store
from etl.verbatim import verbatim
from geodata import aside, findings, fingerprint, history, ladder, loads, successors
from geodata.fingerprint import Hashes
from geodata.loads import Load

__all__ = ["TOLERANCE", "Brought", "Job", "Report", "bring", "known", "load", "measure_waiting", "prepare", "publish"]

# More rows than this set aside, and a load is worth a phone call: exit code 1.
TOLERANCE = 0.05


@dataclass(slots=True)
class Report:
    """What became of a file.

    Parameters
    ----------
    load : Load
        Its line in the ledger: of this run, or of the earlier one that brought the same file.
    unchanged : bool
        Whether the file was known already and nothing was written.
    rules : Counter
        Rows set aside by rule.
    seconds : float
    touched : dict
        Themes that have to be measured again; empty when that was done.
    print : str
        Of everything that was written, but for numbers that the store deals out.
    aside : list of mapping
        The rows set aside, as `etl.verbatim` tells them.
    warnings : Counter
        Findings by rule that set no row aside.
    """

    load: Load
    unchanged: bool = False
    rules: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    touched: Touched = field(default_factory=dict)
    print: str = ""
    aside: list[Mapping[str, Any]] = field(default_factory=list)
    warnings: Counter[str] = field(default_factory=Counter)

    @property
    def above_tolerance(self) -> bool:
        """Whether too many rows were set aside."""
        return not self.unchanged and self.load.share_set_aside > TOLERANCE


@dataclass(slots=True)
class Brought:
    """A file before it meets the store.

    Parameters
    ----------
    raw : Raw
        Its rows as they came, with known mistakes corrected.
    rows : Cleaned
        The same rows in our words.
    hashes : array of uint64, shape (n,)
        Equal for rows that say the same.
    former : list of (int, int)
        Of a mended file: the load and row under which its rows were set aside before.
    """

    raw: Raw
    rows: Cleaned
    hashes: Hashes
    former: list[tuple[int, int]]


def known(connection: Connection, job: Job) -> Load | None:
    """The load that brought this very file already.

    Notes
    -----
    A file of the newest day that another has followed is loaded again: that is how a correction is taken back. So is one
    whose load was rolled back.

    Raises
    ------
    SourceError
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
    raise SourceError(
        str(job.file),
        f"its data are of {job.as_of}, older than load {newest.id} of {newest.as_of} in source {job.recipe.source!r}",
        "bring newer data, give --as-of, or name another source in the recipe",
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
    brought = bring(job)
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


def bring(job: Job) -> Brought:
    """Read, correct and clean a file; nothing is asked of the store.

    Raises
    ------
    SourceError, CorrectionError
        The file, its recipe or a correction cannot be used.
    """
    progress.step("read")
    raw = read(job.file, Asked(job.theme, job.recipe))
    progress.step("clean")
    former = mend.take_marks(job, raw)
    _keep_only(job, raw)
    raw = correct(raw, job.corrected_in, job.corrections)
    rows = clean(str(job.file), raw, job.theme, job.recipe, stem_of(job.file))
    return Brought(raw, rows, fingerprint.hashes(job.theme, rows.frame, rows.shapes), former)


def _keep_only(job: Job, raw: Raw) -> None:
    """Leave out the rows that the recipe's [only] does not name; they are other themes' rows, not lost ones."""
    for header, wanted in job.recipe.only.items():
        if header not in raw.frame:
            raise SourceError(
                str(job.file), f"no column {header}; it has {', '.join(raw.frame)}", "mend [only] of the recipe"
            )
        keep = raw.frame[header].isin(wanted if isinstance(wanted, list) else [wanted]).to_numpy()
        raw.changes["row left out by [only]"] += int((~keep).sum())
        raw.frame = raw.frame[keep]
        raw.shapes = None if raw.shapes is None else raw.shapes[keep]


def publish(connection: Connection, job: Job, brought: Brought, started: datetime, number: int) -> Report:
    """Check and place what a file brings, write it with its history, and make what follows from rows agree with them.

    Parameters
    ----------
    connection : Connection
        In the transaction that holds the theme's lock.
    job : Job
    brought : Brought
        Of `bring`.
    started : datetime
        When the load began, for the ledger.
    number : int
        Of the load.
    """
    theme, source, rows, hashes = job.theme, job.recipe.source, brought.rows, brought.hashes
    checked, paths = examine(connection, job, brought)
    for each in checked.refusals:
        raise SourceError(str(job.file), each.reason.en, by_name()[each.rule].remedy.en)
    progress.step("publish")
    good = checked.good
    coming = history.Rows(rows.frame[good], rows.shapes[good], hashes[good])
    named_by = theme.rung.code if theme.rung else theme.placed_by
    codes = coming.frame[named_by] if named_by else None
    placing = place(connection, codes, paths)
    outcome = history.publish(connection, theme, source, number, job.as_of, coming, placing, partial=job.partial)
    line = _line(job, number, started, len(rows.frame), outcome, checked, rows.changes)
    refused = verbatim(brought.raw, checked.findings, rows.frame[theme.key], job.recipe.crs)
    loads.record(connection, line)
    aside.keep(connection, line, refused)
    findings.keep(connection, line, told(checked.warnings, rows.frame[theme.key]))
    aside.mended(connection, number, brought.former)
    successors.keep(connection, theme, number, job.as_of, job.recipe.successors)
    printed = fingerprint.of_outcome(line, coming.hashes, refused)
    rules = Counter(each["rule"] for each in refused)
    touched = follow(connection, theme, number, outcome)
    warnings = Counter(each.rule for each in checked.warnings)
    return Report(line, rules=rules, touched=touched, print=printed, aside=refused, warnings=warnings)


def examine(connection: Connection, job: Job, brought: Brought) -> tuple[Checked, dict[str, str]]:
    """Hold what a file brings against every rule on the store as it stands; what was found, and the paths of its units."""
    rows, ground = brought.rows, of_store(connection, job.theme, job.recipe.source)
    check_system(connection, str(job.file), brought.raw, rows.came, job.recipe)
    checked = check(
        rows, job.theme, brought.hashes, ground, job.as_of, brought.raw, job.recipe, partial=job.partial
    )
    if checked.refusals:
        return checked, {}
    if job.theme.placed_by:
        return checked, in_units.stand(connection, job.theme, rows, checked)
    return checked, _ladder(connection, job, rows, checked) if job.theme.rung else {}


def _ladder(connection: Connection, job: Job, rows: Cleaned, checked: Checked) -> dict[str, str]:
    """Where the units of the load will stand; those that cannot stand anywhere are set aside."""
    rung = job.theme.rung
    assert rung is not None, job.theme.name
    levels = ladder.levels(job.theme, rows.frame)
    checked.findings += misplaced(rows.frame.index[checked.good & levels.isna()], "no_level")
    checked.good &= levels.notna().to_numpy()
    frame, shapes = rows.frame[checked.good], rows.shapes[checked.good]
    paths, lost = ladder.foresee(connection, job.theme, job.recipe.source, job.recipe.written(), frame, shapes)
    orphans = checked.good & rows.frame[rung.code].isin(lost).to_numpy()
    checked.findings += misplaced(rows.frame.index[orphans], "no_parent")
    checked.good &= ~orphans
    return paths


def _line(
    job: Job, number: int, started: datetime, n: int, outcome: history.Outcome, checked: Checked, changes: Counter[str]
) -> Load:
    noted = changes + Counter(
        {
            "row outside every unit": outcome.outside,
            "as_of from file time": job.as_of_from == "file time",
            "recipe found by headers": job.by_headers,
        }
    )
    line = Load(
        id=number, theme=job.theme.name, source=job.recipe.source, file=job.file.name, sha256=job.sha256, bytes=job.bytes,
        recipe=job.written(), operator=job.operator, as_of=job.as_of, started=started, finished=None, rows_in=n,
        added=outcome.added, changed=outcome.changed, removed=outcome.removed, unchanged=outcome.unchanged,
        set_aside=n - int(checked.good.sum()) - checked.duplicates, duplicates=checked.duplicates,
        changes={name: int(count) for name, count in sorted(noted.items()) if count},
        kind="load" if job.mends is None else "mend", reason=job.reason, rehearsal=job.rehearsal,
    )  # fmt: skip
    return replace(line, finished=datetime.now(UTC))
