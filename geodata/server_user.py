"""The user of the system that runs the embedded store: never root."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geodata.errors import StoreError

ROOT = 0
"""Number of the user root; PostgreSQL refuses to run as this user."""


@dataclass(frozen=True)
class ServerUser:
    """The user of the operating system that runs the server and owns its files.

    Parameters
    ----------
    name : str
    uid, gid : int
    """

    name: str
    uid: int
    gid: int

    def enter(self) -> dict[str, Any]:
        """Return the arguments that make a subprocess run as this user (none when we are he).

        Returns
        -------
        dict of str to Any
            For ``subprocess.run``.
        """
        if os.geteuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def reaches(self, folder: Path) -> bool:
        """Say whether this user may walk to a folder.

        Parameters
        ----------
        folder : Path
            Absolute; the parts that do not exist yet are passed over.

        Returns
        -------
        bool
        """
        return all(self._enters(part.stat()) for part in folder.parents if part.exists())

    def _enters(self, stat: os.stat_result) -> bool:
        if stat.st_uid == self.uid:
            return bool(stat.st_mode & 0o100)
        if stat.st_gid == self.gid:
            return bool(stat.st_mode & 0o010)
        return bool(stat.st_mode & 0o001)

    def own(self, folder: Path) -> None:
        """Make a folder that only this user (and root) may enter.

        Parameters
        ----------
        folder : Path

        Raises
        ------
        StoreError
            When it is there already and belongs to somebody else.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.geteuid() == ROOT and folder.stat().st_uid == ROOT:
            os.chown(folder, self.uid, self.gid)
        if folder.stat().st_uid != self.uid:
            fact = f"{folder} does not belong to {self.name}"
            raise StoreError("embedded store", fact, "remove it, or give it to that user")
        folder.chmod(0o700)


def server_user(data: Path) -> ServerUser:
    """Return the user that runs the server of a data folder.

    Parameters
    ----------
    data : Path
        Data folder; need not exist yet.

    Returns
    -------
    ServerUser
        Owner of the folder when it exists; else ``postgres`` for root, and for all others themselves.

    Raises
    ------
    StoreError
        When the files belong to somebody else, or root finds no user ``postgres``.
    """
    me = os.geteuid()
    owner = data.stat().st_uid if data.exists() else me
    if owner not in (me, ROOT) and me != ROOT:
        name = _name(owner)
        raise StoreError("embedded store", f"its files belong to {name}", f"run ./onemap as {name} or as root")
    return _user(owner) if owner != ROOT else _stand_in()


def _stand_in() -> ServerUser:
    """Return ``postgres``, whom the Debian package makes: the server refuses to run as root."""
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError:
        raise missing("the system has no user postgres to run it as") from None
    return ServerUser("postgres", entry.pw_uid, entry.pw_gid)


def _user(uid: int) -> ServerUser:
    gid = os.getegid() if uid == os.geteuid() else pwd.getpwuid(uid).pw_gid
    return ServerUser(_name(uid), uid, gid)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def missing(fact: str) -> StoreError:
    """Say that the packages of the embedded store are not there.

    Parameters
    ----------
    fact : str

    Returns
    -------
    StoreError
    """
    return StoreError("embedded store", fact, "run ./onemap prepare, or name a PostGIS in ONEMAP_DATABASE_URL")
