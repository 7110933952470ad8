"""Promises 1 to 6, broken on purpose: loaders killed at random points, a store that stops, loaders and readers at once.

Short by default; fifty points and more: ``./onemap test -m slow tests/faults``. ONEMAP_FAULT_SEED chooses other points.
"""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, OperationalError

from etl import pipeline
from geodata import cluster, tables
from geodata import store as the_store
from geodata.door import Door
from tests.conftest import standing_on
from tests.etl.test_pipeline import ask, load, units
from tests.etl.test_pipeline import written as write
from tests.faults.dying import DAY

SEED = int(os.environ.get("ONEMAP_FAULT_SEED", "20261122"))

HEAD = "设备编码,设备名称,设备状态,联网属性,监视方位,经度,纬度\n"


def cameras(file: Path, seed: int) -> Path:
    """Some forty cameras; files of other seeds share keys, differ in values, and lack some."""
    chance = random.Random(seed)
    keys = [key for key in range(60) if chance.random() < 0.7]
    lines = [
        f"9901010000132000{key:04d},点{key},{chance.choice('123')},{chance.choice('12')},{chance.choice('123456789')},"
        f"{124.001 + chance.random() * 0.028:.6f},{30.001 + chance.random() * 0.018:.6f}"
        for key in keys
    ]
    return write(file, HEAD + "\n".join([*lines, "x,坏,1,1,1,0,0"]) + "\n")


_STATE = (
    """SELECT md5(string_agg(to_jsonb(t)::text, '' ORDER BY key)) FROM (SELECT key, source, row_no, since, hash, unit, path, name,
        ST_AsEWKB(c.geom) AS shape, s.effective, s.assumed, ST_AsEWKB(s.g3857) AS seen
        FROM onemap.cameras c LEFT JOIN onemap.sights s ON s.theme = 'cameras' AND s.row = c.id) t""",
    "SELECT md5(string_agg(to_jsonb(t)::text, '' ORDER BY z, cy, cx)) FROM (SELECT z, cy, cx, n, states FROM onemap.cells) t",
    """SELECT md5(string_agg(indicator || definition || unit || round(value::numeric, 6)::text, '' ORDER BY indicator, definition, unit)) FROM (
        SELECT DISTINCT ON (indicator, definition, unit) * FROM onemap.indicators ORDER BY indicator, definition, unit, day DESC) t WHERE value <> 0""",
)


def state(engine) -> str:
    """One short text for all that readers see of the cameras."""
    return hashlib.md5("".join(str(ask(engine, each)) for each in _STATE).encode()).hexdigest()


def ledger_is_true(engine) -> None:
    """Each line adds up, and the rows that stand are those of the last line."""
    lines = ask(
        engine,
        """SELECT rows_in, added + changed + unchanged, set_aside, duplicates, id FROM onemap.loads WHERE theme = 'cameras' ORDER BY id""",
    )
    for rows_in, good, aside, twice, number in lines:
        assert rows_in == good + aside + twice
        assert ask(engine, "SELECT count(*) FROM onemap.set_aside WHERE load_id = :id", id=number) == [(aside,)]
    assert ask(engine, "SELECT count(*) FROM onemap.cameras") == [(lines[-1][1] if lines else 0,)]


class Loaders:
    """The process that forks loaders."""

    def __init__(self, process: subprocess.Popen) -> None:
        self._process = process

    def run(self, file: Path, statement: int = 0, delay: float = 0.0) -> tuple[int, int]:
        """Exit code and number of questions of one loader."""
        self._process.stdin.write(f"{file} {statement} {delay}\n")
        self._process.stdin.flush()
        code, asked = self._process.stdout.readline().split()
        return int(code), int(asked)


