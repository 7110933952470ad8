"""A wall gets over twenty-eight faults by itself: its last picture stays with its date, nobody is asked, and within a minute it goes on.

``./onemap test -m slow tests/walks/test_wall_faults.py`` injects every one of them into a store, a server of two workers and a browser; the
normal run injects some of the page's own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page

from geodata import playlists
from geodata.door import Door
from geodata.store import connect
from geodata.writing import write
from tests.app.stood import TOWN, VILLAGE, door, lay  # noqa: F401
from tests.app.test_serving import REPOSITORY, Served, _free_port
from tests.geodata.replicated import eventually, replicated
from tests.pixels import pixels
from tests.walks import wall_faults
from tests.walks.test_browser import AT_REST, browser, url  # noqa: F401
from tests.walks.wall_faults import Ground

pytestmark = pytest.mark.browser

LASTS_S, RECOVERED_S = 3.0, 60.0
SCENES = [{"view": f"/wall?unit={TOWN}&themes=none", "seconds": 3}, {"view": "/wall?themes=none&indicator=cameras.hd", "seconds": 3},
          {"view": "/wall?themes=none&unit=990199", "seconds": 3}, {"view": f"/wall?unit={VILLAGE}&themes=none&indicator=cameras.intact", "seconds": 3}]
THEIRS = ("Failed to load resource", "net::ERR", "WebGL: CONTEXT_LOST", "Canvas2D", "GPU stall", "onemap: Failed to fetch", "AJAXError")
"""What browser and map library say of a fault itself, in their own words."""


class Watch:
    """What a reader before the wall sees of a fault, look by look."""

    def __init__(self, tab: Page) -> None:
        self.tab, self.wrong, self.dialogs = tab, list[str](), list[str]()
        tab.on("pageerror", lambda error: self.wrong.append(error.stack or str(error)))
        tab.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" and not any(each in said.text for each in THEIRS) else None)
        tab.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))

    def look(self) -> None:
        """The picture is there, with the date of its data."""
        told = self.tab.evaluate("[document.querySelector('#card h2')?.innerText, document.querySelector('.banner-side .as-of')?.innerText, document.querySelectorAll('#ranking li, #figures li').length]")
        assert told[0] and "2026-" in told[1] and told[2], told

    def white(self) -> float:
        """Share of the picture that is as good as white."""
        return float((pixels(self.tab.screenshot()) > 245).all(axis=2).mean())

    def _now(self) -> list:
        """Scenes shown, whether the map rests, what is said, and when the page began; nothing while it is opened anew."""
        with suppress(Error):
            return self.tab.evaluate(f"[window.onemapScenes ? onemapScenes.player.shown : 0, {AT_REST}, document.querySelector('#line-problem')?.textContent, performance.timeOrigin]")
        return [0, False, "", 0.0]

    def goes_on(self) -> None:
        """Scenes follow each other again, the map comes to rest, nothing is said of a fault any more."""
        began, shown = time.monotonic(), None
        while True:
            now = self._now()
            if shown is None or now[3] != shown[3]:
                shown = now  # opened anew: it counts from its beginning
            if now[0] >= shown[0] + 2 and now[1] and not now[2]:
                return
            assert time.monotonic() - began < RECOVERED_S, f"not recovered: {now}"
            self.tab.wait_for_timeout(100)


def overcomes(on: Ground, watch: Watch, fault: Callable[[Ground], wall_faults.Ends]) -> None:
    watch.goes_on()
    ends, began = fault(on), time.monotonic()
    try:
        while ends and time.monotonic() < began + LASTS_S:
            watch.look()
            on.tab.wait_for_timeout(250)
        assert watch.white() < 0.5
        watch.look()
    finally:
        if ends:
            ends()
    watch.goes_on()
    watch.look()
    assert watch.wrong == [] and watch.dialogs == []


def _tab(browser: Browser, base: str) -> tuple[Page, Watch]:  # noqa: F811
    tab = browser.new_page(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce", device_scale_factor=0.25)
    watch = Watch(tab)
    tab.goto(f"{base}/wall?scenes=faults&themes=none")
    return tab, watch


@pytest.fixture(scope="module")
def near(browser: Browser, url: str, door: Door) -> Iterator[tuple[Ground, Watch]]:  # noqa: F811
    """A wall on the tests' own server: faults of the page."""
    write(door, lambda writer: playlists.put(writer, "faults", SCENES, "test"))
    tab, watch = _tab(browser, url)
    yield Ground(tab, url), watch
    tab.close()


FEW = (wall_faults.half_answers, wall_faults.tiles_fail, wall_faults.context_lost, wall_faults.browser_offline)


@pytest.mark.parametrize("fault", FEW, ids=lambda fault: fault.__name__)
def test_a_wall_gets_over(near: tuple[Ground, Watch], fault) -> None:
    overcomes(*near, fault)
    assert any("990199" in each["why"] for each in near[0].tab.evaluate("onemapScenes.player.skipped"))


@pytest.fixture(scope="module")
def far(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ground, Watch]]:  # noqa: F811
    """A wall on a store with a replica and a server of two workers of its own."""
    keys: Path = tmp_path_factory.mktemp("feed") / "keys.txt"
    keys.write_text("k" * 20 + "\n")
    port, running = _free_port(), list[subprocess.Popen]()
    with replicated(1, lay) as (primary, (replica,)):
        surroundings = {**os.environ, "ONEMAP_DATABASE_URL": primary.url().render_as_string(), "ONEMAP_REPLICA_URLS": replica.url().render_as_string(), "ONEMAP_FEED_KEYS_FILE": str(keys)}

        def serve() -> int:
            words = [sys.executable, "-m", "app", "serve", "--port", str(port), "--workers", "2"]
            running.append(subprocess.Popen(words, cwd=REPOSITORY, env=surroundings, stdout=subprocess.DEVNULL))
            return running[-1].pid

        engine = connect(primary.url())
        write(Door(engine), lambda writer: playlists.put(writer, "faults", SCENES, "test"))
        server = serve()
        eventually(lambda: Served(running[-1], port).well(), 150)
        tab, watch = _tab(browser, f"http://127.0.0.1:{port}")
        yield Ground(tab, f"http://127.0.0.1:{port}", primary, replica, engine, serve, server), watch
        tab.close()
        engine.dispose()
        for each in running:
            each.terminate()
            each.wait(60)


@pytest.mark.slow
@pytest.mark.parametrize("fault", (*wall_faults.OF_THE_PAGE, *wall_faults.OF_THE_SERVER), ids=lambda fault: getattr(fault, "__qualname__", "fault").split(".")[0])
def test_every_fault(far: tuple[Ground, Watch], fault) -> None:
    overcomes(*far, fault)
