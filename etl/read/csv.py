"""Text tables: CSV, TSV and their likes, every cell as text."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv

from etl.errors import SourceError
from etl.read.asked import Asked
from etl.read.encoding import BLANK, as_utf8
from etl.read.foreign import text_that_is_no_table
from etl.read.raw import Raw, framed

_DELIMITERS = ",\t;|"


def knows(file: Path, head: bytes) -> bool:
    """Whether the first line has a delimiter, or the file's name says that it is a table."""
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")) or file.is_dir():
        return False
    start = head.lstrip(BLANK)
    return text_that_is_no_table(file, head) is None and not start.startswith((b"{", b"<", b"[", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))


def read(file: Path, asked: Asked) -> Raw:
    """The rows of a text table.

    Raises
    ------
    SourceError
        Wrong encoding, no header that the theme knows, or no rows.
    """
    (raw,) = parts(file, asked, None)
    return raw


def parts(file: Path, asked: Asked, size: int | None) -> Iterator[Raw]:
    """The rows of a text table, some after the others.

    Parameters
    ----------
    file : Path
    asked : Asked
    size : int, optional
        Bytes of text that a part has about; None for all in one.

    Yields
    ------
    Raw
        Rows are numbered through the file.

    Raises
    ------
    SourceError
        Wrong encoding, no header that the theme knows, or no rows.
    """
    with as_utf8(file, asked.recipe.encoding) as (utf8, changes):
        with utf8.open(encoding="utf-8-sig", newline="") as opened:
            head = opened.read(_HEAD)
        headers, delimiter, skipped = _header(file, head, asked)
        before = 0
        for columns, rows, broken in _cut(utf8, delimiter, skipped, len(headers), size):
            frame, left_out = framed(headers, columns, rows)
            raw = Raw(frame, broken=broken, changes=Counter() if before else changes + left_out)
            yield raw.numbered_after(before)
            before += rows
    if not before:
        raise SourceError(str(file), "it has headers and no rows", "ask for the file again", "L01")


Cut = tuple[list[np.ndarray], int, dict[int, str]]
"""Columns, number of rows, and what is wrong with rows by their number in this part."""


def _cut(file: Path, delimiter: str, skipped: int, width: int, size: int | None) -> Iterator[Cut]:
    """Parts that have rows; in one Arrow's reader or ours, since they do not count the same lines as rows."""
    try:
        if size is None:
            columns, rows = _arrow(file, delimiter, skipped, width)
            yield from [(columns, rows, {})] * bool(rows)
            return
        _refuse_unequal(file, delimiter, skipped, width)
    # Rows of unequal length, each of which gets its finding; or, which is none to Arrow, one row without its end of line.
    except pa.ArrowInvalid:
        for texts, broken in _row_by_row(file, delimiter, skipped, width, size):
            yield [np.array(each, dtype=object) for each in texts], len(texts[0]), broken
        return
    for table in batched(_blocks(file, delimiter, skipped, width), size):
        columns, rows = _columns(table)
        yield columns, rows, {}


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
            f"no header is one of {asked.wanted()}; it has {_some(first)}",
            "write a recipe with [fields], or give the right --theme",
            "L08",
        )
    return [each.strip() for each in cells], delimiter, -line


_HEAD = 65536


def _some(lines: list[str]) -> str:
    return (lines[0] if lines else "")[:80]


_BLOCK = 1 << 24


def _options(delimiter: str, skipped: int, width: int) -> tuple[Any, Any, Any]:
    reading = arrow_csv.ReadOptions(skip_rows=skipped + 1, autogenerate_column_names=True, block_size=_BLOCK)
    parsing = arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=True)
    options = arrow_csv.ConvertOptions(strings_can_be_null=True, null_values=[""], quoted_strings_can_be_null=True)
    options.column_types = {f"f{n}": _SHARED for n in range(width)}
    return reading, parsing, options


def _arrow(file: Path, delimiter: str, skipped: int, width: int) -> tuple[list[np.ndarray], int]:
    """The columns, by Arrow: each distinct text once, however many rows say it."""
    table = arrow_csv.read_csv(file, *_options(delimiter, skipped, width))
    if table.num_columns != width:
        raise _unequal()
    return _columns(table)


def _unequal() -> pa.ArrowInvalid:
    return pa.ArrowInvalid("rows are longer or shorter than the header")


def _refuse_unequal(file: Path, delimiter: str, skipped: int, width: int) -> None:
    """Look through a file that will be read in parts: a row of another length far down changes how all are read."""
    reading, parsing, options = _options(delimiter, skipped, width)
    with arrow_csv.open_csv(file, reading, parsing, options) as opened:
        if len(opened.schema) != width:
            raise _unequal()
    options.include_columns = ["f0"]
    with arrow_csv.open_csv(file, reading, parsing, options) as opened:
        for _ in opened:
            pass


def _blocks(file: Path, delimiter: str, skipped: int, width: int) -> Iterator[tuple[pa.RecordBatch, int]]:
    """Rows with about how many bytes of text they took."""
    with arrow_csv.open_csv(file, *_options(delimiter, skipped, width)) as opened:
        for batch in opened:
            yield batch, _BLOCK


def batched(blocks: Iterable[tuple[pa.RecordBatch, int]], size: int) -> Iterator[pa.Table]:
    """Blocks put together to parts; what is left at the end goes with the part before it."""
    waiting: list[pa.RecordBatch] = []
    held = ready = 0
    for batch, n in blocks:
        if ready and held >= size // 2:
            yield pa.Table.from_batches(waiting[:ready])
            waiting, ready = waiting[ready:], 0
        waiting.append(batch)
        held += n
        if not ready and held >= size:
            held, ready = 0, len(waiting)
    if any(each.num_rows for each in waiting):
        yield pa.Table.from_batches(waiting)


def _columns(table: pa.Table) -> tuple[list[np.ndarray], int]:
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


Texts = tuple[list[list[str | None]], dict[int, str]]


def _row_by_row(file: Path, delimiter: str, skipped: int, width: int, size: int | None) -> Iterator[Texts]:
    """Rows of any length; the last part holds whatever is left."""
    columns, broken, known = [list[str | None]() for _ in range(width)], dict[int, str](), dict[str, str]()
    held = 0
    for cells in _lines(file, delimiter, skipped):
        if size and held >= size:
            yield columns, broken
            columns, broken, known, held = [[] for _ in range(width)], {}, {}, 0
        if len(cells) != width:
            broken[len(columns[0]) + 1] = _fault(cells, width)
        for n, column in enumerate(columns):
            cell = cells[n] if n < len(cells) else ""
            column.append(known.setdefault(cell, cell) or None)
            held += len(cell) + 1
    if columns[0]:
        yield columns, broken


def _fault(cells: list[str], width: int) -> str:
    """What is wrong with a row of another length; one whose quotation mark is not closed takes the lines below with it."""
    lines = max((len(cell.splitlines()) for cell in cells), default=0)
    if len(cells) < width and lines > 1:
        return f"a quotation mark in it is not closed: {lines} lines are one cell"
    return f"{len(cells)} cells under {width} headers"


def _lines(file: Path, delimiter: str, skipped: int) -> Iterator[list[str]]:
    """The cells of each row that has any."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        for _ in range(skipped):
            opened.readline()
        reader = csv.reader(opened, delimiter=delimiter)
        next(reader)
        yield from (cells for cells in reader if any(cell.strip() for cell in cells))
