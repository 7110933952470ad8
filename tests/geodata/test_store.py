"""The way into the store, and every sentence with which it refuses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.engine import URL

from geodata import store as the_store
from geodata.errors import StoreError
from geodata.settings import parse_url, settings


def refused(address: URL | str) -> str:
    with pytest.raises(StoreError) as caught:
        the_store.probe(the_store.connect(parse_url(str(address), "here") if isinstance(address, str) else address))
    assert caught.value.exit_code == 40
    return str(caught.value)


def test_the_engine_of_the_process_is_made_once_and_reaches_the_store(store: Engine):
    engine = the_store.engine()
    assert engine is the_store.engine()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT current_setting('jit')")).scalar() == "off"
        assert connection.execute(text("SELECT current_setting('application_name')")).scalar() == "onemap"


def test_readers_do_not_notice_a_connection_that_was_cut(store: Engine):
    engine = the_store.engine()
    with engine.connect() as connection:
        pid = connection.execute(text("SELECT pg_backend_pid()")).scalar()
    with store.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1


def test_a_database_without_postgis(new_database: Callable[[str], Engine]):
    bare = new_database("without_postgis")
    with bare.begin() as connection:
        connection.execute(text("DROP EXTENSION postgis CASCADE"))
    said = "database without_postgis: PostGIS is not installed in it; run CREATE EXTENSION postgis there as its owner."
    assert refused(bare.url) == said


@pytest.mark.parametrize("version", ["2.5.5", "3.0.1"])
def test_a_postgis_that_is_too_old(version: str):
    with pytest.raises(StoreError) as caught:
        the_store._fit(parse_url("postgresql://h/d", "here"), version)
    assert str(caught.value) == f"database d: its PostGIS is {version}; use PostGIS 3.1 or newer."


def test_the_embedded_store_is_down(monkeypatch, tmp_path):
    monkeypatch.setenv("ONEMAP_HOME", str(tmp_path))
    monkeypatch.delenv("ONEMAP_DATABASE_URL", raising=False)
    settings.cache_clear()
    the_store.engine.cache_clear()
    address = the_store.url()
    with pytest.raises(StoreError) as caught:
        the_store.engine()
    settings.cache_clear()
    socket = address.query["host"]
    assert str(caught.value) == f"embedded store: nothing answers in {socket}; start it with ./onemap store start."


def test_an_external_store_is_down():
    said = "store 127.0.0.1:1: nothing answers there; start the server, or check ONEMAP_DATABASE_URL."
    assert refused("postgresql://u:secret@127.0.0.1:1/d") == said


def test_a_database_that_is_not_there(store_url: URL, monkeypatch):
    monkeypatch.setenv("ONEMAP_DATABASE_URL", "postgresql://elsewhere/d")
    settings.cache_clear()
    said = refused(store_url.set(database="nowhere"))
    settings.cache_clear()
    place = f"store {store_url.query['host']}:5432" if store_url.query.get("host") else "store "
    assert said.startswith(place)
    assert said.endswith("it has no database nowhere or no user onemap; check ONEMAP_DATABASE_URL.")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            'FATAL:  password authentication failed for user "u"',
            "store h:5433: it does not let u in; check ONEMAP_DATABASE_URL: user and password.",
        ),
        (
            "fe_sendauth: no password supplied",
            "store h:5433: it does not let u in; check ONEMAP_DATABASE_URL: user and password.",
        ),
        (
            'could not translate host name "h" to address: Name or service not known',
            "store h:5433: no host has this name; check ONEMAP_DATABASE_URL.",
        ),
        (
            "server closed the connection unexpectedly",
            "store h:5433: nothing answers there; start the server, or check ONEMAP_DATABASE_URL.",
        ),
    ],
)
def test_what_the_driver_says_becomes_one_sentence(words: str, expected: str):
    said = str(the_store.refusal(parse_url("postgresql://u:hunter2@h:5433/d", "here"), words))
    assert said == expected and "hunter2" not in said


def test_somebody_else_at_the_embedded_store():
    address = parse_url("postgresql://onemap@/onemap?host=/run/it", "here")
    said = str(the_store.refusal(address, 'FATAL:  Peer authentication failed for user "onemap"'))
    assert said == "embedded store: it serves its owner and root only; run ./onemap as one of them."
