"""The audit on the command line: ``./onemap audit grids``, as a table, as JSON, or as a file to be mended from."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import shapely
import xlsxwriter
from sqlalchemy import Connection, text

from geodata import store
from geodata.audit.checks import audit, failed
from geodata.audit.finding import Finding
from geodata.audit.ground import Ground, read
from geodata.errors import SettingError, UnknownUnit
from layers._audit import APPLIED, DEFECTS, STANDARDS, mask_of
from layers._norms import NORMS

_MOST = 200
"""Findings that are printed one by one; a file holds all."""


def main(arguments: Sequence[str]) -> int:
    """Audit the grids as they stand now.

    Parameters
    ----------
    arguments : sequence of str
        After the word ``audit``.

    Returns
    -------
    int
        Exit code: 0 when nothing was found, 1 when something was.

    Raises
    ------
    UnknownUnit
        The ladder has no such code.
    SettingError
        There is no such norm, or the file has another ending.
    StoreError
        The store is down.
    """
    asked = _parser().parse_args(list(arguments))
    norms = tuple(asked.norm) if asked.norm else APPLIED
    for each in norms:
        if each not in NORMS:
            raise SettingError(f"--norm {each}", "there is no such norm", f"use one of {', '.join(NORMS)}")
    with store.engine().connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        ground = read(connection)
        inside = _inside(connection, asked.unit)
    every = audit(ground)
    found = [each for each in every if each.norm in (None, *norms) and (inside is None or inside & {each.unit, each.key})]
    rates = _rates(ground, every, inside)
    if asked.out:
        _write(Path(asked.out), found)
    print(json.dumps(_record(asked.unit, found, rates), ensure_ascii=False, indent=2) if asked.json else _sheet(found, rates))
    return int(bool(found))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="onemap audit", description="whether grids cover their villages once, and their register is right")
    parser.add_argument("what", choices=("grids",))
    parser.add_argument("--unit", metavar="CODE", help="only what lies in this unit")
    parser.add_argument("--norm", action="append", metavar="ID", help=f"a norm that applies, several times; default {', '.join(APPLIED)}; of {', '.join(NORMS)}")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--out", metavar="FILE", help="write every finding to FILE.xlsx or FILE.geojson")
    return parser


def _inside(connection: Connection, code: str | None) -> set[str | None] | None:
    """Codes of a unit and everything below it; None for all there is."""
    if code is None:
        return None
    question = """SELECT l.code FROM onemap.ladder u JOIN onemap.ladder l ON l.path >= u.path AND l.path < u.path || chr(1114111)
        WHERE u.code = :code"""
    found: set[str | None] = set(connection.execute(text(question), {"code": code}).scalars())
    if not found:
        raise UnknownUnit(code)
    return found


def _rates(ground: Ground, found: Sequence[Finding], inside: set[str | None] | None) -> dict[str, tuple[int, int]]:
    """Definition -> general grids that are standard, and all of them."""
    marks, grids = failed(found), ground.grids
    general = [code for code, level, kind in zip(grids.codes, grids.levels, grids.kinds, strict=True)
               if (level, kind) == ("grid", "general") and (inside is None or code in inside)]  # fmt: skip
    return {name: (sum(not marks.get(code, 0) & mask_of(tests) for code in general), len(general)) for name, tests in STANDARDS.items()}


def _told(each: Finding) -> dict[str, Any]:
    return {
        "kind": each.kind, "weight": each.defect.weight.value, "title": each.defect.title.zh, "unit": each.unit, "grid": each.key,
        "norm": each.norm, "m2": None if each.m2 is None else round(each.m2, 2), "mu": None if each.mu is None else round(each.mu, 4),
        "says": {"zh": each.says.zh, "en": each.says.en},
    }  # fmt: skip


def _record(unit: str | None, found: Sequence[Finding], rates: dict[str, tuple[int, int]]) -> dict[str, Any]:
    counts = Counter(each.kind for each in found)
    standard = {name: {"numerator": n, "denominator": of, "value": n / of if of else None} for name, (n, of) in rates.items()}
    return {
        "unit": unit, "found": len(found), "kinds": {kind: counts[kind] for kind in DEFECTS if counts[kind]},
        "standard": standard, "findings": [_told(each) for each in found],
    }  # fmt: skip


def _sheet(found: Sequence[Finding], rates: dict[str, tuple[int, int]]) -> str:
    counts = Counter(each.kind for each in found)
    lines = [f"{len(found):,} findings"]
    lines += [f"  {kind:<24}{counts[kind]:>8,}  {DEFECTS[kind].weight:<8}{DEFECTS[kind].title.zh}" for kind in DEFECTS if counts[kind]]
    lines += [f"standard grids, {name:<8}{n:>8,} of {of:,}" + (f"  {n / of:.2%}" if of else "") for name, (n, of) in rates.items()]
    lines += [f"{each.unit or '-':<18}{each.key or '-':<20}{each.defect.title.zh}：{each.says.zh}" for each in found[:_MOST]]
    more = len(found) - _MOST
    return "\n".join([*lines, *([f"and {more:,} more: --out FILE.xlsx holds all of them"] if more > 0 else [])])


def _write(file: Path, found: Sequence[Finding]) -> None:
    writers = {".xlsx": _workbook, ".geojson": _geojson}
    if file.suffix not in writers:
        raise SettingError(f"--out {file}", "its ending says no format", "end it with .xlsx or .geojson")
    try:
        writers[file.suffix](file, found)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as problem:
        raise SettingError(f"--out {file}", f"it cannot be written: {problem}", "name a file in a folder that is yours") from None


def _geojson(file: Path, found: Sequence[Finding]) -> None:
    features = [
        {"type": "Feature", "properties": _told(each), "geometry": None if each.shape is None else json.loads(shapely.to_geojson(each.shape))}
        for each in found
    ]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), encoding="utf-8")


_HEADERS = ("单位编码", "网格编码", "问题", "类别", "说明", "面积(m²)", "面积(亩)", "规范", "经度", "纬度")


def _workbook(file: Path, found: Sequence[Finding]) -> None:
    with xlsxwriter.Workbook(str(file), {"constant_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet("网格审计")
        page.freeze_panes(1, 0)
        page.set_column(0, 1, 20)
        page.set_column(4, 4, 60)
        for at, name in enumerate(_HEADERS):
            page.write_string(0, at, name)
        for row, each in enumerate(found, start=1):
            point = None if each.shape is None or each.shape.is_empty else each.shape.representative_point()
            said = (each.unit, each.key, each.defect.title.zh, each.defect.weight.value, each.says.zh, each.m2, each.mu, each.norm,
                    point and round(point.x, 7), point and round(point.y, 7))  # fmt: skip
            for at, value in enumerate(said):
                if value is not None:
                    page.write(row, at, str(value)) if at < 5 else page.write(row, at, value)
