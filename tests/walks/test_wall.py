"""The wall at every size it is built for: nothing scrolls, overlaps or is cut off, everything can be read from metres away."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from app.choices import LOOKS
from geodata import playlists
from geodata.judging import STATES
from geodata.writing import write
from tests.app.stood import TOWN, door  # noqa: F401
from tests.golden_files import GOLDEN
from tests.walks import wall_pictures
from tests.walks.test_browser import AT_REST, Walker, browser, url  # noqa: F401
from tests.walks.wall_measured import SIZES, faults, laid_out, measured

pytestmark = pytest.mark.browser

LAID = "Boolean(document.querySelector('#card h2')) && Boolean(document.querySelector('#trend-graph .main-svg'))"

SHIFT_MS = 300_000
"""How often a wall moves against burnt-in pixels (assets/wall-screen.js): here it moves when a test says so, or pictures would differ by the hour."""

POSITIONS = 8


@pytest.fixture(scope="module")
def wall(browser: Browser, url: str) -> Iterator[Walker]:  # noqa: F811
    """One wall for all sizes; every fourth pixel is drawn, which moves no box by more than a hairline."""
    tab = browser.new_page(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce", device_scale_factor=0.25)
    tab.add_init_script(f"const every = setInterval; window.setInterval = (does, ms, ...rest) => ms === {SHIFT_MS} ? 0 : every(does, ms, ...rest);")
    made = Walker(tab, url)
    made.open(f"/wall?unit={TOWN}&themes=none&indicator=cameras.online")
    made.until(LAID)
    tab.evaluate("document.dispatchEvent(new CustomEvent('onemap:hold', { detail: true }))")  # nothing takes turns: pictures are compared
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


def fits(tab: Page, height: int) -> dict:
    found = measured(tab)
    assert faults(found, height) == []
    boxes_apart(found["boxes"])
    assert any(each["figure"] for each in found["texts"])
    assert {each["of"] for each in found["texts"]} >= {"head", "card", "trail", "legend", "foot"}
    return found


def test_the_picture_moves_against_burnt_in_pixels_and_comes_back(wall: Walker) -> None:
    tab = wall.tab
    resized(tab, 1920, 1080)
    where = "(() => { const box = document.getElementById('shell').getBoundingClientRect(); return [box.left, box.top]; })()"
    first = tab.evaluate(where)
    stood = []
    for _ in range(POSITIONS):
        stood.append(tab.evaluate(f"() => {{ onemapScreen.drift(); return {where}; }}"))
        assert tab.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [1920, 1080], stood[-1]
    assert stood[-1] == first and len({tuple(each) for each in stood}) == POSITIONS
    assert all(abs(left - first[0]) <= 2 and abs(top - first[1]) <= 2 for left, top in stood)


@pytest.fixture(scope="module")
def sheet(browser: Browser) -> Iterator[Page]:  # noqa: F811
    tab = browser.new_page()
    yield tab
    tab.close()


LARGER = [(3840, 2160), (7680, 2160)]
"""Sizes that are others twice over: the same picture."""


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_wall_fits(wall: Walker, sheet: Page, request: pytest.FixtureRequest, golden: Callable[[str, str], None], width: int, height: int) -> None:
    resized(wall.tab, width, height)
    found, name = laid_out(fits(wall.tab, height)["boxes"], width, height), f"walls/{width}x{height}.json"
    if request.config.getoption("--bless"):
        golden(name, json.dumps(found) + "\n")
    held = json.loads((GOLDEN / name).read_text())
    assert {each: pytest.approx(box, abs=1) for each, box in held.items()} == found
    if (width, height) not in LARGER:
        looks_as_it_did(wall, sheet, GOLDEN / name.replace("json", "png"), request.config.getoption("--bless"))


def looks_as_it_did(wall: Walker, sheet: Page, held: Path, bless: bool) -> None:
    wall.until(AT_REST)
    seen = wall_pictures.small(sheet, wall.tab)
    if bless:
        held.write_bytes(seen)
    share = wall_pictures.apart(sheet, held.read_bytes(), seen)
    assert share < wall_pictures.MOST, f"{held}: {share:.1%} of the wall is another one; look at it, and run ./onemap test --bless."


@pytest.mark.parametrize("panel", ["figures", "stage", "card", "trend"])
def test_a_wall_without_a_panel_is_told_from_it(sheet: Page, panel: str) -> None:
    held = (GOLDEN / "walls/1920x1080.png").read_bytes()
    box = json.loads((GOLDEN / "walls/1920x1080.json").read_text())[panel]
    assert wall_pictures.apart(sheet, held, wall_pictures.without(sheet, held, box)) > wall_pictures.MOST
    assert wall_pictures.apart(sheet, held, held) == 0


HALVES = sorted({round(width / height, 3): (width // 2, height // 2) for width, height in reversed(SIZES)}.values())
"""Each ratio of the sizes once, at half of the pixels or fewer: everything follows the wall's height."""


