"""Obstacles cut sights: what is left agrees with rays cast one by one, by other means, on made-up and on real scenes."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from etl.measure import follow, measure
from geodata import measure as measured
from geodata import places, sectors, seen, shadows, sights, watch
from geodata.earth import areas, metres_per_degree
from geodata.history import Outcome
from layers import theme
from tests.geodata.laid import DAY, lay_units, nested, put, values
from tests.geodata.test_sectors import SIGHT, rows

LON, LAT = 124.0, 30.0
EAST, NORTH = (float(each[0]) for each in metres_per_degree(np.array([LAT])))
SCENES = Path(__file__).parents[2].parent / "shared/data/camera_fov_benchmark"


def degrees(metres):
    return np.asarray(metres, dtype=float) / [EAST, NORTH] + [LON, LAT]


def polygons(rings):
    return np.array([shapely.Polygon(degrees(ring)) for ring in rings], dtype=object)


def wedges(at, azimuth, angle, far, near, rings):
    """Wedges of one camera; everything in metres and degrees."""
    lon, lat = degrees(at)
    parts = [np.array([each], dtype=float) for each in (lon, lat, azimuth, angle, far, near)]
    plain = seen.sectors_of(*parts)
    return shadows.cut(plain, parts[2], parts[3], seen.boxes(plain), polygons(rings))


def cast(at, azimuth, angle, far, near, rings, points):
    """Whether each point is seen: rays as lines, houses as polygons, shapely's own predicate; no wedge, no sweep."""
    step = points - np.asarray(at, dtype=float)
    metres, bearing = np.hypot(*step.T), np.degrees(np.arctan2(step[:, 0], step[:, 1]))
    off = np.abs((bearing - azimuth + 180) % 360 - 180)
    inside = (metres <= far) & (metres >= near) & ((off <= angle / 2) | (angle >= 360))
    rays = shapely.linestrings(np.stack([np.broadcast_to(at, points.shape), points], axis=1))
    for ring in rings:
        house = shapely.Polygon(ring)
        if not house.intersects(shapely.Point(at)):
            inside &= shapely.length(shapely.intersection(rays, house)) < 1e-9
    return inside


def agreement(at, azimuth, angle, far, near, rings, points):
    parts = wedges(at, azimuth, angle, far, near, rings)
    lon, lat = degrees(points).T
    found = seen.Eyes(parts.sectors, parts.owner).points(lon.copy(), lat.copy(), np.array([True]))
    return (found == cast(at, azimuth, angle, far, near, rings, points)).mean()


def _ring(wkt):
    return np.array(re.findall(r"(-?[\d.]+) (-?[\d.]+)", wkt), dtype=float)


@pytest.mark.skipif(not SCENES.exists(), reason="the scenes are not beside this repository")
@pytest.mark.parametrize("name", sorted(each.stem for each in SCENES.glob("*.json")))
def test_scenes_of_the_camera_benchmark_agree_with_a_ray_cast(name):
    scene = json.loads((SCENES / f"{name}.json").read_text())
    rings = [_ring(each["shape"]) + _ring(each["path"])[0] for each in scene["obstacles"]]
    points = np.random.default_rng(5).uniform(-15, 15, (4000, 2))
    for camera in scene["cameras"]:
        # Their angles run counter-clockwise from east, and their field of view is half of ours.
        said = (_ring(camera["pos"])[0], 90.0 - camera["angle"], 2.0 * scene["cameraFoV"], 40.0, 0.0)
        assert agreement(*said, rings, points) >= 0.999


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_any_houses_around_any_camera_agree_with_a_ray_cast(seed, ring):
    rng = np.random.default_rng(seed)
    houses = []
    for _ in range(rng.integers(0, 12)):
        centre, turn, half = rng.uniform(-60, 60, 2), rng.uniform(0, np.pi), rng.uniform(2, 14, 2)
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
        houses.append(corners @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) + centre)
    angle = 360.0 if ring else rng.uniform(5, 350)
    said = (rng.uniform(-5, 5, 2), rng.uniform(0, 360), angle, rng.uniform(20, 80), rng.uniform(0, 10))
    assert agreement(*said, houses, rng.uniform(-80, 80, (600, 2))) >= 0.995


def test_a_wall_leaves_the_triangle_before_it_and_a_ring_around_it():
    square = [(10, -10), (20, -10), (20, 10), (10, 10)]
    parts = wedges((0, 0), 90.0, 90.0, 50.0, 0.0, [square])
    eyes = seen.Eyes(parts.sectors, parts.owner)
    box = np.array([shapely.box(*degrees((-60, -60)), *degrees((60, 60)))])
    assert eyes.ground(box, np.array([True]))[0] == pytest.approx(100.0, rel=5e-3)
    ring = wedges((0, 0), 0.0, 360.0, 50.0, 0.0, [square])
    left = np.pi * 50**2 * 0.75 + 100.0
    assert seen.Eyes(ring.sectors, ring.owner).ground(box, np.array([True]))[0] == pytest.approx(left, rel=2e-3)


def test_a_house_that_holds_the_camera_does_not_blind_it():
    parts = wedges((0, 0), 0.0, 360.0, 50.0, 0.0, [[(-3, -3), (3, -3), (3, 3), (-3, 3)]])
    assert not parts.cut.any()


