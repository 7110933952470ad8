"""Text tables: CSV, TSV and their likes, every cell as text."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from etl.errors import SourceError
from etl.read.asked import Asked
from etl.read.encoding import as_utf8
from etl.read.raw import Raw, framed

_DELIMITERS = ",\t;|"


def knows(file: Path, head: bytes) -> bool:
    """Whether the first line has a delimiter, or the file's name says that it is a table."""
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")) or file.is_dir():
        return False
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")
    return not start.startswith((b"{", b"<", b"[", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))


def read(file: Path, asked: Asked) -> Raw:
    """The rows of a text table.

    Raises
    ------
    SourceError
        Wrong encoding, no header that the theme knows, or no rows.
    """
    with as_utf8(file, asked.recipe.encoding) as (utf8, changes):
        with utf8.open(encoding="utf-8-sig", newline="") as opened:
            head = opened.read(_HEAD)
        headers, delimiter, skipped = _header(file, head, asked)
        broken: dict[int, str] = {}
        try:
            columns, rows = _arrow(utf8, delimiter, skipped, len(headers))
        # Rows of unequal length, each of which gets its finding; or, which is none to Arrow, one row without its end of line.
        except pa.ArrowInvalid:
            texts, rows, broken = _row_by_row(utf8, delimiter, skipped, len(headers))
            columns = [np.array(each, dtype=object) for each in texts]
    if rows == 0:
        raise SourceError(str(file), "it has headers and no rows", "ask for the file again")
    frame, left_out = framed(headers, columns, rows)
    return Raw(frame, broken=broken, changes=changes + left_out)


def _header(file: Path, text: str, asked: Asked) -> tuple[list[str], str, int]:
    """The headers, the delimiter and the number of the header's line."""
    known = asked.headers()
    first = text.splitlines()[:20]
    found = [
        (asked.score(cells, known), -n, delimiter, cells)
        for n, line in enumerate(first)
        for delimiter in _DELIMITERS
        for cells in [next(csv.reader([line], delimiter=delimiter), [])]
    ]
    if asked.recipe.header_row:
        found = [each for each in found if -each[1] == asked.recipe.header_row - 1]
    score, line, delimiter, cells = max(found, default=(0, 0, ",", []))
    if score == 0:
        raise SourceError(
            str(file),
            f"no header is one of {asked.theme.name}; it has {_some(first)}",
            "write a recipe with [fields], or give the right --theme",
        )
    return [each.strip() for each in cells], delimiter, -line


_HEAD = 65536


def _some(lines: list[str]) -> str:
    return (lines[0] if lines else "")[:80]


def _arrow(file: Path, delimiter: str, skipped: int, width: int) -> tuple[list[np.ndarray], int]:
    """The columns, by Arrow: each distinct text once, however many rows say it."""
    reading = arrow_csv.ReadOptions(skip_rows=skipped + 1, autogenerate_column_names=True, block_size=1 << 24)
    parsing = arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=True)
    options = arrow_csv.ConvertOptions(strings_can_be_null=True, null_values=[""], quoted_strings_can_be_null=True)
    options.column_types = {f"f{n}": _SHARED for n in range(width)}
    table = arrow_csv.read_csv(file, reading, parsing, options)
    if table.num_columns != width:
        raise pa.ArrowInvalid("rows are longer or shorter than the header")
    columns, rows = [], table.num_rows
    while table.num_columns:  # one at a time: Arrow's memory goes as ours comes
        columns.append(_column(table.column(0)))
        table = table.remove_column(0)
    return columns, rows


_SHARED = pa.dictionary(pa.int32(), pa.string())


def _column(texts: pa.ChunkedArray) -> np.ndarray:
    parts = texts.unify_dictionaries().chunks
    if not parts:
        return np.empty(0, dtype=object)
    words = np.array([*parts[0].dictionary.to_pylist(), None], dtype=object)
    return np.concatenate([words[each.indices.fill_null(len(words) - 1).to_numpy()] for each in parts])


def _row_by_row(
    file: Path, delimiter: str, skipped: int, width: int
) -> tuple[list[list[str | None]], int, dict[int, str]]:
    columns: list[list[str | None]] = [[] for _ in range(width)]
    broken: dict[int, str] = {}
    rows, known = 0, dict[str, str]()
    with file.open(encoding="utf-8-sig", newline="") as opened:
        for _ in range(skipped):
            opened.readline()
        reader = csv.reader(opened, delimiter=delimiter)
        next(reader)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            rows += 1
            if len(cells) != width:
                broken[rows] = f"{len(cells)} cells under {width} headers"
            for n, column in enumerate(columns):
                cell = cells[n] if n < len(cells) else ""
                column.append(known.setdefault(cell, cell) or None)
    return columns, rows, broken
