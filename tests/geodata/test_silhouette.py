"""Silhouettes: a unit never reaches where its silhouette says that it does not."""

import hypothesis.strategies as st
import numpy as np
import shapely
from hypothesis import given

from geodata.silhouette import COLUMNS, STEPS, silhouettes

CORNER = st.tuples(st.floats(117, 121), st.floats(27, 31))


def _ends(said: str) -> tuple[list[int], list[int]]:
    steps = [int(said[at:at + 2]) for at in range(0, len(said), 2)]
    return steps[:COLUMNS], steps[COLUMNS:]


def test_a_box_fills_its_box_and_a_triangle_leaves_a_corner_free():
    box, triangle = silhouettes(np.array([shapely.box(118, 28, 119, 29), shapely.Polygon([(118, 28), (119, 28), (119, 29)])]))
    assert box == "00" * COLUMNS + "99" * COLUMNS
    low, top = _ends(triangle)
    assert low == [0] * COLUMNS
    assert top == sorted(top) and top[0] < 20 and top[-1] == STEPS


def test_what_has_no_ground_has_none():
    assert silhouettes(np.array([None, shapely.Polygon()])) == [None, None]


@given(st.lists(CORNER, min_size=3, max_size=9))
def test_no_ground_lies_outside_its_silhouette(corners):
    ground = shapely.MultiPoint(corners).convex_hull
    west, south, east, north = ground.bounds
    if ground.geom_type != "Polygon" or east - west < 0.05 or north - south < 0.05:
        return
    low, top = _ends(silhouettes(np.array([ground]))[0])
    for n in range(COLUMNS):
        strip = shapely.intersection(ground, shapely.box(west + (east - west) * n / COLUMNS, south, west + (east - west) * (n + 1) / COLUMNS, north))
        _, bottom, _, ceiling = strip.bounds
        assert low[n] <= (bottom - south) / (north - south) * STEPS + 1e-6
        assert top[n] >= (ceiling - south) / (north - south) * STEPS - 1e-6
