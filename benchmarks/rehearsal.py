"""rehearsal: what 100,000 rows would do is worked out, and how long readers and a short load wait meanwhile."""

from __future__ import annotations

import csv
import tempfile
import threading
import time
from itertools import islice
from pathlib import Path

from sqlalchemy import Engine

from benchmarks._cameras import changed, job, standing
from benchmarks._report import Report, median, p95
from etl import pipeline, rehearse
from etl.rollback import roll_back
from geodata.door import Door

SCALE = "city"
ROWS, LIMIT_S, READER_LIMIT_MS = 100_000, 30.0, 200.0


def measure(scale: str, rounds: int) -> Report:
    """The first 100,000 rows are loaded; then a file of them with 2 % changed is rehearsed `rounds` times.

    Returns
    -------
    Report
        rehearsal_s; first_s: of the same rows when none stands yet; reader_p95_ms meanwhile; by their limits.
    """
    took: list[float] = []
    waits: list[float] = []
    with standing(scale) as (engine, file), tempfile.TemporaryDirectory() as folder:
        part = _part(file, Path(folder))
        first = rehearse.rehearse(engine, job(part)).seconds
        standing_load = pipeline.load(engine, job(part)).load.id
        (Path(folder) / "other").mkdir()
        other = changed(part, 0.02, Path(folder) / "other")
        for _ in range(rounds):
            with _readers(engine, waits):
                took.append(rehearse.rehearse(engine, job(other)).seconds)
        roll_back(engine, standing_load)
    figures = {"rehearsal_s": median(took), "first_s": first, "reader_p95_ms": p95(waits)}
    ratios = {name: max(median(took), first) / LIMIT_S for name in ("rehearsal_of_limit",)}
    return Report("rehearsal", scale, figures, ratios | {"reader_of_limit": figures["reader_p95_ms"] / READER_LIMIT_MS})


def _part(file: Path, folder: Path) -> Path:
    """The first rows of a file, with its recipe beside it."""
    made = folder / file.name
    with file.open(encoding="utf-8-sig", newline="") as read, made.open("w", encoding="utf-8", newline="") as write:
        csv.writer(write).writerows(islice(csv.reader(read), ROWS + 1))
    for recipe in file.parent.glob("cameras*.toml"):
        (folder / recipe.name).write_bytes(recipe.read_bytes())
    return made


class _readers:  # noqa: N801 - a word of a sentence: with readers(...)
    """One reader that asks again and again; how long each answer took, in milliseconds."""

    def __init__(self, engine: Engine, waits: list[float]) -> None:
        self._over, self._door, self._waits = threading.Event(), Door(engine), waits
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_why: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.is_set():
            began = time.perf_counter()
            with self._door.reader() as reader:
                reader.value("SELECT count(*) FROM onemap.cells WHERE theme = 'cameras' AND z = 10")
            self._waits.append(1000 * (time.perf_counter() - began))
            time.sleep(0.02)
