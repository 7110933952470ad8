"""Public-space parcels: occupied, recovered, then let or given to all."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from geodata.earth import M2_OF_MU
from geodata.sample.ground import Ground, to_degrees, town_moods
from geodata.sample.months import Month
from geodata.sample.names import numbered
from geodata.sample.scales import stream

_SORTS = np.array(["闲置宅基地", "集体建设用地", "河道沟塘", "田埂边角地", "废弃晒场", "道路两侧", "村庄绿地", "集体鱼塘"], dtype=object)
_STATES = np.array(["被占用", "已收回", "出租", "公共利用"], dtype=object)


def place_spaces(ground: Ground) -> pd.DataFrame:
    """Place the parcels, half as many as leaves: each stands free inside one leaf.

    Parameters
    ----------
    ground : Ground

    Returns
    -------
    DataFrame
        shape (Polygon, EPSG:4490), leaf, village (positions), number (in the village), mu (亩), sort (text), known, back, used (months in which
        it was put on record, recovered, put to use), letting (bool), rate (yuan a year and 亩).
    """
    rng = stream(ground.seed, "spaces")
    leaves = np.flatnonzero(ground.clear > 12)
    leaf = np.sort(rng.choice(leaves, min(len(ground.clear) // 2, len(leaves)), replace=False))
    n = len(leaf)
    ring = _outlines(ground, leaf, rng)
    plane = shapely.polygons(ring)
    degrees = to_degrees(ring.reshape(-1, 2)).reshape(ring.shape)
    village = ground.levels["village"].of_leaf[leaf]
    back = np.where(rng.random(n) < 0.62 + 0.25 * town_moods(ground, "spaces")[village], -999, rng.integers(-11, 10, n))
    return pd.DataFrame({
        "shape": shapely.polygons(degrees), "leaf": leaf, "village": village, "number": numbered(village),
        "mu": np.round(shapely.area(plane) / M2_OF_MU, 2), "sort": rng.choice(_SORTS, n),
        "known": np.where(rng.random(n) < 0.93, -999, rng.integers(-11, 1, n)), "back": back,
        "used": np.where(back == -999, rng.choice([-999, -8, -5, -2, 0, 99], n, p=[0.62, 0.05, 0.05, 0.05, 0.05, 0.18]),
                         back + rng.integers(1, 6, n)),
        "letting": rng.random(n) < 0.58, "rate": np.round(rng.lognormal(np.log(900), 0.4, n), -1),
        "day": rng.integers(0, 1500, n),
    })


def _outlines(ground: Ground, leaf: np.ndarray, rng: np.random.Generator, corners: int = 6) -> np.ndarray:
    """Closed outlines, (n, 7, 2) metres: uneven hexagons of 200 to 8,000 m² inside the free disc of their leaf."""
    n = len(leaf)
    free = ground.clear[leaf]
    reach = np.clip(rng.lognormal(np.log(24), 0.45, n), 9.5, np.minimum(54, 0.9 * free))
    turn = (np.arange(corners) + rng.uniform(-0.3, 0.3, (n, corners))) * (2 * np.pi / corners)
    turn = turn + rng.uniform(0, 2 * np.pi, (n, 1))
    away = reach[:, None] * rng.uniform(0.8, 1.0, (n, corners))
    aside = (free - reach)[:, None] * np.sqrt(rng.random((n, 1))) * 0.9
    heading = rng.uniform(0, 2 * np.pi, (n, 1))
    middle = ground.leaves.centre[leaf] + aside * np.hstack([np.cos(heading), np.sin(heading)])
    ring = middle[:, None, :] + away[:, :, None] * np.stack([np.cos(turn), np.sin(turn)], axis=2)
    return np.concatenate([ring, ring[:, :1]], axis=1)


def spaces_of(spaces: pd.DataFrame, month: Month) -> pd.DataFrame:
    """Tell how the parcels stand in a month.

    Parameters
    ----------
    spaces : DataFrame
        Of ``place_spaces``.
    month : Month

    Returns
    -------
    DataFrame
        The parcels on record, with row (position), state (text), rent (yuan a year, 0 unless let) and
        recovered_on (days since 1970; -1 while occupied).
    """
    known = spaces[spaces["known"] <= month.place]
    back, used = known["back"] <= month.place, known["used"] <= month.place
    state = np.where(back, np.where(used, np.where(known["letting"], 2, 3), 1), 0)
    rent = np.where(state == 2, np.round(known["rate"] * known["mu"], 0), 0.0)
    newest = (month.day - type(month.day)(1970, 1, 1)).days - month.place * 30.4375
    lately = newest + known["back"] * 30.4375 - 2 - known["day"] % 25
    earlier = newest - 12 * 30.4375 - known["day"]
    day = np.where(known["back"] == -999, earlier, lately).astype(int)
    return known.assign(row=known.index, state=_STATES[state], rent=rent, recovered_on=np.where(back, day, -1))
