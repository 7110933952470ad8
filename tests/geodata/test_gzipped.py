"""Pieces put together are one gzip member of everything, whatever the pieces are."""

from __future__ import annotations

import gzip
import zlib

from hypothesis import given
from hypothesis import strategies as st

from geodata.gzipped import HARD, NOTHING, QUICK, piece, together

CHUNKS = st.lists(st.binary(max_size=300).map(lambda each: each * 7), max_size=6)


@given(CHUNKS, st.sampled_from([QUICK, HARD]))
def test_together_they_are_the_same_bytes(chunks: list[bytes], level: int) -> None:
    body = together(piece(each, level) for each in chunks)
    assert (gzip.decompress(body) if body else b"") == b"".join(chunks)


@given(CHUNKS.filter(any))
def test_a_reader_of_one_member_reads_all(chunks: list[bytes]) -> None:
    """As browsers do: zlib stops at the end of the first member."""
    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
    assert reader.decompress(together(map(piece, chunks))) == b"".join(chunks)
    assert (reader.eof, reader.unused_data) == (True, b"")


def test_nothing_is_no_bytes() -> None:
    assert together([]) == together([NOTHING, piece(b"")]) == b""


def test_a_large_piece_behind_a_small_one() -> None:
    large = bytes(range(256)) * 4000
    assert gzip.decompress(together([piece(b"a"), piece(large), piece(b"z")])) == b"a" + large + b"z"
