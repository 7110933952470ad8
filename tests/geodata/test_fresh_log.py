"""The log of indicators written from nothing is the log that is written row by row."""

from datetime import date

import pytest
from sqlalchemy import text

from geodata import fresh_log, measure, tables
from tests.geodata.laid import lay_units, nested, note_load

DAY, LATER = date(2026, 6, 30), date(2026, 7, 31)

_SHAPE = """SELECT relname, pg_get_indexdef(c.oid), indisprimary FROM pg_index JOIN pg_class c ON c.oid = indexrelid
    WHERE indrelid = 'onemap.indicators'::regclass ORDER BY relname"""
_COLUMNS = """SELECT column_name, data_type, is_nullable, column_default, col_description('onemap.indicators'::regclass, ordinal_position::int),
    obj_description('onemap.indicators'::regclass) FROM information_schema.columns
    WHERE table_schema = 'onemap' AND table_name = 'indicators' ORDER BY column_name"""


@pytest.fixture(scope="module")
def store(new_database):
    engine = new_database("fresh_log")
    tables.create_all(engine)
    with engine.begin() as connection:
        lay_units(connection, nested(), {})
        note_load(connection, "units", 1, DAY)
    return engine


def logged(connection):
    """Oid of the log, its rows and how the store keeps them."""
    asked = ("SELECT * FROM onemap.indicators ORDER BY indicator, definition, unit, day", _SHAPE, _COLUMNS)
    rows, *kept = ([tuple(row) for row in connection.execute(text(each))] for each in asked)
    return connection.execute(text("SELECT 'onemap.indicators'::regclass::oid")).scalar(), rows, kept


def measured(store, monkeypatch, many, days=(DAY,)):
    monkeypatch.setattr(fresh_log, "MANY", many)
    with store.connect() as connection:
        for day in days:
            measure.run(connection, day)
        found = logged(connection)
        connection.rollback()
    return found


def test_it_has_the_rows_and_the_indexes_of_one_written_row_by_row(store, monkeypatch):
    plain, fresh = measured(store, monkeypatch, 10**9), measured(store, monkeypatch, 1)
    assert fresh[0] != plain[0] and len(plain[1]) > 50
    assert fresh[1:] == plain[1:]


def test_what_has_numbers_is_written_into(store, monkeypatch):
    with store.connect() as connection:
        measure.run(connection, DAY)
        before = logged(connection)
        connection.execute(text("UPDATE onemap.ladder SET population = 4321 WHERE children = 0"))
        monkeypatch.setattr(fresh_log, "MANY", 1)
        assert measure.run(connection, LATER).written > 0
        after = logged(connection)
        connection.rollback()
    assert after[0] == before[0] and after[2] == before[2] and set(before[1]) < set(after[1])


def test_a_measurement_that_fails_leaves_the_log_alone(store, monkeypatch):
    monkeypatch.setattr(fresh_log, "MANY", 1)
    with store.connect() as connection:
        before = logged(connection)
        with pytest.raises(ZeroDivisionError), fresh_log.written_to(connection, 1) as log:
            assert log == "onemap.indicators_made"
            raise ZeroDivisionError
        connection.rollback()
        assert logged(connection) == before
