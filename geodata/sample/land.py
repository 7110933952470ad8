"""Homesteads and contract land: every rural grid cut into fields, houses, and often a strip that belongs to neither."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from geodata.earth import M2_OF_MU
from geodata.sample.ground import Ground, to_degrees, to_plane, town_moods
from geodata.sample.names import digits, joined, numbered
from geodata.sample.scales import stream

_HOMES = np.array(["在用", "闲置"], dtype=object)
_FIELDS = np.array(["自营", "流转", "撂荒"], dtype=object)

Sheet = tuple[pd.DataFrame, np.ndarray]
"""A table and its shapes (EPSG:4490, degrees)."""


def land_sheets(ground: Ground, register: dict[str, pd.DataFrame]) -> tuple[Sheet, Sheet]:
    """Homesteads and contract land of all rural grids.

    Parameters
    ----------
    ground : Ground
    register : dict of str to DataFrame
        Of ``write_register``.

    Returns
    -------
    pair of (DataFrame, ndarray of Polygon or MultiPolygon)
        Homesteads, then contract land; headers as their offices write them.
    """
    rng = stream(ground.seed, "land")
    village = ground.levels["grid"].parent
    grid = np.flatnonzero((register["village"]["sort"].to_numpy() == 200)[village])
    shape, ends = _turned(ground.levels["grid"].shape[grid], rng)
    fields = rng.uniform(0.55, 0.72, len(grid))
    idle = np.where(rng.random(len(grid)) < 0.45, rng.uniform(0.02, 0.12, len(grid)), 0.0)
    cuts = np.column_stack([np.zeros(len(grid)), fields, 1 - idle])
    households = register["grid"]["households"].to_numpy()[grid]
    homes = _of(register, village[grid], _slices(shape, ends, cuts[:, 1], cuts[:, 2]), "宅基地")
    mood = town_moods(ground, "homesteads")[village[grid]]
    homes[0]["使用状态"] = _HOMES[(rng.random(len(grid)) < 0.14 - 0.08 * mood).astype(int)]
    homes[0]["宅基地户数"] = households
    land = _of(register, village[grid], _slices(shape, ends, cuts[:, 0], cuts[:, 1]), "承包地")
    mood = town_moods(ground, "contract land")[village[grid]]
    chance = rng.random(len(grid))
    land[0]["经营状态"] = _FIELDS[np.select([chance < 0.06 - 0.04 * mood, chance < 0.46], [2, 1], 0)]
    land[0]["承包户数"] = np.round(households * rng.uniform(0.6, 0.95, len(grid))).astype(int)
    return homes, land


def _turned(shape: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Grids in the plane, and for each the way across which it is cut: heading, and first and last metre along it."""
    plane = shapely.transform(shape, to_plane)
    heading = rng.uniform(0, np.pi, len(plane))
    corners, of = shapely.get_coordinates(plane, return_index=True)
    along = corners[:, 0] * np.cos(heading[of]) + corners[:, 1] * np.sin(heading[of])
    first, last = np.full(len(plane), np.inf), np.full(len(plane), -np.inf)
    np.minimum.at(first, of, along)
    np.maximum.at(last, of, along)
    return plane, np.column_stack([heading, first, last])


def _slices(plane: np.ndarray, ends: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """What of each grid lies between two shares of the way across it; degrees."""
    heading, first, last = ends.T
    way = np.column_stack([np.cos(heading), np.sin(heading)])
    beside = np.column_stack([-way[:, 1], way[:, 0]])
    middle = shapely.get_coordinates(shapely.centroid(plane))
    middle -= (middle * way).sum(axis=1)[:, None] * way
    span = last - first
    # The outer cuts lie beyond the grid, so that its own border is kept as it is.
    low = np.where(start <= 0, first - span, first + start * span)[:, None] * way
    high = np.where(end >= 1, last + span, first + end * span)[:, None] * way
    wide = 3 * span[:, None] * beside
    ring = np.stack([middle + low - wide, middle + high - wide, middle + high + wide, middle + low + wide], axis=1)
    return shapely.transform(shapely.intersection(plane, shapely.polygons(ring)), to_degrees)


def _of(register: dict[str, pd.DataFrame], village: np.ndarray, shape: np.ndarray, what: str) -> Sheet:
    number = numbered(village)
    code = register["village"]["code"].to_numpy(dtype=object)[village]
    name = register["village"]["name"].to_numpy(dtype=object)[village]
    mu = np.round(shapely.area(shapely.transform(shape, to_plane)) / M2_OF_MU, 2)
    headers = ("宅基地编号", "宅基地名称", "宅基地面积") if what == "宅基地" else ("承包地块编码", "承包地块名称", "承包面积")
    mark = "31" if what == "宅基地" else "32"
    said = (joined(code, mark, digits(number, 3)), joined(name, digits(number, 1), f"号{what}"), mu)
    return pd.DataFrame(dict(zip(headers, said, strict=True))), shape
