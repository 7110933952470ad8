"""Pieces of an answer, compressed one by one, put together without compressing anything again.

A browser takes one gzip member and ignores what follows it (RFC 9110, 8.4.1.3, and every engine's practice), so pieces are
kept as deflate blocks that end on a byte (RFC 1951) with their checksum; together they are one member (RFC 1952). Pure.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from isal import isal_zlib

HARD, QUICK = 6, 3
"""Levels: of zlib for what is kept, of ISA-L for what somebody waits for. Nine is twice as slow as six and saves one per cent;
ISA-L's highest takes a third of zlib's time at the same size."""

_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_END = b"\x03\x00"
"""An empty last block."""

_POLYNOMIAL = 0xEDB88320
_ONE = 1 << 31
"""Of the checksum's arithmetic (polynomials modulo two, lowest power in the highest bit)."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Compressed bytes that others can follow.

    Parameters
    ----------
    blocks : bytes
        Deflate blocks, none of them the last.
    checksum : int
        CRC-32 of the bytes before compression.
    size : int
        How many they were.
    """

    blocks: bytes
    checksum: int
    size: int


NOTHING = Piece(b"", 0, 0)


def piece(raw: bytes, level: int = QUICK) -> Piece:
    """Compress bytes so that other pieces can follow."""
    if not raw:
        return NOTHING
    made = isal_zlib if level == QUICK else zlib
    squeeze = made.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return Piece(squeeze.compress(raw) + squeeze.flush(zlib.Z_FULL_FLUSH), isal_zlib.crc32(raw), len(raw))


def together(pieces: Iterable[Piece]) -> bytes:
    """One gzip member of all pieces in order; no bytes where there is nothing."""
    held = [each for each in pieces if each.size]
    checksum = 0
    for each in held:
        checksum = (_times(_shifted(each.size), checksum) if checksum else 0) ^ each.checksum
    size = sum(each.size for each in held) & 0xFFFFFFFF
    return b"".join([_HEADER, *(each.blocks for each in held), _END, struct.pack("<II", checksum, size)]) if held else b""


def _times(one: int, other: int) -> int:
    """Product of two polynomials, modulo that of the checksum (zlib 1.3, crc32.c, multmodp)."""
    product, bit = 0, _ONE
    while one:
        if one & bit:
            product ^= other
            one ^= bit
        bit >>= 1
        other = (other >> 1) ^ _POLYNOMIAL if other & 1 else other >> 1
    return product


@cache
def _power(n: int) -> int:
    """x to the power of 2**n."""
    return _ONE >> 1 if n == 0 else _times(_power(n - 1), _power(n - 1))


def _shifted(size: int) -> int:
    """x to the power of the bits that follow: what a checksum is multiplied by when `size` bytes come behind it."""
    product = _ONE
    for n in range(size.bit_length()):
        if size >> n & 1:
            product = _times(_power(n + 3), product)
    return product
