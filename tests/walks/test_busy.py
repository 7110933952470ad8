"""A page whose server has too many readers, or loses the line: a calm sentence, the last data stay, and it asks again by itself."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from playwright.sync_api import Page, sync_playwright

from app import create_app
from geodata.door import Door
from geodata.settings import settings
from geodata.turns import ANSWERS
from tests.app.bare_map import served
from tests.app.stood import TOWN, door  # noqa: F401
from tests.until import until
from tests.walks.test_browser import ARGUMENTS, CHROMIUM

pytestmark = pytest.mark.browser

BUSY = "此刻访问较多，画面保留最近一次数据，正在自动重试。"
LOST = "暂时连不上服务，画面保留最近一次数据，恢复后自动更新。"
LINE = "document.querySelector('#line-problem').textContent"


@pytest.fixture(scope="module")
def few(door) -> Iterator[Door]:  # noqa: F811
    """A door with one turn for answers that nobody waits for."""
    yield Door(door.sources.primary.engine, connections=3, patience=0.05)


@pytest.fixture(scope="module")
def tab(few: Door) -> Iterator[Page]:
    with served(create_app(few, settings())) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        opened = browser.new_page(viewport={"width": 1280, "height": 720})
        opened.goto(url)
        until(opened, "document.querySelector('#ranking a')")
        yield opened
        browser.close()


def test_a_busy_server_is_said_calmly_and_asked_again(tab: Page, few: Door):
    over, begun = Event(), Event()
    with ThreadPoolExecutor(1) as pool:
        kept = pool.submit(few.ask, lambda _: (begun.set(), over.wait(60)), None, ANSWERS)
        assert begun.wait(10)
        try:
            tab.click("#ranking a")
            until(tab, f"{LINE} === '{BUSY}'")
            assert tab.query_selector("#card h1, #card h2"), "the last data stay"
        finally:
            over.set()
        assert kept.result(20)
    until(tab, f"{LINE} === '' && document.querySelector('#up')", 30)
    assert "unit=" in tab.url


def test_a_line_that_breaks_under_an_answer_is_asked_again(tab: Page):
    broken: list[str] = []

    def breaks(route) -> None:
        broken.append(route.request.url)
        route.abort("connectionreset")

    tab.route("**/answer", breaks, times=1)
    tab.click("#up")
    until(tab, f"{LINE} === '{LOST}'")
    until(tab, f"{LINE} === '' && !document.querySelector('#up')", 30)
    assert len(broken) == 1 and TOWN not in tab.url
