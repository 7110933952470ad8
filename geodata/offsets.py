"""The offsets of Chinese map services: GCJ-02 (Amap, Tencent, all licensed maps), BD-09 (Baidu) and BD-09MC (its metres).

Nobody publishes them; the formulas have been known since 2010 and agree with the services' own answers to 1 m
(664 cities of the gcoord project, tests/geodata/test_offsets.py). Datum: WGS 84 on one side, taken as CGCS2000.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Degrees = NDArray[np.float64]
Pair = tuple[Degrees, Degrees]

# Krassowsky 1940, on which GCJ-02 is worked out whatever the datum: semi-major axis and squared eccentricity.
_AXIS, _ECCENTRICITY = 6378245.0, 0.00669342162296594323
_BAIDU = np.pi * 3000 / 180
# The services shift inside this rectangle only (west, south, east, north); it takes in neighbours as well.
SHIFTED = (72.004, 0.8293, 137.8347, 55.8271)
# Errors of the inverse after 1, 2, 3 steps: 2.8e-2, 1.7e-4, 1.1e-6 m; near 105 E, where a root bends, it takes more.
_STEPS = 6


def to_gcj(lon: Degrees, lat: Degrees) -> Pair:
    """WGS 84 -> GCJ-02, degrees; what lies outside `SHIFTED` stays."""
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    phi = np.radians(y)
    magic = 1 - _ECCENTRICITY * np.sin(phi) ** 2
    north = _north(x - 105, y - 35) * 180 / (_AXIS * (1 - _ECCENTRICITY) / magic**1.5 * np.pi)
    east = _east(x - 105, y - 35) * 180 / (_AXIS / np.sqrt(magic) * np.cos(phi) * np.pi)
    west_, south_, east_, north_ = SHIFTED
    inside = (x >= west_) & (x <= east_) & (y >= south_) & (y <= north_)
    return np.where(inside, x + east, x), np.where(inside, y + north, y)


def _waves(x: Degrees) -> Degrees:
    return (20 * np.sin(6 * x * np.pi) + 20 * np.sin(2 * x * np.pi)) * 2 / 3


def _north(x: Degrees, y: Degrees) -> Degrees:
    """Metres to the north, of degrees from 105 E 35 N."""
    smooth = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    long = (20 * np.sin(y * np.pi) + 40 * np.sin(y / 3 * np.pi)) * 2 / 3
    longest = (160 * np.sin(y / 12 * np.pi) + 320 * np.sin(y * np.pi / 30)) * 2 / 3
    return smooth + _waves(x) + long + longest


def _east(x: Degrees, y: Degrees) -> Degrees:
    """Metres to the east, of degrees from 105 E 35 N."""
    smooth = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    long = (20 * np.sin(x * np.pi) + 40 * np.sin(x / 3 * np.pi)) * 2 / 3
    longest = (150 * np.sin(x / 12 * np.pi) + 300 * np.sin(x / 30 * np.pi)) * 2 / 3
    return smooth + _waves(x) + long + longest


def from_gcj(lon: Degrees, lat: Degrees) -> Pair:
    """GCJ-02 -> WGS 84, degrees."""
    return _undone(to_gcj, lon, lat)


def gcj_to_bd(lon: Degrees, lat: Degrees) -> Pair:
    """GCJ-02 -> BD-09, degrees."""
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    radius = np.hypot(x, y) + 2e-5 * np.sin(y * _BAIDU)
    angle = np.arctan2(y, x) + 3e-6 * np.cos(x * _BAIDU)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def to_bd(lon: Degrees, lat: Degrees) -> Pair:
    """WGS 84 -> BD-09, degrees."""
    return gcj_to_bd(*to_gcj(lon, lat))


def from_bd(lon: Degrees, lat: Degrees) -> Pair:
    """BD-09 -> WGS 84, degrees."""
    return from_gcj(*_undone(gcj_to_bd, lon, lat))


def _undone(forward: Callable[[Degrees, Degrees], Pair], lon: Degrees, lat: Degrees) -> Pair:
    """Where `forward` leads to these degrees from: its shift changes by 0.3 % of the way, so a few steps suffice."""
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    back_x, back_y = x.copy(), y.copy()
    for _ in range(_STEPS):
        there_x, there_y = forward(back_x, back_y)
        back_x, back_y = back_x + (x - there_x), back_y + (y - there_y)
    return back_x, back_y


# Baidu's own Mercator: bands of metres to the north from which each row of factors holds, and the factors; from the
# service's JavaScript (BMap 2.0, class MercatorProjection), as gcoord and other open projects carry them.
_BANDS = np.array([12890594.86, 8362377.87, 5591021.0, 3481989.83, 1678043.12, 0.0])
_FACTORS = np.array(
    [
        [1.410526172116255e-8, 8.98305509648872e-6, -1.9939833816331, 200.9824383106796, -187.2403703815547,
         91.6087516669843, -23.38765649603339, 2.57121317296198, -0.03801003308653, 17337981.2],
        [-7.435856389565537e-9, 8.983055097726239e-6, -0.78625201886289, 96.32687599759846, -1.85204757529826,
         -59.36935905485877, 47.40033549296737, -16.50741931063887, 2.28786674699375, 10260144.86],
        [-3.030883460898826e-8, 8.98305509983578e-6, 0.30071316287616, 59.74293618442277, 7.357984074871,
         -25.38371002664745, 13.45380521110908, -3.29883767235584, 0.32710905363475, 6856817.37],
        [-1.981981304930552e-8, 8.983055099779535e-6, 0.03278182852591, 40.31678527705744, 0.65659298677277,
         -4.44255534477492, 0.85341911805263, 0.12923347998204, -0.04625736007561, 4482777.06],
        [3.09191371068437e-9, 8.983055096812155e-6, 6.995724062e-5, 23.10934304144901, -0.00023663490511,
         -0.6321817810242, -0.00663494467273, 0.03430082397953, -0.00466043876332, 2555164.4],
        [2.890871144776878e-9, 8.983055095805407e-6, -3.068298e-8, 7.47137025468032, -3.53937994e-6,
         -0.02145144861037, -1.234426596e-5, 0.00010322952773, -3.23890364e-6, 826088.5],
    ]
)  # fmt: skip


def bdmc_to_bd(east: NDArray[np.float64], north: NDArray[np.float64]) -> Pair:
    """BD-09MC, metres -> BD-09, degrees."""
    x, y = np.asarray(east, dtype=float), np.asarray(north, dtype=float)
    band = np.minimum((np.abs(y)[..., None] < _BANDS).sum(axis=-1), len(_BANDS) - 1)
    factors = _FACTORS[band]
    part = np.abs(y) / factors[..., 9]
    lat = sum(factors[..., 2 + power] * part**power for power in range(7))
    return np.copysign(factors[..., 0] + factors[..., 1] * np.abs(x), x), np.copysign(lat, y)


def from_bdmc(east: NDArray[np.float64], north: NDArray[np.float64]) -> Pair:
    """BD-09MC, metres -> WGS 84, degrees."""
    return from_bd(*bdmc_to_bd(east, north))
