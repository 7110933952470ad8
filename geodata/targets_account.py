"""The targets on the command line: each with its clause, whether it can be computed, its number per level, and its state."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from geodata import documents, targets, units
from geodata.door import Reader, Scope, open_door
from geodata.judging import STATES, Standing, Verdict
from geodata.reasons import says
from geodata.target_ground import grounded
from geodata.targets_below import Counts, passing
from geodata.units import Unit
from layers._errors import DeclarationError
from layers._target import Target


def main(arguments: Sequence[str]) -> int:
    """Print the targets in force.

    Parameters
    ----------
    arguments : sequence of str
        After the word ``targets``.

    Returns
    -------
    int
        Exit code.

    Raises
    ------
    UnknownUnit
        The ladder has no such code.
    DeclarationError
        There is no such document; or one in force contradicts itself.
    StoreError
        The store is down or empty.
    """
    asked = _parser().parse_args(list(arguments))
    wanted = _wanted(asked.document)
    with open_door().reader(Scope(day=asked.day)) as reader:
        unit = units.unit(reader, asked.unit) if asked.unit else units.home(reader)
        standings, levels = _read(reader, unit, wanted, asked.definition)
    print(json.dumps(_record(unit, standings, levels), ensure_ascii=False, indent=2) if asked.json else _sheet(unit, standings, levels))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="onemap targets", description="print every policy target in force and how a unit stands to it")
    parser.add_argument("--unit", metavar="CODE", help="code of a unit; the largest one when left out")
    parser.add_argument("--document", metavar="NAME", help="only the targets of one document")
    parser.add_argument("--as-of", "--day", dest="day", type=date.fromisoformat, metavar="YYYY-MM-DD", help="as they stood on a day")
    parser.add_argument("--definition", choices=("strict", "default", "loose"), default="default", help="the reading of open terms")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def _wanted(name: str | None) -> tuple[Target, ...]:
    known = documents.in_force()
    if name is None:
        return documents.targets()
    if name not in known:
        raise DeclarationError("documents", f"{name!r} is not in force", f"use one of {', '.join(known)}")
    return known[name].targets


def _read(reader: Reader, unit: Unit, wanted: tuple[Target, ...], definition: str) -> tuple[tuple[Standing, ...], Counts]:
    ground = grounded(reader, definition, wanted)
    return targets.standings(reader, unit, definition, only=wanted, ground=ground), passing(reader, unit, wanted, ground)


def _record(unit: Unit, standings: Sequence[Standing], levels: Counts) -> dict[str, Any]:
    return {
        "unit": {"code": unit.code, "name": unit.name, "level": unit.level},
        "targets": [_target(each, levels) for each in standings],
        "states": {name: targets.by_state(standings).get(name, 0) for name in STATES},
        "computable": sum(computable(each) for each in standings),
        "conflicts": [{"targets": list(each.targets), "about": each.about, "says": each.says.zh} for each in documents.conflicts()],
    }


def _target(standing: Standing, levels: Counts) -> dict[str, Any]:
    target, due = standing.target, standing.due
    document = documents.document(target)
    return {
        "id": target.id, "document": document.name, "title": document.title, "status": document.status.value, "clause": target.clause,
        "says": target.says, "rule": type(target.rule).__name__, "lead": list(target.lead), "along": list(target.along),
        "aspirational": target.aspirational, "levels": list(target.levels),
        "due": {"kind": due.kind.value, "says": due.says, "on": due.on.isoformat() if due.on else None},
        "computable": computable(standing), "state": standing.state,
        "reason": says(standing).en if standing.reason else None,
        "parts": [_part(each, levels.get((target.id, at), {})) for at, each in enumerate(standing.parts)],
    }  # fmt: skip


def computable(standing: Standing) -> bool:
    """Whether every part of a target has a number somewhere: an indicator, with rows to count."""
    return not any(each.numbers.reason in ("file", "rows", "field", "unmeasured") for each in standing.parts)


def _part(verdict: Verdict, levels: dict[str, tuple[int, int]]) -> dict[str, Any]:
    numbers = verdict.numbers
    return {
        "indicator": verdict.rule.by, "rule": type(verdict.rule).__name__, "value": numbers.value, "numerator": numbers.numerator,
        "denominator": numbers.denominator, "asked": verdict.asked, "expected": verdict.expected, "state": verdict.state,
        "counted": numbers.units or "own", "reason": numbers.reason, "asks": _asks(verdict),
        "per_level": {level: {"pass": passing, "of": known} for level, (passing, known) in levels.items()},
    }  # fmt: skip


def _asks(verdict: Verdict) -> dict[str, Any]:
    """The rule's own numbers, with its quotas by unit."""
    told = {name: each for name, each in asdict(verdict.rule).items() if name not in ("by", "quotas")}
    quotas = getattr(verdict.rule, "quotas", ())
    return told | ({"quotas": {each.unit: each.at_least for each in quotas}} if quotas else {})


def _sheet(unit: Unit, standings: Sequence[Standing], levels: Counts) -> str:
    states = targets.by_state(standings)
    lines = [
        f"{unit.name} ({unit.code}, {unit.level}): {len(standings)} targets, {sum(map(computable, standings))} computable; "
        + ", ".join(f"{states.get(name, 0)} {name}" for name in STATES)
    ]
    shown = ""
    for each in standings:
        if each.target.document != shown:
            shown = each.target.document
            document = documents.document(each.target)
            lines += ["", f"{document.title} [{document.status.value}]"]
        lines += _lines(each, levels)
    return "\n".join(lines)


def _lines(standing: Standing, levels: Counts) -> list[str]:
    target = standing.target
    due = standing.due.on.isoformat() if standing.due.on else standing.due.says or "-"
    found = [f"{target.id:<8} {standing.state:<7} {due:<12} {target.clause:<14} {target.says}"]
    for at, verdict in enumerate(standing.parts):
        told = levels.get((target.id, at), {})
        found.append("         " + "  ".join([_number(verdict), *(f"{level} {passing:,}/{known:,}" for level, (passing, known) in told.items())]))
    if standing.reason:
        found.append(f"         no data: {says(standing).en}")
    return found


def _number(verdict: Verdict) -> str:
    numbers = verdict.numbers
    if numbers.value is None:
        return f"{verdict.rule.by or '-'}: -"
    parts = f" ({numbers.numerator:,.6g} of {numbers.denominator:,.6g})" if numbers.denominator is not None else ""
    asked = f", asked {verdict.asked:,.6g}" if verdict.asked is not None else ""
    return f"{verdict.rule.by}: {numbers.value:,.4g}{parts}{asked}{f', each {numbers.units}' if numbers.units else ''}"
