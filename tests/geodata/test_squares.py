"""Which tiles touch which ground, against counting them one by one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geodata.squares import HALF_WORLD, covering

METRES = st.floats(-HALF_WORLD, HALF_WORLD, allow_nan=False)


def _boxes(corners: list[tuple[float, float, float, float]]) -> np.ndarray:
    made = [(min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in corners]
    return np.array(made, dtype=float).reshape(-1, 4)


@given(st.lists(st.tuples(METRES, METRES, METRES, METRES), max_size=5), st.integers(0, 4), st.sampled_from([0.0, 1 / 64]))
def test_every_tile_that_a_box_touches_and_no_other(corners: list, zoom: int, margin: float) -> None:
    boxes, side = _boxes(corners), 2 * HALF_WORLD / 2**zoom
    expected = {
        (x, y)
        for x in range(2**zoom)
        for y in range(2**zoom)
        for west, south, east, north in boxes
        if np.floor((west + HALF_WORLD) / side - margin) <= x <= np.floor((east + HALF_WORLD) / side + margin) or (x == 2**zoom - 1 and west >= HALF_WORLD)
        if np.floor((HALF_WORLD - north) / side - margin) <= y <= np.floor((HALF_WORLD - south) / side + margin) or (y == 2**zoom - 1 and south <= -HALF_WORLD)
    }  # fmt: skip
    assert {tuple(each) for each in covering(boxes, zoom, margin).tolist()} == expected


def test_ground_that_is_not_known_touches_nothing() -> None:
    assert covering(np.array([[np.nan] * 4]), 5).shape == (0, 2)
    assert covering(np.empty((0, 4)), 5).shape == (0, 2)


def test_a_point_near_an_edge_touches_the_neighbour_by_its_margin() -> None:
    point = np.array([[-1.0, 1.0, -1.0, 1.0]])
    assert covering(point, 1).tolist() == [[0, 0]]
    assert covering(point, 1, 1 / 64).tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