def test_one_row_in_many_wedges_is_one_watcher_of_a_place():
    parts = wedges((0, 0), 0.0, 360.0, 50.0, 0.0, [[(10, -1), (12, -1), (12, 1), (10, 1)]])
    eyes = seen.Eyes(parts.sectors, parts.owner)
    edge = degrees([(5 * np.sin(bearing), 5 * np.cos(bearing)) for bearing in np.arctan2(*np.array(parts.sectors[:, 4:6]).T)])
    mask = np.array([True])
    assert eyes.points(*edge.T.copy(), mask).all()
    assert not eyes.points(*edge.T.copy(), mask, least=2).any()


HOUSE = shapely.Polygon(degrees([(10, -10), (20, -10), (20, 10), (10, 10)]))


def test_a_load_of_houses_cuts_sights_numbers_and_places_and_its_end_mends_them(store):
    units = nested(shapely.box(LON - 0.01, LAT - 0.01, LON + 0.01, LAT + 0.01), ways=(2, 1))
    camera = {"key": "1" * 20, "geom": shapely.Point(LON, LAT), "shape": "dome", "distance": 50.0, "status": "in_use",
              "networked": "networked", "online": "online"}  # fmt: skip
    entrances = [{"key": "1", "geom": shapely.Point(degrees((30, 0)))}, {"key": "2", "geom": shapely.Point(degrees((0, 30)))}]
    whole, left = np.pi * 50**2, np.pi * 50**2 * 0.75 + 100
    with store.begin() as connection:
        paths = lay_units(connection, units, {code: 300 for code in units})
        put(connection, "cameras", [camera], units, paths)
        put(connection, "entrances", entrances, units, paths)
        places.rebuild(connection, theme("cameras"))
        measured.run(connection, DAY)
        open_ground = _numbers(connection)
        ids = put(connection, "buildings", [{"key": "h", "geom": HOUSE}], units, paths)
        touched = follow(connection, theme("buildings"), 7, _outcome(ids.values(), paths.values(), added=1))
        measure(connection, DAY, 7, touched)
        built = _numbers(connection)
        _retired(connection)
        touched = follow(connection, theme("buildings"), 8, _outcome(ids.values(), paths.values(), removed=1))
        measure(connection, DAY, 8, touched)
        again = _numbers(connection)
    assert open_ground == again
    assert open_ground[:2] == (2, 2) and open_ground[2] == pytest.approx(whole, rel=2e-3) and open_ground[3] == pytest.approx(whole, rel=2e-3)
    assert built[:2] == (1, 1) and built[2] == pytest.approx(left, rel=3e-3) and built[3] == pytest.approx(left, rel=3e-3)


def _numbers(connection):
    """Entrances seen by the log and by the list of places, ground seen by the log, and as it is drawn."""
    found = values(connection)
    drawn = connection.execute(text("SELECT ST_AsBinary(ST_Transform(g3857, 4326)) FROM onemap.sights")).scalar()
    blind = connection.execute(text("SELECT count(*) FROM onemap.places WHERE state = 2")).scalar()
    county = "990101000000"
    return found["entrances.seen", county][1], blind, found["cameras.ground", county][1], areas(shapely.from_wkb([bytes(drawn)]))[0]


def _outcome(ids, paths, **n):
    counts = {"added": 0, "changed": 0, "removed": 0, "unchanged": 0, "outside": 0, **n}
    return Outcome(**counts, ids=frozenset(ids), paths=frozenset(paths))


def _retired(connection):
    columns = connection.execute(text("""SELECT string_agg('"' || column_name || '"', ', ') FROM information_schema.columns
        WHERE table_schema = 'onemap' AND table_name = 'buildings' AND is_generated <> 'ALWAYS'""")).scalar()
    connection.execute(text(f"INSERT INTO onemap.buildings_past ({columns}, until, until_load) SELECT {columns}, '2026-11-30', 8 FROM onemap.buildings"))
    connection.execute(text("DELETE FROM onemap.buildings"))


def test_sights_and_shapes_are_one(store):
    with store.begin() as connection:
        connection.execute(text("INSERT INTO onemap.buildings (key, source, row_no, load_id, since, hash, code, geom) VALUES "
                                "('h', 's', 1, 1, '2026-01-31', '', 'h', ST_Multi(ST_GeomFromText(:wkt, 4490)))"), {"wkt": HOUSE.wkt})  # fmt: skip
        found = sectors.resolved(SIGHT, rows(2, lon=LON, lat=LAT, azimuth=90.0, angle=np.array([120.0, 360.0]), near=4.0, far=40.0))
        shapes, parts = watch.shapes(connection, found), watch.wedges(connection, found)
        box = np.array([shapely.box(LON - 1e-3, LAT - 1e-3, LON + 1e-3, LAT + 1e-3)])
        for row in range(2):
            swept = seen.Eyes(parts.sectors, parts.owner).ground(box, np.arange(2) == row)[0]
            assert areas(shapes[row : row + 1])[0] == pytest.approx(swept, rel=4e-3)
        assert sights.assumed(theme("cameras"), None, {})
