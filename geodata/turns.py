"""Turns at the store: how many questions are asked at once, how many readers may wait, and for how long.

Answers, tiles and the self-check have turns of their own, so that a map full of tiles never keeps a click waiting. Who
cannot be served soon is told so at once: a reader who gets a sentence asks again, one who waits in vain goes away.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

from geodata.errors import StoreBusy

ANSWERS, TILES, HEALTH = "answers", "tiles", "health"
"""What a question is asked for: a page's answer, a tile of its map, the self-check."""

WAITING_FOR_EACH = 8
"""Readers that may wait for each turn: more of them would not be served within the patience."""


class Turns:
    """A bounded number of turns, and a bounded wait for one.

    Parameters
    ----------
    at_once : int
        Turns that may be taken at the same time.
    patience : float
        Seconds that a reader may wait for one.
    """

    def __init__(self, at_once: int, patience: float) -> None:
        self.at_once, self.patience = at_once, patience
        self._free = BoundedSemaphore(at_once)
        self._room = at_once * WAITING_FOR_EACH
        self._waiting, self._lock = 0, Lock()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """One turn, given back at the end.

        Raises
        ------
        StoreBusy
            None became free within the patience, or too many wait already.
        """
        if not self._free.acquire(blocking=False):
            self._wait()
        try:
            yield
        finally:
            self._free.release()

    def _wait(self) -> None:
        with self._lock:
            if self._waiting >= self._room:
                raise StoreBusy()
            self._waiting += 1
        try:
            if not self._free.acquire(timeout=self.patience):
                raise StoreBusy()
        finally:
            with self._lock:
                self._waiting -= 1


def shared_out(connections: int, patience: float) -> dict[str, Turns]:
    """Turns for everything that is asked of a store, out of the connections a process may use.

    Parameters
    ----------
    connections : int
        At least 3. One is for the self-check; answers get the larger half of the rest.
    patience : float
        Seconds.

    Returns
    -------
    dict of str to Turns
    """
    tiles = (connections - 1) // 2
    shares = {ANSWERS: connections - 1 - tiles, TILES: tiles, HEALTH: 1}
    return {name: Turns(count, patience) for name, count in shares.items()}
