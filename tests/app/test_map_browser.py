"""The map component alone, in a headless Chromium: what it draws, what it says, what it survives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import Engine, text

from app.classes import classes
from app.palette import DESK, FLAVOURS
from app.style import Here, picture, style
from app.tooltips import tooltips
from geodata import tiles
from geodata.door import Door
from layers import indicator, themes
from layers._ladder import LEVELS
from tests.app.bare_map import page, served
from tests.small_city import BOXES, CITY, EAST, WEST, lay

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist",
             "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
AT_REST = "window.onemap && window.onemap.stage.ready && window.onemap.stage.began === undefined && window.onemap.map.loaded()"
THEMES = tuple(themes().values())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


class Walker:
    """One tab on the bare map, with everything that went wrong in it."""

    def __init__(self, tab: Page, url: str) -> None:
        self.tab, self.url = tab, url
        self.wrong: list[str] = []
        self.foreign: list[str] = []
        tab.on("pageerror", lambda error: self.wrong.append(str(error)))
        tab.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        tab.on("request", lambda request: None if request.url.startswith((url, "blob:", "data:")) else self.foreign.append(request.url))
        tab.goto(url)
        self.rest()

    def rest(self) -> None:
        self.tab.wait_for_function(AT_REST, timeout=60_000)

    def set(self, **props: Any) -> None:
        self.tab.evaluate("props => window.dash_clientside.set_props('map', props)", props)
        self.tab.wait_for_timeout(100)
        self.rest()

    def drawn(self, layer: str) -> list[Any]:
        return sorted(self.tab.evaluate(
            "id => [...new Set(window.onemap.map.queryRenderedFeatures({layers: [id]}).map(f => f.id ?? f.properties.n))]", layer))

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        at = self.tab.evaluate("([lon, lat]) => window.onemap.map.project([lon, lat])", [lon, lat])
        return at["x"], at["y"]

    def heard(self, name: str) -> Any:
        return self.tab.evaluate("name => { const said = window.heard || []; return said.length ? said.at(-1)[name] : null; }", name)

    def hear(self, name: str, test: str) -> Any:
        self.tab.wait_for_function(f"(window.heard || []).length && (said => {test})(window.heard.at(-1)['{name}'])", timeout=20_000)
        return self.heard(name)

    def count(self, name: str) -> int:
        return self.tab.evaluate("name => window.onemap.counts[name]", name)


def _facts(engine: Engine, unit: str = CITY) -> dict[str, Any]:
    here = Here(unit=1, level="city", below=("county",), themes=("cameras",)) if unit == CITY else Here(
        unit=2, level="county", parent=1, themes=("cameras",))
    with Door(engine).reader() as reader:
        versions = tiles.versions(reader)
    _, shown = indicator("cameras.count")
    made = classes({2: 400.0, 3: 600.0} if unit == CITY else {2: 400.0}, shown, DESK)
    return {
        "picture": picture(here, THEMES, LEVELS), "camera": {"bounds": list(BOXES[unit]), "key": unit, "padding": 60},
        "outline": {"url": f"/outline/{unit}.json?v={versions['ladder']}"},
        "featureState": {"source": "county", "sourceLayer": "area", "values": made.states},
    }


@pytest.fixture
def walker(store: Engine, browser: Browser) -> Iterator[Walker]:
    lay(store)
    with Door(store).reader() as reader:
        made = style(THEMES, LEVELS, DESK, tiles.versions(reader))
    _, shown = indicator("cameras.count")
    facts = {**_facts(store), "mapStyle": made, "tooltip": tooltips(THEMES, LEVELS, shown), "lang": "zh",
             "words": {"map": "地图", "tiles": "部分图块未能加载", "lost": "显卡正在恢复"}}
    with served(page(Door(store), **facts)) as url:
        tab = browser.new_page(viewport={"width": 1000, "height": 640})
        yield Walker(tab, url)
        tab.close()


def test_it_draws_asks_no_other_host_and_says_ready(walker: Walker) -> None:
    assert walker.drawn("county:fill") == [2, 3]
    assert walker.drawn("county:label") == [2, 3]
    assert sum(walker.tab.evaluate(
        "() => window.onemap.map.queryRenderedFeatures({layers: ['cameras:cells']}).map(f => f.properties.n)")) >= 900
    assert walker.heard("ready") is True
    assert walker.heard("problem") is None
    assert (walker.foreign, walker.wrong) == ([], [])
    assert walker.tab.get_attribute("canvas.maplibregl-canvas", "aria-label") == "地图"


def _state(walker: Walker, unit: int) -> Any:
    """The class that the map colours a unit by, and the words under a pointer."""
    return walker.tab.evaluate("""id => { const unit = { source: 'county', sourceLayer: 'area', id }, { map, stage } = window.onemap;
        return { t: stage.shades.of(unit).t, c: map.getFeatureState(unit).c }; }""", unit)


def test_values_replace_the_ones_before(walker: Walker) -> None:
    assert _state(walker, 2)["t"] == "400 个"
    walker.set(featureState={"source": "county", "sourceLayer": "area", "values": {"3": {"v": 1, "c": 0, "t": "1 个"}}})
    assert (_state(walker, 2), _state(walker, 3)) == ({"t": None, "c": None}, {"t": "1 个", "c": 0})


def test_only_units_of_another_class_are_given_to_the_map(walker: Walker) -> None:
    state = {"source": "county", "sourceLayer": "area", "values": {"2": {"v": 2, "c": 3, "t": "2"}, "3": {"v": 1, "c": 0, "t": "1"}}}
    walker.set(featureState=state)
    before = walker.count("states")
    walker.set(featureState={**state, "values": {"2": {"v": 2.5, "c": 3, "t": "2.5"}, "3": {"v": 7, "c": 5, "t": "7"}}})
    assert (_state(walker, 2), _state(walker, 3)) == ({"t": "2.5", "c": 3}, {"t": "7", "c": 5})
    assert walker.count("states") == before + 1


def test_a_change_of_values_fetches_nothing_and_touches_no_layer(walker: Walker) -> None:
    asked: list[str] = []
    walker.tab.on("request", lambda request: asked.append(request.url))
    before = walker.count("patches")
    walker.set(featureState={"source": "county", "sourceLayer": "area", "values": {"2": {"v": 2, "c": 3, "t": "2"}}})
    assert (asked, walker.count("patches"), walker.count("styles")) == ([], before, 0)


def test_a_click_on_a_unit_says_its_code_and_on_the_outside_says_blank(walker: Walker) -> None:
    walker.tab.evaluate("() => window.onemap.map.setLayoutProperty('cameras:cells', 'visibility', 'none')")
    walker.set(picture={**picture(Here(unit=1, level="city", below=("county",)), THEMES, LEVELS)})
    walker.tab.mouse.click(*walker.point(124.1, 30.15))
    said = walker.hear("click", "said && said.kind === 'unit'")
    assert (said["code"], said["id"], said["theme"], said["key"]) == (WEST, 2, None, None)
    walker.tab.mouse.click(*walker.point(124.2, 30.215))
    walker.hear("click", "said && said.kind === 'blank'")


def test_drilling_down_draws_the_leaf_and_dims_the_rest(walker: Walker, store: Engine) -> None:
    walker.set(**_facts(store, WEST))
    assert walker.drawn("county:fill") == [2]
    assert walker.drawn("county:near") == [3]
    assert {feature for feature in walker.tab.evaluate(
        "() => window.onemap.map.queryRenderedFeatures({layers: ['outside', 'rim']}).map(f => f.layer.id)")} == {"outside", "rim"}
    north, south = walker.point(124.1, 30.2)[1], walker.point(124.1, 30.0)[1]
    assert (round(north), round(south)) == (60, 580)  # as large as the window and its padding allow
    assert walker.heard("viewport") is None  # the reader moved nothing


def test_a_click_on_a_cluster_comes_closer_until_rows_are_drawn_and_a_row_says_its_key(walker: Walker) -> None:
    _closer(walker)
    assert walker.hear("viewport", "said && said.zoom > 10")
    while _zoom(walker) < 13:
        _closer(walker)
    lon, lat = _first(walker, "cameras:rows")
    walker.tab.mouse.click(*walker.point(lon, lat))
    said = walker.hear("click", "said && said.kind === 'row'")
    assert (said["theme"], said["key"][0], round(said["lon"], 3)) == ("cameras", "c", round(lon, 3))
    walker.set(selected={"theme": "cameras", "id": said["id"], "lon": said["lon"], "lat": said["lat"]})
    assert walker.tab.evaluate("() => window.onemap.map.queryRenderedFeatures({layers: ['selected-ring']}).length") == 1


def _zoom(walker: Walker) -> float:
    return walker.tab.evaluate("() => window.onemap.map.getZoom()")


def _closer(walker: Walker) -> None:
    before = _zoom(walker)
    walker.tab.mouse.click(*walker.point(*_first(walker, "cameras:cells")))
    walker.tab.wait_for_function("before => window.onemap.map.getZoom() > before && !window.onemap.map.isMoving()", arg=before)
    walker.rest()


def _first(walker: Walker, layer: str) -> list[float]:
    """The drawn point nearest to the middle."""
    return walker.tab.evaluate("""id => { const map = window.onemap.map, middle = map.getCenter();
        const far = p => Math.hypot(p[0] - middle.lng, p[1] - middle.lat);
        return map.queryRenderedFeatures({layers: [id]}).map(f => f.geometry.coordinates).sort((a, b) => far(a) - far(b))[0]; }""", layer)


def test_the_pointer_is_answered_with_name_and_value_as_text(walker: Walker, store: Engine) -> None:
    walker.set(picture=picture(Here(unit=1, level="city", below=("county",)), THEMES, LEVELS))
    walker.tab.mouse.move(*walker.point(124.3, 30.13))
    walker.tab.wait_for_selector(".onemap-tip:not([hidden])")
    assert walker.tab.inner_text(".onemap-tip").split() == ["单位3", "监控点位数", "600", "个"]
    assert walker.tab.get_attribute(".onemap-hover .line", "d").startswith("M")
    assert walker.tab.evaluate("() => window.onemap.map.getCanvas().style.cursor") == "pointer"
    walker.tab.mouse.move(5, 5)
    walker.tab.wait_for_selector(".onemap-tip", state="hidden")
    assert walker.tab.get_attribute(".onemap-hover .line", "d") == ""


def test_escape_on_the_map_is_said_once_as_blank(walker: Walker) -> None:
    walker.tab.evaluate("() => document.addEventListener('keydown', () => { window.twice = true; })")
    walker.tab.focus("canvas.maplibregl-canvas")
    walker.tab.keyboard.press("Escape")
    assert walker.hear("click", "said && said.kind === 'blank'")["lon"] is None
    assert walker.tab.evaluate("() => window.twice") is None


def test_a_failed_tile_is_said_asked_for_again_and_freezes_nothing(walker: Walker, store: Engine) -> None:
    walker.tab.route("**/tiles/*halls*/**", lambda route: route.fulfill(status=500, body="no"))
    halls = {name: {"visibility": "visible"} for name in ("halls:cells", "halls:rows", "halls:count")}
    walker.tab.reload()
    assert walker.hear("problem", "said") == "部分图块未能加载"
    west = _facts(store, WEST)
    walker.set(**{**west, "picture": west["picture"] | halls})
    assert walker.drawn("county:fill") == [2]
    walker.tab.unroute("**/tiles/*halls*/**")
    with walker.tab.expect_response("**/tiles/*halls*/**", timeout=20_000) as again:
        pass
    assert again.value.status in (200, 204)
    assert walker.hear("problem", "said === null") is None
    assert [each for each in walker.wrong if "500" not in each] == []


def test_a_lost_graphics_context_comes_back_with_everything(walker: Walker) -> None:
    walker.tab.evaluate("""() => { const gl = window.onemap.map.getCanvas().getContext('webgl2');
        window.lose = gl.getExtension('WEBGL_lose_context'); window.lose.loseContext(); }""")
    assert walker.hear("problem", "said") == "显卡正在恢复"
    walker.tab.evaluate("() => window.lose.restoreContext()")
    walker.tab.wait_for_function("() => window.onemap.counts.restored === 1")
    walker.rest()
    assert walker.drawn("county:fill") == [2, 3]
    assert _state(walker, 2)["t"] == "400 个"
    assert walker.hear("problem", "said === null") is None


def test_a_larger_window_shows_the_same_ground_at_its_own_pixels(walker: Walker) -> None:
    walker.tab.set_viewport_size({"width": 5760, "height": 1080})
    walker.tab.wait_for_function("window.onemap.map.getCanvas().width === 5760", timeout=60_000)
    walker.rest()
    assert walker.tab.evaluate("() => [window.onemap.map.getCanvas().width, window.onemap.map.getCanvas().height]") == [5760, 1080]
    south, north = walker.point(124.2, 30.0)[1], walker.point(124.2, 30.2)[1]
    assert 40 <= north < 200 and 880 < south <= 1040


def test_the_reader_moving_the_map_is_heard(walker: Walker) -> None:
    walker.tab.mouse.move(500, 300)
    walker.tab.mouse.wheel(0, -600)
    said = walker.hear("viewport", "said && said.zoom > 0")
    assert set(said) == {"lon", "lat", "zoom"}


def test_newer_data_are_fetched_under_the_style_that_is_worn(walker: Walker, store: Engine) -> None:
    with store.begin() as connection:
        connection.execute(text("UPDATE onemap.versions SET version = 5 WHERE theme = 'cameras'"))
    with Door(store).reader() as reader:
        made = style(THEMES, LEVELS, DESK, tiles.versions(reader))
    asked: list[str] = []
    walker.tab.on("request", lambda request: asked.append(request.url))
    walker.set(mapStyle=made)
    assert walker.count("styles") == 0
    assert any("/5000000/" in url for url in asked)
    assert not any("/tiles/county/" in url for url in asked)
    assert walker.drawn("county:fill") == [2, 3]
    before = len(asked)
    walker.set(mapStyle=style(THEMES, LEVELS, DESK, {"ladder": 1_000_000, "cameras": 5_000_000}))
    assert len(asked) == before  # equal to what is worn: nothing is done


def test_a_new_style_keeps_picture_and_values(walker: Walker) -> None:
    walker.set(mapStyle=style(THEMES, LEVELS, FLAVOURS["wall"], {"ladder": 1_000_000}))
    assert walker.count("styles") == 1
    assert walker.drawn("county:fill") == [2, 3]
    assert _state(walker, 3)["t"] == "600 个"


def test_east_and_west_meet_without_a_gap(walker: Walker) -> None:
    """Along the shared border every pixel belongs to one of the two."""
    assert EAST != WEST
    x, y = walker.point(124.2, 30.1)
    found = walker.tab.evaluate("""([x, y]) => Array.from({length: 20}, (_, at) =>
        window.onemap.map.queryRenderedFeatures([x - 10 + at, y], {layers: ['county:fill']}).length)""", [x, y])
    assert min(found) >= 1
