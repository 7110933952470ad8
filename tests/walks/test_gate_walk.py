"""A messy workbook on its way through /data in a real Chromium: dropped, mapped, checked, rehearsed, published, taken back."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import Engine, text

from app import create_app
from geodata import tables
from geodata.door import Door
from geodata.settings import settings
from tests.app.bare_map import served
from tests.app.test_map_browser import ARGUMENTS, CHROMIUM
from tests.conftest import standing_on
from tests.etl.files import sheet
from tests.etl.test_pipeline import load, units
from tests.until import until

pytestmark = pytest.mark.browser

HEADS = ["礼堂编号", "名称<b onmouseover=alert(1)>", "使用情况", "座位数", "经度", "纬度"]
SCRIPT = "<img src=x onerror=\"window.hacked=1\"><script>window.hacked=1</script>"
ROWS = [["1", "甲", "在用中", "１００", 124.005, 30.005], ["2", SCRIPT, "正在建", 50, 124.015, 30.005], ["3", "丙", "关着", None, 124.025, 30.005],
        ["4", "=HYPERLINK(\"http://127.0.0.1\")", "在用中", 8, 0, 0]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def ground(new_database: Any, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    engine: Engine = new_database("gatewalk")
    tables.create_all(engine)
    load(engine, units(tmp_path_factory.mktemp("units")), "units", day=date(2025, 10, 31))
    return engine


@pytest.fixture(scope="module")
def url(ground: Engine, home: Path) -> Iterator[str]:
    with standing_on(ground.url), served(create_app(Door(ground), replace(settings(), home=home))) as address:
        command = [sys.executable, "-m", "etl", "work"]
        with subprocess.Popen(command, cwd=Path(__file__).parents[2], env={**os.environ, "ONEMAP_HOME": str(home)}) as runner:
            yield address.rstrip("/")
            runner.kill()


@pytest.fixture
def tab() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        made = browser.new_page(viewport={"width": 1600, "height": 1000})
        made.wrong = []  # type: ignore[attr-defined]
        made.on("pageerror", lambda error: made.wrong.append(str(error)))  # type: ignore[attr-defined]
        made.on("console", lambda said: made.wrong.append(said.text) if said.type == "error" else None)  # type: ignore[attr-defined]
        made.set_default_timeout(90_000)
        yield made
        assert not made.wrong  # type: ignore[attr-defined]
        browser.close()


def step(name: str) -> str:
    return f"section[data-section={name}]"


def of(ground: Engine, question: str) -> list[Any]:
    with ground.connect() as connection:
        return [tuple(row) for row in connection.execute(text(question))]


def test_all_the_way_and_back(tab: Page, url: str, ground: Engine, tmp_path: Path) -> None:
    file = sheet(tmp_path / "礼堂台账2025年11月.xlsx", [["某县文化礼堂台账"], [], HEADS, *ROWS])
    tab.goto(f"{url}/data")
    tab.set_input_files("#choose", file)
    # what it is: nothing tells the theme, so the operator says it
    tab.wait_for_selector(f"{step('guess')} .refusal, #mapping")
    if not tab.query_selector("#mapping"):
        tab.select_option(f"{step('guess')} select", "halls")
    tab.wait_for_selector("#mapping")
    assert tab.input_value("[name='f:code']") == HEADS[0]
    # fields and values are mended by hand
    tab.select_option("[name='f:name']", HEADS[1])
    tab.click("#mapping [type=submit]")
    tab.wait_for_selector(f"{step('check')} .findings")
    tab.click(f"{step('map')} summary.step-head")  # once more, now that the values are known
    for theirs, ours in (("在用中", "open"), ("正在建", "building"), ("关着", "closed")):
        tab.evaluate("([theirs, ours]) => { const one = document.querySelector(`[data-theirs='${theirs}']`); one.closest('details').open = true; one.value = ours; }", [theirs, ours])
    tab.fill("[name=as_of]", "2025-11-30")
    tab.click("#mapping [type=submit]")
    until(tab, "document.querySelector('section[data-section=check] .counts .good b')?.textContent === '3'", 90)
    # a finding leads to its row on the map
    until(tab, "document.getElementById('map').dataset.dots > 0")
    row = tab.locator("tr.placed").first
    row.click()
    until(tab, "document.querySelector('tr.chosen') && window.onemap && onemap.map.getZoom() > 12")
    # rehearsal: shown, and nothing is written
    tab.click("button[data-order=rehearse]")
    tab.wait_for_selector(f"{step('rehearse')} .indicators")
    assert tab.inner_text(f"{step('rehearse')} .counts .added b") == "3"
    assert of(ground, "SELECT count(*) FROM onemap.halls") == [(0,)]
    # what came from the file is text
    assert SCRIPT in tab.inner_text(step("rehearse"))
    assert tab.evaluate("() => window.hacked") is None
    # published as rehearsed, with a note
    tab.fill("[data-form=load] [name=note]", "十一月全量")
    tab.click("[data-form=load] [type=submit]")
    tab.wait_for_selector(f"{step('load')} .fine")
    assert of(ground, "SELECT file, reason, rehearsal IS NOT NULL, added, set_aside FROM onemap.loads WHERE theme = 'halls'") == [(file.name, "十一月全量", True, 3, 1)]
    assert sorted(of(ground, "SELECT key, state FROM onemap.halls")) == [("1", "open"), ("2", "building"), ("3", "closed")]
    # and QGIS has it at once
    linked = tab.eval_on_selector_all(f"{step('load')} a", "found => found.map((each) => each.getAttribute('href'))")
    layer, services = (next(each for each in linked if each.startswith(start)) for start in ("/export/halls.gpkg", "/ogc"))
    assert tab.request.get(url + layer).body().startswith(b"SQLite format 3")
    assert "/ogc/collections" in tab.request.get(url + services).text()
    tab.goto(f"{url}/?themes=halls")
    until(tab, "document.querySelector('#themes') && document.querySelector('#themes').textContent.includes('3')", 90)
    # the ledger, and back
    tab.goto(f"{url}/data?tab=loads")
    tab.click(".loads li:first-child a.danger")
    tab.fill("[data-form=rollback] [name=note]", "试验")
    tab.click("[data-form=rollback] [type=submit]")
    tab.wait_for_selector(f"{step('loads')} .fine")
    assert of(ground, "SELECT count(*) FROM onemap.halls") == [(0,)]
    assert of(ground, "SELECT kind, reason FROM onemap.loads ORDER BY id DESC LIMIT 1") == [("rollback", "试验")]
