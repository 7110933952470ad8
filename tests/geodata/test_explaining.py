"""Explained numbers: SQL with its values written in gives the kept number to whoever runs it, for every declared indicator."""

from datetime import date

import numpy as np
import psycopg2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from geodata import explain as command
from geodata import measure, tables
from geodata.door import Door, Scope
from geodata.explaining import alike, explain, plainly
from geodata.written import literal, written
from layers import DeclarationError, indicator
from layers._indicator import NearBlind, Seen, SeenGround
from tests.conftest import standing_on
from tests.geodata import test_measure as rows_of
from tests.geodata.laid import COUNTY, DAY, every_indicator, lay_units, nested, note_load, put

LATER = date(2026, 11, 30)


@pytest.fixture(scope="module")
def ground(new_database):
    """Rows of every kind in a county, measured; then cameras of another month, so that there is a past."""
    store = new_database("explained")
    tables.create_all(store)
    rng, units = np.random.default_rng(11), nested()
    people = {code: int(rng.integers(200, 900)) for code, each in units.items() if each[1] in ("village", "grid")}
    rows = {
        "buildings": [{"key": str(i), "geom": each.buffer(0.0002, cap_style="square")} for i, each in enumerate(rows_of.anywhere(rng, 60))],
        "cameras": rows_of.some_cameras(rng, 60),
        "entrances": [{"key": str(i), "geom": each} for i, each in enumerate(rows_of.anywhere(rng, 40, 0.001))],
        "intersections": [{"key": str(i), "geom": each, "sort": rng.choice(["main", "minor"]), "name": "甲'乙\\:丙"}
                          for i, each in enumerate(rows_of.anywhere(rng, 40))],
        "halls": [{"key": str(i), "geom": each, "state": rng.choice(["open", "closed"]), "star": rng.choice(["five", "none"])}
                  for i, each in enumerate(rows_of.anywhere(rng, 7))],
        "roads": rows_of.some_roads(rng, 12),
        "spaces": rows_of.some_spaces(rng, 15),
    }  # fmt: skip
    with store.begin() as connection:
        paths = lay_units(connection, units, people)
        for number, (name, each) in enumerate(rows.items(), start=1):
            put(connection, name, each, units, paths, load=number)
            note_load(connection, name, number)
        measure.run(connection, DAY)
        connection.execute(text("""INSERT INTO onemap.halls_past (id, key, source, row_no, load_id, since, hash, unit, path, code, name, state,
            geom, until, until_load) SELECT id, key, source, row_no, load_id, since, hash, unit, path, code, name, state, geom, :day, 17
            FROM onemap.halls WHERE key = '1'"""), {"day": LATER})  # fmt: skip
        connection.execute(text("DELETE FROM onemap.halls WHERE key = '1'"))
        note_load(connection, "halls", 17, LATER)
        measure.run(connection, LATER)
    return store, units


def run(store, sql):
    """On a fresh connection that may only read, as somebody who was handed the text."""
    url = store.url.render_as_string(hide_password=False).replace("postgresql+psycopg2", "postgresql")
    with psycopg2.connect(url, options="-c default_transaction_read_only=on") as fresh, fresh.cursor() as cursor:
        cursor.execute(sql)
        found = cursor.fetchall()
    fresh.close()
    return found


@pytest.mark.parametrize("name", every_indicator())
def test_the_statement_of_every_indicator_gives_the_kept_number(ground, name):
    store, units = ground
    chosen = [next(code for code, each in units.items() if each[1] == level) for level in ("county", "town", "village", "grid")]
    declared = indicator(name)[1]
    for definition in declared.definitions:
        for code in chosen:
            with Door(store).reader() as reader:
                found = explain(reader, name, code, definition)
            assert found.same, (definition, code, found.again, found.figure)
            [(numerator, denominator, value)] = run(store, found.statement.number)
            kept = found.figure.numerator, found.figure.denominator, found.figure.value
            measure_ = declared.reading(definition).measure
            assert alike((numerator, denominator, value), kept, measure_), (definition, code)
            assert found.formula.zh and found.formula.en and type(measure_).__name__ not in found.formula.zh


def test_the_rows_are_those_that_stand_in_the_unit_each_with_file_and_row(ground):
    store, units = ground
    with Door(store).reader() as reader:
        found = explain(reader, "halls.count", COUNTY, most=None)
        counted = explain(reader, "cameras.networked", COUNTY, which="counted", most=None)
        rest = explain(reader, "cameras.networked", COUNTY, which="rest", most=None)
    with store.connect() as connection:
        open_ = connection.execute(text("SELECT key, load_id, row_no FROM onemap.halls WHERE state = 'open' AND path IS NOT NULL")).all()
        standing = "status IN ('in_use', 'repair') AND path IS NOT NULL"
        yes = connection.execute(text(f"SELECT key FROM onemap.cameras WHERE {standing} AND networked = 'networked'")).scalars().all()
        no = connection.execute(text(f"SELECT key FROM onemap.cameras WHERE {standing} AND networked <> 'networked'")).scalars().all()
    assert {(each["key"], each["load_id"], each["row_no"]) for each in found.rows.shown} == {tuple(each) for each in open_}
    assert [each.file for each in found.loads] == ["halls.csv"] and found.computed is not None
    assert {each["key"] for each in counted.rows.shown} == set(yes) and {each["key"] for each in rest.rows.shown} == set(no)
    assert (counted.rows.counted, counted.rows.total) == (len(yes), len(yes) + len(no))


