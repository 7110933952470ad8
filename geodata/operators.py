"""Who may bring data in by the page: names and salted passwords in a file of the home folder, and the tokens they get.

Without any operator the page is open to this very machine only, and to nobody through a proxy.
"""

from __future__ import annotations

import base64
import getpass
import hashlib
import hmac
import json
import os
import re
import secrets
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geodata.errors import SettingError
from geodata.settings import settings

WORK, MEMORY_BLOCK, PARALLEL = 2**15, 8, 1
"""N, r and p of scrypt: 32 MB and a tenth of a second for a guess (OWASP, Password Storage Cheat Sheet)."""

SHORTEST = 8
"""Letters of a password (NIST SP 800-63B, 5.1.1.2)."""

VALID_S = 12 * 3600
"""Seconds that a token holds: a working day."""

_NAME = re.compile(r"[\w.@ -]{1,40}")


class Operators:
    """The operators of one installation.

    Parameters
    ----------
    home : Path
        Of the installation.
    """

    def __init__(self, home: Path) -> None:
        self._file = home / "gate" / "operators.json"

    def names(self) -> list[str]:
        """Everybody who may come in."""
        return sorted(self._read()["operators"])

    def put(self, name: str, password: str) -> None:
        """Let somebody in, or give him another password.

        Raises
        ------
        SettingError
            A name or a password that cannot be used.
        """
        if not _NAME.fullmatch(name):
            raise SettingError(f"operator {name!r}", "this is no name", "use letters, digits, . @ - and blanks, at most 40")
        if len(password) < SHORTEST:
            raise SettingError(f"operator {name}", "the password is too short", f"use {SHORTEST} letters or more")
        said, salt = self._read(), secrets.token_bytes(16)
        said["operators"][name] = f"{salt.hex()}${_hashed(password, salt).hex()}"
        self._write(said)

    def drop(self, name: str) -> None:
        """Let somebody in no longer; the tokens he holds are worth nothing from now on.

        Raises
        ------
        SettingError
            There is no operator of this name.
        """
        said = self._read()
        if said["operators"].pop(name, None) is None:
            raise SettingError(f"operator {name}", "there is none of this name", "see ./onemap operator list")
        self._write(said)

    def token(self, name: str, password: str) -> str | None:
        """A token for who knows the password; None for who does not."""
        kept = self._read()["operators"].get(name, f"{bytes(16).hex()}$")
        salt, _, hashed = kept.partition("$")
        if not hmac.compare_digest(_hashed(password, bytes.fromhex(salt)).hex(), hashed):
            return None
        body = base64.urlsafe_b64encode(json.dumps([name, int(time.time()) + VALID_S]).encode()).decode()
        return f"{body}.{self._seal(body, kept)}"

    def of_token(self, token: str) -> str | None:
        """Whose token this is; None for one that was made up, is too old, or of a password that was changed."""
        body, _, seal = token.partition(".")
        try:
            name, until = json.loads(base64.urlsafe_b64decode(body))
            kept = self._read()["operators"][name]
        except (ValueError, KeyError, TypeError):
            return None
        good = hmac.compare_digest(self._seal(body, kept).encode(), seal.encode())
        return name if good and time.time() < until else None

    def _seal(self, body: str, kept: str) -> str:
        return hmac.new(bytes.fromhex(self._read()["key"]), f"{body}|{kept}".encode(), hashlib.sha256).hexdigest()

    def _read(self) -> dict[str, Any]:
        try:
            return dict(json.loads(self._file.read_text("utf-8")))
        except FileNotFoundError:
            return {"key": secrets.token_hex(32), "operators": {}}
        except (OSError, ValueError) as problem:
            raise SettingError(str(self._file), f"it cannot be read ({problem})", "mend or delete it, and name the operators again") from None

    def _write(self, said: dict[str, Any]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as opened:
            json.dump(said, opened, ensure_ascii=False, indent=1)
        fresh.replace(self._file)


def _hashed(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=WORK, r=MEMORY_BLOCK, p=PARALLEL, maxmem=64 * 2**20)


def main(words: Sequence[str]) -> int:
    """``./onemap operator add|drop|list``."""
    parser = ArgumentParser(prog="onemap operator", description="who may bring data in by the page /data")
    parser.add_argument("action", choices=("add", "drop", "list"))
    parser.add_argument("name", nargs="?")
    return _done(parser, parser.parse_args(words))


def _done(parser: ArgumentParser, asked: Namespace) -> int:
    known = Operators(settings().home)
    if asked.action == "list":
        print("\n".join(known.names()) or "nobody yet: the page /data is open to this machine only")
        return 0
    if not asked.name:
        parser.error("whom? name an operator")
    if asked.action == "drop":
        known.drop(asked.name)
    else:
        known.put(asked.name, _password())
    print(f"operator {asked.name}: {'may bring data in at /data' if asked.action == 'add' else 'may no longer'}")
    return 0


def _password() -> str:
    """Asked for twice of a person; the first line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first, second = getpass.getpass("password: "), getpass.getpass("again: ")
    if first != second:
        raise SettingError("password", "the two differ", "try again")
    return first
