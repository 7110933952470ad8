"""Tiles that the store is asked for: a few threads take what waits, and ask for as many as come in a moment in one transaction.

A transaction and its versions cost as much as a small tile, and a store that is asked for more tiles at once than it has
cores makes each of them later. So there are few askers; one that finds others waiting goes on in the snapshot that it has.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import NamedTuple

from geodata import tiles
from geodata.door import Door, Reader, Scope
from geodata.errors import StoreBusy
from geodata.turns import TILES

SNAPSHOT_S = 0.05
"""Seconds that others may join a snapshot: shorter than anybody sees."""

AT_ONCE = max(2, len(os.sched_getaffinity(0)))
"""Tiles that a process asks for at the same time; the store has no more cores for them."""

WAITING = 32
"""Readers that may wait for each of them: within the door's patience all can be served."""


class Asked(NamedTuple):
    """A tile that somebody wants: in whose eyes, and the version of the layer that he knows of."""

    scope: Scope
    layer: str
    version: int
    z: int
    x: int
    y: int


Answer = tuple[int, bytes]
"""The version that the store holds, and the tile of it (`geodata.tiles.packed`)."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    asked: Asked
    answer: asyncio.Future[Answer]
    since: float

    def tell(self, found: Answer | BaseException) -> None:
        """Hand over what was found, or why nothing was, to the loop that waits."""
        with suppress(RuntimeError):  # the loop has ended: nobody waits any more
            self.answer.get_loop().call_soon_threadsafe(_settle, self.answer, found)


def _settle(answer: asyncio.Future[Answer], found: Answer | BaseException) -> None:
    if answer.done():
        return
    if isinstance(found, BaseException):
        answer.set_exception(found)
    else:
        answer.set_result(found)


class TileQuestions:
    """Asks a store for tiles.

    Parameters
    ----------
    door : Door
    at_once : int
        Threads; no more than there are turns at the store.
    """

    def __init__(self, door: Door, at_once: int = AT_ONCE) -> None:
        self._door, self._at_once = door, min(at_once, door.turns(TILES).at_once)
        self._threads = ThreadPoolExecutor(self._at_once, thread_name_prefix="tiles")
        self._queue: deque[_Waiting] = deque()
        self._busy, self._lock = 0, Lock()

    def ask(self, asked: Asked) -> asyncio.Future[Answer]:
        """The answer to come, in the running loop.

        Raises
        ------
        StoreBusy
            Too many wait already; the future raises it when nobody came to ask within the door's patience, and whatever
            `Door.ask` raises.
        """
        coming = asyncio.get_running_loop().create_future()
        with self._lock:
            if len(self._queue) >= self._at_once * WAITING:
                raise StoreBusy()
            self._queue.append(_Waiting(asked, coming, time.monotonic()))
            begin = self._busy < self._at_once
            self._busy += begin
        if begin:
            self._threads.submit(self._work)
        return coming

    def _work(self) -> None:
        while (waiting := self.following()) is not None:
            _Snapshots(self, waiting).ask(self._door)

    def following(self, scope: Scope | None = None) -> _Waiting | None:
        """Who has waited longest, if it is somebody with this scope; without a scope, None says that the thread ends."""
        with self._lock:
            while self._queue and scope in (None, self._queue[0].asked.scope):
                waiting = self._queue.popleft()
                if time.monotonic() - waiting.since < self._door.turns(TILES).patience:
                    return waiting
                waiting.tell(StoreBusy())
            self._busy -= scope is None
        return None


class _Snapshots:
    """One thread's questions: of the one who waits first, and of those who join."""

    def __init__(self, questions: TileQuestions, first: _Waiting) -> None:
        self._questions = questions
        self._now: _Waiting | None = first

    def ask(self, door: Door) -> None:
        """Answer until nobody joins; a failure is the failure of the one whose question it was."""
        while (waiting := self._now) is not None:
            try:
                door.ask(self._joined, waiting.asked.scope, TILES)
            except BaseException as problem:  # whoever waits is told, and the thread serves the next
                if self._now is not None:
                    self._now.tell(problem)
                self._now = None

    def _joined(self, reader: Reader) -> None:
        """Go on in one snapshot, but not for somebody who has seen newer data: that one begins the next."""
        end = time.monotonic() + SNAPSHOT_S
        versions = tiles.versions(reader)
        self._answered(reader, versions)
        while time.monotonic() < end and (waiting := self._questions.following(reader.scope)) is not None:
            self._now = waiting
            if tiles.newest(versions, waiting.asked.layer) < waiting.asked.version:
                return
            self._answered(reader, versions)

    def _answered(self, reader: Reader, versions: dict[str, int]) -> None:
        assert self._now is not None
        asked = self._now.asked
        current = tiles.newest(versions, asked.layer)
        reader.wants(current, asked.version)
        self._now.tell((current, tiles.packed(reader, asked.layer, asked.z, asked.x, asked.y)))
        self._now = None
