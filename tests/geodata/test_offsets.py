"""The offsets against the services' own answers, and against themselves."""

import json
from pathlib import Path

import numpy as np
import pytest

from geodata import offsets

METRES = 111_320.0  # of a degree


def cities():
    path = next((each for each in _folders() if each.exists()), None)
    if path is None:
        pytest.skip("the vectors of 664 cities are not on this machine")
    told = json.loads(path.read_text("utf-8"))
    return {name: np.array([each["coords"][name] for each in told]).T for name in told[0]["coords"]}


def _folders():
    return [parent / "shared/data/coord_vectors/gcoord_china_cities.json" for parent in Path(__file__).parents]


def apart(one, other):
    """The largest distance, in metres."""
    return float(np.hypot(one[0] - other[0], one[1] - other[1]).max() * METRES)


def test_664_cities_as_the_services_say():
    told = cities()
    assert len(told["WGS84"][0]) == 664
    assert apart(offsets.to_gcj(*told["WGS84"]), told["GCJ02"]) < 1.0
    assert apart(offsets.to_bd(*told["WGS84"]), told["BD09"]) < 1.0
    assert apart(offsets.from_gcj(*told["GCJ02"]), told["WGS84"]) < 1.0
    assert apart(offsets.from_bd(*told["BD09"]), told["WGS84"]) < 1.0
    assert apart(offsets.bdmc_to_bd(*told["BD09MC"]), told["BD09"]) < 0.2
    assert apart(offsets.from_bdmc(*told["BD09MC"]), told["WGS84"]) < 1.0


@pytest.mark.parametrize(("there", "back"), [(offsets.to_gcj, offsets.from_gcj), (offsets.to_bd, offsets.from_bd)])
def test_there_and_back_to_a_hundredth_of_a_millimetre(there, back):
    rng = np.random.default_rng(4490)
    place = rng.uniform(73, 135, 50_000), rng.uniform(4, 53, 50_000)
    assert apart(back(*there(*place)), place) < 1e-5
    assert apart(there(*place), place) > 10  # and it did move


def test_outside_the_rectangle_nothing_is_shifted():
    tokyo = np.array([139.7]), np.array([35.7])
    assert apart(offsets.to_gcj(*tokyo), tokyo) == 0
    assert apart(offsets.from_gcj(*tokyo), tokyo) == 0


def test_vectors_of_other_projects():
    """googollee/eviltransform, and npm coordtransform, whose published values these are."""
    lon, lat = offsets.to_gcj(np.array([121.5272106, 116.404]), np.array([31.1774276, 39.915]))
    assert (
        apart(
            (lon, lat),
            (np.array([121.531541859215, 116.41024449916938]), np.array([31.17530398364597, 39.91640428150164])),
        )
        < 0.05
    )
    lon, lat = offsets.gcj_to_bd(np.array([116.404]), np.array([39.915]))
    assert apart((lon, lat), (np.array([116.41036949371029]), np.array([39.92133699351021]))) < 0.05
