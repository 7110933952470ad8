"""Rows set aside, as they came: so that they can be read, mended and sent again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely

from etl.findings import Finding
from etl.read.raw import Raw


def verbatim(raw: Raw, findings: list[Finding], keys: pd.Series, crs: str | None = None) -> list[Mapping[str, Any]]:
    """One entry for each row with findings: its first rule, all its reasons, and its values under their own headers.

    Parameters
    ----------
    raw : Raw
        The rows as they were read.
    findings : list of Finding
        Several may be of one row.
    keys : Series of str
        The key of each row, None where it could not be read.
    crs : str, optional
        That the recipe names; else the file's own counts.

    Returns
    -------
    list of dict
        row_no, rule, reason_zh, reason_en, row, key, and the crs of `geometry`; in the order of the file.
    """
    by_row: dict[int, list[Finding]] = {}
    for each in findings:
        by_row.setdefault(each.row_no, []).append(each)
    headers = list(raw.frame.columns)
    places = raw.frame.index.get_indexer(sorted(by_row))
    values = raw.frame.iloc[places].to_numpy(dtype=object)
    said = None if raw.shapes is None else crs or (raw.crs.to_string() if raw.crs else None)
    return [
        _entry(by_row[number], headers, line, None if raw.shapes is None else raw.shapes[at])
        | {"key": _key(keys.get(number)), "crs": said}
        for number, at, line in zip(sorted(by_row), places, values, strict=True)
    ]


def _key(key: Any) -> str | None:
    return key.replace("\x00", "") if isinstance(key, str) else None


def _entry(findings: list[Finding], headers: list[str], line: np.ndarray, shape: Any) -> dict[str, Any]:
    row = {header: _json(value) for header, value in zip(headers, line, strict=True)}
    if shape is not None:
        row["geometry"] = shapely.to_wkt(shape, rounding_precision=9, trim=True)
    return {
        "row_no": findings[0].row_no,
        "rule": findings[0].rule,
        "reason_zh": "；".join(each.reason.zh for each in findings),
        "reason_en": "; ".join(each.reason.en for each in findings),
        "row": row,
    }


def _json(value: Any) -> Any:
    """A value as JSON can hold it; PostgreSQL takes no NUL."""
    if value is None or value != value:
        return None
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, date):  # and datetime
        return value.isoformat()
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)  # a sheet shows 8, and keeps 8.0
    return value if isinstance(value, (bool, int, float)) else str(value)
