"""The way into the store: one engine per process, refused early when the store cannot serve the map."""

from __future__ import annotations

import os
import select
from functools import lru_cache
from time import monotonic
from typing import Any

import psycopg2
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DisconnectionError, OperationalError

from geodata.cluster import Cluster
from geodata.errors import StoreError
from geodata.settings import settings

OLDEST_POSTGIS = (3, 1)
"""ST_TileEnvelope with a margin and feature ids in ST_AsMVT came with PostGIS 3.1 (its release notes)."""

_NOTICE = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 5000}
"""A machine that lost its power says nothing: libpq finds out within seconds."""


def url() -> URL:
    """Return the address of the store: the one in the environment, else that of the embedded store.

    Returns
    -------
    sqlalchemy.engine.URL
    """
    return settings().database_url or Cluster(settings().home).url()


@lru_cache(maxsize=1)
def engine() -> Engine:
    """Return the engine of this process, made and probed once.

    Returns
    -------
    sqlalchemy.Engine

    Raises
    ------
    StoreError
        When nothing answers, the address is refused, or the database has no (or too old a) PostGIS.
    """
    made = connect(url())
    probe(made)
    return made


def connect(address: URL, most: int = 24, wait_s: int = 5) -> Engine:
    """Make an engine for an address, without calling there yet.

    Parameters
    ----------
    address : sqlalchemy.engine.URL
    most : int
        Questions that are asked there at a time; a connection more is kept for looking whether it is well.
    wait_s : int
        Seconds to wait for a connection; 2 is the least that libpq takes.

    Returns
    -------
    sqlalchemy.Engine
        Tests each connection that has rested, or was told something, before it is used, so that a restart of the store is not noticed by readers.
    """
    made = create_engine(
        address,
        pool_size=min(most, 8),
        pool_use_lifo=True,  # what was used last knows its plans and tables; the others rest
        max_overflow=max(0, most - 8) + 1,
        pool_timeout=5,
        connect_args={"application_name": os.environ.get("PGAPPNAME") or "onemap", "connect_timeout": wait_s, **_NOTICE},
    )
    event.listen(made, "connect", _quiet_jit)
    event.listen(made, "checkin", _put_back)
    event.listen(made, "checkout", _awake)
    return made


RESTED_S = 5.0
"""A connection that was used within this time, and on which nothing has come since, is taken to be well."""


def _put_back(_connection: Any, record: Any) -> None:
    record.info["rests_since"] = monotonic()


def _awake(connection: Any, record: Any, _: Any) -> None:
    """Look whether the store is still there: a journey to it and back, which a page in use does not make for each question."""
    if monotonic() - record.info.get("rests_since", 0.0) < RESTED_S and not _told(connection):
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        connection.rollback()
    except psycopg2.Error as lost:
        raise DisconnectionError from lost  # the pool makes another one


def _told(connection: Any) -> bool:
    """Whether the store said something unasked: that it ends this connection, or only that a setting has changed."""
    line = select.poll()
    line.register(connection.fileno(), select.POLLIN)
    return bool(line.poll(0))


def _quiet_jit(connection, _record) -> None:  # type: ignore[no-untyped-def]
    """Compiling a tile query takes longer than running it; an external server may have jit on."""
    with connection.cursor() as cursor:
        cursor.execute("SET jit = off")
    connection.commit()


def probe(made: Engine) -> str:
    """Ask the store whether it can serve the map.

    Parameters
    ----------
    made : sqlalchemy.Engine

    Returns
    -------
    str
        Version of PostGIS, such as ``3.3.2``.

    Raises
    ------
    StoreError
        When nothing answers, the address is refused, or the database has no (or too old a) PostGIS.
    """
    question = text("SELECT extversion FROM pg_extension WHERE extname = 'postgis'")
    try:
        with made.connect() as connection:
            version = connection.execute(question).scalar()
    except OperationalError as error:
        raise refusal(made.url, str(error.orig)) from None
    return _fit(made.url, version)


def _fit(address: URL, version: str | None) -> str:
    place = f"database {address.database}"
    if version is None:
        raise StoreError(place, "PostGIS is not installed in it", "run CREATE EXTENSION postgis there as its owner")
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST_POSTGIS:
        raise StoreError(place, f"its PostGIS is {version}", "use PostGIS 3.1 or newer")
    return version


def refusal(address: URL, said: str) -> StoreError:
    """Put what the driver said about an address into one sentence with a remedy.

    Parameters
    ----------
    address : sqlalchemy.engine.URL
    said : str
        Message of the driver; only known phrases of it are looked at, so that no secret is repeated.

    Returns
    -------
    StoreError
    """
    check = "check ONEMAP_DATABASE_URL"
    socket = address.query.get("host")
    if socket and "Peer authentication failed" in said:
        return StoreError("embedded store", "it serves its owner and root only", "run ./onemap as one of them")
    if socket and settings().database_url is None:
        return StoreError("embedded store", f"nothing answers in {socket}", "start it with ./onemap store start")
    place = f"store {socket or address.host or 'localhost'}:{address.port or 5432}"
    if "password authentication failed" in said or "no password supplied" in said:
        return StoreError(place, f"it does not let {address.username} in", f"{check}: user and password")
    if "does not exist" in said:
        return StoreError(place, f"it has no database {address.database} or no user {address.username}", check)
    if "could not translate host name" in said:
        return StoreError(place, "no host has this name", check)
    return StoreError(place, "nothing answers there", f"start the server, or {check}")
