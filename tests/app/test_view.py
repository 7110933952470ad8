"""The view is the URL: there and back, wrong parameters, transitions."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import layers
from app.choices import WHICH
from app.view import DEFINITIONS, HEATS, LOOKS, METHODS, PERS, SIGHTS, View, entries, indicator_at_first, shown_at_first
from geodata.documents import in_force, targets
from geodata.judging import STATES
from layers._pick import choices, offered

_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)
_INDICATORS = [f"{each.name}.{one.name}" for each in layers.themes().values() for one in each.indicators]
_PLACE = st.tuples(
    st.floats(-180, 180).map(lambda v: round(v, 5) + 0.0),
    st.floats(-90, 90).map(lambda v: round(v, 5) + 0.0),
    st.floats(0, 24).map(lambda v: round(v, 2) + 0.0),
)
_PICKS = [(theme.name, field.name, choice) for theme in layers.themes().values() for field in offered(theme) for choice in choices(field)]
VIEWS = st.builds(
    View,
    page=st.sampled_from(["desk", "wall", "board"]),
    unit=st.none() | _TEXT,
    themes=st.sets(st.sampled_from(entries())).map(lambda on: tuple(each for each in entries() if each in on)),
    indicator=st.none() | st.sampled_from([name for name in _INDICATORS if name != indicator_at_first()]),
    row=st.none() | st.tuples(st.sampled_from(list(layers.themes())), _TEXT),
    at=st.none() | _PLACE,
    lang=st.sampled_from(["zh", "en"]),
    day=st.none() | st.dates(),
    level=st.none() | st.sampled_from(("county", "town", "village", "grid")),
    where=st.sets(st.sampled_from(_PICKS)).map(lambda on: tuple(each for each in _PICKS if each in on)),
    heat=st.sampled_from(HEATS),
    per=st.sampled_from(PERS),
    classes=st.none() | st.sampled_from(METHODS),
    sight=st.sampled_from(SIGHTS),
    document=st.none() | st.sampled_from(list(in_force())),
    lead=st.none() | _TEXT,
    state=st.none() | st.sampled_from(STATES),
    target=st.none() | st.sampled_from([each.id for each in targets()]),
    definition=st.sampled_from(DEFINITIONS),
    flavour=st.none() | st.sampled_from(LOOKS),
    scenes=st.none() | _TEXT,
    bezel=st.none() | st.sampled_from(["3x2:12", "5x1:0", "4x1:3@7680x2160"]),
    guest=st.booleans(),
    against=st.none() | _TEXT,
    explain=st.none() | st.tuples(st.sampled_from(_INDICATORS), st.sampled_from(WHICH), st.integers(1, 99)),
)


@given(VIEWS)
def test_a_view_comes_back_from_its_url(view):
    assert View.from_url(view.to_url()) == (view, ())


@given(st.text(max_size=200))
def test_no_query_raises(query):
    view, _ = View.from_url("/?" + query)
    assert View.from_url(view.to_url()) == (view, ())


def test_an_opened_number_closes_before_the_unit_does():
    view = View(unit="1").explaining("entrances.seen", "rest", 2)
    assert view.to_url().endswith("explain=entrances.seen/rest/2") and view.counted == "entrances.seen"
    assert view.up("0").explain is None and view.up("0").unit == "1"
    assert view.entered("2").explain == ("entrances.seen", "all", 1)
    assert View(page="wall").explaining("entrances.seen").page == "desk"


def test_home_is_the_bare_path():
    assert View().to_url() == "/"
    assert View(page="wall").to_url() == "/wall"


def test_canonical_order():
    view = View(unit="990101000000", themes=("cameras", "halls"), row=("cameras", "K 1"), lang="en", day=date(2026, 10, 31))
    assert view.moved(124.012341, 30.5, 9.25).to_url() == (
        "/?unit=990101000000&themes=cameras,halls&row=cameras/K%201&at=124.01234,30.50000,9.25&lang=en&day=2026-10-31"
    )


def test_nothing_switched_on_is_not_the_default():
    view = View(themes=())
    assert view.to_url() == "/?themes=none"
    assert View.from_url("/?themes=none")[0].themes == ()


@pytest.mark.parametrize(
    ("url", "zh", "en"),
    [
        ("/?themes=cameras,kites", "themes=kites：没有这个图层；已忽略。", "themes=kites: there is no such theme; it was left out."),
        ("/?indicator=x.y", "indicator=x.y：无法识别；已使用默认值。", "indicator=x.y: it cannot be read; the default is shown."),
        ("/?at=1,2", "at=1,2：无法识别；已使用默认值。", "at=1,2: it cannot be read; the default is shown."),
        ("/?at=nan,2,3", "at=nan,2,3：无法识别；已使用默认值。", "at=nan,2,3: it cannot be read; the default is shown."),
        ("/?day=2026-13-01", "day=2026-13-01：无法识别；已使用默认值。", "day=2026-13-01: it cannot be read; the default is shown."),
        ("/?lang=fr", "lang=fr：无法识别；已使用默认值。", "lang=fr: it cannot be read; the default is shown."),
        ("/?row=kites/1", "row=kites/1：无法识别；已使用默认值。", "row=kites/1: it cannot be read; the default is shown."),
        ("/?definition=lax", "definition=lax：无法识别；已使用默认值。", "definition=lax: it cannot be read; the default is shown."),
        ("/?explain=entrances.seen/some", "explain=entrances.seen/some：无法识别；已使用默认值。",
         "explain=entrances.seen/some: it cannot be read; the default is shown."),
        ("/?heat=map", "heat=map：无法识别；已使用默认值。", "heat=map: it cannot be read; the default is shown."),
        ("/?where=cameras.colour:red", "where=cameras.colour:red：没有这个筛选条件；已忽略。",
         "where=cameras.colour:red: there is no such choice; it was left out."),
        ("/?unit=", "unit=：无法识别；已使用默认值。", "unit=: it cannot be read; the default is shown."),
        ("/?colour=red", "colour=red：没有这个参数；已忽略。", "colour=red: there is no such parameter; it was ignored."),
        ("/moon", "/moon：没有这个页面；已打开首页。", "/moon: there is no such page; this is home."),
    ],
)
def test_refusals_are_sentences(url, zh, en):
    view, problems = View.from_url(url)
    assert [(each.says.zh, each.says.en) for each in problems] == [(zh, en)]
    assert view == View(themes=("cameras",) if "kites," in url or "cameras," in url else shown_at_first())


def test_one_step_back_closes_the_card_first():
    view = View(unit="A").picked("cameras", "1", (124.0, 30.0, 16.0))
    assert view.up("P") == View(unit="A", at=(124.0, 30.0, 16.0))
    assert view.up("P").up("P") == View(unit="P")


def test_entering_a_unit_forgets_the_card_and_the_place():
    assert View(unit="A").picked("cameras", "1").moved(1, 2, 3).entered("B") == View(unit="B")


@given(VIEWS, st.sampled_from(_PICKS))
def test_a_pick_twice_is_no_pick(view, pick):
    assert view.picking(*pick) != view
    assert view.picking(*pick).picking(*pick) == view


def test_what_is_picked_is_in_the_address():
    view = View().picking("cameras", "online", "offline").picking("cameras", "definition", "hd")
    assert view.to_url() == "/?where=cameras.definition:hd,cameras.online:offline"
    assert view.picks("cameras") == (("definition", "hd"), ("online", "offline"))
    assert view.picks("halls") == ()


@given(VIEWS, st.sampled_from(entries()))
def test_a_switch_twice_is_no_switch(view, entry):
    assert view.switched(entry) != view
    assert view.switched(entry).switched(entry) == view


def test_the_default_indicator_leaves_no_trace():
    assert View().counting("halls.villages").counting(indicator_at_first()) == View()
