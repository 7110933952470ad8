"""Heat, coverage, picks and classes in a real Chromium: what is drawn is the colour that the legend says for the number there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.palette import DESK
from geodata import heat
from geodata.kernel import LAST_ZOOM, STEP_BITS, bandwidth
from layers import theme
from tests.app.stood import TOWN, door  # noqa: F401
from tests.pixels import pixels
from tests.walks.test_browser import Walker, browser, url, walker  # noqa: F401

pytestmark = pytest.mark.browser
CAMERAS = theme("cameras")


def _painted(walker: Walker, places: list[tuple[float, float]]) -> list[str]:  # noqa: F811
    """Colours on the screen at places of the map."""
    found = walker.tab.evaluate("""(places) => {
        const box = onemap.map.getCanvas().getBoundingClientRect();
        return places.map((place) => { const at = onemap.map.project(place); return [box.left + at.x, box.top + at.y]; });
    }""", places)
    picture = pixels(walker.tab.screenshot())
    return ["#{:02x}{:02x}{:02x}".format(*picture[int(y), int(x)]) for x, y in found]


def _certain(door: Any, limits: tuple[float, ...], zoom: float) -> dict[tuple[float, float], int]:  # noqa: F811
    """Middles of kernel cells whose density is far from any break, and those of their neighbours too: class by place."""
    z, found = int(zoom), {}
    side = 2 ** (z + STEP_BITS)
    with door.reader() as reader:
        for x in range(int((123.9 + 180) / 360 * 2**z), int((124.2 + 180) / 360 * 2**z) + 1):
            for y in range(_row(30.1, z), _row(29.95, z) + 1):
                made = heat.density(reader, CAMERAS, "heat", (), (z, x, y))
                if made is None:
                    continue
                classes = np.searchsorted(limits, made.value, side="right") - 1
                for row, column in np.argwhere(classes[1:-1, 1:-1] > -9).tolist():
                    around = classes[row:row + 3, column:column + 3]
                    if around.min() == around.max():
                        lon = ((x << STEP_BITS) + column + 0.5) / side * 360 - 180
                        lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * ((y << STEP_BITS) + row + 0.5) / side))))
                        found[(float(lon), float(lat))] = int(around.min())
    return found


def _row(lat: float, z: int) -> int:
    return int((1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * 2**z)


def test_heat_is_painted_in_the_colour_of_its_density(walker: Walker, door) -> None:  # noqa: F811
    walker.open("/?themes=cameras:heat")
    zoom = walker.tab.evaluate("onemap.map.getZoom()")
    with door.reader() as reader:
        limits = heat.breaks(reader, CAMERAS, "heat")
    clear = walker.tab.evaluate("""() => { const rim = onemap.map.getSource('outline')._data; return Boolean(rim); }""")
    assert clear
    certain = _certain(door, limits, zoom)
    west, south, east, north = 124.0, 30.0, 124.04, 30.03
    inside = {at: each for at, each in certain.items() if west + 0.003 < at[0] < east - 0.003 and south + 0.003 < at[1] < north - 0.003}
    assert len(inside) > 30 and len(set(inside.values())) > 1
    inks = [DESK.land, *DESK.heat]
    painted = _painted(walker, list(inside))
    right = [ink == inks[each + 1] for ink, each in zip(painted, inside.values(), strict=True)]
    assert np.mean(right) > 0.8  # names, borders and panels lie over the rest
    said = [walker.tab.evaluate("(node) => getComputedStyle(node).backgroundColor", node) for node in walker.tab.query_selector_all("#legend .swatch")]
    assert said[:len(DESK.heat)] == [f"rgb({int(ink[1:3], 16)}, {int(ink[3:5], 16)}, {int(ink[5:], 16)})" for ink in reversed(DESK.heat)]
    metres = bandwidth(min(int(zoom), LAST_ZOOM))
    assert f"半径 {f'{metres / 1000:g} km' if metres >= 1000 else f'{metres} m'}" in walker.tab.inner_text("#legend p")


def test_heat_is_drawn_and_counted_in_other_ways_by_links(walker: Walker) -> None:  # noqa: F811
    asked: list[str] = []
    walker.tab.on("request", lambda request: asked.append(request.url))
    walker.open("/?themes=cameras:heat")
    walker.tab.click("#legend a:has-text('方格')")
    walker.at("/?themes=cameras:heat&heat=squares")
    walker.tab.click("#legend a:has-text('每千人')")
    walker.at("/?themes=cameras:heat&heat=squares&per=people")
    assert "/千人" in walker.tab.inner_text("#legend .steps")
    for part in ("cameras.heat/", "cameras.squares/", "cameras.squares_people/"):
        assert any(f"/tiles/{part}" in each for each in asked)


def test_picked_rows_are_all_that_is_fetched_and_the_address_says_so(walker: Walker) -> None:  # noqa: F811
    asked: list[str] = []
    walker.tab.on("request", lambda request: asked.append(request.url))
    walker.open("/?themes=cameras")
    walker.tab.click("#themes .picks summary")
    asked.clear()
    walker.tab.click("#themes .pick a:has-text('离线')")
    walker.at("/?themes=cameras&where=cameras.online:offline")
    assert any("/tiles/cameras~online.offline,cameras.sights~online.offline/" in each for each in asked)
    states = walker.tab.evaluate("onemap.map.queryRenderedFeatures({ layers: ['cameras:rows'] }).map((each) => each.properties.online)")
    assert states and set(states) == {"offline"}
    assert walker.tab.get_attribute("#themes .picks", "open") is not None


def test_clusters_wear_rings_of_shares(walker: Walker) -> None:  # noqa: F811
    walker.open("/?themes=cameras&at=124.02000,30.01500,11.50")
    every = walker.tab.evaluate("onemap.map.listImages()")
    rings = [each for each in every if each.startswith("ring/") and f"/{DESK.teal}/" in each]
    assert rings and all(f"/{DESK.good}=" in each and f"/{DESK.bad}=" in each for each in rings)


def test_classes_are_made_in_the_way_the_address_names(walker: Walker) -> None:  # noqa: F811
    walker.open("/?themes=none&indicator=cameras.count")
    walker.tab.click("#legend a:has-text('等间距')")
    walker.at("/?themes=none&indicator=cameras.count&classes=equal")
    assert walker.tab.inner_text("#legend .levels .current") == "等间距"
    assert walker.tab.get_attribute("#legend .levels .current", "title") == "各级数值跨度相同"


def test_units_without_a_value_are_hatched_on_the_map_and_in_the_legend(walker: Walker) -> None:  # noqa: F811
    walker.open(f"/?unit={TOWN}&themes=none&indicator=intersections.seen")
    assert walker.tab.evaluate(f"onemap.map.hasImage('hatch/{DESK.hatch}')")
    assert walker.tab.query_selector("#legend .hatched")
    west, south, east, north = walker.tab.evaluate("onemap.map.getBounds().toArray().flat()")
    middle = [(west + (east - west) * (0.45 + 0.001 * step), (south + north) / 2) for step in range(40)]
    assert {DESK.nodata, DESK.hatch} <= set(_painted(walker, middle)) | {DESK.hatch}
    assert len(set(_painted(walker, middle))) > 1  # strokes on a ground of one colour


def test_coverage_from_near_and_afar_designed_and_effective(walker: Walker, door) -> None:  # noqa: F811
    from geodata import rows

    with door.reader() as reader:
        row = rows.row(reader, "cameras", "10000000000000000001")
    walker.open(f"/?themes=cameras:seen&at={row.lon:.5f},{row.lat:.5f},15.50")
    assert walker.tab.evaluate("onemap.map.queryRenderedFeatures({ layers: ['cameras:ground'] }).length") > 0
    assert _painted(walker, [(row.lon + 0.0002, row.lat)]) == [DESK.met[1]]
    assert "看得到的地面" in walker.tab.inner_text("#legend") and "75%" not in walker.tab.inner_text("#legend")
    walker.tab.click("#legend a:has-text('有效覆盖')")
    walker.answered("sight=effective")
    assert walker.tab.evaluate("onemap.map.getSource('cameras.seen').tiles[0]").split("/tiles/")[1].startswith("cameras.seen_now/")
    walker.tab.evaluate("onemap.map.jumpTo({ zoom: 11 })")
    walker.until("document.getElementById('legend').innerText.includes('75%')")


def test_a_hand_that_moves_over_an_idle_map_paints_nothing(walker: Walker) -> None:  # noqa: F811
    walker.open("/")
    painted = walker.tab.evaluate("""async () => {
      const real = window.requestAnimationFrame;
      window.requestAnimationFrame = (act) => setTimeout(() => act(performance.now()), 60); // frames are dear here
      const heard = {}, counts = [];
      let n = 0;
      const map = {
        painter: { render() { n += 1; } }, handlers: { _requestFrame() { map.triggerRepaint(); } },
        on(name, act) { (heard[name] ||= []).push(act); }, fire(name) { (heard[name] || []).forEach((act) => act()); },
        isMoving: () => false, areTilesLoaded: () => true, triggerRepaint() { map._render(); }, redraw() { map._render(); },
        _render() { map.painter.render(); map.fire("idle"); },
      };
      const frames = window.onemapFrames(map), count = () => counts.push(n);
      map.triggerRepaint();
      await new Promise((done) => setTimeout(done, 400));
      for (let k = 0; k < 5; k += 1) map.handlers._requestFrame();
      count(); // the first picture, and no other for a hand
      map.triggerRepaint(); count(); // MapLibre itself has something new
      map.fire("data"); map.handlers._requestFrame(); count(); // a tile came
      frames.free(); map.handlers._requestFrame(); count(); // the page said something
      frames.now(); count();
      window.requestAnimationFrame = real;
      return counts;
    }""")
    assert painted == [1, 2, 3, 4, 5]
