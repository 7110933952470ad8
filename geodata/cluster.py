"""The embedded store: a private PostGIS under the installation's home, reached by a unix socket only."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT, connection
from sqlalchemy.engine import URL

from geodata import postgres
from geodata.errors import StoreError
from geodata.server_user import ServerUser, server_user

NAME = "onemap"
"""Name of the database and of the role that owns it."""

SOCKET = ".s.PGSQL.5432"
"""File name of the unix socket at the default port."""

LONGEST_SOCKET = 107
"""Bytes of a socket's path, ``sun_path`` less its final zero: unix(7)."""

_ELSEWHERE = Path("/var/lib/onemap")
_LARGEST_LOG = 10_000_000
_ACCESS = """\
# Written at each start by ./onemap. Only the socket's owner and root get in; TCP asks for a password.
local all onemap peer map=onemap
host onemap onemap all scram-sha-256
"""
_FOLLOWED = """\
local replication onemap peer map=onemap
host replication onemap all scram-sha-256
"""


@dataclass(frozen=True)
class Cluster:
    """A private PostGIS server.

    Parameters
    ----------
    home : Path
        Absolute folder of the installation; the cluster lives in ``store/`` below it.
    durable : bool
        False for throw-away clusters of tests, which need not survive a power cut.
    followed : bool
        Whether replicas may follow it.
    """

    home: Path
    durable: bool = True
    followed: bool = False

    @property
    def folder(self) -> Path:
        """Folder of data, log and socket; elsewhere when the server's user cannot reach the home."""
        return (self.home / "store").resolve()

    @property
    def data(self) -> Path:
        """Data folder of PostgreSQL."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """Log file of the server."""
        return self.folder / "log"

    @property
    def sockets(self) -> Path:
        """Folder of the unix socket; in ``/tmp`` when the path is too long, or odd, for PostgreSQL."""
        near = self.folder / "run"
        plain = re.fullmatch(r"[A-Za-z0-9_./+-]+", str(near))
        if plain and len(os.fsencode(near / SOCKET)) <= LONGEST_SOCKET:
            return near
        return Path("/tmp") / f"onemap-{_short(self.folder)}"

    @property
    def follows(self) -> bool:
        """Whether it is a replica of another server."""
        return (self.data / "standby.signal").exists()

    def url(self) -> URL:
        """Return the address of the database, for SQLAlchemy.

        Returns
        -------
        sqlalchemy.engine.URL
        """
        return URL.create("postgresql+psycopg2", username=NAME, database=NAME, query={"host": str(self.sockets)})

    def pid(self) -> int | None:
        """Return the number of the running server process; None when there is none.

        Returns
        -------
        int or None
        """
        return postgres.server_process(self.data)

    def ready(self) -> bool:
        """Say whether the server answers and its database has PostGIS.

        Returns
        -------
        bool
        """
        if self.pid() is None:
            return False
        with suppress(psycopg2.Error), _session(self, NAME) as cursor:
            cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'postgis'")
            return cursor.fetchone() is not None
        return False

    def start(self, listen: str = "") -> bool:
        """Start the server; make the cluster, the database and its PostGIS where they are missing.

        Parameters
        ----------
        listen : str
            Addresses for TCP; empty (the socket alone) unless the store runs in a container.

        Returns
        -------
        bool
            False when it was running already.

        Raises
        ------
        StoreError
            When PostgreSQL is not installed, its files belong to somebody else, or it does not start.
        """
        if self.ready():
            return False
        user = self.settle()
        with _alone(self.folder):
            if self.ready():
                return False
            if self.pid() is None:
                self._launch(user, listen)
            if not self.follows:
                _furnish(self)
        return True

    def stop(self, how: str = "fast") -> bool:
        """Stop the server.

        Parameters
        ----------
        how : {'fast', 'immediate'}
            ``immediate`` leaves recovery to the next start; for throw-away clusters.

        Returns
        -------
        bool
            False when it was not running.

        Raises
        ------
        StoreError
            When it does not stop within a minute.
        """
        if self.pid() is None:
            return False
        user = server_user(self.data)
        if self._control(user, "stop", "-m", how, "-t", "60").returncode:
            raise StoreError("embedded store", "it did not stop within 60 s", f"read {self.log}")
        return True

    def prepare(self, listen: str = "") -> ServerUser:
        """Make folders, cluster and settings, and clear what a crash left, without starting the server.

        Parameters
        ----------
        listen : str
            Addresses for TCP.

        Returns
        -------
        ServerUser
            Who runs the server.
        """
        user = self.settle()
        if not self.data.exists():
            self._initialise(user)
        self._configure(user, listen)
        for left in (self.data / "postmaster.pid", self.sockets / SOCKET, self.sockets / f"{SOCKET}.lock"):
            left.unlink(missing_ok=True)
        return user

    def settle(self) -> ServerUser:
        """Make the folders, where the server's user can reach them.

        Returns
        -------
        ServerUser
            Who owns them.
        """
        user = server_user(self.data)
        store = self.home / "store"
        self.home.mkdir(parents=True, exist_ok=True)
        if not store.exists() and not user.reaches(store):
            user.own(_ELSEWHERE / _short(self.home))
            store.symlink_to(_ELSEWHERE / _short(self.home))
        user.own(self.folder)
        user.own(self.sockets)
        return user

    def _initialise(self, user: ServerUser) -> None:
        """Run initdb beside the place and move the result there, so that a cut leaves no half cluster."""
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        # Texts are compared by their bytes, which in UTF-8 is the order of C.UTF-8 too, at half the cost of each index.
        how = ["--encoding=UTF8", "--locale=C.UTF-8", "--lc-collate=C", "--data-checksums", "--auth=peer"]
        how += [] if self.durable else ["--no-sync"]
        done = postgres.run([postgres.programs() / "initdb", "-D", fresh, "-U", NAME, *how], user)
        if done.returncode:
            raise StoreError("embedded store", f"initdb failed: {postgres.last(done.stderr)}", "run ./onemap doctor")
        with (fresh / "postgresql.conf").open("a") as file:
            file.write("include 'onemap.conf'\ninclude_if_exists 'local.conf'\n")
        fresh.rename(self.data)

    def _configure(self, user: ServerUser, listen: str) -> None:
        followed = self.followed or self.follows  # a replica needs what its primary needs
        text = postgres.configuration(self.sockets, listen, self.durable, followed)
        (self.data / "onemap.conf").write_text(text)
        (self.data / "pg_hba.conf").write_text(_ACCESS + (_FOLLOWED if followed else ""))
        names = sorted({"root", user.name})
        (self.data / "pg_ident.conf").write_text("".join(f"onemap {name} onemap\n" for name in names))
        if os.geteuid() != user.uid:
            os.chown(self.data / "onemap.conf", user.uid, user.gid)
        if self.log.exists() and self.log.stat().st_size > _LARGEST_LOG:
            self.log.rename(self.log.with_name("log.old"))

    def _launch(self, user: ServerUser, listen: str) -> None:
        """Start; after a crash, wait for the last of the old processes to let go of its memory."""
        self.prepare(listen)
        for _ in range(20):
            before = self.log.stat().st_size if self.log.exists() else 0
            if self._control(user, "start", "-l", str(self.log), "-t", "300").returncode == 0:
                return
            said = self.log.read_bytes()[before:].decode("utf-8", "replace") if self.log.exists() else ""
            if "pre-existing shared memory block" not in said:
                break
            time.sleep(0.5)
        raise StoreError("embedded store", f"PostgreSQL did not start: {postgres.last(said)}", f"read {self.log}")

    def _control(self, user: ServerUser, *words: str) -> subprocess.CompletedProcess[str]:
        version = (self.data / "PG_VERSION").read_text().strip()
        return postgres.run([postgres.programs(version) / "pg_ctl", "-D", self.data, "-w", "-s", *words], user)


@contextmanager
def temporary(followed: bool = False, durable: bool = False) -> Iterator[Cluster]:
    """Run a throw-away cluster for tests; it is stopped and removed at the end.

    Parameters
    ----------
    followed, durable : bool
        Whether replicas may follow it; whether it keeps what was committed when it is stopped in the midst of its work.

    Yields
    ------
    Cluster
    """
    home = Path(tempfile.mkdtemp(prefix="onemap-test-"))
    home.chmod(0o711)
    cluster = Cluster(home, durable=durable, followed=followed)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop("immediate")
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold a lock, so that two commands started together make one cluster."""
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _session(cluster: Cluster, database: str) -> Iterator[psycopg2.extensions.cursor]:
    joined: connection = psycopg2.connect(host=str(cluster.sockets), user=NAME, dbname=database, connect_timeout=5)
    joined.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
    try:
        yield joined.cursor()
    finally:
        joined.close()


def _furnish(cluster: Cluster) -> None:
    """Make the database and its PostGIS; asking first keeps it idempotent."""
    with _session(cluster, "postgres") as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (NAME,))
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE DATABASE {NAME}")
    with _session(cluster, NAME) as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS postgis")


def _short(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]
