"""Grains: every row of a theme of points as a fine cell and its choices, packed so that a worker can hold them all.

Cells stand in Morton order: whatever lies in one square of the map, at any zoom, is one slice of the array, and the number
of rows in each of its parts is the difference of two positions. A heat map of millions of rows with any choice of
states is then counted in a millisecond, without a pyramid for each of them.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from io import BytesIO
from threading import Lock
from typing import Any
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geodata.cells import HALF_WORLD
from geodata.conditions import quoted
from geodata.copying import bodies, copied, copy_in
from geodata.door import Reader
from layers import Theme
from layers._field import Kind
from layers._pick import FLAGS, Pick, choices, offered
from layers._theme import Geometry

BITS = 20
"""The world is 2**20 cells wide: 38 m of EPSG:3857, half a pixel of the last zoom of the heat map."""

_SHEET = 8
"""Rows are packed by tiles of this zoom."""

_MASKS_KEPT = 6
_TILES_KEPT = 256
"""Counts of tiles that are kept: those of a view ask for their neighbours', which are mostly the view's too."""

_HELD = 8
"""Themes whose rows a worker keeps unpacked."""

Codes = NDArray[np.uint64]
Kinds = NDArray[np.uint32]
Counts = NDArray[np.float64]


@dataclass(slots=True)
class Grains:
    """The rows of a theme.

    Parameters
    ----------
    codes : ndarray of uint64, shape (n,)
        Morton number of each row's cell, rising.
    kinds : ndarray of uint32, shape (n,)
        Each row's choices in one number (`kind_of`).
    weights : ndarray of float, shape (n,), optional
        What each counts for; 1 by default.
    """

    codes: Codes
    kinds: Kinds
    weights: NDArray[np.float64] | None = None
    _sums: OrderedDict[tuple[Pick, ...], Any] = field(default_factory=OrderedDict)
    _counted: OrderedDict[Any, Counts] = field(default_factory=OrderedDict)
    _lock: Any = field(default_factory=Lock)

    def counts(
        self, place: tuple[int, int, int], bits: int, theme: Theme | None = None, picks: tuple[Pick, ...] = ()
    ) -> Counts:
        """How many rows lie in each cell of a tile.

        Parameters
        ----------
        place : tuple of int
            Zoom, x and y of the tile.
        bits : int
            The world is 2**bits cells wide; at least the zoom, at most `BITS`.
        theme : Theme, optional
            Whose rows they are; needed for picks.
        picks : tuple of (field, choice)
            Only rows with these.

        Returns
        -------
        ndarray of float, shape (side, side)
            From the north, then from the west; to be read only.
        """
        z, x, y = place
        side = 2 ** (bits - z)
        if not (0 <= x < 2**z and 0 <= y < 2**z):
            return np.zeros((side, side))
        key = (place, bits, picks)
        with self._lock:
            if key in self._counted:
                return self._counted[key]
        counted = self._count(place, bits, self._sum(theme, picks))[_order(side)]
        with self._lock:
            self._counted[key] = counted
            while len(self._counted) > _TILES_KEPT:
                self._counted.popitem(last=False)
        return counted

    def forget(self) -> None:
        """Count anew what is asked for next, as after a load."""
        with self._lock:
            self._counted.clear()
            self._sums.clear()

    def _count(self, place: tuple[int, int, int], bits: int, total: Any) -> Counts:
        """Cells in Morton order: of a few rows one by one, of many by where each cell begins."""
        z, x, y = place
        cells, shift = 4 ** (bits - z), np.uint64(2 * (BITS - bits))
        first = int(interleaved(np.array([x]), np.array([y]))[0]) << 2 * (BITS - z)
        start, end = np.searchsorted(self.codes, np.array([first, first + (cells << int(shift))], dtype=np.uint64))
        inside = self.codes[start:end]
        if len(inside) < cells:
            counts = None if total is None else np.diff(total[start : end + 1])
            return np.bincount(((inside - np.uint64(first)) >> shift).view(np.int64), counts, cells).astype(float)
        edges = np.uint64(first) + (np.arange(cells + 1, dtype=np.uint64) << shift)
        at = np.searchsorted(inside, edges)
        return np.diff(at if total is None else total[start + at]).astype(float)

    def _sum(self, theme: Theme | None, picks: tuple[Pick, ...]) -> Any:
        """How many of the first i rows count; None where every row does."""
        if not picks and self.weights is None:
            return None
        with self._lock:
            if picks not in self._sums:
                self._sums[picks] = self._summed(theme, picks)
                while len(self._sums) > _MASKS_KEPT:
                    self._sums.popitem(last=False)
            self._sums.move_to_end(picks)
            return self._sums[picks]

    def _summed(self, theme: Theme | None, picks: tuple[Pick, ...]) -> Any:
        if self.weights is not None:
            return np.concatenate([[0.0], np.cumsum(self.weights)])
        assert theme is not None, "picks are said of a theme"
        total = np.zeros(len(self.codes) + 1, dtype=np.uint32)
        np.cumsum(allowed(theme, picks)[self.kinds], out=total[1:])
        return total


def interleaved(x: NDArray[Any], y: NDArray[Any]) -> Codes:
    """Morton numbers: the bits of x and y in turn, those of y first."""
    return _spread(x) | (_spread(y) << np.uint64(1))


def _spread(number: NDArray[Any]) -> Codes:
    """Zeros between the bits (Hacker's Delight, 2nd ed., section 7-2)."""
    bits = number.astype(np.uint64)
    for shift, mask in ((16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F),
                        (2, 0x3333333333333333), (1, 0x5555555555555555)):
        bits = (bits | (bits << np.uint64(shift))) & np.uint64(mask)
    return bits


_orders: dict[int, NDArray[np.intp]] = {}


def _order(side: int) -> NDArray[np.intp]:
    """Where in Morton order each cell of a square stands."""
    if side not in _orders:
        row, column = np.divmod(np.arange(side * side), side)
        _orders[side] = interleaved(column, row).astype(np.intp).reshape(side, side)
    return _orders[side]


def allowed(theme: Theme, picks: tuple[Pick, ...]) -> NDArray[np.bool_]:
    """For every number of `kind_of`, whether rows of that kind have the picks."""
    mask = np.ones(1, dtype=bool)
    for each in offered(theme):
        wanted = {choice for name, choice in picks if name == each.name}
        own = np.array([not wanted, *(not wanted or choice in wanted for choice in choices(each))])
        mask = np.logical_and.outer(own, mask).ravel()
    return mask


def kind_of(theme: Theme) -> str:
    """SQL of a row's choices in one number: for each offered field the place of its choice, 0 for none, in mixed radix."""
    radix, parts = 1, ["0"]
    for each in offered(theme):
        names = ", ".join(f"'{choice}'" for choice in choices(each))
        held = f"""CASE "{each.name}" WHEN true THEN '{FLAGS[0]}' WHEN false THEN '{FLAGS[1]}' END"""
        said = held if each.kind is Kind.FLAG else f'"{each.name}"'
        parts.append(f"coalesce(array_position(ARRAY[{names}], {said}), 0) * {radix}")
        radix *= len(choices(each)) + 1
    return " + ".join(parts)


def cells_of(theme: Theme, source: str, where: str = "true") -> str:
    """A question for cx, cy and kind of every row of a table."""
    wide = 2**BITS / (2 * HALF_WORLD)
    return f"""SELECT floor((ST_X(g3857) + {HALF_WORLD}) * {wide})::int AS cx,
        floor(({HALF_WORLD} - ST_Y(g3857)) * {wide})::int AS cy, ({kind_of(theme)})::bigint AS kind
        FROM {source} AS "row" WHERE g3857 IS NOT NULL AND {where}"""  # noqa: S608 - all of it is declared


def made(cx: Any, cy: Any, kind: Any) -> Grains:
    """Grains of rows in any order."""
    codes = interleaved(np.asarray(cx), np.asarray(cy))
    order = np.argsort(codes, kind="stable")
    return Grains(codes[order], np.asarray(kind)[order].astype(np.uint32))


def is_packed(theme: Theme) -> bool:
    """Whether rows of a theme are packed: points with a heat map, and no others."""
    return theme.geometry is Geometry.POINT and theme.style.heat


def book(theme: Theme) -> int:
    """Changes when the numbers of `kind_of` come to mean something else."""
    return crc32(kind_of(theme).encode()) & 0x7FFFFFFF


def rebuild(connection: Connection, theme: Theme) -> int:
    """Pack the rows of a theme anew, inside the transaction that published them.

    Parameters
    ----------
    connection : Connection
    theme : Theme
        Of points with a heat map; nothing is packed for any other.

    Returns
    -------
    int
        Rows packed.
    """
    if not is_packed(theme):
        return 0
    body = BytesIO()
    question = cells_of(theme, f"onemap.{quoted(theme.name)}")
    copied(connection, f"COPY ({question}) TO STDOUT (FORMAT csv, HEADER)", body)
    body.seek(0)
    table = arrow_csv.read_csv(body) if body.getbuffer().nbytes else None
    grains = made(*(table[name].to_numpy() for name in ("cx", "cy", "kind"))) if table and len(table) else made([], [], [])
    keep(connection, theme.name, book(theme), grains)
    return len(grains.codes)


def keep(connection: Connection, name: str, meaning: int, grains: Grains) -> None:
    """Write grains in place of those that were kept under a name."""
    connection.execute(text("DELETE FROM onemap.grains WHERE theme = :name"), {"name": name})
    sheets, starts = np.unique(grains.codes >> np.uint64(2 * (BITS - _SHEET)), return_index=True)
    ends = [*starts[1:], len(grains.codes)][: len(starts)]  # none where there is no grain
    inside = (grains.codes & np.uint64(4 ** (BITS - _SHEET) - 1)).astype(np.uint32)
    values = grains.kinds if grains.weights is None else grains.weights.astype(np.float32)
    bodies_ = [inside[start:end].tobytes() + values[start:end].tobytes() for start, end in zip(starts, ends, strict=True)]
    alike = {"theme": name, "stamp": secrets.randbits(62), "book": meaning}
    columns = {key: pa.repeat(value, len(sheets)) for key, value in alike.items()}
    copy_in(connection, "onemap.grains", columns | {"sheet": sheets.astype(np.int64), "body": pa.array(bodies_, pa.binary())}, heavy=True)


_held: OrderedDict[int, Grains] = OrderedDict()
_unpacking = Lock()


def read(reader: Reader, name: str, meaning: int, *, weighed: bool = False) -> Grains | None:
    """The grains kept under a name, unpacked once each time that they were packed.

    Parameters
    ----------
    reader : Reader
        Of the whole area, today: grains know no other.
    name : str
        A theme, or what else is kept there.
    meaning : int
        Their book.
    weighed : bool
        Whether the rows have weights in place of kinds.

    Returns
    -------
    Grains or None
        None where nothing is kept under this name with this meaning.
    """
    wanted = {"name": name, "book": meaning}
    stamp = reader.value("SELECT stamp FROM onemap.grains WHERE theme = :name AND book = :book LIMIT 1", **wanted)
    if stamp is None:
        return None
    with _unpacking:
        if stamp not in _held:
            _held[stamp] = unpacked(reader.connection, name, meaning, weighed=weighed) or made([], [], [])
            while len(_held) > _HELD:
                _held.popitem(last=False)
        _held.move_to_end(stamp)
        return _held[stamp]


def unpacked(connection: Connection, name: str, meaning: int, *, weighed: bool = False) -> Grains | None:
    """The same, unpacked for the caller alone."""
    question = "SELECT sheet::text, body FROM onemap.grains WHERE theme = :name AND book = :book ORDER BY sheet"
    sheets, found = bodies(connection, question, {"name": name, "book": meaning})
    if not sheets:
        return None
    ends = np.cumsum([0, *(len(each) // 8 for each in found)])
    codes, values = np.empty(ends[-1], dtype=np.uint64), np.empty(ends[-1], dtype=np.float32 if weighed else np.uint32)
    for sheet, body, start, end in zip(sheets, found, ends, ends[1:], strict=False):
        np.bitwise_or(np.frombuffer(body, np.uint32, end - start), np.uint64(int(sheet) << 2 * (BITS - _SHEET)), out=codes[start:end])
        values[start:end] = np.frombuffer(body, values.dtype, offset=len(body) // 2)
    if weighed:
        return Grains(codes, np.zeros(0, dtype=np.uint32), values.astype(float))
    return Grains(codes, values)
