"""big-file: a CSV larger than what is read as a whole, checked, rehearsed, loaded and sent again, with the memory that this takes.

Each step is a process of its own, as `./onemap load FILE` would be; its memory is the most that it ever held (its resident
set, as the kernel counts it), and that of the processes it started. The store is another program and not counted.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import text

from benchmarks._ground import environment, home_of, run
from benchmarks._report import Report
from etl.read import WHOLE

SCALE = "city"
LIMIT_GB = 1.5
# The file that the limit names, and one that is just too large to be read as a whole.
BYTES = {"city": 2 << 30, "county": WHOLE + (32 << 20)}
_HEAD = "礼堂编号,礼堂名称,使用状态,座位数,建成时间,地址,经度,纬度,备注\n"
_STATES = ("开放", "在建", "停用")
_AT_ONCE = 50_000
_BAD = 1_000  # one row in so many has no place
_AROUND = 1e-4  # degrees; some ten metres


def measure(scale: str, rounds: int) -> Report:
    """Make the file, and take it through every verb once.

    Parameters
    ----------
    scale : str
        "city" for 2 GB; "county" for one just larger than what is read as a whole.
    rounds : int
        Not used: a round takes minutes.

    Returns
    -------
    Report
        rows; seconds and gigabytes of each step; the largest by its limit.
    """
    home = home_of(f"big-file-{scale}")
    home.mkdir(parents=True, exist_ok=True)
    run(home, "geodata", "store", "start")
    try:
        run(home, "geodata", "sample", "--scale", "county")
        units = home / "sample" / "county"
        file = home / "halls_2025-11.csv"
        rows = made(file, BYTES[scale], _in_own_process(home, _ground, units))
        told = {name: _in_own_process(home, _take, name, file) for name in ("check", "rehearse", "load", "again")}
    finally:
        run(home, "geodata", "store", "stop")
    figures = {"rows": float(rows), "file_gb": file.stat().st_size / (1 << 30)}
    for name, each in told.items():
        figures |= {f"{name}_s": each["seconds"], f"{name}_gb": each["gb"]}
    return Report("big-file", scale, figures, {"memory_of_limit": max(each["gb"] for each in told.values()) / LIMIT_GB})


def made(file: Path, size: int, homes: np.ndarray) -> int:
    """Write halls some metres around places of villages, shape (m, 2), until the file has so many bytes; the number of rows."""
    chance, rows = np.random.default_rng(7), 0
    with file.open("w", encoding="utf-8") as opened:
        opened.write(_HEAD)
        while opened.tell() < size:
            x, y = (chance.choice(homes, _AT_ONCE) + chance.uniform(-_AROUND, _AROUND, (_AT_ONCE, 2))).round(7).T
            seats, states, years = (chance.integers(1, n, _AT_ONCE) for n in (500, 4, 20))
            opened.writelines(
                f"WH{rows + n:09d},文化礼堂{rows + n}号,{_STATES[states[n] - 1]},{seats[n]},{2000 + years[n]}-05-{1 + n % 28:02d},"
                f"第{n % 97}大道{n}号之{rows},{'' if n % _BAD == 0 else x[n]},{y[n]},第{rows + n}行的备注：一栋供村民聚会演出的公共建筑\n"
                for n in range(_AT_ONCE)
            )
            rows += _AT_ONCE
    return rows


def _in_own_process(home: Path, work: Any, *given: Any) -> Any:
    with ProcessPoolExecutor(1, get_context("spawn"), _stand, (str(home),)) as pool:
        return pool.submit(work, *given).result()


def _stand(home: str) -> None:
    os.environ.clear()
    os.environ.update(environment(Path(home)))


def _ground(folder: Path) -> np.ndarray:
    """Load the units of the sample, and take back what an earlier run left; a place in each of the lowest units."""
    from etl import batch, pipeline
    from etl.rollback import roll_back
    from geodata import loads, store, tables

    engine = store.engine()
    tables.create_all(engine)
    for file in batch.listed(folder, 1):
        job = pipeline.prepare(file)
        if job.theme.rung:
            pipeline.load(engine, job)
    while True:
        with engine.connect() as connection:
            left = loads.newest(connection, "halls", "halls")
            if left is None:
                question = text("SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(geom) p FROM onemap.ladder WHERE children = 0) l")
                return np.array([tuple(row) for row in connection.execute(question)])
        roll_back(engine, left.id, "bench")


def _take(step: str, file: Path) -> dict[str, float]:
    """One step, in a process of its own, which imports the house after its settings are known."""
    from etl import pipeline
    from etl.examine import examined
    from etl.rehearse import rehearse
    from geodata import store

    steps = {"check": examined, "rehearse": rehearse, "load": pipeline.load, "again": pipeline.load}
    if step == "again":  # other bytes, so that the file is not known, and nearly the same rows
        with file.open("a", encoding="utf-8") as opened:
            opened.write("WH-new,新建文化礼堂,开放,1,2024-05-01,新路1号,,,\n")
    began = time.perf_counter()
    steps[step](store.engine(), pipeline.prepare(file, "halls", operator="bench"))
    seconds = time.perf_counter() - began
    gb = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024**2
    print(f"{step}: {seconds:.0f} s, {gb:.2f} GB", file=sys.stderr)
    return {"seconds": seconds, "gb": gb}
