"""The embedded store against what happens to it: crashes, foreign processes, long paths, closed folders."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg2
import pytest

from geodata import cluster, postgres, server_user
from geodata.cluster import Cluster
from geodata.errors import StoreError

AS_ROOT = os.geteuid() == 0


@pytest.fixture(scope="module")
def open_folder() -> Iterator[Path]:
    """A folder that the store's user can reach; pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="onemap-cluster-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def running(open_folder: Path) -> Iterator[Cluster]:
    made = Cluster(open_folder / "home", durable=False)
    made.start()
    yield made
    made.stop("immediate")


def ask(made: Cluster, question: str) -> object:
    joined = psycopg2.connect(host=str(made.sockets), user="onemap", dbname="onemap")
    with joined, joined.cursor() as cursor:
        cursor.execute(question)
        answer = cursor.fetchone() if cursor.description else None
    joined.close()
    return answer[0] if answer else None


def ended(pid: int) -> None:
    while Path(f"/proc/{pid}").exists():
        time.sleep(0.01)


def test_it_is_a_postgis_on_a_socket_alone(running: Cluster):
    assert ask(running, "SELECT extversion FROM pg_extension WHERE extname = 'postgis'")
    assert ask(running, "SHOW listen_addresses") == ""
    assert ask(running, "SHOW data_checksums") == "on"
    assert ask(running, "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'onemap'") == "UTF8"
    assert ask(running, "SHOW jit") == "off"


def test_only_its_user_and_root_reach_it(running: Cluster):
    for folder in (running.folder, running.data, running.sockets):
        assert folder.stat().st_mode & 0o777 == 0o700
    process = Path(f"/proc/{running.pid()}")
    assert process.stat().st_uid != 0


def test_a_second_start_does_nothing_and_is_quick(running: Cluster):
    before, began = running.pid(), time.perf_counter()
    assert running.start() is False
    assert time.perf_counter() - began < 0.3
    assert running.pid() == before


def test_the_real_store_is_durable(open_folder: Path):
    text = postgres.configuration(open_folder, "", durable=True)
    assert "fsync = 'on'" in text and "synchronous_commit = 'on'" in text and "full_page_writes = 'on'" in text


def test_kill_9_loses_nothing_that_was_committed(running: Cluster):
    running.stop()
    lasting = Cluster(running.home, durable=True)
    lasting.start()
    ask(lasting, "CREATE TABLE kept AS SELECT 42 AS answer")
    pid = lasting.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    ended(pid)
    assert lasting.pid() is None
    assert lasting.start() is True
    assert ask(lasting, "SELECT answer FROM kept") == 42


def test_a_server_that_starts_again_knows_what_it_held_in_memory(running: Cluster):
    lasting = Cluster(running.home, durable=True)
    lasting.stop()
    lasting.start()
    assert ask(lasting, "SHOW shared_preload_libraries") == "pg_prewarm"
    assert ask(lasting, "SHOW pg_prewarm.autoprewarm") == "on"
    lasting.stop()
    assert (lasting.data / "autoprewarm.blocks").stat().st_size > 0


def test_a_pid_that_went_to_another_process_does_not_keep_it_down(running: Cluster):
    running.start()
    running.stop()
    (running.data / "postmaster.pid").write_text(f"{os.getpid()}\n{running.data}\n")
    assert running.pid() is None
    assert running.start() is True


def test_a_half_made_cluster_is_made_anew(open_folder: Path):
    made = Cluster(open_folder / "half", durable=False)
    made.prepare()
    made.data.rename(made.folder / "data.new")
    assert made.start() is True
    assert not (made.folder / "data.new").exists()
    made.stop("immediate")


def test_two_starts_at_once_make_one_cluster(open_folder: Path):
    code = (
        "import sys; from pathlib import Path; from geodata.cluster import Cluster;"
        "Cluster(Path(sys.argv[1]), durable=False).start()"
    )
    home = open_folder / "twice"
    command = [os.sys.executable, "-c", code, str(home)]  # type: ignore[attr-defined]
    repository = Path(cluster.__file__).parent.parent
    both = [subprocess.Popen(command, cwd=repository) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    made = Cluster(home)
    assert made.ready()
    made.stop("immediate")


@pytest.mark.parametrize("name", ["a" * 90, "with space", "乡村"])
def test_a_path_that_postgres_cannot_take_moves_the_socket(open_folder: Path, name: str):
    made = Cluster(open_folder / name, durable=False)
    assert made.sockets.parent == Path("/tmp")
    assert len(os.fsencode(made.sockets / cluster.SOCKET)) <= cluster.LONGEST_SOCKET
    try:
        made.start()
        assert made.ready() and made.sockets.stat().st_mode & 0o777 == 0o700
    finally:
        made.stop("immediate")
        shutil.rmtree(made.sockets)


@pytest.mark.skipif(not AS_ROOT, reason="only root gives the store to another user")
def test_a_home_that_the_store_cannot_reach_gets_a_link(tmp_path: Path):
    tmp_path.chmod(0o700)
    made = Cluster(tmp_path, durable=False)
    try:
        made.start()
        assert (tmp_path / "store").is_symlink() and made.folder.is_relative_to("/var/lib/onemap")
        assert made.ready()
    finally:
        made.stop("immediate")
        shutil.rmtree(made.folder)
        with suppress(OSError):
            made.folder.parent.rmdir()


def test_a_folder_of_somebody_else_is_refused(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(server_user.os, "geteuid", lambda: 4242)
    data = tmp_path / "data"
    data.mkdir()
    if AS_ROOT:
        shutil.chown(data, "postgres")
    with pytest.raises(StoreError) as caught:
        server_user.server_user(data)
    name = data.owner()
    assert str(caught.value) == f"embedded store: its files belong to {name}; run ./onemap as {name} or as root."


def test_a_machine_without_postgresql(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(postgres, "_INSTALLED", str(tmp_path))
    remedy = "run ./onemap prepare, or name a PostGIS in ONEMAP_DATABASE_URL."
    with pytest.raises(StoreError, match="PostgreSQL with PostGIS is not installed") as caught:
        postgres.programs()
    assert str(caught.value) == f"embedded store: PostgreSQL with PostGIS is not installed; {remedy}"
    with pytest.raises(StoreError) as caught:
        postgres.programs("12")
    assert str(caught.value) == f"embedded store: PostgreSQL 12 with PostGIS is not installed; {remedy}"


def test_settings_that_postgres_refuses_are_told_from_its_log(running: Cluster):
    running.start()
    running.stop()
    wrong = running.data / "local.conf"
    wrong.write_text("work_mem = 'much'\n")
    try:
        with pytest.raises(StoreError) as caught:
            running.start()
        fact = f'PostgreSQL did not start: configuration file "{wrong}" contains errors'
        assert str(caught.value) == f"embedded store: {fact}; read {running.log}."
    finally:
        wrong.unlink()
    assert running.start() is True


def test_stopping_what_does_not_run(tmp_path: Path):
    assert Cluster(tmp_path).stop() is False


@pytest.mark.parametrize(("limit", "expected"), [("max", None), ("1073741824", 1073741824)])
def test_memory_is_that_of_the_container(monkeypatch, tmp_path: Path, limit: str, expected: int | None):
    whole = postgres.memory()
    file = tmp_path / "memory.max"
    file.write_text(limit)
    monkeypatch.setattr(postgres, "_LIMIT", file)
    assert postgres.memory() == (expected or os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    assert whole > 0
