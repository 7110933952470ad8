"""Rows as they came: their headers, their values, their shapes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from pyproj import CRS

from etl.errors import SourceError
from etl.read.asked import is_private


@dataclass(slots=True)
class Raw:
    """The rows of one file.

    Parameters
    ----------
    frame : DataFrame, n rows
        Their headers and values; the index is the row number, from 1. Numbers stay what the file says they are.
    shapes : array of Geometry, shape (n,), optional
        In the file's own CRS and axis order; None where a table holds no geometry column of its own.
    crs : CRS, optional
        What the file declares.
    broken : dict of int to str
        Row number -> what is wrong with it as a row or a geometry.
    changes : Counter
        What was done to the file on the way, by name.
    cut : frozenset of str
        Headers that the format may have cut short: each is the beginning of a name.
    after : int
        Of the first part of a large file: rows that come after these, where somebody counted them.
    """

    frame: pd.DataFrame
    shapes: np.ndarray | None = None
    crs: CRS | None = None
    broken: dict[int, str] = field(default_factory=dict)
    changes: Counter[str] = field(default_factory=Counter)
    cut: frozenset[str] = frozenset()
    after: int = 0

    def numbered_after(self, rows: int) -> Raw:
        """The same with its rows numbered on from so many that came before."""
        if rows:
            self.frame.index = pd.RangeIndex(rows + 1, rows + 1 + len(self.frame))
            self.broken = {rows + number: fact for number, fact in self.broken.items()}
        return self


def framed(headers: Sequence[str], columns: Sequence[Any], rows: int) -> tuple[pd.DataFrame, Counter[str]]:
    """Columns as a frame numbered from 1, private ones left out.

    Parameters
    ----------
    headers : sequence of str
        One for each column; a repeated one gets a number.
    columns : sequence of array
        Of `rows` values each.
    rows : int
        Number of rows, which columns may be too few to say.

    Returns
    -------
    DataFrame, Counter
        The frame, and how many columns were left out.
    """
    changes: Counter[str] = Counter()
    kept: dict[str, Any] = {}
    for header, column in zip(headers, columns, strict=True):
        if is_private(header):
            changes["private column left out"] += 1
            continue
        kept[_free(header, kept)] = column
    return pd.DataFrame(kept, index=pd.RangeIndex(1, rows + 1)), changes


def _free(header: str, taken: dict[str, Any]) -> str:
    if header not in taken:
        return header
    return next(name for n in range(2, 10_000) if (name := f"{header} {n}") not in taken)


def declared_crs(place: str, wkt: str | None) -> CRS | None:
    """The CRS that a file declares; None where it declares none.

    Raises
    ------
    SourceError
        What it declares is no CRS.
    """
    if not wkt:
        return None
    try:
        return CRS.from_user_input(wkt)
    except Exception:  # pyproj has many ways to say that it does not understand
        raise SourceError(
            place, f"its CRS {wkt[:60]!r} is unknown", 'write crs = "EPSG:4490" (or its own) in the recipe'
        ) from None
