"""Tables without coordinates: what villages, towns and counties report, the titles they bear, the notices they post."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geodata.sample.ground import Ground, town_moods
from geodata.sample.months import Month, dates
from geodata.sample.names import digits, joined, numbered
from geodata.sample.scales import stream

_DAY = 20_757
"""31 October 2026, in days since 1970."""

# Yes or no of a village -> share of the villages that said yes in the newest month, and how much it grew in a year.
_FLAGS = {
    "adviser": (0.965, 0.03), "covenant": (0.995, 0.01), "weddings": (0.975, 0.03), "council": (0.97, 0.02),
    "morals": (0.955, 0.04), "vices": (0.94, 0.05), "guarded": (0.87, 0.12), "video": (0.945, 0.08), "fibre": (0.99, 0.02),
    "mobile": (1.01, 0.01), "clean": (0.955, 0.06), "beautiful": (0.33, 0.08), "waste": (0.965, 0.04), "sewage": (0.4, 0.12),
    "governed": (0.93, 0.3),
}  # fmt: skip

_TITLES: tuple[tuple[str, str, str, float], ...] = (
    ("民主法治示范村", "省级", "village", 0.09), ("民主法治示范村", "市级", "village", 0.3), ("文明村", "县级", "village", 0.52),
    ("文明村", "市级", "village", 0.26), ("文明镇", "县级", "town", 0.84), ("善治示范村", "省级", "village", 0.31),
    ("过硬党支部", "市级", "village", 0.08), ("过硬党支部", "县级", "village", 0.2), ("村级议事协商示范点", "市级", "village", 0.05),
    ("乡村治理示范乡镇", "市级", "town", 0.16), ("乡村治理示范村", "县级", "village", 0.1), ("景区村庄", "市级", "village", 0.33),
    ("乡村旅游产业集聚区", "省级", "county", 0.2), ("乡村全域旅游示范区", "市级", "town", 0.14), ("非遗小镇", "市级", "town", 0.05),
    ("农村非遗体验基地", "市级", "village", 0.004), ("民俗文化村", "市级", "village", 0.003),
)  # fmt: skip
"""Title, grade, level of the units that bear it, share of them that do."""


def _yes(said: np.ndarray) -> np.ndarray:
    return np.where(said, "是", "否").astype(object)


def villages(ground: Ground, register: dict[str, pd.DataFrame], month: Month) -> pd.DataFrame:
    """The village table of a month: the plain does better than the hills, this month better than the last.

    Parameters
    ----------
    ground : Ground
    register : dict of str to DataFrame
        Of ``write_register``.
    month : Month

    Returns
    -------
    DataFrame
        The fields of the theme.
    """
    rng = stream(ground.seed, "village table")
    village, hills = register["village"], ground.terrain.hills(ground.levels["village"].centre)
    n, year = len(village), month.place / 12
    people = village["population"].to_numpy()
    parts = {"code": village["code"], "name": village["name"], "sort": np.where(village["sort"] == 1, "社区", "行政村"), "people": people}
    for name, (share, growth) in _FLAGS.items():
        chance = share + growth * year + 0.04 * town_moods(ground, name) - 0.05 * hills
        parts[name] = _yes(rng.random(n) < chance)
    return pd.DataFrame(parts | _persons(rng, people, year) | _living(rng, people, hills, year))


def _persons(rng: np.random.Generator, people: np.ndarray, year: float) -> dict[str, np.ndarray]:
    """Numbers of persons; a few villages have none where one is asked for, fewer every month."""
    n = len(people)

    def some(mean: float, none: float) -> np.ndarray:
        """People of an office in each village: a mean of so many, none in a share that shrinks by the year."""
        return np.where(rng.random(n) < none * (1 - 0.6 * year), 0, 1 + rng.poisson(mean, n))

    cadres = 3 + (people > 800) * 2 + (people > 2_500) * 2
    return {
        "cadres": cadres, "young_cadres": np.minimum(some(0.8, 0.05), cadres), "graduates": np.minimum(some(0.5, 0.08), cadres),
        "reserves": some(1.6, 0.03) + (rng.random(n) < 0.8), "young_members": some(2.5, 0.02), "law_persons": some(3.4, 0.02),
        "mediators": rng.choice([2, 3, 4, 5, 6], n, p=[0.05, 0.4, 0.25, 0.27, 0.03]), "mediators_part": some(0.4, 0.05),
        "informants": some(0.3, 0.02), "cases": rng.poisson(people / 1_400), "cases_before": rng.poisson(people / 1_000),
        "cleaners": np.maximum((people / np.clip(rng.normal(350, 32, n), 200, 520)).round(), 1).astype(int),
        "collectors": rng.choice([0, 1, 2, 3], n, p=[0.03, 0.62, 0.32, 0.03]),
    }  # fmt: skip


def _living(rng: np.random.Generator, people: np.ndarray, hills: np.ndarray, year: float) -> dict[str, np.ndarray]:
    """Households, income and matters."""
    n, homes = len(people), (people / 2.8).astype(int)
    courtyards = (homes * rng.uniform(0.6, 0.9, n)).astype(int)
    matters = rng.poisson(people / 8 + 4)
    answers = (matters * rng.uniform(0.2, 0.5, n)).astype(int)
    income = rng.lognormal(np.log(15 * (1 - 0.45 * hills) * (1 + 0.12 * year)), 0.75)
    return {
        "home_cameras": (homes * rng.beta(2, 9, n)).astype(int), "meters": (homes * rng.beta(5, 4, n)).astype(int),
        "courtyards": courtyards, "courtyards_model": (courtyards * rng.beta(2, 14, n)).astype(int),
        "plays": np.where(rng.random(n) < 0.95, 1 + rng.poisson(1.4, n), 0), "income": np.round(income, 2),
        "local_matters": np.where(rng.random(n) < 0.9 + 0.1 * year, 48, rng.integers(30, 48, n)), "matters": matters,
        "one_visit": (matters * rng.choice([1.0, 0.98, 0.9], n, p=[0.82, 0.13, 0.05])).astype(int), "answers": answers,
        "satisfied": (answers * rng.choice([1.0, 0.98, 0.93], n, p=[0.72, 0.2, 0.08])).astype(int),
    }  # fmt: skip


def townships(ground: Ground, register: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The table of towns; as ``villages``."""
    rng = stream(ground.seed, "township table")
    town = register["town"]
    n = len(town)
    leaders = rng.integers(9, 16, n)
    return pd.DataFrame({
        "code": town["code"], "name": town["name"], "mediators": rng.choice([4, 5, 6, 7], n, p=[0.08, 0.52, 0.3, 0.1]),
        "mediators_full": (rng.random(n) < 0.94).astype(int), "law_team": _yes(rng.random(n) < 0.97),
        "inspected": _yes(rng.random(n) < 0.82), "leaders": leaders, "leaders_contacting": leaders - (rng.random(n) < 0.3),
        "terminals": rng.poisson(32, n),
    })  # fmt: skip


