"""load-test: 60 planners who drill at random for some minutes, by HTTP as their browsers would, on the machine of the server.

ONEMAP_DATABASE_URL names a store that is read as it is; without it the sample of the scale is loaded into a store of the
benchmark's own. ONEMAP_WORKERS and ONEMAP_REPLICA_URLS hold as they do for ./onemap serve.
"""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks._ground import environment, free_port, load, run, running, wait_until_served
from benchmarks._planner import THINKS_S, Planner, Seen
from benchmarks._report import Report, median, p95
from geodata.settings import settings

SCALE, PLANNERS, MINUTES = "city", 60, 10.0
STEP_LIMIT_MS, GROWTH_LIMIT = 1200.0, 1.1
SEED = 20261122


def measure(scale: str, rounds: int, minutes: float = MINUTES) -> Report:
    """`rounds` does nothing here: time does.

    Returns
    -------
    Report
        step_*_ms: from a press to its answer and the last tile that the map lacked; answer_*_ms, tile_*_ms; errors: answers
        that were none, or not 2xx or 304; told_to_ask_again: 503 with Retry-After, which the planner follows as the page does; workers_*_mb: memory of all workers that is theirs alone and their share of the
        rest, after a tenth of the time, after half of it, and at the end; workers_cpu_ms_a_step: what a step costs a core, without the store. Growth
        is that of the second half: what a worker keeps (tiles, answers) has its room, which fills first.
    """
    with _served(scale) as (port, server):
        weighed: list[float] = []
        seen = asyncio.run(_work(port, 60 * minutes, lambda: weighed.append(_memory_mb(server))))
        (first, half), last, worked = weighed, _memory_mb(server), _worked_s(server)
    figures = {
        "planners": PLANNERS, "minutes": minutes, "think_p50_s": THINKS_S, "steps": len(seen.steps),
        "steps_per_s": len(seen.steps) / (60 * minutes), "errors": len(seen.errors), "told_to_ask_again": seen.busy, "wire_mb": seen.bytes / 1e6,
        "requests": len(seen.answers) + len(seen.tiles), "from_browsers_cache": seen.kept,
        "step_worst_ms": 1000 * max(seen.steps), "workers_first_mb": first, "workers_half_mb": half, "workers_last_mb": last,
        "workers_cpu_ms_a_step": 1000 * worked / len(seen.steps),
    }
    for name in ("steps", "answers", "tiles"):
        values = [1000 * each for each in getattr(seen, name)]
        figures |= {f"{name[:-1]}_p50_ms": median(values), f"{name[:-1]}_p95_ms": p95(values)}
    for each in seen.errors[:10]:
        print(each, file=sys.stderr)
    ratios = {"step_of_limit": figures["step_p95_ms"] / STEP_LIMIT_MS, "growth_of_limit": last / half / GROWTH_LIMIT}
    return Report("load-test", scale, figures, ratios)


async def _work(port: int, seconds: float, weigh: Callable[[], object]) -> Seen:
    seen, until = Seen(), time.monotonic() + seconds
    planners = [Planner(port, seen, random.Random(SEED + number)) for number in range(PLANNERS)]
    for share in (10, 2):
        asyncio.get_running_loop().call_later(seconds / share, weigh)
    await asyncio.gather(*(each.work(until) for each in planners))
    return seen


@contextmanager
def _served(scale: str) -> Iterator[tuple[int, subprocess.Popen]]:
    """The port of the map, and its server."""
    theirs = settings().database_url
    home, port = (settings().home, free_port()) if theirs else (load(scale), free_port())
    surroundings = dict(os.environ) if theirs else environment(home)
    try:
        with running([sys.executable, "-m", "app", "serve", "--port", str(port)], surroundings, 60) as server:
            wait_until_served(f"http://127.0.0.1:{port}", 180)
            yield port, server
    finally:
        if not theirs:
            run(home, "geodata", "store", "stop")


def _workers(server: subprocess.Popen) -> list[str]:
    return Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split() or [str(server.pid)]


def _worked_s(server: subprocess.Popen) -> float:
    """Seconds of a core that the processes that answer have used (proc(5): fields 14 and 15 of stat)."""
    fields = (Path(f"/proc/{each}/stat").read_text().rsplit(")", 1)[1].split() for each in _workers(server))
    return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")


def _memory_mb(server: subprocess.Popen) -> float:
    """Of the processes that answer; what they share is shared out among them (Pss, proc(5))."""
    return sum(_pss_kb(each) for each in _workers(server)) / 1024


def _pss_kb(process: str) -> int:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
