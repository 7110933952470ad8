"""The store as the one process of a container."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from geodata.cluster import Cluster
from geodata.settings import REPOSITORY


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="onemap-run-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def run(home: Path, **more: str) -> subprocess.Popen[str]:
    environ = {**os.environ, "ONEMAP_HOME": str(home), **more}
    command = [sys.executable, "-m", "geodata", "store", "run"]
    return subprocess.Popen(command, cwd=REPOSITORY, env=environ, stderr=subprocess.PIPE, text=True)


def free_address() -> str:
    """PostgreSQL's own port on an address of the loopback network that nobody else listens on."""
    for last in range(2, 250):
        with socket.socket() as trial:
            if trial.connect_ex((f"127.77.0.{last}", 5432)):
                return f"127.77.0.{last}"
    raise AssertionError("port 5432 is taken everywhere")


def wait_for(address: str, password: str) -> psycopg2.extensions.connection:
    for _ in range(900):
        try:
            return psycopg2.connect(host=address, user="onemap", dbname="onemap", password=password)
        except psycopg2.OperationalError as error:
            if "authentication failed" in str(error):
                raise
            time.sleep(0.1)
    raise AssertionError("the store did not answer within 90 s")


def test_it_listens_with_a_password_and_stops_on_a_signal(home: Path):
    address = free_address()
    process = run(home, ONEMAP_STORE_LISTEN=address, ONEMAP_STORE_PASSWORD="hunter2 'quoted'")
    try:
        joined = wait_for(address, "hunter2 'quoted'")
        with joined.cursor() as cursor:
            cursor.execute("SELECT current_setting('fsync'), postgis_lib_version()")
            assert cursor.fetchone()[0] == "on"
        joined.close()
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            wait_for(address, "wrong")
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode == 0
    assert Cluster(home).pid() is None


def test_it_does_not_listen_without_a_password(home: Path):
    process = run(home, ONEMAP_STORE_LISTEN="*")
    said = process.communicate(timeout=30)[1]
    assert process.returncode == 40
    assert said == (
        "onemap: ONEMAP_STORE_LISTEN: the store would listen on TCP without a password; "
        "set ONEMAP_STORE_PASSWORD_FILE.\n"
    )


def test_it_does_not_run_twice(home: Path):
    made = Cluster(home, durable=False)
    made.start()
    try:
        process = run(home)
        said = process.communicate(timeout=30)[1]
        assert process.returncode == 40
        pid = made.pid()
        assert said == f"onemap: embedded store: process {pid} runs it already; stop it with ./onemap stop.\n"
    finally:
        made.stop("immediate")


@pytest.mark.slow
def test_a_replica_follows_over_tcp_with_a_password(home: Path):
    other = Path(tempfile.mkdtemp(prefix="onemap-run-"))
    other.chmod(0o711)
    first, secret = free_address(), "hunter2 'quoted'"
    primary = run(home, ONEMAP_STORE_LISTEN=first, ONEMAP_STORE_PASSWORD=secret, ONEMAP_STORE_FOLLOWED="yes")
    try:
        joined = wait_for(first, secret)
        with joined, joined.cursor() as cursor:
            cursor.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        second = free_address()
        leader = f"postgresql://onemap@{first}/onemap"
        replica = run(other, ONEMAP_STORE_LISTEN=second, ONEMAP_STORE_PASSWORD=secret, ONEMAP_STORE_FOLLOWS=leader)
        try:
            copied = wait_for(second, secret)
            with copied.cursor() as cursor:
                cursor.execute("SELECT answer, pg_is_in_recovery() FROM kept")
                assert cursor.fetchone() == (42, True)
            copied.close()
        finally:
            replica.send_signal(signal.SIGINT)
            replica.communicate(timeout=60)
        joined.close()
    finally:
        primary.send_signal(signal.SIGINT)
        primary.communicate(timeout=60)
        shutil.rmtree(other, ignore_errors=True)
    assert (primary.returncode, replica.returncode) == (0, 0)
