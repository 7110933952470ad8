"""What a page shows of a view: every figure it prints is the store's, in one language, as links that lead somewhere."""

import re

import pytest
from sqlalchemy import create_engine

from app.answer import answer
from app.callbacks import found
from app.outlook import look
from app.panels.row import said
from app.view import View
from geodata.door import Door
from layers import theme, themes
from layers._group import Group
from tests.app.stood import COUNTY, JUNE, TOWN, VILLAGE, door  # noqa: F401

HAN = re.compile(r"[\u3400-\u9fff]")
CAMERA = "10000000000000000001"


@pytest.fixture
def show(door):  # noqa: F811
    """Walks from address to address, as the browser does; gives what changed."""
    known = {}

    def ask(url, fly=False):
        answered = answer(door, {"url": url, "fly": fly, "n": len(known)}, known)
        known.clear()
        known.update(answered.known)
        return dict(answered.parts)

    return ask


def nodes(part):
    """Every element (as its properties) and text of a part, in reading order."""
    if hasattr(part, "to_plotly_json"):
        part = part.to_plotly_json()
    if isinstance(part, (list, tuple)):
        for each in part:
            yield from nodes(each)
    elif isinstance(part, dict) and "props" in part:
        yield part["props"]
        yield from nodes(part["props"].get("children"))
    elif part is not None:
        yield part


def texts(part):
    return [each for each in nodes(part) if isinstance(each, str)]


def links(part):
    return [each["href"] for each in nodes(part) if isinstance(each, dict) and each.get("href")]


def test_all_other_indicators_come_when_they_are_unfolded(show, door):  # noqa: F811
    folded = show("/", fly=True)
    assert links(folded["more"]) == [] and len(texts(folded["more"])) == 1
    asked = {"url": "/", "n": 1, "more": True}
    unfolded = answer(door, asked, {}).parts["more"]
    assert next(iter(nodes(unfolded)))["open"] and any("indicator=" in each for each in links(unfolded))
    assert "more" in answer(door, asked, answer(door, {"url": "/"}, {}).known).parts
    assert answer(door, asked | {"url": "/wall"}, {}).parts["more"] == []


def test_the_first_answer_fills_every_region(show):
    shown = show("/", fly=True)
    for region in ("head", "trail", "legend", "themes", "card", "figures", "ranking"):
        assert shown[region], region
    assert shown["page"] == "page desk"
    assert shown["map.camera"]["bounds"] == [124.0, 30.0, 124.04, 30.03]
    assert shown["map.camera"]["mode"] == "jump"
    assert shown["map.mapStyle"]["name"] == "onemap desk"


def test_a_step_sends_only_what_changed(show):
    show("/", fly=True)
    step = show(f"/?unit={TOWN}")
    assert "map.mapStyle" not in step and "flavour" not in step and "brand" not in step
    assert step["map.camera"]["mode"] == "fly"
    assert not {"map.camera", "map.picture"} & set(show(f"/?unit={TOWN}&indicator=cameras.networked"))


def test_another_indicator_sends_values_not_geometry(show):
    show("/", fly=True)
    step = show("/?indicator=cameras.networked")
    assert step["map.featureState"]["source"] == "town"
    assert not {"map.mapStyle", "map.picture", "map.outline", "map.camera", "card"} & set(step)


def test_the_same_question_again_changes_nothing(show):
    show(f"/?unit={TOWN}", fly=True)
    assert show(f"/?unit={TOWN}") == {}


def test_the_printed_online_rate_is_the_stores(show, door):  # noqa: F811
    shown = show("/", fly=True)
    with door.reader() as reader:
        outlook = look(reader, View())
    value = next(each.value for each in outlook.figures if each.indicator == "cameras.online")
    assert f"{value:.1%}".rstrip("%") in texts(shown["figures"])
    states = shown["map.featureState"]["values"]
    assert {float(each["v"]) for each in states.values()} == {each.value for each in outlook.values}


def test_children_stand_in_the_ranking_best_first(show, door):  # noqa: F811
    shown = show(f"/?unit={TOWN}", fly=True)
    with door.reader() as reader:
        values = {each.code: each.value for each in look(reader, View(unit=TOWN)).values}
    codes = [re.search(r"unit=(\d+)", href).group(1) for href in links(shown["ranking"]) if "explain=" not in href]
    known = [values[code] for code in codes if values[code] is not None]
    assert sorted(codes) == sorted(values)
    assert known == sorted(known, reverse=True)


