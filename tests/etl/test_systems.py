"""Every system that offices send ends at the same place on the ground; what would land elsewhere is refused."""

import re

import numpy as np
import pytest
import shapely
from pyproj import CRS, Transformer

from etl.errors import SourceError
from etl.recipe import Recipe
from etl.systems import SERVICES, looks_packed, named, to_degrees, unpacked
from geodata import offsets

HERE = shapely.Point(120.1, 30.2)
XY = np.array([120.1]), np.array([30.2])


def moved(shape, system, **said):
    system = named("a.csv", system) if isinstance(system, str) else system
    shapes, changes = to_degrees(
        "a.csv", np.array([shape], dtype=object), system, Recipe(theme="halls", source="h", **said)
    )
    return shapes[0], dict(changes)


def refused(shape, system, **said):
    with pytest.raises(SourceError) as problem:
        moved(shape, system, **said)
    return str(problem.value).removeprefix("a.csv: ")


ZONES = [*range(4491, 4555)]


@pytest.mark.parametrize("epsg", ZONES)
def test_every_zone_of_cgcs2000_with_and_without_prefix(epsg):
    crs = CRS(epsg)
    there = Transformer.from_crs(4490, crs, always_xy=True)
    middle = crs.coordinate_operation.params[1].value
    place = shapely.Point(middle + 0.7, 33.3)
    back, changes = moved(shapely.Point(there.transform(place.x, place.y)), crs)
    assert shapely.distance(back, place) < 1e-9
    assert changes == {f"reprojected from {crs.name}": 1}


@pytest.mark.parametrize(
    ("said", "there"),
    [
        ("GCJ-02", offsets.to_gcj),
        ("gcj02", offsets.to_gcj),
        ("火星坐标", offsets.to_gcj),
        ("BD-09", offsets.to_bd),
        ("百度", offsets.to_bd),
    ],
)
def test_the_map_services(said, there):
    x, y = there(*XY)
    back, changes = moved(shapely.Point(x[0], y[0]), said)
    assert shapely.distance(back, HERE) < 1e-9
    assert list(changes.values()) == [1]
    assert next(iter(changes)).endswith(" made CGCS2000")


def test_the_metres_of_the_map_services():
    gcj = offsets.to_gcj(*XY)
    metres = Transformer.from_crs(4326, 3857, always_xy=True).transform(*(each[0] for each in gcj))
    assert shapely.distance(moved(shapely.Point(metres), "GCJ-02MC")[0], HERE) < 1e-8
    # 驻马店市 as Baidu says it
    back, _ = moved(shapely.Point(12693763.634, 3874151.929), "BD-09MC")
    assert shapely.distance(back, shapely.Point(114.0164322, 33.0133556)) * 111_320 < 1


def test_a_system_that_nobody_knows():
    assert refused(HERE, "EPSG:x") == (
        "crs = 'EPSG:x' is unknown; write one like \"EPSG:4490\", or GCJ-02, BD-09, BD-09MC, GCJ-02MC, in the recipe."
    )
    assert len({each.name for each in SERVICES}) == 4


OLD = (15.8, -154.4, -82.3)


@pytest.mark.parametrize("epsg", [4214, 4610, 2437, 2416, 2385, 2364, 21420, 2334])
def test_an_old_datum_is_refused_without_parameters_and_moved_with_them(epsg):
    crs = CRS(epsg)
    words = (
        f"its CRS is {crs.name}, on a datum whose parameters are not public; ask for the data in CGCS2000, "
        "or write your own towgs84 = [dx, dy, dz, rx, ry, rz, ppm] in the recipe."
    )
    there = Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True).transform(120.1, 30.2)
    assert refused(shapely.Point(there), crs) == words
    back, changes = moved(shapely.Point(there), crs, towgs84=OLD)
    assert changes == {f"reprojected from {crs.name} by towgs84 of the recipe": 1}
    assert 20 < shapely.distance(back, HERE) * 111_320 < 200


