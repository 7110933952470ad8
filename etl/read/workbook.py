"""Workbooks: Excel's, new (.xlsx, .xlsm) and old (.xls), and OpenDocument's (.ods)."""

from __future__ import annotations

from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from etl.errors import SourceError
from etl.read import archive
from etl.read.asked import Asked
from etl.read.foreign import NO_SHEET
from etl.read.raw import Raw
from etl.read.sheets import Cells, raw_of

_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an OLE compound file
_OPEN = b"application/vnd.oasis.opendocument.spreadsheet"  # its first member says what it is: OpenDocument 1.3, part 2, 3.3
_MOST_BYTES = 2 << 30  # of a workbook's XML, which is read into memory


def knows(file: Path, head: bytes) -> bool:
    """Whether it is a zip that holds a workbook, or an old workbook."""
    if head.startswith(_OLD):
        return "WordDocument".encode("utf-16-le") not in head
    return archive.is_zip(head) and ("xl/workbook.xml" in archive.names(file) or _OPEN in head[:200])


def read(file: Path, asked: Asked) -> Raw:
    """The rows of a sheet, or of all sheets of the same headers; cells keep the type they have in the sheet.

    Raises
    ------
    SourceError
        A broken workbook, no such sheet, no header that the theme knows, several sheets and none said, or no rows.
    """
    with file.open("rb") as opened:
        if archive.is_zip(opened.read(4)):
            archive.check_contents(file, _MOST_BYTES)
    try:
        with file.open("rb") as opened, CalamineWorkbook.from_filelike(opened) as book:
            return raw_of(str(file), book.sheet_names, lambda name: _cells(book, name), asked)
    except PasswordError:
        raise SourceError(str(file), "it is locked with a password", "send it without") from None
    except (CalamineError, OSError, ValueError) as problem:
        if "detect file format" in str(problem) and not _cut(file):
            raise SourceError(str(file), *NO_SHEET) from None
        raise SourceError(str(file), f"the workbook is broken ({problem})", "ask for the file again") from None


def _cut(file: Path) -> bool:
    """Whether an old document of Office ends before the sectors that its head counts; [MS-CFB] 2.2: a table of sectors has at least one."""
    with file.open("rb") as opened:
        head = opened.read(512)
    size = 1 << int.from_bytes(head[30:32], "little") if len(head) == 512 else 512
    first = int.from_bytes(head[48:52], "little")
    return head.startswith(_OLD) and (len(head) < 512 or file.stat().st_size < (first + 2) * size)


def _cells(book: CalamineWorkbook, name: str) -> Cells:
    try:
        return book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except CalamineError:  # a chart or a macro, which holds no cells
        return []
