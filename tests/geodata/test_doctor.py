"""The doctor finds each fault, and says its remedy."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine, create_engine, text

from geodata import doctor, jobs, tables, units
from geodata.door import Door
from geodata.errors import StoreError
from geodata.settings import settings


@pytest.fixture
def home(monkeypatch, tmp_path: Path) -> Iterator[Path]:
    monkeypatch.setenv("ONEMAP_HOME", str(tmp_path))
    monkeypatch.delenv("ONEMAP_DATABASE_URL", raising=False)
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def said(check: str) -> str:
    found = doctor.examine(check, doctor.CHECKS[check])
    assert not found.well
    return found.said


def well(check: str) -> str:
    found = doctor.examine(check, doctor.CHECKS[check])
    assert found.well, found.said
    return found.said


def test_a_store_with_tables_is_well(store: Engine):
    assert "PostGIS 3" in well("store")
    assert well("server").startswith("not needed") and well("folder").startswith("not needed")


def test_a_store_without_tables(store: Engine):
    with store.begin() as connection:
        connection.execute(text("DROP SCHEMA IF EXISTS onemap CASCADE"))
    expected = "schema onemap: no tables yet; run ./onemap demo, or load a file with ./onemap load."
    assert said("schema") == expected


def test_a_store_of_an_earlier_version_says_how_it_is_brought_up_to_date(store: Engine):
    tables.create_all(store)
    with store.begin() as connection:
        connection.execute(text("ALTER TABLE onemap.ladder DROP COLUMN silhouette"))
    remedy = "serve the map or load a file once with this version: that brings the store up to date."
    assert said("schema") == f"schema onemap: made by an earlier version, it lacks ladder.silhouette; {remedy}"
    with pytest.raises(StoreError) as refused, Door(store).reader() as reader:
        units.home(reader)
    assert str(refused.value) == f"onemap store: column l.silhouette does not exist; {remedy}"
    tables.create_all(store)
    assert well("schema") == "0 loads"


def test_jobs_that_wait_for_a_runner(store: Engine):
    tables.create_all(store)
    assert well("jobs") == "0 wait, no runner is at work"
    with store.begin() as connection:
        late = "INSERT INTO onemap.jobs (verb, words, origin, operator, made) VALUES ('check', '[]', 'page', 'x', '2026-01-31 08:00')"
        connection.execute(text(late))
    assert said("jobs") == (
        "jobs of /data: 1 wait since 2026-01-31 08:00, and no runner is at work; "
        "run ./onemap work, or ./onemap serve without ONEMAP_RUNNER=no."
    )
    url = store.url.update_query_dict({"application_name": jobs.RUNNER})
    with create_engine(url).connect() as runner:
        runner.execute(text("SELECT 1"))
        assert well("jobs") == "1 wait, a runner is at work"


def test_a_store_that_is_not_there(home: Path):
    assert said("store").startswith("embedded store: nothing answers in ")
    assert said("schema") == "schema onemap: the store does not answer; mend the store first."
    assert said("folder") == "embedded store: it has not been made yet; run ./onemap store start."


def test_a_store_folder_that_is_open_to_others(home: Path):
    data = home / "store" / "data"
    data.mkdir(parents=True)
    data.chmod(0o755)
    owner = os.geteuid()
    assert said("folder") == (
        f"{data}: owner {owner}, mode 755, PostgreSQL wants a plain owner and 700; "
        f"give it to the user of the store and chmod 700 {data}."
    )


def test_a_package_of_another_version(monkeypatch, tmp_path: Path):
    (tmp_path / "requirements.lock").write_text("dash==0.1 \\\n    --hash=sha256:00\nshapely==0.2\n# --- tests ---\nx==1\n")
    monkeypatch.setattr(doctor, "REPOSITORY", tmp_path)
    found = said("packages")
    assert found.startswith("Python packages: dash is ") and found.endswith(
        ", not 0.1 and 1 more; run ./onemap prepare."
    )


def test_a_package_that_is_absent(monkeypatch, tmp_path: Path):
    (tmp_path / "requirements.lock").write_text("no-such-package==1\n")
    monkeypatch.setattr(doctor, "REPOSITORY", tmp_path)
    assert said("packages") == "Python packages: no-such-package is absent, not 1; run ./onemap prepare."


def test_the_lock_names_what_the_map_runs_on():
    lock = doctor.pins((doctor.REPOSITORY / doctor.LOCK).read_text())
    assert {"dash", "sqlalchemy", "geopandas", "roadstyle", "psycopg2-binary"} <= set(lock)
    assert "pytest" not in lock


def test_a_port_in_use(home: Path, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("ONEMAP_PORT", str(port))
        settings.cache_clear()
        remedy = "stop the program that holds it, or choose another with ONEMAP_PORT"
        assert said("port") == f"port {port}: Address already in use; {remedy}."
        (home / "app.pid").write_text(f"999999999\n{os.getpid()}\n")
        assert well("port") == f"the one map serves on port {port}"


def test_no_chinese_letters(monkeypatch):
    monkeypatch.setattr(doctor.shutil, "which", lambda _name: None)
    monkeypatch.setattr(doctor.Path, "rglob", lambda _folder, _pattern: [])
    assert said("fonts") == "fonts: no font of this machine has Chinese letters; install fonts-noto-cjk."


def test_a_full_disk(home: Path, monkeypatch):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _place: SimpleNamespace(free=1_500_000_000))
    assert said("disk") == f"{home}: 1.5 GB free; make room: a load may need 2 GB."


def test_a_clock_that_is_behind(monkeypatch):
    monkeypatch.setattr(doctor.time, "time", lambda: 0.0)
    found = said("clock")
    assert found.startswith("clock: it says ") and found.endswith(", before the program was made; set the clock.")


def test_the_map_library_is_missing(monkeypatch):
    monkeypatch.setattr(doctor.importlib.util, "find_spec", lambda _name: None)
    expected = "map library: maplibre-gl.js of the package roadstyle is missing; run ./onemap prepare."
    assert said("map library") == expected


def test_a_python_that_is_too_old(monkeypatch):
    monkeypatch.setattr(doctor.sys, "version_info", (3, 9))
    monkeypatch.setattr(doctor.sys, "version", "3.9.2 (main)")
    assert said("python") == "python3: it is 3.9.2; use Python 3.11 or newer."


def test_the_report_and_its_exit_code(monkeypatch, capsys):
    def broken() -> str:
        raise StoreError("here", "it is wrong", "mend it")

    monkeypatch.setattr(doctor, "CHECKS", {"one": lambda: "fine", "two": broken})
    assert doctor.main(as_json=False) == 40
    assert capsys.readouterr().out == (
        "ok      one           fine\nBROKEN  two           here: it is wrong; mend it.\n"
    )
    assert doctor.main(as_json=True) == 40
    assert json.loads(capsys.readouterr().out)["checks"][1] == {
        "check": "two",
        "said": "here: it is wrong; mend it.",
        "well": False,
    }
    monkeypatch.setattr(doctor, "CHECKS", {"one": lambda: "fine"})
    assert doctor.main(as_json=False) == 0
