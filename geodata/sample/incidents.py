"""Events of the grids: reported day by day over a year, most of them solved within a week, the newest still open."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from geodata.sample.ground import Ground, to_degrees, town_moods
from geodata.sample.halls import sites
from geodata.sample.months import Month, dates
from geodata.sample.names import digits, joined
from geodata.sample.scales import stream

_SORTS = np.array(["矛盾纠纷", "安全隐患", "环境卫生", "公共设施", "民生服务"], dtype=object)
_BEGAN = dt.date(2025, 11, 1)
_PER_VILLAGE = 5.0
"""Events a village and year, on the mean."""


def events(ground: Ground, register: dict[str, pd.DataFrame], month: Month) -> pd.DataFrame:
    """The ledger of events as it stands at the end of a month.

    Parameters
    ----------
    ground : Ground
    register : dict of str to DataFrame
        Of ``write_register``.
    month : Month

    Returns
    -------
    DataFrame
        The fields of the theme, with lon and lat (EPSG:4490, degrees).
    """
    rng = stream(ground.seed, "events")
    people = register["village"]["population"].to_numpy()
    village = np.repeat(np.arange(len(people)), rng.poisson(_PER_VILLAGE * people / people.mean()))
    village = rng.permutation(village)
    n = len(village)
    first = (_BEGAN - dt.date(1970, 1, 1)).days
    reported = first + np.sort(rng.integers(0, 365, n))
    steps = _steps(reported, town_moods(ground, "events")[village], rng)
    lon, lat = to_degrees(sites(ground, village, np.ones(n, int), rng)).T
    sort, name = rng.choice(_SORTS, n, p=[0.24, 0.2, 0.26, 0.16, 0.14]), register["village"]["name"].to_numpy(dtype=object)
    whole = pd.DataFrame({
        "code": joined("SJ", digits(np.arange(1, n + 1), 8)), "name": joined(name[village], sort), "sort": sort, "lon": lon, "lat": lat,
        "visits": rng.choice([0, 1, 2, 3], n, p=[0.45, 0.47, 0.06, 0.02]), "content": rng.random(n) < 0.96,
    })  # fmt: skip
    today = (month.day - dt.date(1970, 1, 1)).days
    return _as_of(whole, reported, steps, today)


def _steps(reported: np.ndarray, mood: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """The day of each step; a few events take months, and a few are never solved."""
    n = len(reported)
    accepted = reported + rng.choice([0, 1, 2, 4], n, p=[0.62, 0.28, 0.07, 0.03])
    assigned = accepted + rng.choice([0, 1, 2], n, p=[0.6, 0.3, 0.1])
    slow = np.exp(-0.5 * mood) * rng.lognormal(1.1, 0.75, n)
    solved = assigned + np.where(rng.random(n) < 0.025, 9_999, 1 + slow.astype(int))
    visited = solved + np.where(rng.random(n) < 0.3, 9_999, rng.integers(1, 15, n))
    return {"accepted": accepted, "assigned": assigned, "solved": solved, "visited": visited}


def _as_of(whole: pd.DataFrame, reported: np.ndarray, steps: dict[str, np.ndarray], today: int) -> pd.DataFrame:
    """What had happened by a day."""
    reached = sum((day <= today).astype(int) for day in steps.values())
    titles = np.array(["待受理", "已受理", "办理中", "已办结", "已回访"], dtype=object)
    columns = {name: np.where(day <= today, dates(np.minimum(day, today)), "").astype(object) for name, day in steps.items()}
    answer = np.where(steps["visited"] <= today, np.where(whole["content"], "是", "否"), "").astype(object)
    found = whole.drop(columns="content").assign(state=titles[reached], reported=dates(reported), **columns, satisfied=answer)
    return found[reported <= today].reset_index(drop=True)
