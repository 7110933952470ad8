"""A store of before is brought up to date when the map is served; one that may only be read is read as far as it goes."""

import pytest
from sqlalchemy import create_engine, text

from geodata import upkeep
from geodata.tables import create_all


def test_what_a_store_of_before_lacks_is_made(store, monkeypatch):
    with store.begin() as connection:
        connection.execute(text("DROP TABLE onemap.ready"))
        connection.execute(text("DROP INDEX onemap.ladder_level_path"))
    monkeypatch.setattr(upkeep, "engine", lambda: store)
    assert upkeep.bring_up_to_date() is None
    with store.begin() as connection:
        found = connection.execute(text("SELECT to_regclass('onemap.ready'), to_regclass('onemap.ladder_level_path')")).one()
    assert None not in found


@pytest.fixture
def stranger(store):
    with store.begin() as connection:
        connection.execute(text("CREATE ROLE stranger"))
    engine = create_engine(store.url, connect_args={"options": "-c role=stranger"})
    yield engine
    engine.dispose()
    with store.begin() as connection:
        connection.execute(text("DROP ROLE stranger"))
    create_all(store)


def test_a_store_that_may_only_be_read_is_said_in_one_sentence(store, stranger, monkeypatch):
    with store.begin() as connection:
        connection.execute(text("DROP TABLE onemap.ready"))
    monkeypatch.setattr(upkeep, "engine", lambda: stranger)
    assert upkeep.bring_up_to_date() == (
        "onemap store: permission denied for database onemap; let its owner run ./onemap load once."
    )
