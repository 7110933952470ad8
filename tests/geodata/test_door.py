"""The door under many readers: turns, waiting, stores that go away under a question, and every sentence it says."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import Engine, create_engine, text

from geodata.door import Door, Reader
from geodata.errors import StoreBusy, StoreError
from geodata.sources import Sources, Standing
from geodata.turns import ANSWERS, HEALTH, TILES, Turns, shared_out

BUSY = "onemap store: more readers ask at once than it can answer; ask again in 2 seconds."
NOBODY = "postgresql+psycopg2://x@127.0.0.1:1/none"


@pytest.fixture
def taken() -> Iterator[Callable[[Door, str], None]]:
    """A function that takes a turn of a lane and keeps it until the test is over."""
    over, started = Event(), []
    with ThreadPoolExecutor(8) as pool:

        def take(door: Door, lane: str) -> None:
            begun = Event()
            started.append(pool.submit(door.ask, lambda _: (begun.set(), over.wait(20)), None, lane))
            assert begun.wait(10)

        yield take
        over.set()
        assert all(each.result(20) for each in started)


def test_who_waits_longer_than_the_patience_is_told_to_ask_again(store: Engine, taken):
    door = Door(store, connections=3, patience=0.2)
    taken(door, ANSWERS)
    began = time.perf_counter()
    with pytest.raises(StoreBusy) as refused:
        door.ask(lambda reader: reader.value("SELECT 1"))
    assert 0.2 <= time.perf_counter() - began < 1
    assert str(refused.value) == BUSY and refused.value.exit_code == 40


def test_tiles_do_not_keep_an_answer_nor_the_self_check_waiting(store: Engine, taken):
    door = Door(store, connections=3, patience=0.2)
    taken(door, TILES)
    with pytest.raises(StoreBusy):
        door.ask(lambda reader: reader.value("SELECT 1"), lane=TILES)
    assert door.ask(lambda reader: reader.value("SELECT 1")) == 1
    assert door.ask(lambda reader: reader.value("SELECT 1"), lane=HEALTH) == 1


def test_who_waits_is_served_when_a_turn_becomes_free():
    turns = Turns(1, patience=10)
    with ThreadPoolExecutor(1) as pool:
        with turns.taken():
            waiting = pool.submit(_through, turns)
            time.sleep(0.05)
            assert not waiting.done()
        assert waiting.result(5)


def test_when_many_wait_already_nobody_else_waits():
    turns = Turns(1, patience=5)
    with ThreadPoolExecutor(8) as pool:
        with turns.taken():
            waiting = [pool.submit(_through, turns) for _ in range(8)]
            while turns._waiting < 8:
                time.sleep(0.01)
            began = time.perf_counter()
            with pytest.raises(StoreBusy):
                _through(turns)
            assert time.perf_counter() - began < 0.5
        assert all(each.result(5) for each in waiting)


def _through(turns: Turns) -> bool:
    with turns.taken():
        return True


def test_a_turn_is_given_back_when_a_question_fails(store: Engine):
    door = Door(store, connections=3, patience=0.2)
    for _ in range(5):
        with pytest.raises(ZeroDivisionError):
            door.ask(lambda _: 1 / 0)
    assert door.ask(lambda reader: reader.value("SELECT 1")) == 1


@pytest.mark.parametrize(("connections", "shares"), [(3, (1, 1, 1)), (8, (4, 3, 1)), (24, (12, 11, 1))])
def test_answers_get_the_larger_share(connections: int, shares: tuple[int, ...]):
    made = shared_out(connections, 5)
    assert tuple(made[lane]._free._initial_value for lane in (ANSWERS, TILES, HEALTH)) == shares  # type: ignore[attr-defined]


def test_a_question_whose_connection_is_cut_is_asked_again(store: Engine):
    asked = []

    def question(reader: Reader) -> int:
        asked.append(reader.value("SELECT pg_backend_pid()"))
        if len(asked) == 1:
            with store.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": asked[0]})
        return reader.value("SELECT 42")

    assert Door(store).ask(question) == 42
    assert len(asked) == 2 and asked[0] != asked[1]


def test_a_question_that_is_wrong_is_not_asked_twice(store: Engine):
    asked = []
    with pytest.raises(StoreError) as refused:
        Door(store).ask(lambda reader: (asked.append(1), reader.value("SELECT nothing")))
    assert len(asked) == 1
    assert str(refused.value).startswith('onemap store: column "nothing" does not exist')


def test_a_slow_question_costs_one_store_ten_seconds_not_two(store: Engine, monkeypatch):
    monkeypatch.setattr("geodata.door.STATEMENT_TIMEOUT_MS", 200)
    asked = []
    with pytest.raises(StoreError) as refused:
        Door(store, [store]).ask(lambda reader: (asked.append(1), reader.value("SELECT pg_sleep(5)")))
    assert len(asked) == 1
    said = "onemap store: a question took longer than 10 seconds; ask for a smaller area or fewer themes."
    assert str(refused.value) == said


def test_a_dead_replica_is_not_noticed_by_readers(store: Engine):
    door = Door(store, [create_engine(NOBODY)])
    assert [door.ask(lambda reader: reader.value("SELECT 7")) for _ in range(6)] == [7] * 6
    assert [each.standing.up for each in door.sources] == [True, False]
    assert door.sources.order() == [door.sources.primary]


def test_a_primary_that_is_away_leaves_the_replicas(store: Engine):
    door = Door(create_engine(NOBODY), [store])
    assert [door.ask(lambda reader: reader.value("SELECT 7")) for _ in range(4)] == [7] * 4


def test_a_store_that_is_known_to_be_down_is_refused_at_once():
    door = Door(create_engine(NOBODY))
    door.sources.look(door.sources.primary)
    assert door.sources.primary.standing.up, "one look that found nothing is not enough"
    door.sources.look(door.sources.primary)
    began = time.perf_counter()
    with pytest.raises(StoreError) as refused:
        door.ask(lambda reader: reader.value("SELECT 1"))
    assert time.perf_counter() - began < 0.1
    assert str(refused.value) == "onemap store: nothing answers there; run ./onemap doctor."


def test_the_watch_finds_a_store_that_is_back(store: Engine, monkeypatch):
    monkeypatch.setattr("geodata.sources.LOOK_EVERY_S", 0.05)
    door = Door(store)
    door.sources.primary.standing = Standing(up=False, fact="it does not answer")
    with pytest.raises(StoreError):
        door.ask(lambda reader: reader.value("SELECT 1"))
    door.sources.watch()
    try:
        end = time.monotonic() + 10
        while door.sources.primary.standing.fact and time.monotonic() < end:
            time.sleep(0.02)
        assert door.ask(lambda reader: reader.value("SELECT 1")) == 1
    finally:
        door.sources.rest()


def test_who_has_seen_newer_data_is_sent_to_the_primary(store: Engine):
    door, asked = Door(store, [create_engine(store.url)]), []

    def question(reader: Reader) -> int:
        asked.append(reader._patient)
        reader.wants(held=1, seen=2)
        return reader.value("SELECT 5")

    assert [door.ask(question) for _ in range(4)] == [5] * 4
    assert sorted(asked) == [False] * 4 + [True] * 2, "every second one came to the replica first"


def test_older_data_are_better_than_none_while_the_primary_is_away(store: Engine):
    door = Door(create_engine(NOBODY), [store])
    assert door.ask(lambda reader: (reader.wants(held=1, seen=2), reader.value("SELECT 5")))[1] == 5


class _Log:
    """A primary's log and a replica's place in it, at moments that the test chooses."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.sources = 100.0, Sources(create_engine(NOBODY), [create_engine(NOBODY)], lag_limit=10)
        monkeypatch.setattr("geodata.sources.time.monotonic", lambda: self.now)

    def look(self, seconds: float, primary: int, replica: int, age: float = 0.0, cluster: int = 1, follows: bool = True) -> Standing:
        self.now += seconds
        self.sources._primary({"cluster": 1, "place": primary})
        found = {"cluster": cluster, "place": replica, "age": age, "follows": follows, "whole": True}
        return self.sources._replica(self.sources.replicas[0], found)


