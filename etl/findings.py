"""Findings: what is wrong with single rows, in words for the office that has to mend them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely

from layers import Text


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that broke one rule.

    Parameters
    ----------
    row_no : int
        The row of the file, from 1.
    rule : str
        Name of the rule, one word for all languages.
    reason : Text
        What is wrong, with the offending value of one field.
    """

    row_no: int
    rule: str
    reason: Text


def found(rows: Iterable[int], rule: str, zh: str, en: str) -> list[Finding]:
    """The same finding for several rows."""
    return [Finding(int(each), rule, Text(zh, en)) for each in rows]


def told(findings: Sequence[Finding], keys: pd.Series, severity: str = "warning") -> list[dict[str, Any]]:
    """Findings as the ledger and scripts take them.

    Parameters
    ----------
    findings : sequence of Finding
    keys : Series of str
        The key of each row, by its number.
    severity : str

    Returns
    -------
    list of dict
        row_no (0 for the whole file), rule, severity, reason_zh, reason_en, key.
    """
    known = keys.where(keys.notna(), None).to_dict()
    return [
        {
            "row_no": each.row_no,
            "rule": each.rule,
            "severity": severity,
            "reason_zh": each.reason.zh.replace("\x00", ""),
            "reason_en": each.reason.en.replace("\x00", ""),
            "key": known.get(each.row_no),
        }
        for each in findings
    ]


NOWHERE: dict[str, float | None] = {"lon": None, "lat": None}
"""Where a row is that has no place on earth, or none that could be read."""


def places_of(rows: pd.Index, shapes: np.ndarray) -> dict[int, dict[str, float | None]]:
    """A point of each row, for the map on which findings are shown.

    Parameters
    ----------
    rows : Index of int, n rows
        Their numbers.
    shapes : array of Geometry, shape (n,)
        In degrees.

    Returns
    -------
    dict of int to dict
        Row number -> lon, lat; rows without a place on earth are left out.
    """
    x, y = _middles(shapes)
    there = np.isfinite(x) & np.isfinite(y) & (np.abs(x) <= 180) & (np.abs(y) <= 90)
    numbers = rows.to_numpy()
    return {int(numbers[n]): {"lon": round(float(x[n]), 6), "lat": round(float(y[n]), 6)} for n in np.flatnonzero(there)}


def _middles(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The middle of each shape's box: good enough to go there, and possible for the most broken shape."""
    west, south, east, north = shapely.bounds(shapes).T
    return (west + east) / 2, (south + north) / 2
