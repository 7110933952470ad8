"""Tiles asked of the store: who waits joins a snapshot, who cannot be served is told so, a failure is nobody else's."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from app import tile_questions
from app.tile_questions import Asked, TileQuestions
from geodata.door import GUEST, Scope
from geodata.errors import StoreBusy
from geodata.turns import Turns
from layers import OneMapError

WHOLE, GUESTS = Scope(), Scope(role=GUEST)


class Reader:
    """A snapshot of a store whose layers have one version."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def wants(self, held: int, seen: int) -> None:
        """A primary: nothing is asked elsewhere."""


class Door:
    """A store that can be held closed, and counts its snapshots."""

    def __init__(self, patience: float = 5.0) -> None:
        self.snapshots: list[list[str]] = []
        self.open = threading.Event()
        self._patience = patience

    def turns(self, lane: str) -> Turns:
        assert lane == "tiles"
        return Turns(1, self._patience)

    def ask(self, question: Callable[[Reader], None], scope: Scope, lane: str) -> None:
        assert self.open.wait(10)
        self.snapshots.append([])
        question(Reader(scope))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    """A door whose tiles are their own names; the version rises with the snapshots."""
    door = Door()

    def packed(reader: Reader, layer: str, *place: int) -> bytes:
        door.snapshots[-1].append(layer)
        if layer == "bad":
            raise OneMapError("bad", "it is bad", "ask for another")
        return layer.encode()

    monkeypatch.setattr(tile_questions.tiles, "packed", packed)
    monkeypatch.setattr(tile_questions.tiles, "versions", lambda reader: {"ladder": len(door.snapshots)})
    monkeypatch.setattr(tile_questions.tiles, "newest", lambda known, layer: known["ladder"])
    monkeypatch.setattr(tile_questions, "SNAPSHOT_S", 5.0)
    yield door


def asked(layer: str, version: int = 1, scope: Scope = WHOLE) -> Asked:
    return Asked(scope, layer, version, 8, 1, 1)


def answers(door: Door, *wanted: Asked) -> list[object]:
    """What all of them get who ask while the store is closed; it opens then."""

    async def all_at_once() -> list[object]:
        questions = TileQuestions(door)  # type: ignore[arg-type]
        coming = [questions.ask(each) for each in wanted]
        door.open.set()
        return await asyncio.gather(*coming, return_exceptions=True)

    return asyncio.run(all_at_once())


def test_who_waits_joins_the_snapshot(made: Door) -> None:
    assert answers(made, *map(asked, "abc")) == [(1, b"a"), (1, b"b"), (1, b"c")]
    assert made.snapshots == [["a", "b", "c"]]


def test_nobody_joins_a_snapshot_of_other_eyes(made: Door) -> None:
    assert answers(made, asked("a"), asked("b", scope=GUESTS), asked("c", scope=GUESTS), asked("d")) == [(1, b"a"), (2, b"b"), (2, b"c"), (3, b"d")]
    assert made.snapshots == [["a"], ["b", "c"], ["d"]]


def test_who_has_seen_newer_data_begins_the_next_snapshot(made: Door) -> None:
    assert answers(made, asked("a"), asked("b", 2), asked("c", 1), asked("d", 9)) == [(1, b"a"), (2, b"b"), (2, b"c"), (3, b"d")]
    assert made.snapshots == [["a"], ["b", "c"], ["d"]]


def test_a_snapshot_ends_while_others_still_wait(made: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tile_questions, "SNAPSHOT_S", 0.0)
    assert answers(made, *map(asked, "abc")) == [(1, b"a"), (2, b"b"), (3, b"c")]


def test_a_failure_is_nobody_elses(made: Door) -> None:
    first, problem, last = answers(made, asked("a"), asked("bad"), asked("c"))
    assert (first, last) == ((1, b"a"), (2, b"c"))
    assert str(problem) == "bad: it is bad; ask for another."


def test_whoever_cannot_be_served_soon_is_told_so(made: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tile_questions, "WAITING", 2)

    async def many() -> None:
        questions = TileQuestions(made)  # type: ignore[arg-type]
        coming = [questions.ask(asked("a"))]
        while questions._queue:  # until the thread has taken it
            await asyncio.sleep(0.001)
        coming += [questions.ask(asked("b")), questions.ask(asked("c"))]
        with pytest.raises(StoreBusy):
            questions.ask(asked("d"))
        made.open.set()
        assert [body for _, body in await asyncio.gather(*coming)] == [b"a", b"b", b"c"]

    asyncio.run(many())


def test_whoever_has_waited_too_long_is_told_so(made: Door) -> None:
    made._patience = 0.05

    async def late() -> None:
        questions = TileQuestions(made)  # type: ignore[arg-type]
        coming = [questions.ask(asked("a")), questions.ask(asked("b"))]
        await asyncio.sleep(0.1)
        made.open.set()
        first, problem = await asyncio.gather(*coming, return_exceptions=True)
        assert first == (1, b"a") and isinstance(problem, StoreBusy)
        assert await questions.ask(asked("c"))  # and the thread serves the next

    asyncio.run(late())


@contextmanager
def ended_loop(door: Door) -> Iterator[TileQuestions]:
    """Questions of a loop that has ended before the store answered."""

    async def leave() -> TileQuestions:
        questions = TileQuestions(door)  # type: ignore[arg-type]
        questions.ask(asked("a"))
        return questions

    yield asyncio.run(leave())


def test_nobody_is_left_to_be_told(made: Door) -> None:
    with ended_loop(made) as questions:
        made.open.set()
        end = time.monotonic() + 10
        while questions._busy and time.monotonic() < end:
            time.sleep(0.001)
    assert made.snapshots == [["a"]] and not questions._busy
