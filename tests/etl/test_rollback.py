"""A load is taken back: rows, numbers, clusters and borders are as they were, and the ledger says so."""

import json
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError

from etl import pipeline
from etl.__main__ import main
from etl.errors import SourceError
from etl.rollback import roll_back
from geodata import aside, indicators, life, loads, rows
from geodata.door import Door, Scope
from geodata.errors import UnknownRow
from tests.etl.test_pipeline import GOOD, A, ask, halls, load, units
from tests.etl.test_pipeline import written as write

OCT, NOV, DEC = date(2025, 10, 31), date(2025, 11, 30), date(2025, 12, 31)
CHANGED = ["1,甲,停用,80,124.0051,30.005", GOOD[2], "4,丁,开放,9,124.005,30.005"]  # 1 changed and moved, 2 gone, 4 new


def state(store):
    """Everything that readers see, but for the ledger and the versions."""
    rows = "SELECT id, key, source, row_no, load_id, since, hash, unit, path, state, seats, ST_AsText(geom) FROM onemap.halls ORDER BY id"
    values = "SELECT indicator, unit, day, value, numerator, denominator FROM onemap.indicators ORDER BY 1, 2, 3"
    cells = "SELECT z, cy, cx, n, states::text, x, y FROM onemap.cells WHERE theme = 'halls' ORDER BY 1, 2, 3"
    ladder = "SELECT code, name, level, parent, path, children, ST_AsText(geom) FROM onemap.ladder ORDER BY code"
    return [ask(store, each) for each in (rows, values, cells, ladder)]


@pytest.fixture
def two(store, tmp_path):
    load(store, units(tmp_path), "units", day=OCT)
    load(store, halls(tmp_path, GOOD, "a.csv"), day=OCT)
    before = state(store)
    load(store, halls(tmp_path, CHANGED, "b.csv"), day=NOV)
    return before


def test_the_state_before_comes_back_bit_by_bit(store, two):
    after = state(store)
    (report,) = roll_back(store, 3, "李四", "wrong file")
    line = report.load
    assert state(store) == two != after
    assert (line.kind, line.undoes, line.reason, line.operator) == ("rollback", 3, "wrong file", "李四")
    assert (line.added, line.changed, line.removed, line.rows_in) == (1, 1, 1, 2)
    assert ask(store, "SELECT undone_by FROM onemap.loads WHERE id = 3") == [(line.id,)]


def test_a_rollback_is_a_load_and_can_be_taken_back(store, two):
    after = state(store)
    (report,) = roll_back(store, 3)
    (again,) = roll_back(store, report.load.id)
    assert state(store)[0] == after[0]
    assert state(store)[2:] == after[2:]
    assert ask(store, "SELECT id, undone_by FROM onemap.loads WHERE id >= 3 ORDER BY id") == [(3, None), (4, 5), (5, None)]
    roll_back(store, again.load.id)
    assert state(store)[0] == two[0]
    roll_back(store, 6)
    roll_back(store, 3)
    assert state(store) == two


def test_days_read_as_if_the_load_had_never_been(store, two, tmp_path):
    roll_back(store, 3)
    with Door(store).reader(Scope(day=DEC)) as reader:
        assert loads.freshness(reader)["halls"].id == 2
        assert loads.standing(reader)["halls"] == 3
        assert indicators.trend(reader, "halls.count", A) == ((OCT, 1.0),)
    of_day = """SELECT key, state FROM (SELECT key, state FROM onemap.halls WHERE since <= :day
        UNION ALL SELECT key, state FROM onemap.halls_past WHERE since <= :day AND :day < until) rows ORDER BY key"""
    assert ask(store, of_day, day=DEC) == [("1", "open"), ("2", "building"), ("3", "closed")]


def test_a_wrong_day_is_no_obstacle_afterwards(store, two, tmp_path):
    roll_back(store, 3)
    future = load(store, halls(tmp_path, CHANGED, "b.csv"), day=date(2035, 1, 31))
    roll_back(store, future.load.id)
    again = load(store, halls(tmp_path, CHANGED, "b.csv"), day=NOV)
    assert not again.unchanged
    with Door(store).reader() as reader:
        assert [day for day, _ in indicators.trend(reader, "halls.count", A)] == [OCT, NOV]


def test_a_day_after_which_others_were_measured(store, two, tmp_path):
    doors = ["编号,名称,经度,纬度", "1,甲,124.005,30.005"]
    load(store, write(tmp_path / "doors.csv", "\n".join(doors)), "entrances", day=DEC)
    roll_back(store, 3)
    for day, shown in ((NOV, 2.0), (DEC, 2.0), (None, 2.0)):
        with Door(store).reader(Scope(day=day)) as reader:
            assert rows.counts(reader, A)["halls"] == shown


def test_later_loads_of_the_same_rows_are_named_or_taken_back_too(store, two, tmp_path):
    load(store, halls(tmp_path, ["1,甲,开放,99,124.005,30.005", *CHANGED[1:]], "c.csv"), day=DEC)
    with pytest.raises(SourceError) as refused:
        roll_back(store, 3)
    assert str(refused.value) == "load 3: load 4 touched the same rows since; roll back the newest first, or give --cascade."
    reports = roll_back(store, 3, cascade=True)
    assert [each.load.undoes for each in reports] == [4, 3]
    assert state(store) == two


