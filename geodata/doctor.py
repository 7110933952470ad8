"""The doctor: looks at an installation and says what is wrong, each with its remedy."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from geodata import jobs, postgres, store, tables
from geodata.cluster import Cluster
from geodata.door import UP_TO_DATE, Door
from geodata.errors import StoreError
from geodata.settings import REPOSITORY, settings
from layers._errors import OneMapError

LOCK = "requirements.lock"
TESTS_ONLY = "# --- tests ---"
"""Line of the lock after which the packages are for tests only."""

LEAST_FREE = 2_000_000_000
"""Bytes below which a load of a county (source, staging copy, history and log) may not fit."""

_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Parameters
    ----------
    check : str
        What was looked at.
    said : str
        A note when it is well, else PLACE: FACT; REMEDY.
    well : bool
    """

    check: str
    said: str
    well: bool


def main(as_json: bool) -> int:
    """Print what all checks find.

    Parameters
    ----------
    as_json : bool
        One JSON object in place of lines.

    Returns
    -------
    int
        0 when all is well, else 40.
    """
    findings = [examine(name, check) for name, check in CHECKS.items()]
    if as_json:
        print(json.dumps({"checks": [vars(finding) for finding in findings]}, ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            print(f"{'ok    ' if finding.well else 'BROKEN'}  {finding.check:12}  {finding.said}")
    return 0 if all(finding.well for finding in findings) else StoreError.exit_code


def examine(name: str, check: Callable[[], str]) -> Finding:
    """Run one check.

    Parameters
    ----------
    name : str
    check : callable
        Returns a note, or raises what is wrong.

    Returns
    -------
    Finding
    """
    try:
        return Finding(name, check(), True)
    except OneMapError as error:
        return Finding(name, str(error), False)


def pins(lock: str) -> dict[str, str]:
    """Read the packages that the installation runs on out of the lock.

    Parameters
    ----------
    lock : str
        Text of the lock file.

    Returns
    -------
    dict of str to str
        Name to version; those for tests only are left out.
    """
    return dict(_PIN.findall(lock.partition(TESTS_ONLY)[0]))


def _python() -> str:
    if sys.version_info < (3, 11):  # noqa: UP036 - the doctor is asked exactly when something is wrong
        raise StoreError("python3", f"it is {sys.version.split()[0]}", "use Python 3.11 or newer")
    return f"{sys.version.split()[0]} in {sys.prefix}"


def _environment() -> str:
    wanted = pins((REPOSITORY / LOCK).read_text())
    wrong = [f"{name} is {_version(name)}, not {wanted[name]}" for name in wanted if _version(name) != wanted[name]]
    if wrong:
        more = f" and {len(wrong) - 1} more" if wrong[1:] else ""
        raise StoreError("Python packages", f"{wrong[0]}{more}", "run ./onemap prepare")
    return f"{len(wanted)} packages as locked"


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "absent"


def _server() -> str:
    if settings().database_url:
        return "not needed: ONEMAP_DATABASE_URL names a store"
    return f"PostgreSQL with PostGIS in {postgres.programs()}"


def _folder() -> str:
    data = Cluster(settings().home).data
    if settings().database_url:
        return "not needed: ONEMAP_DATABASE_URL names a store"
    if not data.exists():
        raise StoreError("embedded store", "it has not been made yet", "run ./onemap store start")
    stat = data.stat()
    if stat.st_uid == 0 or stat.st_mode & 0o077:
        fact = f"owner {stat.st_uid}, mode {stat.st_mode & 0o777:o}; PostgreSQL wants a plain owner and 700"
        raise StoreError(str(data), fact.replace(";", ","), f"give it to the user of the store and chmod 700 {data}")
    return f"{data} belongs to user {stat.st_uid}"


def _reach() -> str:
    where = settings().database_url or Cluster(settings().home).sockets
    return f"{where} answers, PostGIS {store.probe(store.connect(store.url()))}"


def _replicas() -> str:
    said = settings()
    if not said.replica_urls:
        return "none (ONEMAP_REPLICA_URLS)"
    door = Door(store.connect(store.url()), [store.connect(each) for each in said.replica_urls], said.replica_lag)
    for source in door.sources:
        door.sources.look(source)
    found = [(each.engine.url, each.standing) for each in door.sources.replicas]
    wrong = [f"{url.host or url.query.get('host')}: {standing.fact}" for url, standing in found if standing.fact]
    if wrong:
        raise StoreError("replica", "; ".join(wrong).replace(";", ","), "start it, or make it anew: ./onemap store follow")
    return ", ".join(f"{url.host or url.query.get('host')} {each.lag_s:.1f} s, {each.lag_bytes} bytes behind" for url, each in found)


def _schema() -> str:
    with store.connect(store.url()).connect() as connection:
        if connection.execute(text("SELECT to_regclass('onemap.loads')")).scalar() is None:
            raise StoreError("schema onemap", "no tables yet", "run ./onemap demo, or load a file with ./onemap load")
        if missing := tables.lacking(connection):
            raise StoreError("schema onemap", f"made by an earlier version, it lacks {', '.join(missing[:3])}", UP_TO_DATE)
        count = connection.execute(text("SELECT count(*) FROM onemap.loads")).scalar()
    return f"{count} loads"


def _schema_if_reached() -> str:
    return _of_the_store("schema onemap", _schema)


def _of_the_store(place: str, check: Callable[[], str]) -> str:
    try:
        return check()
    except OneMapError:
        raise
    except Exception:  # the driver has many words for "down"; the check "store" has said which
        raise StoreError(place, "the store does not answer", "mend the store first") from None


_LONGEST_WAIT_S = 60
"""Seconds after which a job that nobody has begun says that nobody is there: a runner looks every few seconds."""


def _jobs() -> str:
    engine = store.connect(store.url())
    with engine.connect() as connection:
        if connection.execute(text("SELECT to_regclass('onemap.jobs')")).scalar() is None:
            return "none"
    (n, since, seconds), at_work = Door(engine).ask(lambda reader: (jobs.waiting(reader), jobs.runner_at_work(reader)))
    if n and not at_work and seconds > _LONGEST_WAIT_S:
        fact = f"{n} wait since {since:%Y-%m-%d %H:%M}, and no runner is at work"
        raise StoreError("jobs of /data", fact, "run ./onemap work, or ./onemap serve without ONEMAP_RUNNER=no")
    return f"{n} wait, {'a runner is at work' if at_work else 'no runner is at work'}"


def _jobs_if_reached() -> str:
    return _of_the_store("jobs of /data", _jobs)


def _fonts() -> str:
    listing = shutil.which("fc-list")
    said = subprocess.run([listing, ":lang=zh", "family"], capture_output=True, check=False).stdout if listing else b""
    count = len(said.splitlines()) or len(list(Path("/usr/share/fonts").rglob("*CJK*")))
    if not count:
        raise StoreError("fonts", "no font of this machine has Chinese letters", "install fonts-noto-cjk")
    return f"{count} faces with Chinese letters"


def _port() -> str:
    host, port = settings().host, settings().port
    if _serving():
        return f"the one map serves on port {port}"
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            remedy = "stop the program that holds it, or choose another with ONEMAP_PORT"
            raise StoreError(f"port {port}", error.strerror or "cannot be used", remedy) from None
    return f"{host}:{port} is free"


def _serving() -> bool:
    """Look whether one of the servers that ./onemap noted is alive."""
    file = settings().home / "app.pid"
    numbers = file.read_text().split() if file.exists() else []
    return any(Path("/proc", number).exists() for number in numbers)


def _disk() -> str:
    home = settings().home
    place = home if home.exists() else home.parent
    free = shutil.disk_usage(place).free
    if free < LEAST_FREE:
        remedy = f"make room: a load may need {LEAST_FREE / 1e9:.0f} GB"
        raise StoreError(str(place), f"{free / 1e9:.1f} GB free", remedy)
    return f"{free / 1e9:.0f} GB free"


def _clock() -> str:
    """A clock that is behind makes days of state, certificates and file ages wrong."""
    newest = (REPOSITORY / LOCK).stat().st_mtime
    if time.time() < newest - 86400:
        raise StoreError("clock", f"it says {time.strftime('%Y-%m-%d')}, before the program was made", "set the clock")
    return time.strftime("%Y-%m-%d %H:%M %Z")


def _map_library() -> str:
    spec = importlib.util.find_spec("roadstyle")
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    found = folder / "vendor" / "maplibre-gl.js"
    if not found.is_file():
        raise StoreError("map library", "maplibre-gl.js of the package roadstyle is missing", "run ./onemap prepare")
    return f"{found.stat().st_size} bytes of maplibre-gl.js"


CHECKS: dict[str, Callable[[], str]] = {
    "python": _python,
    "packages": _environment,
    "server": _server,
    "folder": _folder,
    "store": _reach,
    "replicas": _replicas,
    "schema": _schema_if_reached,
    "jobs": _jobs_if_reached,
    "map library": _map_library,
    "fonts": _fonts,
    "port": _port,
    "disk": _disk,
    "clock": _clock,
}
"""Name of each check, in the order in which one failure explains the next."""