def test_the_wall_fits_in_english(wall: Walker) -> None:
    wall.tab.evaluate(f"onemapLine.ask('/wall?unit={TOWN}&themes=none&indicator=cameras.online&lang=en', false)")
    wall.until("document.documentElement.lang === 'en' && document.querySelector('#figures h2').textContent.includes('Targets')")
    for width, height in HALVES:
        resized(wall.tab, width, height)
        fits(wall.tab, height)
    wall.tab.evaluate(f"onemapLine.ask('/wall?unit={TOWN}&themes=none&indicator=cameras.online', false)")
    wall.until("document.documentElement.lang !== 'en' && !document.querySelector('#figures h2').textContent.includes('Targets')")


def test_targets_stand_in_the_five_states_of_the_board_and_each_panel_has_its_day(wall: Walker) -> None:
    resized(wall.tab, 3840, 1080)
    told = wall.tab.evaluate("[...document.querySelectorAll('#foot .marks li')].map((each) => [each.className, Number(each.querySelector('b').textContent)])")
    assert [name for name, _ in told] == list(STATES) and sum(n for _, n in told) > 0
    board = wall.tab.evaluate(
        "(unit) => fetch('/answer', { method: 'POST', body: JSON.stringify({ asked: { url: '/board?unit=' + unit }, known: {} }) }).then((each) => each.json()).then((each) => JSON.stringify(each.parts))", TOWN)
    for name, n in told:
        assert f'"className":"light {name}"' in board and f'"children":"{n}"' in board, name
    dated = wall.tab.evaluate("['card', 'figures', 'ranking', 'covered', 'trend', 'legend', 'themes'].filter((id) => !document.querySelector(`#${id} .stamp`))")
    assert dated == []


LABELS = """() => {
    const map = onemap.map, layers = map.getStyle().layers.map((each) => each.id).filter((id) => id.endsWith(':label'));
    const zoom = map.getContainer().currentCSSZoom || 1, room = map.getContainer().getBoundingClientRect(), on = onemapBezel.seams();
    const there = (box) => map.queryRenderedFeatures(box, { layers }).map((each) => each.properties.name);
    const [x, y] = [(at) => (at - room.left) / zoom, (at) => (at - room.top) / zoom], half = (on.wide / 2 - 1) / zoom;
    return { all: there(), seams: [...on.across.map((at) => there([[x(at) - half, 0], [x(at) + half, room.height / zoom]])),
        ...on.along.map((at) => there([[0, y(at) - half], [room.width / zoom, y(at) + half]]))].flat() };
}"""


def names_off_the_seams(wall: Walker) -> None:
    """The middle of the map is put on a seam with a name, which must then stand beside it or not at all."""
    wall.until(AT_REST)
    named = wall.tab.evaluate(LABELS)["all"]
    assert named
    for name in named:
        wall.tab.evaluate("""(name) => { const map = onemap.map, found = map.getStyle().layers.filter((each) => each.id.endsWith(':label'))
            .flatMap((each) => map.querySourceFeatures(each.source, { sourceLayer: 'label' })).find((each) => each.properties.name === name);
            const room = map.getContainer().getBoundingClientRect(), zoom = map.getContainer().currentCSSZoom || 1;
            const seam = onemapBezel.seams().across.find((x) => x > room.left && x < room.right);
            map.jumpTo({ center: found.geometry.coordinates });
            map.panBy([((room.left + room.width / 2) - seam) / zoom, 0], { animate: false }); }""", name)
        wall.until(AT_REST)
        wall.until(f"({LABELS})().seams.length === 0", 10)


def off_the_seams(found: dict, width: int, height: int, bezel: str) -> None:
    columns, rows = int(bezel[0]), int(bezel[2])
    half = int(bezel.partition(":")[2].partition("@")[0]) / 2
    across = [(k * width / columns - half, k * width / columns + half) for k in range(1, columns)]
    along = [(k * height / rows - half, k * height / rows + half) for k in range(1, rows)]
    on = [each["text"] for each in found["texts"] if each["of"] != "foot" and (
        any(each["left"] < b and each["right"] > a for a, b in across) or any(each["top"] < b and each["bottom"] > a for a, b in along))]
    assert on == []
    assert faults(found, height) == []


@pytest.mark.parametrize(("width", "height", "bezel"), [(5760, 2160, "3x2:24@5760x2160"), (3840, 1080, "4x1:12")])
def test_nothing_lies_on_a_seam(wall: Walker, width: int, height: int, bezel: str) -> None:
    resized(wall.tab, width, height)
    wall.tab.evaluate(f"history.replaceState(null, '', location.pathname + location.search + '&bezel={bezel}'); window.dispatchEvent(new Event('resize'))")
    wall.tab.wait_for_timeout(500)
    for _ in range(POSITIONS):
        wall.tab.evaluate("onemapScreen.drift()")
        off_the_seams(measured(wall.tab), width, height, bezel)
    names_off_the_seams(wall)
    wall.tab.evaluate("history.replaceState(null, '', location.pathname + location.search.replace(/&bezel=.*/, '&bezel=3x2:9@1920x1080')); window.dispatchEvent(new Event('resize'))")
    assert "这是另一面大屏的拼缝" in wall.tab.inner_text("#bezel-problem")
    wall.tab.evaluate("history.replaceState(null, '', location.pathname + location.search.replace(/&bezel=.*/, '')); window.dispatchEvent(new Event('resize'))")
    assert not wall.tab.query_selector("#bezel-problem")


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


