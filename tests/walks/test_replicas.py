"""A primary and two replicas: one of them dies, then the other, while fifty readers drill over HTTP; none sees an error."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Iterator
from threading import Thread

import pytest

from benchmarks._planner import Planner, Seen
from geodata.cluster import Cluster
from tests.app.stood import lay
from tests.app.test_serving import Served, serving
from tests.geodata.replicated import eventually, replicated

pytestmark = pytest.mark.slow  # ./onemap test -m slow tests/walks/test_replicas.py

READERS, SECONDS = 50, 60


@pytest.fixture(scope="module")
def clusters() -> Iterator[tuple[Cluster, list[Cluster]]]:
    with replicated(2, lay) as made:
        yield made


@pytest.fixture(scope="module")
def served(clusters: tuple[Cluster, list[Cluster]]) -> Iterator[Served]:
    primary, replicas = clusters
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONEMAP_REPLICA_URLS", ",".join(each.url().render_as_string() for each in replicas))
        with serving(primary.url().render_as_string()) as made:
            eventually(lambda: all(each["reads"] for each in stores(made)))
            yield made


def stores(served: Served) -> list[dict]:
    """How the stores stand, as one worker sees them."""
    return json.loads(served.get("/health/stores")[1])["stores"]


async def _drill(port: int, seen: Seen) -> None:
    until = time.monotonic() + SECONDS
    await asyncio.gather(*(Planner(port, seen, random.Random(number)).work(until) for number in range(READERS)))


def test_replicas_die_and_come_back_while_fifty_readers_drill(served: Served, clusters: tuple[Cluster, list[Cluster]]):
    seen, replicas = Seen(), clusters[1]
    drilling = Thread(target=lambda: asyncio.run(_drill(served.port, seen)))
    drilling.start()
    for number, replica in enumerate(replicas, start=1):
        time.sleep(SECONDS / 6)
        before = len(seen.answers)
        replica.stop("immediate")
        eventually(lambda number=number: not stores(served)[number]["up"], 60)
        time.sleep(SECONDS / 12)
        assert len(seen.answers) > before, "the others answer"
        replica.start()
        eventually(lambda number=number: stores(served)[number]["reads"], 60)
    drilling.join()
    assert seen.errors == []
    assert len(seen.steps) > 3 * READERS
    shown = stores(served)
    assert [each["name"] for each in shown] == ["primary", "replica 1", "replica 2"]
    assert all(each["up"] for each in shown) and all(each["lag_s"] < 10 for each in shown[1:])
