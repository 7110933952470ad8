"""Densities in units: they integrate to the rows at every zoom, whatever is picked and whoever asks."""

from __future__ import annotations

from datetime import date

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import Engine, text

from geodata import earth, grains, heat, kernel, people, shading, tables, tiles
from geodata.door import Door, Scope
from layers import theme
from layers._pick import ordered, where
from tests.small_city import BOXES, CITY, EAST, lay

CAMERAS = theme("cameras")
OFFLINE = (("online", "offline"),)


@pytest.fixture
def city(store: Engine) -> Engine:
    return lay(store)


@pytest.fixture(scope="module")
def still(new_database) -> Engine:
    """The same city, for tests that change nothing."""
    engine = new_database("heat")
    tables.create_all(engine)
    return lay(engine)


def _around(z: int, more: int = 1) -> list[heat.Place]:
    """Tiles over the small city, and those next to it into which a kernel reaches."""
    west, south, east, north = BOXES[CITY]
    x = [int((lon + 180) / 360 * 2**z) for lon in (west, east)]
    y = [int((1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * 2**z) for lat in (north, south)]
    last = 2**z - 1
    return [(z, column, row) for column in range(max(x[0] - more, 0), min(x[1] + more, last) + 1)
            for row in range(max(y[0] - more, 0), min(y[1] + more, last) + 1)]


def _features(engine: Engine, part: str, z: int, picks=(), scope: Scope | None = None) -> list[dict]:
    with Door(engine).reader(scope) as reader:
        made = [heat.tile(reader, CAMERAS, part, picks, place) for place in _around(z)]
    read = [mapbox_vector_tile.decode(each)["cameras.heat"]["features"] for each in made if each]
    return [feature["properties"] for each in read for feature in each]


@pytest.mark.parametrize("part", heat.PARTS)
@pytest.mark.parametrize("z", [4, 7, 9, 11, 13])
def test_the_tiles_of_a_zoom_add_up_to_the_rows(still: Engine, part: str, z: int) -> None:
    assert sum(each["n"] for each in _features(still, part, z)) == pytest.approx(1000, rel=0.005)
    assert sum(each["n"] for each in _features(still, part, z, OFFLINE)) == pytest.approx(200, rel=0.005)


def test_a_square_says_its_density_and_its_class_follows(still: Engine) -> None:
    with Door(still).reader() as reader:
        limits = heat.breaks(reader, CAMERAS, "squares")
    for each in _features(still, "squares", 10):
        assert each["d"] == pytest.approx(each["n"] / each["km2"], rel=0.006)
        assert each["c"] == np.searchsorted(limits, each["n"] / each["km2"], side="right") - 1


def test_a_day_and_an_area_are_counted_from_their_own_rows(still: Engine) -> None:
    january = Scope(day=date(2026, 1, 31))
    assert sum(each["n"] for each in _features(still, "heat", 10, scope=january)) == pytest.approx(900, rel=0.005)
    assert sum(each["n"] for each in _features(still, "squares", 10, OFFLINE, Scope(area=EAST))) == 100


def test_packed_rows_and_rows_asked_for_now_are_the_same(city: Engine) -> None:
    packed = _features(city, "heat", 11, OFFLINE)
    with city.begin() as connection:
        connection.execute(text("DELETE FROM onemap.grains"))
    assert _features(city, "heat", 11, OFFLINE) == packed


def test_packing_anew_is_seen_at_once(city: Engine) -> None:
    _features(city, "squares", 9)
    with city.begin() as connection:
        connection.execute(text("DELETE FROM onemap.cameras WHERE online = 'offline'"))
        assert grains.rebuild(connection, CAMERAS) == 800
    assert sum(each["n"] for each in _features(city, "squares", 9)) == 800


def test_what_is_unpacked_ahead_is_not_unpacked_for_a_tile(city: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with Door(city).reader() as reader:
        shading.unpack(reader)
        monkeypatch.setattr(grains, "unpacked", None)  # nobody asks for it any more
        assert heat.tile(reader, theme("cameras"), "squares_people", (), _around(9, 0)[0])


def test_breaks_are_round_and_begin_at_the_mean() -> None:
    assert heat.rising(8.3) == (5, 10, 20, 50, 100, 200)
    assert heat.rising(0.02) == (0.02, 0.05, 0.1, 0.2, 0.5, 1)
    assert heat.rising(1999) == (1000, 2000, 5000, 10000, 20000, 50000)


def test_people_are_spread_over_the_finest_units_that_know_them(city: Engine) -> None:
    with city.begin() as connection:
        connection.execute(text("UPDATE onemap.ladder SET population = 3000 * id"))
        assert people.rebuild(connection) == 2
    with Door(city).reader() as reader:
        known = people.read(reader)
    assert known is not None and known.weights is not None
    assert known.weights.sum() == pytest.approx(3000 * 5)
    assert sum(each["n"] for each in _features(city, "heat_people", 11)) == pytest.approx(1000, rel=0.005)
    rates = {each["c"] for each in _features(city, "squares_people", 9)}
    assert max(rates) >= 0


points = some.lists(some.tuples(some.floats(73.5, 134.9), some.floats(18.2, 53.5)), min_size=1, max_size=30)


@settings(max_examples=40, deadline=None)
@given(points, some.integers(3, kernel.LAST_ZOOM))
def test_a_kernel_neither_makes_nor_loses_rows(places, z: int) -> None:
    x = np.array([(lon + 180) / 360 * 2**grains.BITS for lon, _ in places], dtype=int)
    y = np.array([(1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * 2**grains.BITS for _, lat in places], dtype=int)
    rows = grains.made(x, y, np.zeros(len(places)))
    shift = grains.BITS - z
    asked = {(z, column + right, row + down) for column, row in zip(x >> shift, y >> shift, strict=True)
             for right in (-1, 0, 1) for down in (-1, 0, 1)}
    total = 0.0
    for place in asked:
        around = kernel.margin(z, place[2] << kernel.STEP_BITS, 1 << kernel.STEP_BITS)
        counts = heat._window(rows, place, around, CAMERAS, ())
        total += heat._smooth(counts, z, place[2], around)[1:-1, 1:-1].sum()
    assert total == pytest.approx(len(places), rel=1e-9)


def test_the_ground_of_a_cell_is_that_of_the_ellipsoid() -> None:
    for first in (300_000, 430_000, 500_000):
        north, south = kernel.latitudes(20, np.array([first, first + 1]))
        cell = shapely.box(0, south, 360 / 2**20, north)
        assert kernel.square_km(20, first, 1)[0] == pytest.approx(earth.areas(np.array([cell]))[0] / 1e6, rel=1e-6)


@pytest.mark.parametrize("latitude", [0.1, 30.0, 53.0])
def test_one_row_makes_the_same_hill_of_metres_at_any_latitude(latitude: float) -> None:
    y = int((1 - np.arcsinh(np.tan(np.radians(latitude))) / np.pi) / 2 * 2**grains.BITS)
    rows, z = grains.made([860_000], [y], [0]), 13
    place = (z, 860_000 >> 7, y >> 7)
    around = kernel.margin(z, place[2] << 6, 64)
    smooth = heat._smooth(heat._window(rows, place, around, CAMERAS, ()), z, place[2], around)
    height = (smooth / kernel.square_km(z + 6, (place[2] << 6) - 1, 66)[:, None]).max()
    assert height == pytest.approx(3 / (np.pi * (kernel.bandwidth(z) / 1000) ** 2), rel=0.02)  # Silverman 1986, eq. 4.5


def test_picks_are_said_in_one_way() -> None:
    said = [("online", "online"), ("status", "repair"), ("status", "in_use"), ("status", "in_use"), ("colour", "red")]
    assert ordered(CAMERAS, said) == (("status", "in_use"), ("status", "repair"), ("online", "online"))
    assert [each.values for each in where(CAMERAS, said)] == [("in_use", "repair"), ("online",)]


kinds = {each.name: some.sampled_from([None, *(choice.value for choice in each.choices)]) for each in CAMERAS.fields if each.choices}


@given(some.fixed_dictionaries(kinds), some.lists(some.sampled_from(
    [(each.name, choice.value) for each in CAMERAS.fields for choice in each.choices]), max_size=5))
def test_a_kind_is_allowed_exactly_when_the_conditions_hold(row, picks) -> None:
    number, radix = 0, 1
    for each in CAMERAS.fields:
        if each.choices:
            names = [None, *(choice.value for choice in each.choices)]
            number, radix = number + names.index(row[each.name]) * radix, radix * len(names)
    flags = [each for each in CAMERAS.fields if each.kind == "flag"]
    if not flags:
        holds = all(row[each.field] in each.values for each in where(CAMERAS, picks))
        assert bool(grains.allowed(CAMERAS, ordered(CAMERAS, picks))[number]) == holds


def test_no_zoom_after_the_last_has_tiles(still: Engine) -> None:
    with Door(still).reader() as reader:
        assert heat.tile(reader, CAMERAS, "heat", (), (15, 0, 0)) == b""
    assert tiles.LAST_ZOOM > kernel.LAST_ZOOM
