"""Pairing a presenter's remote with a wall: a short code that expires, few tries, and a token that only the remote has."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from geodata import notices
from geodata.errors import PairingError, StoreError

CODE_LASTS = timedelta(minutes=2)
REMOTE_LASTS = timedelta(hours=12)
DIGITS = 6

MOST_WRONG, WRONG_WITHIN = 10, timedelta(minutes=10)
"""Wrong codes that are looked at; then nobody is paired until the time is over. One of a million codes is met by chance
in one of a hundred thousand such times."""

WORDS = ("next", "previous", "pause", "drill", "back", "spotlight", "freeze", "flavour", "scene", "help")
"""What a remote may say to its wall."""

LONGEST = 200
"""Signs of what a word is about (a scene's number, a unit's code)."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a wall shows.

    Parameters
    ----------
    code : str
        Six digits.
    ear : str
        By which the wall knows words that are meant for it; everybody may hear it.
    seconds : int
        For which the code holds.
    """

    code: str
    ear: str
    seconds: int


def offer(engine: Engine, wall: str) -> Offer:
    """A code for a wall; its former one holds no longer.

    Parameters
    ----------
    engine : Engine
        Of the primary.
    wall : str
        A secret of the wall's own making, 16 to 200 signs.

    Raises
    ------
    PairingError
        The secret is none.
    StoreError
        The store is away.
    """
    if not 16 <= len(wall) <= LONGEST:
        raise PairingError("remote", "the wall names no secret of its own", "open /wall anew")
    ear, code = _print("ear", wall), f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    now = datetime.now(UTC)
    with _writing(engine) as connection:
        connection.execute(text("DELETE FROM onemap.pairings WHERE expires < :now OR (ear = :ear AND kind = 'code')"), {"ear": ear, "now": now})
        connection.execute(
            text("INSERT INTO onemap.pairings (print, kind, ear, expires) VALUES (:print, 'code', :ear, :expires) ON CONFLICT (print) DO UPDATE SET ear = :ear, expires = :expires"),
            {"print": _print("code", code), "ear": ear, "expires": now + CODE_LASTS},
        )
    return Offer(code, ear, int(CODE_LASTS.total_seconds()))


def pair(engine: Engine, code: str, now: datetime | None = None) -> str:
    """The token of a remote that has shown a wall's code; the code holds no longer.

    Raises
    ------
    PairingError
        The code is wrong or has expired; or too many wrong ones were shown.
    StoreError
        The store is away.
    """
    moment = now or datetime.now(UTC)
    token = secrets.token_urlsafe(24)
    with _writing(engine) as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('onemap.pairings'))"))
        question = "SELECT count(*) FROM onemap.pairings WHERE kind = 'wrong' AND expires > :now"
        if int(connection.execute(text(question), {"now": moment}).scalar_one()) >= MOST_WRONG:
            raise PairingError("remote", "too many wrong codes were shown", f"wait {int(WRONG_WITHIN.total_seconds() / 60)} minutes, then ask the wall for a new one (key r)")
        asked = {"print": _print("code", code), "now": moment}
        ear = connection.execute(text("DELETE FROM onemap.pairings WHERE print = :print AND kind = 'code' AND expires > :now RETURNING ear"), asked).scalar()
        made = (_print("token", token), "remote", ear, moment + REMOTE_LASTS) if ear else (secrets.token_hex(16), "wrong", "", moment + WRONG_WITHIN)
        connection.execute(
            text("INSERT INTO onemap.pairings (print, kind, ear, expires) VALUES (:print, :kind, :ear, :expires)"),
            dict(zip(("print", "kind", "ear", "expires"), made, strict=True)),
        )
        if ear:
            notices.give(connection, notices.WALL, json.dumps({"ear": ear, "do": "paired"}))
    if not ear:
        raise PairingError("remote", "no wall shows this code", "read it again from the wall; it holds two minutes")
    return token


def say(engine: Engine, token: str, do: str, to: str | None = None) -> None:
    """Pass a word of a remote on to its wall.

    Raises
    ------
    PairingError
        The remote is not paired, or says what no wall knows.
    StoreError
        The store is away.
    """
    if do not in WORDS or (to is not None and len(to) > LONGEST):
        raise PairingError("remote", f"{do[:20]!r} is no word to a wall", f"use one of {', '.join(WORDS)}")
    with _writing(engine) as connection:
        asked = {"print": _print("token", token), "now": datetime.now(UTC)}
        ear = connection.execute(text("SELECT ear FROM onemap.pairings WHERE print = :print AND kind = 'remote' AND expires > :now"), asked).scalar()
        if not ear:
            raise PairingError("remote", "it is not paired with a wall, or was so too long ago", "ask the wall for a code (key r)")
        notices.give(connection, notices.WALL, json.dumps({"ear": ear, "do": do} | ({"to": to} if to is not None else {}), ensure_ascii=False))


def _print(kind: str, secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(f"onemap {kind} {secret}".encode()).hexdigest()[:32]


@contextmanager
def _writing(engine: Engine) -> Iterator[Connection]:
    """A transaction on the primary; its loss is said as everywhere."""
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as problem:
        raise StoreError("onemap store", "it does not answer", "run ./onemap doctor") from problem
