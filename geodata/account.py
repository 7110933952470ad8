"""The numbers of a unit on the command line: ``./onemap indicators --unit CODE``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from geodata import indicators, units
from geodata.door import Reader, Scope, open_door
from layers._indicator import Format

_MARKS = {"met": "达标 met", "near": "临近 near", "missed": "未达 missed", "none": ""}


def main(arguments: Sequence[str]) -> int:
    """Print every indicator of a unit with what it was counted from and how it stands to its targets.

    Parameters
    ----------
    arguments : sequence of str
        Without the command.

    Returns
    -------
    int
        Exit code 0.

    Raises
    ------
    UnknownUnit
        When the ladder has no such code.
    StoreError
        When the store is down.
    """
    asked = _parser().parse_args(arguments)
    with open_door().reader(Scope(day=asked.day)) as reader:
        told = account(reader, asked.unit or units.home(reader).code)
    print(json.dumps(told, ensure_ascii=False, indent=2) if asked.json else "\n".join(_lines(told)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="onemap indicators", description="Every number of a unit.")
    parser.add_argument("--unit", metavar="CODE", help="code of the unit (default: where the map begins)")
    parser.add_argument("--day", type=date.fromisoformat, metavar="YYYY-MM-DD", help="as of this day (default: newest)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def account(reader: Reader, code: str) -> dict[str, Any]:
    """Gather a unit and its indicators in plain values.

    Parameters
    ----------
    reader : Reader
    code : str
        Of the unit.

    Returns
    -------
    dict
        ``unit`` (code, name, level, population) and ``indicators``, a list in the order of the declarations.

    Raises
    ------
    UnknownUnit
        When there is no such unit in the reader's area.
    """
    unit = units.unit(reader, code)
    about = {"code": unit.code, "name": unit.name, "level": unit.level, "population": unit.population}
    return {"unit": about, "indicators": [_plain(figure) for figure in indicators.card(reader, code)]}


def _plain(figure: indicators.Figure) -> dict[str, Any]:
    declared = figure.declared
    return {
        "indicator": figure.indicator,
        "title": {"zh": declared.title.zh, "en": declared.title.en},
        "value": figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "day": figure.day.isoformat() if figure.day else None,
        "format": declared.format.value,
        "unit": {"zh": declared.unit.zh, "en": declared.unit.en},
        "state": figure.state,
        "targets": [_target(judged) for judged in figure.targets],
    }


def _target(judged: indicators.Judged) -> dict[str, Any]:
    asked = judged.target
    bounds = {"at_least": asked.at_least, "at_most": asked.at_most}
    return {"id": asked.id, "clause": asked.clause, **bounds, "by": asked.by, "state": judged.state}


def _lines(told: dict[str, Any]) -> list[str]:
    unit = told["unit"]
    return [f"{unit['name']}  {unit['code']}  {unit['level']}", *(_line(each) for each in told["indicators"])]


def _line(each: dict[str, Any]) -> str:
    counted = ""
    if each["denominator"] is not None:
        counted = f"{_number(each['numerator'])} / {_number(each['denominator'])}"
    marks = _MARKS[each["state"]]
    title = f"{each['title']['zh']} / {each['title']['en']}"
    line = f"  {each['indicator']:<28} {_value(each):>14}  {counted:<24} {each['day'] or '':<10}  {marks:<12} {title}"
    return line.rstrip()


def _value(each: dict[str, Any]) -> str:
    value = each["value"]
    if value is None:
        return "-"
    if each["format"] == Format.PERCENT:
        return f"{value:.1%}"
    return f"{value:,.0f}" if each["format"] == Format.WHOLE else f"{value:,.2f}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:,.2f}".removesuffix(".00")
