"""Places that serve people: services, practice stations, police points, legal sites, loudspeakers, base stations."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geodata.sample.ground import Ground, to_degrees, town_moods
from geodata.sample.halls import sites
from geodata.sample.months import Month, dates
from geodata.sample.names import digits, joined, numbered
from geodata.sample.scales import stream

_DAY = 20_757
"""31 October 2026, in days since 1970: nothing opens later."""

# Kind of service -> share of the villages of the plain that have it.
_SERVICES = {
    "党群服务中心": 0.985, "便民服务站": 0.97, "网上服务站点": 0.93, "便民超市": 0.97, "农资超市": 0.9, "卫生室": 0.98,
    "警务（民事调解）室": 0.94, "图书阅览室": 0.95, "文体活动室": 0.95, "村务监督室": 0.96, "互助老人幸福院": 0.86,
    "室外活动广场": 0.95, "益农信息社": 0.94, "环境卫生管理工作站": 0.97, "快递物流服务点": 0.91,
}  # fmt: skip

_OPERATORS = np.array(["移动", "电信", "联通", "铁塔"], dtype=object)


def _names(register: dict[str, pd.DataFrame], level: str, column: str) -> np.ndarray:
    return register[level][column].to_numpy(dtype=object)


def _sited(ground: Ground, village: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
    lon, lat = to_degrees(sites(ground, village, np.ones(len(village), int), rng)).T
    return {"lon": lon, "lat": lat}


def _state(rng: np.random.Generator, n: int) -> np.ndarray:
    return np.asarray(rng.choice(np.array(["使用中", "在建", "停用"], dtype=object), n, p=[0.965, 0.02, 0.015]))


def _chosen(ground: Ground, rng: np.random.Generator, share: float, mood: str, hilly: float) -> np.ndarray:
    """Villages that have something: fewer in the hills, more where the town does its work well."""
    village = ground.levels["village"]
    chance = share + 0.05 * town_moods(ground, mood) - hilly * ground.terrain.hills(village.centre)
    return np.flatnonzero(rng.random(len(village.centre)) < chance)


def services(ground: Ground, register: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Services of every kind: most villages have most of them, the hills lack some.

    Parameters
    ----------
    ground : Ground
    register : dict of str to DataFrame
        Of ``write_register``.

    Returns
    -------
    DataFrame
        The fields of the theme, with lon and lat (EPSG:4490, degrees).
    """
    rng = stream(ground.seed, "services")
    found = [_chosen(ground, rng, share, kind, 0.07) for kind, share in _SERVICES.items()]
    village = np.concatenate(found)
    sort = np.repeat(np.array(list(_SERVICES), dtype=object), [len(each) for each in found])
    n = len(village)
    return pd.DataFrame({
        "code": joined(_names(register, "village", "code")[village], "2", digits(numbered(village), 2)),
        "name": joined(_names(register, "village", "name")[village], sort), "sort": sort, "state": _state(rng, n),
        "opened": dates(_DAY - rng.integers(30, 3_500, n)), "floor": np.round(rng.lognormal(4.6, 0.5, n)), **_sited(ground, village, rng),
    })  # fmt: skip


