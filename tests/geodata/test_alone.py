"""What only one camera sees, against taking it away and joining the others the slow way."""

from datetime import date

import numpy as np
import pytest
import shapely

from geodata import alone, sights, tables
from geodata.door import Door, Scope
from geodata.earth import areas, lengths
from geodata.sectors import resolved
from layers import theme
from layers._sight import Purpose
from tests.geodata import test_measure as rows_of
from tests.geodata.laid import lay_units, nested, put


@pytest.fixture(scope="module")
def ground(new_database):
    store = new_database("alone")
    tables.create_all(store)
    rng, units = np.random.default_rng(5), nested()
    cameras = rows_of.some_cameras(rng, 90)
    near = [shapely.Point(each["geom"].x + 0.0003, each["geom"].y + 0.0002) for each in cameras]
    roads = [{"key": str(i), "geom": shapely.LineString([(124.0, y), (124.04, y + 0.002)]), "sort": "main"}
             for i, y in enumerate(np.linspace(30.001, 30.028, 30))]  # fmt: skip
    with store.begin() as connection:
        paths = lay_units(connection, units)
        put(connection, "entrances", [{"key": str(i), "geom": each} for i, each in enumerate(near)], units, paths)
        put(connection, "roads", roads, units, paths)
        ids = put(connection, "cameras", cameras, units, paths)
    return store, ids, near, [each["geom"] for each in roads]


def test_what_is_lost_with_a_camera_is_what_only_it_sees(ground):
    store, ids, near, roads = ground
    cameras = theme("cameras")
    with Door(store).reader() as reader:
        rows = sights.read(reader.connection, cameras, cameras.sight, {})
        shapes, points = rows_of.fine_sectors(resolved(cameras.sight, rows)), np.array(near)
        lost_somewhere = np.zeros(3)
        for at, row in enumerate(rows["id"].astype(int)):
            found = alone.sees(reader, cameras, int(row))
            others = shapely.union_all(np.delete(shapes, at))
            only = shapely.difference(shapes[at], others)
            assert found.m2 == pytest.approx(areas(shapes[at : at + 1])[0], rel=2e-3)
            assert found.only_m2 == pytest.approx(areas(np.array([only]))[0], rel=5e-3, abs=30)
            places = shapely.contains(shapes[at], points), shapely.contains(others, points)
            assert found.amounts["entrances"] == (places[0].sum(), (places[0] & ~places[1]).sum())
            metres = [lengths(np.array([shapely.intersection(each, shapely.union_all(roads))]))[0] for each in (shapes[at], only)]
            assert found.amounts["roads"] == pytest.approx(metres, rel=2e-3, abs=1)
            lost_somewhere += [found.only_m2 > 0, found.amounts["entrances"][1] > 0, found.amounts["roads"][1] > 0]
    assert (lost_somewhere > 5).all() and len(rows) < len(ids)


def test_a_picture_serves_finer_purposes_less_far(ground):
    with Door(ground[0]).reader() as reader:
        found = alone.sees(reader, theme("cameras"), min(ground[1].values()))
    ranges = [found.ranges[each] for each in (Purpose.DETECT, Purpose.OBSERVE, Purpose.RECOGNISE, Purpose.IDENTIFY)]
    assert ranges == sorted(ranges, reverse=True) and ranges[0] > ranges[-1] > 0


def test_nothing_is_said_of_what_has_no_sight_or_of_a_past_day(ground):
    with Door(ground[0]).reader() as reader:
        assert alone.sees(reader, theme("entrances"), 1) is None and alone.sees(reader, theme("cameras"), 10**9) is None
    with Door(ground[0]).reader(Scope(day=date(2026, 10, 31))) as reader:
        assert alone.sees(reader, theme("cameras"), min(ground[1].values())) is None
