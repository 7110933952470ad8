"""What a rehearsal and a row's life say on the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from etl.rehearse import Rehearsed
from geodata.life import Event

# A page of text holds so many of each; --json and --html hold the rest.
_FEW = 5


def rehearsed(done: Rehearsed) -> list[str]:
    """A rehearsal as lines of text."""
    load, shown = done.load, done.shown
    if done.number is None:
        return [f"{load.theme}: {load.file} is unchanged since load {load.id} of {load.as_of}; nothing would change"]
    counts = ", ".join(f"{n:,} {name.replace('_', ' ')}" for name, n in shown["counts"].items() if n)
    lines = [
        f"{load.theme}: rehearsal {done.number} of {load.file}, as of {load.as_of}: {counts} ({done.seconds:.1f} s)"
    ]
    lines += [f"  {name}: {n:,}" for name, n in shown["changes"].items()]
    lines += _some("new", [f"{each['key']} {each['title']}" for each in shown["added"]])
    lines += _some("changed", [_changed(each) for each in shown["changed"]])
    lines += _some("gone", [f"{each['key']} {each['title']}" for each in shown["removed"]])
    lines += _some(
        "set aside", [f"row {each['row_no']}: {each['reason_zh']} / {each['reason_en']}" for each in shown["set_aside"]]
    )
    lines += _indicators(shown["indicators"])
    return [*lines, f"  nothing was written; ./onemap load FILE --rehearsal {done.number} publishes exactly this"]


def _some(name: str, lines: Sequence[str]) -> list[str]:
    more = [f"    and {len(lines) - _FEW:,} more"] if len(lines) > _FEW else []
    return [f"  {name}: {len(lines):,}", *(f"    {each}" for each in lines[:_FEW]), *more] if lines else []


def _changed(each: Mapping[str, Any]) -> str:
    return f"{each['key']} " + ("; ".join(_differs(*item) for item in each["fields"].items()) or "its shape")


def _differs(name: str, values: Sequence[str | None]) -> str:
    before, after = ("-" if value is None else value for value in values)
    return f"{name} {before} -> {after}"


def _indicators(values: Sequence[Mapping[str, Any]]) -> list[str]:
    """The highest unit of each indicator, and in how many units it changes."""
    by_name: dict[str, list[Mapping[str, Any]]] = {}
    for each in values:
        by_name.setdefault(each["indicator"], []).append(each)
    lines = []
    for name, some in by_name.items():
        top = some[0]
        lines.append(
            f"    {name}: {_number(top['before'])} -> {_number(top['after'])} in {top['name'] or top['unit']}, {len(some):,} units"
        )
    return [f"  indicators that change: {len(by_name)}", *lines] if lines else []


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"


def event_line(event: Event) -> str:
    """One event of a row's life."""
    load = event.load
    by = (
        f"by load {load.id} ({load.kind} of {load.file}, {load.operator}, {load.finished:%Y-%m-%d %H:%M})"
        if load
        else ""
    )
    moved = [f"moved {event.metres:,.2f} m"] if event.metres else []
    differing = "; ".join([*moved, *(_differs(*item) for item in event.fields.items())])
    return f"{event.day}  {event.what} {by}{f', row {event.row_no}' if event.row_no else ''}{f': {differing}' if differing else ''}"