def test_a_past_day_is_explained_with_the_rows_of_that_day(ground):
    store, _ = ground
    with Door(store).reader(Scope(day=DAY)) as reader:
        then = explain(reader, "halls.villages", COUNTY), explain(reader, "halls.count", COUNTY)
    with Door(store).reader() as reader:
        now = explain(reader, "halls.count", COUNTY)
    assert all(each.same and each.figure.day == DAY for each in then)
    assert then[1].rows.total - now.rows.total in (0, 1)  # the hall that went may have been closed
    assert [run(store, each.statement.number)[0][0] for each in then] == [each.figure.numerator for each in then]


def test_no_data_has_its_reason_and_is_no_zero(ground):
    store, units = ground
    grid = next(code for code, each in units.items() if each[1] == "grid")
    with Door(store).reader(Scope(day=date(2020, 1, 1))) as reader:
        before = explain(reader, "entrances.seen", COUNTY)
    with Door(store).reader() as reader:
        below = explain(reader, "halls.villages", grid)
    assert before.figure.value is None and before.reason.en.endswith("had not been measured on that day")
    assert below.figure.value is None and below.again[2] is None and below.reason.zh.endswith("（分母为零）")


def test_conditions_are_told_by_the_titles_of_fields_and_choices(ground):
    with Door(ground[0]).reader() as reader:
        found = explain(reader, "grids.sized", COUNTY)
    assert found.filters["counted"].zh == "户数 ≥ 30户 且 ≤ 500户" and found.filters["among"].en == "Grid level is Grid"


SEEN = [f"{name}@{own}" for name in every_indicator() for own in indicator(name)[1].definitions
        if isinstance(indicator(name)[1].reading(own).measure, (Seen, SeenGround, NearBlind))]  # fmt: skip


@pytest.mark.parametrize("name", SEEN)
def test_sectors_worked_out_in_the_statement_give_the_kept_number(ground, monkeypatch, name):
    store, units = ground
    monkeypatch.setattr("geodata.seen_rows.MOST_WRITTEN", 3)
    name, own = name.split("@")
    for code in (COUNTY, next(code for code, each in units.items() if each[1] == "village")):
        with Door(store).reader() as reader:
            found = explain(reader, name, code, own)
        assert found.same and found.ran and not found.statement.added_up, (code, found.again, found.figure)
        assert "limits" in found.statement.number or "sights AS MATERIALIZED" in found.statement.number


def test_what_takes_long_is_added_up_for_a_page_and_counted_for_who_waits(ground, monkeypatch):
    store, units = ground
    monkeypatch.setattr("geodata.seen_rows.MOST_WRITTEN", 3)
    for each in ("MOST_POINTS", "MOST_LINES", "MOST_GROUND"):
        monkeypatch.setattr(f"geodata.seen_rows.{each}", 3)
    with Door(store).reader() as reader:
        for name in ("entrances.seen", "roads.seen", "cameras.ground"):
            found = explain(reader, name, COUNTY, "strict")
            assert found.statement.added_up and found.same and not found.ran
            assert {each["key"] for each in found.rows.shown} == {code for code, each in units.items() if each[0] == COUNTY}
            waited = explain(reader, name, COUNTY, "strict", wait=True)
            assert waited.ran and waited.same and run(store, waited.statement.number) == [waited.again]


def test_too_many_sights_before_obstacles_are_added_up_from_below(ground, monkeypatch):
    monkeypatch.setattr("geodata.seen_rows.MOST_WRITTEN", 3)
    monkeypatch.setattr("geodata.seen_rows.MOST_WEDGES", 3)
    with Door(ground[0]).reader() as reader:
        found = explain(reader, "entrances.seen", COUNTY)
    assert found.statement.added_up and found.same and "onemap.indicators" in found.statement.number


def test_an_indicator_that_is_not_declared_is_refused(ground):
    with Door(ground[0]).reader() as reader, pytest.raises(DeclarationError, match=r"there is no indicator 'entrances.sseen'; use one of"):
        explain(reader, "entrances.sseen", COUNTY)


def test_the_command_prints_json_and_the_statement_alone(ground, capsys):
    with standing_on(ground[0].url):
        assert command.main(["entrances.seen", "--unit", COUNTY, "--definition", "loose", "--json"]) == 0
        told = capsys.readouterr().out
        assert command.main(["entrances.seen", "--unit", COUNTY, "--sql"]) == 0
    assert '"same": true' in told and '"file": "entrances.csv"' in told and '"definition": "loose"' in told
    assert run(ground[0], capsys.readouterr().out)[0][2] is not None


VALUES = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False) | st.dates() | st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\x00")
)


@given(VALUES, st.lists(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00")), max_size=3))
def test_values_come_back_as_they_were_written(connected, value, words):
    sql = f"SELECT {literal(value)} AS value, {literal(words)} AS words"
    for asked in (connected.exec_driver_sql(sql.replace("%", "%%")), connected.execute(text(plainly(sql)))):
        row = asked.one()
        assert row.words == words and (row.value == value or float(row.value) == value)


@pytest.fixture(scope="module")
def connected(new_database):
    with new_database("literals").connect() as connection:
        yield connection


def test_places_are_filled_and_casts_left_alone():
    assert written("SELECT :a::text, b.c, :a_b", {"a": "x:y", "a_b": 2}) == "SELECT 'x:y'::text, b.c, 2"
    with pytest.raises(ValueError, match="text with a NUL"):
        literal("a\x00b")
