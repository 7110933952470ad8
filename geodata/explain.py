"""`./onemap explain INDICATOR --unit CODE`: what stands behind a number, on the command line."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import text

from geodata import store, tables, units
from geodata.door import Door, Reader, Scope
from geodata.explaining import PAGE, WHICH, Explanation, explain
from layers import Text, indicator
from layers._indicator import DEFINITIONS

PATIENCE_MS = 1_800_000
"""A statement over every sight of a large city takes minutes; whoever asks at a shell waits for it."""


def main(arguments: Sequence[str]) -> int:
    """Print what stands behind an indicator of a unit.

    Parameters
    ----------
    arguments : sequence of str
        After the word ``explain``.

    Returns
    -------
    int
        Exit code: 0 when the statement gave the kept number, 1 when it did not.

    Raises
    ------
    DeclarationError
        There is no such indicator.
    UnknownUnit
        There is no such unit.
    StoreError
        The store is down or empty.
    """
    asked = _parser().parse_args(list(arguments))
    indicator(asked.indicator)
    engine = store.engine()
    tables.create_all(engine)  # a store of before knows less of its numbers
    with Door(engine).reader(Scope(day=asked.day)) as reader:
        found = _found(reader, asked)
    if asked.sql:
        print(found.statement.number)
    else:
        print(json.dumps(record(found), ensure_ascii=False, indent=2, default=str) if asked.json else "\n".join(_sheet(found)))
    return 0 if found.same else 1


def _found(reader: Reader, asked: argparse.Namespace) -> Explanation:
    code = asked.unit or units.home(reader).code
    reader.connection.execute(text(f"SET LOCAL statement_timeout = {PATIENCE_MS}"))
    return explain(reader, asked.indicator, code, asked.definition, asked.rows, 0, asked.most or None, wait=not asked.quick)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="onemap explain", description="say what stands behind a number")
    parser.add_argument("indicator", metavar="INDICATOR", help="as theme.indicator: entrances.seen")
    parser.add_argument("--unit", metavar="CODE", help="code of a unit; the largest one when left out")
    parser.add_argument("--definition", choices=DEFINITIONS, default=DEFINITIONS[0], help="strict, default or loose")
    parser.add_argument("--as-of", "--day", dest="day", type=date.fromisoformat, metavar="YYYY-MM-DD", help="as it was on a day")
    parser.add_argument("--rows", choices=WHICH, default="all", help="of numerator and denominator, of the numerator, or the rest")
    parser.add_argument("--most", type=int, default=PAGE, metavar="N", help="rows to list (default %(default)s; 0 for all)")
    parser.add_argument("--quick", action="store_true", help="what takes long is added up from the units below, as on the page")
    parser.add_argument("--sql", action="store_true", help="print the statement alone")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def record(found: Explanation) -> dict[str, Any]:
    """An explanation as plain values."""
    return {
        "indicator": found.name, "title": _both(found.declared.title), "definition": found.definition,
        "unit": {"code": found.unit.code, "name": found.unit.name, "level": found.unit.level},
        "says": _both(found.declared.reading(found.definition).says), "formula": _both(found.formula),
        "filters": {name: _both(each) for name, each in found.filters.items()},
        "value": found.figure.value, "numerator": found.figure.numerator, "denominator": found.figure.denominator,
        "reason": found.reason and _both(found.reason), "day": found.figure.day, "computed": found.computed,
        "stands_on": found.stands_on, "sql": found.statement.number,
        "again": dict(zip(("numerator", "denominator", "value"), found.again, strict=True)), "same": found.same,
        "added_up": found.statement.added_up, "ran": found.ran,
        "sights": {"all": found.statement.sights, "assumed": found.statement.assumed},
        "rows": {"total": found.rows.total, "counted": found.rows.counted, "shown": found.rows.shown},
        "loads": [{"id": each.id, "theme": each.theme, "file": each.file, "as_of": each.as_of, "finished": each.finished,
                   "operator": each.operator, "rows": found.rows.loads[each.id]} for each in found.loads],
    }  # fmt: skip


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _sheet(found: Explanation) -> list[str]:
    said = found.declared.reading(found.definition).says
    lines = [f"{found.declared.title.zh} / {found.declared.title.en} ({found.name}, {found.definition})",
             f"{found.unit.name} ({found.unit.code}), {found.figure.day or 'never measured'}, computed {found.computed or '-'}",
             f"value        {found.figure.value}  = {found.figure.numerator} of {found.figure.denominator}",
             f"definition   {said.zh} / {said.en}", f"formula      {found.formula.zh} / {found.formula.en}"]  # fmt: skip
    lines += [f"{name:<12} {each.zh} / {each.en}" for name, each in found.filters.items()]
    if found.reason:
        lines.append(f"no data      {found.reason.zh} / {found.reason.en}")
    if found.statement.sights:
        lines.append(f"sights       {found.statement.sights:,}, of which something was assumed for {found.statement.assumed:,}")
    lines += [f"load {each.id:<7} {each.file} ({each.as_of}): {found.rows.loads[each.id]:,} rows" for each in found.loads]
    lines.append(f"rows         {found.rows.counted:,} counted of {found.rows.total:,}")
    lines += [_row(each) for each in found.rows.shown]
    lines += ["", found.statement.number, f"-- {'gives' if found.ran else 'the units below give'} {found.again}: {'the same number' if found.same else 'ANOTHER NUMBER'}"]
    return lines


def _row(each: Mapping[str, Any]) -> str:
    mark = "+" if each["counted"] else "-"
    load = f"load {each['load_id']} row {each['row_no']}" if each["load_id"] else ""
    return f"  {mark} {each['theme']} {each['key']} {each['title']} {load}".rstrip()