@contextmanager
def loaders() -> Iterator[Loaders]:
    words = [sys.executable, "-m", "tests.faults.dying"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(words, cwd=Path(__file__).parents[2], **pipes) as process:
        yield Loaders(process)
        process.stdin.close()


def killed_at_random_points(store, tmp_path, points: int) -> None:
    load(store, units(tmp_path), "units", day=date(2025, 12, 31))
    chance, files = random.Random(SEED), [cameras(tmp_path / f"{n}.csv", n) for n in range(2)]
    with loaders() as pool:
        asked, states = [], []
        for each in (*files, *files):  # the last two: from one state to the other, as in every round that follows
            code, n = pool.run(each)
            assert code == 0
            asked.append(n)
            states.append(state(store))
        assert states[:2] == states[2:]
        assert states[0] != states[1]
        died = 0
        for n in range(points):
            new = n % 2
            statement = chance.randint(2, asked[2 + new])
            code, _ = pool.run(files[new], statement, chance.choice([0.0, 0.0, chance.random() * 0.05]))
            died += code == -9
            assert code in (0, -9), f"point {n}, statement {statement}"
            assert state(store) in (states[1 - new], states[new]), f"point {n}, statement {statement}: half a load"
            ledger_is_true(store)
            assert pool.run(files[new])[0] == 0
            assert state(store) == states[new], f"point {n}, statement {statement}: another result"
            ledger_is_true(store)
        assert died > points // 3


def test_killed_at_a_few_random_points(store, tmp_path):
    killed_at_random_points(store, tmp_path, 3)


@pytest.mark.slow
def test_killed_at_fifty_random_points(store, tmp_path):
    killed_at_random_points(store, tmp_path, 60)


def test_the_store_stops_in_the_midst_of_a_load(tmp_path):
    with cluster.temporary(durable=True) as made, standing_on(made.url()):
        engine = the_store.connect(made.url())
        tables.create_all(engine)
        load(engine, units(tmp_path), "units", day=date(2025, 12, 31))
        files = [cameras(tmp_path / f"{n}.csv", n) for n in range(2)]
        load(engine, files[0], "cameras", day=DAY)
        before, asked = state(engine), [0]

        def stop(*_words) -> None:
            asked[0] += 1
            if asked[0] == 25:
                made.stop("immediate")

        event.listen(engine, "before_cursor_execute", stop)
        with pytest.raises(DBAPIError) as broken:
            load(engine, files[1], "cameras", day=DAY)
        assert isinstance(broken.value, OperationalError) or broken.value.connection_invalidated
        event.remove(engine, "before_cursor_execute", stop)
        made.start()
        assert state(engine) == before
        ledger_is_true(engine)
        assert load(engine, files[1], "cameras", day=DAY).load.added > 0
        ledger_is_true(engine)
        engine.dispose()


def test_two_loaders_of_one_theme_follow_one_another(store, tmp_path):
    load(store, units(tmp_path), "units", day=date(2025, 12, 31))
    files = [cameras(tmp_path / f"{n}.csv", n) for n in range(2)]
    states = []
    for each in files:
        load(store, each, "cameras", day=DAY)
        states.append(state(store))
    with ThreadPoolExecutor(2) as two:
        reports = list(two.map(lambda each: load(store, each, "cameras", day=DAY), files))
    assert state(store) == states[max((0, 1), key=lambda n: reports[n].load.id)]
    ledger_is_true(store)


def readers_during_loads(store, tmp_path, readers: int, rounds: int) -> None:
    """Each reader sees one load or the other, whole, and no lock keeps it for 200 ms."""
    load(store, units(tmp_path), "units", day=date(2025, 12, 31))
    files = [cameras(tmp_path / f"{n}.csv", n) for n in range(2)]
    seen_by_file = {}
    for each in files:
        load(store, each, "cameras", day=DAY)
        seen_by_file[_seen(store)[1:]] = each
    over, looks, wrong = threading.Event(), [0], []

    def look() -> None:
        while not over.is_set():
            try:
                version, *seen = _seen(store)
                looks[0] += 1
                if tuple(seen) not in seen_by_file:
                    wrong.append((version, seen))
            except Exception as problem:  # whatever a reader meets is a failure here
                wrong.append(problem)
            time.sleep(0.01)

    threads = [threading.Thread(target=look) for _ in range(readers)]
    for each in threads:
        each.start()
    try:
        for n in range(rounds):
            assert not load(store, files[n % 2], "cameras", day=DAY).unchanged
    finally:
        over.set()
        for each in threads:
            each.join()
    assert not wrong, wrong[:3]
    assert looks[0] > readers


def _seen(store) -> tuple:
    """Version, rows, cells and a number, through the door; a lock that keeps the reader waiting is an error."""
    with Door(store).reader() as reader:
        reader.value("SELECT set_config('lock_timeout', '200ms', true)")
        version = reader.value("SELECT version FROM onemap.versions WHERE theme = 'cameras'")
        rows = reader.value("SELECT md5(string_agg(key || hash, '' ORDER BY key)) FROM onemap.cameras")
        cells = reader.value("SELECT sum(n) FROM onemap.cells WHERE theme = 'cameras' AND z = 4")
        sights = reader.value("SELECT count(*) FROM onemap.sights")
        values = reader.all("""SELECT DISTINCT ON (unit) unit, value FROM onemap.indicators
            WHERE indicator = 'cameras.count' ORDER BY unit, day DESC""")
        return version, rows, cells, sights, tuple((each["unit"], each["value"]) for each in values)


def test_readers_during_a_load(store, tmp_path):
    readers_during_loads(store, tmp_path, readers=20, rounds=2)


@pytest.mark.slow
def test_fifty_readers_during_loads(store, tmp_path):
    readers_during_loads(store, tmp_path, readers=50, rounds=20)


def test_no_space_left_in_the_store(store, tmp_path):
    """What PostgreSQL says when a disk is full ends the load like any other fault of the store: nothing is left of it."""
    load(store, units(tmp_path), "units", day=date(2025, 12, 31))
    files = [cameras(tmp_path / f"{n}.csv", n) for n in range(2)]
    load(store, files[0], "cameras", day=DAY)
    before = state(store)
    with store.begin() as connection:
        connection.execute(
            text("""CREATE FUNCTION onemap.full() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full', MESSAGE = 'No space left on device'; END $$""")
        )
        connection.execute(
            text("CREATE TRIGGER full_now BEFORE INSERT ON onemap.sights EXECUTE FUNCTION onemap.full()")
        )
    with pytest.raises(OperationalError, match="No space left on device"):
        load(store, files[1], "cameras", day=DAY)
    assert state(store) == before
    ledger_is_true(store)
    with store.begin() as connection:
        connection.execute(text("DROP FUNCTION onemap.full CASCADE"))
    assert not pipeline.load(store, pipeline.prepare(files[1], "cameras", as_of=DAY)).unchanged
