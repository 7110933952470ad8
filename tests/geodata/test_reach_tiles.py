"""The ground that halls reach, as it is drawn: a disc of a kilometre around an open hall, not of a closed one, for who may see it."""

from math import asinh, cosh, pi, radians, tan
from random import Random

import mapbox_vector_tile
import pytest
import shapely
from shapely.geometry import shape
from sqlalchemy import text

from geodata import tables, tiles
from geodata.door import Door, Scope
from layers import theme
from tests.geodata.laid import COUNTY, lay_units, nested, put

Z, LON, LAT = 11, 124.01, 30.012


def square(z=Z, lon=LON, lat=LAT):
    """The tile that holds a place."""
    return int((lon + 180) / 360 * 2**z), int((1 - asinh(tan(radians(lat))) / pi) / 2 * 2**z)


@pytest.fixture(scope="module")
def door(new_database):
    store = new_database("reach_tiles")
    tables.create_all(store)
    units = nested()
    with store.begin() as connection:
        paths = lay_units(connection, units)
        halls = [{"key": "1", "state": "open", "geom": shapely.Point(LON, LAT)}, {"key": "2", "state": "closed", "geom": shapely.Point(LON + 0.03, LAT)}]
        put(connection, "halls", halls, units, paths)
        connection.execute(text("INSERT INTO onemap.versions VALUES ('ladder', 1), ('halls', 2)"))
    return Door(store)


def drawn(door, scope=None):
    with door.reader(scope or Scope()) as reader:
        return mapbox_vector_tile.decode(tiles.tile(reader, "halls.reach", Z, *square())).get("halls.reach", {}).get("features", [])


def test_a_disc_of_a_kilometre_around_what_is_open(door):
    (area,) = drawn(door)
    metres = 2 * pi * 6_378_137 / 2**Z / 4096 / cosh(asinh(tan(radians(LAT))))
    assert shape(area["geometry"]).area * metres**2 == pytest.approx(pi * 1000**2, rel=0.01)


def test_a_guest_is_not_told_where_its_middle_is_and_nobody_what_lies_outside_his_area(door):
    assert drawn(door, Scope(role="guest")) == []
    east = next(code for code, each in nested().items() if each[1] == "town" and each[2].bounds[0] > LON)
    assert drawn(door, Scope(area=east)) == [] and len(drawn(door, Scope(area=COUNTY))) == 1


def test_a_theme_says_that_it_reaches_by_its_indicator():
    assert [name for name in ("halls", "cameras", "services") if "reach" in str(tiles.shading.parts(theme(name)))] == ["halls"]


@pytest.fixture(scope="module")
def crowd(new_database):
    """Nine hundred halls, so many that their discs are not joined one by one."""
    store = new_database("reach_crowd")
    tables.create_all(store)
    units = nested()
    chance = Random(7)
    with store.begin() as connection:
        paths = lay_units(connection, units)
        places = [shapely.Point(LON + chance.gauss(0, 0.25), LAT + chance.gauss(0, 0.2)) for _ in range(900)]
        put(connection, "halls", [{"key": str(n), "state": "open", "geom": each} for n, each in enumerate(places)], units, paths)
        connection.execute(text("INSERT INTO onemap.versions VALUES ('ladder', 1), ('halls', 2)"))
    return Door(store), places


def in_steps(points, z, x, y):
    """Places in steps of a tile, y upwards as the decoder has it."""
    side = 2 * pi * 6_378_137 / 2**z
    return [shapely.Point(
        ((each.x + 180) / 360 * 2**z - x) * 4096, 4096 - ((1 - asinh(tan(radians(each.y))) / pi) / 2 * 2**z - y) * 4096,
    ).buffer(1000 * cosh(asinh(tan(radians(each.y)))) / side * 4096) for each in points]  # fmt: skip


@pytest.mark.parametrize("z", [7, 8, 9, 10])
def test_the_border_of_many_discs_is_the_border_of_their_union(crowd, z):
    door, places = crowd
    x, y = square(z)
    with door.reader() as reader:
        (area,) = mapbox_vector_tile.decode(tiles.tile(reader, "halls.reach", z, x, y))["halls.reach"]["features"]
    inside = shapely.box(0, 0, 4096, 4096)
    ours = shapely.make_valid(shape(area["geometry"])).intersection(inside)
    theirs = shapely.union_all(in_steps(places, z, x, y)).intersection(inside)
    assert ours.symmetric_difference(theirs).area < theirs.length * 2  # a quarter of a pixel along the border


def test_nothing_falls_through_where_a_disc_is_smaller_than_a_pixel(crowd):
    door, places = crowd
    x, y = square(5)
    with door.reader() as reader:
        (area,) = mapbox_vector_tile.decode(tiles.tile(reader, "halls.reach", 5, x, y))["halls.reach"]["features"]
    ground = shapely.make_valid(shape(area["geometry"]))
    here = [each.centroid for each in in_steps(places, 5, x, y) if 0 <= each.centroid.x <= 4096 and 0 <= each.centroid.y <= 4096]
    assert len(here) > 500 and max(ground.distance(each) for each in here) < 4  # half a pixel
