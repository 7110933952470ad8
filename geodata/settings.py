"""The settings of an installation: everything that the environment may say, on one screen.

=========================  =============================================================================
ONEMAP_HOME                folder for everything that is made here (default: ``.onemap`` in the repository)
ONEMAP_DATABASE_URL        an existing PostGIS that becomes the store (default: the embedded store)
ONEMAP_STORE_PASSWORD      its password, where the address holds none; better ONEMAP_STORE_PASSWORD_FILE, a
                           file that holds it
ONEMAP_TEST_DATABASE_URL   a PostGIS for the tests; they empty its schema ``onemap`` (default: throw-away)
ONEMAP_HOST                address that the pages listen on (default: 127.0.0.1)
ONEMAP_PORT                port that the pages listen on (default: 8050)
ONEMAP_WORKERS             processes that answer (default: one for each core, at most 4)
ONEMAP_CONNECTIONS         questions that one process asks of one store at a time (default: 8)
ONEMAP_PATIENCE            seconds that a reader may wait for a turn before the page says it is busy (default: 5)
ONEMAP_REPLICA_URLS        addresses of read replicas, with commas between (default: none); a replica without a
                           password takes that of the store
ONEMAP_REPLICA_LAG         seconds that a replica may be behind and still answer (default: 10)
ONEMAP_UPLOAD_LIMIT        megabytes that the files of one upload may have together (default: 2048)
ONEMAP_UPLOAD_DAYS         days that a file which came stays on the server beside what was loaded from it (default: 90)
ONEMAP_RUNNER              no: ./onemap serve brings no runner of jobs with it (default: yes)
ONEMAP_STORE_FOLLOWED      yes: replicas may follow the embedded store, which then writes more (default: no)
ONEMAP_SECURITY_GRADE      words on every wall that say its grade (密级), such as 内部; none by default
ONEMAP_MAP_APPROVAL        number under which the map may be shown (审图号), printed on every wall; none by default
=========================  =============================================================================
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from geodata.errors import SettingError

REPOSITORY = Path(__file__).resolve().parent.parent
"""Folder that holds ``geodata/``; the home of the installation lies in it unless told otherwise."""

PASSWORD = "ONEMAP_STORE_PASSWORD"
"""Variable of the store's password; with ``_FILE`` behind it, of a file that holds it (a container's secret)."""

_POSTGRES = {"postgres", "postgresql", "postgresql+psycopg2"}


@dataclass(frozen=True)
class Settings:
    """One reading of the environment.

    Parameters
    ----------
    home : Path
        Absolute folder of everything that is made here: store, sample, environment, logs.
    host : str
        Address that the pages listen on.
    port : int
        Port that the pages listen on, 1 to 65535.
    database_url : sqlalchemy.engine.URL or None
        External store; its text form hides the password. None means the embedded store.
    test_database_url : sqlalchemy.engine.URL or None
        External store for tests, or None.
    workers : int
        Processes that answer.
    connections : int
        Questions that one process asks of one store at a time.
    patience : float
        Seconds that a reader may wait for a turn.
    replica_urls : tuple of sqlalchemy.engine.URL
        Read replicas of the store.
    replica_lag : float
        Seconds that a replica may be behind and still answer.
    store_followed : bool
        Whether replicas may follow the embedded store.
    security_grade, map_approval : str
        What walls print of it; empty for nothing.
    upload_limit : int
        Megabytes that the files of one upload may have together.
    upload_days : int
        Days that an upload is kept.
    feed_keys : frozenset of str
        Keys that status feeds may show; none: no feed is taken over HTTP.
    """

    home: Path
    host: str
    port: int
    database_url: URL | None
    test_database_url: URL | None
    workers: int = 1
    connections: int = 8
    patience: float = 5.0
    replica_urls: tuple[URL, ...] = ()
    replica_lag: float = 10.0
    store_followed: bool = False
    security_grade: str = ""
    map_approval: str = ""
    upload_limit: int = 2048
    upload_days: int = 90
    feed_keys: frozenset[str] = frozenset()


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process; the environment is read once.

    Returns
    -------
    Settings

    Raises
    ------
    SettingError
        When a variable holds a value that cannot be used.
    """
    return read(os.environ)


def read(environ: Mapping[str, str]) -> Settings:
    """Read the settings out of a mapping of environment variables.

    Parameters
    ----------
    environ : Mapping[str, str]
        Names to texts; an empty text counts as absent.

    Returns
    -------
    Settings

    Raises
    ------
    SettingError
        When a variable holds a value that cannot be used.
    """
    return Settings(
        home=_home(environ.get("ONEMAP_HOME", "")),
        host=environ.get("ONEMAP_HOST") or "127.0.0.1",
        port=_port(environ.get("ONEMAP_PORT") or "8050"),
        database_url=_with_password(_url(environ, "ONEMAP_DATABASE_URL"), environ),
        test_database_url=_url(environ, "ONEMAP_TEST_DATABASE_URL"),
        workers=_whole(environ, "ONEMAP_WORKERS", _by_cores(), 1, 64),
        connections=_whole(environ, "ONEMAP_CONNECTIONS", 8, 3, 100),
        patience=_seconds(environ, "ONEMAP_PATIENCE", 5.0),
        replica_urls=_replicas(environ),
        replica_lag=_seconds(environ, "ONEMAP_REPLICA_LAG", 10.0),
        store_followed=_yes(environ, "ONEMAP_STORE_FOLLOWED"),
        security_grade=environ.get("ONEMAP_SECURITY_GRADE", "").strip()[:20],
        map_approval=environ.get("ONEMAP_MAP_APPROVAL", "").strip()[:40],
        upload_limit=_whole(environ, "ONEMAP_UPLOAD_LIMIT", 2048, 1, 1_000_000),
        upload_days=_whole(environ, "ONEMAP_UPLOAD_DAYS", 90, 1, 36_500),
        feed_keys=_keys(environ, "ONEMAP_FEED_KEYS_FILE"),
    )


