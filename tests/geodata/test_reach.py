"""Reach: no reading of an indicator sees further than a sight, as it is drawn, and what is kept beside it."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata import reach, sectors
from geodata.earth import to_drawn
from layers import theme

CAMERAS = theme("cameras")
NAN = float("nan")
rows_that_see = st.lists(
    st.tuples(
        st.floats(0, 360) | st.just(NAN), st.floats(1, 360) | st.just(NAN), st.floats(0, 300) | st.just(NAN),
        st.floats(0, 30) | st.just(NAN), st.booleans(), st.floats(2, 20) | st.just(NAN), st.sampled_from([NAN, 1280.0, 3840.0]),
    ),
    min_size=1, max_size=20,
)  # fmt: skip


def _rows(told):
    names = ("azimuth", "angle", "far", "near", "ring", "height", "pixels")
    rows = np.zeros(len(told), dtype=[(name, float) for name in ("lon", "lat", *names)])
    rows["lon"], rows["lat"] = 119.0, 29.0
    for name, values in zip(names, zip(*told, strict=True), strict=True):
        rows[name] = values
    return rows


def _drawn(found):
    return shapely.transform(found.shapes, to_drawn)


@settings(max_examples=60, deadline=None)
@given(rows_that_see)
def test_no_reading_counts_ground_beyond_what_is_kept(told):
    rows = _rows(told)
    plain = sectors.resolved(CAMERAS.sight, rows)
    metres = reach.beyond(CAMERAS, CAMERAS.sight, rows, plain.near)
    stretched = shapely.buffer(_drawn(plain), (metres + 1) / np.cos(np.radians(29.01)), quad_segs=32)
    for purpose in sorted(reach._purposes()):
        finer = _drawn(sectors.resolved(CAMERAS.sight, rows, purpose))
        some = ~shapely.is_empty(finer) & (shapely.area(finer) > 0)
        assert shapely.covers(stretched[some], finer[some]).all()
    foot = shapely.transform(shapely.points(rows["lon"], rows["lat"]), to_drawn)
    assert (shapely.distance(_drawn(plain), foot) * np.cos(np.radians(29.0)) + reach._nearness(CAMERAS) <= metres + 1).all()


def test_a_told_distance_reaches_no_further_for_any_purpose():
    rows = _rows([(0.0, 60.0, 50.0, 0.0, False, NAN, NAN), (0.0, 5.0, NAN, 0.0, False, NAN, 3840.0)])
    told, silent = reach.beyond(CAMERAS, CAMERAS.sight, rows, np.zeros(2))
    assert told == reach._nearness(CAMERAS) == 50
    assert told < silent <= sectors.FURTHEST
