"""Many who ask at once: wrk over HTTP and pgbench over SQL, and what they count."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.engine import URL

from geodata.prepared import Prepared
from layers import OneMapError

_LUA = """
local paths, n, seed = {}, 0, 0
function setup(thread) thread:set("number", seed); seed = seed + 1 end
function init()
  math.randomseed(number + 20261031)
  for path in io.lines("PATHS") do n = n + 1; paths[n] = path end
end
function request() return wrk.format("GET", paths[math.random(n)], {["Accept-Encoding"] = "gzip"}) end
function done(summary, latency)
  local e = summary.errors
  print(string.format('{"asked": %d, "us": %d, "bytes": %d, "failed": %d, "p95_us": %d}', summary.requests, summary.duration,
    summary.bytes, e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(95)))
end
"""


def program(name: str) -> str:
    """The path of a program of Debian's.

    Raises
    ------
    OneMapError
        It is not installed.
    """
    places = [shutil.which(name), f"/usr/sbin/{name}", f"/usr/lib/postgresql/15/bin/{name}"]
    found = next((each for each in places if each and Path(each).exists()), None)
    if found is None:
        package = "postgresql-contrib" if name == "pgbench" else name
        raise OneMapError(name, "it is not installed here", f"run apt-get install {package}")
    return found


def asked_a_second(base: str, paths: Sequence[str], connections: int, seconds: int, folder: Path) -> float:
    """Answers a second over HTTP, each to one of the paths at random.

    Raises
    ------
    OneMapError
        Some were not answered with 2xx: the figure would be of refusals.
    """
    (folder / "paths").write_text("\n".join(paths))
    (folder / "paths.lua").write_text(_LUA.replace("PATHS", str(folder / "paths")))
    words = [program("wrk"), "-t2", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "-s", str(folder / "paths.lua"), base]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    counted = json.loads(said[said.rindex("{") :])
    if counted["failed"] or not counted["asked"]:
        raise OneMapError(f"wrk on {base}", f"{counted['failed']} of {counted['asked']} were not answered", "look into the server's log")
    return float(counted["asked"]) / counted["us"] * 1e6


def planned_a_second(url: URL, questions: Sequence[tuple[Prepared, dict[str, int]]], connections: int, seconds: int, folder: Path) -> float:
    """Answers a second of the store alone, to the very statements that the server asks (pgbench -M prepared).

    Raises
    ------
    OneMapError
        pgbench counted nothing.
    """
    words = [program("pgbench"), "-n", "-M", "prepared", "-j", "2", "-c", str(connections), "-T", str(seconds)]
    for n, (question, own) in enumerate(questions[:120]):  # it takes 128 files
        (folder / f"{n}.sql").write_text(_script(question, own))
        words += ["-f", str(folder / f"{n}.sql")]
    place = {"PGHOST": url.query.get("host") or url.host or "", "PGPORT": str(url.port or 5432), "PGUSER": url.username or ""}
    environment = {**place, "PGPASSWORD": url.password or "", "PGDATABASE": url.database or "", "PGOPTIONS": "-c jit=off", "PATH": "/usr/bin:/bin"}
    ran = subprocess.run(words, capture_output=True, text=True, check=True, env={key: str(value) for key, value in environment.items()})
    counted = re.search(r"tps = ([\d.]+)", ran.stdout)
    if counted is None:
        raise OneMapError("pgbench", "it counted nothing", ran.stderr.strip().splitlines()[-1][:80] if ran.stderr else "run it by hand")
    return float(counted[1])


def _script(question: Prepared, own: dict[str, int]) -> str:
    """The tile's place in variables, so that the statement is planned for any place; the rest as it is."""
    sql, variables = question.sql, ""
    known = list(zip(question.names, question.kinds, question.filled(**own), strict=True))
    for n, (name, kind, value) in reversed(list(enumerate(known, start=1))):
        literal = f":{name}" if name in own else _literal(value)
        sql = re.sub(rf"\${n}\b", lambda _, said=f"CAST({literal} AS {kind})": said, sql)  # type: ignore[misc]
    variables = "".join(f"\\set {name} {value}\n" for name, value in own.items())
    return f"{variables}{' '.join(sql.split())};\n"


def _literal(value: object) -> str:
    if isinstance(value, list):
        return "ARRAY[" + ", ".join(map(_literal, value)) + "]"
    return str(value) if isinstance(value, (int, float)) else "'" + str(value).replace("'", "''") + "'"
