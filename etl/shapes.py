"""Geometry as files bring it -> valid, two-dimensional, in the storage CRS; every repair counted."""

from __future__ import annotations

from collections import Counter

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from etl.errors import SourceError
from layers._theme import Geometry

# CGCS2000 and WGS 84 differ by centimetres; the store treats them as one (PROJ's own transformation is a null one).
_SAME = {4490, 4326, 4979, 4480}
# Beijing 1954 and Xi'an 1980: PROJ knows no parameters and would shift by 0 m, silently, where tens of metres are due.
_WITHOUT_PARAMETERS = {4214: "Beijing 1954", 4610: "Xi'an 1980"}

_PARTS = {
    Geometry.POINT: ({0}, {4}),
    Geometry.LINE: ({1, 2}, {5}),
    Geometry.AREA: ({3}, {6}),
}


def to_degrees(place: str, shapes: np.ndarray, crs: CRS, axes: str) -> tuple[np.ndarray, Counter[str]]:
    """Shapes in longitude and latitude of EPSG:4490.

    Parameters
    ----------
    place : str
        The file, for the refusal.
    shapes : array of Geometry, shape (n,)
        In `crs`; None where there is none.
    crs : CRS
        Of the file or the recipe.
    axes : str
        "lon lat", or "lat lon" for coordinates that were written the other way round.

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
    if axes == "lat lon":
        flat = shapely.transform(flat, lambda xy: xy[:, ::-1])
        changes["axes swapped"] += _count(flat)
    moved, named = _moved(place, flat, crs)
    if named:
        changes[f"reprojected from {named}"] += _count(flat)
    _check_range(place, moved, axes)
    return moved, +changes


def _count(shapes: np.ndarray) -> int:
    return int(np.count_nonzero(~shapely.is_missing(shapes)))


def _moved(place: str, shapes: np.ndarray, crs: CRS) -> tuple[np.ndarray, str | None]:
    base = crs.geodetic_crs
    number = base.to_epsg() if base else None
    if base is None:
        raise SourceError(place, f"its CRS {crs.name!r} is tied to no ground", "ask for the data in CGCS2000")
    if number in _WITHOUT_PARAMETERS or any(name in base.name for name in ("Beijing", "Xian", "Xi'an")):
        raise SourceError(
            place, f"its CRS is {crs.name}, on a datum whose parameters are not public", "ask for the data in CGCS2000"
        )
    same = number in _SAME or base.equals(CRS("OGC:CRS84"), ignore_axis_order=True)
    if same and not crs.is_projected:
        return shapes, None
    # Inside one datum only the projection is undone; between datums a transformation must exist, no "ballpark".
    try:
        moving = Transformer.from_crs(crs, base if same else CRS(4326), always_xy=True, allow_ballpark=same)
        return shapely.transform(shapes, lambda xy: np.column_stack(moving.transform(xy[:, 0], xy[:, 1]))), crs.name
    except ProjError:
        raise SourceError(place, f"no transformation leads from {crs.name} to CGCS2000", "ask for CGCS2000") from None


def _check_range(place: str, shapes: np.ndarray, axes: str) -> None:
    """Refuse a file most of whose rows lie nowhere; single ones are findings later."""
    bounds = shapely.bounds(shapes)
    bounds = bounds[~np.isnan(bounds).any(axis=1)]
    if not len(bounds):
        return
    x, y = np.median(bounds[:, 0]), np.median(bounds[:, 1])
    # China lies between 73 and 136 east, 3 and 54 north: the two ranges do not overlap.
    swapped = (abs(y) > 90 >= abs(x)) or (3 <= x <= 54 and 73 <= y <= 136)
    if swapped:
        other = "lat lon" if axes == "lon lat" else "lon lat"
        raise SourceError(place, f"its axes are swapped ({x:.4f}, {y:.4f})", f'say axes = "{other}" in the recipe')
    if not (abs(x) <= 180 and abs(y) <= 90):
        raise SourceError(
            place, f"its coordinates ({x:.1f}, {y:.1f}) are no degrees", 'say their crs = "EPSG:..." in the recipe'
        )


def made_fit(shapes: np.ndarray, wanted: Geometry) -> tuple[np.ndarray, np.ndarray, Counter[str]]:
    """Shapes that the theme's table takes.

    Parameters
    ----------
    shapes : array of Geometry, shape (n,)
        In degrees; None where there is none.
    wanted : Geometry
        The theme's one shape.

    Returns
    -------
    array of Geometry, shape (n,)
        Multi-part where the theme is; None where missing, empty, broken or of another shape.
    array of str, shape (n,)
        The rule that a row broke, "" for none.
    Counter
        Repairs by name.
    """
    out, rules = shapes.copy(), np.full(len(shapes), "", dtype=object)
    bounds = shapely.bounds(shapes)
    absent = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    lost = ~absent & ~(np.isfinite(bounds).all(axis=1) & (np.abs(bounds) <= [180, 90, 180, 90]).all(axis=1))
    mended = ~absent & ~lost & ~shapely.is_valid(shapes)
    out[mended] = shapely.make_valid(out[mended], method="structure", keep_collapsed=False)
    single, multi = _PARTS[wanted]
    kinds = shapely.get_type_id(out)
    other = ~absent & ~lost & ~(np.isin(kinds, [*single, *multi]) & ~shapely.is_empty(out))
    rules[absent], rules[lost], rules[other] = "no_geometry", "not_on_earth", "other_geometry"
    out[rules != ""] = None
    out = _many(out, wanted)
    rules[shapely.is_missing(out) & (rules == "")] = "other_geometry"
    return out, rules, +Counter({"make_valid": int((mended & (rules == "")).sum())})


def _many(shapes: np.ndarray, wanted: Geometry) -> np.ndarray:
    """Single parts as collections of one, and collections of one point as that point."""
    out = shapes.copy()
    kinds = shapely.get_type_id(shapes)
    if wanted is Geometry.AREA:
        out[kinds == 3] = shapely.multipolygons(shapes[kinds == 3][:, None])
    elif wanted is Geometry.LINE:
        lone = np.isin(kinds, (1, 2))
        out[lone] = shapely.multilinestrings(shapes[lone][:, None])
    else:
        lone = (kinds == 4) & (shapely.get_num_geometries(shapes) == 1)
        out[lone] = shapely.get_geometry(shapes[lone], 0)
        out[(kinds == 4) & ~lone] = None
    return out
