"""Publish what a file brings: checked, placed, written with its history, and followed by all that is derived from rows."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection

from etl import in_units, progress
from etl.bring import Brought
from etl.check import Checked, misplaced
from etl.check_parts import check_parts
from etl.clean import Cleaned
from etl.errors import SourceError
from etl.findings import told
from etl.job import Job
from etl.measure import Touched, follow
from etl.misread import check_system
from etl.place import place
from etl.rules import by_name, of_store
from etl.shelf import Shelf
from etl.verbatim import verbatim
from geodata import aside, findings, fingerprint, history, ladder, left_out, loads, successors
from geodata.loads import Load

# More rows than this set aside, and a load is worth a phone call: exit code 1.
TOLERANCE = 0.05

_SHOWN = 5_000
"""Rows set aside of a file in parts that a report shows; the store keeps all of them."""


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
        The rows set aside, as `etl.verbatim` tells them; of a file that came in parts the first of them.
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
class _Written:
    """What became of the parts of a file so far.

    Parameters
    ----------
    outcomes : list of Outcome
    prints : list of array of uint64
        Of the rows that stand afterwards.
    rows, good, duplicates : int
    changes : Counter
    notes : Shelf or list
        Of each part its rows set aside, and its findings; a small file's are kept in memory.
    """

    notes: Any
    outcomes: list[history.Outcome] = field(default_factory=list)
    prints: list[fingerprint.Hashes] = field(default_factory=list)
    rows: int = 0
    good: int = 0
    duplicates: int = 0
    changes: Counter[str] = field(default_factory=Counter)


Notes = tuple[list[Mapping[str, Any]], list[dict[str, Any]]]


class _InMemory(list[Notes]):
    put = list.append


def publish(connection: Connection, job: Job, parts: Sequence[Brought], started: datetime, number: int) -> Report:
    """Check and place what a file brings, write it with its history, and make what follows from rows agree with them.

    Parameters
    ----------
    connection : Connection
        In the transaction that holds the theme's lock.
    job : Job
    parts : sequence of Brought
        Of `bring_parts`.
    started : datetime
        When the load began, for the ledger.
    number : int
        Of the load.

    Raises
    ------
    SourceError
        A rule refuses the file as a whole.
    """
    checks, paths = examine(connection, job, parts)
    for each in refusals(checks):
        raise SourceError(str(job.file), each.reason.en, by_name()[each.rule].remedy.en, by_name()[each.rule].id)
    written = _Written(_InMemory() if len(parts) == 1 else Shelf[Notes](str(job.file)))
    for n in range(len(parts)):
        progress.step("publish", n / len(parts) if n else None)
        _write(connection, job, number, parts[n], checks[n], paths, written, whole=len(parts) == 1)
    if len(parts) > 1:
        written.outcomes.append(left_out.retire(connection, job.theme, job.recipe.source, number, job.as_of, keep=job.partial))
    outcome = left_out.together(written.outcomes)
    line = _line(job, number, started, outcome, written)
    loads.record(connection, line)
    report = _note(connection, line, written)
    aside.mended(connection, number, parts[0].former)
    successors.keep(connection, job.theme, number, job.as_of, job.recipe.successors)
    report.touched = follow(connection, job.theme, number, outcome)
    return report


def _write(
    connection: Connection, job: Job, number: int, part: Brought, checked: Checked, paths: dict[str, str], written: _Written, *, whole: bool
) -> None:
    """Make the good rows of one part stand."""
    theme, source, rows, good = job.theme, job.recipe.source, part.rows, checked.good
    coming = history.Rows(rows.frame[good], rows.shapes[good], part.hashes[good])
    named_by = theme.rung.code if theme.rung else theme.placed_by
    placing = place(connection, coming.frame[named_by] if named_by else None, paths)
    if not whole:
        left_out.came(connection, coming.frame[theme.key])
    partial = job.partial or not whole
    outcome = history.publish(connection, theme, source, number, job.as_of, coming, placing, partial=partial)
    written.outcomes.append(outcome if whole else left_out.packed(outcome))
    written.prints.append(coming.hashes)
    written.rows += len(rows.frame)
    written.good += int(good.sum())
    written.duplicates += checked.duplicates
    written.changes += rows.changes
    keys = rows.frame[theme.key]
    written.notes.put((verbatim(part.raw, checked.findings, keys, job.recipe.crs), told(checked.warnings, keys)))


def _note(connection: Connection, line: Load, written: _Written) -> Report:
    """Keep the rows set aside and the findings of every part; the report, but for what is to be measured."""
    report, prints = Report(line), list[Any]()
    for refused, odd in written.notes:
        aside.keep(connection, line, refused)
        findings.keep(connection, line, odd)
        report.rules.update(each["rule"] for each in refused)
        report.warnings.update(each["rule"] for each in odd)
        report.aside += refused if len(written.notes) == 1 else refused[: _SHOWN - len(report.aside)]
        prints += refused if len(written.notes) == 1 else [_digest(refused)]
    report.print = fingerprint.of_outcome(line, np.concatenate(written.prints), prints)
    return report


def _digest(rows: list[Mapping[str, Any]]) -> dict[str, str]:
    return {"print": hashlib.sha256(json.dumps(rows, sort_keys=True, ensure_ascii=False).encode()).hexdigest()}


def refusals(checks: Sequence[Checked]) -> list[Any]:
    """Why the file as a whole must not be published; the first part that refuses it speaks for it."""
    return next((each.refusals for each in checks if each.refusals), [])


def examine(connection: Connection, job: Job, parts: Sequence[Brought]) -> tuple[Sequence[Checked], dict[str, str]]:
    """Hold what a file brings against every rule on the store as it stands; what was found, and the paths of its units."""
    for each in parts:
        check_system(connection, str(job.file), each.raw, each.rows.came, job.recipe)
    checks = check_parts(job, parts, of_store(connection, job.theme, job.recipe.source))
    if len(parts) > 1 or refusals(checks):
        return checks, {}
    (only,), (checked,) = parts, checks
    if job.theme.placed_by:
        return checks, in_units.stand(connection, job.theme, only.rows, checked)
    return checks, _ladder(connection, job, only.rows, checked) if job.theme.rung else {}


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


def _line(job: Job, number: int, started: datetime, outcome: history.Outcome, written: _Written) -> Load:
    noted = written.changes + Counter(
        {
            "row outside every unit": outcome.outside,
            "as_of from file time": job.as_of_from == "file time",
            "recipe found by headers": job.by_headers,
        }
    )
    line = Load(
        id=number, theme=job.theme.name, source=job.recipe.source, file=job.file.name, sha256=job.sha256, bytes=job.bytes,
        recipe=job.written(), operator=job.operator, as_of=job.as_of, started=started, finished=None, rows_in=written.rows,
        added=outcome.added, changed=outcome.changed, removed=outcome.removed, unchanged=outcome.unchanged,
        set_aside=written.rows - written.good - written.duplicates, duplicates=written.duplicates,
        changes={name: int(count) for name, count in sorted(noted.items()) if count},
        kind="load" if job.mends is None else "mend", reason=job.reason, rehearsal=job.rehearsal,
    )  # fmt: skip
    return replace(line, finished=datetime.now(UTC))
