"""What a worker keeps of its tiles: bounded, the longest unused given up first."""

from __future__ import annotations

from app.shelf import EACH, Shelf


def test_the_shelf_gives_up_what_was_not_asked_for_longest() -> None:
    shelf = Shelf(room=10 + 2 * EACH)
    shelf.put("a", b"12345")
    shelf.put("b", b"12345")
    assert shelf.get("a") == b"12345"
    shelf.put("c", b"1")
    assert (shelf.get("a"), shelf.get("b"), shelf.get("c")) == (b"12345", None, b"1")
    shelf.put("d", bytes(3 * EACH))
    assert shelf.get("d") is None


def test_the_same_tile_again_takes_no_more_room() -> None:
    shelf = Shelf(room=10 + EACH)
    for _ in range(5):
        shelf.put("a", b"1234567")
    assert shelf.get("a") == b"1234567"


def test_empty_tiles_take_room_too() -> None:
    shelf = Shelf(room=100 * EACH)
    for n in range(1000):
        shelf.put(n, b"")
    assert [n for n in range(1000) if shelf.get(n) is not None] == list(range(900, 1000))
