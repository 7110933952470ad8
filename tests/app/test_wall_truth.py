"""A wall tells how old its data are, under which marks it may be shown, and tells guests no position."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as some

import layers
from app.answer import answer
from app.events import events
from app.panels.stamp import AGES, age, stamp
from app.stage import _discreet
from app.view import View
from geodata.settings import read, settings
from geodata.spread import Stand
from tests.app.stood import TOWN, door  # noqa: F401

TODAY = date(2026, 11, 29)


@given(some.sampled_from(list(layers.themes())), some.integers(0, 3000))
def test_data_grow_old_by_the_limits_of_their_theme(name, days) -> None:
    old, stale = layers.theme(name).fresh_days
    assert age(name, TODAY - timedelta(days), TODAY) == ("stale" if days > stale else "old" if days > old else "fresh")
    assert 0 < old < stale


def test_a_panel_carries_its_oldest_day_and_its_worst_age() -> None:
    outlook = SimpleNamespace(view=View(page="wall"))
    [made] = stamp(outlook, [("cameras", date(2026, 7, 1)), ("units", date(2026, 1, 2)), ("halls", None)], TODAY)
    sign, words = made["props"]["children"]
    assert (sign["props"]["className"], words, made["props"]["className"]) == ("light missed", "截至 01-02", "stamp stale")
    assert made["props"]["title"] == "2026-01-02 已过期"
    [plain] = stamp(outlook, [("cameras", date(2026, 11, 1))], TODAY)
    assert plain["props"]["children"] == ["截至 11-01"] and stamp(outlook, [("cameras", None)], TODAY) == []
    assert AGES == ("fresh", "old", "stale")


def test_the_marks_of_an_installation_stand_on_the_wall(door, monkeypatch) -> None:  # noqa: F811
    monkeypatch.setenv("ONEMAP_SECURITY_GRADE", "内部")
    monkeypatch.setenv("ONEMAP_MAP_APPROVAL", "GS(2026)0000号")
    settings.cache_clear()
    try:
        told = answer(door, {"url": "/wall"}, {}).texts
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert "内部" in told["head"] and "审图号：GS(2026)0000号" in told["foot"]
    assert "审图号" not in answer(door, {"url": "/wall"}, {}).texts["foot"]
    assert read({}).map_approval == read({}).security_grade == ""


def test_guests_see_no_position(door) -> None:  # noqa: F811
    seen = answer(door, {"url": f"/wall?unit={TOWN}"}, {}).parts["map.picture"]
    hidden = answer(door, {"url": f"/wall?unit={TOWN}&guest=yes&row=cameras/10000000000000000001"}, {})
    exact = {"cameras:rows", "cameras:names", "cameras:sights", "halls:rows"}
    assert {seen[each]["visibility"] for each in ("cameras:rows", "cameras:sights")} == {"visible"}
    assert {hidden.parts["map.picture"][each]["visibility"] for each in exact} == {"none"}
    assert hidden.parts["map.picture"]["cameras:cells"]["visibility"] == "visible"
    assert not hidden.parts["row"] and hidden.parts["map.selected"] is None
    assert _discreet({"cameras:rows": {"visibility": "visible"}}, False) == {"cameras:rows": {"visibility": "visible"}}


@pytest.mark.parametrize(("before", "now", "kind"), [(0.96, 0.6, "fell"), (0.6, 0.96, "rose"), (0.7, 0.6, "dropped"), (0.61, 0.6, None), (None, 0.6, None)])
def test_what_is_told_of_a_unit(before, now, kind) -> None:
    stand = Stand("cameras.online", 1, TOWN, "柳口镇", now, before, JUNE, MAY)
    told = events(SimpleNamespace(view=View(page="wall"), stands=(stand,), loads={}))
    assert [each.kind for each in told] == ([kind] if kind else [])
    assert all(each.unit == TOWN and "柳口镇在线率" in each.text for each in told)


MAY, JUNE = date(2026, 5, 31), date(2026, 6, 30)
