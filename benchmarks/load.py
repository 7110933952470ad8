"""load: a month of cameras from file to published, beside a bare COPY by ogr2ogr; and taken back again.

The step into the store alone (rows in hand, into a table without indexes) is held against psql's binary COPY of the same
rows and against GeoDataFrame.to_postgis, all in one run.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyarrow as pa
import shapely
from sqlalchemy import Engine, text

from benchmarks._cameras import job, standing
from benchmarks._report import Report, median
from etl import pipeline
from etl.pipeline import Brought
from etl.rollback import roll_back
from geodata import history
from geodata.clients import surroundings
from geodata.copying import copy_in
from layers import theme

SCALE = "city"
LIMIT_OF_OGR2OGR, ROLLBACK_LIMIT_S = 6.0, 60.0


def measure(scale: str, rounds: int) -> Report:
    """`rounds` loads, each taken back; peers in between.

    Returns
    -------
    Report
        load_s, ogr2ogr_s, rollback_s, step_s and its peers; load_of_ogr2ogr by its limit of six times.
    """
    with standing(scale) as (engine, file), tempfile.TemporaryDirectory() as folder:
        # Once for nothing: loops are compiled on an installation's first load, and kept.
        roll_back(engine, pipeline.load(engine, job(file)).load.id)
        took: dict[str, list[float]] = {}
        for _ in range(rounds):
            with engine.begin() as connection:
                connection.execute(text("DROP SCHEMA IF EXISTS peer CASCADE; CREATE SCHEMA peer"))
            loaded = _timed(took, "load_s", lambda: pipeline.load(engine, job(file)))
            _peers(engine, file, Path(folder), took)
            _timed(took, "rollback_s", partial(roll_back, engine, loaded.load.id))
    return _report(scale, took, loaded.load.rows_in)


def _report(scale: str, took: dict[str, list[float]], rows: int) -> Report:
    figures = {"rows": float(rows)} | {name: median(values) for name, values in took.items()}
    ratios = {
        "rollback_of_limit": figures["rollback_s"] / ROLLBACK_LIMIT_S,
        "step_by_psql_binary": figures["psql_binary_s"] / figures["step_s"],
        "step_by_to_postgis": figures["to_postgis_s"] / figures["step_s"],
    }
    if "ogr2ogr_s" in figures:
        times = figures["load_s"] / figures["ogr2ogr_s"]
        ratios |= {"load_by_ogr2ogr": times, "load_of_limit": times / LIMIT_OF_OGR2OGR}
    return Report("load", scale, figures, ratios)


def _timed(took: dict[str, list[float]], name: str, work: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    done = work()
    took.setdefault(name, []).append(time.perf_counter() - began)
    return done


def _peers(engine: Engine, file: Path, folder: Path, took: dict[str, list[float]]) -> None:
    if shutil.which("ogr2ogr"):
        _timed(took, "ogr2ogr_s", lambda: _ogr2ogr(engine, file))
    else:
        print("ogr2ogr is not installed (apt-get install gdal-bin): the load has no peer", file=sys.stderr)
    brought = pipeline.bring(job(file))
    _timed(took, "step_s", lambda: _step(engine, brought))
    whole = folder / "cameras.bin"
    _psql(engine, f"\\copy peer.ours TO '{whole}' (FORMAT binary)")
    _psql(engine, "CREATE TABLE peer.theirs (LIKE peer.ours)")
    _timed(took, "psql_binary_s", lambda: _psql(engine, f"\\copy peer.theirs FROM '{whole}' (FORMAT binary)"))
    _timed(took, "to_postgis_s", lambda: _to_postgis(engine, brought))


def _ogr2ogr(engine: Engine, file: Path) -> None:
    places = ("-oo", "X_POSSIBLE_NAMES=经度", "-oo", "Y_POSSIBLE_NAMES=纬度", "-a_srs", "EPSG:4490")
    to = (
        "-f",
        "PostgreSQL",
        f"PG:dbname={engine.url.database}",
        "-nln",
        "peer.bare",
        "--config",
        "PG_USE_COPY",
        "YES",
        "-lco",
        "SPATIAL_INDEX=NONE",
    )
    # The house turns drivers of GDAL off in its own environment; the peer needs them.
    env = {
        name: value
        for name, value in surroundings(engine.url).items()
        if not name.startswith(("GDAL_", "OGR_", "CPL_"))
    }
    subprocess.run(["ogr2ogr", *to, str(file), *places], env=env, check=True)


def _psql(engine: Engine, command: str) -> None:
    words = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", command]
    subprocess.run(words, env=surroundings(engine.url), check=True, stdout=subprocess.DEVNULL)


def _step(engine: Engine, brought: Brought) -> None:
    """The columns of every row encoded and copied, as `history.publish` does it with new rows."""
    declared, good = theme("cameras"), ~shapely.is_missing(brought.rows.shapes)
    rows = history.Rows(brought.rows.frame[good], brought.rows.shapes[good], brought.hashes[good])
    columns = history.columns(declared, "bench", 0, date(2026, 1, 1), rows, good[good])
    n = int(good.sum())
    columns |= {name: pa.nulls(n, pa.string()) for name in ("unit", "path")}
    names = ", ".join(f'"{each}"' for each in columns)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE TABLE peer.ours AS SELECT {names} FROM onemap.cameras WHERE false"))  # noqa: S608
        copy_in(connection, "peer.ours", columns)


def _to_postgis(engine: Engine, brought: Brought) -> None:
    rows = gpd.GeoDataFrame(brought.rows.frame, geometry=brought.rows.shapes, crs="EPSG:4490")
    rows.to_postgis("geopandas", engine, schema="peer", if_exists="replace")
