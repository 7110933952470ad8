"""coverage: points, roads and ground that cameras see, from nothing, beside the same asked of PostGIS; then one changed camera, and a thousand.

The peer makes its sectors by ST_Buffer-like polygons of 64 segments, joins them by ST_Union inside each village and finds
points by ST_DWithin and bearings. Errors are measured against unions of sectors of 360 segments.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection, Engine, text

from benchmarks._ground import load, run
from benchmarks._report import Report, median
from etl.measure import follow
from etl.measure import measure as measure_day
from geodata import coverage, sectors, seen, sights, store, tables, tree, values, watch
from geodata import measure as measured
from geodata.cluster import Cluster
from geodata.copying import copy_in
from geodata.earth import areas
from geodata.history import Outcome
from geodata.rebuilding import rebuild
from layers import theme

SCALE = "city"
LIMITS_S = {"county": 1.0, "city": 5.0, "province": 30.0}
ONE_LIMIT_S, THOUSAND_LIMIT_S, TOTAL_ERROR, P99_ERROR, TIMES = 1.0, 5.0, 0.001, 0.005, 10.0
_AT_ONCE = 200_000  # polygons that the peer is given together
_SAMPLE = 400  # villages whose ground is joined the slow way


def measure(scale: str, rounds: int) -> Report:
    """Coverage from nothing (median of `rounds`), PostGIS once, errors, and one camera changed at a time.

    Returns
    -------
    Report
        coverage_s, postgis_s and their parts; error_total, error_p99; points_differ (a number of places); one_camera_s, one_camera_worst_s
        (of at least five cameras); thousand_cameras_s (scattered over the whole ground).
    """
    home = load(scale)
    engine = store.connect(Cluster(home).url())
    tables.create_all(engine)
    rebuild(engine, "indicators")  # as an update of the software leaves it: one camera is then news on numbers that stand
    try:
        with engine.connect() as connection:
            _all(connection)  # loops are compiled once for each installation
            took: dict[str, list[float]] = {}
            for _ in range(rounds):
                _all(connection, took)
            figures = {name: median(each) for name, each in took.items()}
            figures |= _peer(connection) | _errors(connection) | _same_points(connection)
        ones = [_some(engine, each, 1) for each in range(max(rounds, 5))]
        figures |= {"one_camera_s": median(ones), "one_camera_worst_s": max(ones)}
        figures |= {"thousand_cameras_s": median([_some(engine, each, 1000) for each in range(3)])}
        return Report("coverage", scale, figures, _ratios(scale, figures))
    finally:
        engine.dispose()
        run(home, "geodata", "store", "stop")


def _ratios(scale: str, figures: dict[str, float]) -> dict[str, float]:
    return {
        "coverage_of_limit": figures["coverage_s"] / LIMITS_S[scale],
        "times_faster_than_postgis": figures["postgis_s"] / figures["coverage_s"],
        "error_total_of_limit": figures["error_total"] / TOTAL_ERROR,
        "error_p99_of_limit": figures["error_p99"] / P99_ERROR,
        "one_camera_of_limit": figures["one_camera_s"] / ONE_LIMIT_S,
        "thousand_cameras_of_limit": figures["thousand_cameras_s"] / THOUSAND_LIMIT_S,
    }


_ASKED = ("intersections.seen", "entrances.seen", "roads.seen", "cameras.ground")


def _all(connection: Connection, took: dict[str, list[float]] | None = None) -> dict[str, values.Counted]:
    """Points, roads and ground of every unit of every level, from the rows."""
    began = time.perf_counter()
    units = tree.read(connection)
    due = {name: each for name, each in measured.declared().items() if name in _ASKED}
    nothing = values.Kept(np.zeros(len(units)), np.zeros(len(units)))
    done = coverage.covered(connection, units, due, dict.fromkeys(due, nothing))  # type: ignore[arg-type]
    if took is not None:
        took.setdefault("coverage_s", []).append(time.perf_counter() - began)
    return done


def _rows(connection: Connection) -> tuple[Any, sectors.Sights]:
    cameras = theme("cameras")
    assert cameras.sight is not None
    rows = sights.read(connection, cameras, cameras.sight, {})
    return rows, sectors.resolved(cameras.sight, rows)


def _peer(connection: Connection) -> dict[str, float]:
    """The same of PostGIS: sectors that are there already, points by distance and bearing, ground and roads by union."""
    _stage(connection)
    _spots(connection, "intersections", "sort = 'main'")
    parts = {
        "postgis_points_s": _POINTS,
        "postgis_ground_s": _GROUND,
        "postgis_lines_s": _LINES,
    }
    figures = {name: _timed(lambda sql=sql: connection.execute(text(sql)).all()) for name, sql in parts.items()}
    return figures | {"postgis_s": sum(figures.values())}


def _stage(connection: Connection) -> None:
    rows, found = _rows(connection)
    connection.execute(text("CREATE TEMP TABLE eyes (id bigint, lon float8, lat float8, azimuth float8, angle float8, far float8, near float8, geom geometry)"))
    columns = {"id": rows["id"].astype(np.int64), **dict(zip(("lon", "lat", "azimuth", "angle", "far", "near"), found.parts, strict=True))}
    for start in range(0, len(rows), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        shapes = sectors.sectors(*(each[some] for each in found.parts))
        geom = shapely.to_wkb(shapely.set_srid(shapes, 4490), hex=True, include_srid=True)
        copy_in(connection, "eyes", {**{name: each[some] for name, each in columns.items()}, "geom": geom})
    for each in ("CREATE INDEX ON eyes USING gist (geom)", "ALTER TABLE eyes ADD COLUMN g geography", "UPDATE eyes SET g = ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography",
                 "CREATE INDEX ON eyes USING gist (g)", "ANALYZE eyes"):  # fmt: skip
        connection.execute(text(each))


def _spots(connection: Connection, table: str, where: str) -> None:
    """The places of one theme, as PostGIS finds them quickest: their own geography, indexed."""
    for each in ("DROP TABLE IF EXISTS spots", f"""CREATE TEMP TABLE spots AS SELECT id, ST_SetSRID(geom, 4326)::geography AS g
            FROM onemap.{table} WHERE {where}""", "CREATE INDEX ON spots USING gist (g)", "ANALYZE spots"):  # noqa: S608 - constants
        connection.execute(text(each))


# Distance on the ellipsoid as PostGIS measures it, bearing as it says it; each sight looks for the places within its reach.
_POINTS = """SELECT DISTINCT p.id FROM eyes e JOIN spots p ON ST_DWithin(e.g, p.g, e.far)
    WHERE ST_Distance(e.g, p.g) >= e.near AND (e.angle >= 360 OR
    abs(mod((degrees(ST_Azimuth(e.g, p.g)) - e.azimuth + 540)::numeric, 360) - 180) <= e.angle / 2)"""

_GROUND = """SELECT l.code, ST_Area(ST_SetSRID(ST_Intersection(l.geom, u.geom), 4326)::geography) FROM onemap.ladder l
    CROSS JOIN LATERAL (SELECT ST_Union(e.geom) AS geom FROM eyes e WHERE e.geom && l.geom) u
    WHERE l.level = 'village' AND u.geom IS NOT NULL"""

_LINES = """SELECT r.id, ST_Length(ST_SetSRID(ST_Intersection(r.geom, u.geom), 4326)::geography) FROM onemap.roads r
    CROSS JOIN LATERAL (SELECT ST_Union(e.geom) AS geom FROM eyes e WHERE e.geom && r.geom AND ST_Intersects(e.geom, r.geom)) u
    WHERE r.sort IN ('main', 'second') AND u.geom IS NOT NULL"""


def _timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _errors(connection: Connection) -> dict[str, float]:
    """Seen ground of some villages against unions of sectors of 360 segments, cut by the village."""
    _, found = _rows(connection)
    question = "SELECT ST_AsBinary(geom) FROM onemap.ladder WHERE level = 'village' ORDER BY hashint8(id) LIMIT :n"
    villages = shapely.from_wkb([bytes(each) for each in connection.execute(text(question), {"n": _SAMPLE}).scalars()])
    eyes = seen.Eyes(seen.sectors_of(*found.parts))
    ours = eyes.ground(villages, np.ones(len(found.lon), dtype=bool))
    shapes = _fine(_around(found, villages))
    near, at = shapely.STRtree(shapes).query(villages, predicate="intersects")
    truth = np.zeros(len(villages))
    for one in range(len(villages)):
        mine = shapes[at[near == one]]
        truth[one] = areas(np.array([shapely.intersection(shapely.union_all(mine), villages[one])]))[0] if len(mine) else 0.0
    seen_at = truth > 0
    each = np.abs(ours[seen_at] / truth[seen_at] - 1)
    return {"error_total": abs(ours.sum() / truth.sum() - 1), "error_p99": float(np.percentile(each, 99)), "error_worst": float(each.max())}


def _around(found: sectors.Sights, villages: Any) -> tuple[Any, ...]:
    """Numbers of those whose sight may reach a village: a province's as polygons of 360 segments do not fit into memory."""
    boxes = shapely.buffer(shapely.box(*shapely.bounds(villages).T), float(found.far.max()) / 80_000)
    near = np.unique(shapely.STRtree(shapely.points(found.lon, found.lat)).query(boxes)[1])
    return tuple(each[near] for each in found.parts)


