"""Sheets of cells: the one whose rows hold headers that the theme knows, and the rows below them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np

from etl.errors import SourceError
from etl.read.asked import DEGREE_PARTS, Asked, plain
from etl.read.raw import Raw, framed

# Title, remark and unit rows stand above the header; nobody writes more than this.
_TITLE_ROWS = 20
ALL = "*"
"""In a recipe: every sheet that has the same headers."""

Cells = list[list[Any]]
"""The rows of a sheet, each as wide as the widest; "" where nothing stands."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet whose headers were found.

    Parameters
    ----------
    name : str
    headers : list of str
        "" for a column without one.
    body : list of list
        The rows below that are not blank.
    score : float
        How many headers the theme knows.
    changes : Counter
        What was skipped.
    """

    name: str
    headers: list[str]
    body: list[list[Any]]
    score: float
    changes: Counter[str]


def raw_of(place: str, names: Sequence[str], cells: Callable[[str], Cells], asked: Asked) -> Raw:
    """The rows of a sheet, or of all sheets of the same headers.

    Parameters
    ----------
    place : str
        The file, for the refusal.
    names : sequence of str
        Of its sheets.
    cells : callable
        A sheet's name -> its rows.
    asked : Asked

    Raises
    ------
    SourceError
        No such sheet, no header that the theme knows, several sheets and none said, or no rows.
    """
    sheets = _sheets(place, names, cells, asked)
    body = [row for each in sheets for row in each.body]
    if not body:
        raise SourceError(place, "it has headers and no rows", "ask for the file again", "L01")
    headers = sheets[0].headers
    used = [n for n, header in enumerate(headers) if header]
    frame, changes = framed([headers[n] for n in used], _columns(body, used), len(body))
    if len(sheets) > 1:
        changes["sheet joined to the first"] += len(sheets) - 1
    return Raw(frame, changes=+sum((each.changes for each in sheets), changes))


def _sheets(place: str, names: Sequence[str], cells: Callable[[str], Cells], asked: Asked) -> list[Sheet]:
    """The sheets to read: the best known one, unless another says as much."""
    said = asked.recipe.sheet
    if said and said != ALL and said not in names:
        raise SourceError(place, f"it has no sheet {said!r}", f"use one of {', '.join(names)}")
    found = [sheet for name in ([said] if said and said != ALL else names) if (sheet := _sheet(name, cells(name), asked))]
    if not found:
        raise SourceError(
            place,
            f"no row of {', '.join(names)} holds headers of {asked.wanted()}",
            "write a recipe with [fields] and header_row, or give the right --theme",
            "L08",
        )
    best = max(found, key=lambda each: each.score)
    alike = [each for each in found if each.body and _named(each) == _named(best)]
    if len(alike) > 1 and said is None:
        raise SourceError(
            place,
            f"its sheets {', '.join(each.name for each in alike)} have the same headers",
            f'write sheet = "{alike[0].name}" for one of them, or sheet = "{ALL}" for all, in the recipe',
        )
    return alike if said == ALL and alike else [best]


def _named(sheet: Sheet) -> list[str]:
    return [plain(each) for each in sheet.headers if each]


def _sheet(name: str, rows: Cells, asked: Asked) -> Sheet | None:
    score, at, headers = max(_headers(rows, asked), key=lambda each: each[0], default=(0, 0, []))
    if score == 0:
        return None
    below = rows[at + 1 :]
    numbered = bool(below) and _is_numbering(below[0])
    below = below[numbered:]
    body = [row for row in below if any(cell != "" for cell in row)]
    changes = Counter({"blank row skipped": _blank_inside(below), "row of column numbers skipped": int(numbered)})
    return Sheet(name, headers, body, score, changes)


def _headers(rows: Cells, asked: Asked) -> Iterator[tuple[float, int, list[str]]]:
    """For each row that may be the header: how many of its names are known, its place, its names.

    A header of two rows has a group's name over the first and its columns' names in the second; a name that was merged
    over both stands in the first only. Degrees, minutes and seconds (度, 分, 秒) are called by what they are parts of as well.
    """
    known, said = asked.headers(), asked.recipe.header_row
    span = range(said - 1, said) if said else range(_TITLE_ROWS)
    for at in [each for each in span if each < len(rows)]:
        names = [str(cell).strip() for cell in rows[at]]
        yield asked.score(names, known), at, names
        if at:
            above = [str(cell).strip() for cell in rows[at - 1]]
            groups: list[str] = list(accumulate(above, _carried))
            merged = [f"{group}{name}" if name in DEGREE_PARTS else name or upper for name, upper, group in zip(names, above, groups, strict=True)]
            yield asked.score(merged, known), at, merged


def _carried(group: str, name: str) -> str:
    """The name of a group of columns: it stands over the first of them."""
    return name or group


def _is_numbering(row: list[Any]) -> bool:
    """Whether a row below the header only counts the columns, as forms of offices do."""
    told = [str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip() for cell in row]
    filled = [each.strip("()（）") for each in told if each]
    return len(filled) > 2 and filled == [str(n) for n in range(1, len(filled) + 1)]


def _columns(body: Cells, used: list[int]) -> list[np.ndarray]:
    columns = []
    for n in used:
        column = np.empty(len(body), dtype=object)
        column[:] = [None if n >= len(row) or row[n] == "" else row[n] for row in body]
        columns.append(column)
    return columns


def _blank_inside(rows: Cells) -> int:
    """Blank rows above the last filled one."""
    filled = [n for n, row in enumerate(rows) if any(cell != "" for cell in row)]
    return filled[-1] + 1 - len(filled) if filled else 0