def test_later_loads_of_other_rows_are_no_obstacle(store, two, tmp_path):
    load(store, halls(tmp_path, [*CHANGED[:2], "4,丁,开放,9,124.005,30.005", "5,戊,开放,1,124.025,30.005"], "c.csv"), day=DEC)
    roll_back(store, 3)
    assert ask(store, "SELECT key, load_id FROM onemap.halls ORDER BY key") == [("1", 2), ("2", 2), ("3", 2), ("5", 4)]
    again = load(store, tmp_path / "c.csv", day=DEC)
    assert (again.unchanged, again.load.changed, again.load.removed, again.load.added) == (False, 1, 1, 1)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (9, "load 9: there is no such load; use a number that ./onemap loads lists."),
        (3, "load 3: load 4 took it back already; roll back load 4 to have it again."),
    ],
)
def test_what_cannot_be_taken_back(store, two, tmp_path, number, words):
    roll_back(store, 3)
    with pytest.raises(SourceError) as refused:
        roll_back(store, number)
    assert str(refused.value) == words


def test_borders_come_back_and_rows_with_them(store, tmp_path):
    load(store, units(tmp_path, "AAB"), "units", day=OCT)
    load(store, halls(tmp_path, GOOD), day=OCT)
    before = state(store)
    load(store, units(tmp_path, "ABB"), "units", day=NOV)
    assert state(store)[3] != before[3]
    roll_back(store, 3)
    assert state(store) == before


def test_rows_that_are_back_stand_in_the_units_of_today(store, two, tmp_path):
    load(store, units(tmp_path, "ABB"), "units", day=DEC)
    roll_back(store, 3)
    assert ask(store, "SELECT unit = :a FROM onemap.halls WHERE key = '2'", a=A) == [(False,)]


def test_the_first_load_of_all_can_be_taken_back(store, tmp_path):
    load(store, units(tmp_path), "units", day=OCT)
    roll_back(store, 1)
    assert ask(store, "SELECT count(*) FROM onemap.ladder UNION ALL SELECT count(*) FROM onemap.units") == [(0,), (0,)]
    assert not load(store, tmp_path / "units.geojson", "units", day=OCT).unchanged


def test_a_life_is_told(store, two):
    roll_back(store, 3)
    with Door(store).reader() as reader:
        one, two_, four = (life.life(reader, "halls", key) for key in "124")
        with pytest.raises(UnknownRow):
            life.life(reader, "halls", "77")
    assert [(each.what, each.day, each.load.id) for each in one] == [
        ("came", OCT, 2), ("changed", NOV, 3), ("restored", OCT, 4)]  # fmt: skip
    assert one[1].fields == {"state": ("open", "closed"), "seats": ("100", "80")}
    assert one[1].metres == pytest.approx(9.65, abs=0.1)  # 0.0001 degrees of longitude at 30 degrees north
    assert [(each.what, each.load.id) for each in two_] == [("came", 2), ("went", 3), ("restored", 4)]
    assert [(each.what, each.load.id) for each in four] == [("came", 3), ("taken back", 4)]


def test_what_was_set_aside_by_a_load_that_went_waits_no_longer(store, tmp_path):
    load(store, halls(tmp_path, ["1,甲,坏,1,124.005,30.005", *GOOD[1:]], "a.csv"), day=OCT)
    load(store, halls(tmp_path, ["2,乙,坏,1,124.005,30.005", GOOD[2]], "b.csv"), day=NOV)
    with Door(store).reader() as reader:
        assert [row["key"] for row in aside.waiting(reader, "halls")] == ["2"]
    roll_back(store, 2)
    with Door(store).reader() as reader:
        assert [row["key"] for row in aside.waiting(reader, "halls")] == ["1"]


def test_a_load_that_only_set_rows_aside_can_be_taken_back(store, tmp_path):
    load(store, halls(tmp_path, [GOOD[0], "2,乙,坏,1,124.005,30.005"], "a.csv"), day=OCT)
    load(store, halls(tmp_path, [GOOD[0], "3,丙,坏,1,124.005,30.005"], "b.csv"), day=NOV)
    (report,) = roll_back(store, 2)
    assert (report.load.added, report.load.changed, report.load.removed) == (0, 0, 0)
    with Door(store).reader() as reader:
        assert [row["key"] for row in aside.waiting(reader, "halls")] == ["2"]


def test_the_file_of_the_state_before_is_known_again(store, two, tmp_path):
    roll_back(store, 3)
    assert load(store, tmp_path / "a.csv", day=OCT).unchanged
    with store.connect() as connection:
        assert pipeline.known(connection, pipeline.prepare(tmp_path / "b.csv", "halls", as_of=NOV)) is None


def test_a_store_that_breaks_takes_nothing_back(store, two, monkeypatch):
    after = state(store)
    monkeypatch.setattr("etl.rollback.measure", lambda connection, *_: connection.execute(text("SELECT 1/0")))
    with pytest.raises(DataError, match="division by zero"):
        roll_back(store, 3)
    assert state(store) == after


def test_a_past_day_can_be_asked_for_at_the_command(store, two, capsys):
    told = []
    for words in ((), ("--as-of", "2025-10-31")):
        assert main(["status", "--json", *words]) == 0
        told.append(json.loads(capsys.readouterr().out))
    assert [(each["themes"]["halls"]["load"], len(each["loads"])) for each in told] == [(3, 3), (2, 2)]
    assert [each["themes"]["halls"]["rows"] for each in told] == [3, 3]