def test_the_five_ways_back_are_one_address(show):
    shown = show(f"/?unit={VILLAGE}", fly=True)
    up = next(each for each in nodes(shown["trail"]) if isinstance(each, dict) and each.get("id") == "up")["href"]
    assert up == f"/?unit={TOWN}"
    assert links(shown["trail"]).count(up) == 2  # the button and the breadcrumb
    assert View.from_url(up)[0] == View(unit=VILLAGE).up(TOWN)


def test_home_has_no_way_up(show):
    assert not [each for each in nodes(show("/", fly=True)["trail"]) if isinstance(each, dict) and each.get("id") == "up"]


def test_a_leaf_stands_for_itself(show):
    shown = show(f"/?unit={VILLAGE}001", fly=True)
    assert shown["map.featureState"]["source"] == "grid"
    assert len(shown["map.featureState"]["values"]) == 1
    assert "没有下级区划" in texts(shown["ranking"])


def test_the_card_of_a_row_names_its_source(show):
    shown = show(f"/?row=cameras/{CAMERA}", fly=True)
    said_ = texts(shown["row"])
    assert {"相机1", "cameras.csv", "虚构示例数据", "2020-01-02", "30 天", "已联网", CAMERA} <= set(said_)
    assert {"视域", "探测", "辨认", "仅它看见"} <= set(said_)
    assert shown["map.selected"]["theme"] == "cameras"
    assert show("/")["row"] == []


@pytest.mark.parametrize("url", ["/?lang=en", f"/?unit={VILLAGE}&lang=en", f"/wall?unit={TOWN}&lang=en", f"/?row=cameras/{CAMERA}&lang=en"])
def test_no_chinese_stands_in_the_english_page_but_names(show, url):
    names = re.compile(r"^(相机\d+|中文|切换到中文|虚构示例数据|\d+ (天|亩))$")
    shown = show(url, fly=True)
    regions = ("head", "trail", "legend", "themes", "card", "figures", "ranking", "row", "problems", "brand")
    foreign = [text for name in regions for text in texts(shown.get(name)) if HAN.search(text) and not names.match(text)]
    assert not foreign
    spoken = [each.get("aria-label", "") for name in regions for each in nodes(shown.get(name)) if isinstance(each, dict)]
    assert not [text for text in spoken if text and HAN.search(text)]


@pytest.mark.parametrize("url", ["/", "/wall", f"/?unit={VILLAGE}", "/?themes=none"])
def test_every_link_leads_to_a_view(show, url):
    shown = show(url, fly=True)
    for name in ("head", "trail", "themes", "figures", "ranking", "row"):
        for href in links(shown.get(name)):
            if href.startswith(("/data?", "/register/", "/export/")):
                continue  # the page of those who bring data in, and files, are no views
            assert View.from_url(href)[1] == ()
            assert View.from_url(href)[0].to_url() == href


def test_themes_stand_under_their_group_and_reports_are_folded_until_one_is_drawn(show):
    def groups(url):
        props = [each for each in nodes(show(url, fly=True)["themes"]) if isinstance(each, dict)]
        return {texts(each["children"])[0]: each for each in props if each.get("className") == "theme-group"}

    found = groups("/?themes=none")
    assert list(found) == [each.title.zh for each in Group if any(one.group is each for one in themes().values())]
    assert "村情表" in texts(found["上报台账"]["children"]) and not found["上报台账"]["open"]
    assert found["视频监控"]["open"]
    drawn = groups("/?themes=villages")["上报台账"]
    assert drawn["open"] and "1/6" in texts(drawn["children"])


def test_a_click_on_the_map_has_its_address(show):
    doors = show(f"/?unit={TOWN}&lang=en&themes=halls", fly=True)["doors"]
    assert doors["unit"] == "/?unit=%7Bcode%7D&themes=halls&lang=en"
    assert doors["row"] == f"/?unit={TOWN}&themes=halls&row=%7Btheme%7D/%7Bkey%7D&lang=en"


def test_the_sample_is_called_a_sample_and_its_day_is_said(show):
    assert {"虚构示例数据", JUNE.isoformat()} <= set(texts(show("/", fly=True)["head"]))
    assert {"虚构示例数据", JUNE.isoformat()} <= set(texts(show("/wall", fly=True)["head"]))


