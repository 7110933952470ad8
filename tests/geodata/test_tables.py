"""Tables are made from declarations, once, and grow with them."""

import pytest
from geoalchemy2 import Geometry
from sqlalchemy import inspect, text
from sqlalchemy.schema import CreateTable

from geodata import tables
from geodata.door import Door, Scope
from geodata.errors import StoreError
from layers import themes


@pytest.mark.parametrize("name", themes())
def test_a_theme_has_its_table_and_its_past(engine, name):
    columns = {each["name"] for each in inspect(engine).get_columns(name, schema="onemap")}
    past = {each["name"] for each in inspect(engine).get_columns(f"{name}_past", schema="onemap")}
    assert {field.name for field in themes()[name].fields} <= columns
    assert past - columns == {"until", "until_load", "restored"}


@pytest.mark.parametrize("name", themes())
def test_the_table_reads_as_reviewed(name, golden):
    golden(f"tables/{name}.sql", str(CreateTable(tables.table(name))))


def test_making_twice_changes_nothing_and_a_lost_column_comes_back(engine):
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE onemap.halls DROP COLUMN seats"))
    tables.create_all(engine)
    tables.create_all(engine)
    assert "seats" in {each["name"] for each in inspect(engine).get_columns("halls", schema="onemap")}


def test_a_store_of_before_gains_what_the_ledger_needs_now(engine):
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE onemap.loads DROP COLUMN kind, DROP COLUMN undone_by"))
        connection.execute(text("DROP INDEX onemap.set_aside_load"))
        connection.execute(
            text("""INSERT INTO onemap.loads (theme, source, file, sha256, bytes, recipe, operator, as_of, started,
            rows_in, added, changed, removed, unchanged, set_aside, duplicates, changes) VALUES ('halls', 'halls', 'a', '', 0,
            '{}', 'x', '2026-01-01', now(), 0, 0, 0, 0, 0, 0, 0, '{}')""")
        )
    tables.create_all(engine)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT kind, undone_by FROM onemap.loads")).one() == ("load", None)
    assert "set_aside_load" in {each["name"] for each in inspect(engine).get_indexes("set_aside", schema="onemap")}


def test_geometry_is_stored_in_4490_and_drawn_in_3857(engine):
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO onemap.halls (key, source, row_no, load_id, since, hash, geom) VALUES "
                "('h', 's', 1, 1, '2026-01-01', '', ST_SetSRID(ST_MakePoint(124, 30.5), 4490))"
            )
        )
        drawn = connection.execute(text("SELECT ST_SRID(g3857), ST_X(g3857), ST_Y(g3857) FROM onemap.halls")).one()
    assert drawn[0] == 3857
    # 6378137 m x 124 degrees in radians; the spherical Mercator of EPSG:3857.
    assert drawn[1] == pytest.approx(13803616.9, abs=0.2)
    assert isinstance(tables.table("halls").c.geom.type, Geometry)


def test_a_reader_cannot_write(engine):
    with (
        pytest.raises(StoreError, match="cannot execute INSERT in a read-only transaction"),
        Door(engine).reader() as reader,
    ):
        reader.all("INSERT INTO onemap.versions VALUES ('x', 1) RETURNING version")


def test_a_reader_sees_one_snapshot(engine):
    with Door(engine).reader() as reader:
        before = reader.value("SELECT count(*) FROM onemap.versions")
        with engine.begin() as writer:
            writer.execute(text("INSERT INTO onemap.versions VALUES ('x', 1)"))
        assert reader.value("SELECT count(*) FROM onemap.versions") == before


def test_the_scope_stands_in_the_transaction(engine):
    with Door(engine).reader(Scope(role="leader", area="9901")) as reader:
        assert reader.first(
            "SELECT current_setting('onemap.role') AS role, current_setting('onemap.area') AS area"
        ) == {"role": "leader", "area": "9901"}
    with Door(engine).reader() as reader:
        assert reader.value("SELECT current_setting('onemap.area')") == ""


def test_an_endless_question_is_refused_with_a_sentence(engine, monkeypatch):
    monkeypatch.setattr("geodata.door.STATEMENT_TIMEOUT_MS", 50)
    with (
        pytest.raises(
            StoreError, match="a question took longer than 10 seconds; ask for a smaller area or fewer themes"
        ),
        Door(engine).reader() as reader,
    ):
        reader.value("SELECT pg_sleep(5)")


def test_an_empty_database_says_how_to_fill_it(engine):
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA onemap CASCADE"))
    with (
        pytest.raises(StoreError, match="run ./onemap demo or ./onemap load to fill the store"),
        Door(engine).reader() as reader,
    ):
        reader.value("SELECT 1 FROM onemap.ladder")
