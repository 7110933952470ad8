"""Faults that are really injected into a wall that runs: each one begins, lasts, and ends or is left to mend itself.

A fault is a function of the ground (a store, a server of two workers, a tab); it begins the fault and gives back what ends it, or nothing where
the wall has to get over it alone.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from sqlalchemy import Engine, text

from geodata.cluster import Cluster

Ends = Callable[[], Any] | None


@dataclass
class Ground:
    """Where faults happen.

    Parameters
    ----------
    tab : Page
        The wall.
    base : str
        Address of its server.
    store, engine : Cluster, Engine
        None where only the page's own faults are injected.
    serve : callable
        Starts a server on the same port and gives its number.
    server : int
    """

    tab: Page
    base: str
    store: Cluster | None = None
    replica: Cluster | None = None
    engine: Engine | None = None
    serve: Callable[[], int] | None = None
    server: int = 0

    def sql(self, words: str) -> None:
        assert self.engine is not None
        with self.engine.begin() as connection:
            connection.execute(text(words))

    def routed(self, pattern: str, how: Callable[[Any], Any]) -> Callable[[], None]:
        """Every request of a pattern goes this way, until the end."""
        self.tab.route(pattern, how)
        return lambda: self.tab.unroute(pattern)

    def post(self, path: str, body: str, **headers: str) -> int:
        line = HTTPConnection(self.base.removeprefix("http://"), timeout=10)
        try:
            line.request("POST", path, body.encode(), headers)
            return line.getresponse().status
        finally:
            line.close()


def store_killed(on: Ground) -> Ends:
    assert on.store is not None
    os.kill(on.store.pid() or 0, signal.SIGKILL)
    return on.store.start


def app_killed(on: Ground) -> Ends:
    assert on.serve is not None
    for each in (on.server, *workers(on.server)):
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)

    def again() -> None:
        on.server = on.serve()  # type: ignore[misc]
    return again


def worker_killed(on: Ground) -> Ends:
    os.kill(workers(on.server)[0], signal.SIGKILL)
    return None


def workers(server: int) -> list[int]:
    """Numbers of the processes that answer, under their supervisor's."""
    found = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return [int(each) for each in found if b"spawn_main" in Path(f"/proc/{each}/cmdline").read_bytes()]


def replica_dead(on: Ground) -> Ends:
    assert on.replica is not None
    on.replica.stop("immediate")
    return on.replica.start


def store_slow(on: Ground) -> Ends:
    """Every question of units waits for a lock."""
    assert on.engine is not None
    held = on.engine.connect()
    held.execute(text("LOCK TABLE onemap.ladder, onemap.indicators IN ACCESS EXCLUSIVE MODE"))
    return held.close


def disk_full(on: Ground) -> Ends:
    """Whatever is written is refused with what PostgreSQL says when a disk is full."""
    on.sql("""CREATE FUNCTION onemap.full() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full', MESSAGE = 'No space left on device'; END $$""")
    for table in ("pairings", "playlists"):
        on.sql(f"CREATE TRIGGER full_now BEFORE INSERT OR UPDATE ON onemap.{table} FOR EACH STATEMENT EXECUTE FUNCTION onemap.full()")
    assert on.post("/remote/offer", json.dumps({"wall": "x" * 20})) == 503
    on.tab.keyboard.press("r")
    return lambda: on.sql("DROP FUNCTION onemap.full CASCADE")


def push_broken(on: Ground) -> Ends:
    """The server's ear at the store is cut off; it listens again by itself."""
    on.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ILIKE 'LISTEN%' OR (pid <> pg_backend_pid() AND state = 'idle')")
    return None


def loaded_under_the_view(on: Ground) -> Ends:
    on.sql("UPDATE onemap.versions SET version = version + 1")
    on.sql("SELECT pg_notify('onemap_loads', 'cameras')")
    return None


def playlist_gone(on: Ground) -> Ends:
    """It is taken away while it is shown; the list of before holds."""
    on.sql("CREATE TABLE onemap.kept_lists AS SELECT * FROM onemap.playlists")
    on.sql("DELETE FROM onemap.playlists")
    on.tab.evaluate("fetch('/scenes/faults.json')")
    return lambda: (on.sql("INSERT INTO onemap.playlists SELECT * FROM onemap.kept_lists"), on.sql("DROP TABLE onemap.kept_lists"))


def pairing_expired(on: Ground) -> Ends:
    on.tab.keyboard.press("r")
    on.tab.wait_for_selector(".pairing b")
    code = on.tab.inner_text(".pairing b").replace(" ", "")
    line = HTTPConnection(on.base.removeprefix("http://"), timeout=10)
    line.request("POST", "/remote/pair", json.dumps({"code": code}))
    token = json.loads(line.getresponse().read())["token"]
    assert on.post("/remote/word", json.dumps({"token": token, "do": "next"})) == 200
    on.sql("DELETE FROM onemap.pairings")
    assert on.post("/remote/word", json.dumps({"token": token, "do": "next"})) == 403
    return None


