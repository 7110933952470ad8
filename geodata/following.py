"""A replica of an embedded store: copied from the primary as it runs, then following its log for ever."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

from sqlalchemy.engine import URL

from geodata import postgres
from geodata.clients import surroundings
from geodata.cluster import Cluster
from geodata.errors import StoreError
from geodata.server_user import ServerUser
from geodata.settings import parse_url, store_password

_INCLUDED = "include 'onemap.conf'"


def primary(text: str) -> URL:
    """Return the address of the store that is to be followed.

    Parameters
    ----------
    text : str
        ``postgresql://onemap@host/onemap``; a password that it lacks is taken from the environment.

    Returns
    -------
    sqlalchemy.engine.URL

    Raises
    ------
    SettingError
        The text is no address.
    """
    found = parse_url(text, "store follow")
    return found if found.password else found.set(password=store_password(os.environ) or None)


def follow(cluster: Cluster, leader: URL) -> None:
    """Make an installation that has no store yet the home of a replica, and start it.

    Parameters
    ----------
    cluster : Cluster
    leader : sqlalchemy.engine.URL
        The primary, which readers are not kept from meanwhile.

    Raises
    ------
    StoreError
        There is a store already, or the primary cannot be copied; nothing is left behind then.
    """
    if cluster.data.exists():
        raise StoreError("embedded store", f"{cluster.data} is there already", "name an empty folder in ONEMAP_HOME")
    user, fresh = cluster.settle(), cluster.folder / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    copy: list[str | Path] = [postgres.programs() / "pg_basebackup", "-D", fresh, "--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast"]
    done = postgres.run(copy, user, surroundings(leader))
    if done.returncode:
        shutil.rmtree(fresh, ignore_errors=True)
        remedy = "check its address, and that it was started with ONEMAP_STORE_FOLLOWED=yes"
        raise StoreError("primary", f"it cannot be copied: {postgres.last(done.stderr)}", remedy)
    _include(cluster, user)
    fresh.rename(cluster.data)
    replace(cluster, followed=True).start()


def _include(cluster: Cluster, user: ServerUser) -> None:
    """A primary of another house may keep its settings elsewhere, or have none of ours."""
    file = cluster.folder / "data.new" / "postgresql.conf"
    text = file.read_text() if file.exists() else ""
    if _INCLUDED not in text:
        file.write_text(f"{text}\n{_INCLUDED}\ninclude_if_exists 'local.conf'\n")
        os.chown(file, user.uid, user.gid)
