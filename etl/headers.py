"""Which header of a file is which field, and which columns of a table say where its rows are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from etl.errors import SourceError
from etl.read.asked import LAT, LON, WKT, plain
from etl.recipe import PLACES, Recipe
from etl.values import UnreadableError, reader_of
from layers import Text, Theme
from layers._field import Field, Kind


def fields_of(place: str, headers: Sequence[str], theme: Theme, recipe: Recipe) -> dict[str, str]:
    """Our field -> their header.

    Parameters
    ----------
    place : str
        The file, for the refusal.
    headers : sequence of str
        Of the file.
    theme : Theme
        Its fields say the headers they are known by, best first.
    recipe : Recipe
        Its [fields] come before everything.

    Raises
    ------
    SourceError
        The recipe names a header that the file does not have, or a required field has none.
    """
    named = {name: _header(place, headers, theirs) for name, theirs in recipe.fields.items()}
    taken, chosen = set(named.values()), {name: each for name, each in named.items() if name not in PLACES}
    for _rank, name, header in sorted(_offers(headers, theme, recipe)):
        if name not in chosen and header not in taken:
            chosen[name] = header
            taken.add(header)
    for each in theme.fields:
        if each.required and each.name not in chosen and each.name not in recipe.constants:
            raise SourceError(
                place,
                f"no column is {each.title.zh} ({each.name}); it has {', '.join(headers) or 'none'}",
                f"give the right --theme, or write [fields] {each.name} = ... in the recipe",
            )
    return chosen


def _header(place: str, headers: Sequence[str], wanted: str) -> str:
    for fold in (str, plain):
        for each in headers:
            if fold(each) == fold(wanted):
                return each
    raise SourceError(
        place, f"no column {wanted}; it has {', '.join(headers) or 'none'}", "mend [fields] of the recipe"
    )


def _offers(headers: Sequence[str], theme: Theme, recipe: Recipe) -> list[tuple[int, str, str]]:
    """(rank, field, header) for every header that a field is known by; exact spelling before a plain one."""
    offers = []
    for each in theme.fields:
        if each.name in recipe.constants:
            continue
        for rank, known in enumerate(each.headers()):
            for header in headers:
                if header == known:
                    offers.append((rank, each.name, header))
                elif plain(header) == plain(known):
                    offers.append((rank + 100, each.name, header))
    return offers


def place_columns(
    place: str, frame: pd.DataFrame, theme: Theme, recipe: Recipe
) -> tuple[np.ndarray, CRS | None, Counter[str]]:
    """Points out of two columns, or shapes out of well-known text.

    Returns
    -------
    array of Geometry, CRS or None, Counter
        Longitude and latitude by their names are taken as CGCS2000, and counted; X and Y are not.

    Raises
    ------
    SourceError
        There are no such columns.
    """
    wkt = recipe.fields.get("wkt") or _first(frame, WKT)
    lon, lat = (recipe.fields.get(name) or _first(frame, known) for name, known in (("lon", LON), ("lat", LAT)))
    if lon and lat:
        x, y = (_figures(frame[_header(place, list(frame), each)]) for each in (lon, lat))
        degrees = not plain(lon).startswith("x")
        said = CRS(4490) if degrees else None
        changes = Counter(
            {"longitude and latitude taken as CGCS2000": len(frame)} if degrees and not recipe.crs else {}
        )
        return _points(x, y), said, changes
    if wkt:
        texts = frame[_header(place, list(frame), wkt)].to_numpy(dtype=object)
        return shapely.from_wkt(texts, on_invalid="ignore"), None, Counter()
    raise SourceError(
        place,
        f"no column says where its rows are; it has {', '.join(frame)}",
        "write [fields] lon = ..., lat = ... (or wkt = ...) in the recipe",
    )


def _first(frame: pd.DataFrame, known: Sequence[str]) -> str | None:
    by_plain = {plain(str(each)): str(each) for each in reversed(list(frame))}
    return next((by_plain[plain(each)] for each in known if plain(each) in by_plain), None)


_COORDINATE = Field(name="coordinate", title=Text("坐标", "Coordinate"), kind=Kind.NUMBER, unit="°")


def _figures(column: pd.Series) -> np.ndarray:
    """Numbers of a coordinate column; what is none becomes NaN, and the row a finding without geometry."""
    fast = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan).copy()
    read = reader_of(_COORDINATE)
    for n in np.flatnonzero(np.isnan(fast) & column.notna().to_numpy()):
        try:
            value = read(column.iloc[n]).value
        except UnreadableError:
            continue
        fast[n] = np.nan if value is None else value
    return fast


def _points(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    points = np.full(len(x), None, dtype=object)
    there = np.isfinite(x) & np.isfinite(y)
    points[there] = shapely.points(x[there], y[there])
    return points