def _fine(parts: tuple[Any, ...]) -> Any:
    """Polygons of sights with 360 segments to the circle."""
    before, sectors.SEGMENTS = sectors.SEGMENTS, 360
    try:
        return sectors.sectors(*parts)
    finally:
        sectors.SEGMENTS = before


def _same_points(connection: Connection) -> dict[str, float]:
    """Places that one of both, PostGIS and we, sees and the other does not."""
    rows, _ = _rows(connection)
    sight = theme("cameras").sight
    assert sight is not None
    eyes, n, differ = watch.eyes(connection, sight, rows), 0, 0
    for name, where in (("intersections", "sort = 'main'"), ("entrances", "true")):
        asked = connection.execute(text(f"SELECT id, ST_X(geom), ST_Y(geom) FROM onemap.{name} WHERE {where}")).all()  # noqa: S608
        table = np.array([tuple(row) for row in asked], dtype=float)
        found = eyes.points(table[:, 1].copy(), table[:, 2].copy(), np.ones(len(rows), dtype=bool))
        _spots(connection, name, where)
        peer = set(connection.execute(text(_POINTS)).scalars())
        n += len(table)
        differ += len(peer ^ set(table[found, 0].astype(int).tolist()))
    return {"points": float(n), "points_differ": float(differ)}


