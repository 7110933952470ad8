"""Cultural halls: most villages of 500 people have one, more of them every month."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from geodata.sample.ground import Ground, to_degrees, town_moods
from geodata.sample.months import Month
from geodata.sample.scales import stream

_STARS = np.array(["未评星", "三星级", "四星级", "五星级"], dtype=object)


def place_halls(ground: Ground, register: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Place the halls of the newest month, at most one or two a village.

    Parameters
    ----------
    ground : Ground
    register : dict of str to DataFrame
        Of ``write_register``.

    Returns
    -------
    DataFrame
        lon, lat (EPSG:4490), village (position), number (1 or 2), star (0 none, 1 to 3 for three to five stars),
        rises (month in which a better star came), opens (month; far past for most), built (days since 1970),
        closes (month), floor (m²), seats, events (a year), serves (codes of villages).
    """
    rng = stream(ground.seed, "halls")
    people = register["village"]["population"].to_numpy()
    chance = np.where(people >= 500, 0.94, 0.34) + 0.06 * town_moods(ground, "halls")
    first = np.flatnonzero(rng.random(len(people)) < chance)
    second = first[(people[first] > 2_500) & (rng.random(len(first)) < 0.25)]
    village = np.concatenate([first, second])
    number = np.concatenate([np.ones(len(first), int), np.full(len(second), 2)])
    lon, lat = to_degrees(sites(ground, village, number, rng)).T
    halls = pd.DataFrame({"lon": lon, "lat": lat, "village": village, "number": number})
    fitted = _fitted(halls, people[village], rng).sort_values(["village", "number"], ignore_index=True)
    return fitted.assign(serves=_served(ground, register, fitted["village"].to_numpy()))


def _served(ground: Ground, register: dict[str, pd.DataFrame], village: np.ndarray) -> np.ndarray:
    """Codes of the villages that each hall serves beside its own: most of those that have none name the nearest."""
    rng = stream(ground.seed, "halls serve")
    centre, code = ground.levels["village"].centre, register["village"]["code"].to_numpy(dtype=object)
    without = np.setdiff1d(np.arange(len(centre)), village)
    without = without[rng.random(len(without)) < 0.65]
    hall = cKDTree(centre[village]).query(centre[without])[1] if len(without) else np.empty(0, int)
    said = code[village].copy()
    for one, nearest in zip(without, hall, strict=True):
        said[nearest] += f"、{code[one]}"
    return np.asarray(said)


def sites(ground: Ground, village: np.ndarray, number: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A free spot in a village: near the heart of one of its leaves, of another one for its second place.

    Parameters
    ----------
    ground : Ground
    village, number : ndarray of int, shape (n,)
        Position of the village, and the place's number in it from 1.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (n, 2), EPSG:4550, metres
    """
    of_leaf = ground.levels["village"].of_leaf
    order = np.argsort(of_leaf, kind="stable")
    first = np.searchsorted(of_leaf[order], village)
    size = np.bincount(of_leaf, minlength=village.max() + 1)[village]
    leaf = order[first + (rng.integers(0, 1 << 30, len(village)) + number) % size]
    turn, reach = rng.uniform(0, 2 * np.pi, len(leaf)), 0.8 * ground.clear[leaf] * np.sqrt(rng.random(len(leaf)))
    return ground.leaves.centre[leaf] + np.column_stack([np.cos(turn), np.sin(turn)]) * reach[:, None]


def _fitted(halls: pd.DataFrame, people: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    n = len(halls)
    floor = np.round(np.clip(rng.lognormal(np.log(180 + 0.22 * people), 0.35), 120, 2_400))
    built = (rng.integers(2013 - 1970, 2025 - 1970, n) * 365.2425 + rng.uniform(0, 300, n)).astype(int)
    return halls.assign(
        star=rng.choice(4, n, p=[0.34, 0.38, 0.2, 0.08]),
        rises=np.where(rng.random(n) < 0.15, rng.integers(-11, 1, n), -999),
        opens=np.where(rng.random(n) < 0.12, rng.integers(-11, 3, n), -999),
        closes=np.where(rng.random(n) < 0.03, rng.integers(-9, 1, n), 999),
        built=built, floor=floor, seats=(floor / rng.uniform(1.6, 2.6, n)).astype(int), events=rng.integers(6, 120, n),
    )


def halls_of(halls: pd.DataFrame, month: Month) -> pd.DataFrame:
    """Tell how the halls stand in a month.

    Parameters
    ----------
    halls : DataFrame
        Of ``place_halls``.
    month : Month

    Returns
    -------
    DataFrame
        The halls that are open, closed or being built, with state and stars (text) of the month.
    """
    known = halls[halls["opens"] - 4 <= month.place]
    opened, closed = known["opens"] <= month.place, known["closes"] <= month.place
    state = np.where(closed, "停用", np.where(opened, "开放", "在建"))
    star = np.where(known["rises"] > month.place, np.maximum(known["star"] - 1, 0), known["star"])
    built = np.where(known["opens"] == -999, known["built"], _opening(known["opens"].to_numpy(), month))
    return known.assign(state=state, stars=np.where(opened, _STARS[star], _STARS[0]), built=np.where(opened, built, -1))


def _opening(opens: np.ndarray, month: Month) -> np.ndarray:
    day = (month.day - type(month.day)(1970, 1, 1)).days
    return (day + (opens - month.place) * 30.4375 - 12).astype(int)
