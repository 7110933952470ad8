"""What one worker keeps in memory of what it has sent."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

SHELF_BYTES = 128 * 2**20
"""Memory of one worker for tiles; a county needs about a tenth."""

EACH = 512
"""Bytes that keeping anything takes, an empty tile too: key, place in the order and headers."""


class Shelf:
    """Compressed tiles that were asked for, the longest unused given up first.

    Parameters
    ----------
    room : int
        Bytes that all of them may take.
    """

    def __init__(self, room: int = SHELF_BYTES) -> None:
        self._room, self._used = room, 0
        self._held: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> bytes | None:
        """The tile kept under `key`, or None."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def put(self, key: Hashable, body: bytes) -> None:
        """Keep a tile; what was kept longest without being asked for makes room."""
        with self._lock:
            before = self._held.pop(key, None)
            self._used += len(body) + EACH - (0 if before is None else len(before) + EACH)
            self._held[key] = body
            while self._used > self._room and self._held:
                self._used -= len(self._held.popitem(last=False)[1]) + EACH
