"""What is seen on the map is what is counted: places, roads and ground, near and far, designed and effective."""

from __future__ import annotations

from collections import Counter
from datetime import date

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from sqlalchemy import Engine, text

from geodata import places, sights, tables, tiles
from geodata.cells import HALF_WORLD
from geodata.door import Door, Scope
from layers import theme
from tests.small_city import BOXES, EAST, lay

CAMERAS = theme("cameras")
AROUND = (124.03, 30.03, 124.09, 30.07)
"""Part of the small city where roads and places lie; degrees."""


@pytest.fixture(scope="module")
def ground(new_database) -> Engine:
    engine = new_database("seen_tiles")
    tables.create_all(engine)
    lay(engine)
    with engine.begin() as connection:
        connection.execute(text("""UPDATE onemap.cameras SET status = 'in_use', networked = 'networked', shape = 'dome',
            distance = 80 + 40 * (id % 3),
            online = CASE WHEN id % 2 = 0 THEN 'offline' ELSE 'online' END"""))
        connection.execute(text("""INSERT INTO onemap.intersections (key, source, row_no, load_id, since, hash, code, name, sort, geom)
            SELECT 'k' || id || '-' || step, 's', 1, 1, '2026-01-31', '', 'k', 'k', CASE WHEN step % 4 = 3 THEN 'minor' ELSE 'main' END,
                ST_Translate(geom, step * 0.0003, 0) FROM onemap.cameras, generate_series(0, 7) AS step
            WHERE ST_Within(geom, ST_MakeEnvelope(:west, :south, :east, :north, 4490))"""),
            dict(zip(("west", "south", "east", "north"), AROUND, strict=True)))
        connection.execute(text("""INSERT INTO onemap.roads (key, source, row_no, load_id, since, hash, code, name, sort, geom)
            VALUES ('r', 's', 1, 1, '2026-01-31', '', 'r', 'r', 'main',
                    ST_GeomFromText('MULTILINESTRING((124.031 30.031, 124.06 30.05, 124.089 30.041))', 4490))"""))
        assert sights.rebuild(connection, CAMERAS) == 1000
        main = connection.execute(text("SELECT count(*) FROM onemap.intersections WHERE sort = 'main'")).scalar()
        assert places.rebuild(connection, CAMERAS) == main  # minor ones are no places to be seen
    return engine


