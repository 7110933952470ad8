"""What a process has loaded is left alone by the collector of garbage."""

from __future__ import annotations

import gc

_YOUNG, _MIDDLE, _OLD = 20_000, 20, 20
"""Objects made and not freed, before those are looked through; and how often before older ones are. Answers free what they make by
counting references: Python's own numbers (700, 10, 10) look through all that is kept once in twenty answers, for 10 to 80 ms (benchmarks/board.py, province)."""


def settle() -> None:
    """Take everything that is loaded now out of the collector's rounds, and make these rarer.

    Notes
    -----
    What a process has loaded lives as long as it does: looking through it for garbage would hold up an answer.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
