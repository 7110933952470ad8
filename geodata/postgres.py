"""The PostgreSQL server as a program: where it is, how it is run, with which settings."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from geodata.server_user import ServerUser, missing

_MIB = 1024 * 1024
_LIMIT = Path("/sys/fs/cgroup/memory.max")
_INSTALLED = "/usr/lib/postgresql"
_EXTENSIONS = "/usr/share/postgresql/{version}/extension/postgis.control"


def programs(version: str | None = None) -> Path:
    """Return the folder of the server's programs.

    Parameters
    ----------
    version : str, optional
        Major version that an existing data folder needs; default is the newest one with PostGIS.

    Returns
    -------
    Path
        Folder that holds ``initdb``, ``pg_ctl`` and ``postgres``.

    Raises
    ------
    StoreError
        When no such server is installed.
    """
    found = {path.parent.parent.name: path.parent for path in Path(_INSTALLED).glob("*/bin/initdb")}
    fit = sorted((name for name in found if Path(_EXTENSIONS.format(version=name)).exists()), key=float)
    if version is None and fit:
        return found[fit[-1]]
    if version in fit:
        return found[str(version)]
    wanted = f"PostgreSQL {version}" if version else "PostgreSQL"
    raise missing(f"{wanted} with PostGIS is not installed")


def server_process(data: Path) -> int | None:
    """Return the number of the process that serves a data folder.

    Parameters
    ----------
    data : Path

    Returns
    -------
    int or None
        None when no server runs on this data, whatever a pid file left by a crash says: its number may have
        gone to another process since.
    """
    try:
        number = int((data / "postmaster.pid").read_text().split()[0])
        os.kill(number, 0)
    except (OSError, ValueError, IndexError):
        return None
    try:
        return number if data.samefile(f"/proc/{number}/cwd") else None
    except OSError:
        return None if Path("/proc/self").exists() else number


def run(
    command: Sequence[str | Path], user: ServerUser, told: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one of the server's programs as its user.

    Parameters
    ----------
    command : sequence of str or Path
    user : ServerUser
    told : mapping of str to str, optional
        Its environment; by default ours.

    Returns
    -------
    subprocess.CompletedProcess
        What it said, both streams, is in ``stderr``.
    """
    quiet = {**(told or os.environ), "LC_ALL": "C.UTF-8"}
    with tempfile.TemporaryFile("w+") as said:  # a pipe would stay open in the server that pg_ctl leaves behind
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd="/", env=quiet, check=False, **user.enter()
        )
        said.seek(0)
        return subprocess.CompletedProcess(command, done.returncode, "", said.read())


def last(text: str) -> str:
    """Return the line of a program's output that says what went wrong.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        Without the time before it and the full stop behind it.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    fatal = [line for line in lines if "FATAL" in line or "error" in line.lower()]
    return re.sub(r"^.*?FATAL:\s+", "", (fatal or lines or ["no message"])[-1]).rstrip(".")


def memory() -> int:
    """Return the memory that this system, or the container we are in, may use.

    Returns
    -------
    int
        Bytes.
    """
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    text = _LIMIT.read_text().strip() if _LIMIT.exists() else "max"
    return min(whole, int(text)) if text.isdigit() else whole


def configuration(sockets: Path, listen: str, durable: bool, followed: bool = False) -> str:
    """Write the server's settings, for a county's machine of two cores and up.

    Parameters
    ----------
    sockets : Path
        Folder of the unix socket.
    listen : str
        Addresses for TCP; empty for none.
    durable : bool
        False only for throw-away clusters of tests.
    followed : bool
        Whether replicas may follow this server, or it is one.

    Returns
    -------
    str
        Text of a file that ``postgresql.conf`` includes.
    """
    cores, bytes_ = os.cpu_count() or 2, memory()
    values = {
        "listen_addresses": listen,
        "unix_socket_directories": str(sockets),
        "max_connections": 100,
        "shared_buffers": f"{_between(64, bytes_ // 4 // _MIB, 2048 if durable else 256)}MB",
        "effective_cache_size": f"{max(128, bytes_ * 6 // 10 // _MIB)}MB",
        "work_mem": "64MB",
        "maintenance_work_mem": f"{_between(64, bytes_ // 16 // _MIB, 1024)}MB",
        "max_parallel_workers_per_gather": min(4, cores),
        "max_parallel_workers": cores,
        "jit": "off",  # compiling a tile query takes longer than running it
        "random_page_cost": 1.1,
        "effective_io_concurrency": 200,
        **_replication(followed),
        **_remembering(durable),
        "wal_compression": "on",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "log_timezone": "UTC",
        **_durability(durable),
    }
    return "".join(f"{name} = '{value}'\n" for name, value in values.items())


def _replication(followed: bool) -> dict[str, object]:
    """What a server needs to be followed, and to follow.

    Notes
    -----
    A replica that was away for longer than the log is kept is made anew: slots would keep the log for it until the
    primary's disk is full. Replay waits for a question of a reader as long as one may take, and no longer.
    """
    if not followed:  # a table filled in the transaction that makes it is not written twice
        return {"wal_level": "minimal", "max_wal_senders": 0}
    return {
        "wal_level": "replica", "max_wal_senders": 20, "wal_keep_size": "2GB", "hot_standby": "on",
        "hot_standby_feedback": "on", "max_standby_streaming_delay": "12s", "wal_sender_timeout": "10s",
        "wal_receiver_timeout": "10s", "wal_retrieve_retry_interval": "1s", "wal_receiver_status_interval": "1s",
    }


def _remembering(durable: bool) -> dict[str, str]:
    """A server that starts again reads what it held in memory before, beside its work (PostgreSQL's manual, F.31): first looks are not the slow ones."""
    there = durable and (programs().parent / "lib/pg_prewarm.so").exists()
    return {"shared_preload_libraries": "pg_prewarm"} if there else {}


def _durability(durable: bool) -> dict[str, str]:
    """What is printed as loaded survives a power cut; only tests may trade that for speed."""
    state = "on" if durable else "off"
    return {"fsync": state, "synchronous_commit": state, "full_page_writes": state}


def _between(least: int, value: int, most: int) -> int:
    return max(least, min(value, most))