def test_lag_is_the_time_since_the_primary_went_beyond(monkeypatch):
    log = _Log(monkeypatch)
    assert log.look(1, 1000, 1000) == Standing(lag_s=0.0, lag_bytes=0)
    assert log.look(1, 2000, 1000) == Standing(lag_s=0.0, lag_bytes=1000)
    assert log.look(3, 2500, 1000) == Standing(lag_s=3.0, lag_bytes=1500)
    assert log.look(1, 2600, 2000) == Standing(lag_s=1.0, lag_bytes=600)
    assert log.look(1, 2600, 2600) == Standing(lag_s=0.0, lag_bytes=0)


def test_a_primary_that_rests_is_no_lag(monkeypatch):
    log = _Log(monkeypatch)
    log.look(1, 1000, 1000)
    assert log.look(900, 1000, 1000, age=5000.0).lag_s == 0.0
    assert log.look(1, 1100, 1100, age=5000.0).lag_s == 0.0


def test_one_that_was_behind_before_we_looked_goes_by_its_own_clock(monkeypatch):
    log = _Log(monkeypatch)
    assert log.look(1, 9000, 1000, age=3600.0).fact == "it is more than 10 s behind"
    assert log.look(1, 9000, 5000, age=1800.0).lag_s == 1800.0
    assert log.look(1, 9000, 9000, age=4.0) == Standing(lag_s=0.0, lag_bytes=0)


def test_a_replica_too_far_behind_is_left_out(monkeypatch):
    log = _Log(monkeypatch)
    log.look(1, 1000, 1000)
    log.look(1, 2000, 1000)
    assert log.look(10, 2000, 1000).fact == ""
    assert log.look(1, 2000, 1000) == Standing(fact="it is more than 10 s behind", lag_s=11.0, lag_bytes=1000)


@pytest.mark.parametrize(("more", "fact"), [
    ({"cluster": 2}, "it is a copy of another store"),
    ({"follows": False}, "it does not follow the store"),
])
def test_what_is_no_replica_is_not_asked(monkeypatch, more, fact):
    assert _Log(monkeypatch).look(1, 1000, 1000, **more).fact == fact
