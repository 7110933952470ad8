"""Sights: the ground that each row sees, as a sector or a ring in degrees, drawn and counted from the same shape."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, Result, text

from geodata import conditions
from geodata.conditions import quoted
from geodata.copying import copy_in
from geodata.earth import Floats, Shapes, metres_per_degree
from layers._theme import Sight, Theme

# Segments of a full circle. The radius is stretched so that the polygon has the area of the true sector; its edge then
# stays within 0.08 % of the radius from the true arc (4 cm at 50 m).
SEGMENTS = 64


@dataclass(frozen=True, slots=True)
class Sights:
    """Shapes of many sights.

    Parameters
    ----------
    shapes : ndarray of shapely Polygon, shape (n,)
        Degrees, EPSG:4490.
    assumed : ndarray of bool, shape (n,)
        Whether azimuth, angle, far or near limit was assumed for lack of data.
    """

    shapes: Shapes
    assumed: NDArray[np.bool_]


def sectors(lon: Floats, lat: Floats, azimuth: Floats, angle: Floats, far: Floats, near: Floats) -> Shapes:
    """Sectors of circles on the ground.

    Parameters
    ----------
    lon, lat : ndarray of float, shape (n,)
        Degrees.
    azimuth, angle : ndarray of float, shape (n,)
        Direction of the middle, clockwise from north, and width; degrees. An angle of 360 or more is a ring.
    far, near : ndarray of float, shape (n,)
        Limits in metres; a near limit of 0 begins at the point itself.

    Returns
    -------
    ndarray of shapely Polygon, shape (n,)
        Degrees; each with the area of the true sector.
    """
    angle = np.minimum(angle, 360.0)
    steps = np.maximum(np.ceil(angle / 360 * SEGMENTS - 1e-9).astype(int), 1)
    shapes = np.empty(len(lon), dtype=object)
    for kind in np.unique(np.stack([steps, angle >= 360, near > 0]), axis=1).T:
        chosen = (steps == kind[0]) & ((angle >= 360) == kind[1]) & ((near > 0) == kind[2])
        shapes[chosen] = _alike([part[chosen] for part in (lon, lat, azimuth, angle, far, near)], *map(int, kind))
    return shapes


def _alike(parts: list[Floats], steps: int, ring: int, hollow: int) -> Shapes:
    """Sectors with the same number of corners."""
    lon, lat, azimuth, angle, far, near = parts
    width = np.radians(angle)[:, None]
    bearing = np.radians(azimuth)[:, None] + width * (np.linspace(0, 1, steps + 1)[None, :] - 0.5)
    stretch = np.sqrt((width / steps) / np.sin(width / steps))
    outer = _points(lon, lat, bearing, far[:, None] * stretch)
    inner = _points(lon, lat, bearing, near[:, None] * stretch)[:, ::-1]
    if ring:
        holes = shapely.linearrings(_closed(inner[:, 1:]))[:, None] if hollow else None
        return shapely.polygons(shapely.linearrings(_closed(outer[:, 1:])), holes=holes)
    middle = inner if hollow else np.stack([lon, lat], axis=1)[:, None, :]
    return shapely.polygons(_closed(np.concatenate([outer, middle], axis=1)))


def _closed(points: Floats) -> Floats:
    """A ring's end is its beginning to the bit: corners that nearly coincide make unions fail."""
    return np.concatenate([points, points[:, :1]], axis=1)


def _points(lon: Floats, lat: Floats, bearing: Floats, metres: Floats) -> Floats:
    """Ends of short lines from the points, by the mid-latitude rule; degrees, shape (n, corners, 2)."""
    _, north = metres_per_degree(lat[:, None])
    y = lat[:, None] + metres * np.cos(bearing) / north
    east, _ = metres_per_degree((lat[:, None] + y) / 2)
    x = lon[:, None] + metres * np.sin(bearing) / east
    return np.stack([x, y], axis=2)


