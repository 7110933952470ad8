"""indicators: every number of every unit of every level, in every reading, from the rows alone."""

from __future__ import annotations

import time
from datetime import date

from sqlalchemy import text

from benchmarks._ground import load, run
from benchmarks._report import Report, median
from geodata import measure as measured
from geodata import store, tables
from geodata.cluster import Cluster

SCALE = "city"
LIMITS_S = {"county": 5.0, "city": 30.0, "province": 300.0}


def measure(scale: str, rounds: int) -> Report:
    """All indicators from nothing, `rounds` times, each taken back.

    Returns
    -------
    Report
        indicators_s (median), indicators (how many), units, written (values).
    """
    home = load(scale)
    engine = store.connect(Cluster(home).url())
    tables.create_all(engine)
    took, written, units = [], 0, 0
    try:
        for _ in range(max(rounds, 1) + 1):  # once for nothing: loops are compiled once for each installation
            with engine.connect() as connection, connection.begin() as begun:
                connection.execute(text("TRUNCATE onemap.indicators, onemap.measured"))
                began = time.perf_counter()
                written = measured.run(connection, date(2026, 12, 31)).written
                took.append(time.perf_counter() - began)
                units = connection.execute(text("SELECT count(*) FROM onemap.ladder")).scalar_one()
                begun.rollback()
    finally:
        engine.dispose()
        run(home, "geodata", "store", "stop")
    figures = {
        "indicators_s": median(took[1:]), "indicators": float(len(measured.declared())), "units": float(units), "written": float(written),
    }  # fmt: skip
    return Report("indicators", scale, figures, {"indicators_of_limit": figures["indicators_s"] / LIMITS_S[scale]})
