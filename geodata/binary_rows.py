"""Rows as PostgreSQL's own binary form, from columns, without a Python object for each value.

The form is that of COPY (PostgreSQL's manual, COPY, "Binary Format"): for each row the number of its columns (two bytes), for each
value its length (four bytes, -1 where it is missing) and its bytes. Rows are written column by column into one buffer, each
at the place where its row has got to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.compiled import loop

_DAYS = 10_957
"""From 1970, where Arrow's days begin, to 2000, where PostgreSQL's do."""

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]


def encoded(columns: Mapping[str, pa.Array], block: int) -> Iterator[bytes]:
    """The rows, block by block, without what stands before and after them.

    Parameters
    ----------
    columns : mapping of str to Array
        Texts, bytes, numbers, days, yes or no; all of one length.
    block : int
        Rows that are encoded at once.

    Yields
    ------
    bytes
    """
    for start in range(0, len(next(iter(columns.values()))), block):
        yield _rows([each.slice(start, block) for each in columns.values()])


def _rows(columns: list[pa.Array]) -> bytes:
    values = [_varied(each) if pa.types.is_string(each.type) or pa.types.is_binary(each.type) else _fixed(each) for each in columns]
    there = [each.is_valid().to_numpy(zero_copy_only=False) for each in columns]
    sizes = [np.where(valid, np.diff(offsets), 0) for (_, offsets), valid in zip(values, there, strict=True)]
    ends = np.cumsum(2 + 4 * len(columns) + np.sum(sizes, axis=0, dtype=np.int64))
    out, at = np.empty(ends[-1], np.uint8), np.concatenate([[0], ends[:-1]]).astype(np.int64)
    _begin(out, at, len(columns))
    for (data, offsets), valid in zip(values, there, strict=True):
        _put(out, at, data, offsets, valid)
    return out.tobytes()


def _varied(column: pa.Array) -> tuple[Bytes, Places]:
    """The bytes of texts one after the other, and where each begins and the last ends."""
    _, offsets, data = column.buffers()
    kept = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    return np.frombuffer(data, np.uint8) if data else np.empty(0, np.uint8), kept.astype(np.int64)


def _fixed(column: pa.Array) -> tuple[Bytes, Places]:
    """Numbers, days and yes or no as texts of one length: big-endian."""
    if pa.types.is_date32(column.type):
        made = (column.cast(pa.int32()).fill_null(_DAYS).to_numpy() - _DAYS).astype(">i4")
    elif pa.types.is_boolean(column.type):
        made = column.fill_null(False).to_numpy(zero_copy_only=False).astype(np.uint8)
    else:
        made = column.fill_null(0).to_numpy()
        made = made.astype(made.dtype.newbyteorder(">"))
    return made.view(np.uint8), np.arange(len(made) + 1, dtype=np.int64) * made.itemsize


@loop
def _begin(out: Bytes, at: Places, width: int) -> None:
    for row in range(len(at)):
        place = at[row]
        out[place], out[place + 1] = width >> 8, width & 255
        at[row] = place + 2


@loop
def _put(out: Bytes, at: Places, data: Bytes, offsets: Places, there: NDArray[Any]) -> None:
    """One value of each row, with its length before it; `at` moves on to where the next one stands."""
    for row in range(len(at)):
        place, size = at[row], offsets[row + 1] - offsets[row]
        if not there[row]:
            for byte in range(4):
                out[place + byte] = 255
            at[row] = place + 4
            continue
        for byte in range(4):
            out[place + byte] = (size >> (24 - 8 * byte)) & 255
        start = offsets[row]
        for byte in range(size):
            out[place + 4 + byte] = data[start + byte]
        at[row] = place + 4 + size
