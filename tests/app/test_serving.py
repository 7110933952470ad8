"""Workers behind one port, as ./onemap serve starts them: killed, left alone by their supervisor, without a store, stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event

import pytest

from app.__main__ import parser
from geodata.cluster import Cluster
from geodata.settings import REPOSITORY
from tests.geodata.replicated import eventually, replicated

TILE = "/tiles/county/1000000/8/216/105.pbf"


@dataclass(frozen=True)
class Served:
    """A running server of two workers."""

    process: subprocess.Popen
    port: int

    def workers(self) -> set[int]:
        """Numbers of the processes that answer."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return {int(each) for each in children if b"spawn_main" in Path(f"/proc/{each}/cmdline").read_bytes()}

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of a GET over a line of its own."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            line.request("GET", path)
            answer = line.getresponse()
            return answer.status, answer.read()
        finally:
            line.close()

    def well(self) -> bool:
        """Whether it answers, and its store does."""
        with suppress(OSError, HTTPException):
            return self.get("/health")[0] == 200
        return False


@contextmanager
def serving(url: str) -> Iterator[Served]:
    """A server of two workers on a store, ended at the end whatever happened to it."""
    port = _free_port()
    words = [sys.executable, "-m", "app", "serve", "--port", str(port), "--workers", "2"]
    process = subprocess.Popen(words, cwd=REPOSITORY, env={**os.environ, "ONEMAP_DATABASE_URL": url}, stdout=subprocess.DEVNULL)
    made = Served(process, port)
    try:
        eventually(lambda: process.poll() is not None or (len(made.workers()) == 2 and made.well()), 150)
        yield made
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(60)


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def reading(served: Served, count: int) -> Iterator[list]:
    """Readers who read all the while; at the end, what each of them met."""
    over, met = Event(), []
    with ThreadPoolExecutor(count) as pool:
        readers = [pool.submit(_reads, served, over) for _ in range(count)]
        try:
            yield met
        finally:
            over.set()
        met.extend(each.result(20) for each in readers)


@pytest.fixture(scope="module")
def store() -> Iterator[Cluster]:
    with replicated(0) as (primary, _):
        yield primary


@pytest.fixture(scope="module")
def served(store: Cluster) -> Iterator[Served]:
    with serving(store.url().render_as_string()) as made:
        yield made


def _reads(served: Served, over: Event) -> list[tuple[float, int]]:
    """Seconds and status of each request of one reader, who asks over one line as a browser does; 0: no answer."""
    line, said = HTTPConnection("127.0.0.1", served.port, timeout=10), []
    while not over.is_set():
        began = time.monotonic()
        try:
            line.request("GET", (TILE, "/health", "/")[len(said) % 3])
            answer = line.getresponse()
            answer.read()
            said.append((time.monotonic() - began, answer.status))
        except (OSError, HTTPException):
            line.close()
            said.append((time.monotonic() - began, 0))
        time.sleep(0.02)
    line.close()
    return said


def test_a_worker_that_is_killed_costs_a_reader_one_request_at_most(served: Served):
    before = served.workers()
    with reading(served, 8) as met:
        time.sleep(0.5)
        os.kill(min(before), signal.SIGKILL)
        eventually(lambda: len(served.workers() - before) == 1, 90)
        time.sleep(0.5)
    statuses = [[status for _, status in each] for each in met]
    assert max(each.count(0) for each in statuses) <= 1
    assert {status for each in statuses for status in each} <= {200, 204, 0}
    assert all(each[-1] != 0 for each in statuses)


def test_a_store_that_goes_is_said_at_once_and_one_that_comes_back_is_found(served: Served, store: Cluster):
    with reading(served, 20) as met:
        time.sleep(0.5)
        store.stop("immediate")
        eventually(lambda: served.get("/health")[0] == 503)
        time.sleep(2.5)
        status, body = served.get("/health")
        store.start()
        eventually(lambda: all(served.well() for _ in range(12)), 60)  # whichever worker is asked
        time.sleep(0.5)
    assert status == 503 and json.loads(body)["problem"].startswith("onemap store: ")
    statuses = {status for each in met for _, status in each}
    assert statuses <= {200, 204, 503} and 503 in statuses, "no reader lost his line"
    refusals = sorted(seconds for each in met for seconds, status in each if status == 503)
    assert refusals[int(0.99 * (len(refusals) - 1))] <= 1.0
    assert all({200, 204} & {status for _, status in each[-3:]} for each in met), "everyone is served again"


def test_a_server_that_is_stopped_is_gone_with_its_workers(store: Cluster):
    with serving(store.url().render_as_string()) as made:
        workers = made.workers()
        made.process.send_signal(signal.SIGINT)
        assert made.process.wait(30) == 0
    assert not any(Path(f"/proc/{each}").exists() for each in workers)
    with pytest.raises(ConnectionRefusedError):
        made.get("/")


def test_workers_do_not_outlive_their_supervisor(store: Cluster):
    with serving(store.url().render_as_string()) as made:
        workers = made.workers()
        made.process.kill()
        made.process.wait(5)
        eventually(lambda: not any(_lives(each) for each in workers), 30)


def _lives(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("text", ["0", "-1", "65", "two", "1.5"])
def test_a_number_of_workers_that_is_none(text: str, capsys):
    with pytest.raises(SystemExit) as refused:
        parser().parse_args(["serve", f"--workers={text}"])
    assert refused.value.code == 2
    said = f"argument --workers: {text!r} is no number of processes; give a whole number from 1 to 64\n"
    assert capsys.readouterr().err.endswith(said)
