"""The wall at every size it is built for: nothing scrolls, overlaps or is cut off, everything can be read from metres away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from app.choices import LOOKS
from tests.app.stood import TOWN, door  # noqa: F401
from tests.walks.test_browser import AT_REST, Walker, browser, url  # noqa: F401
from tests.walks.wall_measured import SIZES, faults, measured

pytestmark = pytest.mark.browser

LAID = "Boolean(document.querySelector('#card h2')) && Boolean(document.querySelector('#trend-graph .main-svg'))"


@pytest.fixture(scope="module")
def wall(browser: Browser, url: str) -> Iterator[Walker]:  # noqa: F811
    """One wall for all sizes; every fourth pixel is drawn, which moves no box by more than a hairline."""
    tab = browser.new_page(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce", device_scale_factor=0.25)
    made = Walker(tab, url)
    made.open(f"/wall?unit={TOWN}&themes=none&indicator=cameras.online")
    made.until(LAID)
    yield made
    tab.close()
    assert made.foreign == []
    assert made.wrong == []


def resized(tab: Page, width: int, height: int) -> None:
    tab.set_viewport_size({"width": width, "height": height})
    tab.wait_for_function("([w, h]) => innerWidth === w && innerHeight === h", arg=[width, height])
    tab.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 250))))")
    tab.wait_for_function("""() => {
        const room = document.querySelector('#trend-graph'), chart = room && room.querySelector('.main-svg');
        return chart && Math.abs(chart.getBoundingClientRect().width - room.getBoundingClientRect().width) < 8;
    }""", timeout=60_000)


def boxes_apart(boxes: list[list]) -> None:
    for at, (one, a) in enumerate(boxes):
        for other, b in boxes[at + 1:]:
            assert a["right"] <= b["left"] + 1 or b["right"] <= a["left"] + 1 or a["bottom"] <= b["top"] + 1 or b["bottom"] <= a["top"] + 1, (one, other)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_wall_fits(wall: Walker, width: int, height: int) -> None:
    resized(wall.tab, width, height)
    found = measured(wall.tab)
    assert faults(found, height) == []
    boxes_apart(found["boxes"])
    assert any(each["figure"] for each in found["texts"])
    assert {each["of"] for each in found["texts"]} >= {"head", "card", "trail", "legend", "foot"}


def test_every_flavour_can_be_read_and_comes_without_reload(wall: Walker) -> None:
    resized(wall.tab, 1920, 1080)
    wall.tab.evaluate("window.same = 1")
    for look in LOOKS[:3]:
        wall.tab.evaluate(f"onemapLine.ask('/wall?unit={TOWN}&themes=none&indicator=cameras.online&flavour={look}', false)")
        wall.answered(f"flavour={look}")
        wall.until(f"document.querySelector('.banner-side .as-of') && {AT_REST}")
        wall.tab.wait_for_timeout(300)
        assert faults(measured(wall.tab), 1080) == [], look
    assert wall.tab.evaluate("window.same") == 1


def test_lists_that_do_not_fit_move_on_by_whole_lines(wall: Walker) -> None:
    resized(wall.tab, 1080, 1920)
    seen: set[str] = set()
    ends = 12
    while ends and len(seen) < wall.tab.evaluate("document.querySelectorAll('#figures li').length"):
        shown = wall.tab.evaluate("[...document.querySelectorAll('#figures li')].filter((line) => !('cut' in line.dataset)).map((line) => line.textContent)")
        assert shown
        seen.update(shown)
        wall.tab.evaluate("document.dispatchEvent(new CustomEvent('onemap:step'))")
        ends -= 1
    assert ends
