"""Excel workbooks (.xlsx): the sheet and the row whose cells are the headers that the theme knows."""

from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from python_calamine import CalamineError, CalamineWorkbook

from etl.errors import SourceError
from etl.read.asked import Asked, plain
from etl.read.raw import Raw, framed

# Title, remark and unit rows stand above the header; nobody writes more than this.
_TITLE_ROWS = 20


def knows(file: Path, head: bytes) -> bool:
    """Whether a zip holds a workbook."""
    if not head.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(file) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return file.suffix.lower() == ".xlsx"


def read(file: Path, asked: Asked) -> Raw:
    """The rows of one sheet; cells keep the type they have in the sheet.

    Raises
    ------
    SourceError
        A broken workbook, no such sheet, no header that the theme knows, or no rows.
    """
    try:
        book = CalamineWorkbook.from_path(file)
        rows, at = _sheet(file, book, asked)
    except (CalamineError, zipfile.BadZipFile, OSError) as problem:
        raise SourceError(str(file), f"the workbook is broken ({problem})", "ask for the file again") from None
    headers = [str(cell).strip() for cell in rows[at]]
    body = [row for row in rows[at + 1 :] if any(cell != "" for cell in row)]
    if not body:
        raise SourceError(str(file), "it has headers and no rows", "ask for the file again")
    changes = Counter({"blank row skipped": _blank_inside(rows[at + 1 :])})
    used = [n for n, header in enumerate(headers) if header]
    columns = _columns(body, used)
    frame, left_out = framed([headers[n] for n in used], columns, len(body))
    return Raw(frame, changes=+(changes + left_out))


def _sheet(file: Path, book: CalamineWorkbook, asked: Asked) -> tuple[list[list[Any]], int]:
    """The cells of the sheet whose headers are best known, and the place of its header row."""
    names = book.sheet_names
    if asked.recipe.sheet and asked.recipe.sheet not in names:
        raise SourceError(str(file), f"it has no sheet {asked.recipe.sheet!r}", f"use one of {', '.join(names)}")
    known = asked.headers()
    best: tuple[int, list[list[Any]], int] = (0, [], 0)
    for name in [asked.recipe.sheet] if asked.recipe.sheet else names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for at, row in _candidates(rows, asked.recipe.header_row):
            score = sum(plain(str(cell)) in known for cell in row)
            if score > best[0]:
                best = (score, rows, at)
    if best[0] == 0:
        raise SourceError(
            str(file),
            f"no row of {', '.join(names)} holds headers of {asked.theme.name}",
            "write a recipe with [fields] and header_row, or give the right --theme",
        )
    return best[1], best[2]


def _candidates(rows: list[list[Any]], said: int | None) -> list[tuple[int, list[Any]]]:
    if said:
        return list(enumerate(rows))[said - 1 : said]
    return list(enumerate(rows[:_TITLE_ROWS]))


def _columns(body: list[list[Any]], used: list[int]) -> list[np.ndarray]:
    by_column = list(zip(*body, strict=True))
    columns = []
    for n in used:
        column = np.empty(len(body), dtype=object)
        column[:] = [None if cell == "" else cell for cell in by_column[n]]
        columns.append(column)
    return columns


def _blank_inside(rows: list[list[Any]]) -> int:
    """Blank rows above the last filled one."""
    filled = [n for n, row in enumerate(rows) if any(cell != "" for cell in row)]
    return filled[-1] + 1 - len(filled) if filled else 0
