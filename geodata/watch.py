"""Watch: the rows of a theme made ready to be asked what they see, with what obstacles leave of their sights."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geodata import sectors, seen, shadows, sweep
from geodata.conditions import quoted
from geodata.earth import Floats, Shapes
from geodata.sectors import Sights
from geodata.shadows import Wedges
from layers import themes
from layers._theme import Sight, Theme

_FEW = 2_000
"""Up to so many sights, obstacles are looked for sight by sight; for more, in the box of all of them."""

_ROUNDED = 1e-9
"""Degrees (0.1 mm): edges that two wedges share are the same edge."""


def obstacles() -> tuple[Theme, ...]:
    """The themes that cut sights."""
    return tuple(each for each in themes().values() if each.obstacle)


def standing(connection: Connection) -> bool:
    """Whether anything stands that cuts sights."""
    return any(connection.execute(text(f"SELECT EXISTS (SELECT FROM onemap.{quoted(each.name)})")).scalar() for each in obstacles())  # noqa: S608


def eyes(connection: Connection, sight: Sight, rows: Any, purpose: str | None = None) -> seen.Eyes:
    """What rows see, cut by the obstacles that stand now.

    Parameters
    ----------
    connection : Connection
    sight : Sight
        Of their theme.
    rows : structured ndarray, shape (n,)
        Of `geodata.sights.read`.
    purpose : str, optional
        See `geodata.sectors.resolved`.

    Returns
    -------
    Eyes
        Of n rows.
    """
    parts, boxes = _wedges(connection, sectors.resolved(sight, rows, purpose))
    return seen.Eyes(parts.sectors, parts.owner, None if parts.cut.any() else boxes)


def wedges(connection: Connection, found: Sights) -> Wedges:
    """Sights as sectors, those with an obstacle before them in several parts."""
    return _wedges(connection, found)[0]


def _wedges(connection: Connection, found: Sights) -> tuple[Wedges, Floats]:
    """The same, with the boxes of the sectors as they were before they were parted."""
    plain = seen.sectors_of(*found.parts)
    boxes = seen.boxes(plain)
    return shadows.cut(plain, found.azimuth, found.angle, boxes, _standing(connection, boxes)), boxes


def shapes(connection: Connection, found: Sights) -> Shapes:
    """Sights as they are drawn.

    Returns
    -------
    ndarray of shapely Polygon or MultiPolygon, shape (n,)
        Degrees.
    """
    made, parts = found.shapes, wedges(connection, found)
    if parts.cut.any():
        inside = parts.cut[parts.owner]
        pieces, owner = _pieces(parts.sectors[inside]), parts.owner[inside]
        starts = np.searchsorted(owner, np.arange(len(made) + 1))
        for row in np.flatnonzero(parts.cut):
            made[row] = shapely.union_all(pieces[starts[row] : starts[row + 1]], grid_size=_ROUNDED)
    return made


def _pieces(wedges: Floats) -> Shapes:
    """Each wedge as a polygon."""
    bearing = [np.arctan2(wedges[:, at], wedges[:, at + 1]) for at in (sweep.SIN_1, sweep.SIN_2)]
    width = np.where(wedges[:, sweep.KIND] == sweep.RING, 2 * np.pi, (bearing[1] - bearing[0]) % (2 * np.pi))
    middle = np.degrees(bearing[0] + width / 2)
    lon, lat, far, near = (wedges[:, at] for at in (sweep.LON, sweep.LAT, sweep.FAR, sweep.NEAR))
    made = sectors.sectors(lon, lat, middle, np.degrees(width), far, near)
    walled = np.flatnonzero(wedges[:, sweep.WALL_C] > 0)
    if len(walled):
        one = wedges[walled]
        before = _triangles(one, bearing[0][walled], bearing[1][walled])
        foot = sectors.sectors(lon[walled], lat[walled], middle[walled], np.degrees(width[walled]), one[:, sweep.NEAR], 0 * one[:, 0])
        made[walled] = np.where(one[:, sweep.NEAR] > 0, shapely.difference(before, foot), before)
    return made


def _triangles(wedges: Floats, first: Floats, second: Floats) -> Shapes:
    """The ground between a point and the wall before it."""
    lon, lat = wedges[:, sweep.LON], wedges[:, sweep.LAT]
    ends = []
    for bearing in (first, second):
        toward = wedges[:, sweep.WALL_X] * np.sin(bearing) + wedges[:, sweep.WALL_Y] * np.cos(bearing)
        metres = wedges[:, sweep.WALL_C] / np.maximum(toward, 1e-12)
        ends.append(sectors.ends(lon, lat, bearing[:, None], np.minimum(metres, 10 * wedges[:, sweep.FAR])[:, None])[:, 0])
    foot = np.stack([lon, lat], axis=1)
    return shapely.polygons(np.stack([foot, *ends, foot], axis=1))


def _standing(connection: Connection, boxes: Floats) -> Shapes:
    """The obstacles in any of the boxes, and perhaps others."""
    found: list[Any] = []
    for theme in obstacles() if len(boxes) else ():
        rows = connection.execute(text(_question(theme, len(boxes))), _asked(boxes)).scalars()
        found += [bytes(each) for each in rows]
    return _polygons(found)


def _polygons(found: list[Any]) -> Shapes:
    wkb: NDArray[Any] = np.empty(len(found), dtype=object)
    wkb[:] = found
    return shapely.from_wkb(wkb)


def _question(theme: Theme, n: int) -> str:
    table = f"onemap.{quoted(theme.name)}"
    if n > _FEW:
        return f"SELECT ST_AsBinary(geom) FROM {table} WHERE geom && ST_MakeEnvelope(:w, :s, :e, :n, 4490) ORDER BY id"  # noqa: S608
    return f"""SELECT ST_AsBinary(geom) FROM {table} WHERE id IN (SELECT o.id FROM {table} o JOIN
        unnest(CAST(:ws AS float8[]), CAST(:ss AS float8[]), CAST(:es AS float8[]), CAST(:ns AS float8[])) AS b(w, s, e, n)
        ON o.geom && ST_MakeEnvelope(b.w, b.s, b.e, b.n, 4490)) ORDER BY id"""  # noqa: S608


def _asked(boxes: Floats) -> dict[str, Any]:
    west, south, east, north = boxes.T
    if len(boxes) > _FEW:
        return {"w": float(west.min()), "s": float(south.min()), "e": float(east.max()), "n": float(north.max())}
    return {"ws": west.tolist(), "ss": south.tolist(), "es": east.tolist(), "ns": north.tolist()}
