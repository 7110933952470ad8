"""Coordinates in any system that offices send -> longitude and latitude of CGCS2000; nothing is moved without being counted.

Read are: every CRS that PROJ leads to CGCS2000 or WGS 84 (all Gauss-Krüger zones, with and without prefix); GCJ-02,
BD-09, BD-09MC and GCJ-02MC of the map services; degrees packed as 120.0918 for 120°09'18"; and Beijing 1954 and
Xi'an 1980 where seven parameters are given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.crs import BoundCRS
from pyproj.crs.coordinate_operation import ToWGS84Transformation
from pyproj.exceptions import ProjError

from etl.errors import SourceError
from etl.recipe import Recipe
from geodata import offsets

# CGCS2000 and WGS 84 differ by centimetres; the store treats them as one (PROJ's own transformation is a null one).
_SAME = {4490, 4326, 4979, 4480}
# Beijing 1954 and Xi'an 1980: PROJ knows no parameters and would shift by 0 m, silently, where tens of metres are due.
_WITHOUT_PARAMETERS = {4214: "Beijing 1954", 4610: "Xi'an 1980"}
_OLD_NAMES = ("Beijing", "Xian", "Xi'an")
_MERCATOR = Transformer.from_crs(3857, 4326, always_xy=True)


@dataclass(frozen=True, slots=True)
class Service:
    """Coordinates as a map service shifts them.

    Parameters
    ----------
    name : str
        As recipes write it.
    undone : callable
        Its coordinates -> longitude and latitude of CGCS2000.
    known_as : tuple of str
        Other names.
    """

    name: str
    undone: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
    known_as: tuple[str, ...] = ()


SERVICES = (
    Service("GCJ-02", offsets.from_gcj, ("火星坐标", "高德", "腾讯", "国测局", "AMap")),
    Service("BD-09", offsets.from_bd, ("百度", "百度经纬度", "BD-09LL", "Baidu")),
    Service("BD-09MC", offsets.from_bdmc, ("百度米制", "百度墨卡托")),
    Service("GCJ-02MC", lambda x, y: offsets.from_gcj(*_MERCATOR.transform(x, y)), ("高德墨卡托",)),
)
System = CRS | Service


def named(place: str, said: str) -> System:
    """The system that a recipe's `crs` names.

    Parameters
    ----------
    place : str
        The file, for the refusal.
    said : str
        "EPSG:4549", any other text that PROJ reads, or the name of a service.

    Raises
    ------
    SourceError
        Nobody knows it.
    """
    for each in SERVICES:
        if _bare(said) in {_bare(name) for name in (each.name, *each.known_as)}:
            return each
    try:
        return CRS.from_user_input(said)
    except Exception:  # pyproj has many ways to say that it does not understand
        services = ", ".join(each.name for each in SERVICES)
        raise SourceError(
            place, f"crs = {said!r} is unknown", f'write one like "EPSG:4490", or {services}, in the recipe'
        ) from None


def _bare(name: str) -> str:
    return name.replace("-", "").replace("_", "").replace(" ", "").casefold()


def to_degrees(place: str, shapes: np.ndarray, system: System, recipe: Recipe) -> tuple[np.ndarray, Counter[str]]:
    """Shapes in longitude and latitude of EPSG:4490.

    Parameters
    ----------
    place : str
        The file, for the refusal.
    shapes : array of Geometry, shape (n,)
        In `system`; None where there is none.
    system : CRS or Service
        Of the file or the recipe.
    recipe : Recipe
        Its axes, its degrees, its parameters of an old datum.

    Returns
    -------
    array of Geometry, Counter
        And what was done, by name.

    Raises
    ------
    SourceError
        A datum without known parameters, axes that are swapped, or coordinates that are no degrees.
    """
    changes: Counter[str] = Counter()
    flat = shapely.force_2d(shapes)
    changes["height dropped"] += int(np.count_nonzero(shapely.has_z(shapes)))
    if recipe.axes == "lat lon":
        flat = shapely.transform(flat, lambda xy: xy[:, ::-1])
        changes["axes swapped"] += _count(flat)
    if recipe.degrees == "packed":
        flat = shapely.transform(flat, unpacked)
        changes["degrees unpacked"] += _count(flat)
    _check_grid(place, flat, system, recipe)
    moved, done = _moved(place, flat, system, recipe)
    if done:
        changes[done] += _count(flat)
    _check_range(place, moved, recipe)
    return moved, +changes


def _count(shapes: np.ndarray) -> int:
    return int(np.count_nonzero(~shapely.is_missing(shapes)))


def _moved(place: str, shapes: np.ndarray, system: System, recipe: Recipe) -> tuple[np.ndarray, str | None]:
    """The shapes, and what was done to them as it is counted."""
    if isinstance(system, Service):
        moved = shapely.transform(shapes, lambda xy: np.column_stack(system.undone(xy[:, 0], xy[:, 1])))
        return moved, f"{system.name} made CGCS2000"
    base = system.geodetic_crs
    number = base.to_epsg() if base else None
    if base is None:
        raise SourceError(place, f"its CRS {system.name!r} is tied to no ground", "ask for the data in CGCS2000")
    old = is_old(system)
    if old and not recipe.towgs84:
        raise SourceError(
            place,
            f"its CRS is {system.name}, on a datum whose parameters are not public",
            "ask for the data in CGCS2000, or write your own towgs84 = [dx, dy, dz, rx, ry, rz, ppm] in the recipe",
            "L04",
        )
    same = number in _SAME or base.equals(CRS("OGC:CRS84"), ignore_axis_order=True)
    if same and not system.is_projected:
        return shapes, None
    # Inside one datum only the projection is undone; between datums a transformation must exist, no "ballpark".
    try:
        bound = _bound(system, base, recipe.towgs84) if old else system
        moving = Transformer.from_crs(bound, base if same else CRS(4326), always_xy=True, allow_ballpark=same)
        moved = shapely.transform(shapes, lambda xy: np.column_stack(moving.transform(xy[:, 0], xy[:, 1])))
    except ProjError:
        raise SourceError(
            place, f"no transformation leads from {system.name} to CGCS2000", "ask for CGCS2000"
        ) from None
    return moved, f"reprojected from {system.name}" + (" by towgs84 of the recipe" if old else "")


def is_old(crs: CRS) -> bool:
    """Whether a CRS stands on a datum whose parameters are not public."""
    base = crs.geodetic_crs
    return base is not None and (base.to_epsg() in _WITHOUT_PARAMETERS or any(each in base.name for each in _OLD_NAMES))


def _bound(crs: CRS, base: CRS, parameters: tuple[float, ...]) -> CRS:
    """The CRS tied to WGS 84 by a position vector transformation (metres, seconds, parts per million)."""
    return BoundCRS(source_crs=crs, target_crs=CRS(4326), transformation=ToWGS84Transformation(base, *parameters))


# --- Gauss-Krüger grids: a 3° zone has a number from 25 to 45, one of 6° from 13 to 23; they do not overlap.
NORTHINGS = (400_000.0, 6_000_000.0)  # 3 to 54 N
EASTINGS = (100_000.0, 900_000.0)  # without the number of the zone; 6° at the equator reach from 166,000 to 834,000
MILLION = 1_000_000.0


def zone_of(easting: float) -> int | None:
    """The number of the zone that an easting carries as its first two digits, or None."""
    zone = int(easting // MILLION)
    return zone if 25 <= zone <= 45 or 13 <= zone <= 23 else None


def _middle(shapes: np.ndarray) -> tuple[float, float] | None:
    """The median of the middles of the shapes."""
    bounds = shapely.bounds(shapes)
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(bounds):
        return None
    return float(np.median(bounds[:, 0] + bounds[:, 2]) / 2), float(np.median(bounds[:, 1] + bounds[:, 3]) / 2)


def _check_grid(place: str, shapes: np.ndarray, system: System, recipe: Recipe) -> None:
    """Refuse Gauss-Krüger metres whose axes or whose zone are not those of the CRS: they would land somewhere."""
    middle = _middle(shapes)
    if isinstance(system, Service) or middle is None or "Gauss-Kruger" not in system.name.replace("_", "-"):
        return
    (x, y), (low, high) = middle, NORTHINGS
    looks_easting = EASTINGS[0] < y < EASTINGS[1] or zone_of(y) is not None
    if low < x < high and looks_easting and not (EASTINGS[0] < x < EASTINGS[1]):
        raise _swapped(place, x, y, recipe)
    carried, wanted = zone_of(x), zone_of(_false_easting(system))
    if carried != wanted:
        fact = f"its eastings carry {_zone(carried)}, and {system.name} has {_zone(wanted)}"
        raise SourceError(place, fact, 'say the right crs = "EPSG:..." in the recipe; ./onemap forensic FILE names it')


def _zone(number: int | None) -> str:
    return "no zone number" if number is None else f"the zone number {number}"


def _false_easting(crs: CRS) -> float:
    operation = crs.coordinate_operation
    params = operation.params if operation else ()
    return next((float(each.value) for each in params if each.name == "False easting"), 0.0)


def _swapped(place: str, x: float, y: float, recipe: Recipe) -> SourceError:
    other = "lat lon" if recipe.axes == "lon lat" else "lon lat"
    return SourceError(place, f"its axes are swapped ({x:.4f}, {y:.4f})", f'say axes = "{other}" in the recipe', "L05")


def _check_range(place: str, shapes: np.ndarray, recipe: Recipe) -> None:
    """Refuse a file most of whose rows lie nowhere; single ones are findings later."""
    middle = _middle(shapes)
    if middle is None:
        return
    x, y = middle
    # China lies between 73 and 136 east, 3 and 54 north: the two ranges do not overlap.
    if (abs(y) > 90 >= abs(x)) or (3 <= x <= 54 and 73 <= y <= 136):
        raise _swapped(place, x, y, recipe)
    if not (abs(x) <= 180 and abs(y) <= 90):
        raise SourceError(
            place, f"its coordinates ({x:.1f}, {y:.1f}) are no degrees", 'say their crs = "EPSG:..." in the recipe', "L06"
        )
    if recipe.degrees is None and looks_packed(shapely.get_coordinates(shapes[:_LOOKED_AT])):
        raise SourceError(
            place,
            f"its degrees look packed ({x:.6f} for {int(x)}°{x % 1 * 100:02.0f}'...)",
            'say degrees = "packed" in the recipe, or "decimal" if they are not',
            "L06",
        )


# --- Packed degrees: 120.0918 or 1200918 for 120°09'18", 12009.3 for 120°09.3'.
_LOOKED_AT = 2000
# Of decimal degrees 36 % pass by chance, so that 19 of 20 of so many values pass once in 10^9 files.
_ENOUGH = 30
_MISTAKES = 0.05


def unpacked(xy: np.ndarray) -> np.ndarray:
    """Decimal degrees of packed ones: degrees.minutes-seconds, degrees-minutes-seconds, or degrees-minutes."""
    size = np.abs(xy)
    whole, minutes, seconds = _fields(size)
    decimal = whole + minutes / 60 + seconds / 3600
    return np.copysign(decimal, xy)


def _fields(size: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Degrees, minutes, seconds, by the size of the number."""
    # A double holds 120.0918 as 120.09179999..., so a hair is added before digits are cut off.
    run = np.where(size <= 180, size * 10_000, np.where(size < 20_000, size * 100, size)) + 1e-7
    whole = np.floor(run / 10_000)
    minutes = np.floor(run / 100) - whole * 100
    seconds = run - 1e-7 - whole * 10_000 - minutes * 100
    by_minutes = (size > 180) & (size < 20_000)  # DDMM.mm: what follows the minutes is their fraction
    return (
        whole,
        np.where(by_minutes, minutes + seconds / 100, minutes),
        np.where(by_minutes, 0, np.maximum(seconds, 0)),
    )


def could_be_packed(xy: np.ndarray) -> bool:
    """Whether no coordinate has minutes or seconds of 60 or more, were it packed; up to 5 % of mistakes aside.

    Notes
    -----
    Values of fewer than four decimals say nothing: 120.1 is 120°10'00" as well. So half of them must have as many.
    """
    values = np.abs(xy[np.isfinite(xy)])
    _whole, minutes, seconds = _fields(values)
    fits = (minutes < 60) & (seconds < 60 - 1e-6)
    return bool(len(values) and fits.mean() >= 1 - _MISTAKES and _telling(values).mean() >= 1 / 2)


def _telling(values: np.ndarray) -> np.ndarray:
    return (np.abs(values * 1000 - np.round(values * 1000)) > 1e-6) | (values > 180)


def looks_packed(xy: np.ndarray) -> bool:
    """Whether the coordinates could be packed degrees, and so many could not be by chance."""
    values = np.unique(np.abs(xy[np.isfinite(xy)]))
    values = values[_telling(values)]
    return len(values) >= _ENOUGH and could_be_packed(values)
