"""Examine: a file is read and held against every rule, and nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Engine

from etl.bring import Brought, bring_parts
from etl.check import Checked
from etl.findings import NOWHERE, places_of, told
from etl.job import Job
from etl.pipeline import known
from etl.publish import TOLERANCE, examine
from etl.rules import Severity, by_name

SHOWN = 5
"""Rows that the text shows of each rule; the JSON has all of them."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in a file.

    Parameters
    ----------
    job : Job
    rows, good, duplicates : int
        Rows of the file, those that would be published, and exact repetitions.
    loaded_as : int, optional
        The load that brought this very file already.
    findings : list of dict
        id, rule, severity, row_no (0 for the whole file), key, reason_zh, reason_en, lon, lat; in the order of the file.
    changes : mapping of str to int
        What was repaired on the way, counted.
    seconds : mapping of str to float
        What each rule took, by its number.
    """

    job: Job
    rows: int
    good: int
    duplicates: int
    loaded_as: int | None
    findings: list[dict[str, Any]]
    changes: Mapping[str, int]
    seconds: Mapping[str, float]

    @property
    def set_aside(self) -> int:
        """Rows that would be set aside."""
        return self.rows - self.good - self.duplicates

    @property
    def refused(self) -> bool:
        """Whether the file would be refused whole."""
        return any(each["severity"] == Severity.LOAD for each in self.findings)

    @property
    def exit_code(self) -> int:
        """20 for a file that would be refused, 1 for more rows set aside than the tolerance, 0 for others."""
        if self.refused:
            return 20
        return int(self.set_aside > TOLERANCE * self.rows)


def examined(engine: Engine, job: Job) -> Examined:
    """Everything that the rules find in a file, on the store as it stands.

    Parameters
    ----------
    engine : Engine
        Of the store; it is read in a transaction that cannot write.
    job : Job

    Raises
    ------
    SourceError, CorrectionError
        The file cannot be read at all, or is older than what its source has.
    """
    parts, found, changes = bring_parts(job), list[dict[str, Any]](), Counter[str]()
    with engine.connect().execution_options(postgresql_readonly=True) as connection:
        before = known(connection, job)
        checks, _ = examine(connection, job, parts)
    rows = good = duplicates = 0
    seconds: Counter[str] = Counter()
    for part, checked in zip(parts, checks, strict=True):
        found += _found(job, part, checked)
        rows, good, duplicates = rows + len(checked.good), good + int(checked.good.sum()), duplicates + checked.duplicates
        changes += part.rows.changes
        seconds.update(checked.seconds)
    listed = sorted(found, key=lambda each: each["row_no"])
    number, counted = before.id if before else None, {name: int(n) for name, n in sorted(changes.items())}
    return Examined(job, rows, good, duplicates, number, listed, counted, seconds)


def _found(job: Job, part: Brought, checked: Checked) -> list[dict[str, Any]]:
    """What was found in one part, with a place for the map."""
    keys = part.rows.frame[job.theme.key]
    found = [
        *told(checked.refusals, keys, Severity.LOAD),
        *told(checked.findings, keys, Severity.ERROR),
        *told(checked.warnings, keys, Severity.WARNING),
    ]
    rows = part.rows.frame.index.isin({each["row_no"] for each in found})
    where = places_of(part.rows.frame.index[rows], part.rows.shapes[rows])
    return [{"id": by_name()[each["rule"]].id} | each | where.get(each["row_no"], NOWHERE) for each in found]


def plain(done: Examined) -> dict[str, Any]:
    """What was found, as one JSON object."""
    counts = Counter(each["id"] for each in done.findings)
    severity = {each["id"]: each["severity"] for each in done.findings}
    names = {each["id"]: each["rule"] for each in done.findings}
    return {
        "file": str(done.job.file), "theme": done.job.theme.name, "source": done.job.recipe.source,
        "as_of": done.job.as_of.isoformat(), "rows": done.rows, "good": done.good, "set_aside": done.set_aside,
        "duplicates": done.duplicates, "refused": done.refused, "loaded_as": done.loaded_as, "changes": dict(done.changes),
        "rules": [
            {"id": id_, "rule": names[id_], "severity": severity[id_], "findings": n, "asks": asdict(by_name()[names[id_]].asks)}
            for id_, n in sorted(counts.items())
        ],
        "findings": done.findings,
    }  # fmt: skip


def lines(done: Examined) -> list[str]:
    """What was found, for a reader."""
    made = [
        f"{done.job.theme.name}: {done.job.file}, as of {done.job.as_of}: {done.rows:,} rows; {done.good:,} good, "
        f"{done.set_aside:,} to be set aside, {done.duplicates:,} duplicates"
    ]
    if done.loaded_as:
        made.append(f"  it is loaded already, as load {done.loaded_as}")
    made += [f"  {name}: {n:,}" for name, n in done.changes.items()]
    by_rule: dict[str, list[dict[str, Any]]] = {}
    for each in done.findings:
        by_rule.setdefault(each["id"], []).append(each)
    for id_, found in sorted(by_rule.items(), key=lambda item: (_WEIGHT[item[1][0]["severity"]], -len(item[1]), item[0])):
        rule = by_name()[found[0]["rule"]]
        made.append(f"{id_} {rule.severity}, {len(found):,}: {rule.asks.zh} / {rule.asks.en}")
        made += [f"    {_where(each)}: {each['reason_zh']} / {each['reason_en']}" for each in found[:SHOWN]]
        if len(found) > SHOWN:
            made.append(f"    and {len(found) - SHOWN:,} more; --json lists them all")
    return [*made, _verdict(done)]


_WEIGHT = {Severity.LOAD: 0, Severity.ERROR: 1, Severity.WARNING: 2}


def _where(each: Mapping[str, Any]) -> str:
    if not each["row_no"]:
        return "the file"
    return f"row {each['row_no']}" + (f" ({each['key']})" if each["key"] else "")


def _verdict(done: Examined) -> str:
    if done.refused:
        return "this file would be refused"
    if done.exit_code:
        return f"more than {TOLERANCE:.0%} of the rows would be set aside"
    return "no finding" if not done.findings else "this file can be loaded"
