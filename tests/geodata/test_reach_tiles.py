"""The ground that halls reach, as it is drawn: a disc of a kilometre around an open hall, not of a closed one, for who may see it."""

from math import asinh, cosh, pi, radians, tan

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