def counties(ground: Ground, register: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The table of counties; as ``villages``."""
    rng = stream(ground.seed, "county table")
    county = register["county"]
    n = len(county)
    before, trade = np.round(rng.lognormal(9.5, 0.5, n), 1), np.round(rng.lognormal(8, 0.5, n), 1)
    flags = {"mediation": 0.9, "catalogue": 1.0, "toilets": 0.86, "data_centre": 0.8, "one_map": 0.9, "epidemic_map": 1.0}
    return pd.DataFrame({
        "code": county["code"], "name": county["name"], **{name: _yes(rng.random(n) < share) for name, share in flags.items()},
        "matters": 1_000 + rng.integers(0, 300, n), "matters_online": 760 + rng.integers(0, 240, n), "turnover_before": before,
        "turnover": np.round(before * rng.normal(1.12, 0.05, n), 1), "land_trade": trade,
        "land_online": np.round(trade * rng.uniform(0.38, 0.72, n), 1), "trained": rng.poisson(560, n),
    })  # fmt: skip


def titles(ground: Ground, register: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The register of titles: its units by code, towns without their zeros in some rows."""
    rng = stream(ground.seed, "titles")
    parts = []
    for sort, grade, level, share in _TITLES:
        code, name = (register[level][each].to_numpy(dtype=object) for each in ("code", "name"))
        mood = town_moods(ground, sort) if level == "village" else np.zeros(len(code))
        held = np.flatnonzero(rng.random(len(code)) < share * (1 + 0.4 * mood))
        parts.append(pd.DataFrame({"of": code[held], "name": joined(name[held], sort), "sort": sort, "grade": grade}))
    whole = pd.concat(parts, ignore_index=True)
    n = len(whole)
    return whole.assign(
        code=joined("CM", digits(np.arange(1, n + 1), 6)), state=np.where(rng.random(n) < 0.98, "有效", "撤销"),
        granted=dates(_DAY - rng.integers(100, 3_000, n)),
    )  # fmt: skip


def pilots(ground: Ground, register: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Every twentieth village is a pilot, three at least; as ``villages``."""
    rng = stream(ground.seed, "pilots")
    village = register["village"]
    chosen = np.sort(rng.choice(len(village), max(3, len(village) // 20), replace=False))
    n = len(chosen)
    return pd.DataFrame({
        "code": village["code"].to_numpy(dtype=object)[chosen], "name": village["name"].to_numpy(dtype=object)[chosen],
        "themes": rng.choice([1, 2, 3, 4], n, p=[0.05, 0.5, 0.4, 0.05]), "due": "2026-05-15",
        "filed": dates(_DAY - 169 - rng.choice([20, 9, 3, 0, -4, -11], n, p=[0.2, 0.3, 0.3, 0.12, 0.05, 0.03])),
        "finished": _yes(rng.random(n) < 0.78),
    })  # fmt: skip


def disclosures(ground: Ground, register: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Notices of twelve months: finance every month, affairs every quarter; some villages missed some."""
    rng = stream(ground.seed, "disclosures")
    village = register["village"][register["village"]["sort"] != 1].reset_index(drop=True)
    starts = np.array([np.datetime64("2025-11-01") + np.timedelta64(0, "D")]).astype("datetime64[M]")[0] + np.arange(12)
    months = starts.astype("datetime64[D]").astype(int)
    months_of_quarters = months[[1, 4, 7, 10]]
    parts = [_notices(village, months, "财务公开", 0.12, rng), _notices(village, months_of_quarters, "村务公开", 0.06, rng)]
    whole = pd.concat(parts, ignore_index=True)
    return whole.assign(code=joined(whole["of"].to_numpy(dtype=object), "G", digits(numbered(whole["place"].to_numpy()), 3))).drop(columns="place")


def _notices(village: pd.DataFrame, days: np.ndarray, sort: str, sloppy: float, rng: np.random.Generator) -> pd.DataFrame:
    place = np.repeat(np.arange(len(village)), len(days))
    day = np.tile(days, len(village))
    missed = (rng.random(len(village)) < sloppy)[place] & (rng.random(len(place)) < 0.25)
    place, day = place[~missed], day[~missed]
    code, name = (village[each].to_numpy(dtype=object)[place] for each in ("code", "name"))
    posted = dates(day + rng.integers(0, 26, len(day)))
    return pd.DataFrame({"of": code, "name": joined(name, sort), "sort": sort, "posted": posted, "place": place})
