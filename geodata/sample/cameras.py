"""Cameras: where they stand, what they see, and how each fares from month to month."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from geodata.sample.ground import Ground, to_degrees, town_moods
from geodata.sample.months import Month
from geodata.sample.scales import stream

_AT_CROSSING, _AT_ENTRANCE, _IN_SETTLEMENT = 0, 1, 2
_SHARES = (0.5, 0.1)
"""Shares of cameras at intersections and at entrances; the rest stands in the settlements."""

COMPASS = np.array([90.0, 270.0, 180.0, 0.0, 135.0, 45.0, 225.0, 315.0])
"""Azimuth in degrees of the codes 1 to 8 of 监视方位 (一机一档); 9 sees all round."""

_GROWTH = 0.006
"""Share of today's cameras that were put up in each of the months before."""

_EPOCH = dt.date(1970, 1, 1)


def place_cameras(ground: Ground, crossings: pd.DataFrame, entrances: pd.DataFrame) -> pd.DataFrame:
    """Place the cameras of the newest month.

    Parameters
    ----------
    ground : Ground
    crossings : DataFrame
        Of ``find_intersections``.
    entrances : DataFrame
        Of ``find_entrances``, with x and y (EPSG:4550, metres) and leaf.

    Returns
    -------
    DataFrame
        ``scale.cameras`` rows: lon, lat (EPSG:4490, degrees), spot (0 crossing, 1 entrance, 2 settlement), leaf,
        village, town, county (positions), main (bool), and the columns of ``_fit`` and ``_fates``.
    """
    rng = stream(ground.seed, "cameras")
    keen = _keenness(ground, rng)
    total = ground.scale.cameras
    at_crossing, at_entrance = (int(share * total) for share in _SHARES)
    stands = pd.concat(
        [
            _at(crossings, at_crossing, keen, ground, _AT_CROSSING, rng),
            _at(entrances, at_entrance, keen, ground, _AT_ENTRANCE, rng),
            _settled(ground, total - at_crossing - at_entrance, keen, rng),
        ],
        ignore_index=True,
    )
    for level in ("village", "town", "county"):
        stands[level] = ground.levels[level].of_leaf[stands["leaf"].to_numpy()]
    village = stands["village"].to_numpy()
    cameras = _fit(stands, town_moods(ground, "definition")[village], rng)
    cameras = pd.concat([cameras, _fates(cameras, town_moods(ground, "upkeep")[village], rng)], axis=1)
    return _moved_to_degrees(ground, cameras).sort_values(["county", "town", "village", "spot", "lon"], ignore_index=True)


def _keenness(ground: Ground, rng: np.random.Generator) -> np.ndarray:
    """Say how keen each village was to put up cameras; 0 is a blind village."""
    village = ground.levels["village"]
    hills = ground.terrain.hills(village.centre)
    keen = np.clip(rng.normal(0.95 - 0.55 * hills, 0.22), 0.12, 1.25)
    seats = cKDTree(ground.terrain.towns).query(village.centre)[0] < 2_500
    return np.where((rng.random(len(keen)) < 0.02 + 0.14 * hills) & ~seats, 0.0, keen)