def test_seven_parameters_turn_and_stretch():
    # Independent of PROJ: a position vector transformation by hand (EPSG guidance note 7-2, method 9606).
    shift, seconds, ppm = np.array([10.0, -20.0, 30.0]), np.array([1.0, -2.0, 3.0]), 5.0
    a, f = 6378245.0, 1 / 298.3
    e2 = f * (2 - f)
    lon, lat = np.radians(120.1), np.radians(30.2)
    n = a / np.sqrt(1 - e2 * np.sin(lat) ** 2)
    ground = np.array([n * np.cos(lat) * np.cos(lon), n * np.cos(lat) * np.sin(lon), n * (1 - e2) * np.sin(lat)])
    rx, ry, rz = np.radians(seconds / 3600)
    turned = np.array([[1, -rz, ry], [rz, 1, -rx], [-ry, rx, 1]])
    there = shift + (1 + ppm * 1e-6) * turned @ ground
    wanted = Transformer.from_crs("EPSG:4978", "EPSG:4979", always_xy=True).transform(*there)
    back, _ = moved(HERE, "EPSG:4214", towgs84=(*shift, *seconds, ppm))
    assert (back.x, back.y) == pytest.approx(wanted[:2], abs=2e-9)


def test_metres_in_the_wrong_zone_do_not_land_somewhere():
    plain, prefixed = shapely.Point(604432.5, 3331023.1), shapely.Point(40604432.5, 3331023.1)
    assert refused(prefixed, "EPSG:4549") == (
        "its eastings carry the zone number 40, and CGCS2000 / 3-degree Gauss-Kruger CM 120E has no zone number; "
        'say the right crs = "EPSG:..." in the recipe; ./onemap forensic FILE names it.'
    )
    assert (
        "its eastings carry no zone number, and CGCS2000 / 3-degree Gauss-Kruger zone 40 has the zone number 40; "
        in refused(plain, "EPSG:4528")
    )
    assert "carry the zone number 40, and CGCS2000 / 3-degree Gauss-Kruger zone 39 has the zone number 39; " in refused(
        prefixed, "EPSG:4527"
    )


@pytest.mark.parametrize("easting", [604432.5, 40604432.5])
def test_surveyors_call_the_northing_x(easting):
    crs = "EPSG:4549" if easting < 1e6 else "EPSG:4528"
    swapped = shapely.Point(3331023.1, easting)
    assert (
        refused(swapped, crs)
        == f'its axes are swapped (3331023.1000, {easting:.4f}); say axes = "lat lon" in the recipe.'
    )
    back, changes = moved(swapped, crs, axes="lat lon")
    assert (round(back.x), round(back.y), changes["axes swapped"]) == (121, 30, 1)


@pytest.mark.parametrize(
    ("written", "degrees"),
    [
        (120.0918, 120 + 9 / 60 + 18 / 3600),
        (120.091840, 120 + 9 / 60 + 18.4 / 3600),
        (1200918.0, 120 + 9 / 60 + 18 / 3600),
        (301205.5, 30 + 12 / 60 + 5.5 / 3600),
        (12009.3, 120 + 9.3 / 60),
        (3012.25, 30 + 12.25 / 60),
        (120.3, 120.5),
        (120.5959, 120 + 59 / 60 + 59 / 3600),
    ],
)
def test_packed_degrees(written, degrees):
    assert unpacked(np.array([written]))[0] == pytest.approx(degrees, abs=1e-8)


def packed(degrees):
    seconds = np.round(degrees * 3600)
    return seconds // 3600 + seconds % 3600 // 60 / 100 + seconds % 60 / 10_000


def test_packed_degrees_are_said_and_not_guessed():
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(120, 121, 50), rng.uniform(30, 31, 50)
    points = shapely.points(packed(lon), packed(lat))
    recipe = Recipe(theme="halls", source="h")
    with pytest.raises(SourceError) as problem:
        to_degrees("a.csv", points, CRS(4490), recipe)
    assert re.fullmatch(
        r"a.csv: its degrees look packed \(120\.\d{6} for 120°\d\d'...\); say degrees = \"packed\" in the recipe, "
        r'or "decimal" if they are not\.', str(problem.value))  # fmt: skip
    shapes, changes = to_degrees("a.csv", points, CRS(4490), Recipe(theme="halls", source="h", degrees="packed"))
    assert changes == {"degrees unpacked": 50}
    assert np.abs(shapely.get_x(shapes) - lon).max() < 1 / 3600
    to_degrees("a.csv", points, CRS(4490), Recipe(theme="halls", source="h", degrees="decimal"))


def test_decimal_degrees_do_not_look_packed():
    rng = np.random.default_rng(2)
    assert not any(looks_packed(rng.uniform(30, 31, (15, 2))) for _ in range(500))
    assert not looks_packed(np.round(rng.uniform(30, 31, (500, 2)), 1))  # of one decimal all could be both
    assert not looks_packed(np.array([[120.0918, 30.1205]] * 500))  # one value said often
