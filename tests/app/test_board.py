"""The board: every number is the store's, filters and links are addresses, and its files run nothing."""

import csv
import io

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from app import create_app, rule_words
from app.answer import answer
from app.board_file import as_csv, as_xlsx, safe
from app.palette import BOARD
from app.sparkline import large, small
from app.view import View
from geodata import documents, targets, units
from geodata.judging import STATES
from geodata.settings import settings
from geodata.usual import Moved
from tests.app.stood import COUNTY, JUNE, TOWN, VILLAGE, door  # noqa: F401
from tests.app.test_pages import HAN, links, nodes, texts


@pytest.fixture(scope="module")
def show(door):  # noqa: F811
    return lambda url: dict(answer(door, {"url": url}, {}).parts)


@pytest.fixture(scope="module")
def standings(door):  # noqa: F811
    with door.reader() as reader:
        return targets.standings(reader, units.unit(reader, COUNTY))


def classes(part, name):
    return [each for each in nodes(part) if isinstance(each, dict) and name in str(each.get("className", "")).split()]


def test_the_board_lists_every_target_and_counts_its_states(show, standings):
    shown = show("/board")
    assert shown["page"] == "page board" and not any(name.startswith("map.") for name in shown)
    assert len(classes(shown["board"], "line")) == len(documents.targets())
    tiles = [next(int(text) for text in texts(each["children"]) if text.isdigit()) for each in classes(shown["board"], "tile")]
    assert tiles == [len(standings), *(sum(each.state == name for each in standings) for name in STATES)]


def test_an_open_target_shows_the_numbers_of_the_store(show, standings):
    shown = show("/board?target=FG-996-3")
    (verdict,) = next(each.parts for each in standings if each.target.id == "FG-996-3")
    assert {rule_words.figure(verdict, "zh"), rule_words.counted(verdict, "zh")} <= set(texts(shown["target"]))
    assert verdict.numbers.numerator < verdict.numbers.denominator
    own = [href for href in links(shown["target"]) if f"unit={TOWN}" in href]
    assert own and View.from_url(own[0])[0].target == "FG-996-3"
    assert any(href.startswith("/?") and "level=" in href or href == "/" for href in links(shown["target"]))


@pytest.mark.parametrize("query", ["document=pingluo", "lead=市委组织部", "state=none", "level=county", f"unit={VILLAGE}&document=ningbo"])
def test_filters_are_addresses(show, query):
    shown = show(f"/board?{query}")
    lines = classes(shown["board"], "line")
    assert lines and len(lines) < len(documents.targets())
    for href in links(shown["board"]) + links(shown["target"]):
        if not href.startswith("/board."):
            assert View.from_url(href)[1] == () and View.from_url(href)[0].to_url() == href
    kept = {part for each in lines for part in query.split("&") if part.startswith("unit=") and part not in each["href"]}
    assert not kept


def test_what_has_no_data_says_what_would_fill_it(show):
    assert any("bridges.csv" in text for text in texts(show("/board?target=LC-22")["target"]))
    assert any("--theme entrances" in text for text in texts(show("/board?target=NB-01")["target"]))


def test_contradictions_stand_beside_the_list_and_at_their_target(show):
    said = "每个示范区力争3个试点村，而十二个单位中有六个名额只有2个"
    assert said in texts(show("/board")["target"]) and said in texts(show("/board?target=NC-02")["target"])


def test_the_english_board_speaks_english_but_for_quotes_and_names(show):
    quoted = {text for each in documents.targets() for text in (each.says, *each.lead, *each.along)}
    for url in ("/board?lang=en", "/board?target=PL-18a&lang=en"):
        shown = show(url)
        foreign = [each for part in ("board", "target") for each in nodes(shown[part])
                   if isinstance(each, dict) and each.get("lang") != "zh-CN" and isinstance(each.get("children"), str) and HAN.search(each["children"])]
        titles = {each.title for each in documents.in_force().values()} | {each.number for each in documents.in_force().values()}
        assert not [each["children"] for each in foreign if each["children"] not in titles | quoted and "号" not in each["children"]]


def test_a_target_that_is_not_there_is_said(show):
    shown = show("/board?target=XX-1&lang=en")
    assert texts(shown["problems"]) == ["target=XX-1: it cannot be read; the default is shown."]
    assert View(page="board").opening("NB-01").listing(state="met").to_url() == "/board?state=met"
    assert View.from_url("/board?document=pingluo&target=PL-02")[0].on("desk") == View()


def test_the_files_hold_what_is_listed(door, standings):  # noqa: F811
    client = TestClient(create_app(door, settings()))
    body = client.get("/board.csv?document=pingluo")
    table = list(csv.reader(io.StringIO(body.content.decode("utf-8-sig"))))
    parts = [part for each in standings if each.target.document == "pingluo" for part in each.parts]
    assert len(table) == 1 + len(parts) and table[0][:2] == ["区划", "编号"]
    assert "attachment" in body.headers["content-disposition"] and body.headers["cache-control"] == "no-store"
    book = load_workbook(io.BytesIO(client.get("/board.xlsx?document=pingluo&lang=en").content))
    cells = list(book.active.iter_rows(values_only=True))
    assert len(cells) == len(table) and cells[0][:2] == ("Unit", "Id")
    lost = client.get("/board.exe")
    assert lost.status_code == 404 and lost.json()["problem"] == "board.exe: there is no such file; use one of board.csv, board.xlsx."


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_spreadsheet_runs_a_cell(cell):
    assert safe(cell) == f"'{cell}" and safe("一=1") == "一=1"
    assert f"'{cell[0]}" in as_csv([(cell,)]).decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(as_xlsx([("a",), (cell,)]))).active
    assert sheet.cell(2, 1).data_type == "s"


def test_pictures_are_made_of_the_series_alone(standings):
    drawn = next(each for each in standings if each.target.id == "FG-996-3")
    assert small(drawn.parts[0], BOARD, drawn.state).startswith("data:image/svg+xml,")
    assert large(drawn.parts[0], drawn.due.on, BOARD, drawn.state).startswith("data:image/svg+xml,")
    empty = next(each for each in standings if each.state == "none" and not each.parts[0].numbers.series)
    assert small(empty.parts[0], BOARD, empty.state) is None and large(empty.parts[0], None, BOARD, empty.state) is None


def test_a_number_that_waits_for_somebody_says_so_on_the_board(show, monkeypatch):
    step = Moved(JUNE, 0.95, 0.8, 0.94, 0.96)
    monkeypatch.setattr("app.outlook.to_review", lambda *_: {("cameras.online", COUNTY): step})
    shown = show("/board?target=FG-996-3&lang=en")
    assert {each["children"] for each in classes(shown["board"], "to-review")} == {"to review"}
    assert [each["title"] for each in classes(shown["target"], "to-review")] == [step.says()["en"]]
