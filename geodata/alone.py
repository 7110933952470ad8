"""What one row sees: how far for each purpose, which ground, roads and places, and what of these no other row sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geodata import conditions, places, sectors, sights, stretches, watch
from geodata.conditions import quoted
from geodata.door import Reader
from geodata.earth import Floats, Shapes, areas
from geodata.seen import Bools, Eyes
from layers import Theme
from layers._indicator import Where
from layers._sight import Purpose
from layers._theme import Geometry, Sight

# Rows whose sights touch that of the row that is asked about; it is one of them.
_BESIDE = """t.id IN (SELECT s."row" FROM onemap.sights o JOIN onemap.sights s ON s.theme = o.theme AND s.g3857 && o.g3857
    WHERE o.theme = :seer AND o."row" = :own)"""

_TIDY = 0.5
"""m² and metres: what remains of ground that others see too is the rounding of two ways to measure."""


@dataclass(frozen=True, slots=True)
class Sees:
    """What one row sees by design, and what only it sees: lost when it fails.

    Parameters
    ----------
    ranges : mapping of Purpose to float
        Metres to which its picture serves each purpose, from its pixels and lens.
    near, far : float
        Metres, as its sight is drawn.
    assumed : bool
        Whether part of its sight was assumed.
    m2, only_m2 : float
        Ground.
    amounts : mapping of str to (float, float)
        Theme -> rows, or metres of lines, that it sees, and those that no other row sees.
    """

    ranges: Mapping[Purpose, float]
    near: float
    far: float
    assumed: bool
    m2: float
    only_m2: float
    amounts: Mapping[str, tuple[float, float]]


def sees(reader: Reader, theme: Theme, row: int) -> Sees | None:
    """What a row sees.

    Parameters
    ----------
    reader : Reader
        Sights of past days are not kept: nothing is found on one.
    theme : Theme
    row : int
        Its id.

    Returns
    -------
    Sees or None
        None for a theme or a row without sight.
    """
    if theme.sight is None or reader.scope.day is not None:
        return None
    binds = {"seer": theme.name, "own": row}
    rows = sights.read(reader.connection, theme, theme.sight, {}, _BESIDE, binds)
    own = rows["id"] == row
    if not own.any():
        return None
    one = sectors.resolved(theme.sight, rows[own])
    shape = watch.shapes(reader.connection, one)
    eyes = watch.eyes(reader.connection, theme.sight, rows)
    whole = float(areas(shape)[0])
    only = max(whole - float(eyes.ground(shape, ~own)[0]), 0.0)
    amounts = {each.name: _amounts(reader, eyes, own, each, among, shape) for each, among in places.wanted(theme)}
    return Sees(_ranges(theme.sight, rows[own]), float(one.near[0]), float(one.far[0]), bool(one.assumed[0]), whole,
                only if only > _TIDY else 0.0, amounts)  # fmt: skip


def _ranges(sight: Sight, row: Any) -> dict[Purpose, float]:
    return {each: float(sectors.resolved(sight, row, each).far[0]) for each in Purpose}


def _amounts(reader: Reader, eyes: Eyes, own: Bools, theme: Theme, among: Where, shape: Shapes) -> tuple[float, float]:
    """What of a theme the row sees, and what only it sees."""
    shapes = _near(reader, theme, among, shape)
    if not len(shapes):
        return 0.0, 0.0
    if theme.geometry is Geometry.LINE:
        parts = stretches.segments(shapes)
        mine, all_, others = (float(eyes.lines(parts, mask).sum()) for mask in (own, own | True, ~own))
        lost = all_ - others
        return mine, lost if lost > _TIDY else 0.0
    lon, lat = _xy(shapes)
    mine_, others_ = eyes.points(lon, lat, own), eyes.points(lon, lat, ~own)
    return float(mine_.sum()), float((mine_ & ~others_).sum())


def _xy(points: Shapes) -> tuple[Floats, Floats]:
    return np.ascontiguousarray(shapely.get_x(points)), np.ascontiguousarray(shapely.get_y(points))


def _near(reader: Reader, theme: Theme, among: Where, shape: Shapes) -> Shapes:
    """The rows of a theme in the box of a shape that ought to be seen, areas by a point in them."""
    binds: dict[str, Any] = dict(zip("wsen", shapely.bounds(shape[0]).tolist(), strict=True))
    found = "geom" if theme.geometry is not Geometry.AREA else "ST_PointOnSurface(geom)"
    question = f"""SELECT ST_AsBinary({found}) AS shape FROM onemap.{quoted(theme.name)} t
        WHERE geom && ST_MakeEnvelope(:w, :s, :e, :n, 4490) AND {conditions.sql(theme, among, binds)}"""  # noqa: S608
    return np.array([shapely.from_wkb(bytes(each["shape"])) for each in reader.all(question, **binds)], dtype=object)
