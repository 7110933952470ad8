"""Many rows in or out of a table at once, by COPY, inside the caller's transaction."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from itertools import chain
from typing import Any

import numpy as np
import psycopg2
import pyarrow as pa
import pyarrow.csv as arrow_csv
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

# Larger blocks leave the processor's caches: measured three times slower when 300,000 rows are encoded at once.
BLOCK_ROWS = 20_000

# Every value quoted, no value bare: so that COPY tells an empty text from a missing one.
_WRITING = arrow_csv.WriteOptions(include_header=False, quoting_style="all_valid")

# Binary COPY: a signature of 11 bytes, flags and the length of an extension, four bytes each; at the end a count of -1
# (PostgreSQL's manual, COPY, "Binary Format").
_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TAIL = b"\xff\xff"
_WORD, _LENGTH = struct.Struct(">hi"), struct.Struct(">i")  # how many columns a row has and how long its first is; how long another is

# Types of the store's columns that are written in binary form, as Arrow has them.
_ARROW: Mapping[str, pa.DataType] = {
    "int2": pa.int16(), "int4": pa.int32(), "int8": pa.int64(), "float4": pa.float32(), "float8": pa.float64(),
    "bool": pa.bool_(), "date": pa.date32(), "text": pa.string(), "varchar": pa.string(), "bytea": pa.binary(), "geometry": pa.binary(),
}  # fmt: skip

# Fewer rows are written as text: their columns need not be looked up, and no loop be read.
FEW_ROWS = 1000

_CHUNK = 2**18


def copy_in(connection: Connection, table: str, columns: Mapping[str, Any], *, heavy: bool = False) -> int:
    """Append rows to a table.

    Parameters
    ----------
    connection : Connection
        In the caller's transaction.
    table : str
        Its name as declared, never from input; with schema unless it is temporary.
    columns : mapping of str to array
        Column name -> values (Arrow, NumPy or pandas), all of one length; geometry as EWKB, bytes or hexadecimal.
    heavy : bool
        Few rows that hold many bytes, which as text are twice as many.

    Returns
    -------
    int
        Rows written.
    """
    rows = pa.table({name: _arrow(values) for name, values in columns.items()})
    names = ", ".join(f'"{name}"' for name in columns)
    typed = _typed(connection, table, rows) if heavy or rows.num_rows > FEW_ROWS else None
    if typed:
        from geodata.binary_rows import encoded  # compiled loops, which only loads need

        with ThreadPoolExecutor(1) as pool:
            blocks = Stream(chain((_HEAD,), encoded(typed, BLOCK_ROWS), (_TAIL,)), pool)
            copied(connection, f"COPY {table} ({names}) FROM STDIN WITH (FORMAT binary)", blocks)
        return rows.num_rows
    said = pa.table({name: _said(rows[name]) for name in rows.column_names})
    for start in range(0, rows.num_rows, BLOCK_ROWS):
        written = io.BytesIO()
        arrow_csv.write_csv(said.slice(start, BLOCK_ROWS), written, _WRITING)
        written.seek(0)
        copied(connection, f"COPY {table} ({names}) FROM STDIN WITH (FORMAT csv)", written)
    return rows.num_rows


def _typed(connection: Connection, table: str, rows: pa.Table) -> dict[str, pa.Array] | None:
    """The columns as the table has them; None where one of them can only be written as text, or does not fit: the store says why."""
    question = text("SELECT attname, typname FROM pg_attribute JOIN pg_type t ON atttypid = t.oid WHERE attrelid = CAST(:table AS regclass)")
    kinds = {row.attname: row.typname for row in connection.execute(question, {"table": table})}
    if not all(kinds.get(name) in _ARROW for name in rows.column_names):
        return None
    try:
        return {name: _cast(rows[name], _ARROW[kinds[name]]) for name in rows.column_names}
    except (pa.ArrowException, ValueError):
        return None


def _cast(column: pa.ChunkedArray, kind: pa.DataType) -> pa.Array:
    whole = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    if kind == pa.binary() and pa.types.is_string(whole.type):
        return pa.array([each and bytes.fromhex(each) for each in whole.to_pylist()], kind)
    return whole.cast(kind)


def _said(column: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
    """As text: bytes are geometry, which the store reads in hexadecimal."""
    if not pa.types.is_binary(column.type):
        return column
    return pa.array([each and each.hex() for each in column.to_pylist()], pa.string())


class Stream:
    """Bytes that are made while they are read, as a file that can only be read from its beginning to its end.

    Parameters
    ----------
    blocks : iterator of bytes
    pool : Executor
        Makes the next block while the store takes this one.
    """

    def __init__(self, blocks: Iterator[bytes], pool: Executor) -> None:
        self._blocks, self._pool, self._left = blocks, pool, memoryview(b"")
        self._next = pool.submit(next, blocks, b"")

    def read(self, size: int) -> bytes:
        """The next bytes, at most `size`; none at the end."""
        if not self._left:
            self._left = memoryview(self._next.result())
            self._next = self._pool.submit(next, self._blocks, b"")
        some, self._left = self._left[:size], self._left[size:]
        return bytes(some)


def copied(connection: Connection, command: str, body: io.BytesIO | Stream) -> None:
    """Run a COPY from or to a buffer; what the store refuses is an error like that of any other statement.

    Parameters
    ----------
    connection : Connection
        In the caller's transaction.
    command : str
        COPY ... FROM STDIN or TO STDOUT.
    body : BytesIO
        Read or written.

    Raises
    ------
    DBAPIError
        A full disk, a store that went away, a value that the table does not take.
    """
    try:
        connection.connection.cursor().copy_expert(command, body, _CHUNK)
    except psycopg2.Error as problem:
        raise DBAPIError.instance(  # the driver's own way past SQLAlchemy, and back
            command, None, problem, psycopg2.Error, dialect=connection.dialect
        ) from problem


def _arrow(values: Any) -> pa.Array:
    return values if isinstance(values, (pa.Array, pa.ChunkedArray)) else pa.array(values, from_pandas=True)


def copy_out(
    connection: Connection, question: str, binds: Mapping[str, Any], kinds: Mapping[str, pa.DataType]
) -> pa.Table:
    """The answer to a question as columns, without a Python object for each value.

    Parameters
    ----------
    connection : Connection
    question : str
        A SELECT; parameters as `:name`.
    binds : mapping of str to object
        Values of the parameters.
    kinds : mapping of str to DataType
        The question's columns, in their order.

    Returns
    -------
    pyarrow.Table
    """
    body = _asked(connection, f"COPY ({question}) TO STDOUT WITH (FORMAT csv)", binds)
    reading = arrow_csv.ReadOptions(column_names=list(kinds))
    parsing = arrow_csv.ParseOptions(newlines_in_values=True)
    converting = arrow_csv.ConvertOptions(
        column_types=dict(kinds), strings_can_be_null=True, quoted_strings_can_be_null=False
    )
    if not body.getbuffer().nbytes:
        return pa.table({name: pa.array([], kind) for name, kind in kinds.items()})
    return arrow_csv.read_csv(body, reading, parsing, converting)


def _asked(connection: Connection, copying: str, binds: Mapping[str, Any]) -> io.BytesIO:
    said = text(copying).compile(dialect=connection.dialect).string
    body = io.BytesIO()
    copied(connection, connection.connection.cursor().mogrify(said, dict(binds)).decode(), body)
    body.seek(0)
    return body


def numbers(connection: Connection, question: str, names: Sequence[str], binds: Mapping[str, Any]) -> NDArray[Any]:
    """The answer to a question whose columns are all numbers, without a Python object for each.

    Parameters
    ----------
    connection : Connection
    question : str
        A SELECT with a column for each of the names, of any type that float8 can be cast from; parameters as `:name`.
    names : sequence of str
        The question's own names of its columns.
    binds : mapping of str to object
        Values of the parameters.

    Returns
    -------
    structured ndarray of float, shape (n,)
        A field for each name; NaN where a value is missing.
    """
    asked = ", ".join(f"coalesce(\"{name}\"::float8, 'NaN')" for name in names)
    sql = f"COPY (SELECT {asked} FROM ({question}) AS answer) TO STDOUT WITH (FORMAT binary)"  # noqa: S608 - names of ours
    body = _asked(connection, sql, binds)
    record = np.dtype(
        [("", ">i2"), *((kind, form) for name in names for kind, form in ((f"length {name}", ">i4"), (name, ">f8")))]
    )
    rows = np.frombuffer(body.getbuffer()[len(_HEAD) : -len(_TAIL)], dtype=record)
    found = np.empty(len(rows), dtype=[(name, np.float64) for name in names])
    for name in names:
        found[name] = rows[name]
    return found


def shapes(connection: Connection, question: str, binds: Mapping[str, Any]) -> tuple[list[str], NDArray[Any]]:
    """The answer to a question whose columns are a word and a geometry, half a million of them in a third of the time that rows take.

    Parameters
    ----------
    connection : Connection
    question : str
        A SELECT of both, neither ever NULL; parameters as `:name`.
    binds : mapping of str to object
        Values of the parameters.

    Returns
    -------
    words : list of str
    shapes : ndarray of shapely geometry, shape (n,)
    """
    asked = f"SELECT answer.word, ST_AsEWKB(answer.shape) FROM ({question}) AS answer (word, shape)"  # noqa: S608 - a question of ours
    words, wkb = bodies(connection, asked, binds)
    found: NDArray[Any] = np.empty(len(wkb), dtype=object)
    found[:] = wkb
    return words, shapely.from_wkb(found)


def bodies(connection: Connection, question: str, binds: Mapping[str, Any]) -> tuple[list[str], list[bytes]]:
    """The answer to a question whose columns are a word and bytes, neither ever NULL; parameters as in `shapes`."""
    body = _asked(connection, f"COPY ({question}) TO STDOUT WITH (FORMAT binary)", binds).getvalue()
    words, found, at = [], [], len(_HEAD)
    while at < len(body) - len(_TAIL):
        _, length = _WORD.unpack_from(body, at)
        begin = at + _WORD.size + length
        words.append(body[at + _WORD.size : begin].decode())
        at = begin + _LENGTH.size + _LENGTH.unpack_from(body, begin)[0]
        found.append(body[begin + _LENGTH.size : at])
    return words, found
