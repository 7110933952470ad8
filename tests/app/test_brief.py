"""The brief of a unit: what it claims by its rules, one page of selectable text with embedded fonts, and its refusals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as some
from pypdf import PdfReader

from app.brief import printing
from app.brief.claims import Case, claims
from app.brief.drawing import line_svg, placed, scale_bar
from app.brief.printing import pdf
from app.brief.routes import briefs
from app.brief.sheet import sheet
from app.errors import ServeError
from app.view import View
from geodata import peers
from geodata.door import Door
from geodata.picture import Dots, Picture, Shape
from geodata.targets import standings
from geodata.units import unit
from tests.app.bare_map import served
from tests.app.stood import COUNTY, TOWN, VILLAGE, door  # noqa: F401
from tests.geodata.laid import every_indicator


def _text(body: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages).replace("\n", "")


@pytest.mark.parametrize("code", [COUNTY, TOWN, VILLAGE])
@pytest.mark.parametrize("paper", ["a4", "a3"])
def test_it_is_one_page_with_its_fonts_and_the_numbers_of_the_card(door: Door, code: str, paper: str) -> None:  # noqa: F811
    made = door.ask(lambda reader: sheet(reader, View(unit=code), paper))
    read = PdfReader(BytesIO(pdf(made)))
    assert len(read.pages) == 1
    wide, high = (round(float(each) / 72 * 25.4) for each in read.pages[0].mediabox.upper_right)
    assert (wide, high) == {"a4": (210, 297), "a3": (420, 297)}[paper]
    fonts = [font.get_object() for font in read.pages[0]["/Resources"]["/Font"].get_object().values()]
    inner = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for font in fonts]
    assert inner and all("/FontFile3" in each or "/FontFile2" in each for each in inner)
    said = read.pages[0].extract_text().replace("\n", "")
    assert made.name in said and "口播稿" in said and "三个短板" in said
    for line in made.data["targets"]["lines"]:
        assert line["value"] in said


def test_a_page_speaks_english(door: Door) -> None:  # noqa: F811
    made = door.ask(lambda reader: sheet(reader, View(unit=TOWN, lang="en")))
    said = _text(pdf(made))
    assert "Three strong points" in said and "To be read out" in said
    assert made.text.startswith(f"{made.name} in ")


def test_claims_stand_on_the_numbers_of_the_store(door: Door) -> None:  # noqa: F811
    def ask(reader):
        here = unit(reader, TOWN)
        from geodata.indicators import card

        return claims(standings(reader, here), card(reader, TOWN), peers.among(reader, TOWN), "zh"), card(reader, TOWN)

    found, figures = door.ask(ask)
    known = {each.indicator: each for each in figures}
    for each in (*found.strong, *found.weak):
        if not each.case.units:
            assert each.case.value == known[each.case.indicator].value
    assert all(each.case.lacks > 0 and each.gap for each in found.next)
    assert [each.case.lacks for each in found.next] == sorted(each.case.lacks for each in found.next)
    assert not {each.case.indicator for each in found.strong} & {each.case.indicator for each in found.weak}


def test_peers_rank_as_a_count_by_hand_does(door: Door) -> None:  # noqa: F811
    from geodata.readings import of_children

    found = door.ask(lambda reader: peers.among(reader, TOWN))
    parent = door.ask(lambda reader: unit(reader, TOWN).parent)
    for name in ("cameras.online", "spaces.recovered"):
        if name not in found:
            continue
        values = {each.code: each.value for each in door.ask(lambda reader, name=name: of_children(reader, name, parent))}
        known = [each for each in values.values() if each is not None]
        assert found[name].rank == 1 + sum(each > values[TOWN] for each in known)
        assert found[name].of == len(known)
    assert door.ask(lambda reader: peers.among(reader, COUNTY)) == {}, "a root has no siblings"


@given(some.integers(0, 500), some.integers(1, 500), some.floats(0.01, 1.0))
def test_what_lacks_is_the_least_that_meets_the_target(has: int, of: int, asked: float) -> None:
    has = min(has, of)
    case = Case("cameras.online", has / of, float(has), float(of), asked)
    assert (has + case.lacks) / of >= asked - 1e-9
    assert case.lacks == 0 or (has + case.lacks - 1) / of < asked


def test_a_line_and_a_scale_bar_fit_their_boxes() -> None:
    square = Shape(1, "东村", "M 0 0 h 900 v 600 z", 450, 300, 900)
    drawn = Picture(900, 600, 12.0, square, (square,), (Dots("cameras", ((1.0, 2.0, "online"),)),))
    share, label = scale_bar(drawn)
    assert label == "2 km" and 0.1 < share <= 0.25
    assert placed(drawn, {1: "#0f586d"}) == [((450 + 8) / 916, (300 + 8) / 616, "东村", True)]
    assert line_svg([0.5, 0.5], None).count("<circle") == 1
    assert "stroke-dasharray" in line_svg([0.1, 0.9], 0.7)


@pytest.fixture
def address(door: Door) -> Iterator[str]:  # noqa: F811
    server = FastAPI()
    server.include_router(briefs(door))
    with served(server) as url:
        yield url.rstrip("/")


def _get(url: str) -> tuple[int, dict[str, str], bytes]:
    try:
        with urlopen(url, timeout=60) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except HTTPError as refused:
        return refused.code, dict(refused.headers), refused.read()


def test_the_route_gives_the_page_of_the_view(address: str) -> None:
    status, headers, body = _get(f"{address}/brief/{TOWN}.pdf?paper=a3&lang=en&indicator=cameras.hd")
    assert status == 200 and headers["content-type"] == "application/pdf"
    assert "HD" in _text(body)
    assert "filename*=UTF-8''" in headers["content-disposition"] and headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/brief/404.pdf", 404, "unit 404: the ladder has no such code; use one that search finds."),
        (f"/brief/{TOWN}.pdf?paper=a9", 400, "paper='a9': there is no such paper; use one of a4, a3."),
        (f"/brief/{TOWN}.pdf?lang=fr", 400, "brief: lang=fr: it cannot be read; the default is shown; mend the address."),
    ],
)
def test_what_it_refuses(address: str, path: str, status: int, sentence: str) -> None:
    found, _, body = _get(address + path)
    assert found == status and sentence in json.loads(body)["problem"]


def test_a_machine_without_chinese_fonts_is_told(monkeypatch: pytest.MonkeyPatch, door: Door) -> None:  # noqa: F811
    monkeypatch.setattr(printing, "CHINESE", ("No Such Family",))
    printing._fonts.cache_clear()
    made = door.ask(lambda reader: sheet(reader, View(unit=TOWN)))
    with pytest.raises(ServeError, match=r"fonts: none of No Such Family is installed; apt-get install fonts-noto-cjk\."):
        pdf(made)
    printing._fonts.cache_clear()


def test_the_command_writes_a_page_or_one_for_each_unit_below(door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:  # noqa: F811
    from app.__main__ import main

    monkeypatch.setattr("app.brief.command.serving_door", lambda: door)
    single = tmp_path / "new" / "town.pdf"
    assert main(["brief", TOWN, "--out", str(single), "--text"]) == 0
    assert single.read_bytes().startswith(b"%PDF") and "口播" not in single.with_suffix(".txt").read_text()
    assert main(["brief", COUNTY, "--below", "village", "--out", str(tmp_path / "all")]) == 0
    below = sorted(each.name for each in (tmp_path / "all").iterdir())
    assert below and all(each.endswith(".pdf") and each[:12].isdigit() for each in below)
    assert f"brief: {len(below)} pages in " in capsys.readouterr().out
    assert main(["brief", "404", "--out", str(single)]) != 0
    assert "unit 404: the ladder has no such code; use one that search finds." in capsys.readouterr().err
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert main(["brief", TOWN, "--out", str(blocked / "x.pdf")]) == 50
    assert "it cannot be written (" in capsys.readouterr().err


def test_an_older_day_is_an_older_page(door: Door) -> None:  # noqa: F811
    from geodata.door import Scope

    made = door.ask(lambda reader: sheet(reader, View(unit=TOWN, day=date(2026, 5, 31))), Scope(day=date(2026, 5, 31)))
    assert made.data["trend"] is None


def test_a_number_that_waits_for_somebody_says_so_on_paper(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    plain = door.ask(lambda reader: sheet(reader, View(unit=TOWN), "a4"))
    titles = [each["title"] for column in plain.data["claims"] for each in column["claims"]]
    monkeypatch.setattr("app.outlook.to_review", lambda _reader, _view, unit, *_: {(name, unit.code): True for name in every_indicator()})
    marked = door.ask(lambda reader: sheet(reader, View(unit=TOWN), "a4"))
    waiting = [each["title"] for column in marked.data["claims"] for each in column["claims"]]
    assert any(each.endswith(" [待核]") for each in waiting) and [each.removesuffix(" [待核]") for each in waiting] == titles