def shaped(sight: Sight, rows: pd.DataFrame) -> Sights:
    """The sights of rows, with what the declaration assumes where fields are silent.

    Parameters
    ----------
    sight : Sight
        Of the theme.
    rows : DataFrame
        Columns lon, lat (degrees), azimuth, angle (degrees), far, near (metres; NaN where the file is silent),
        ring (bool).

    Returns
    -------
    Sights
        In the order of the rows. A row that is no ring and has no azimuth sees all around, as an assumption.
    """
    azimuth, angle, far, near = (rows[name].to_numpy(float) for name in ("azimuth", "angle", "far", "near"))
    ring = rows["ring"].to_numpy(bool)
    silent = np.isnan(azimuth) & ~ring
    far_is, near_is = far > 0, near >= 0
    far = np.where(far_is, far, sight.assumed_far)
    near = np.where(near_is & (near < far), near, min(sight.assumed_near, sight.assumed_far))
    near = np.where(near < far, near, 0.0)
    angle_is = (angle > 0) | ring
    angle = np.where(ring | silent, 360.0, np.where(angle > 0, angle, sight.assumed_angle))
    shapes = sectors(rows["lon"].to_numpy(float), rows["lat"].to_numpy(float), np.nan_to_num(azimuth), angle, far, near)
    no_near = ~near_is & (sight.near is not None)
    return Sights(shapes, silent | ~angle_is | ~far_is | no_near)


def rebuild(connection: Connection, theme: Theme, changed: Collection[int] | None = None) -> int:
    """Write the sights of a theme's current rows to `onemap.sights`.

    Parameters
    ----------
    connection : Connection
        In the transaction that published the rows.
    theme : Theme
        Does nothing when it declares no sight.
    changed : collection of int, optional
        Ids of rows that came, changed or went; None for all rows.

    Returns
    -------
    int
        Number of sights written.
    """
    if theme.sight is None:
        return 0
    which = {"theme": theme.name, "ids": None if changed is None else [int(each) for each in changed]}
    gone = "DELETE FROM onemap.sights WHERE theme = :theme AND (CAST(:ids AS bigint[]) IS NULL OR row = ANY(:ids))"
    connection.execute(text(gone), which)
    rows = _rows(connection, theme, theme.sight, which["ids"])
    if len(rows):
        _copy(connection, theme, rows, shaped(theme.sight, rows))
    return len(rows)


def _rows(connection: Connection, theme: Theme, sight: Sight, ids: Any) -> pd.DataFrame:
    binds: dict[str, Any] = {"ids": ids}
    number = {part: f"{quoted(name)}::float8" if name else "NULL::float8" for part, name in _parts(sight).items()}
    question = f"""SELECT id, ST_X(geom) AS lon, ST_Y(geom) AS lat,
            {", ".join(f"{column} AS {part}" for part, column in number.items())},
            {conditions.sql(theme, sight.ring, binds) if sight.ring else "false"} AS ring,
            {conditions.sql(theme, sight.effective, binds)} AS effective
        FROM onemap.{quoted(theme.name)} WHERE geom IS NOT NULL AND {conditions.sql(theme, sight.standing, binds)}
            AND (CAST(:ids AS bigint[]) IS NULL OR id = ANY(:ids)) ORDER BY id"""  # noqa: S608
    return table(connection.execute(text(question), binds))


def table(answer: Result[Any]) -> pd.DataFrame:
    """The rows of an answer as a table, column by column: pandas' own way through the rows takes ten times longer."""
    rows = answer.all()
    columns = zip(*rows, strict=True) if rows else [()] * len(answer.keys())
    return pd.DataFrame({name: list(column) for name, column in zip(answer.keys(), columns, strict=True)})


def _parts(sight: Sight) -> dict[str, str | None]:
    return {"azimuth": sight.azimuth, "angle": sight.angle, "far": sight.far, "near": sight.near}


def _copy(connection: Connection, theme: Theme, rows: pd.DataFrame, sights: Sights) -> None:
    columns = {
        "theme": np.full(len(rows), theme.name, dtype=object),
        "row": rows["id"],
        "effective": rows["effective"],
        "assumed": sights.assumed,
        "geom": shapely.to_wkb(shapely.set_srid(sights.shapes, 4490), hex=True, include_srid=True),
    }
    copy_in(connection, "onemap.sights", columns)
