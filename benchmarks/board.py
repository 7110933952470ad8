"""board: the board and the card of units of every level, first asked and kept, as the server answers them."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from pathlib import Path

from app.answer import answer
from app.kept import Kept
from app.settle import settle
from benchmarks._ground import load, run
from benchmarks._report import Report, median, p95
from geodata.cluster import Cluster
from geodata.door import Door
from geodata.store import connect

SCALE = "province"
LIMIT_MS = 50.0
OF_EACH_LEVEL = 40
SEED = 20261031


def measure(scale: str, rounds: int) -> Report:
    """The board, the desk's card and an open target of at most 40 units of each level, in a random order.

    Returns
    -------
    Report
        *_first: nothing is kept of that unit; *_kept: the same question again, as the next reader asks it. top_*: the one
        unit in which the most is counted, by itself.
    """
    home = load(scale)
    try:
        return measured(home, scale, rounds)
    finally:
        run(home, "geodata", "store", "stop")


def measured(home: Path, scale: str, rounds: int) -> Report:
    """The same on an installation whose store runs."""
    door = Door(connect(Cluster(home).url()))
    codes = _units(door)
    kept = Kept()
    _one(door, Kept(), "/")
    settle()  # as a process that serves does
    times: dict[str, list[float]] = {}
    for name, path in (("board", "/board?unit={}"), ("open", "/board?unit={}&target=PL-18a"), ("card", "/?unit={}")):
        for turn in ("first", *(["kept"] * rounds)):
            times.setdefault(f"{name}_{turn}", []).extend(_timed(door, kept, path, codes))
    top = {f"top_{name}_ms": 1000 * _one(door, Kept(), path) for name, path in (("board", "/board"), ("card", "/"))}
    figures = {f"{name}_p95_ms": 1000 * p95(each) for name, each in times.items()}
    figures |= {f"{name}_median_ms": 1000 * median(each) for name, each in times.items()}
    ratios = {f"{name}_p95_of_limit": figures[f"{name}_p95_ms"] / LIMIT_MS for name in times}
    return Report("board", scale, {"units_n": float(len(codes))} | figures | top, ratios)


def _units(door: Door) -> list[str]:
    """At most so many units of each level, in a random order that is the same each time."""
    question = """SELECT code FROM (SELECT code, row_number() OVER (PARTITION BY level ORDER BY md5(code)) AS n FROM onemap.ladder) l
        WHERE n <= :most ORDER BY code"""
    codes = [row["code"] for row in door.ask(lambda reader: reader.all(question, most=OF_EACH_LEVEL))]
    random.Random(SEED).shuffle(codes)
    return codes


def _timed(door: Door, kept: Kept, path: str, codes: Sequence[str]) -> list[float]:
    return [_one(door, kept, path.format(code)) for code in codes]


def _one(door: Door, kept: Kept, url: str) -> float:
    began = time.perf_counter()
    answer(door, {"url": url}, {}, kept).json()
    return time.perf_counter() - began
