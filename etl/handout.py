"""Rows set aside as a file for the office that has to mend them: each with its reasons, under its own headers.

A workbook, GeoJSON (to be looked at on a map) or CSV. The columns of `etl.mend.MARKS` say which row it was, so that the
mended file can be loaded as it is. What a spreadsheet would take for a formula is written as text.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import shapely
import xlsxwriter

from etl.errors import SourceError
from etl.mend import FORMULA, GEOMETRY, MARKS
from etl.read.asked import LAT, LON, plain

Rows = Sequence[Mapping[str, Any]]


def write(rows: Rows, file: Path) -> None:
    """Write rows set aside.

    Parameters
    ----------
    rows : sequence of mapping
        Of `geodata.aside`: load_id, row_no, rule, reason_zh, reason_en, crs, row.
    file : Path
        Its ending says the format: .xlsx, .geojson or .csv.

    Raises
    ------
    SourceError
        Another ending, or a folder that cannot be written to.
    """
    writers = {".xlsx": _workbook, ".geojson": _geojson, ".csv": _csv}
    writer = writers.get(file.suffix.lower())
    if writer is None:
        raise SourceError(str(file), "its ending names no format", f"end it with {', '.join(writers)}")
    try:
        writer(rows, file)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as problem:
        raise SourceError(str(file), f"it cannot be written ({problem})", "choose another folder") from None


def _headers(rows: Rows) -> list[str]:
    return list(dict.fromkeys(header for each in rows for header in each["row"]))


def _marks(each: Mapping[str, Any]) -> dict[str, Any]:
    told = (each["load_id"], each["row_no"], each["rule"], each["reason_zh"], each["reason_en"], each["crs"])
    return dict(zip(MARKS, told, strict=True))


def _workbook(rows: Rows, file: Path) -> None:
    headers = _headers(rows)
    with xlsxwriter.Workbook(str(file), {"constant_memory": True, "strings_to_formulas": False}) as book:
        page, bold = book.add_worksheet("set aside"), book.add_format({"bold": True})
        page.freeze_panes(1, 0)
        page.set_column(3, 3, 48)
        for n, header in enumerate((*MARKS, *headers)):
            page.write_string(0, n, header, bold)
        for line, each in enumerate(rows, start=1):
            for n, value in enumerate((*_marks(each).values(), *(each["row"].get(name) for name in headers))):
                _cell(page, line, n, value)


def _cell(page: Any, line: int, n: int, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        page.write_boolean(line, n, value)
    elif isinstance(value, (int, float)) and abs(value) < 1e15:  # a sheet keeps 15 digits
        page.write_number(line, n, value)
    else:
        page.write_string(line, n, str(value)[:32767])  # the most that a cell holds; never a formula


def _csv(rows: Rows, file: Path) -> None:
    """UTF-8 with a byte order mark, so that spreadsheets read it rightly."""
    headers = _headers(rows)
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow([*MARKS, *headers])
        for each in rows:
            writer.writerow(
                [_safe(value) for value in (*_marks(each).values(), *(each["row"].get(h) for h in headers))]
            )


def _safe(value: Any) -> Any:
    """A number stays one; any other text that would run gets an apostrophe before it, which mending takes off again."""
    if not isinstance(value, str) or not value.startswith(FORMULA):
        return value
    try:
        float(value)
    except ValueError:
        return f"'{value}"
    return value


def _geojson(rows: Rows, file: Path) -> None:
    features = [
        {"type": "Feature", "properties": _marks(each) | _properties(each), "geometry": _geometry(each)}
        for each in rows
    ]
    told: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    said = {each["crs"] for each in rows if each["crs"]}
    if said:
        told["crs"] = {"type": "name", "properties": {"name": sorted(said)[0]}}
    file.write_text(json.dumps(told, ensure_ascii=False), "utf-8")


def _properties(each: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in each["row"].items() if not (each["crs"] and name == GEOMETRY)}


def _geometry(each: Mapping[str, Any]) -> dict[str, Any] | None:
    """Of a map's row as it came; of a table's row a point where its columns say one, for the eye."""
    shape = shapely.from_wkt(each["row"].get(GEOMETRY), on_invalid="ignore") if each["crs"] else _point(each["row"])
    return None if shape is None or shape.is_empty else json.loads(shapely.to_geojson(shape))


def _point(row: Mapping[str, Any]) -> Any:
    by_plain = {plain(header): value for header, value in row.items()}
    try:
        x, y = (float(next(by_plain[plain(name)] for name in names if plain(name) in by_plain)) for names in (LON, LAT))
    except (StopIteration, TypeError, ValueError, RuntimeError):
        return None
    return shapely.Point(x, y) if abs(x) <= 180 and abs(y) <= 90 else None
