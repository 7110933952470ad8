"""The store as the one process of a container: in the foreground, on TCP, with a password."""

from __future__ import annotations

import os

import psycopg2
from psycopg2 import sql

from geodata import following, postgres
from geodata.cluster import NAME, Cluster
from geodata.errors import StoreError
from geodata.settings import PASSWORD, store_password

LISTEN = "ONEMAP_STORE_LISTEN"
FOLLOWS = "ONEMAP_STORE_FOLLOWS"
"""Variable of the address of a primary: this store is its replica, copied when it starts for the first time."""


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
    listen, secret = os.environ.get(LISTEN, ""), store_password(os.environ)
    leader = os.environ.get(FOLLOWS)
    if listen and not secret:
        raise StoreError(LISTEN, "the store would listen on TCP without a password", f"set {PASSWORD}_FILE")
    if cluster.pid():
        raise StoreError("embedded store", f"process {cluster.pid()} runs it already", "stop it with ./onemap stop")
    if leader and not cluster.data.exists():
        following.follow(cluster, following.primary(leader))
    cluster.start()
    if secret and not cluster.follows:
        _set_password(cluster, secret)
    cluster.stop()
    return _become(cluster, listen)


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
