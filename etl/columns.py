"""The columns of a file as somebody needs them who maps them by hand: header, samples, how many values."""

from __future__ import annotations

from typing import Any

import pandas as pd

from etl.values import spelled

SAMPLES = 4
"""Different values that are shown of a column."""

LETTERS = 60
"""Of one value; a geometry written as text has thousands."""

DISTINCT = 40
"""A column of at most so many different values is listed whole: it may be one of choices."""


def of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Every column in the order of the file.

    Returns
    -------
    list of dict
        header; filled, the number of rows with a value; samples, some different values; values, all of them with their
        number of rows, or None where they are too many.
    """
    return [_column(str(header), frame[header]) for header in frame]


def _column(header: str, column: pd.Series) -> dict[str, Any]:
    there = column.dropna()
    counts = there.map(_short).value_counts(sort=False)
    counts = counts[counts.index != ""]
    return {
        "header": header,
        "filled": int(counts.sum()),
        "samples": [str(each) for each in counts.index[:SAMPLES]],
        "values": {str(value): int(n) for value, n in counts.items()} if 0 < len(counts) <= DISTINCT else None,
    }


def _short(value: Any) -> str:
    text = value.hex() if isinstance(value, bytes) else spelled(value)
    return text if len(text) <= LETTERS else f"{text[: LETTERS - 1]}…"
