"""Where people live: the outline of the land, its hills, its town centres, and points drawn from their density."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pyproj import Transformer
from scipy.spatial import cKDTree

from geodata.sample.scales import GROUND, PLANE, Scale, stream

_RASTER = {"county": 400, "city": 700, "province": 1400}
"""Cells along one side of the density raster."""

_TOWN_REACH, _SEAT_REACH = 800.0, 2_000.0
"""Metres within which a town centre and a county seat draw people (standard deviation)."""


@dataclass(frozen=True)
class Terrain:
    """The land before it is divided.

    Parameters
    ----------
    centre : ndarray, shape (2,), EPSG:4550, metres
        Middle of the land.
    radius : float
        Mean radius, metres.
    waves : ndarray, shape (w, 3)
        Amplitude, frequency and phase of the outline's waves.
    hill_waves : ndarray, shape (k, 3)
        Wave numbers (per radius) and phase of the hills.
    towns : ndarray, shape (t, 2), EPSG:4550, metres
        Town centres.
    seats : ndarray of int, shape (c,)
        Which town is the seat of each county; the first is the dense one.
    """

    centre: np.ndarray
    radius: float
    waves: np.ndarray
    hill_waves: np.ndarray
    towns: np.ndarray
    seats: np.ndarray

    def within(self, points: np.ndarray) -> np.ndarray:
        """Tell which points (n, 2; EPSG:4550, metres) lie on the land; bool (n,)."""
        return _within(points - self.centre, self.radius, self.waves)

    def hills(self, points: np.ndarray) -> np.ndarray:
        """Tell how hilly each point (n, 2; EPSG:4550, metres) is, 0 plain to 1 mountain; float (n,)."""
        return _hills((points - self.centre) / self.radius, self.hill_waves)

    def density(self, points: np.ndarray) -> np.ndarray:
        """Give the relative density of settlement at each point (n, 2; EPSG:4550, metres); float (n,)."""
        base = 1.0 - 0.72 * self.hills(points)
        near = min(4, len(self.towns))
        distance, _ = cKDTree(self.towns).query(points, k=near)
        town = np.exp(-((distance / _TOWN_REACH) ** 2) / 2).sum(axis=1)
        seat, _ = cKDTree(self.towns[self.seats]).query(points)
        core, _ = cKDTree(self.towns[self.seats[:1]]).query(points)
        peak = 7 * np.exp(-((seat / _SEAT_REACH) ** 2) / 2) + 6 * np.exp(-((core / 3_000.0) ** 2) / 2)
        return base + 5.0 * town + peak


def _within(offset: np.ndarray, radius: float, waves: np.ndarray) -> np.ndarray:
    turn = np.arctan2(offset[:, 1], offset[:, 0])
    amplitude, frequency, phase = waves.T
    edge = 1 + (amplitude * np.sin(np.outer(turn, frequency) + phase)).sum(axis=1)
    return np.hypot(offset[:, 0], offset[:, 1]) < radius * edge


def _hills(place: np.ndarray, waves: np.ndarray) -> np.ndarray:
    slope = -0.75 * place[:, 0] + 0.35 * place[:, 1]
    ripple = np.sin(place @ waves[:, :2].T + waves[:, 2]).sum(axis=1) * 0.16
    return 1 / (1 + np.exp(-6 * (slope + ripple - 0.08)))


def _centre(scale: Scale) -> np.ndarray:
    to_plane = Transformer.from_crs(GROUND, PLANE, always_xy=True)
    return np.array(to_plane.transform(*scale.centre))


def middles(points: np.ndarray, count: int, rng: np.random.Generator, rounds: int = 6) -> np.ndarray:
    """Spread ``count`` centres over points so that each stands in the middle of its share (Lloyd 1982).

    Parameters
    ----------
    points : ndarray, shape (n, 2)
        Points that tell by their density where centres are wanted.
    count : int
        Number of centres, not above n.
    rng : numpy.random.Generator
        Source of the first choice.
    rounds : int
        Number of improvements.

    Returns
    -------
    ndarray, shape (count, 2)
    """
    chosen = points[rng.choice(len(points), count, replace=False)]
    for _ in range(rounds):
        _, mine = cKDTree(chosen).query(points)
        share = np.bincount(mine, minlength=count)
        moved = np.column_stack([np.bincount(mine, points[:, axis], count) for axis in (0, 1)])
        chosen = np.where(share[:, None] > 0, moved / np.maximum(share, 1)[:, None], chosen)
    return chosen


def lay_terrain(scale: Scale, seed: int) -> Terrain:
    """Lay out the land of a sample: outline, hills, town centres and county seats.

    Parameters
    ----------
    scale : Scale
    seed : int

    Returns
    -------
    Terrain
    """
    rng = stream(seed, "terrain")
    radius = float(np.sqrt(scale.area * 1e6 / np.pi))
    waves = np.column_stack([rng.uniform(0.03, 0.09, 5), np.arange(2, 7), rng.uniform(0, 2 * np.pi, 5)])
    hill_waves = np.column_stack([rng.normal(0, 4.5, (5, 2)), rng.uniform(0, 2 * np.pi, 5)])
    scatter = rng.uniform(-1.4, 1.4, (max(40 * scale.towns, 8_000), 2))
    scatter = scatter[_within(scatter, 1.0, waves)]
    scatter = scatter[rng.random(len(scatter)) < 1.0 - 0.6 * _hills(scatter, hill_waves)]
    towns = middles(scatter * 0.95, scale.towns, rng)
    seats = _seats(towns, scale.counties, rng)
    middle = _centre(scale)
    return Terrain(middle, radius, waves, hill_waves, towns * radius + middle, seats)


def _seats(towns: np.ndarray, counties: int, rng: np.random.Generator) -> np.ndarray:
    """Take as seats the towns nearest the middles of the counties; the most central one first."""
    wanted = middles(towns, counties, rng, rounds=12)
    left = np.ones(len(towns), bool)
    seats = []
    for place in wanted[np.argsort(np.hypot(*wanted.T))]:
        distance = np.where(left, np.hypot(*(towns - place).T), np.inf)
        seats.append(int(np.argmin(distance)))
        left[seats[-1]] = False
    return np.array(seats)


def draw_points(terrain: Terrain, scale: Scale, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw the seeds of the smallest cells: dense in the centres, sparse in the hills, evenly spaced.

    Parameters
    ----------
    terrain : Terrain
    scale : Scale
    count : int
        Number of seeds on land.
    rng : numpy.random.Generator

    Returns
    -------
    land : ndarray, shape (count, 2), EPSG:4550, metres
        Seeds of the cells that are kept.
    sea : ndarray, shape (m, 2), EPSG:4550, metres
        Seeds around them, which give the outer cells an organic border.
    """
    side = _RASTER[scale.name]
    step = 3.4 * terrain.radius / side
    axis = (np.arange(side) - (side - 1) / 2) * step
    cells = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2) + terrain.centre
    weight = terrain.density(cells)
    on_land = terrain.within(cells)
    land = _spread(cells[on_land], weight[on_land], count, step, rng)
    ring = ~on_land & (np.hypot(*(cells - terrain.centre).T) < 1.65 * terrain.radius)
    share = weight[ring].sum() / weight[on_land].sum()
    return land, _spread(cells[ring], weight[ring], int(count * share), step, rng, rounds=1)


def _spread(
    cells: np.ndarray, weight: np.ndarray, count: int, step: float, rng: np.random.Generator, rounds: int = 3
) -> np.ndarray:
    ladder = np.cumsum(weight)
    at = (np.arange(6 * count) + rng.random(6 * count)) * (ladder[-1] / (6 * count))
    picked = cells[np.minimum(np.searchsorted(ladder, at), len(cells) - 1)]
    return middles(picked + rng.uniform(-step / 2, step / 2, picked.shape), count, rng, rounds)
