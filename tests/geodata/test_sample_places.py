import numpy as np
import pytest
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from geodata.sample.cameras import cut_off_towns, state_of
from geodata.sample.ground import to_degrees
from geodata.sample.halls import halls_of
from geodata.sample.months import months_of
from geodata.sample.spaces import spaces_of
from tests.geodata.sample_city import sample_city

OLDEST, *_, NEWEST = months_of(12)


@pytest.fixture(scope="module")
def city():
    return sample_city()


def inside_city(city, lon, lat):
    return shapely.contains_xy(city.ground.levels["city"].shape[0], lon, lat)


def test_roads_stay_on_land_cross_nowhere_and_connect_the_villages(city):
    roads = city.roads
    assert shapely.covers(city.ground.levels["city"].shape[0], roads.shape).all()
    tree = shapely.STRtree(roads.plane)
    assert len(tree.query(roads.plane, predicate="crosses")[0]) == 0
    villages = len(city.ground.levels["village"].centre)
    link = coo_matrix((np.ones(len(roads.ends)), roads.ends.T), shape=(villages, villages))
    _, part = connected_components(link, directed=False)
    assert np.bincount(part).max() > 0.95 * villages
    assert set(roads.sort) == {0, 1, 2}


def test_intersections_lie_where_their_leaf_is(city):
    crossings = city.crossings
    lon, lat = to_degrees(crossings[["x", "y"]].to_numpy()).T
    assert len(crossings) == 6_000
    assert shapely.contains_xy(city.ground.leaves.shape[crossings["leaf"]], lon, lat).all()
    assert 500 < crossings["main"].sum() < 2_000


def test_entrances_lie_on_their_road_just_inside_their_village(city):
    entrances, ground = city.entrances, city.ground
    point = shapely.points(entrances[["lon", "lat"]].to_numpy())
    village = ground.levels["village"].shape[entrances["village"]]
    assert shapely.contains(village, point).all()
    assert (shapely.distance(point, city.roads.shape[entrances["road"]]) < 1e-6).all()
    assert (shapely.distance(point, shapely.boundary(village)) < 0.0003).all()
    assert entrances["village"].nunique() > 250


def test_no_camera_stands_in_the_sea_and_each_stands_in_its_leaf(city):
    cameras = city.cameras
    assert len(cameras) == 10_000
    leaf = city.ground.leaves.shape[cameras["leaf"]]
    assert shapely.contains_xy(leaf, cameras["lon"], cameras["lat"]).mean() > 0.999
    assert inside_city(city, cameras["lon"], cameras["lat"]).all()


def test_half_of_the_cameras_stand_at_intersections_and_some_villages_are_blind(city):
    cameras = city.cameras
    assert (cameras["spot"] == 0).mean() == 0.5
    per_village = np.bincount(cameras["village"], minlength=300)
    assert 3 <= (per_village == 0).sum() <= 40
    assert per_village.max() > 3 * np.median(per_village)


def test_cameras_go_off_in_clusters(city):
    for month in months_of(12):
        now = state_of(city.cameras, month, city.ground)
        off = now[now["status"] != 3]["online"] == 0
        assert 0.03 <= off.mean() <= 0.12
    cut = [town for town, (first, last) in cut_off_towns(city.ground).items() if first <= 0 <= last]
    assert off[now["town"].isin(cut)].mean() > 0.4


def test_cameras_grow_in_number_and_in_sharpness(city):
    before, after = (state_of(city.cameras, month, city.ground) for month in (OLDEST, NEWEST))
    assert len(before) < len(after) == 10_000
    assert (before["pixels"] > 0).mean() < (after["pixels"] > 0).mean()
    epoch_day = (NEWEST.day - NEWEST.day.fromisoformat("1970-01-01")).days
    assert after["installed"].max() <= epoch_day


def test_most_large_villages_have_a_hall(city):
    people = city.register["village"]["population"].to_numpy()
    before, after = (halls_of(city.halls, month) for month in (OLDEST, NEWEST))
    has = np.isin(np.arange(len(people)), after[after["state"] == "开放"]["village"])
    assert 0.8 <= has[people >= 500].mean() <= 0.97
    assert (before["state"] == "开放").sum() < (after["state"] == "开放").sum()
    assert inside_city(city, city.halls["lon"], city.halls["lat"]).all()


def test_parcels_lie_apart_each_inside_its_leaf_and_are_of_a_true_size(city):
    shape = city.spaces["shape"].to_numpy()
    assert shapely.is_valid(shape).all()
    assert shapely.contains(city.ground.leaves.shape[city.spaces["leaf"]], shape).all()
    m2 = city.spaces["mu"] * 10_000 / 15
    assert m2.between(150, 8_000).all()


def test_parcels_are_recovered_then_used(city):
    before, after = (spaces_of(city.spaces, month) for month in (OLDEST, NEWEST))
    share = [(each["state"] == "被占用").mean() for each in (before, after)]
    assert share[0] > 1.5 * share[1] > 0
    assert (after.loc[after["state"] == "出租", "rent"] > 0).all()
    assert (after.loc[after["state"] != "出租", "rent"] == 0).all()
    occupied = after["state"] == "被占用"
    assert ((after["recovered_on"] == -1) == occupied).all()


def test_the_months_are_fixed():
    assert [month.day.isoformat() for month in months_of(3)] == ["2026-08-31", "2026-09-30", "2026-10-31"]
    assert OLDEST.stamp == "2025-11" and NEWEST.place == 0