def _at(
    places: pd.DataFrame, count: int, keen: np.ndarray, ground: Ground, spot: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Put cameras near places to be seen, most of them looking at the place."""
    leaf = places["leaf"].to_numpy()
    weight = keen[ground.levels["village"].of_leaf[leaf]] * np.where(places["main"], 2.5, 1.0)
    weight = weight * rng.choice([0.04, 0.5, 1.0, 1.6], len(places), p=[0.16, 0.24, 0.35, 0.25])
    order = np.sort(rng.choice(len(places), count, p=weight / weight.sum()))
    facing = rng.integers(0, 8, count)
    looks = np.where(rng.random(count) < 0.8, facing, rng.integers(0, 8, count))
    turn = np.radians(COMPASS[facing])
    back = np.minimum(rng.uniform(6, 24, count), 0.4 * ground.clear[leaf[order]])
    place = places[["x", "y"]].to_numpy()[order]
    offset = np.column_stack([np.sin(turn), np.cos(turn)]) * back[:, None]
    lon, lat = to_degrees(place - offset).T
    at_home = shapely.contains_xy(ground.leaves.shape[leaf[order]], lon, lat)
    x, y = np.where(at_home[:, None], place - offset, place - 0.02 * offset).T
    main = places["main"].to_numpy()[order]
    return pd.DataFrame({"x": x, "y": y, "leaf": leaf[order], "spot": spot, "main": main, "looks": looks})


def _settled(ground: Ground, count: int, keen: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    village = ground.levels["village"].of_leaf
    weight = keen[village] * rng.choice([0.0, 0.5, 1.0, 3.0], len(village), p=[0.3, 0.3, 0.3, 0.1])
    leaf = np.sort(rng.choice(len(village), count, p=weight / weight.sum()))
    reach = ground.clear[leaf] * np.sqrt(rng.random(count)) * 0.95
    turn = rng.uniform(0, 2 * np.pi, count)
    x, y = (ground.leaves.centre[leaf] + np.column_stack([np.cos(turn), np.sin(turn)]) * reach[:, None]).T
    looks = rng.integers(0, 8, count)
    return pd.DataFrame({"x": x, "y": y, "leaf": leaf, "spot": _IN_SETTLEMENT, "main": False, "looks": looks})


def _fit(stands: pd.DataFrame, mood: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Give each camera its device: tier, shape, azimuth, angle, distance, height, pixels, storage, owner."""
    n = len(stands)
    crossing = (stands["spot"] == _AT_CROSSING).to_numpy()
    shape = np.where(crossing, rng.choice([1, 3, 4, 5], n, p=[0.2, 0.55, 0.1, 0.15]), 0)
    shape = np.where(~crossing, rng.choice([1, 2, 3, 4, 99], n, p=[0.17, 0.1, 0.66, 0.06, 0.01]), shape)
    ring = np.isin(shape, [1, 2])
    bullet = rng.choice([32, 45, 54, 69, 87, 102], n, p=[0.08, 0.14, 0.24, 0.24, 0.2, 0.1])
    pixels = np.where(rng.random(n) < 0.17 - 0.14 * mood, 0, rng.choice([1, 2, 3], n, p=[0.55, 0.35, 0.1]))
    far = np.where(ring, rng.choice([40, 60, 80, 100], n), rng.choice([30, 50, 60, 80, 100], n))
    return stands.drop(columns="looks").assign(
        shape=shape,
        facing=np.where(ring, 9, stands["looks"].to_numpy() + 1),
        angle=np.where(ring, 360, bullet),
        distance=np.where(pixels == 0, far // 2, far),
        height=np.round(rng.normal(5.2, 1.1, n).clip(2.5, 15), 1),
        pixels=pixels,
        tier=np.where(stands["main"], 1, rng.choice([1, 2, 3], n, p=[0.12, 0.5, 0.38])),
        keeps=rng.choice([30, 90, 15, 7], n, p=[0.71, 0.22, 0.05, 0.02]),
        owner=np.where(crossing, rng.choice([1, 12], n, p=[0.8, 0.2]), rng.choice([1, 17, 8, 14], n, p=[0.55, 0.3, 0.1, 0.05])),
        function=np.where(shape == 5, 1, np.where(rng.random(n) < 0.06, 2, 5)),
    )


def _fates(cameras: pd.DataFrame, mood: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Draw what happens to each camera: when it came, whether it is bad, networked, or will be renewed."""
    n = len(cameras)
    age = rng.random(n) / _GROWTH
    born = np.where(age < 12, -np.floor(age), -999).astype(int)
    year = rng.choice(np.arange(2013, 2026), n, p=np.array([2, 5, 9, 8, 6, 8, 10, 11, 11, 10, 9, 7, 4]) / 100)
    installed = ((year - 1970) * 365.2425 + rng.uniform(0, 300, n)).astype(int)
    old_batch = (year == 2015) & (cameras["pixels"].to_numpy() <= 1) & (born == -999)
    weak = np.where(old_batch, 0.24, rng.choice([0.02, 0.05, 0.1], n, p=[0.6, 0.3, 0.1]))
    weak = weak * np.exp(-0.8 * mood)
    return pd.DataFrame({
        "born": born, "installed": installed, "weak": weak, "phase": rng.integers(0, 4, n),
        "joins": np.where(rng.random(n) < 0.95 + 0.045 * mood, -999, rng.integers(-11, 20, n)),
        "renewed": np.where(rng.random(n) < 0.25, rng.integers(-11, 1, n), 999),
        "removed": np.where((rng.random(n) < 0.012) & (born == -999), rng.integers(-11, 6, n), 999),
    })


def _moved_to_degrees(ground: Ground, cameras: pd.DataFrame) -> pd.DataFrame:
    lon, lat = to_degrees(cameras[["x", "y"]].to_numpy()).T
    return cameras.assign(lon=lon, lat=lat).drop(columns=["x", "y"])


def cut_off_towns(ground: Ground) -> dict[int, tuple[int, int]]:
    """Name the towns whose link is down, each with the first and last month of it (0 is the newest).

    Parameters
    ----------
    ground : Ground

    Returns
    -------
    dict of int to (int, int)
    """
    towns = len(ground.levels["town"].centre)
    rng = stream(ground.seed, "links")
    rural = np.setdiff1d(np.arange(towns), ground.terrain.seats)
    chosen = rng.choice(rural, max(2, towns // 16), replace=False)
    return {int(town): ((-1, 0) if k % 2 == 0 else (-7, -5)) for k, town in enumerate(chosen)}


def state_of(cameras: pd.DataFrame, month: Month, ground: Ground) -> pd.DataFrame:
    """Tell which cameras stand in a month and how each fares.

    Parameters
    ----------
    cameras : DataFrame
        Of ``place_cameras``.
    month : Month
    ground : Ground

    Returns
    -------
    DataFrame
        The cameras that exist, with row (position in ``cameras``), networked (bool), status (1 in use, 2 repair,
        3 removed), online (1 yes, 0 no, -1 unknown because not networked), installed (days), pixels of the month.
    """
    here = cameras[cameras["born"] <= month.place]
    luck = stream(ground.seed, "luck").random((len(cameras), 6))[here.index]
    spell = np.clip((month.place + 12 + here["phase"].to_numpy()) // 3, 0, 5)
    luck = luck[np.arange(len(here)), spell]
    weak = here["weak"].to_numpy() * (1 - 0.03 * (month.place + 12) * 0.6)
    for town, (first, last) in cut_off_towns(ground).items():
        if first <= month.place <= last:
            weak = np.where(here["town"] == town, 0.62, weak)
    removed = (here["removed"] <= month.place).to_numpy()
    networked = (here["joins"] <= month.place).to_numpy()
    down = luck < weak
    status = np.where(removed, 3, np.where(luck < 0.24 * weak, 2, 1))
    online = np.where(networked & ~removed, np.where(down, 0, 1), np.where(removed, 0, -1))
    return here.assign(row=here.index, networked=networked, status=status, online=online,
                       pixels=_pixels(here, month), installed=_installed(here, month))


def _pixels(here: pd.DataFrame, month: Month) -> np.ndarray:
    renewed = (here["renewed"] <= month.place).to_numpy() & (here["pixels"] == 0).to_numpy()
    return np.where(renewed, 2, here["pixels"])


def _installed(here: pd.DataFrame, month: Month) -> np.ndarray:
    """Install day: drawn for the old ones, inside its month for those that came lately."""
    newest = (month.day - _EPOCH).days - month.place * 30.4375
    lately = newest + here["born"] * 30.4375 - 3 - (here.index.to_numpy() % 22)
    return np.where(here["born"] == -999, here["installed"], lately).astype(int)
