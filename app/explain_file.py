"""The rows of an opened number as a file: XLSX or CSV, with nothing that a spreadsheet would take for a formula; and its SQL."""

from __future__ import annotations

from app.board_file import Row, as_csv, as_xlsx
from app.words import word
from geodata.explaining import Explanation

MOST_ROWS = 200_000
"""Rows of a file; a sheet holds a million, a reader's patience less."""

_HEADINGS = (
    "theme", "key", "name", "unit", "is", "n", "d", "by", "seer", "assumed", "lon", "lat", "loadno", "filename", "rowno",
)  # fmt: skip


def rows(found: Explanation, lang: str) -> list[Row]:
    """The heading, and one line for each row."""
    files = {each.id: each.file for each in found.loads}
    heading: Row = tuple(word(f"explain.{each}", lang) for each in _HEADINGS)
    return [heading, *(_line(each, files, lang) for each in found.rows.shown)]


def _line(row: object, files: dict[int, str], lang: str) -> Row:
    told = dict(row)  # type: ignore[call-overload]
    yes = {True: word("yes", lang), False: word("no", lang), None: ""}
    cells = (
        told["theme"], told["key"], told["title"], told["unit"], yes[told["counted"]], told["n"], told["d"], told["seen_by"],
        told["seer"], yes[told["assumed"]], told["lon"], told["lat"], told["load_id"], files.get(told["load_id"]), told["row_no"],
    )  # fmt: skip
    return tuple("" if each is None else each for each in cells)


def _sql(found: Explanation, lang: str) -> bytes:
    said = found.declared.reading(found.definition).says[lang].replace("\n", " ")
    return f"-- {found.declared.title[lang]}: {found.unit.name} ({found.unit.code})\n-- {said}\n{found.statement.number}\n".encode()


FILES = {
    "csv": (lambda found, lang: as_csv(rows(found, lang)), "text/csv; charset=utf-8"),
    "xlsx": (lambda found, lang: as_xlsx(rows(found, lang)), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "sql": (_sql, "application/sql; charset=utf-8"),
}
"""Ending -> how the file is written, and its media type."""