SCENES = [{"view": f"/wall?unit={TOWN}&themes=none", "seconds": 30}, {"view": "/wall?themes=none&indicator=cameras.hd", "seconds": 30},
          {"view": "/wall?themes=none&indicator=cameras.intact", "seconds": 30}]
PLAYER = "onemapScenes.player"


@pytest.fixture(scope="module")
def player(browser: Browser, url: str, door) -> Iterator[Walker]:  # noqa: F811
    write(door, lambda writer: playlists.put(writer, "walk", SCENES, "test"))
    tab = browser.new_page(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce", device_scale_factor=0.25)
    made = Walker(tab, url)
    made.open("/wall?scenes=walk&themes=none")
    made.until(f"{PLAYER}.shown > 0")
    yield made
    tab.close()
    assert made.foreign == []


@pytest.fixture
def playing(player: Walker) -> Walker:
    """The same wall for every test, at the first scene of its list, with nobody's hand on it."""
    player.tab.evaluate(f"{PLAYER}.pace = 1; {PLAYER}.hand = 0; {PLAYER}.paused = false; if ({PLAYER}.at) onemapScenes.straight(1)")
    return player


def shown(wall: Walker, number: int) -> None:
    """On a busy machine a scene may not come in two seconds and be passed over: then it is asked for again."""
    there = f"{PLAYER}.at === {number} && document.getElementById('shell').dataset.here === {PLAYER}.scenes[{number}].url"
    for seconds in (8, 8, 8, 60):
        with suppress(AssertionError):
            wall.until(there, seconds)
            break
        wall.tab.evaluate(f"onemapScenes.straight({number + 1})")
    assert wall.tab.evaluate(f"() => {there}")


def test_scenes_follow_each_other_and_obey_keys(playing: Walker) -> None:
    tab = playing.tab
    shown(playing, 0)
    playing.until("/1\\/3 .* \\d+ s/.test(document.getElementById('player').textContent)")
    tab.keyboard.press("ArrowRight")
    shown(playing, 1)
    assert "indicator=cameras.hd" in tab.url
    tab.keyboard.press("1")
    shown(playing, 0)
    tab.keyboard.press(" ")
    playing.until("document.getElementById('player').textContent.includes('已暂停')")
    tab.keyboard.press("?")
    assert tab.is_visible("#help") and "冻结" in tab.inner_text("#help")
    assert faults(measured(tab), 1080) == [] or all("lies on" in each for each in faults(measured(tab), 1080))
    tab.keyboard.press("Escape")
    assert not tab.is_visible("#help")
    tab.keyboard.press("s")
    assert tab.evaluate("document.getElementById('shell').dataset.spot") == "card"
    tab.keyboard.press("Escape")
    tab.evaluate("document.dispatchEvent(new CustomEvent('onemap:command', { detail: { do: 'scene', to: 3 } }))")
    shown(playing, 2)
    tab.keyboard.press("ArrowDown")
    playing.answered("unit=")
    tab.keyboard.press("ArrowUp")
    playing.until("!document.getElementById('shell').dataset.here.includes('unit=')")


def test_the_clock_of_scenes_does_not_drift_and_a_hand_stops_it(playing: Walker) -> None:
    tab = playing.tab
    shown(playing, 0)
    tab.evaluate(f"{PLAYER}.pace = 10; {PLAYER}.due = performance.now()")
    playing.until(f"{PLAYER}.shown >= {tab.evaluate(f'{PLAYER}.shown') + 4}")
    assert tab.evaluate(f"{PLAYER}.drift") < 1000  # lateness of one scene on a busy machine; it does not add up: dues are 3 s apart
    tab.evaluate(f"{PLAYER}.pace = 1")
    tab.mouse.move(960, 500)
    tab.dispatch_event("#shell", "pointerdown")
    before = tab.evaluate(f"{PLAYER}.at")
    tab.wait_for_timeout(1500)
    assert tab.evaluate(f"[{PLAYER}.at, {PLAYER}.hand > performance.now()]") == [before, True]


def test_a_scene_that_fails_is_passed_over_in_two_seconds_and_said(playing: Walker) -> None:
    tab = playing.tab
    shown(playing, 0)
    tab.route("**/answer", lambda route: route.abort() if "cameras.hd" in (route.request.post_data or "") else route.continue_())
    before = tab.evaluate("document.getElementById('card').innerText")
    tab.keyboard.press("ArrowRight")
    tab.wait_for_timeout(600)
    assert tab.evaluate("document.getElementById('card').innerText") == before  # the last good picture stays
    playing.until(f"{PLAYER}.at === 2", 8)
    assert tab.evaluate(f"{PLAYER}.skipped.at(-1).scene") == 2