def _by_cores() -> int:
    """One process for each core; beyond four the store, not Python, is what readers wait for."""
    return min(4, len(os.sched_getaffinity(0)))


def _whole(environ: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = environ.get(name) or str(default)
    if text.isascii() and text.isdigit() and least <= int(text) <= most:
        return int(text)
    raise SettingError(name, f"{text!r} is out of range", f"give a whole number from {least} to {most}")


def _yes(environ: Mapping[str, str], name: str) -> bool:
    text = environ.get(name) or "no"
    if text in ("yes", "no"):
        return text == "yes"
    raise SettingError(name, f"{text!r} is no answer", "write yes or no")


def _seconds(environ: Mapping[str, str], name: str, default: float) -> float:
    text = environ.get(name) or str(default)
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if 0 < found <= 3600:
        return found
    raise SettingError(name, f"{text!r} is no number of seconds", "give a number above 0, at most 3600")


SHORTEST_KEY = 16
"""Signs of a key: shorter ones can be guessed."""


def _keys(environ: Mapping[str, str], name: str) -> frozenset[str]:
    """The keys of a file, one a line; # begins a remark."""
    file = environ.get(name)
    if not file:
        return frozenset()
    try:
        lines = Path(file).read_text("utf-8").splitlines()
    except OSError as error:
        raise SettingError(name, f"{file}: {error.strerror}", "name a file that this user can read") from None
    found = frozenset(each.strip() for each in lines if each.strip() and not each.startswith("#"))
    if any(len(each) < SHORTEST_KEY for each in found):
        raise SettingError(name, f"a key has fewer than {SHORTEST_KEY} signs", "make one with: openssl rand -hex 16")
    return found


def _replicas(environ: Mapping[str, str]) -> tuple[URL, ...]:
    name = "ONEMAP_REPLICA_URLS"
    texts = [each.strip() for each in environ.get(name, "").split(",")]
    found = [_with_password(parse_url(each, name), environ) for each in texts if each]
    return tuple(each for each in found if each is not None)


def _home(text: str) -> Path:
    home = Path(text).expanduser() if text else REPOSITORY / ".onemap"
    if home.exists() and not home.is_dir():
        raise SettingError("ONEMAP_HOME", f"{home} is a file", "name a folder")
    return home.absolute()


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65535:
        return int(text)
    raise SettingError("ONEMAP_PORT", f"{text!r} is not a port", "give a whole number from 1 to 65535")


def _url(environ: Mapping[str, str], name: str) -> URL | None:
    text = environ.get(name, "").strip()
    return parse_url(text, name) if text else None


def _with_password(url: URL | None, environ: Mapping[str, str]) -> URL | None:
    if url is None or url.password:
        return url
    return url.set(password=store_password(environ) or None)


def store_password(environ: Mapping[str, str]) -> str:
    """Return the password of the store: from the file of a secret, else from the environment.

    Parameters
    ----------
    environ : Mapping[str, str]

    Returns
    -------
    str
        Empty when none is set.

    Raises
    ------
    SettingError
        When the file cannot be read.
    """
    name = environ.get(f"{PASSWORD}_FILE")
    if not name:
        return environ.get(PASSWORD, "")
    try:
        return Path(name).read_text().strip()
    except OSError as error:
        fact = f"{name}: {error.strerror}"
        raise SettingError(f"{PASSWORD}_FILE", fact, "name a file that this user can read") from None


def parse_url(text: str, place: str) -> URL:
    """Turn the text of a database address into the address that the driver takes.

    Parameters
    ----------
    text : str
        ``postgresql://user:password@host:port/database`` (``postgres://`` is taken too).
    place : str
        Where the text came from, for the refusal.

    Returns
    -------
    sqlalchemy.engine.URL
        With driver psycopg2; its text form hides the password.

    Raises
    ------
    SettingError
        When the text is no address of a PostgreSQL database. The refusal never repeats the text: it may hold
        a password.
    """
    remedy = "write postgresql://user:password@host:port/database"
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise SettingError(place, "the text is not a database address", remedy) from None
    if url.drivername not in _POSTGRES:
        raise SettingError(place, f"{url.drivername} is not PostgreSQL", remedy)
    if not url.database:
        raise SettingError(place, "the address names no database", remedy)
    return url.set(drivername="postgresql+psycopg2")
