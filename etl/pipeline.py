"""The order of the steps: the only module that knows them all."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine

from etl.check import Checked, Ground, check, misplaced
from etl.clean import Cleaned, clean
from etl.correct import Correction, correct, find_corrections
from etl.errors import SourceError
from etl.measure import Touched, follow, measure
from etl.place import place
from etl.read import Asked, Raw, read
from etl.recipe import Recipe, day_in_name, find_recipe, stem_of
from etl.verbatim import verbatim
from geodata import fingerprint, history, ladder, loads
from geodata.loads import Load
from layers import Theme, themes

# More rows than this set aside, and a load is worth a phone call: exit code 1.
TOLERANCE = 0.05


@dataclass(frozen=True, slots=True)
class Job:
    """A file and what is known of it before it is read.

    Parameters
    ----------
    file : Path
    recipe : Recipe
    theme : Theme
    as_of : date
        The day of the data.
    as_of_from : str
        "recipe", "file name", "file time" or "operator".
    sha256 : str
        Of the bytes of the file (of a folder: of its files in order).
    bytes : int
    operator : str
    corrections : tuple of Correction
    corrected_in : Path
        The file of corrections.
    """

    file: Path
    recipe: Recipe
    theme: Theme
    as_of: date
    as_of_from: str
    sha256: str
    bytes: int
    operator: str
    corrections: tuple[Correction, ...]
    corrected_in: Path

    def written(self) -> dict[str, Any]:
        """Everything besides the bytes that decides what a load does, as the ledger keeps it."""
        said = self.recipe.written() | {"declaration": fingerprint.of_declaration(self.theme)}
        if self.corrections:
            said["corrections"] = [repr(each) for each in self.corrections]
        return said


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
    """

    load: Load
    unchanged: bool = False
    rules: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    touched: Touched = field(default_factory=dict)

    @property
    def above_tolerance(self) -> bool:
        """Whether too many rows were set aside."""
        return not self.unchanged and self.load.share_set_aside > TOLERANCE


def prepare(
    file: Path,
    theme: str | None = None,
    recipe: Path | None = None,
    as_of: date | None = None,
    operator: str = "operator",
) -> Job:
    """Find the recipe, the day and the hash of a file.

    Raises
    ------
    SourceError, CorrectionError
        No such file, or a recipe or correction that cannot be used.
    """
    if not file.exists():
        raise SourceError(str(file), "there is no such file", "check the path")
    said = find_recipe(file, theme, recipe)
    days = {"operator": as_of, "recipe": said.as_of, "file name": day_in_name(file)}
    days["file time"] = datetime.fromtimestamp(file.stat().st_mtime, tz=UTC).date()
    source_of_day, day = next((name, day) for name, day in days.items() if day)
    sha256, size = _hash(file)
    place_, corrections = find_corrections(file)
    return Job(file, said, themes()[said.theme], day, source_of_day, sha256, size, operator, corrections, place_)


def _hash(file: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    try:
        for each in sorted(file.iterdir()) if file.is_dir() else [file]:
            content = each.read_bytes() if each.is_file() else b""
            digest.update(content)
            size += len(content)
    except OSError as problem:
        raise SourceError(str(file), f"it cannot be read ({problem.strerror})", "check its permissions") from None
    return digest.hexdigest(), size


def known(connection: Connection, job: Job) -> Load | None:
    """The load that brought this very file already.

    Notes
    -----
    A file of the newest day that another has followed is loaded again: that is how a correction is taken back.

    Raises
    ------
    SourceError
        It is older than what its source has, and never came before.
    """
    newest = loads.newest(connection, job.theme.name, job.recipe.source)
    if newest is None:
        return None
    if newest.as_of <= job.as_of:
        return newest if _is_of(newest, job) else None
    for each in loads.of_file(connection, job.theme.name, job.recipe.source, job.sha256):
        if _is_of(each, job):
            return each
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
    raw = read(job.file, Asked(job.theme, job.recipe))
    _keep_only(job, raw)
    raw = correct(raw, job.corrected_in, job.corrections)
    rows = clean(str(job.file), raw, job.theme, job.recipe, stem_of(job.file))
    hashes = fingerprint.hashes(job.theme, rows.frame, rows.shapes)
    with engine.begin() as connection:
        history.lock(connection, job.theme)
        if before := known(connection, job):  # another process was faster
            return Report(before, unchanged=True, seconds=time.perf_counter() - began, touched=dict(waiting or {}))
        report = _publish(connection, job, raw, rows, hashes, started)
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


def _publish(
    connection: Connection, job: Job, raw: Raw, rows: Cleaned, hashes: np.ndarray, started: datetime
) -> Report:
    theme, source = job.theme, job.recipe.source
    ground = Ground(ladder.bounds(connection), lambda keys: history.owners(connection, theme, source, list(keys)))
    checked = check(rows, theme, hashes, ground)
    paths = _ladder(connection, job, rows, checked) if theme.rung else {}
    good = checked.good
    coming = history.Rows(rows.frame[good], rows.shapes[good], hashes[good])
    codes = coming.frame[theme.rung.code] if theme.rung else None
    number = loads.next_id(connection)
    outcome = history.publish(connection, theme, source, number, job.as_of, coming, place(connection, codes, paths))
    line = _line(job, number, started, len(rows.frame), outcome, checked, rows.changes)
    aside = verbatim(raw, checked.findings)
    loads.record(connection, line)
    loads.keep_aside(connection, line, aside)
    return Report(
        line, rules=Counter(each["rule"] for each in aside), touched=follow(connection, theme, number, outcome)
    )


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
        {"row outside every unit": outcome.outside, "as_of from file time": job.as_of_from == "file time"}
    )
    line = Load(
        id=number, theme=job.theme.name, source=job.recipe.source, file=job.file.name, sha256=job.sha256, bytes=job.bytes,
        recipe=job.written(), operator=job.operator, as_of=job.as_of, started=started, finished=None, rows_in=n,
        added=outcome.added, changed=outcome.changed, removed=outcome.removed, unchanged=outcome.unchanged,
        set_aside=n - int(checked.good.sum()) - checked.duplicates, duplicates=checked.duplicates,
        changes={name: int(count) for name, count in sorted(noted.items()) if count},
    )  # fmt: skip
    return replace(line, finished=datetime.now(UTC))
