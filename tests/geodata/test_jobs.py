"""The queue: each job is claimed once, belongs to who holds it, and comes back when its runner is gone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from geodata import jobs, tables
from geodata.door import Door, Reader, Scope
from geodata.errors import StoreError, UnknownJob
from geodata.writing import write
from tests.geodata.replicated import eventually


@contextmanager
def runner(engine):
    """A connection as a runner has one: what it holds is gone with it."""
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        yield Reader(connection, Scope())
    finally:
        connection.invalidate()
        connection.close()


def claimed(queue, verbs=None):
    queue._connection.exec_driver_sql("BEGIN")
    job = jobs.claim(queue, verbs)
    queue._connection.exec_driver_sql("COMMIT")
    return job


@pytest.fixture(scope="module")
def store(new_database):
    engine = new_database("jobs")
    tables.create_all(engine)
    return engine


@pytest.fixture
def door(store):
    with store.begin() as connection:
        connection.execute(text("TRUNCATE onemap.jobs RESTART IDENTITY"))
    return Door(store)


def order(door, verb="check", **more):
    return write(door, lambda writer: jobs.order(writer, verb, ["/a.csv", "--json"], **more))


def look(door, number):
    return door.ask(lambda reader: jobs.one(reader, number))


def test_jobs_are_claimed_in_their_order_and_once(store, door):
    first, second = order(door, about="甲.csv", upload="u", operator="李", note="为什么"), order(door, "load")
    with runner(store) as one, runner(store) as other:
        job = claimed(one)
        assert (job.id, job.verb, job.words, job.operator, job.note) == (first, "check", ["/a.csv", "--json"], "李", "为什么")
        assert claimed(other).id == second
        assert claimed(one) is None
        assert look(door, first).state == "running"


def test_many_runners_never_claim_the_same(store, door):
    numbers = [order(door) for _ in range(12)]

    def take(_n):
        with runner(store) as queue:
            mine = []
            while job := claimed(queue):
                mine.append(job.id)
                jobs.finish(queue, job.id, "done", 0, "{}", {})
                jobs.release(queue, job.id)
            return mine

    with ThreadPoolExecutor(4) as pool:
        taken = [number for mine in pool.map(take, range(4)) for number in mine]
    assert sorted(taken) == numbers


def test_a_runner_that_dies_leaves_its_job_to_the_next(store, door):
    number = order(door)
    with runner(store) as one:
        assert claimed(one).attempts == 1
    with runner(store) as other:
        found = []
        eventually(lambda: (job := claimed(other)) is not None and not found.append(job), 5)  # the store hears of the end a moment later
        assert (found[0].id, found[0].attempts) == (number, 2)


def test_a_job_whose_process_still_lives_is_not_claimed(store, door):
    number = order(door)
    with runner(store) as process:
        with runner(store) as one:
            claimed(one)
            assert jobs.hold(process, number, 1)
        with runner(store) as other:
            assert claimed(other) is None
    with runner(store) as other:
        eventually(lambda: (found := claimed(other)) is not None and found.attempts == 2, 5)  # the store hears of the end a moment later
        with runner(store) as late:
            assert not jobs.hold(late, number, 1), "its job was begun again"


def test_a_line_for_quick_jobs_leaves_the_long_ones(store, door):
    order(door, "load")
    quick = order(door, "guess")
    with runner(store) as queue:
        assert claimed(queue, ["guess", "check"]).id == quick


def test_progress_and_end(store, door):
    number = order(door)
    with runner(store) as queue:
        claimed(queue)
        jobs.note_progress(queue, number, "check", 0.5)
        assert (look(door, number).step, look(door, number).share) == ("check", 0.5)
        jobs.finish(queue, number, "refused", 20, None, said="a.csv: it is empty; ask for the file again.")
    done = look(door, number)
    assert (done.state, done.exit_code, done.step, done.open) == ("refused", 20, None, False)
    assert done.finished and door.ask(lambda reader: jobs.report(reader, number)) is None


def test_called_back(store, door):
    waits, runs = order(door), order(door)
    write(door, lambda writer: jobs.cancel(writer, waits))
    assert look(door, waits).state == "cancelled"
    with runner(store) as queue:
        assert claimed(queue).id == runs
        write(door, lambda writer: jobs.cancel(writer, runs))
        assert jobs.is_cancelled(queue, runs) and look(door, runs).state == "running"
    with pytest.raises(UnknownJob, match="job 99: there is no such job; use one that the list of jobs shows."):
        write(door, lambda writer: jobs.cancel(writer, 99))


def test_the_newest_job_of_each_verb_has_its_report(store, door):
    numbers = [order(door, verb, upload="u") for verb in ("guess", "check", "check")]
    with runner(store) as queue:
        for number in numbers:
            claimed(queue)
            jobs.finish(queue, number, "done", 0, f'{{"n": {number}}}', {"n": number})
    shown = {job.id: job.shown for job in door.ask(lambda reader: jobs.of_upload(reader, "u"))}
    assert shown == {numbers[2]: {"n": numbers[2]}, numbers[1]: None, numbers[0]: {"n": numbers[0]}}
    assert [job.id for job in door.ask(jobs.uploads)] == [numbers[2]]


def test_a_store_that_will_not_be_written_to_says_so(store, door):
    with store.begin() as connection:
        connection.execute(text("DROP TABLE onemap.jobs"))
    with pytest.raises(StoreError, match="onemap store: "):
        order(door)
