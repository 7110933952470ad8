"""The register of units: codes that nest, names, people, households and grid staff."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from geodata.sample.ground import Ground, Level
from geodata.sample.names import PROVINCE, city_names, digits, joined, names_within, pool
from geodata.sample.scales import stream

_PREFIX = 99
"""First two digits of every code; no province has them (GB/T 2260)."""

_WIDTHS = {"province": 2, "city": 2, "county": 2, "town": 3, "village": 3, "grid": 3, "microgrid": 2}
"""Digits that each level adds (GB/T 2260, GB/T 10114, 统计用区划代码; grids by local practice)."""

_PEOPLE_A_HOUSEHOLD = 2.8
"""Mean household; the 2020 census gives 2.62 for the country, villages lie above."""


def write_register(ground: Ground) -> dict[str, pd.DataFrame]:
    """Give every unit its code, name and people.

    Parameters
    ----------
    ground : Ground

    Returns
    -------
    dict of str to DataFrame
        By level, root first; a row stands where the unit stands in ``ground.levels``. Columns: code (str), name
        (str), sort (int, block of the code), parent (str code), population, households, staff (int).
    """
    register: dict[str, pd.DataFrame] = {}
    above: pd.DataFrame | None = None
    for level in ground.levels.values():
        rng = stream(ground.seed, f"register {level.name}")
        block = _blocks(ground, level)
        code = _codes(level, block, above)
        name = _names(level, block, code, rng)
        parent = "" if above is None else above["code"].to_numpy()[level.parent]
        above = pd.DataFrame({"code": code, "name": name, "sort": block, "parent": parent})
        register[level.name] = above
    _count_people(ground, register)
    return register


def _blocks(ground: Ground, level: Level) -> np.ndarray:
    """First number of the block of codes that each unit's kind takes."""
    if level.name == "town":
        hilly = ground.terrain.hills(level.centre) > 0.75
        block = np.where(hilly, 200, 100)
        block[ground.terrain.seats] = 1
        return block
    if level.name == "village":
        return np.where(_crowded(ground, level), 1, 200)
    return np.ones(len(level.centre), int)


def _crowded(ground: Ground, level: Level) -> np.ndarray:
    """Tell which villages lie in built-up ground and so are communities (社区)."""
    return ground.terrain.density(level.centre) > 5.5


def _sequence(level: Level, block: np.ndarray) -> np.ndarray:
    """Number units of one parent and block from north to south, in bands from west to east."""
    band = np.floor(-level.centre[:, 1] / _band(level))
    order = np.lexsort((level.centre[:, 0], band, block, level.parent))
    key = level.parent[order] * 1000 + block[order]
    first = np.flatnonzero(np.diff(key, prepend=-1))
    place = np.arange(len(order)) - np.repeat(first, np.diff([*first, len(order)]))
    sequence = np.empty(len(order), int)
    sequence[order] = place
    return sequence


def _band(level: Level) -> float:
    low, high = level.centre.min(axis=0), level.centre.max(axis=0)
    return float(np.sqrt(max(np.prod(high - low) / len(level.centre), 1.0)))


def _codes(level: Level, block: np.ndarray, above: pd.DataFrame | None) -> np.ndarray:
    if level.name == "province":
        return np.array([f"{_PREFIX}0000000000"], dtype=object)
    if above is None:
        return np.array([f"{_PREFIX}0100000000"], dtype=object)
    significant = {"city": 2, "county": 4, "town": 6, "village": 9, "grid": 12, "microgrid": 15}[level.name]
    stem = above["code"].str[:significant].to_numpy(dtype=object)[level.parent]
    number = digits(block + _sequence(level, block), _WIDTHS[level.name])
    filler = "0" * max(0, 12 - significant - _WIDTHS[level.name])
    return joined(stem, number, filler)