def test_the_trend_has_a_point_for_each_day(show):
    figure = show("/?indicator=cameras.count", fly=True)["trend"]["figure"]
    assert figure["data"][0]["x"] == ["2026-05-31", "2026-06-30"]
    assert figure["data"][0]["y"][-1] == 60
    assert show("/?indicator=halls.count&day=2026-05-31")["trend"]["figure"] is None


def test_an_earlier_day_is_shown_as_it_was(show):
    assert "2026-05-31" in texts(show("/?day=2026-05-31", fly=True)["head"])


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("/?unit=999", "unit=999：没有这个区划；已回到首页。"),
        ("/?unit=999&lang=en", "unit=999: there is no such unit; this is home."),
        ("/?row=cameras/404", "row=cameras/404：没有这个对象；已忽略。"),
        ("/?row=cameras/404&lang=en", "row=cameras/404: there is no such row; it was left out."),
        ("/?themes=kites&lang=en", "themes=kites: there is no such theme; it was left out."),
        ("/?unit=%00", "unit：无法识别；已使用默认值。"),
    ],
)
def test_what_cannot_be_followed_is_said_calmly_and_the_page_stands(show, url, sentence):
    shown = show(url, fly=True)
    assert texts(shown["problems"]) == [sentence]
    assert shown["card"] and shown["map.mapStyle"]


def test_the_store_may_go_and_come_back(show, door):  # noqa: F811
    show("/", fly=True)
    away = Door(create_engine("postgresql+psycopg2://x@127.0.0.1:1/none"))
    lost = answer(away, {"url": "/"}, {"shown": {"problems": 1, "card": 2}, "place": "desk X"})
    assert set(lost.parts) == {"problems"}
    assert texts(lost.parts["problems"]) == ["暂时读不到数据库，画面保留最近一次数据，恢复后自动更新。"]
    back = answer(door, {"url": "/"}, lost.known)
    assert back.parts["problems"] == []


def test_an_empty_store_says_what_to_do(store):
    shown = answer(Door(store), {"url": "/?lang=en"}, {}).parts
    assert shown["page"] == "page desk empty"
    assert "There are no units yet" in texts(shown["empty"])


def test_search_gives_links_and_a_sentence_for_nothing(door):  # noqa: F811
    hits = found(door, {"text": "相机1", "url": "/?lang=en"})
    assert f"row=cameras/{CAMERA}" in links(hits)[0] and "&at=" in links(hits)[0]
    assert links(found(door, {"text": TOWN[:9], "url": "/"}))[0] == f"/?unit={TOWN}"
    assert texts(found(door, {"text": "没有的", "url": "/"})) == ["没有找到“没有的”"]
    assert found(door, {"text": "  ", "url": "/"}) == []


@pytest.mark.parametrize(
    ("field", "value", "zh", "en"),
    [
        ("online", "offline", "离线", "Offline"),
        ("online", "moved", "moved", "moved"),
        ("height", 3.5, "3.50 m", "3.50 m"),
        ("distance", 60.0, "60 m", "60 m"),
        ("installed", JUNE, "2026-06-30", "2026-06-30"),
        ("code", "0123", "0123", "0123"),
    ],
)
def test_values_are_said_by_their_declaration(field, value, zh, en):
    declared = theme("cameras").field(field)
    assert (said(declared, value, "zh"), said(declared, value, "en")) == (zh, en)


def test_a_lower_level_can_be_coloured_from_above(show):
    show("/", fly=True)
    step = show("/?level=village")
    assert step["map.featureState"]["source"] == "village"
    assert step["map.picture"]["village:fill"]["visibility"] == "visible"
    assert step["map.picture"]["town:fill"] == {"visibility": "none"}
    assert View.from_url("/?level=village")[0].entered(TOWN) == View(unit=TOWN)


def test_a_level_that_is_not_there_is_said_and_the_children_stay(show):
    shown = show("/?level=microgrid&lang=en", fly=True)
    assert "level=microgrid: the unit in view holds none of it; its children are shown." in texts(shown["problems"])
    assert shown["map.featureState"]["source"] == "town"
    assert "level=parish: it cannot be read; the default is shown." in texts(show("/?level=parish&lang=en")["problems"])
