"""reload: the same month of cameras again, unchanged and with 2 % of its rows changed, beside the first load of it."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from sqlalchemy import Engine, text

from benchmarks._cameras import changed, job, standing
from benchmarks._report import Report, median
from etl import pipeline
from etl.pipeline import Report as Done
from etl.rollback import roll_back

SCALE = "city"
SHARE_CHANGED, LIMIT_OF_FIRST = 0.02, 0.25


def measure(scale: str, rounds: int) -> Report:
    """A first load, then `rounds` times the same file, and a file with 2 % changed; all taken back.

    Returns
    -------
    Report
        first_s, again_s, changed_s, and rows that were written for rows that differ.
    """
    first: list[float] = []
    again: list[float] = []
    some: list[float] = []
    written: list[float] = []
    with standing(scale) as (engine, file), tempfile.TemporaryDirectory() as folder:
        other = changed(file, SHARE_CHANGED, Path(folder))
        for _ in range(rounds):
            begun = _load(engine, file, first)
            assert _load(engine, file, again).unchanged
            before = _versions(engine)
            done = _load(engine, other, some)
            written.append((_versions(engine) - before) / done.load.changed)
            for each in (done, begun):
                roll_back(engine, each.load.id)
    figures = {
        "first_s": median(first),
        "again_s": median(again),
        "changed_s": median(some),
        "rows_written_per_change": median(written),
    }
    limit = figures["first_s"] * LIMIT_OF_FIRST
    return Report("reload", scale, figures, {name: figures[f"{name}_s"] / limit for name in ("again", "changed")})


def _load(engine: Engine, file: Path, took: list[float]) -> Done:
    began = time.perf_counter()
    done = pipeline.load(engine, job(file))
    took.append(time.perf_counter() - began)
    return done


def _versions(engine: Engine) -> float:
    """Tuples of cameras that were ever written, as the store itself counts them."""
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_stat_force_next_flush()"))
    question = (
        "SELECT n_tup_ins + n_tup_upd FROM pg_stat_user_tables WHERE schemaname = 'onemap' AND relname = 'cameras'"
    )
    with engine.connect() as connection:
        return float(connection.execute(text(question)).scalar_one())
