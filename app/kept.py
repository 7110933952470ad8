"""What was worked out for one reader, kept for the next who asks the same of the same data."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

Made = TypeVar("Made")

WEIGHT = 200
"""Units that a fact common to all views is taken to speak of."""

ROOM = 60_000
"""Units that all that is kept may speak of: some sixty megabytes."""


class Kept:
    """Answers by what they stand on, the longest unused given up first.

    Parameters
    ----------
    room : int
        Weight of all of them together.

    Notes
    -----
    Nothing kept is ever taken back: whoever asks names the versions of the data in the key, so that after a load the
    same question has another name.
    """

    def __init__(self, room: int = ROOM) -> None:
        self._room, self._used = room, 0
        self._held: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Made], weigh: Callable[[Made], int] = lambda made: 1) -> Made:
        """What is kept under a key, made where it is missing.

        Parameters
        ----------
        key : hashable
            The question with the versions of everything that its answer stands on.
        make : callable
            Its answer. Two readers who ask at once may both make it.
        weigh : callable
            Units that an answer speaks of.
        """
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key][0]
        made = make()
        self._put(key, made, weigh(made))
        return made

    def _put(self, key: Hashable, made: Any, weight: int) -> None:
        with self._lock:
            self._used += weight - self._held.pop(key, (None, 0))[1]
            self._held[key] = (made, weight)
            while self._used > self._room and len(self._held) > 1:
                self._used -= self._held.popitem(last=False)[1][1]


class Common:
    """What one state of the data says to every view of it: asked of the store once, whatever the unit.

    Parameters
    ----------
    kept : Kept
    known : tuple
        The reader's scope and the versions of everything.
    """

    def __init__(self, kept: Kept, known: tuple[Hashable, ...]) -> None:
        self._kept, self._known = kept, known

    def __call__(self, name: str, make: Callable[[], Made]) -> Made:
        """What is known under a name, made where it is missing."""
        return self._kept.get(("common", name, *self._known), make, lambda _: WEIGHT)
