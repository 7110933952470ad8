"""Tiles that Python makes, read by a decoder that nobody here wrote."""

from __future__ import annotations

import mapbox_vector_tile
import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from geodata import mvt

SQUARE = np.array([[0, 0], [100, 0], [100, 100], [0, 100]])
places = some.lists(some.tuples(some.integers(-64, 4160), some.integers(-64, 4160)), min_size=2, max_size=40, unique=True)


def _read(*features: mvt.Feature) -> list[dict]:
    made = mvt.layer("a.b", features)
    return mapbox_vector_tile.decode(made, default_options={"y_coord_down": True})["a.b"]["features"]


@given(places)
def test_lines_and_points_come_back(path) -> None:
    line, points = _read(mvt.Feature(mvt.LINE, [np.array(path)], {}), mvt.Feature(mvt.POINT, [np.array(path)], {}, id=7))
    assert line["geometry"] == {"type": "LineString", "coordinates": [list(each) for each in path]}
    assert points["geometry"]["coordinates"] == [list(each) for each in path]
    assert points["id"] == 7


def test_a_hole_belongs_to_the_ring_before_it() -> None:
    hole = SQUARE[::-1] // 2 + 20
    (found,) = _read(mvt.Feature(mvt.POLYGON, [SQUARE, hole, SQUARE + 500], {}))
    assert found["geometry"]["type"] == "MultiPolygon"
    assert [len(each) for each in found["geometry"]["coordinates"]] == [2, 1]


values = some.none() | some.booleans() | some.integers(-(2**40), 2**40) | some.floats(allow_nan=False) | some.text(max_size=20)


@given(some.lists(some.dictionaries(some.sampled_from("abcdefg"), values), min_size=1, max_size=200))
def test_what_is_said_comes_back_as_what_it_is(said) -> None:
    found = _read(*(mvt.Feature(mvt.POLYGON, [SQUARE], each) for each in said))
    for asked, told in zip(said, found, strict=True):
        known = {name: value for name, value in asked.items() if value is not None}
        assert told["properties"] == known
        assert {name: type(value) for name, value in told["properties"].items()} == {name: type(value) for name, value in known.items()}


def test_nothing_has_no_bytes() -> None:
    assert mvt.layer("a.b", []) == b""
