"""Text tables: CSV, TSV and their likes, every cell as text."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv

from etl.errors import SourceError
from etl.read.asked import Asked, plain
from etl.read.encoding import decoded
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
    text, changes = decoded(str(file), file.read_bytes(), asked.recipe.encoding)
    headers, delimiter, skipped = _header(file, text, asked)
    broken: dict[int, str] = {}
    try:
        table = _arrow(text, delimiter, skipped)
        columns = [_column(table, n) for n in range(table.num_columns)]
        rows = table.num_rows
    except pa.ArrowInvalid:  # rows of unequal length: slower, and each one gets its finding
        columns, rows, broken = _row_by_row(text, delimiter, skipped, len(headers))
    if rows == 0:
        raise SourceError(str(file), "it has headers and no rows", "ask for the file again")
    frame, left_out = framed(headers, columns, rows)
    return Raw(frame, broken=broken, changes=changes + left_out)


def _header(file: Path, text: str, asked: Asked) -> tuple[list[str], str, int]:
    """The headers, the delimiter and the number of the header's line."""
    known = asked.headers()
    first = text[:_HEAD].splitlines()[:20]
    found = [
        (sum(plain(cell) in known for cell in cells), -n, delimiter, cells)
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


def _arrow(text: str, delimiter: str, skipped: int) -> pa.Table:
    reading = arrow_csv.ReadOptions(skip_rows=skipped + 1, autogenerate_column_names=True, block_size=1 << 24)
    parsing = arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=True)
    options = arrow_csv.ConvertOptions(strings_can_be_null=True, null_values=[""], quoted_strings_can_be_null=True)
    width = len(next(csv.reader(text[_start(text, skipped) :].splitlines()[:1], delimiter=delimiter), []))
    options.column_types = {f"f{n}": pa.string() for n in range(width)}
    # A last row without its end of line is none to Arrow where it is the only one.
    content = pa.py_buffer((text if text.endswith("\n") else f"{text}\n").encode())
    try:
        table = arrow_csv.read_csv(pa.BufferReader(content), reading, parsing, options)
    except pa.ArrowInvalid as problem:
        if "Empty CSV" in str(problem):
            return pa.table({f"f{n}": pa.array([], pa.string()) for n in range(width)})
        raise
    if table.num_columns != width:
        raise pa.ArrowInvalid("rows are longer or shorter than the header")
    return table


def _start(text: str, skipped: int) -> int:
    start = 0
    for _ in range(skipped):
        start = text.index("\n", start) + 1
    return start


def _column(table: pa.Table, n: int) -> pd.Series:
    return table.column(n).to_pandas().astype(object).where(lambda each: each.notna(), None).to_numpy()


def _row_by_row(text: str, delimiter: str, skipped: int, width: int) -> tuple[list[list], int, dict[int, str]]:
    reader = csv.reader(io.StringIO(text[_start(text, skipped) :]), delimiter=delimiter)
    next(reader)
    rows = [each for each in reader if any(cell.strip() for cell in each)]
    broken = {n: f"{len(row)} cells under {width} headers" for n, row in enumerate(rows, start=1) if len(row) != width}
    padded = [[cell or None for cell in row[:width]] + [None] * (width - len(row)) for row in rows]
    return [list(column) for column in zip(*padded, strict=True)] or [[] for _ in range(width)], len(rows), broken
