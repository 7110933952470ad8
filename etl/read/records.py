"""JSON of other programs: the list of records in it, however deep it lies, or one record a line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from etl.errors import SourceError
from etl.read import archive
from etl.read.asked import Asked
from etl.read.encoding import BLANK, as_utf8
from etl.read.raw import Raw, framed

_DEEPEST = 6  # levels of objects around the list, and inside a record
_EXACT = 10**15  # a larger number is a code, and stays the digits that it was written in


def knows(_file: Path, head: bytes) -> bool:
    """Whether the text is JSON, which the reader of features did not want."""
    return head.lstrip(BLANK)[:1] in (b"{", b"[")


def read(file: Path, asked: Asked) -> Raw:
    """The records, a column for each of their names.

    What lies deeper is named by its last name, or by the whole way where two would be the same.

    Raises
    ------
    SourceError
        Broken JSON, JSON of maps that this is no reader for, or no list of records.
    """
    with as_utf8(file, asked.recipe.encoding) as (utf8, changes):
        told = _told(str(file), utf8.read_text("utf-8-sig"))
    found = _listed(told, _DEEPEST)
    if not found:
        raise SourceError(str(file), "it is JSON without a list of rows", "ask for GeoJSON, or a table")
    return _raw(found, changes)


def _told(place: str, text: str) -> Any:
    try:
        told = json.loads(text)
    except RecursionError:
        raise archive.broken(place) from None
    except ValueError:
        told = _lines(place, text)
    if isinstance(told, dict) and (told.get("type") == "Topology" or "geometryType" in told):
        name = "TopoJSON" if "geometryType" not in told else "Esri JSON"
        raise SourceError(place, f"it is {name}", "ask for GeoJSON (of an ArcGIS service: f=geojson)")
    return told


def _lines(place: str, text: str) -> list[Any]:
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        raise archive.broken(place) from None


def _listed(told: Any, deep: int) -> list[dict[str, Any]]:
    if isinstance(told, list) and told and all(isinstance(each, dict) for each in told):
        return told
    inner = told.values() if isinstance(told, dict) and deep else ()
    return max((_listed(each, deep - 1) for each in inner), key=len, default=[])


def _raw(records: list[dict[str, Any]], changes: Counter[str]) -> Raw:
    rows = [dict(_flat(each, ())) for each in records]
    ways = list(dict.fromkeys(way for row in rows for way in row))
    last = Counter(way[-1] for way in ways)
    columns = [np.array([*(row.get(way) for row in rows), None], dtype=object)[:-1] for way in ways]
    frame, left_out = framed([way[-1] if last[way[-1]] == 1 else ".".join(way) for way in ways], columns, len(rows))
    return Raw(frame, changes=changes + left_out)


def _flat(record: dict[str, Any], way: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in record.items():
        if isinstance(value, dict) and len(way) < _DEEPEST and "coordinates" not in value:
            yield from _flat(value, (*way, name))
        else:
            yield (*way, name), _cell(value)


def _cell(value: Any) -> Any:
    """A value as a table holds it: lists of numbers as they would be typed, shapes as GeoJSON."""
    if isinstance(value, list) and all(isinstance(each, (int, float, str)) for each in value):
        return ",".join(map(str, value)) or None
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int) and abs(value) >= _EXACT:
        return str(value)
    return None if value == "" else value
