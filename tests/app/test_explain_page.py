"""An opened number on the page: from card, ranking, legend, trend and wall, with its rows, its files and its marks on the map."""

import csv
import io
import json
import zipfile

import pytest

from app import create_app
from app.answer import answer
from app.panels.definitions import sides
from geodata.readings import Value
from geodata.settings import settings
from layers._target import Aim
from tests.app.asked import Browser
from tests.app.stood import COUNTY, TOWN, VILLAGE, door

__all__ = ["door"]


@pytest.fixture(scope="module")
def browser(door):
    return Browser(create_app(door, settings()))


def page(door, url):
    return answer(door, {"url": url, "n": 1, "more": True}, {}).parts


def links(tree):
    """Every address that a part of the page leads to."""
    if isinstance(tree, dict):
        own = [tree["href"]] if isinstance(tree.get("href"), str) else []
        return own + [each for value in tree.values() for each in links(value)]
    return [each for value in tree for each in links(value)] if isinstance(tree, list | tuple) else []


def words(tree):
    if isinstance(tree, dict):
        return "".join(words(value) for name, value in tree.items() if name == "children" or isinstance(value, dict | list))
    if isinstance(tree, list | tuple):
        return " ".join(words(each) for each in tree)
    return tree if isinstance(tree, str) else ""


@pytest.mark.parametrize(("url", "part"), [("/", "figures"), ("/", "ranking"), ("/", "legend"), ("/", "trend"), ("/", "more"), ("/wall", "figures"),
                                           ("/wall", "ranking"), ("/wall", "legend"), ("/wall", "trend")])
def test_every_figure_can_be_opened_with_one_click(door, url, part):
    found = [each for each in links(page(door, url)[part]) if "explain=" in each]
    assert found and all(each.startswith("/?") for each in found)
    opened = page(door, found[0])
    assert words(opened["explain"]).strip() and not opened["problems"]


def test_an_opened_number_says_how_it_was_made(door):
    parts = page(door, "/?explain=cameras.online&lang=en")
    said = words(parts["explain"])
    assert "48 / 60" in said and "Counted again from the rows: the same" in said
    assert "Online is Online" in said and "Device status is In use or In repair" in said and "cameras.csv" in said
    marks = parts["map.selected"]["marks"]
    assert len(marks) == 60 and sum(each[2] for each in marks) == 48
    rest = page(door, "/?explain=cameras.online/rest&lang=en")
    assert len(rest["map.selected"]["marks"]) == 12 and "All 60" in words(rest["explain"])


def test_a_number_that_is_not_there_says_why(door):
    said = words(page(door, f"/?unit={TOWN}&explain=entrances.seen")["explain"])
    assert "无数据" in said and "“公共出入口”没有数据；请导入" in said


def test_the_rows_as_files(browser):
    of = "%2F%3Fexplain%3Dcameras.online%26lang%3Den"
    table = browser.get(f"/explain.csv?of={of}")
    lines = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert table.status_code == 200 and len(lines) == 61 and lines[0][:3] == ["Theme", "Key", "Name"]
    assert {line[13] for line in lines[1:]} == {"cameras.csv"} and sum(line[4] == "yes" for line in lines[1:]) == 48
    book = browser.get(f"/explain.xlsx?of={of}")
    assert zipfile.ZipFile(io.BytesIO(book.content)).testzip() is None and f"cameras.online-{COUNTY}-default.xlsx" in book.headers["content-disposition"]
    statement = browser.get(f"/explain.sql?of={of}")
    assert statement.text.startswith("-- Online rate") and statement.text.rstrip().endswith("AS number;")
    refused = browser.get("/explain.pdf?of=%2F")
    assert refused.status_code == 404 and json.loads(refused.text)["problem"].startswith("explain.pdf: there is no such file; use one of")


def test_units_change_sides_where_one_reading_meets_what_another_misses():
    def value(code, number):
        return Value(1, code, code, number, None, None)

    readings = {"strict": (value("a", 0.4), value("b", 0.9), value("c", None)), "loose": (value("a", 0.8), value("b", 0.95), value("c", 1.0))}
    found = sides((Aim(at_least=0.7),), readings)
    assert [(each.code, stands) for each, stands in found] == [("a", {"strict": "missed", "loose": "met"})]


def test_two_days_and_two_units_stand_side_by_side(door):
    days = words(page(door, "/?against=2026-05-31&lang=en")["compare"])
    assert "Compared with 2026-05-31" in days and "Halls that are open" not in days and "Cultural halls" in days
    units = page(door, f"/?unit={TOWN}&against={VILLAGE}&lang=en&indicator=cameras.online")
    assert "Compared with village" in words(units["compare"])
    lost = page(door, "/?against=12345&lang=en")
    assert "there is no such day or unit" in words(lost["problems"]) and "Compare with another day or unit" in words(lost["compare"])


def test_an_acceptance_from_elsewhere_or_without_a_reason_is_refused(door):
    browser = Browser(create_app(door, settings()))
    order = {"indicator": "cameras.online", "definition": "default", "unit": COUNTY, "reason": "x"}
    foreign = browser.post("/review", json=order)
    assert foreign.status_code == 403 and foreign.json()["problem_en"].startswith("request: another site made it")
    own = {"x-onemap": "review", "host": "127.0.0.1:8050"}
    empty = browser.post("/review", json={**order, "reason": " "}, headers=own)
    assert empty.status_code == 400 and empty.json()["problem_en"] == "review: it has no reason; write why the number is right."
    assert browser.post("/review", json=order, headers=own).json() == {"accepted": False}
