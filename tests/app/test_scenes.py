"""Scenes: what is written is read or named, tours go in the order of their rule, only operators write."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app import create_app
from app.scenes.playlist import DAYS, SECONDS, playlist
from app.scenes.showing import ordered
from app.view import View
from geodata import playlists, spread
from geodata.settings import settings
from geodata.spread import Stand
from geodata.writing import write
from tests.app.asked import Browser
from tests.app.stood import COUNTY, TOWN, VILLAGE, door  # noqa: F401

ORDER = {"x-onemap": "test", "host": "testserver"}


@pytest.fixture(scope="module")
def server(door):  # noqa: F811
    return create_app(door, settings())


@given(some.recursive(some.none() | some.booleans() | some.integers() | some.text(max_size=8),
                      lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.sampled_from(["view", "tour", "seconds", "days", "hours", "most"]), inner, max_size=4)))
def test_whatever_is_written_is_shown_or_named(written) -> None:
    found = playlist("p", written)
    lines = written if isinstance(written, list) else []
    assert sorted([n for n, _ in found.scenes] + [n for n, _ in found.skipped]) == list(range(1, len(lines) + 1))
    assert all(each.seconds in SECONDS and set(each.days) <= set(DAYS) and each.view.page == "wall" for _, each in found.scenes)


@pytest.mark.parametrize(("line", "sentence"), [
    ({"seconds": 1}, "轮播 早会 第 1 幕：seconds=1 超出范围；请填 3–3600 的整数。"),
    ({"tour": "random"}, "轮播 早会 第 1 幕：没有巡览规则 random；请用 worst、change。"),
    ({"hours": [8, 8]}, "轮播 早会 第 1 幕：时段 [8, 8] 无法识别；请填两个 0–24 的整点。"),
    ({"days": [0]}, "轮播 早会 第 1 幕：星期 [0] 无法识别；请填 1（周一）到 7（周日）。"),
    ({"view": "/wall?themes=kites"}, "轮播 早会 第 1 幕：画面不能显示（themes=kites：没有这个图层；已忽略）；请改正画面地址。"),
])
def test_a_line_that_cannot_be_shown_is_named(line, sentence) -> None:
    assert [text.zh for _, text in playlist("早会", [line]).skipped] == [sentence]


values = some.none() | some.floats(0, 1)


@given(some.lists(some.tuples(values, values), max_size=12), some.sampled_from([True, False, None]))
def test_tours_go_in_the_order_of_their_rule(pairs, better) -> None:
    stands = tuple(Stand("cameras.online", at, f"{at:03}", "x", now, then, date(2026, 1, 2), date(2026, 1, 1)) for at, (now, then) in enumerate(pairs))
    worst = [each.value for each in ordered(stands, "worst", better)]
    assert worst == sorted((now for now, _ in pairs if now is not None), reverse=better is False)
    moves = [abs(each.change) for each in ordered(stands, "change", better)]
    assert moves == sorted(moves, reverse=True) and all(moves)


def test_a_playlist_is_kept_shown_and_taken_away(server, door) -> None:  # noqa: F811
    browser = Browser(server)
    lines = [{"view": f"/wall?unit={TOWN}", "seconds": 9}, {"view": "/wall?unit=999"}, {"view": "/wall?indicator=cameras.hd", "tour": "worst", "days": [1], "hours": [22, 6]}]
    assert browser.post("/data/scenes/m", json=lines, headers=ORDER).json() == {"kept": 3}
    told = browser.get("/scenes/m.json", params={"of": "/wall?flavour=light&lang=en"}).json()
    assert told["skipped"] == ["playlist m, scene 2: unit=999 is gone; mend it on the page of playlists or take it out."]
    first, *tour = told["scenes"]
    assert first["url"] == f"/wall?unit={TOWN}&flavour=light&scenes=m&lang=en" and first["seconds"] == 9
    with door.reader() as reader:
        ranked = sorted((each for each in spread.below(reader, ["cameras.hd"], COUNTY) if each.value is not None), key=lambda each: (each.value, each.code))
    assert [View.from_url(each["url"])[0].unit for each in tour] == [each.code for each in ranked] and tour
    assert (tour[0]["days"], tour[0]["hours"]) == ([1], [22, 6])
    assert "data-scenes" in browser.get("/data/scenes?name=m").text
    assert browser.post("/data/scenes/m", json=[], headers=ORDER).status_code == 200
    answer = browser.get("/scenes/m.json")
    assert (answer.status_code, answer.json()["problem"]) == (404, "scenes=m：没有这个轮播；请用 worst、change。")


def test_only_operators_write_and_no_other_site(server) -> None:
    assert Browser(server, ("10.0.0.9", 1)).post("/data/scenes/m", json=[], headers=ORDER).status_code == 403
    assert Browser(server).post("/data/scenes/m", json=[]).status_code == 403
    refused = Browser(server).post("/data/scenes/m", json=[{"seconds": 0}], headers=ORDER)
    assert refused.status_code == 400 and "seconds=0 超出范围" in refused.json()["problem"]
    assert Browser(server).post("/data/scenes/m", content=b"{", headers=ORDER).status_code == 400


def test_the_children_stand_on_two_days(door) -> None:  # noqa: F811
    with door.reader() as reader:
        found = spread.below(reader, ["halls.count", "cameras.online"], TOWN)
    assert {each.indicator for each in found} == {"halls.count", "cameras.online"}
    village = next(each for each in found if each.code == VILLAGE and each.indicator == "halls.count")
    assert village.value is not None and (village.before, village.day_before) == (None, None)  # no hall had been loaded on the day before
    online = next(each for each in found if each.code == VILLAGE and each.indicator == "cameras.online")
    assert online.day > online.day_before and online.before is not None


def test_what_a_hand_wrote_into_the_store_stops_no_wall(server, door) -> None:  # noqa: F811
    write(door, lambda writer: playlists.put(writer, "odd", [7, {"view": "/wall"}], "hand"))
    told = Browser(server).get("/scenes/odd.json").json()
    assert len(told["scenes"]) == 2
