"""Vector tiles from arrays, for what PostGIS does not make (Mapbox Vector Tile 2.1)."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

EXTENT = 4096
"""Steps of a tile's side."""

POINT, LINE, POLYGON = 1, 2, 3
_MOVE, _LINE, _CLOSE = 1, 2, 7

Ring = NDArray[np.int64]
"""Steps from the north-west corner of the tile, y to the south, shape (n, 2)."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing in a tile.

    Parameters
    ----------
    kind : int
        `POINT`, `LINE` or `POLYGON`.
    parts : sequence of Ring
        Points, lines, or rings: outer ones clockwise as seen, each followed by its holes the other way round; the
        corner that closes a ring left out.
    said : dict
        Whole numbers, fractions, truths and texts by name; None is left out.
    id : int, optional
    """

    kind: int
    parts: Sequence[Ring]
    said: dict[str, Any]
    id: int | None = None


@dataclass(slots=True)
class _Words:
    """Names and values, each written once for a layer."""

    keys: dict[str, int] = field(default_factory=dict)
    values: dict[bytes, int] = field(default_factory=dict)

    def tags(self, said: dict[str, Any]) -> list[int]:
        """Places of names and values in the layer's two lists, in pairs, as the format has it; new ones are entered."""
        return [number for name, value in said.items() if value is not None
                for number in (self.keys.setdefault(name, len(self.keys)),
                               self.values.setdefault(_value(value), len(self.values)))]


def layer(name: str, features: Iterable[Feature]) -> bytes:
    """A tile of one layer; nothing where there is no feature.

    Parameters
    ----------
    name : str
    features : iterable of Feature

    Returns
    -------
    bytes
        May be followed by other layers: tiles are lists of layers.
    """
    words = _Words()
    body = b"".join(_block(2, _feature(each, words)) for each in features)
    if not body:
        return b""
    keys = b"".join(_block(3, each.encode()) for each in words.keys)
    values = b"".join(_block(4, each) for each in words.values)
    inside = _block(1, name.encode()) + body + keys + values + b"\x28" + _number(EXTENT) + b"\x78\x02"
    return _block(3, inside)


def _feature(each: Feature, words: _Words) -> bytes:
    own = b"" if each.id is None else b"\x08" + _number(each.id)
    drawn = _commands(each.kind, each.parts)
    return own + _block(2, _numbers(words.tags(each.said))) + b"\x18" + _number(each.kind) + _block(4, _numbers(drawn))


def _commands(kind: int, parts: Sequence[Ring]) -> list[int]:
    """Moves relative to where the pen was, zigzag; the pen goes on from part to part."""
    if len(parts) > _MANY and kind != POINT:
        return _stepped(kind, parts)
    made: list[int] = []
    if kind == POINT:
        parts = [np.concatenate(parts)]
    before = np.zeros((1, 2), dtype=np.int64)
    for part in parts:
        steps = np.diff(np.concatenate([before, part]), axis=0)
        coded = ((steps << 1) ^ (steps >> 63)).ravel().tolist()
        before = part[-1:]
        if kind == POINT:
            made += [len(part) << 3 | _MOVE, *coded]
        else:
            made += [1 << 3 | _MOVE, *coded[:2], (len(part) - 1) << 3 | _LINE, *coded[2:]]
        if kind == POLYGON:
            made.append(1 << 3 | _CLOSE)
    return made


_MANY = 16
"""Parts that are written one by one; more of them, in steps over all their corners at once."""


def _stepped(kind: int, parts: Sequence[Ring]) -> list[int]:
    """The same for lines and rings of many parts."""
    corners, n = np.concatenate(parts), np.array([len(each) for each in parts])
    steps = np.diff(corners, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    beside = 3 if kind == POLYGON else 2  # commands of a part: a move, a line, and the end of a ring
    part = np.repeat(np.arange(len(parts)), n)
    first = np.cumsum(n) - n
    begin = 2 * first + beside * np.arange(len(parts))
    at = 2 * np.arange(len(corners)) + beside * part + 1 + (np.arange(len(corners)) > first[part])
    made = np.full(2 * len(corners) + beside * len(parts), 1 << 3 | _CLOSE)
    made[begin], made[begin + 3] = 1 << 3 | _MOVE, (n - 1) << 3 | _LINE
    made[at], made[at + 1] = ((steps << 1) ^ (steps >> 63)).T
    found: list[int] = made.tolist()
    return found


def _value(value: Any) -> bytes:
    if isinstance(value, bool):
        return b"\x38" + _number(int(value))
    if isinstance(value, int):
        return b"\x30" + _number(value << 1 if value >= 0 else (-value << 1) - 1)
    if isinstance(value, float):
        return b"\x19" + struct.pack("<d", value)
    return _block(1, str(value).encode())


def _block(tag: int, body: bytes) -> bytes:
    return bytes([tag << 3 | 2]) + _number(len(body)) + body


def _numbers(values: Sequence[int]) -> bytes:
    if all(value < 0x80 for value in values):
        return bytes(values)
    return b"".join([_SHORT[value] if value < 0x4000 else _number(value) for value in values])


def _number(value: int) -> bytes:
    """A varint: seven bits a byte, the least first."""
    made = bytearray()
    while value > 0x7F:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    made.append(value)
    return bytes(made)


_SHORT = [_number(value) for value in range(0x4000)]
