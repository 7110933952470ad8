"""PostgreSQL's own programs on the store: look into it, copy it out, bring it back."""

from __future__ import annotations

import os
import subprocess

from sqlalchemy.engine import URL

from geodata import postgres
from geodata.cluster import NAME, Cluster
from geodata.errors import SettingError, StoreError
from geodata.settings import settings


def psql(cluster: Cluster, rest: list[str]) -> int:
    """Become psql.

    Parameters
    ----------
    cluster : Cluster
    rest : list of str
        Its arguments.

    Returns
    -------
    int
        Never; the process becomes psql.
    """
    program = str(postgres.programs() / "psql")
    os.execve(program, [program, *rest], surroundings(_address(cluster)))


def dump(cluster: Cluster, rest: list[str]) -> int:
    """Copy the map's schema out into one compressed file, as of one moment.

    Parameters
    ----------
    cluster : Cluster
    rest : list of str
        The file.

    Returns
    -------
    int
        0.

    Raises
    ------
    SettingError
        When no file is named.
    StoreError
        When pg_dump cannot do it.
    """
    file = _file(rest, "dump")
    _call(cluster, "pg_dump", "--format=custom", "--schema=onemap", "--no-owner", f"--file={file}")
    print(f"store: copied into {file}")
    return 0


def restore(cluster: Cluster, rest: list[str]) -> int:
    """Bring a copy back in place of what the store holds: whole, or not at all.

    Parameters
    ----------
    cluster : Cluster
    rest : list of str
        The file.

    Returns
    -------
    int
        0.

    Raises
    ------
    SettingError
        When no file is named.
    StoreError
        When pg_restore cannot do it; the store is as it was.
    """
    file = _file(rest, "restore")
    how = ["--clean", "--if-exists", "--no-owner", "--single-transaction", f"--dbname={_address(cluster).database}"]
    _call(cluster, "pg_restore", *how, file)
    print(f"store: brought back from {file}")
    return 0


def surroundings(address: URL) -> dict[str, str]:
    """Return the environment that tells PostgreSQL's programs where the store is.

    Parameters
    ----------
    address : sqlalchemy.engine.URL

    Returns
    -------
    dict of str to str
        A password goes this way, out of sight of ``ps``.
    """
    host = address.query.get("host") or address.host or "localhost"
    told = {"PGHOST": str(host), "PGPORT": str(address.port or 5432), "PGUSER": address.username or NAME}
    told |= {"PGDATABASE": address.database or NAME, "PGPASSWORD": address.password or ""}
    return {**os.environ, **told}


def _address(cluster: Cluster) -> URL:
    return settings().database_url or cluster.url()


def _file(rest: list[str], action: str) -> str:
    if len(rest) != 1:
        raise SettingError(f"store {action}", "it takes one file", f"write ./onemap store {action} FILE")
    return rest[0]


def _call(cluster: Cluster, name: str, *words: str) -> None:
    command = [str(postgres.programs() / name), *words]
    done = subprocess.run(command, env=surroundings(_address(cluster)), stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise StoreError(name, postgres.last(done.stderr), "check the file and ./onemap doctor")
