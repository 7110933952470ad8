"""The board as a file: what is listed, as XLSX or CSV, with nothing that a spreadsheet would take for a formula."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO

from app import rule_words
from app.board import Board
from app.view import View
from app.words import word
from geodata import documents
from geodata.judging import Standing
from geodata.reasons import says
from geodata.units import Unit

Row = tuple[str | float, ...]

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How a cell begins that a spreadsheet runs (OWASP, CSV Injection)."""


def rows(board: Board, view: View, unit: Unit) -> list[Row]:
    """The heading, and one line for each part of each target that is listed."""
    lang = view.lang
    keys = ("id", "document", "status", "clause", "says", "rule", "lead", "along", "due", "number", "asked", "counted", "state", "reason")
    heading: list[Row] = [(word("file.unit", lang), *(word(f"file.{key}", lang) for key in keys))]
    return heading + [line for each in board.shown(view) for line in _lines(each, unit, lang)]


def _lines(standing: Standing, unit: Unit, lang: str) -> list[Row]:
    target, paper = standing.target, documents.document(standing.target)
    reason = says(standing)[lang] if standing.reason else ""
    return [
        (
            unit.name, target.id, paper.title, word(f"status.{paper.status.value}", lang), target.clause, target.says, rule, "、".join(target.lead),
            "、".join(target.along), rule_words.deadline(standing.due, lang), rule_words.figure(verdict, lang),
            rule_words.asked(verdict, lang), rule_words.counted(verdict, lang), word(f"state.{verdict.state}", lang), reason,
        )
        for verdict, rule in zip(standing.parts, rule_words.in_words(target, lang), strict=True)
    ]  # fmt: skip


def safe(cell: str | float) -> str | float:
    """A text that no spreadsheet runs; numbers as they are."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_DANGEROUS) else cell


def as_csv(table: Sequence[Row]) -> bytes:
    """UTF-8 with the mark by which spreadsheets know it."""
    body = StringIO()
    csv.writer(body).writerows([[safe(each) for each in row] for row in table])
    return b"\xef\xbb\xbf" + body.getvalue().encode()


def as_xlsx(table: Sequence[Row]) -> bytes:
    """One sheet; every cell is written as text or number, so that nothing is a formula."""
    import xlsxwriter

    body = BytesIO()
    book = xlsxwriter.Workbook(body, {"in_memory": True})
    sheet = book.add_worksheet("targets")
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for at, row in enumerate(table):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(at, column, cell, wrapped if at else bold)
            else:
                sheet.write_number(at, column, cell, wrapped)
    for column, wide in enumerate((10, 9, 30, 10, 16, 44, 36, 18, 30, 14, 10, 10, 18, 10, 30)):
        sheet.set_column(column, column, wide)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, len(table) - 1, len(table[0]) - 1)
    book.close()
    return body.getvalue()


WRITERS = {"csv": (as_csv, "text/csv; charset=utf-8"), "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")}
