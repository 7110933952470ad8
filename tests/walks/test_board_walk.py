"""A walk over the board in a real Chromium: filter, open, down to a unit's own board, back, and out to the map."""

from __future__ import annotations

import pytest

from tests.app.stood import TOWN, door  # noqa: F401
from tests.walks.test_browser import Walker, browser, url, walker  # noqa: F401

pytestmark = pytest.mark.browser


def test_from_the_desk_to_a_unit_s_own_board_and_to_the_map(walker: Walker) -> None:  # noqa: F811
    tab = walker.tab

    def shows(path: str) -> None:
        walker.until(lambda: tab.url == walker.url + path and tab.get_attribute("#shell", "data-here") == path)

    walker.open("/")
    tab.click("#head a:has-text('责任清单')")
    shows("/board")
    lines = tab.locator("#board .line")
    walker.until(lambda: lines.count() > 90)
    assert tab.locator("#map").is_hidden()

    tab.click("#board a.level:has-text('发改高技996号')")
    shows("/board?document=video996")
    walker.until(lambda: lines.count() == 2)
    tab.click("#board .line >> nth=1")
    shows("/board?document=video996&target=FG-996-3")
    walker.until(lambda: "在线率" in tab.inner_text("#target"))
    assert tab.locator("#target img.chart").evaluate("image => image.complete && image.naturalWidth > 0")

    tab.click(f"#target .unit-line[href*='unit={TOWN}']")
    shows(f"/board?unit={TOWN}&document=video996&target=FG-996-3")
    walker.until(lambda: tab.inner_text("#board h1 small") != "")
    tab.keyboard.press("Escape")
    shows("/board?document=video996&target=FG-996-3")
    tab.go_back()
    shows(f"/board?unit={TOWN}&document=video996&target=FG-996-3")

    with tab.expect_download() as saved:
        tab.click("#board .exports a:has-text('CSV')")
    assert saved.value.suggested_filename.endswith(".csv")

    tab.click("#target .onward a")
    walker.until(lambda: "/?unit=" in tab.url and "/board" not in tab.url)
    walker.rest()
    assert "在线率" in tab.inner_text("#legend")