def _names(level: Level, block: np.ndarray, code: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    if level.name == "province":
        return np.array([PROVINCE], dtype=object)
    if level.name == "city":
        return city_names(len(code))[np.argsort(np.argsort(code))]
    if level.name in ("grid", "microgrid"):
        width = _WIDTHS[level.name]
        number = np.array([str(int(each[-width:])) for each in code], dtype=object)
        return joined("第", number, "网格" if level.name == "grid" else "微网格")
    endings = {"county": {1: "区"}, "town": {1: "街道", 100: "镇", 200: "乡"}, "village": {1: "社区", 200: "村"}}
    ending = np.array([endings[level.name][int(kind)] for kind in block], dtype=object)
    return joined(names_within(level.parent, pool(level.name), rng), ending)


def _count_people(ground: Ground, register: dict[str, pd.DataFrame]) -> None:
    rng = stream(ground.seed, "people")
    village, leaves = ground.levels["village"], ground.leaves
    crowded = _crowded(ground, village)
    middle = np.where(crowded, 2_400.0, 1_050.0) * (1 - 0.45 * ground.terrain.hills(village.centre))
    people = np.clip(rng.lognormal(np.log(middle), 0.62), 200, 6_000).astype(int)
    weight = np.sqrt(shapely.area(leaves.shape)) * rng.uniform(0.6, 1.4, len(leaves.shape))
    leaf_people = split(people, village.of_leaf, weight)
    homes = np.maximum((people / (_PEOPLE_A_HOUSEHOLD * rng.uniform(0.88, 1.15, len(people)))).astype(int), 1)
    leaf_homes = split(homes, village.of_leaf, leaf_people + 0.01)
    leaf_registered = split(_registered(ground, people, crowded), village.of_leaf, leaf_people + 0.01)
    for name, level in ground.levels.items():
        size = len(level.centre)
        register[name]["population"] = np.bincount(level.of_leaf, leaf_people, size).astype(int)
        register[name]["households"] = np.bincount(level.of_leaf, leaf_homes, size).astype(int)
        register[name]["registered"] = np.bincount(level.of_leaf, leaf_registered, size).astype(int)
    grid = register["grid"]
    grid["staff"] = 1 + (grid["population"] > 450).astype(int) + (rng.random(len(grid)) < 0.15)
    grid.loc[rng.random(len(grid)) < 0.015, "staff"] = 0
    register["microgrid"]["staff"] = 1


def _registered(ground: Ground, people: np.ndarray, crowded: np.ndarray) -> np.ndarray:
    """People registered in each village: more than live there, most of all in the hills; in the towns fewer."""
    rng = stream(ground.seed, "registered")
    away = rng.normal(1.14, 0.12, len(people)) + 0.12 * ground.terrain.hills(ground.levels["village"].centre)
    return np.asarray((people * np.where(crowded, 0.85, np.clip(away, 0.75, 1.7))).astype(int))


def split(total: np.ndarray, of_part: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Split whole numbers among parts by weight so that the parts add up exactly.

    Parameters
    ----------
    total : ndarray of int, shape (n,)
        What is split.
    of_part : ndarray of int, shape (m,)
        Which total each part belongs to.
    weight : ndarray, shape (m,)
        Positive weight of each part.

    Returns
    -------
    ndarray of int, shape (m,)
    """
    order = np.argsort(of_part, kind="stable")
    mine = of_part[order]
    running = np.cumsum(weight[order])
    before = np.concatenate([[0.0], running])[np.searchsorted(mine, np.arange(len(total)))]
    whole = np.bincount(of_part, weight, len(total))
    share = np.clip((running - before[mine]) / whole[mine], 0, 1)
    last = np.append(mine[1:] != mine[:-1], True)
    upto = np.where(last, total[mine], np.floor(share * total[mine] + 1e-9)).astype(int)
    first = np.concatenate([[True], last[:-1]])
    parts = np.empty(len(mine), int)
    parts[order] = upto - np.where(first, 0, np.concatenate([[0], upto[:-1]]))
    return parts
