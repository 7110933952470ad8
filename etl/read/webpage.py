"""Tables that programs save under the name of a workbook: HTML pages, and the XML of Excel 2003; nothing they point to is read."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from xml.parsers import expat

from etl.errors import SourceError
from etl.read import archive
from etl.read.asked import Asked
from etl.read.encoding import BLANK, as_utf8
from etl.read.raw import Raw
from etl.read.sheets import Cells, raw_of

_HTML = re.compile(rb"<(html|table|body|tr)[\s>]", re.IGNORECASE)
_EXCEL_2003 = b"urn:schemas-microsoft-com:office:spreadsheet"
_WIDEST = 2000  # columns that a cell may span; browsers stop at a thousand
_TALLEST = 65536  # rows of a sheet of Excel 2003


def knows(_file: Path, head: bytes) -> bool:
    """Whether it is a page with a table, or a workbook as XML."""
    begins = head.lstrip(BLANK).startswith(b"<")
    return begins and (_EXCEL_2003 in head or bool(_HTML.search(head)))


def read(file: Path, asked: Asked) -> Raw:
    """The rows of the table whose headers the theme knows; every cell is text.

    Raises
    ------
    SourceError
        Broken XML or XML with entities of its own, text in no known encoding, no table, no header that the theme knows.
    """
    with as_utf8(file, asked.recipe.encoding) as (utf8, changes):
        text = utf8.read_text("utf-8-sig")
    tables = _sheets_of_xml(str(file), text) if _EXCEL_2003.decode() in text[:65536] else _tables_of_page(text)
    if not tables:
        raise SourceError(str(file), "it is a page without a table", "save the table as .xlsx")
    raw = raw_of(str(file), list(tables), lambda name: tables[name], asked)
    raw.changes += changes
    return raw


class _Grid:
    """Rows of cells, of which some cover their neighbours."""

    def __init__(self) -> None:
        self.rows: list[dict[int, str]] = []
        self.covered: dict[int, int] = {}  # column -> rows below that a cell of it still covers
        self.at = 0

    def row(self) -> None:
        """Begin the next row; what a cell above covers stays blank, as in a sheet whose cells were merged."""
        self.covered = {n: left - 1 for n, left in self.covered.items() if left > 1} if self.rows else {}
        self.rows.append({})
        self.at = 0

    def cell(self, text: str, across: int, down: int) -> None:
        """Put a cell in the next free place."""
        if not self.rows:
            self.row()
        while self.at in self.covered:
            self.at += 1
        self.rows[-1][self.at] = text
        for n in range(self.at, self.at + min(across, _WIDEST)):
            if down > 1:
                self.covered[n] = min(down, _TALLEST)
        self.at += min(across, _WIDEST)

    def cells(self) -> Cells:
        """The rows, all of one width."""
        width = max((max(row, default=-1) + 1 for row in self.rows), default=0)
        return [[row.get(n, "") for n in range(width)] for row in self.rows]


class _Page(HTMLParser):
    """The tables of a page; of those inside others only the text counts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.grids: list[_Grid] = []
        self.deep = 0
        self.cell: tuple[list[str], int, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A table, a row or a cell begins; the one before ends, whether it says so or not."""
        if tag == "table":
            self.deep += 1
            if self.deep == 1:
                self.grids.append(_Grid())
        elif self.deep == 1 and tag in ("tr", "td", "th"):
            self.close()
            if tag == "tr":
                self.grids[-1].row()
            else:
                told = dict(attrs)
                self.cell = ([], _count(told.get("colspan")), _count(told.get("rowspan")))

    def handle_endtag(self, tag: str) -> None:
        """A cell, a row or a table ends."""
        if self.deep == 1 and tag in ("td", "th", "tr", "table"):
            self.close()
        self.deep -= tag == "table" and self.deep > 0

    def handle_data(self, data: str) -> None:
        """Text of a cell."""
        if self.cell:
            self.cell[0].append(data)

    def close(self) -> None:
        """Put the cell in hand into its table."""
        if self.cell:
            texts, across, down = self.cell
            self.grids[-1].cell(re.sub(r"\s+", " ", "".join(texts)).strip(), across, down)
        self.cell = None


def _count(said: str | None) -> int:
    return max(1, int(said)) if said and said.strip().isdecimal() and len(said) < 7 else 1


def _tables_of_page(text: str) -> dict[str, Cells]:
    page = _Page()
    page.feed(text)
    page.close()
    return {f"表{n}": grid.cells() for n, grid in enumerate(page.grids, start=1) if grid.rows}


class _Workbook:
    """The sheets of a workbook of Excel 2003: its XML reference, worksheets."""

    def __init__(self) -> None:
        self.sheets: dict[str, _Grid] = {}
        self.grid = _Grid()
        self.cell: tuple[list[str], int, int] | None = None
        self.inside = False

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        """A sheet, a row, a cell or its value begins; an index leaves blank what lies before it."""
        said = {name.rpartition(" ")[2]: value for name, value in attrs.items()}
        kind = tag.rpartition(" ")[2]
        if kind == "Worksheet":
            self.grid = self.sheets[said.get("Name", f"Sheet{len(self.sheets) + 1}")] = _Grid()
        elif kind == "Row":
            for _ in range(max(1, min(_TALLEST, _count(said.get("Index"))) - len(self.grid.rows))):
                self.grid.row()
        elif kind == "Cell":
            self.grid.at = min(_WIDEST, _count(said["Index"]) - 1) if "Index" in said else self.grid.at
            self.cell = ([], _count(said.get("MergeAcross", "0")) + ("MergeAcross" in said), 1)
        self.inside = kind == "Data" and self.cell is not None

    def text(self, data: str) -> None:
        """Text of a value."""
        if self.inside and self.cell:
            self.cell[0].append(data)

    def end(self, tag: str) -> None:
        """A cell ends."""
        kind = tag.rpartition(" ")[2]
        self.inside = self.inside and kind != "Data"
        if kind == "Cell" and self.cell:
            texts, across, down = self.cell
            self.grid.cell("".join(texts).strip(), across, down)
            self.cell = None


def _sheets_of_xml(place: str, text: str) -> dict[str, Cells]:
    book, parser = _Workbook(), expat.ParserCreate("utf-8", " ")
    parser.buffer_text = True
    parser.EntityDeclHandler = lambda *_: _refuse(place)
    parser.StartElementHandler, parser.EndElementHandler = book.start, book.end
    parser.CharacterDataHandler = book.text
    try:
        parser.Parse(text.lstrip("\ufeff \r\n\t"), True)
    except expat.ExpatError:
        raise archive.broken(place) from None
    return {name: grid.cells() for name, grid in book.sheets.items() if grid.rows}


def _refuse(place: str) -> None:
    raise archive.declares_entities(place)
