"""Walks through the pages in a real Chromium without a way out: every step by click, key, link, history and address."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from app import create_app
from geodata.settings import settings
from tests.app.bare_map import served
from tests.app.stood import COUNTY, TOWN, VILLAGE, door  # noqa: F401

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist",
             "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"]
AT_REST = "Boolean(window.onemap && onemap.stage.ready && onemap.stage.began === undefined && onemap.map.loaded())"
CAMERA = "10000000000000000001"


@pytest.fixture(scope="module")
def url(door) -> Iterator[str]:  # noqa: F811
    with served(create_app(door, settings())) as address:
        yield address.rstrip("/")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


class Walker:
    """One tab, with all that it asked for and all that went wrong in it."""

    def __init__(self, tab: Page, url: str) -> None:
        self.tab, self.url = tab, url
        self.wrong: list[str] = []
        self.foreign: list[str] = []
        self.answers: list[dict[str, Any]] = []
        tab.add_init_script("window.onemapCareful = true")
        tab.on("pageerror", lambda error: self.wrong.append(error.stack or str(error)))
        tab.on("console", lambda said: self.wrong.append(said.text) if said.type in ("error", "warning") else None)
        tab.on("request", self._asked)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.url, "blob:", "data:")):
            self.foreign.append(request.url)
        if request.url.endswith("/answer"):
            self.answers.append(json.loads(request.post_data))

    def until(self, truth: str | Callable[[], bool], seconds: float = 60.0) -> None:
        ends = time.monotonic() + seconds
        while not (truth() if callable(truth) else self.tab.evaluate(truth)):
            assert time.monotonic() < ends, f"{truth} never came true at {self.tab.url}"
            self.tab.wait_for_timeout(50)  # lets the tab's events come in, which time.sleep does not

    def open(self, path: str) -> None:
        self.tab.goto(self.url + path)
        self.rest()

    def rest(self) -> None:
        self.until("Boolean(document.querySelector('#card h1, #card h2'))")
        self.until(AT_REST)

    def at(self, path: str) -> None:
        """Wait until the address is this one, and the page shows what it says."""
        self.until(lambda: self.tab.url == self.url + path and self.tab.get_attribute("#shell", "data-here") == path)
        self.rest()

    def answered(self, part: str) -> None:
        """Wait until the page shows an address with this part."""
        self.until(lambda: part in (self.tab.get_attribute("#shell", "data-here") or ""))
        self.rest()

    def spot(self, lon: float, lat: float) -> tuple[float, float]:
        """Where on the screen a place is drawn."""
        x, y = self.tab.evaluate("""([lon, lat]) => {
            const { map, stage } = window.onemap, at = map.project([lon, lat]), box = map.getCanvas().getBoundingClientRect();
            const zoom = stage.node.currentCSSZoom || 1;
            return [box.left + at.x * zoom, box.top + at.y * zoom];
        }""", [lon, lat])
        return float(x), float(y)

    def over_map(self, lon: float, lat: float) -> None:
        self.tab.mouse.move(*self.spot(lon, lat))

    def click_map(self, lon: float, lat: float) -> None:
        self.tab.mouse.click(*self.spot(lon, lat))

    def state(self) -> dict[str, Any]:
        """What a reader sees, as far as it can be compared."""
        return self.tab.evaluate("""() => {
            const text = (id) => document.getElementById(id).innerText;
            const regions = ["trail", "themes", "legend", "card", "figures", "ranking", "row"].map(text);
            const shown = onemap.stage.worn.layers.map((layer) => [layer.id, layer.filter, (layer.layout || {}).visibility]);
            const centre = onemap.map.getCenter();
            return { regions, shown, known: onemap.stage.known, zoom: onemap.map.getZoom().toFixed(3),
                     lon: centre.lng.toFixed(4), lat: centre.lat.toFixed(4), title: document.title, url: location.search };
        }""")


@pytest.fixture
def walker(browser: Browser, url: str) -> Iterator[Walker]:
    tab = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    made = Walker(tab, url)
    yield made
    tab.close()
    assert made.foreign == []
    assert made.wrong == []


def middle(code: str) -> tuple[float, float]:
    from tests.geodata.laid import nested

    west, south, east, north = nested()[code][2].bounds
    return west + (east - west) * 0.62, south + (north - south) * 0.68  # the legend lies over the lower left of the map


def test_down_to_a_grid_by_clicks_and_one_question_each(walker: Walker) -> None:
    walker.open("/?themes=none")
    for code in (TOWN, VILLAGE, f"{VILLAGE}001"):
        walker.answers.clear()
        walker.click_map(*middle(code))
        walker.at(f"/?unit={code}&themes=none")
        assert len(walker.answers) == 1
        assert f"区划代码 {code}" in walker.tab.inner_text("#card")


def test_what_the_hand_rests_on_is_asked_for_before_it_is_pressed(walker: Walker) -> None:
    def rests(move: Callable[[], None]) -> str:
        walker.answers.clear()
        move()
        walker.until(lambda: len(walker.answers) == 1)
        return walker.answers[0]["asked"]["url"]

    walker.open("/?themes=none")
    assert rests(lambda: walker.over_map(*middle(TOWN))) == f"/?unit={TOWN}&themes=none"
    walker.tab.wait_for_timeout(400)
    walker.click_map(*middle(TOWN))
    walker.at(f"/?unit={TOWN}&themes=none")
    assert len(walker.answers) == 1  # the one that was foreseen
    there = walker.state()
    assert rests(lambda: walker.tab.hover("#up")) == "/?themes=none"
    walker.tab.wait_for_timeout(400)
    walker.tab.click("#up")
    walker.at("/?themes=none")
    assert len(walker.answers) == 1
    walker.click_map(*middle(TOWN))  # at once: the hand has not rested
    walker.at(f"/?unit={TOWN}&themes=none")
    assert walker.state() == there


def test_five_ways_back_give_the_same_picture(walker: Walker) -> None:
    states = []
    ways = (
        lambda: walker.tab.click("#up"),
        lambda: walker.tab.click(f".crumbs a[href*='{TOWN}']"),
        lambda: walker.tab.keyboard.press("Escape"),
        lambda: walker.tab.go_back(),
        lambda: walker.click_map(123.9, 30.2),
    )
    for way in ways:
        walker.open(f"/?unit={TOWN}&themes=none")
        walker.click_map(*middle(VILLAGE))
        walker.at(f"/?unit={VILLAGE}&themes=none")
        if way is ways[-1]:
            walker.tab.evaluate("onemap.map.jumpTo({ center: [124.02, 30.015], zoom: 9 })")
            walker.tab.wait_for_timeout(600)
            walker.rest()
        way()
        walker.at(f"/?unit={TOWN}&themes=none")
        walker.tab.wait_for_timeout(300)
        states.append(walker.state())
    walker.open(f"/?unit={TOWN}&themes=none")
    states.append(walker.state())
    assert all(each == states[0] for each in states[1:])


def test_an_address_reopened_is_the_same_picture(walker: Walker) -> None:
    walker.open("/?themes=none")
    walker.click_map(*middle(TOWN))
    walker.answered("unit=")
    walker.tab.click("a.figure[href*='indicator=cameras.intact']")
    walker.answered("indicator=cameras.intact")
    walker.tab.wait_for_timeout(500)
    before = walker.state()
    walker.tab.reload()
    walker.rest()
    walker.tab.wait_for_timeout(500)
    assert walker.state() == before


def test_another_indicator_keeps_the_map_where_the_reader_left_it(walker: Walker) -> None:
    walker.open("/?themes=none&at=124.01000,30.01000,13.00")
    zoom = walker.state()["zoom"]
    walker.tab.click("a.figure[href*='indicator=cameras.intact']")
    walker.at("/?themes=none&indicator=cameras.intact&at=124.01000,30.01000,13.00")
    assert walker.state()["zoom"] == zoom == "13.000"


def test_a_click_on_a_camera_opens_its_card_and_escape_closes_it(walker: Walker, door) -> None:  # noqa: F811
    from geodata import rows

    with door.reader() as reader:
        row = rows.row(reader, "cameras", CAMERA)
    walker.open(f"/?themes=cameras&at={row.lon:.5f},{row.lat:.5f},16.00")
    walker.click_map(row.lon, row.lat)
    walker.until(lambda: f"row=cameras/{CAMERA}" in walker.tab.url)
    walker.until("document.getElementById('row').innerText.includes('相机1')")
    assert "cameras.csv" in walker.tab.inner_text("#row")
    walker.tab.keyboard.press("Escape")
    walker.until("document.getElementById('row').innerText === ''")
    assert "row=" not in walker.tab.url


def test_search_by_keyboard(walker: Walker) -> None:
    walker.open("/?lang=en")
    walker.tab.keyboard.press("/")
    walker.tab.keyboard.type(VILLAGE)
    walker.until("document.querySelectorAll('#hits a').length > 0")
    assert walker.tab.input_value("#search") == VILLAGE
    walker.tab.keyboard.press("Enter")
    walker.at(f"/?unit={VILLAGE}&lang=en")
    assert walker.tab.evaluate("document.documentElement.lang") == "en"
    assert walker.tab.input_value("#search") == ""


def test_switches_by_keyboard(walker: Walker) -> None:
    walker.open("/?themes=none")
    walker.tab.focus("a[role=switch]")
    walker.tab.keyboard.press("Space")
    walker.until(lambda: "themes=grids" in walker.tab.url)
    walker.until("document.querySelector('a[role=switch]').getAttribute('aria-checked') === 'true'")


def test_the_chart_comes_after_the_map(walker: Walker) -> None:
    asked: list[str] = []
    walker.tab.on("request", lambda request: asked.append(request.url))
    walker.open("/?indicator=cameras.count")
    walker.until("Boolean(document.querySelector('#trend-graph .main-svg'))")
    chart = next(at for at, each in enumerate(asked) if "plotly" in each)
    assert any("/tiles/" in each for each in asked[:chart])


def test_languages_change_in_place(walker: Walker) -> None:
    walker.open("/?themes=none")
    walker.tab.click("a[title='Switch to English']")
    walker.at("/?themes=none&lang=en")
    walker.until("document.getElementById('figures').innerText.includes('Online rate')")
    assert walker.tab.title().endswith("Rural One Map")


def test_the_wall_drills_by_touching_it(walker: Walker) -> None:
    walker.tab.set_viewport_size({"width": 1920, "height": 1080})
    walker.open("/wall?themes=none")
    walker.click_map(*middle(TOWN))
    walker.at(f"/wall?unit={TOWN}&themes=none")
    walker.tab.click("#up")
    walker.at("/wall?themes=none")


def test_a_wrong_address_is_said_and_the_map_stays(walker: Walker) -> None:
    walker.open("/?unit=999&themes=kites")
    said = walker.tab.inner_text("#problems")
    assert "unit=999：没有这个区划；已回到首页。" in said
    assert "themes=kites：没有这个图层；已忽略。" in said
    assert COUNTY in walker.tab.inner_text("#card")


def test_colours_of_text_can_be_read(walker: Walker) -> None:
    for path, least in (("/", 4.5), ("/wall", 7.0)):
        walker.open(path)
        colours = walker.tab.evaluate("""() => {
            const style = getComputedStyle(document.getElementById("shell"));
            return Object.fromEntries(["ink", "ink-quiet", "panel", "surface"].map((name) => [name, style.getPropertyValue("--" + name).trim()]));
        }""")
        for ink in ("ink", "ink-quiet"):
            for ground in ("panel", "surface"):
                assert contrast(colours[ink], colours[ground]) >= least, (path, ink, ground)


def contrast(one: str, other: str) -> float:
    """WCAG 2.1 contrast ratio of two colours."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at:at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