def feed_of_nonsense(on: Ground) -> Ends:
    lines = "key,state,at\nnobody,online,2026-01-01T00:00:00+08:00\n10000000000000000001,online,1999-01-01T00:00:00+08:00\n10000000000000000001,melted,now\n"
    assert on.post("/feed/cameras/status", lines, Authorization="Bearer " + "k" * 20, **{"Content-Type": "text/csv"}) in (200, 422)
    return None


def network_gone(on: Ground) -> Ends:
    return on.routed("**/*", lambda route: route.abort("internetdisconnected"))


def browser_offline(on: Ground) -> Ends:
    on.tab.context.set_offline(True)
    return lambda: on.tab.context.set_offline(False)


def tiles_fail(on: Ground) -> Ends:
    return on.routed("**/tiles/**", lambda route: route.fulfill(status=500, body="no"))


def tiles_hang(on: Ground) -> Ends:
    return on.routed("**/tiles/**", lambda route: None)


def outline_fails(on: Ground) -> Ends:
    return on.routed("**/outline/**", lambda route: route.fulfill(status=500, body="<h1>no</h1>"))


def bursts_of_503(on: Ground) -> Ends:
    return on.routed("**/answer", lambda route: route.fulfill(status=503, headers={"Retry-After": "1"}, json={"problem": "busy"}))


def half_answers(on: Ground) -> Ends:
    return on.routed("**/answer", lambda route: route.fulfill(status=200, content_type="application/json", body='{"parts":{"card":[{"type":"H2"'))


def bad_json(on: Ground) -> Ends:
    """A gate of the network answers in the place of the server."""
    return on.routed("**/*.json*", lambda route: route.fulfill(status=200, content_type="text/html", body="<html>log in</html>")) if _fake(on) else None


def _fake(on: Ground) -> bool:
    on.tab.route("**/answer", lambda route: route.fulfill(status=200, content_type="text/html", body="<html>log in</html>"), times=2)
    return True


def empty_answers(on: Ground) -> Ends:
    """JSON that is no answer."""
    return on.routed("**/answer", lambda route: route.fulfill(status=200, json={"parts": None}))


def out_of_order(on: Ground) -> Ends:
    """The first of two answers comes after the second."""
    def late(route: Any) -> None:
        time.sleep(0.6)
        route.continue_()

    on.tab.route("**/answer", late, times=1)
    on.tab.evaluate("onemapScenes.go(1)")
    on.tab.evaluate("onemapScenes.go(1)")
    return None


def broken_scene(on: Ground) -> Ends:
    return on.routed("**/answer", lambda route: route.abort() if "cameras.intact" in (route.request.post_data or "") else route.continue_())


def clock(hours: float) -> Callable[[Ground], Ends]:
    """The wall's clock jumps, and is set right again."""
    def jump(on: Ground) -> Ends:
        on.tab.evaluate(f"""() => {{ const own = window.Date; window.rightDate = own;
            window.Date = class extends own {{ constructor(...said) {{ if (said.length) super(...said); else super(own.now() + {hours * 3.6e6}); }}
                static now() {{ return own.now() + {hours * 3.6e6}; }} }}; }}""")
        return lambda: on.tab.evaluate("window.Date = window.rightDate")
    return jump


def context_lost(on: Ground) -> Ends:
    on.tab.evaluate("window.lost = onemap.map.getCanvas().getContext('webgl2').getExtension('WEBGL_lose_context'); lost.loseContext()")
    return lambda: on.tab.evaluate("lost.restoreContext()")


def map_workers_dead(on: Ground) -> Ends:
    for each in on.tab.workers:
        with suppress(Exception):
            each.evaluate("self.close()")
    on.tab.evaluate("onemapScenes.go(1)")
    return None


def storage_full(on: Ground) -> Ends:
    on.tab.evaluate("""() => { window.rightSet = Storage.prototype.setItem;
        Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }; }""")
    on.tab.keyboard.press("r")
    return lambda: on.tab.evaluate("() => { Storage.prototype.setItem = window.rightSet; }")


def stood_still(on: Ground) -> Ends:
    """The computer sleeps: nothing runs for four seconds."""
    on.tab.evaluate("() => { const ends = performance.now() + 4000; while (performance.now() < ends); }")
    return None


OF_THE_PAGE = (
    network_gone, browser_offline, tiles_fail, tiles_hang, outline_fails, bursts_of_503, half_answers, bad_json, empty_answers, out_of_order,
    broken_scene, clock(26), clock(-1000), context_lost, storage_full, stood_still, map_workers_dead,
)
OF_THE_SERVER = (
    store_killed, app_killed, worker_killed, replica_dead, store_slow, disk_full, push_broken, loaded_under_the_view, playlist_gone,
    pairing_expired, feed_of_nonsense,
)
