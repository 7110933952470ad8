"""The register of a theme in a unit: every row with its fields, place and file; and what is refused."""

from io import BytesIO

import openpyxl
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.answer import answer
from app.exporting import exporting
from geodata.door import Scope
from geodata.errors import UnknownCollection
from geodata.register import register, totals
from layers import theme
from tests.app.stood import COUNTY, VILLAGE, door
from tests.app.test_pages import nodes, texts

__all__ = ["door"]


@pytest.fixture(scope="module")
def client(door):
    app = FastAPI()
    app.include_router(exporting(door))
    return TestClient(app)


def test_parcels_with_state_area_and_rent_as_a_sheet(client):
    answered = client.get(f"/register/spaces.xlsx?unit={COUNTY}")
    assert answered.status_code == 200 and "spaces.xlsx" in answered.headers["content-disposition"]
    head, row = openpyxl.load_workbook(BytesIO(answered.content)).active.iter_rows(values_only=True)
    told = dict(zip(head, row, strict=True))
    assert (told["治理状态"], told["面积 (亩)"], told["年租金 (元/年)"], told["文件"], told["数据日期"]) == ("出租", 3.5, 900, "spaces.csv", "2026-05-31")


def test_only_rows_of_the_unit_and_of_the_day(client):
    assert len(client.get(f"/register/halls.csv?unit={COUNTY}").text.splitlines()) == 2
    assert len(client.get(f"/register/halls.csv?unit={COUNTY}&day=2026-05-31").text.splitlines()) == 1
    assert len(client.get(f"/register/cameras.csv?unit={VILLAGE}&lang=en").text.splitlines()) < 61


def test_a_guest_sees_no_single_rows(door):
    with door.reader(Scope(role="guest")) as reader, pytest.raises(UnknownCollection) as refused:
        register(reader, theme("cameras"), COUNTY)
    assert str(refused.value).startswith("collection cameras: nothing of that name is published; use one of ")


@pytest.mark.parametrize("address", ["/register/spaces.exe", "/register/nothing.xlsx", f"/register/spaces.xlsx?unit={COUNTY[:-1]}9", "/register/spaces.csv?day=x"])
def test_what_is_not_there_is_refused_in_a_sentence(client, address):
    answered = client.get(address)
    assert answered.status_code in (400, 404) and ";" in answered.json()["problem"]


def test_the_ledger_adds_up_what_stands_in_the_unit_by_state(door):
    with door.reader() as reader:
        (entry,) = totals(reader, theme("spaces"), COUNTY)
        assert (entry.state, entry.n, dict(entry.sums)) == ("let", 1, {"mu": 3.5, "rent": 900.0})
        assert totals(reader, theme("candidates"), COUNTY) == ()
        shown = dict(answer(door, {"url": "/?themes=spaces"}, {}).parts)
    (table,) = [each for each in nodes(shown["themes"]) if isinstance(each, dict) and each.get("className") == "ledger"]
    assert texts(table["children"])[-4:] == ["合计", "1", "3.5", "900"]
