"""/answer under many readers and over replicas: what is busy is said so, and nobody is shown older data than he has seen."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse
from threading import Event
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine, event

from app.answer import answer
from app.asking import asking
from geodata.door import Door
from geodata.turns import ANSWERS
from tests.app.bare_map import served
from tests.app.stood import door  # noqa: F401

QUESTION = {"asked": {"url": "/"}, "known": {}}


def ask(address: str) -> tuple[HTTPResponse, dict]:
    line = HTTPConnection(urlsplit(address).netloc, timeout=20)
    line.request("POST", "/answer", json.dumps(QUESTION), {"Content-Type": "application/json"})
    answered = line.getresponse()
    return answered, json.loads(answered.read())


def test_a_busy_store_is_said_so_that_the_page_asks_again(door):  # noqa: F811
    few, over, begun = Door(door.sources.primary.engine, connections=3, patience=0.1), Event(), Event()
    server = FastAPI()
    server.include_router(asking(few))
    with served(server) as address, ThreadPoolExecutor(1) as pool:
        kept = pool.submit(few.ask, lambda _: (begun.set(), over.wait(20)), None, ANSWERS)
        assert begun.wait(10)
        refused, said = ask(address)
        over.set()
        assert kept.result(20)
        assert ask(address)[0].status == 200
    assert (refused.status, refused.headers["Retry-After"]) == (503, "2")
    assert said == {"problem": "onemap store: more readers ask at once than it can answer; ask again in 2 seconds."}


@pytest.fixture
def two(door):  # noqa: F811
    """A door to a primary and a replica, and who of them was asked."""
    engines = [create_engine(door.sources.primary.engine.url) for _ in range(2)]
    asked: list[str] = []
    for name, engine in zip(("primary", "replica"), engines, strict=True):
        event.listen(engine, "checkout", lambda *_, name=name: asked.append(name))
    yield Door(engines[0], [engines[1]]), asked
    for engine in engines:
        engine.dispose()


@pytest.mark.parametrize("told", [
    {"asked": {"url": "/", "seen": {"cameras": 10**12}}, "known": {}},
    {"asked": {"url": "/"}, "known": {"versions": {"cameras": 10**12}}},
])
def test_who_has_seen_or_heard_of_newer_data_is_answered_by_the_primary(two, told):
    both, asked = two
    for _ in range(2):
        assert answer(both, told["asked"], told["known"]).parts["card"]
    assert sorted(asked) == ["primary", "primary", "replica"], "the replica gave its question back"


def test_who_has_seen_nothing_newer_is_answered_by_whoever_is_asked(two):
    both, asked = two
    known = answer(both, {"url": "/"}, {}).known
    assert known["versions"]["cameras"] > 0
    answer(both, {"url": "/"}, json.loads(json.dumps(known)))
    assert sorted(asked) == ["primary", "replica"]


@pytest.mark.parametrize("seen", [None, 3, [1], {"cameras": "new"}, {"cameras": None}])
def test_versions_that_are_none_are_passed_over(two, seen):
    assert answer(two[0], {"url": "/", "seen": seen}, {"versions": seen}).parts["card"]
