"""The newcomer's next theme: one declaration and one data file, loaded, drawn and clicked, with no other change."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pandas as pd
import pytest
from playwright.sync_api import sync_playwright
from sqlalchemy import Engine

import layers
from app import create_app
from etl.__main__ import main as etl
from geodata import drawing, ready, tables, tiles
from geodata.door import Door
from geodata.settings import settings
from tests.app.bare_map import served
from tests.app.test_map_browser import ARGUMENTS, AT_REST, CHROMIUM
from tests.drawn import areas, points
from tests.until import until

pytestmark = pytest.mark.browser

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that counts as part of layers/, so that the test writes no file into the house."""
    folder = tmp_path / "layers"
    folder.mkdir()
    monkeypatch.setattr(layers, "__path__", [*layers.__path__, str(folder)])
    _forget()
    yield folder
    sys.modules.pop("layers.streetlamps", None)
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    """What a process has read of the declarations, and all that it has worked out from them."""
    layers.themes.cache_clear()
    for module in (tables, tiles, drawing, ready):
        for made in vars(module).values():
            if hasattr(made, "cache_clear"):
                made.cache_clear()


def declaration() -> str:
    """The street lamps of the README, so that its example is true for ever."""
    text = re.search(r"## Add a theme.*?```python\n(.*?)```", README.read_text(encoding="utf-8"), re.S)
    assert text
    return text[1]


def write_villages(folder: Path) -> Path:
    town = areas("AAAABBBB", "AAAABBBB", "AAAABBBB", "AAAABBBB")
    names = {"A": ("990101001201", "东村"), "B": ("990101001202", "西村")}
    town["区划代码"] = [names[each][0] for each in town.letter]
    town["名称"] = [names[each][1] for each in town.letter]
    whole = areas(*["T" * 8] * 4).assign(区划代码="990101001000", 名称="某镇")
    file = folder / "units.geojson"
    pd.concat([whole, town]).drop(columns="letter").to_file(file, driver="GeoJSON")
    (folder / "units.geojson.toml").write_text('theme = "units"\nas_of = 2026-10-31\n', encoding="utf-8")
    return file


def write_streetlamps(folder: Path) -> Path:
    found = points("........", ".o......", "......o.", "........").drop(columns="letter")
    found = found.assign(编号=["L1", "L2"], 名称=["东头路灯", "西头路灯"], 状态=["亮", "不亮"])
    file = folder / "streetlamps.geojson"
    file.write_text(json.dumps(json.loads(found.to_json()), ensure_ascii=False), encoding="utf-8")
    return file


def test_a_theme_is_one_declaration_and_one_data_file(shelf: Path, tmp_path: Path, engine: Engine, capsys) -> None:
    assert etl(["load", str(write_villages(tmp_path))]) == 0
    (shelf / "streetlamps.py").write_text(declaration(), encoding="utf-8")
    _forget()
    assert etl(["load", str(write_streetlamps(tmp_path)), "--theme", "streetlamps", "--as-of", "2026-10-31"]) == 0
    assert etl(["themes"]) == 0
    assert "路灯" in capsys.readouterr().out
    with Door(engine).reader() as reader:
        counted = reader.all("SELECT unit, value FROM onemap.indicators WHERE indicator = 'streetlamps.count' ORDER BY unit")
    assert {each["unit"]: each["value"] for each in counted} == {"990101001000": 2, "990101001201": 1, "990101001202": 1}
    with served(create_app(Door(engine), settings())) as base:
        _walk(base)


def _walk(base: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        tab = browser.new_page(viewport={"width": 1600, "height": 900})
        tab.goto(f"{base}?themes=streetlamps&at=124.06,30.02,14")
        until(tab, AT_REST)
        tab.get_by_text("路灯").first.wait_for()
        _press(tab, "L1")
        until(tab, "location.search.includes('row=streetlamps')", 10)
        assert "row=streetlamps/L1" in unquote(tab.url)
        tab.get_by_text("东头路灯").first.wait_for()
        tab.get_by_text("streetlamps.geojson").first.wait_for()
        browser.close()


def _press(tab, key: str) -> None:
    """A real press of the mouse on the pixel where a row is drawn."""
    until(tab, "window.onemap.map.queryRenderedFeatures().some((f) => f.sourceLayer === 'streetlamps.rows')", 20)
    at = tab.evaluate(
        """(key) => { const map = window.onemap.map, box = map.getCanvas().getBoundingClientRect();
        const row = map.queryRenderedFeatures().find((f) => f.sourceLayer === 'streetlamps.rows' && f.properties.key === key);
        const p = map.project(row.geometry.coordinates); return [p.x + box.left, p.y + box.top]; }""",
        key,
    )
    tab.mouse.click(*at)
