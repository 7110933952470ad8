"""Files of every coordinate system, made up: villages somewhere in China, and rows that stand in them and say so."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from pyproj import CRS, Transformer

from etl.claims import Ladder
from geodata import offsets
from geodata.claims import Claimed

METRES = 111_320.0
SYSTEMS = (
    "wgs", "gcj", "bd", "bdmc", "gcjmc", "mercator", "packed", "packed run", "nmea", "words",
    "gk3", "gk3 prefix", "gk6", "gk6 prefix", "own meridian", "xian", "beijing",
)  # fmt: skip


@dataclass
class County:
    """Villages of a made-up county: squares of some kilometres, with codes and names."""

    codes: list[str]
    names: list[str]
    squares: list[shapely.Polygon]

    def ladder(self) -> Ladder:
        units = {
            code: Claimed(code, name, f"990000000000/{code}/", 3)
            for code, name in zip(self.codes, self.names, strict=True)
        }
        ground = dict(zip(self.codes, self.squares, strict=True))
        return Ladder(
            by_codes=lambda codes: {each: units[each] for each in codes if each in units},
            by_names=lambda: {each.name: [each] for each in units.values()},
            grounds=lambda codes: {each: ground[each] for each in codes if each in ground},
            extent=np.array([shapely.union_all(self.squares).bounds]),
        )


def county(rng: np.random.Generator) -> County:
    """A lattice of villages somewhere in China, 1 to 4 km each."""
    west, south, side = rng.uniform(80, 130), rng.uniform(20, 46), rng.uniform(1000, 4000)
    n = int(rng.integers(4, 9))
    dx, dy = side / METRES / np.cos(np.radians(south)), side / METRES
    squares = [
        shapely.box(west + i * dx, south + j * dy, west + (i + 1) * dx, south + (j + 1) * dy)
        for i in range(n)
        for j in range(n)
    ]
    codes = [f"990101{k // 100 + 1:03d}{k % 100 + 201:03d}" for k in range(n * n)]
    letters = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗"
    return County(codes, [f"{letters[k % 20]}{letters[k // 20]}村" for k in range(n * n)], squares)


def rows(rng: np.random.Generator, place: County, n: int, wrong: float) -> tuple[np.ndarray, np.ndarray]:
    """Where n rows stand, in degrees, and which village they claim; a share of the claims is wrong."""
    home = rng.integers(0, len(place.squares), n)
    boxes = shapely.bounds(np.array(place.squares, dtype=object)[home])
    xy = rng.uniform(boxes[:, :2], boxes[:, 2:])
    lost = rng.random(n) < wrong
    home[lost] = rng.integers(0, len(place.squares), lost.sum())
    return xy, home


def _projected(crs: CRS) -> Callable[[np.ndarray], np.ndarray]:
    moving = Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True)
    return lambda xy: np.column_stack(moving.transform(xy[:, 0], xy[:, 1]))


def _packed(xy: np.ndarray, factor: float) -> np.ndarray:
    tenths = np.round(np.abs(xy) * 36_000)
    whole, minutes, seconds = tenths // 36_000, tenths % 36_000 // 600, tenths % 600 / 10
    return (whole * 10_000 + minutes * 100 + seconds) / factor


def _pairs(there: Callable, xy: np.ndarray) -> np.ndarray:
    return np.column_stack(there(xy[:, 0], xy[:, 1]))


def written(rng: np.random.Generator, xy: np.ndarray, system: str) -> tuple[np.ndarray | list, str, CRS | None]:
    """The rows' coordinates in a system, the words of a recipe that would say it, and what such a file declares."""
    middle = float(np.median(xy[:, 0]))
    three, six = 75 + 3 * round((middle - 75) / 3), 75 + 6 * round((middle - 75) / 6)
    grids = {
        "gk3": 4534 + (three - 75) // 3, "gk3 prefix": 4513 + (three - 75) // 3, "gk6": 4502 + (six - 75) // 6,
        "gk6 prefix": 4491 + (six - 75) // 6, "xian": 2349 + (three - 75) // 3, "beijing": 2422 + (three - 75) // 3,
    }  # fmt: skip
    if system in grids:
        crs = CRS(grids[system])
        said = {"gk6": 4534 + (six - 75) // 3}.get(system, grids[system])
        return _projected(crs)(xy), f"EPSG:{said}", crs if system in ("xian", "beijing") else None
    if system == "own meridian":
        meridian = three + (0.5 if rng.random() < 0.5 else 1.0)
        said = f"+proj=tmerc +lat_0=0 +lon_0={meridian:g} +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs"
        return _projected(CRS(said))(xy), said, None
    gcj = _pairs(offsets.to_gcj, xy)
    mercator = _projected(CRS(3857))
    made: dict[str, Callable[[], tuple[np.ndarray | list, str]]] = {
        "wgs": lambda: (xy, "EPSG:4490"), "gcj": lambda: (gcj, "GCJ-02"), "bd": lambda: (_pairs(offsets.to_bd, xy), "BD-09"),
        "bdmc": lambda: (_baidu_metres(_pairs(offsets.to_bd, xy)), "BD-09MC"), "gcjmc": lambda: (mercator(gcj), "GCJ-02MC"),
        "mercator": lambda: (mercator(xy), "EPSG:3857"), "packed": lambda: (_packed(xy, 10_000), "EPSG:4490 packed"),
        "packed run": lambda: (_packed(xy, 1), "EPSG:4490 packed"),
        "nmea": lambda: (np.floor(xy) * 100 + (xy % 1) * 60, "EPSG:4490 packed"), "words": lambda: (_words(xy), "EPSG:4490"),
    }  # fmt: skip
    return *made[system](), None


def _words(xy: np.ndarray) -> list:
    return [[f"{int(each)}°{int(each % 1 * 60):02d}′{each * 60 % 1 * 60:05.2f}″" for each in row] for row in xy]


def _baidu_metres(degrees: np.ndarray) -> np.ndarray:
    """BD-09 -> BD-09MC by turning the service's way round: its own polynomials for this way are others."""
    metres = _projected(CRS(3857))(degrees)
    for _ in range(20):
        there = _pairs(offsets.bdmc_to_bd, metres)
        metres += (degrees - there) * METRES / np.array([1.0, np.cos(np.radians(degrees[0, 1]))])
    return metres


def save(path: Path, place: County, xy: np.ndarray | list, home: np.ndarray, by: str) -> Path:
    """A CSV of halls with these coordinates, whose rows claim their village by code or by name."""
    swapped = [list(each) for each in xy]
    with path.open("w", newline="", encoding="utf-8") as opened:
        out = csv.writer(opened)
        out.writerow(["礼堂编号", "礼堂名称", "使用状态", "经度", "纬度"])
        for n, (at, (x, y)) in enumerate(zip(home, swapped, strict=True)):
            code = f"{place.codes[at]}{n % 1000:03d}" if by == "code" else f"H{n:05d}"
            out.writerow([code, f"{place.names[at]}文化礼堂", "开放", x, y])
    return path
