"""Which system a file is in: at least 99 of 100 right from 30 rows on, and hardly ever surely wrong."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import CRS

from etl.claims import Claims, Ladder
from etl.forensic import forensic, judged
from etl.places import place_columns
from etl.read import Asked, read
from etl.read.raw import Raw
from etl.recipe import Recipe
from geodata import offsets
from layers import theme
from tests.etl import wandering_files as made

HALLS = Recipe(theme="halls", source="halls")


def told(path, ladder, declared=None):
    raw = read(path, Asked(theme("halls"), HALLS))
    found = place_columns(str(path), raw.frame, HALLS)
    return forensic(raw, found.shapes, declared, ladder)


def said(verdict):
    return " ".join(filter(None, (verdict.recipe.get("crs", ""), verdict.recipe.get("degrees", ""))))


def trial(tmp_path, seed, system=None):
    """One file: what is true, and what was found."""
    rng = np.random.default_rng(seed)
    system = system or made.SYSTEMS[seed % len(made.SYSTEMS)]
    place = made.county(rng)
    xy, home = made.rows(rng, place, int(rng.integers(30, 300)), wrong=rng.choice([0.0, 0.03, 0.06]))
    written, truth, declared = made.written(rng, xy, system)
    swap = rng.random() < 0.2
    written = [row[::-1] for row in written] if swap else written
    path = made.save(tmp_path / "halls.csv", place, written, home, rng.choice(["code", "name"]))
    verdict = told(path, place.ladder(), declared)
    return system, verdict, verdict.sure and said(verdict) == truth and ("axes" in verdict.recipe) == swap


def tally(trials):
    right, wrong, of = Counter(), Counter(), Counter()
    for system, verdict, correct in trials:
        of[system] += 1
        right[system] += correct
        wrong[system] += verdict.sure and not correct
    return right, wrong, of


def test_files_of_every_system(tmp_path):
    right, wrong, of = tally(trial(tmp_path, seed) for seed in range(4 * len(made.SYSTEMS)))
    assert sum(right.values()) >= 0.99 * sum(of.values()) - 1, (right, wrong)
    assert sum(wrong.values()) == 0, wrong


@pytest.mark.slow
def test_two_thousand_files_of_every_system(tmp_path):
    right, wrong, of = tally(trial(tmp_path, 10_000 + seed) for seed in range(2040))
    assert sum(of.values()) >= 2000
    assert sum(right.values()) >= 0.99 * sum(of.values()), {each: (right[each], of[each]) for each in of}
    assert sum(wrong.values()) <= 0.01 * sum(of.values()), wrong


def points(rng, place, n=60, wrong=0.0, system="wgs"):
    xy, home = made.rows(rng, place, n, wrong)
    coordinates, _, _ = made.written(rng, xy, system)
    return coordinates, Claims([(place.codes[at],) for at in home], "code", "编号")


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def test_a_verdict_says_its_shares_and_its_margin(rng):
    place = made.county(rng)
    xy, claims = points(rng, place, 300, 0.05, "gcj")
    verdict = judged(xy, lambda: claims, CRS(4326), place.ladder())
    assert (verdict.sure, verdict.system, verdict.basis, verdict.declared) == (True, "GCJ-02", "villages", "WGS 84")
    shares = list(verdict.shares.items())
    assert shares[0][0] == "GCJ-02" and shares[0][1] > 0.9
    assert verdict.margin == pytest.approx(shares[0][1] - shares[1][1], abs=1e-3)
    assert verdict.recipe == {"crs": "GCJ-02"}
    assert verdict.claims == "code in 编号"
    assert verdict.says.en.startswith(
        f"{shares[0][1]:.0%} of its rows lie in the unit they claim, in any other system at most "
    )


def test_without_villages_degrees_are_not_told(rng):
    place = made.county(rng)
    xy, _ = points(rng, place)
    for ladder in (place.ladder(), Ladder()):
        verdict = judged(xy, lambda: Claims([()] * len(xy)), CRS(4326), ladder)
        assert (verdict.sure, verdict.system, verdict.recipe) == (False, "", {})
        assert (
            verdict.says.en
            == "too few rows say which village they are in to tell CGCS2000 or WGS 84 or GCJ-02 or BD-09"
        )
        assert verdict.says.zh == "没有足够的行写明所属村，分不清是CGCS2000或WGS 84、GCJ-02、BD-09"


def test_a_zone_number_tells_the_zone_without_villages(rng):
    place = made.county(rng)
    xy, _ = points(rng, place, system="gk3 prefix")
    verdict = judged(xy, lambda: Claims([()] * len(xy)), None, Ladder())
    assert (verdict.sure, verdict.basis) == (True, "numbers")
    assert verdict.says.en.endswith(
        "numbers do not tell CGCS2000 from Xi'an 1980 and Beijing 1954, which lie tens of metres away: ask who made the file"
    )


def test_rows_that_claim_villages_elsewhere_are_not_explained(rng):
    place = made.county(rng)
    xy, claims = points(rng, place, 200, wrong=0.5)
    verdict = judged(xy, lambda: claims, None, place.ladder())
    assert not verdict.sure
    assert verdict.says.en.startswith("no system puts its rows where they say they are (best: CGCS2000 or WGS 84, ")


def test_numbers_of_no_system():
    verdict = judged(np.array([[5e8, 5e8]] * 40), lambda: Claims([()] * 40), None, Ladder())
    assert (verdict.sure, verdict.says.en) == (False, "its numbers are of no system that is known here")
    assert not judged(np.empty((0, 2)), lambda: Claims([]), None, Ladder()).sure


def test_an_offset_that_was_taken_off_twice_is_named_and_has_no_recipe(rng):
    place = made.county(rng)
    xy, claims = points(rng, place, 400)
    twice = np.column_stack(offsets.from_gcj(xy[:, 0], xy[:, 1]))
    verdict = judged(twice, lambda: claims, None, place.ladder())
    assert (verdict.sure, verdict.system, verdict.recipe) == (True, "GCJ-02 taken off once too often", {})
    assert "the offset of GCJ-02 was taken off coordinates that never had it" in verdict.says.en


def test_areas_are_looked_at_as_well(rng):
    place = made.county(rng)
    shapes = np.array([each for each in place.squares], dtype=object)
    moved = shapely.transform(shapes, lambda xy: np.column_stack(offsets.to_bd(xy[:, 0], xy[:, 1])))
    raw = Raw(pd.DataFrame({"代码": place.codes}, index=pd.RangeIndex(1, len(shapes) + 1)), moved)
    verdict = forensic(raw, moved, None, place.ladder())
    assert (verdict.system, verdict.claims) == ("BD-09", "code in 代码")
