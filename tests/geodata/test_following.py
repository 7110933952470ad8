"""Streaming replicas: made, followed, paused, killed and found again while readers read."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import text

from geodata import doctor, following, tiles, units
from geodata.cluster import Cluster
from geodata.door import Door, Reader
from geodata.errors import StoreError
from geodata.settings import parse_url, settings
from tests.geodata.replicated import engines, eventually, replicated
from tests.small_city import CITY


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[Cluster, Cluster]]:
    with replicated(1) as (primary, replicas):
        yield primary, replicas[0]


@pytest.fixture
def door(both: tuple[Cluster, Cluster], monkeypatch) -> Iterator[Door]:
    monkeypatch.setattr("geodata.sources.LOOK_EVERY_S", 0.05)
    primary, replica = engines(*both)
    made = Door(primary, [replica], lag_limit=0.5)
    made.sources.watch()
    eventually(lambda: made.sources.replicas[0].standing.lag_s == 0.0)
    yield made
    made.sources.rest()
    primary.dispose()
    replica.dispose()


def _follows(reader: Reader) -> bool:
    return reader.value("SELECT pg_is_in_recovery()")


def test_readers_are_spread_over_both_and_see_the_same(door: Door):
    assert sorted(door.ask(_follows) for _ in range(6)) == [False] * 3 + [True] * 3
    assert {door.ask(lambda reader: units.unit(reader, CITY).name) for _ in range(4)} == {"单位1"}


def test_a_replica_says_that_it_is_one_and_cannot_be_written(both: tuple[Cluster, Cluster]):
    assert both[1].follows and not both[0].follows
    assert both[1].start() is False, "it runs already"


def test_lag_is_seen_and_the_reader_never_goes_back(door: Door, both: tuple[Cluster, Cluster]):
    primary, replica = engines(*both)
    _do(replica, "SELECT pg_wal_replay_pause()")
    try:
        eventually(lambda: door.ask(lambda reader: reader.value("SELECT pg_is_wal_replay_paused()") if _follows(reader) else True))
        _do(primary, "UPDATE onemap.versions SET version = version + 1 WHERE theme = 'cameras'")
        newest = door.sources.primary.engine.connect().execute(text("SELECT version FROM onemap.versions WHERE theme = 'cameras'")).scalar()

        def asked(reader: Reader) -> int:
            held = tiles.version(reader, "cameras")
            reader.wants(held, newest * 1_000_000)
            return held

        assert {door.ask(asked) for _ in range(6)} == {newest * 1_000_000}
        eventually(lambda: door.sources.replicas[0].standing.fact not in ("", "it does not answer"))
        standing = door.sources.replicas[0].standing
        assert standing.fact == "it is more than 0.5 s behind" and standing.up
        assert standing.lag_s > 0.5 and standing.lag_bytes > 0
        assert {door.ask(_follows) for _ in range(4)} == {False}
    finally:
        _do(replica, "SELECT pg_wal_replay_resume()")
    eventually(lambda: door.sources.replicas[0].standing.fact == "")
    assert door.sources.replicas[0].standing.lag_bytes == 0


def _do(engine, sql: str) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(sql))


def test_a_replica_that_is_killed_under_its_readers_costs_none_of_them_an_answer(door: Door, both: tuple[Cluster, Cluster]):
    over, replica = Event(), both[1]

    def reads() -> int:
        count = 0
        while not over.is_set():
            assert door.ask(_drill) == ("单位1", 2)
            count += 1
        return count

    with ThreadPoolExecutor(6) as pool:
        readers = [pool.submit(reads) for _ in range(6)]
        time.sleep(0.3)
        replica.stop("immediate")
        eventually(lambda: not door.sources.replicas[0].standing.up)
        time.sleep(0.3)
        replica.start()
        eventually(lambda: door.sources.replicas[0].standing.fact == "")
        over.set()
        counts = [each.result(20) for each in readers]
    assert min(counts) > 3
    assert any([door.ask(_follows) for _ in range(4)]), "it is asked again"


def _drill(reader: Reader) -> tuple[str, int]:
    """Some questions on one snapshot, slow enough to be killed between them."""
    name = units.unit(reader, CITY).name
    reader.value("SELECT pg_sleep(0.01)")
    return name, len(units.children(reader, CITY))


def test_the_doctor_shows_each_replica(both: tuple[Cluster, Cluster], monkeypatch):
    addresses = [each.url().render_as_string() for each in both]
    monkeypatch.setenv("ONEMAP_DATABASE_URL", addresses[0])
    monkeypatch.setenv("ONEMAP_REPLICA_URLS", addresses[1])
    settings.cache_clear()
    eventually(lambda: doctor.examine("replicas", doctor.CHECKS["replicas"]).well)
    assert doctor.CHECKS["replicas"]() == f"{both[1].sockets} 0.0 s, 0 bytes behind"
    monkeypatch.setenv("ONEMAP_REPLICA_URLS", f"{addresses[1]}, postgresql://onemap@127.0.0.1:1/onemap")
    settings.cache_clear()
    said = doctor.examine("replicas", doctor.CHECKS["replicas"])
    monkeypatch.undo()
    settings.cache_clear()
    remedy = "start it, or make it anew: ./onemap store follow"
    assert (said.well, said.said) == (False, f"replica: 127.0.0.1: it does not answer; {remedy}.")


def test_a_store_that_is_there_is_not_overwritten(both: tuple[Cluster, Cluster]):
    with pytest.raises(StoreError) as refused:
        following.follow(both[1], both[0].url())
    said = f"embedded store: {both[1].data} is there already; name an empty folder in ONEMAP_HOME."
    assert str(refused.value) == said


def test_a_primary_that_is_not_there_leaves_nothing_behind():
    home = Path(tempfile.mkdtemp(prefix="onemap-replica-"))
    home.chmod(0o711)
    made = Cluster(home, durable=False)
    with pytest.raises(StoreError) as refused:
        following.follow(made, parse_url("postgresql://onemap@127.0.0.1:1/onemap", "here"))
    said = str(refused.value)
    assert said.startswith("primary: it cannot be copied: ") and "refused" in said
    assert said.endswith("; check its address, and that it was started with ONEMAP_STORE_FOLLOWED=yes.")
    assert not made.data.exists() and not (made.folder / "data.new").exists()
    shutil.rmtree(home)
