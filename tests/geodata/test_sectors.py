"""What a camera sees follows from its pixels, its lens and how it hangs; the numbers are those of the field's own tables."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import sectors
from geodata.earth import areas
from layers import theme
from layers._sight import PIXELS_PER_METRE, Purpose, Sight

SIGHT = Sight(azimuth="azimuth", angle="angle", far="distance", near="near", height="height", tilt="tilt", vertical="vertical", pixels="pixels")
CAMERAS = theme("cameras").sight


def rows(n=1, **said):
    names = ("lon", "lat", "azimuth", "angle", "far", "near", "height", "tilt", "vertical", "pixels", "ring")
    made = np.full(n, np.nan, dtype=[(name, float) for name in names])
    for name, value in ({"lon": 124.0, "lat": 30.5, "azimuth": 90.0, "angle": 60.0, "far": 100.0, "ring": 0.0} | said).items():
        made[name] = value
    return made


# The table of ../shared/research/domain.md 3.1, worked out there by hand from IEC 62676-4: pixels, lens, metres by purpose.
DORI = [(1920, 87, 40.5, 16.2, 8.1, 4.0), (1920, 53, 77.0, 30.8, 15.4, 7.7), (2560, 87, 54.0, 21.6, 10.8, 5.4), (3840, 102, 62.2, 24.9, 12.4, 6.2)]


@pytest.mark.parametrize(("pixels", "lens", "detect", "observe", "recognise", "identify"), DORI)
def test_ranges_by_purpose_are_those_of_the_standard(pixels, lens, detect, observe, recognise, identify):
    for purpose, metres in zip(Purpose, (detect, observe, recognise, identify), strict=True):
        found = sectors.resolved(SIGHT, rows(angle=lens, pixels=pixels), purpose)
        assert found.far[0] == pytest.approx(metres, abs=0.06)


def test_a_dome_reaches_as_far_as_its_widest_lens():
    found = sectors.resolved(CAMERAS, rows(ring=1, angle=360.0, pixels=1920), "detect")
    assert (found.angle[0], round(found.far[0], 1)) == (360.0, 70.7)


def test_a_fisheye_has_its_pixels_on_an_arc():
    assert sectors.reach(np.array([2000.0]), np.array([180.0]), 25.0)[0] == pytest.approx(2000 / (25 * np.pi))


def test_a_pole_of_six_metres_tilted_by_fifteen_degrees_is_blind_up_to_ten_metres():
    found = sectors.resolved(SIGHT, rows(height=6.0, tilt=15.0, vertical=30.0))
    assert found.near[0] == pytest.approx(10.4, abs=0.05)
    assert not found.assumed[0]


def test_without_a_tilt_the_far_limit_lies_at_the_upper_edge_and_that_is_an_assumption():
    found = sectors.resolved(SIGHT, rows(height=5.0, vertical=30.0))
    aim = np.degrees(np.arctan2(5.0, 100.0))
    assert found.near[0] == pytest.approx(5 / np.tan(np.radians(aim + 30)))
    assert found.silent[0] == sectors.BITS["near"]


def test_a_declared_near_limit_goes_before_one_that_is_worked_out_and_a_dome_sees_its_foot():
    assert sectors.resolved(SIGHT, rows(height=6.0, tilt=15.0, near=3.0)).near[0] == 3.0
    found = sectors.resolved(SIGHT, rows(ring=1, height=6.0))
    assert (found.near[0], found.silent[0]) == (0.0, 0)


def test_a_camera_that_recognises_nobody_beyond_its_blind_zone_sees_nothing_for_that_purpose():
    found = sectors.resolved(SIGHT, rows(height=6.0, tilt=15.0, vertical=30.0, pixels=1920), "identify")
    assert (found.far[0], found.near[0]) == (0.0, 0.0)


def test_each_silent_part_is_a_bit_of_its_own():
    found = sectors.resolved(SIGHT, rows(azimuth=np.nan, angle=np.nan, far=np.nan))
    assert found.silent[0] == sum(sectors.BITS.values())
    assert found.angle[0] == 360.0


@given(st.integers(0, 2**32 - 1))
def test_a_finer_purpose_never_reaches_further(seed):
    rng = np.random.default_rng(seed)
    some = rows(20, angle=rng.uniform(1, 360, 20), pixels=rng.integers(300, 8000, 20), height=rng.uniform(0, 12, 20))
    reach = [sectors.resolved(SIGHT, some, each).far for each in PIXELS_PER_METRE]
    assert all((one >= other).all() for one, other in zip(reach, reach[1:], strict=False))


def test_a_thousand_random_sectors_have_the_area_of_the_formula():
    rng = np.random.default_rng(11)
    some = rows(1000, lon=rng.uniform(75, 134, 1000), lat=rng.uniform(18, 53, 1000), azimuth=rng.uniform(0, 360, 1000),
                angle=rng.uniform(1, 360, 1000), far=rng.uniform(3, 2000, 1000), height=rng.uniform(0, 2, 1000))  # fmt: skip
    found = sectors.resolved(SIGHT, some)
    expected = np.radians(found.angle) / 2 * (found.far**2 - found.near**2)
    assert np.abs(areas(found.shapes) / expected - 1).max() < 3e-3
