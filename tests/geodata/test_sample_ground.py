import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import SettingError
from geodata.sample.groups import group
from geodata.sample.scales import SCALES, scale_named
from geodata.sample.wander import wander
from tests.geodata.sample_city import SampleCity, sample_city

LEVELS = ["city", "county", "town", "village", "grid", "microgrid"]


@pytest.fixture(scope="module")
def ground():
    return sample_city().ground


def test_each_level_has_as_many_units_as_the_scale_says(ground):
    assert {name: len(level.shape) for name, level in ground.levels.items()} == SCALES["county"].counts


@pytest.mark.parametrize("name", LEVELS)
def test_each_level_is_a_coverage_without_gap_or_overlap(ground, name):
    shape = ground.levels[name].shape
    assert shapely.is_valid(shape).all()
    assert set(shapely.get_type_id(shape)) == {shapely.GeometryType.POLYGON}
    assert shapely.coverage_is_valid(shape)


def test_borders_are_shared_between_levels_bit_for_bit(ground):
    leaves = {tuple(at) for at in shapely.get_coordinates(ground.leaves.shape)}
    for name in LEVELS:
        assert {tuple(at) for at in shapely.get_coordinates(ground.levels[name].shape)} <= leaves


@pytest.mark.parametrize(("above", "below"), list(zip(LEVELS, LEVELS[1:], strict=False)))
def test_the_children_fill_their_parent(ground, above, below):
    area = shapely.area(ground.levels[below].shape)
    summed = np.bincount(ground.levels[below].parent, area)
    np.testing.assert_allclose(summed, shapely.area(ground.levels[above].shape), rtol=1e-9)


def test_every_centre_lies_inside_its_unit_and_its_disc_is_free(ground):
    from geodata.sample.ground import to_degrees

    centre = to_degrees(ground.leaves.centre)
    assert shapely.contains_xy(ground.leaves.shape, centre[:, 0], centre[:, 1]).all()
    edge = np.column_stack([ground.clear, np.zeros(len(centre))])
    for turn in (0, 1, 2, 3):
        out = ground.leaves.centre + edge @ np.array([[np.cos(turn), np.sin(turn)], [0, 0]])
        lon, lat = to_degrees(out).T
        assert shapely.contains_xy(ground.leaves.shape, lon, lat).all()


def test_centres_are_dense_and_hills_are_sparse(ground):
    village = ground.levels["village"]
    km2 = shapely.area(village.shape) * 111.3**2 * np.cos(np.radians(30.5))
    hilly = ground.terrain.hills(village.centre) > 0.7
    crowded = ground.terrain.density(village.centre) > 5.5
    assert 0.2 < np.median(km2[crowded]) < 1.2
    assert 3 < np.median(km2[hilly & ~crowded]) < 12
    assert 900 < km2.sum() < 1_150


def test_the_same_seed_gives_the_same_ground_and_another_seed_another(ground):
    again = SampleCity("county", 1).ground
    assert (shapely.to_wkb(again.leaves.shape) == shapely.to_wkb(ground.leaves.shape)).all()
    other = SampleCity("county", 2).ground
    assert shapely.coverage_is_valid(other.leaves.shape)
    assert not shapely.equals_exact(other.leaves.shape[0], ground.leaves.shape[0])


def test_the_province_has_a_root_above_its_cities():
    assert next(iter(SCALES["province"].counts.items())) == ("province", 1)
    assert next(iter(SCALES["city"].counts.items())) == ("city", 1)


def test_a_scale_that_does_not_exist_is_refused():
    with pytest.raises(SettingError) as refusal:
        scale_named("planet")
    assert str(refusal.value) == "--scale: there is no scale 'planet'; use one of county, city, province."


@given(seed=st.integers(0, 10_000), left=st.floats(5, 200), right=st.floats(5, 200), foot=st.floats(-0.5, 1.5))
def test_a_wandering_line_stays_inside_its_two_triangles(seed, left, right, foot):
    ends = np.array([[[0.0, 0.0], [300.0, 0.0]]])
    apexes = np.array([[[300 * foot, left], [300 * foot, -right]]])
    points, count = wander(ends, apexes, np.random.default_rng(seed), step=40.0, swing=0.5)
    room = shapely.union(*(shapely.polygons([[0, 0], [300, 0], apex]) for apex in apexes[0]))
    line = shapely.linestrings(np.vstack([[0, 0], points, [300, 0]]))
    assert len(points) == count[0] == 7
    assert shapely.covers(shapely.buffer(room, 1e-6), line)
    assert shapely.is_simple(line)


def test_groups_hang_together():
    side = 12
    places = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2).astype(float)
    cell = np.arange(side * side).reshape(side, side)
    links = np.vstack([np.stack([cell[:, :-1], cell[:, 1:]], -1).reshape(-1, 2),
                       np.stack([cell[:-1], cell[1:]], -1).reshape(-1, 2)])
    mine, seeds = group(places, links, 9, None, np.random.default_rng(3))
    assert (mine[seeds] == np.arange(9)).all()
    for each in range(9):
        boxes = shapely.box(*(places[mine == each] - 0.5).T, *(places[mine == each] + 0.5).T)
        assert shapely.get_type_id(shapely.union_all(boxes)) == shapely.GeometryType.POLYGON
