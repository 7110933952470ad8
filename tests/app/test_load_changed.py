"""What a load changed is told for good: in words and on the map, whatever later loads and rollbacks do to its rows."""

from __future__ import annotations

from datetime import date

import pytest

from etl.rollback import roll_back
from geodata import tables
from tests.app.test_gate import home, made  # noqa: F401
from tests.etl.test_pipeline import halls, load, units

FIRST = ["1,甲,开放,100,124.005,30.005", "2,乙,在建,50,124.015,30.005", "3,丙,停用,,124.025,30.005"]
SECOND = ["1,甲,停用,100,124.006,30.005", "2,乙,在建,50,124.015,30.005", "4,丁,开放,9,124.026,30.006"]
THIRD = ["1,甲,开放,120,124.005,30.005", "4,丁,停用,9,124.026,30.006"]


@pytest.fixture(scope="module")
def store(new_database, tmp_path_factory):
    engine = new_database("changed")
    tables.create_all(engine)
    folder = tmp_path_factory.mktemp("files")
    load(engine, units(folder), "units", day=date(2025, 9, 30))
    for month, rows in enumerate((FIRST, SECOND, THIRD), start=10):
        load(engine, halls(folder, rows, f"halls_{month}.csv"), day=date(2025, month, 28))
    return engine


def told(client, number, lang="en"):
    answer = client.get(f"/data/part?tab=loads&load={number}&lang={lang}").json()
    return answer["sections"]["loads"], answer["dots"]


def dots(client, address):
    found = client.get(address).json()["features"]
    return sorted((each["properties"]["kind"], each["properties"]["key"], *each["geometry"]["coordinates"]) for each in found)


DOTS = [("added", "4", 124.026, 30.006), ("moved", "1", 124.006, 30.005), ("removed", "3", 124.025, 30.005)]


def test_a_load_that_others_followed_says_what_it_changed(store, home):  # noqa: F811
    client = made(store, home)
    said, address = told(client, 3)
    assert "What load 3 changed" in said and address == "/data/loads/3/dots.json"
    for words in ("open</del>", "closed</ins>", "<code>3</code>", "丙", "<code>4</code>", "丁", "96"):
        assert words.casefold() in str(said).casefold(), words
    assert dots(client, address) == DOTS
    said, _ = told(client, 3, "zh")
    assert "第 3 批改了什么" in said and "<del>开放</del>" in said


def test_it_says_the_same_when_it_was_rolled_back(store, home):  # noqa: F811
    client = made(store, home)
    before = dots(client, "/data/loads/3/dots.json"), dots(client, "/data/loads/4/dots.json")
    assert before[0] == DOTS
    with store.connect() as connection:
        last = connection.exec_driver_sql("SELECT max(id) FROM onemap.loads").scalar()
    roll_back(store, last)
    assert (dots(client, "/data/loads/3/dots.json"), dots(client, "/data/loads/4/dots.json")) == before


def test_a_load_that_there_is_not(store, home):  # noqa: F811
    client = made(store, home)
    answer = client.get("/data/loads/99/dots.json")
    assert (answer.status_code, answer.json()["problem"]["en"]) == (404, "load 99: there is none; the ledger has them all.")
    assert "No load yet" in told(client, 99)[0] or told(client, 99)[0]