def _tiles(z: int, box: tuple[float, ...] = AROUND) -> list[tuple[int, int, int]]:
    west, south, east, north = box
    x = [int((lon + 180) / 360 * 2**z) for lon in (west, east)]
    y = [int((1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * 2**z) for lat in (north, south)]
    return [(z, column, row) for column in range(x[0] - 1, x[1] + 2) for row in range(y[0] - 1, y[1] + 2)]


def _features(engine: Engine, part: str, layer: str, z: int, scope: Scope | None = None) -> list[dict]:
    """Features, with shapes in metres of EPSG:3857, cut at the edge of their tile."""
    found = []
    with Door(engine).reader(scope) as reader:
        for place in _tiles(z):
            read = mapbox_vector_tile.decode(tiles.tile(reader, f"cameras.{part}", *place), default_options={"y_coord_down": True})
            side = 2 * HALF_WORLD / 2**z
            for each in read.get(layer, {"features": []})["features"]:
                shape = shapely.intersection(shapely.from_geojson(str(each["geometry"]).replace("'", '"')), shapely.box(0, 0, 4096, 4096))
                at = shapely.transform(shape, lambda xy, p=place, s=side: np.column_stack(
                    [p[1] * s - HALF_WORLD + xy[:, 0] * s / 4096, HALF_WORLD - p[2] * s - xy[:, 1] * s / 4096]))
                found.append({**each["properties"], "shape": at, "id": each.get("id")})
    return found


def test_the_state_of_a_place_is_what_stands_around_it(ground: Engine) -> None:
    oracle = """SELECT p.id, (bool_or(c.id IS NOT NULL))::int + (bool_or(c.online = 'online'))::int FROM onemap.intersections p
        LEFT JOIN onemap.cameras c ON ST_DWithin(ST_SetSRID(p.geom, 4326)::geography, ST_SetSRID(c.geom, 4326)::geography, c.distance)
        WHERE p.sort = 'main' GROUP BY p.id"""
    with ground.connect() as connection:
        kept = dict(connection.execute(text('SELECT "row", state FROM onemap.places')).all())
        expected = {row[0]: row[1] or 0 for row in connection.execute(text(oracle))}
    assert kept == expected
    assert set(Counter(kept.values())) == {0, 1, 2}


@pytest.mark.parametrize(("part", "least"), [("seen", 1), ("seen_now", 2)])
def test_places_are_drawn_by_their_state_and_squares_count_them(ground: Engine, part: str, least: int) -> None:
    with ground.connect() as connection:
        kept = dict(connection.execute(text('SELECT "row", state FROM onemap.places')).all())
    near = {each["id"]: each["s"] for each in _features(ground, part, "cameras.places", 15)}
    assert near == {row: int(state >= least) for row, state in kept.items()}
    for z in (9, 12):
        far = _features(ground, part, "cameras.share", z)
        assert sum(each["n"] for each in far) == len(kept)
        assert sum(each["u"] for each in far) == sum(state < least for state in kept.values())
        for each in far:
            assert each["c"] == np.searchsorted((0.25, 0.5, 0.75, 1), 1 - each["u"] / each["n"], side="right")


@pytest.mark.parametrize("part", ["blind", "blind_now"])
def test_blind_places_add_up_at_every_zoom(ground: Engine, part: str) -> None:
    with ground.connect() as connection:
        blind = connection.execute(text("SELECT count(*) FROM onemap.places WHERE state < :least"),
                                   {"least": 2 if part.endswith("now") else 1}).scalar()
    for z in (7, 10, 13):
        assert sum(each["n"] for each in _features(ground, part, "cameras.heat", z)) == pytest.approx(blind, rel=0.005)


@pytest.mark.parametrize(("part", "only"), [("seen", ""), ("seen_now", "WHERE effective")])
def test_ground_and_roads_are_the_union_of_sights(ground: Engine, part: str, only: str) -> None:
    with ground.connect() as connection:
        sight, road = (shapely.from_wkb(bytes(each)) for each in connection.execute(text(
            f"SELECT ST_AsBinary((SELECT ST_Union(g3857) FROM onemap.sights {only})), ST_AsBinary((SELECT g3857 FROM onemap.roads))")).one())
    spots = _features(ground, part, "cameras.ground", 15)
    covered = shapely.union_all([shapely.box(*_bounds(place)) for place in _tiles(15)])
    assert sum(each["shape"].area for each in spots) == pytest.approx(shapely.intersection(sight, covered).area, rel=0.005)
    assert all(each["shape"].is_valid for each in spots)
    ways = _features(ground, part, "cameras.ways", 15)
    lengths = {seen: sum(each["shape"].length for each in ways if each["s"] == seen) for seen in (0, 1)}
    assert lengths[1] == pytest.approx(shapely.intersection(road, sight).length, rel=0.01)
    assert sum(lengths.values()) == pytest.approx(road.length, rel=0.002)


def _bounds(place: tuple[int, int, int]) -> tuple[float, float, float, float]:
    z, x, y = place
    side = 2 * HALF_WORLD / 2**z
    return x * side - HALF_WORLD, HALF_WORLD - (y + 1) * side, (x + 1) * side - HALF_WORLD, HALF_WORLD - y * side


@pytest.mark.parametrize("scope", [Scope(day=date(2026, 2, 1)), Scope(area=EAST)], ids=["day", "area"])
def test_what_is_only_known_of_all_of_today_is_shown_to_nobody_else(ground: Engine, scope: Scope) -> None:
    with Door(ground).reader(scope) as reader:
        for z in (10, 15):
            for place in _tiles(z, BOXES[EAST]):
                assert all(tiles.tile(reader, f"cameras.{part}", *place) == b"" for part in ("seen", "blind"))


def test_a_load_of_places_or_roads_changes_the_version(ground: Engine) -> None:
    with ground.begin() as connection:
        connection.execute(text("INSERT INTO onemap.versions VALUES ('intersections', 7), ('roads', 5), ('halls', 99)"))
    with Door(ground).reader() as reader:
        assert tiles.version(reader, "cameras.seen") == tiles.version(reader, "cameras.blind_now") == 7_000_000
        assert tiles.version(reader, "cameras") == tiles.version(reader, "cameras.heat~online.online") == 2_000_000


def test_a_load_of_places_looks_at_them_again(ground: Engine) -> None:
    assert [each.name for each in places.seers(theme("intersections"))] == ["cameras"]
    assert [each.name for each in places.seers(CAMERAS)] == ["cameras"]
    assert places.seers(theme("halls")) == ()
