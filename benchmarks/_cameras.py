"""The ground of the benchmarks of loading: an installation with everything but cameras, and files of them that differ."""

from __future__ import annotations

import csv
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from benchmarks._ground import environment, home_of, run
from etl import batch, pipeline
from etl.job import Job
from etl.read import Asked, read
from etl.rollback import roll_back
from geodata import store, tables
from geodata.cluster import Cluster


@contextmanager
def standing(scale: str) -> Iterator[tuple[Engine, Path]]:
    """A store of its own with units and all that cameras see, and the newest file of cameras.

    Yields
    ------
    Engine, Path
        Cameras that an earlier run left are gone.
    """
    home = home_of(f"load-{scale}")
    home.mkdir(parents=True, exist_ok=True)
    run(home, "geodata", "store", "start")
    run(home, "geodata", "sample", "--scale", scale)
    folder = home / "sample" / scale
    files = batch.listed(folder, 1)
    rest = [str(each) for each in files if not each.name.startswith("cameras")]
    # Rows set aside (exit code 1) are what the sample is meant to have.
    done = subprocess.run(
        [sys.executable, "-m", "etl", "load", *rest], env=environment(home), check=False, stdout=sys.stderr
    )
    assert done.returncode in (0, 1), "the ground could not be loaded"
    engine = store.connect(Cluster(home).url())
    tables.create_all(engine)
    _take_back(engine)
    try:
        yield engine, _as_csv(next(each for each in files if each.name.startswith("cameras")), home)
    finally:
        engine.dispose()
        run(home, "geodata", "store", "stop")


def _take_back(engine: Engine) -> None:
    """Cameras that a run which was cut short has left."""
    question = "SELECT id FROM onemap.loads WHERE theme = 'cameras' AND kind = 'load' AND undone_by IS NULL ORDER BY id DESC"
    with engine.connect() as connection:
        left = list(connection.execute(text(question)).scalars())
    for number in left:
        roll_back(engine, number, "bench")


def _as_csv(file: Path, home: Path) -> Path:
    """The rows of a file as CSV: peers read no workbook with title rows. Its headers are known to the theme."""
    if file.suffix == ".csv":
        return file
    said = job(file)
    made = home / f"{file.stem}.csv"
    frame = read(file, Asked(said.theme, said.recipe)).frame.astype(object)
    frame = frame.map(lambda value: int(value) if isinstance(value, float) and value.is_integer() else value)
    frame.rename(columns=lambda header: "".join(header.split())).to_csv(made, index=False)
    return made


def job(file: Path, **more: Any) -> Job:
    """What is known of a file of cameras."""
    return pipeline.prepare(file, "cameras", operator="bench", **more)


def changed(file: Path, share: float, folder: Path) -> Path:
    """A copy of a file in which a share of the rows has another status, with its recipe (if any) beside it."""
    chance, made = random.Random(7), folder / file.name
    with file.open(encoding="utf-8-sig", newline="") as read, made.open("w", encoding="utf-8", newline="") as write:
        rows = csv.reader(read)
        writer = csv.writer(write)
        headers = next(rows)
        writer.writerow(headers)
        at = next(n for n, header in enumerate(headers) if header.strip() in ("设备状态", "状态", "SBZT", "status"))
        for row in rows:
            if chance.random() < share:
                row[at] = "2" if row[at] != "2" else "1"
            writer.writerow(row)
    for recipe in file.parent.glob("cameras*.toml"):
        (folder / recipe.name).write_bytes(recipe.read_bytes())
    return made