def practice_stations(ground: Ground, register: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One centre for every county, one institute for nearly every town, one station for most villages; as ``services``."""
    rng = stream(ground.seed, "practice stations")
    stations = _chosen(ground, rng, 0.94, "practice", 0.1)
    levels = {"实践中心": _heart(ground, "county"), "实践所": _heart(ground, "town"), "实践站": stations}
    levels["实践所"] = levels["实践所"][rng.random(len(levels["实践所"])) < 0.96]
    village = np.concatenate(list(levels.values()))
    tier = np.repeat(np.array(list(levels), dtype=object), [len(each) for each in levels.values()])
    n = len(village)
    return pd.DataFrame({
        "code": joined(_names(register, "village", "code")[village], "3", digits(numbered(village), 2)),
        "name": joined(_names(register, "village", "name")[village], "新时代文明", tier), "tier": tier,
        "state": np.where(tier == "实践中心", "使用中", _state(rng, n)), "opened": dates(_DAY - rng.integers(60, 2_400, n)),
        "activities": rng.integers(2, 60, n), **_sited(ground, village, rng),
    })  # fmt: skip


def _heart(ground: Ground, level: str) -> np.ndarray:
    """A village of each unit of a level: the one nearest to its middle."""
    village, above = ground.levels["village"], ground.levels[level]
    of_village = above.of_leaf[np.unique(village.of_leaf, return_index=True)[1]]
    away = np.hypot(*(village.centre - above.centre[of_village]).T)
    order = np.lexsort((away, of_village))
    return np.asarray(order[np.unique(of_village[order], return_index=True)[1]])


def police_points(ground: Ground, register: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """A police room in most villages, with an auxiliary in most of these; as ``services``."""
    rng = stream(ground.seed, "police points")
    village = _chosen(ground, rng, 0.95, "police", 0.12)
    n = len(village)
    return pd.DataFrame({
        "code": joined(_names(register, "village", "code")[village], "410"),
        "name": joined(_names(register, "village", "name")[village], "警务室"),
        "sort": np.where(rng.random(n) < 0.93, "农村警务室", "警务站"), "officers": (rng.random(n) < 0.34).astype(int),
        "aides": rng.choice([0, 1, 2, 3], n, p=[0.05, 0.72, 0.18, 0.05]), "state": _state(rng, n), **_sited(ground, village, rng),
    })  # fmt: skip


def legal_sites(ground: Ground, register: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Sites of legal culture and legal services in most villages, a court in every third town; as ``services``."""
    rng = stream(ground.seed, "legal sites")
    kinds = {
        "法治文化阵地": _chosen(ground, rng, 0.84, "law", 0.16), "公共法律服务点": _chosen(ground, rng, 0.7, "law", 0.1),
        "基层法庭": _heart(ground, "town")[::3],
    }  # fmt: skip
    village = np.concatenate(list(kinds.values()))
    sort = np.repeat(np.array(list(kinds), dtype=object), [len(each) for each in kinds.values()])
    n = len(village)
    return pd.DataFrame({
        "code": joined(_names(register, "village", "code")[village], "52", digits(numbered(village), 1)),
        "name": joined(_names(register, "village", "name")[village], sort), "sort": sort, "state": _state(rng, n),
        "guide": np.where(sort == "基层法庭", np.where(rng.random(n) < 0.85, "是", "否"), ""), **_sited(ground, village, rng),
    })  # fmt: skip


def base_stations(ground: Ground, register: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """4G nearly everywhere, 5G where people are, a few sites of the internet of things; as ``services``."""
    rng = stream(ground.seed, "base stations")
    people = register["village"]["population"].to_numpy() / 1_000
    hills = ground.terrain.hills(ground.levels["village"].centre)
    each = {
        "4G": rng.poisson(0.9 + 0.5 * people), "5G": rng.poisson((0.5 + 0.9 * people) * (1 - 0.6 * hills)),
        "物联网": rng.poisson(0.3, len(people)),
    }  # fmt: skip
    village = np.concatenate([np.repeat(np.arange(len(people)), count) for count in each.values()])
    sort = np.repeat(np.array(list(each), dtype=object), [int(count.sum()) for count in each.values()])
    n = len(village)
    fresh = rng.random(n) < np.where(sort == "4G", 0.02, np.where(sort == "5G", 0.42, 0.5))
    age = np.where(fresh, rng.integers(2, 290, n), rng.integers(320, 2_600, n))
    return pd.DataFrame({
        "code": joined(_names(register, "village", "code")[village], "7", digits(numbered(village), 3)),
        "name": joined(_names(register, "village", "name")[village], sort, "站", digits(numbered(village), 1)), "sort": sort,
        "state": _state(rng, n), "fresh": np.where(fresh, "是", "否"), "opened": dates(_DAY - age),
        "operator": rng.choice(_OPERATORS, n), **_sited(ground, village, rng),
    })  # fmt: skip


def loudspeakers(ground: Ground, register: dict[str, pd.DataFrame], month: Month) -> pd.DataFrame:
    """One to four loudspeakers in most villages, more of them month by month; as ``services``."""
    rng = stream(ground.seed, "loudspeakers")
    village = np.sort(np.concatenate([_chosen(ground, rng, 0.96, "radio", 0.1), _chosen(ground, rng, 0.5, "radio", 0.0)]))
    n = len(village)
    since = np.where(rng.random(n) < 0.86, -99, rng.integers(-11, 1, n))
    luck = rng.random((n, 2))[:, month.place % 2]
    state = np.where(luck < 0.055 - 0.004 * month.place, "故障", np.where(luck > 0.99, "拆除", "正常"))
    whole = pd.DataFrame({
        "code": joined(_names(register, "village", "code")[village], "9", digits(numbered(village), 2)),
        "name": joined(_names(register, "village", "name")[village], "大喇叭", digits(numbered(village), 1)), "state": state,
        "installed": dates(np.where(since == -99, _DAY - rng.integers(500, 2_500, n), _DAY + since * 30 - 12)),
        **_sited(ground, village, rng),
    })  # fmt: skip
    return whole[since <= month.place].reset_index(drop=True)
