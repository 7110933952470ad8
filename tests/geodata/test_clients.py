"""Copies of the store, and what its programs are told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from geodata import clients
from geodata.cluster import Cluster
from geodata.errors import SettingError, StoreError
from geodata.settings import parse_url

ANY = Cluster(Path("/nowhere"))


def test_a_copy_brings_everything_back(store: Engine, tmp_path: Path, capsys):
    file = str(tmp_path / "copy")
    with store.begin() as connection:
        connection.execute(text("CREATE SCHEMA IF NOT EXISTS onemap"))
        connection.execute(text("CREATE TABLE onemap.kept AS SELECT 42 AS answer, ST_Point(124, 30.5, 4490) AS geom"))
    assert clients.dump(ANY, [file]) == 0
    with store.begin() as connection:
        connection.execute(text("DROP TABLE onemap.kept"))
    assert clients.restore(ANY, [file]) == 0
    with store.begin() as connection:
        assert connection.execute(text("SELECT answer, ST_X(geom) FROM onemap.kept")).one() == (42, 124.0)
    assert capsys.readouterr().out == f"store: copied into {file}\nstore: brought back from {file}\n"


def test_what_is_no_copy_leaves_the_store_as_it_is(store: Engine, tmp_path: Path):
    file = tmp_path / "text"
    file.write_text("no copy " * 100)
    with pytest.raises(StoreError) as caught:
        clients.restore(ANY, [str(file)])
    said = "input file does not appear to be a valid archive"
    assert str(caught.value) == f"pg_restore: pg_restore: error: {said}; check the file and ./onemap doctor."


@pytest.mark.parametrize("action", ["dump", "restore"])
def test_a_copy_without_a_file(action: str):
    with pytest.raises(SettingError) as caught:
        getattr(clients, action)(ANY, [])
    assert str(caught.value) == f"store {action}: it takes one file; write ./onemap store {action} FILE."


def test_a_password_goes_by_the_environment():
    told = clients.surroundings(parse_url("postgresql://u:hunter2@h:5433/d", "here"))
    assert (told["PGHOST"], told["PGPORT"], told["PGUSER"], told["PGDATABASE"]) == ("h", "5433", "u", "d")
    assert told["PGPASSWORD"] == "hunter2" and told["PATH"] == os.environ["PATH"]
