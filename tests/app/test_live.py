"""The push to open pages: over HTTP between two processes' worth of servers, and in a real browser without a reload."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime

import httpx
import pytest
from playwright.sync_api import sync_playwright
from sqlalchemy import Engine, text

from app import create_app
from app.live import event
from geodata import notices, statuses
from geodata.door import Door
from geodata.settings import settings
from layers import theme
from tests.app.bare_map import served
from tests.app.stood import TOWN, door  # noqa: F401
from tests.app.test_map_browser import ARGUMENTS, CHROMIUM
from tests.geodata.replicated import eventually
from tests.until import until

KEY = "k" * 32
AT_REST = "Boolean(window.onemap && onemap.stage.ready && onemap.stage.began === undefined && onemap.map.loaded())"


@pytest.fixture(scope="module")
def two(door: Door, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:  # noqa: F811
    """Two servers on one store: what comes in at one must go out at the other."""
    file = tmp_path_factory.mktemp("keys") / "keys"
    file.write_text(f"# the video platform\n{KEY}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ONEMAP_FEED_KEYS_FILE", str(file))
        settings.cache_clear()
        said = settings()
    settings.cache_clear()
    with served(create_app(door, said)) as one, served(create_app(Door(door.sources.primary.engine), said)) as other:
        yield one.rstrip("/"), other.rstrip("/")


class Ear:
    """Hears what a server pushes."""

    def __init__(self, url: str) -> None:
        self.heard: queue.Queue[tuple[str, dict]] = queue.Queue()
        self._client = httpx.Client(timeout=30)
        threading.Thread(target=self._listen, args=(f"{url}/live",), daemon=True).start()

    def _listen(self, url: str) -> None:
        name = ""
        with suppress(httpx.RemoteProtocolError), self._client.stream("GET", url) as answer:  # cut off when the server stops
            assert answer.headers["Content-Type"].startswith("text/event-stream")
            for line in answer.iter_lines():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    self.heard.put((name, json.loads(line.removeprefix("data: "))))

    def next(self, name: str, seconds: float = 10) -> dict:
        while True:
            kind, said = self.heard.get(timeout=seconds)
            if kind == name:
                return said


def _send(url: str, key: str, state: str) -> httpx.Response:
    report = {"key": key, "state": state, "at": datetime.now(UTC).isoformat()}
    return httpx.post(f"{url}/feed/cameras/status", json=[report], headers={"Authorization": f"Bearer {KEY}"}, timeout=20)


def _camera(door: Door) -> tuple[str, int, str]:  # noqa: F811
    with door.sources.primary.engine.connect() as connection:
        return tuple(connection.execute(text("SELECT key, id, online FROM onemap.cameras WHERE online = 'online' ORDER BY key LIMIT 1")).one())


def test_who_shows_no_key_is_refused_and_nothing_is_taken(two: tuple[str, str]) -> None:
    for shown in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic x"}):
        answer = httpx.post(f"{two[0]}/feed/cameras/status", json=[], headers=shown)
        assert (answer.status_code, answer.json()["problem"].startswith("feed: no key that is known here")) == (401, True)
    known = {"Authorization": f"Bearer {KEY}"}
    assert httpx.post(f"{two[0]}/feed/halls/status", json=[], headers=known).status_code == 422
    assert httpx.post(f"{two[0]}/feed/cameras/status", content=b" " * (17 * 2**20), headers=known).json()["problem"].endswith("send it in parts.")
    refused = _send(two[0], "nix", "online")
    assert (refused.status_code, refused.json()["problems"]) == (422, ["row 1: cameras hold no 'nix'; load it with the archive first."])


def test_a_state_that_comes_in_at_one_server_goes_out_at_the_other(two: tuple[str, str], door: Door) -> None:  # noqa: F811
    key, row, _ = _camera(door)
    ear = Ear(two[1])
    assert "cameras" in ear.next("versions")
    ear.next("status")
    assert _send(two[0], key, "offline").json()["changed"] == 1
    assert ear.next("status") == {"theme": "cameras", "rows": [[row, "offline"]]}
    late = Ear(two[0])
    assert [row, "offline"] in late.next("status")["rows"]
    assert _send(two[0], key, "online").json()["changed"] == 1


def test_a_new_load_and_a_word_to_walls_go_out_at_once(two: tuple[str, str], door: Door) -> None:  # noqa: F811
    ear = Ear(two[1])
    before = ear.next("versions")
    with door.sources.primary.engine.begin() as connection:
        statuses.tick(connection, "halls")
    assert ear.next("versions")["halls"] > before["halls"]
    notices.post(door.sources.primary.engine, notices.WALL, '{"do":"next"}')
    assert ear.next("word") == {"do": "next"}


def test_a_line_to_the_store_that_breaks_is_made_again(new_database: Callable[[str], Engine]) -> None:
    engine, heard = new_database("notices"), []
    listener = notices.Listener(engine, lambda kind, said: heard.append((kind, said)))
    listener.start()
    eventually(lambda: listener.up, 20)
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN onemap' AND pid <> pg_backend_pid()"))
    eventually(lambda: heard.count((notices.AGAIN, "")) == 2, 20)
    notices.post(engine, notices.STATUS, "cameras")
    eventually(lambda: (notices.STATUS, "cameras") in heard, 20)
    listener.stop()


def test_an_event_is_one_line_of_data() -> None:
    assert event("status", {"a": "一\n二"}) == 'event: status\ndata: {"a":"一\\n二"}\n\n'


@pytest.mark.browser
def test_an_open_page_turns_a_dot_and_takes_a_load_without_reload_or_shift(two: tuple[str, str], door: Door) -> None:  # noqa: F811
    key, row, _ = _camera(door)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        tab = browser.new_page(viewport={"width": 1280, "height": 800})
        wrong: list[str] = []
        tab.on("pageerror", lambda error: wrong.append(str(error)))
        tab.goto(f"{two[1]}/?unit={TOWN}")
        until(tab, AT_REST)
        tab.evaluate("""() => { window.same = true; window.shift = 0; window.tiles = 0;
            new PerformanceObserver((list) => list.getEntries().forEach((each) => { window.shift += each.value; })).observe({ type: "layout-shift" });
            onemap.map.on("data", (event) => { if (event.tile) window.tiles += 1; }); }""")
        state = f"onemap.map.getFeatureState({{source: 'themes', sourceLayer: 'cameras.rows', id: {row}}}).online"
        _send(two[0], key, "offline")
        until(tab, f"{state} === 'offline'", 5)
        until(tab, AT_REST, 20)
        assert tab.evaluate("[window.same, window.shift, window.tiles]") == [True, 0, 0]
        asked = tab.evaluate("performance.getEntriesByName(location.origin + '/answer').length")
        with door.sources.primary.engine.begin() as connection:
            statuses.tick(connection, "halls")
        until(tab, f"performance.getEntriesByName(location.origin + '/answer').length > {asked}", 8)
        until(tab, AT_REST, 20)
        assert tab.evaluate("[window.same, window.shift]") == [True, 0]
        assert wrong == []
        browser.close()
    _send(two[0], key, "online")
    assert statuses.apply(door.sources.primary.engine, theme("cameras")) == 0
