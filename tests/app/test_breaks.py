"""Breaks: what must hold for any values; natural ones against every partition there is."""

from __future__ import annotations

from bisect import bisect_right
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.breaks import MOST_GROUPS, WAYS, natural

values = some.lists(some.floats(-1e6, 1e6) | some.sampled_from([0.0, 1.0, 2.0]), min_size=1, max_size=80).map(sorted)


@given(values, some.integers(1, 6), some.sampled_from(sorted(WAYS)))
def test_breaks_rise_and_lie_among_the_values(ordered, wanted, way) -> None:
    found = WAYS[way](ordered, wanted)
    assert found == sorted(set(found))
    assert len(found) < wanted or not found
    assert all(ordered[0] < each <= ordered[-1] for each in found)


def _spread_of(ordered, cuts) -> float:
    classes: dict[int, list[float]] = {}
    for value in ordered:
        classes.setdefault(bisect_right(cuts, value), []).append(value)
    return sum(float(((np.array(each) - np.mean(each)) ** 2).sum()) for each in classes.values())


@given(some.lists(some.integers(0, 60), min_size=2, max_size=11).map(sorted), some.integers(2, 4))
def test_no_other_partition_is_tighter_than_the_natural_one(ordered, wanted) -> None:
    distinct = sorted(set(ordered))
    least = min(_spread_of(ordered, list(cuts)) for n in range(min(wanted, len(distinct))) for cuts in combinations(distinct[1:], n))
    assert _spread_of(ordered, natural(ordered, wanted)) == pytest.approx(least, abs=1e-6)


def test_natural_breaks_find_the_gaps_in_any_number_of_values() -> None:
    chance = np.random.default_rng(3)
    heaps = [chance.normal(middle, 0.3, 8_000) for middle in (10, 20, 60, 61.5 + 20)]
    ordered = sorted(np.concatenate(heaps).tolist())
    assert len(set(ordered)) > MOST_GROUPS
    assert [round(each / 10) for each in natural(ordered, 4)] == [2, 6, 8]
