"""How a process that answers for weeks keeps house with its memory."""

from __future__ import annotations

import ctypes
import gc

_YOUNG, _MIDDLE, _OLD = 20_000, 20, 20
"""Objects made and not freed, before those are looked through; and how often before older ones are. Answers free what they make by
counting references: Python's own numbers (700, 10, 10) look through all that is kept once in twenty answers, for 10 to 80 ms (benchmarks/board.py, province)."""

_TRIM, _MAPPED, _ARENAS = -1, -3, -8
"""Parameters of glibc's allocator, by their numbers in malloc.h."""

_LARGE = 256 * 2**10
"""Bytes from which a piece of memory is the kernel's own and goes back to it; left alone, glibc raises this to the largest piece that was ever freed."""


def settle() -> None:
    """Take everything that is loaded now out of the collector's rounds, make these rarer, and have all threads share few heaps.

    Notes
    -----
    What a process has loaded lives as long as it does: looking through it for garbage would hold up an answer. Of its own accord glibc gives every
    thread a heap, whose holes no other thread fills: workers grew by a tenth every three minutes for as long as anybody looked (benchmarks/load_test.py).
    """
    set_ = getattr(ctypes.CDLL(None), "mallopt", None)  # another C library has none
    if set_ is not None:
        for name, value in ((_ARENAS, 1), (_MAPPED, _LARGE), (_TRIM, _LARGE)):
            set_(name, value)
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
