"""The account of a unit on the command line: every indicator with what was counted, of what, and how it stands to targets."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from geodata import former, indicators, units
from geodata.door import Reader, Scope, open_door
from geodata.errors import UnknownUnit
from geodata.former import Former
from geodata.indicators import Figure, Read
from geodata.reasons import of_figure
from geodata.units import Unit
from layers._indicator import DEFINITIONS, Format
from layers._text import Text


def main(arguments: Sequence[str]) -> int:
    """Print the indicators of a unit.

    Parameters
    ----------
    arguments : sequence of str
        After the word ``indicators``.

    Returns
    -------
    int
        Exit code.

    Raises
    ------
    UnknownUnit
        The ladder has no such code.
    StoreError
        The store is down or empty.
    """
    asked = _parser().parse_args(list(arguments))
    with open_door().reader(Scope(day=asked.day)) as reader:
        unit = _unit(reader, asked.unit) if asked.unit else units.home(reader)
        figures = (indicators.of_former if isinstance(unit, Former) else indicators.card)(
            reader, unit.code, asked.definition
        )
    print(json.dumps(_record(unit, figures), ensure_ascii=False, indent=2) if asked.json else _sheet(unit, figures))
    return 0


def _unit(reader: Reader, code: str) -> Unit | Former:
    """The unit of a code; one that stands no more as it stood on the day, or at last."""
    try:
        return units.unit(reader, code)
    except UnknownUnit:
        return former.unit(reader, code)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="onemap indicators", description="print the indicators of a unit")
    parser.add_argument("--unit", metavar="CODE", help="code of a unit; the largest one when left out")
    parser.add_argument(
        "--as-of", "--day", dest="day", type=date.fromisoformat, metavar="YYYY-MM-DD", help="as they were on a day"
    )
    parser.add_argument(
        "--definition", choices=DEFINITIONS, default=DEFINITIONS[0],
        help="how terms are understood that a document leaves open (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


_UNIT = ("code", "name", "level", "parent", "population", "households", "area_m2")


def _record(unit: Unit | Former, figures: Sequence[Figure]) -> dict[str, Any]:
    if isinstance(unit, Former):
        told = asdict(unit) | {"since": unit.since.isoformat(), "until": unit.until.isoformat()}
    else:
        told = {name: getattr(unit, name) for name in _UNIT}
    return {"unit": told, "indicators": [_figure(each) for each in figures]}


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "indicator": figure.indicator,
        "title": {"zh": figure.declared.title.zh, "en": figure.declared.title.en},
        "unit": figure.declared.unit.zh,
        "value": figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "day": figure.day.isoformat() if figure.day else None,
        "reason": {"zh": reason.zh, "en": reason.en} if (reason := of_figure(figure)) else None,
        "definition": figure.definition,
        "says": {"zh": _says(figure).zh, "en": _says(figure).en},
        "definitions": {
            each.definition: {"value": each.value, "numerator": each.numerator, "denominator": each.denominator,
                              "state": each.state}
            for each in figure.readings
        },
        "targets": [
            {"id": each.target.id, "at_least": each.aim.at_least, "at_most": each.aim.at_most,
             "clause": each.target.clause, "state": each.state}
            for each in figure.targets
        ],
    }  # fmt: skip


def _says(figure: Figure) -> Text:
    return figure.declared.reading(figure.definition).says


def _sheet(unit: Unit | Former, figures: Sequence[Figure]) -> str:
    lines = [f"{unit.name} ({unit.code}, {unit.level})"]
    if isinstance(unit, Former):
        lines.append(
            f"stood from {unit.since} until {unit.until}; its ground is now in {', '.join(unit.successors) or 'no unit'}"
        )
    for each in figures:
        targets = ", ".join(f"{one.target.id} {one.state}" for one in each.targets)
        lines.append(
            f"{each.indicator:<28}{_printed(each, each.value):>16}  {_parts(each):<28} {each.day or ''} {targets}".rstrip()
        )
        lines += [f"  no data: {reason.en}"] if (reason := of_figure(each)) else []
        lines += _others(each)
    return "\n".join(lines)


def _others(figure: Figure) -> list[str]:
    """A line for each other definition of the number."""
    return [
        f"  {each.definition:<26}{_printed(figure, each.value):>16}  {_parts(each)}".rstrip()
        for each in figure.readings
        if each.definition != figure.definition
    ]


def _printed(figure: Figure, value: float | None) -> str:
    """A share is never rounded up to the whole, nor down to nothing."""
    if value is None:
        return "-"
    if figure.declared.format is Format.PERCENT:
        inside = 0 < value < 1
        return f"{min(max(value * 100, 0.01), 99.99) if inside else value * 100:.2f} %"
    return f"{value:,.{0 if figure.declared.format is Format.WHOLE else 2}f} {figure.declared.unit.en}".rstrip()


def _parts(figure: Figure | Read) -> str:
    if figure.denominator is None or figure.numerator is None:
        return ""
    return f"{figure.numerator:,.6g} of {figure.denominator:,.6g}"
