"""What the operator reads: one line for a load, a page for the state of the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from etl.pipeline import TOLERANCE, Report
from geodata import aside, loads
from geodata.door import Reader
from geodata.loads import Load
from layers import themes


def line(report: Report) -> str:
    """One load in one sentence."""
    load = report.load
    if load.kind == "rollback":
        return (
            f"{load.theme}: load {load.id} took load {load.undoes} back: {load.added:,} rows stand again, {load.changed:,} are as "
            f"they were, {load.removed:,} are gone ({report.seconds:.1f} s)"
        )
    if report.unchanged:
        return f"{load.theme}: {load.file} is unchanged since load {load.id} of {load.as_of}"
    counts = {
        name: getattr(load, name) for name in ("added", "changed", "removed", "unchanged", "set_aside", "duplicates")
    }
    said = ", ".join(f"{n:,} {name.replace('_', ' ')}" for name, n in counts.items() if n)
    return (
        f"{load.theme}: load {load.id} of {load.file}, as of {load.as_of}: {load.rows_in:,} rows in; "
        f"{said or 'nothing to do'} ({report.seconds:.1f} s)"
    )


def details(report: Report) -> list[str]:
    """What was changed on the way, and why rows were set aside."""
    if report.unchanged:
        return []
    told = [f"  {name}: {n:,}" for name, n in report.load.changes.items()]
    told += [f"  set aside, {rule}: {n:,}" for rule, n in report.rules.most_common()]
    told += [f"  warning, {rule}: {n:,}" for rule, n in report.warnings.most_common()]
    if report.above_tolerance:
        told.append(f"  more than {TOLERANCE:.0%} set aside: see ./onemap set-aside {report.load.id}")
    return told


def themes_told() -> list[dict[str, Any]]:
    """The legend: every declared theme."""
    return [
        {
            "name": each.name,
            "title": {"zh": each.title.zh, "en": each.title.en},
            "geometry": each.geometry.value,
            "key": each.key,
            "fields": [field.name for field in each.fields],
            "indicators": [f"{each.name}.{one.name}" for one in each.indicators],
        }
        for each in themes().values()
    ]


def status(reader: Reader) -> dict[str, Any]:
    """The state of the store: for each theme its rows, its freshness and what was set aside; and the last loads."""
    fresh, waiting, standing = loads.freshness(reader), aside.by_rule(reader), loads.standing(reader)
    return {
        "themes": {
            name: {
                "rows": standing[name],
                "as_of": fresh[name].as_of.isoformat() if name in fresh else None,
                "load": fresh[name].id if name in fresh else None,
                "publisher": fresh[name].publisher if name in fresh else None,
                "set_aside": waiting.get(name, {}),
            }
            for name in themes()
        },
        "loads": [plain(each) for each in loads.ledger(reader, 10)],
    }


def plain(load: Load) -> dict[str, Any]:
    """A line of the ledger as JSON holds it."""
    told = asdict(load)
    told["recipe"] = dict(load.recipe)
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in told.items()}


def status_lines(told: Mapping[str, Any]) -> list[str]:
    """The state of the store as a page of text."""
    lines = [f"{'theme':<15}{'rows':>12}  {'as of':<12}{'load':>6}  set aside"]
    for name, each in told["themes"].items():
        aside = ", ".join(f"{rule} {n:,}" for rule, n in each["set_aside"].items())
        lines.append(
            f"{name:<15}{each['rows']:>12,}  {each['as_of'] or '-':<12}{each['load'] or '-':>6}  {aside}".rstrip()
        )
    lines.append(
        "last loads:" if told["loads"] else "no load yet; run ./onemap demo, or ./onemap load FILE --theme NAME"
    )
    return lines + [loads_line(each) for each in told["loads"]]


def loads_line(load: Mapping[str, Any]) -> str:
    """One line of the ledger for a reader."""
    counts = ", ".join(
        f"{load[name]:,} {name.replace('_', ' ')}" for name in ("added", "changed", "removed", "set_aside")
    )
    what = {"load": "", "mend": " mended", "rollback": f" rollback of load {load['undoes']}"}[load["kind"]]
    gone = f", taken back by load {load['undone_by']}" if load["undone_by"] else ""
    why = f" ({load['reason']})" if load["reason"] else ""
    return (
        f"  {load['id']:>5}  {load['finished'][:16].replace('T', ' ')}  {load['theme']:<14} {load['file']}{what}  "
        f"as of {load['as_of']}: {counts}{gone}, by {load['operator']}{why}"
    )
