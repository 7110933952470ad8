"""The store as the one process of a container: in the foreground, on TCP, with a password."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg2
from psycopg2 import sql

from geodata import postgres
from geodata.cluster import NAME, Cluster
from geodata.errors import StoreError

PASSWORD = "ONEMAP_STORE_PASSWORD"
LISTEN = "ONEMAP_STORE_LISTEN"


def run(cluster: Cluster) -> int:
    """Make the cluster if need be, then become the server; does not return.

    Parameters
    ----------
    cluster : Cluster

    Returns
    -------
    int
        Never; the process becomes PostgreSQL, so that the container's signals reach it.

    Raises
    ------
    StoreError
        When it runs already, or should listen on TCP without a password.
    """
    listen, secret = os.environ.get(LISTEN, ""), password()
    if listen and not secret:
        raise StoreError(LISTEN, "the store would listen on TCP without a password", f"set {PASSWORD}_FILE")
    if cluster.pid():
        raise StoreError("embedded store", f"process {cluster.pid()} runs it already", "stop it with ./onemap stop")
    cluster.start()
    if secret:
        _set_password(cluster, secret)
    cluster.stop()
    return _become(cluster, listen)


def password() -> str:
    """Return the password of the store: from the file of a secret, else from the environment.

    Returns
    -------
    str
        Empty when none is set.

    Raises
    ------
    StoreError
        When the file cannot be read.
    """
    name = os.environ.get(f"{PASSWORD}_FILE")
    if not name:
        return os.environ.get(PASSWORD, "")
    try:
        return Path(name).read_text().strip()
    except OSError as error:
        raise StoreError(f"{PASSWORD}_FILE", f"{name}: {error.strerror}", "name a file that can be read") from None


def _set_password(cluster: Cluster, secret: str) -> None:
    joined = psycopg2.connect(host=str(cluster.sockets), user=NAME, dbname=NAME)
    with joined, joined.cursor() as cursor:
        cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(NAME), sql.Literal(secret)))
    joined.close()


def _become(cluster: Cluster, listen: str) -> int:
    user = cluster.prepare(listen)
    if os.geteuid() != user.uid:
        os.setgroups([])
        os.setgid(user.gid)
        os.setuid(user.uid)
    server = postgres.programs((cluster.data / "PG_VERSION").read_text().strip()) / "postgres"
    os.execv(server, [str(server), "-D", str(cluster.data)])
