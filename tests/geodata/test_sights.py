"""Sights: their areas are those of the textbook, and what is assumed is said."""

import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod
from sqlalchemy import text

from geodata import sectors, sights
from geodata.earth import areas, lengths
from layers import theme
from layers._theme import Sight
from tests.geodata.laid import lay_units, nested, put

GEOD = Geod(ellps="GRS80")
SIGHT = Sight(azimuth="azimuth", angle="angle", far="distance", near="near")


def geodesic(shape):
    return abs(GEOD.geometry_area_perimeter(shape)[0])


def some(n, seed=7):
    rng = np.random.default_rng(seed)
    angle = np.where(rng.random(n) < 0.3, 360.0, rng.uniform(1, 359, n))
    far = rng.uniform(3, 2000, n)
    near = np.where(rng.random(n) < 0.5, 0.0, far * rng.uniform(0, 0.9, n))
    return rng.uniform(75, 134, n), rng.uniform(18, 53, n), rng.uniform(0, 360, n), angle, far, near


def test_a_thousand_sectors_have_the_area_of_the_formula_on_the_ellipsoid():
    parts = some(1000)
    shapes = sectors.sectors(*parts)
    expected = np.radians(parts[3]) / 2 * (parts[4] ** 2 - parts[5] ** 2)
    assert shapely.is_valid(shapes).all()
    assert np.abs(areas(shapes) / expected - 1).max() < 5e-4
    assert np.abs([geodesic(each) / right - 1 for each, right in zip(shapes, expected, strict=True)]).max() < 5e-4


@pytest.mark.parametrize(("azimuth", "place"), [(0, (0, 1)), (90, (1, 0)), (180, (0, -1)), (270, (-1, 0))])
def test_a_sector_looks_where_its_azimuth_points(azimuth, place):
    one = [np.array([float(each)]) for each in (124, 30.5, azimuth, 60, 100, 0)]
    middle = sectors.sectors(*one)[0].centroid
    step = np.round([(middle.x - 124) / 6e-4, (middle.y - 30.5) / 6e-4])
    assert tuple(step) == place


def test_far_edges_lie_at_the_far_limit_and_near_ones_at_the_near_limit():
    for ring in (360.0, 90.0):
        one = [np.array([float(each)]) for each in (124, 30.5, 45, ring, 100, 40)]
        points = shapely.get_coordinates(sectors.sectors(*one)[0])
        metres = GEOD.inv(np.full(len(points), 124.0), np.full(len(points), 30.5), points[:, 0], points[:, 1])[2]
        assert {int(round(each)) for each in metres} == {40, 100}


def test_lengths_are_geodesic():
    line = shapely.LineString([(124, 30), (124.01, 30.01), (124.02, 30.0)])
    both = np.array([shapely.MultiLineString([line, line]), shapely.Point(0, 0)], dtype=object)
    assert lengths(both) == pytest.approx([2 * GEOD.geometry_length(line), 0], rel=1e-6)


def rows(**silent):
    row = {"lon": 124.0, "lat": 30.5, "azimuth": 90.0, "angle": 60.0, "far": 100.0, "near": 5.0, "ring": False}
    return pd.DataFrame([row | silent])


@pytest.mark.parametrize("part", ["azimuth", "angle", "far", "near"])
def test_what_is_silent_is_assumed_and_said(part):
    assert not sectors.resolved(SIGHT, rows()).assumed[0]
    assert sectors.resolved(SIGHT, rows(**{part: np.nan})).assumed[0]


def test_assumed_shapes():
    area = {
        part: areas(sectors.resolved(SIGHT, rows(**{part: np.nan, "near": 0.0})).shapes)[0]
        for part in ("azimuth", "angle", "far")
    }
    assert area["azimuth"] == pytest.approx(np.pi * 100**2, rel=5e-4)
    assert area["angle"] == pytest.approx(np.radians(53) / 2 * 100**2, rel=5e-4)
    assert area["far"] == pytest.approx(np.radians(60) / 2 * 50**2, rel=5e-4)


def test_a_ring_needs_no_azimuth_and_no_angle():
    shaped = sectors.resolved(SIGHT, rows(ring=True, azimuth=np.nan, angle=np.nan, near=0.0))
    assert not shaped.assumed[0]
    assert areas(shaped.shapes)[0] == pytest.approx(np.pi * 100**2, rel=5e-4)


def test_a_near_limit_beyond_the_far_one_is_left_out():
    assert areas(sectors.resolved(SIGHT, rows(near=200.0)).shapes)[0] == pytest.approx(
        np.radians(60) / 2 * 100**2, rel=5e-4
    )


def kept(connection):
    question = "SELECT row, effective, assumed, ST_AsBinary(g3857) FROM onemap.sights ORDER BY row"
    return {row[0]: (row[1], row[2], bytes(row[3])) for row in connection.execute(text(question))}


def test_sights_are_kept_for_standing_rows_and_only_changed_ones_are_written_again(store):
    units = nested()
    here = {"geom": shapely.Point(124.01, 30.01), "distance": 80.0, "shape": "dome", "networked": "networked"}
    cameras = [
        here | {"key": "1", "status": "in_use", "online": "online"},
        here | {"key": "2", "status": "repair", "online": "online"},
        here | {"key": "3", "status": "removed", "online": "online"},
    ]
    with store.begin() as connection:
        ids = put(connection, "cameras", cameras, units, lay_units(connection, units))
        before = kept(connection)
        assert {row: each[:2] for row, each in before.items()} == {ids["1"]: (True, False), ids["2"]: (False, False)}
        connection.execute(text("UPDATE onemap.cameras SET status = 'removed' WHERE key = '1'"))
        connection.execute(text("UPDATE onemap.cameras SET status = 'in_use', distance = NULL WHERE key IN ('2', '3')"))
        changed = np.array([ids["1"], ids["2"]])  # what a large file changed comes as an array
        assert sights.rebuild(connection, theme("cameras"), changed) == 1
        assert {row: each[:2] for row, each in kept(connection).items()} == {ids["2"]: (True, True)}
        assert sights.rebuild(connection, theme("cameras")) == 2
        assert sights.rebuild(connection, theme("halls")) == 0
