"""Which columns of a table say where its rows are: two of them, one that holds both, or one of shapes as text or bytes."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from etl.errors import SourceError
from etl.headers import header_of
from etl.read.asked import DEGREE_PARTS, LAT, LON, LONLAT, WKT, plain
from etl.recipe import Recipe


@dataclass(slots=True)
class Places:
    """Where the rows of a table are, as far as it says.

    Parameters
    ----------
    shapes : array of Geometry, shape (n,)
        None where a row does not say it.
    crs : CRS, optional
        Of columns called longitude and latitude, and of shapes that carry their number.
    broken : dict of int to str
        Place in the table, from 0 -> what is wrong with its shape.
    changes : Counter
        What was read from words.
    by_name : bool
        Whether the CRS is taken from the names of the columns, and from nothing better.
    """

    shapes: np.ndarray
    crs: CRS | None = None
    broken: dict[int, str] = field(default_factory=dict)
    changes: Counter[str] = field(default_factory=Counter)
    by_name: bool = False


def place_columns(place: str, frame: pd.DataFrame, recipe: Recipe) -> Places:
    """The shapes of a table.

    Parameters
    ----------
    place : str
        The file, for the refusal.
    frame : DataFrame, n rows
    recipe : Recipe
        Its [fields] may name the columns `lon` and `lat`, `lonlat` or `wkt`.

    Returns
    -------
    Places
        Longitude and latitude by their names are taken as CGCS2000, and counted; X and Y are not.

    Raises
    ------
    SourceError
        There are no such columns, or a recipe names one that is not there.
    """
    named = {word: _column(place, frame, recipe, word, known) for word, known in _KNOWN.items()}
    lon, lat, both, shape = (named[word] for word in ("lon", "lat", "lonlat", "wkt"))
    if lon and lat:
        return _points(frame[lon], frame[lat], degrees=not plain(lon).startswith(("x", "y")), said=bool(recipe.crs))
    if not (lon or lat) and (parts := _in_parts(frame)):
        return _points(*parts, degrees=True, said=bool(recipe.crs))
    if shape and (found := _shapes(frame[shape])):
        return found
    if both:
        parts = frame[both].map(parted)
        x, y = (pd.Series([each[n] for each in parts], index=frame.index, dtype=object) for n in (0, 1))
        return _points(x, y, degrees=True, said=bool(recipe.crs))
    raise SourceError(
        place,
        f"no column says where its rows are; it has {', '.join(map(str, frame))}",
        "write [fields] lon = ..., lat = ... (or lonlat = ..., or wkt = ...) in the recipe",
        "L07",
    )


_KNOWN = {"lon": LON, "lat": LAT, "lonlat": LONLAT, "wkt": WKT}


def _column(place: str, frame: pd.DataFrame, recipe: Recipe, word: str, known: Sequence[str]) -> str | None:
    if word in recipe.fields:
        return header_of(place, list(frame), recipe.fields[word])
    by_plain = {plain(str(each)): str(each) for each in reversed(list(frame))}
    return next((by_plain[plain(each)] for each in known if plain(each) in by_plain), None)


def _in_parts(frame: pd.DataFrame) -> tuple[pd.Series, pd.Series] | None:
    """Longitude and latitude whose degrees, minutes and seconds stand in columns of their own; seconds may be left out."""
    columns = {re.sub("[()]", "", plain(str(each))): frame[each] for each in reversed(list(frame))}
    lon, lat = (_first_in_parts(columns, names) for names in (LON, LAT))
    return None if lon is None or lat is None else (lon, lat)


def _first_in_parts(columns: dict[str, pd.Series], names: Sequence[str]) -> pd.Series | None:
    for name in names:
        degrees, minutes, seconds = (columns.get(plain(name + part)) for part in DEGREE_PARTS)
        if degrees is not None and minutes is not None:
            return _together(degrees, minutes, seconds)
    return None


def _together(degrees: pd.Series, minutes: pd.Series, seconds: pd.Series | None = None) -> pd.Series:
    """Degrees with their fractions; none where minutes or seconds are 60 or more. Blank seconds are none."""
    whole, sixtieths = (figures(each)[0] for each in (degrees, minutes))
    rest = np.zeros(len(whole)) if seconds is None else np.where(seconds.isna(), 0.0, figures(seconds)[0])
    fit = (sixtieths >= 0) & (sixtieths < 60) & (rest >= 0) & (rest < 60)
    said = np.copysign(np.abs(whole) + sixtieths / 60 + rest / 3600, whole)
    return pd.Series(np.where(fit, said, np.nan), index=degrees.index)


# --- numbers, and degrees as people write them -------------------------------------------------------------------------

_SIGNS = str.maketrans(
    {"度": "°", "º": "°", "˚": "°", "分": "'", "′": "'", "’": "'", "‘": "'", "秒": '"', "″": '"', "”": '"', "“": '"'}
)
_DMS = re.compile(
    r"([NSEW东西南北]?[纬经]?)[:]?([-+]?\d{1,3}(?:\.\d+)?)[°:\s](?:(\d{1,2}(?:\.\d+)?)(?:[':\s](?:(\d{1,2}(?:\.\d+)?)(?:\"|''|))?|)|)([NSEW东西南北]?)"
)
_DASHED = re.compile(r"(\d{1,3})[-‐–—](\d{1,2})[-‐–—](\d{1,2}(?:\.\d+)?)")  # 120-09-18.4
_PLAIN_NUMBER = re.compile(r"([NSEW东西南北]?[纬经]?)[:]?([-+]?\d+(?:\.\d+)?)°?([NSEW东西南北]?)")
_NEGATIVE = set("SW南西")


def degrees_of(text: str) -> float | None:
    """Degrees out of text: "120°09'18.4\"", "１２０度９分", "E120 9 18", "120-09-18.4", "北纬30.1"; None where it is none.

    Notes
    -----
    Minutes and seconds of 60 or more are no degrees.
    """
    bare = re.sub(r"[\u200b\ufeff\x00]", "", unicodedata.normalize("NFKC", text.translate(_SIGNS)))
    bare = bare.translate(_SIGNS).strip().upper()
    bare = _DASHED.sub(r"\1:\2:\3", bare)
    if found := _PLAIN_NUMBER.fullmatch(bare):
        return _signed(float(found[2]), found[1] + found[3])
    found = _DMS.fullmatch(re.sub(r"(?<=[°'\":])\s+|\s+(?=[°'\":])", "", bare))
    if not found:
        return None
    whole, minutes, seconds = (float(found[n] or 0) for n in (2, 3, 4))
    if minutes >= 60 or seconds >= 60:
        return None
    return _signed(np.copysign(abs(whole) + minutes / 60 + seconds / 3600, whole), found[1] + found[5])


def _signed(value: float, letters: str) -> float:
    return -abs(value) if _NEGATIVE & set(letters) else float(value)


def figures(column: pd.Series) -> tuple[np.ndarray, int]:
    """Numbers of a coordinate column, and how many were read from words; what is none becomes NaN."""
    fast = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan).copy()
    told = 0
    for n in np.flatnonzero(np.isnan(fast) & column.notna().to_numpy()):
        value = degrees_of(str(column.iloc[n]))
        if value is not None:
            fast[n], told = value, told + 1
    return fast, told


def _points(lon: pd.Series, lat: pd.Series, *, degrees: bool, said: bool) -> Places:
    (x, words), (y, more) = figures(lon), figures(lat)
    points = np.full(len(x), None, dtype=object)
    there = np.isfinite(x) & np.isfinite(y)
    points[there] = shapely.points(x[there], y[there])
    changes = Counter({"degrees read from words": words + more})
    if degrees and not said:
        changes["longitude and latitude taken as CGCS2000"] = len(x)
    return Places(points, CRS(4490) if degrees else None, changes=+changes, by_name=degrees)


_BOTH = re.compile(r"\s*[\[(]?\s*([^,，;；]+?)\s*[,，;；]\s*([^,，;；]+?)\s*[\])]?\s*")


def parted(value: object) -> tuple[str | None, str | None]:
    """Longitude and latitude of one cell: "120.1,30.2", "(120.1; 30.2)", "120.1 30.2"."""
    found = _BOTH.fullmatch(unicodedata.normalize("NFKC", str(value))) if isinstance(value, str) else None
    if found:
        return found[1], found[2]
    parts = str(value).split() if isinstance(value, str) else []
    return (parts[0], parts[1]) if len(parts) == 2 else (None, None)


# --- shapes as text or bytes --------------------------------------------------------------------------------------------

_NUMBERED = re.compile(r"\s*SRID\s*=\s*(\d+)\s*;\s*", re.IGNORECASE)
_BYTES = re.compile(r"(?:\\x)?0[01][0-9A-Fa-f]{16,}")
_WORDS = re.compile(
    r"\s*(SRID\s*=\s*\d+\s*;\s*)?(MULTI|GEOMETRYCOLLECTION|COMPOUNDCURVE|CIRCULARSTRING|CURVEPOLYGON|POINT|LINESTRING|POLYGON)",
    re.IGNORECASE,
)
BROKEN = "its geometry is broken (a ring that is not closed, or too few points)"


def _shapes(column: pd.Series) -> Places | None:
    """Shapes of a column of well-known text or bytes or of GeoJSON, each row read as what it is; None where none is."""
    shapes, numbers = np.full(len(column), None, dtype=object), set()
    broken: dict[int, str] = {}
    for n, value in enumerate(column):
        if isinstance(value, str) and value.strip():
            shape, number = _shape(value.strip())
            shapes[n] = shape
            numbers |= {number} - {0}
            if shape is None and looks_like_a_shape(value):
                broken[n] = BROKEN
    if shapely.is_missing(shapes).all() and not broken:
        return None
    return Places(shapes, _numbered(numbers), broken)


def looks_like_a_shape(value: str) -> bool:
    """Whether a text begins as well-known text or bytes or GeoJSON do."""
    return bool(_WORDS.match(value) or _BYTES.match(value.strip()) or value.lstrip().startswith("{"))


def _shape(value: str) -> tuple[shapely.Geometry | None, int]:
    """One shape and the number of its CRS, 0 for none."""
    try:
        if _BYTES.fullmatch(value):
            shape = shapely.from_wkb(value.removeprefix("\\x"), on_invalid="ignore")
        elif value.startswith("{"):
            shape = shapely.from_geojson(value, on_invalid="ignore")
        else:
            numbered = _NUMBERED.match(value)
            shape = shapely.from_wkt(value[numbered.end() :] if numbered else value, on_invalid="ignore")
            if numbered and shape is not None:
                shape = shapely.set_srid(shape, int(numbered[1]))
    except Exception:  # shapely has none for arcs, and says so in a way of its own
        return None, 0
    return shape, 0 if shape is None else int(shapely.get_srid(shape))


def _numbered(numbers: set[int]) -> CRS | None:
    try:
        return CRS(numbers.pop()) if len(numbers) == 1 else None
    except CRSError:
        return None
