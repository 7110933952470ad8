"""A primary and streaming replicas on this machine, holding the small city."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from geodata import cluster, following, tables
from geodata.cluster import Cluster
from geodata.store import connect
from tests import small_city


@contextmanager
def replicated(count: int, lay: Callable[[Engine], object] = small_city.lay) -> Iterator[tuple[Cluster, list[Cluster]]]:
    """A primary that holds the small city (or what `lay` lays), and replicas that have all of it; gone at the end."""
    homes = [Path(tempfile.mkdtemp(prefix="onemap-replica-")) for _ in range(count)]
    followers = [Cluster(home, durable=False) for home in homes]
    with cluster.temporary(followed=True) as primary:
        engine = connect(primary.url())
        tables.create_all(engine)
        lay(engine)
        engine.dispose()
        try:
            for home, each in zip(homes, followers, strict=True):
                home.chmod(0o711)
                following.follow(each, primary.url())
            yield primary, followers
        finally:
            for home, each in zip(homes, followers, strict=True):
                each.stop("immediate")
                shutil.rmtree(home, ignore_errors=True)


def engines(*clusters: Cluster) -> list[Engine]:
    """An engine for each, as a serving process has it."""
    return [connect(each.url(), 8, wait_s=2) for each in clusters]


def eventually(holds: Callable[[], bool], seconds: float = 20) -> None:
    """Return when it holds; AssertionError after `seconds`."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"still not so after {seconds:.0f} s"
        time.sleep(0.02)