def _some(engine: Engine, number: int, n: int) -> float:
    """Seconds from some cameras that have changed in their table to new numbers of every unit, places, clusters and tiles; taken back."""
    cameras = theme("cameras")
    with engine.connect() as connection, connection.begin() as begun:
        asked = text("SELECT id, path FROM onemap.cameras WHERE path IS NOT NULL ORDER BY hashint8(id + :n) LIMIT :many")
        rows = connection.execute(asked, {"n": number, "many": n}).all()
        ids = {"ids": [each.id for each in rows]}
        tables_past = ", ".join(f'"{each}"' for each in _columns(connection))
        connection.execute(text(f"INSERT INTO onemap.cameras_past ({tables_past}, until, until_load) SELECT {tables_past}, '2026-12-31', 999999 FROM onemap.cameras WHERE id = ANY(:ids)"), ids)  # noqa: S608
        connection.execute(text("UPDATE onemap.cameras SET distance = coalesce(distance, 50) + 40, online = 'online', networked = 'networked', status = 'in_use' WHERE id = ANY(:ids)"), ids)
        began = time.perf_counter()
        touched = follow(connection, cameras, 999999, Outcome(0, n, 0, 0, 0, frozenset(ids["ids"]), frozenset(each.path for each in rows)))
        measure_day(connection, date(2026, 12, 31), 999999, touched)
        took = time.perf_counter() - began
        begun.rollback()
    return took


def _columns(connection: Connection) -> list[str]:
    question = """SELECT column_name FROM information_schema.columns WHERE table_schema = 'onemap' AND table_name = 'cameras'
        AND is_generated <> 'ALWAYS'"""
    return list(connection.execute(text(question)).scalars())
