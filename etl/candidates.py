"""The systems that coordinates could be in, by their size alone: what the numbers allow, and how each leads to the ground."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from pyproj import CRS, Transformer

from etl.systems import EASTINGS, MILLION, NORTHINGS, SERVICES, could_be_packed, looks_packed, unpacked, zone_of
from geodata import offsets

# China, with its seas: degrees.
LON, LAT = (73.0, 136.0), (3.0, 54.0)
# The same ground in Web Mercator, metres.
_MERCATOR_X, _MERCATOR_Y = (8_120_000.0, 15_150_000.0), (330_000.0, 7_200_000.0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One system that the numbers allow.

    Parameters
    ----------
    name : str
        As people call it.
    undone : callable
        Coordinates as the file has them, shape (n, 2) -> longitude and latitude, shape (n, 2).
    recipe : mapping
        What a recipe says of it; empty for a mistake that no recipe can undo.
    mistake : str
        What went wrong with the file, where it is none of the systems but one of them twice.
    """

    name: str
    undone: Callable[[np.ndarray], np.ndarray]
    recipe: Mapping[str, Any] = field(default_factory=dict)
    mistake: str = ""


def candidates(xy: np.ndarray) -> list[Candidate]:
    """Every system that these numbers could be in.

    Parameters
    ----------
    xy : array of float, shape (n, 2)
        As the file has them, in its order of axes; finite.

    Returns
    -------
    list of Candidate
        Empty where the numbers are neither degrees nor metres of China; one where they tell the system alone.
    """
    if not len(xy):
        return []
    x, y = np.median(xy, axis=0)
    turned = () if x == y else _in_order(xy[:, ::-1], float(y), float(x))
    return [*_in_order(xy, float(x), float(y)), *(_swapped(each) for each in turned)]


def _swapped(each: Candidate) -> Candidate:
    said = dict(each.recipe) | {"axes": "lat lon"} if each.recipe else {}
    return Candidate(f"{each.name}, axes swapped", lambda xy: each.undone(xy[:, ::-1]), said, each.mistake)


def _in_order(xy: np.ndarray, x: float, y: float) -> Iterator[Candidate]:
    """Candidates for numbers in the order longitude, latitude or easting, northing."""
    if _within(x, LON) and _within(y, LAT):
        packed = looks_packed(xy)
        yield from () if packed else _DEGREES
        yield from (_PACKED,) if packed or could_be_packed(xy) else ()
    elif any(_within(x, _times(LON, each)) and _within(y, _times(LAT, each)) for each in (100, 10_000)):
        yield from (_PACKED,) if could_be_packed(xy) else ()
    elif abs(x) <= 180 and abs(y) <= 90 and not _within(y, LON):
        yield _DEGREES[0]
    if _within(y, NORTHINGS):
        yield from _grids(x)
    if _within(x, _MERCATOR_X) and _within(y, _MERCATOR_Y):
        yield from _METRES


def _within(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


def _times(limits: tuple[float, float], factor: int) -> tuple[float, float]:
    return limits[0] * factor, limits[1] * factor


def _pairs(
    undone: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]],
) -> Callable[[np.ndarray], np.ndarray]:
    return lambda xy: np.column_stack(undone(xy[:, 0], xy[:, 1]))


_SERVICES = {each.name: Candidate(each.name, _pairs(each.undone), {"crs": each.name}) for each in SERVICES}
_PACKED = Candidate("CGCS2000 or WGS 84, degrees packed", unpacked, {"crs": "EPSG:4490", "degrees": "packed"})
_DEGREES = (
    Candidate("CGCS2000 or WGS 84", lambda xy: xy, {"crs": "EPSG:4490"}),
    _SERVICES["GCJ-02"],
    _SERVICES["BD-09"],
    Candidate(
        "GCJ-02 taken off once too often", _pairs(offsets.to_gcj),
        mistake="the offset of GCJ-02 was taken off coordinates that never had it",
    ),
    Candidate(
        "GCJ-02 twice", lambda xy: _pairs(offsets.from_gcj)(_pairs(offsets.from_gcj)(xy)),
        mistake="the offset of GCJ-02 was put on twice",
    ),
)  # fmt: skip


def _reprojected(crs: CRS) -> Callable[[np.ndarray], np.ndarray]:
    moving = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
    return lambda xy: np.column_stack(moving.transform(xy[:, 0], xy[:, 1]))


_METRES = (
    Candidate("Web Mercator (WGS 84)", _reprojected(CRS(3857)), {"crs": "EPSG:3857"}),
    _SERVICES["GCJ-02MC"],
    _SERVICES["BD-09MC"],
)


@lru_cache(maxsize=1024)
def _grid(code: str, name: str) -> Candidate:
    return Candidate(name, _reprojected(CRS.from_user_input(code)), {"crs": code})


def _grids(easting: float) -> Iterator[Candidate]:
    """Gauss-Krüger grids of CGCS2000: of the zone that the easting carries, or of every central meridian."""
    zone = zone_of(easting)
    if zone is not None and _within(easting % MILLION, EASTINGS):
        code = 4513 + zone - 25 if zone >= 25 else 4491 + zone - 13
        yield _grid(f"EPSG:{code}", CRS(code).name)
    elif EASTINGS[0] < easting < EASTINGS[1]:
        for half in range(150, 271):
            yield _of_meridian(half / 2)


def _of_meridian(degrees: float) -> Candidate:
    if degrees % 3 == 0:
        code = 4534 + int(degrees - 75) // 3
        return _grid(f"EPSG:{code}", CRS(code).name)
    text = f"+proj=tmerc +lat_0=0 +lon_0={degrees:g} +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs"
    return _grid(text, f"Gauss-Kruger of a county's own, CM {degrees:g}E")
