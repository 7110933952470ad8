"""The deepest unit that holds a row; the smaller code on a border; nothing outside."""

import numpy as np
import shapely

from geodata.placing import place
from tests.geodata.laid import deepest, lay_units, nested

UNITS = nested()


def placed(store, shapes):
    with store.begin() as connection:
        lay_units(connection, UNITS)
        return place(connection, np.array(shapes, dtype=object))


def test_points_against_brute_force(store):
    rng = np.random.default_rng(3)
    shapes = [shapely.Point(*xy) for xy in np.round(rng.uniform((123.995, 29.995), (124.045, 30.035), (400, 2)), 3)]
    codes, paths = placed(store, shapes)
    assert list(codes) == [deepest(UNITS, each) for each in shapes]
    assert all(path is None or path.endswith(f"/{code}/") for code, path in zip(codes, paths, strict=True))
    assert {None} < set(codes)


def test_areas_and_lines_by_a_point_on_them(store):
    area, line = (
        shapely.box(124.001, 30.001, 124.002, 30.002),
        shapely.LineString([(124.001, 30.001), (124.003, 30.001)]),
    )
    codes, _ = placed(store, [area, line])
    assert list(codes) == [deepest(UNITS, each.representative_point()) for each in (area, line)]


def test_nothing_to_place(store):
    codes, paths = placed(store, [])
    assert (len(codes), len(paths)) == (0, 0)


def test_a_gap_between_leaves_belongs_to_what_lies_above(store):
    with_gap = dict(UNITS)
    leaf = next(code for code, each in UNITS.items() if each[1] == "grid")
    parent, level, shape = with_gap[leaf]
    with_gap[leaf] = (parent, level, shapely.box(*shape.buffer(-0.001).bounds))
    point = shapely.Point(shape.bounds[0] + 0.0005, shape.bounds[1] + 0.0005)
    with store.begin() as connection:
        lay_units(connection, with_gap)
        codes, _ = place(connection, np.array([point]))
    assert codes[0] == parent
