"""Rings of contours, and their commands, are those that a ring by itself would have."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from contourpy import FillType, contour_generator
from hypothesis import given
from hypothesis import strategies as some

from geodata import contours, mvt


def field(seed: int, n: int) -> np.ndarray:
    """A surface with hills, holes in them and specks."""
    z = np.random.default_rng(seed).random((n, n))
    return z + np.roll(z, 1, 0) + np.roll(z, 1, 1)


def filled(z: np.ndarray, form: FillType, low: float, high: float):
    at = np.arange(len(z)) - 0.5
    return contour_generator(x=at, y=at, z=z, fill_type=form).filled(low, high)


def holds(ring: np.ndarray) -> bool:
    """Whether a ring has ground."""
    x, y = ring.T
    return len(ring) > 2 and int(x[:-1] @ y[1:] - x[1:] @ y[:-1] + x[-1] * y[0] - x[0] * y[-1]) != 0


def one_by_one(polygons, step: int) -> list[np.ndarray]:
    """What has ground of each polygon, ring after ring."""
    found = []
    for points, starts in zip(*polygons, strict=True):
        whole = np.round(points * step).astype(np.int64)
        rings = [contours.plain(whole[a : z - 1]) for a, z in pairwise(starts.tolist())]
        if holds(rings[0]):
            found += [each for each in rings if holds(each)]
    return found


@given(some.integers(0, 10_000), some.integers(3, 40), some.sampled_from([1, 2, 8, 64]), some.floats(0, 3), some.floats(0.01, 1))
def test_rings_are_those_of_each_polygon(seed, n, step, low, wide):
    z = field(seed, n)
    plain, found = one_by_one(filled(z, FillType.OuterOffset, low, low + wide), step), contours.rings(filled(z, contours.FILL, low, low + wide), step)
    assert len(plain) == len(found)
    assert all(np.array_equal(a, b) for a, b in zip(plain, found, strict=True))


def test_there_are_specks_and_holes_in_these_fields():
    polygons = filled(field(1, 40), FillType.OuterOffset, 1.2, 1.5)
    assert any(len(starts) > 2 for starts in polygons[1])
    assert len(one_by_one(polygons, 1)) < sum(len(starts) - 1 for starts in polygons[1])


@pytest.mark.parametrize("kind", [mvt.LINE, mvt.POLYGON])
def test_many_parts_are_written_as_each_by_itself(monkeypatch, kind):
    parts = one_by_one(filled(field(2, 40), FillType.OuterOffset, 1.2, 1.5), 8)
    assert len(parts) > mvt._MANY
    at_once = mvt.layer("x", [mvt.Feature(kind, parts, {"c": 1})])
    monkeypatch.setattr(mvt, "_MANY", len(parts))
    assert mvt.layer("x", [mvt.Feature(kind, parts, {"c": 1})]) == at_once
