"""A walk into one number in a real Chromium: opened with one click, its rows, its readings, another day beside it, and back."""

from __future__ import annotations

import pytest

from tests.app.stood import TOWN, door  # noqa: F401
from tests.walks.test_browser import Walker, browser, url, walker  # noqa: F401

pytestmark = pytest.mark.browser


def test_a_number_is_opened_read_under_another_definition_and_closed(walker: Walker) -> None:  # noqa: F811
    tab = walker.tab
    walker.open("/?indicator=cameras.online")
    tab.click("#figures li:has-text('在线率') a.why")
    walker.until(lambda: "48 ÷ 60" in tab.inner_text("#explain"))
    assert "explain=cameras.online" in tab.url and "按原始记录重算：一致" in tab.inner_text("#explain")
    walker.rest()
    marked = tab.evaluate("window.onemap.map.getSource('selected').serialize().data.features.length")
    assert marked == 60

    tab.click("#explain .explain-tabs a:has-text('未计入')")
    walker.until(lambda: tab.locator("#explain .mark-dot.counted").count() == 0 and tab.locator("#explain .mark-dot.rest").count() == 12)
    tab.click("#explain .explain-number a:has-text('严格')")
    walker.until(lambda: "在用、在线且联网的点位" in tab.inner_text("#explain .explain-facts"))
    with tab.expect_download() as saved:
        tab.click("#explain h3 a:has-text('CSV')")
    assert saved.value.suggested_filename.startswith("cameras.online-") and saved.value.suggested_filename.endswith("-strict.csv")
    tab.click("#explain details summary")
    assert "WITH counted_rows" in tab.inner_text("#explain .explain-sql")

    tab.keyboard.press("Escape")
    walker.until(lambda: not tab.inner_text("#explain").strip())
    tab.click(f"#ranking a.why[href*='unit={TOWN}']")
    walker.until(lambda: TOWN in tab.url and "在线率" in tab.inner_text("#explain"))

    walker.open("/?indicator=cameras.online&against=2026-05-31")
    walker.until(lambda: tab.locator("#compare table tbody tr").count() > 5)
    assert "与2026-05-31对比" in tab.inner_text("#compare summary")
