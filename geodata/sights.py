"""Sights: the ground that each row sees, as a sector or a ring in degrees, drawn and counted from the same shape."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, Result, text

from geodata import conditions, tables, waiting
from geodata.conditions import quoted
from geodata.copying import BLOCK_ROWS, copy_in, copy_in_binary, numbers
from geodata.earth import Floats, Shapes, metres_per_degree, to_drawn
from geodata.shared_tables import DRAWN
from layers import themes
from layers._indicator import Seen, Where
from layers._theme import Sight, Theme

if TYPE_CHECKING:
    import pandas as pd

# Segments of a full circle, as it is drawn. The radius is stretched so that the polygon has the area of the true sector; its edge then
# stays within 0.08 % of the radius from the true arc (4 cm at 50 m).
SEGMENTS = 64


@dataclass(frozen=True, slots=True)
class Sights:
    """What many rows see, with nothing left open.

    Parameters
    ----------
    lon, lat, azimuth, angle : ndarray of float, shape (n,)
        Degrees; an angle of 360 is a ring.
    far, near : ndarray of float, shape (n,)
        Metres.
    assumed : ndarray of bool, shape (n,)
        Whether azimuth, angle, far or near limit was assumed for lack of data.
    """

    lon: Floats
    lat: Floats
    azimuth: Floats
    angle: Floats
    far: Floats
    near: Floats
    assumed: NDArray[np.bool_]

    @property
    def parts(self) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats]:
        """The numbers that make a sector, in the order in which `sectors` and `geodata.seen.sectors_of` take them."""
        return self.lon, self.lat, self.azimuth, self.angle, self.far, self.near

    @property
    def shapes(self) -> Shapes:
        """Their polygons in degrees, EPSG:4490."""
        return sectors(*self.parts)


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


def resolved(sight: Sight, rows: Any) -> Sights:
    """What rows see, with what the declaration assumes where fields are silent.

    Parameters
    ----------
    sight : Sight
        Of the theme.
    rows : DataFrame or structured ndarray
        lon, lat (degrees), azimuth, angle (degrees), far, near (metres; NaN where the file is silent), ring (bool).

    Returns
    -------
    Sights
        In the order of the rows. A row that is no ring and has no azimuth sees all around, as an assumption.
    """
    lon, lat, azimuth, angle, far, near = (np.asarray(rows[name], dtype=float) for name in _NUMBERS)
    ring = np.asarray(rows["ring"]).astype(bool)
    silent = np.isnan(azimuth) & ~ring
    far_is, near_is = far > 0, near >= 0
    far = np.where(far_is, far, sight.assumed_far)
    near = np.where(near_is & (near < far), near, min(sight.assumed_near, sight.assumed_far))
    near = np.where(near < far, near, 0.0)
    angle_is = (angle > 0) | ring
    angle = np.where(ring | silent, 360.0, np.where(angle > 0, np.minimum(angle, 360.0), sight.assumed_angle))
    assumed = silent | ~angle_is | ~far_is | (~near_is & (sight.near is not None))
    return Sights(lon, lat, np.nan_to_num(azimuth), angle, far, near, assumed)


def read(
    connection: Connection,
    theme: Theme,
    sight: Sight,
    more: Mapping[str, Where],
    only: str = "",
    asked: Mapping[str, Any] | None = None,
) -> NDArray[Any]:
    """The numbers of every row that sees.

    Parameters
    ----------
    connection : Connection
    theme : Theme
    sight : Sight
        Of the theme.
    more : mapping of str to Where
        Further columns: 1 for rows that meet the conditions, else 0.
    only : str
        SQL that says which rows are asked for (`t` is the theme's table); all of them when it is empty.
    asked : mapping of str to object, optional
        Parameters of that SQL.

    Returns
    -------
    structured ndarray, shape (n,)
        Fields id, what `resolved` takes, effective, and those of `more`; in the order of the ids.
    """
    binds: dict[str, Any] = dict(asked or {})
    columns = {part: quoted(name) if name else "NULL" for part, name in _parts(sight).items()}
    flags = {"ring": sight.ring or None, "effective": sight.effective, **more}
    columns |= {part: _flag(theme, where, binds) for part, where in flags.items()}
    question = f"""SELECT id, ST_X(geom) AS lon, ST_Y(geom) AS lat, {", ".join(f"{sql} AS {part}" for part, sql in columns.items())}
        FROM onemap.{quoted(theme.name)} t WHERE geom IS NOT NULL AND {conditions.sql(theme, sight.standing, binds)}
        {only and "AND"} {only} ORDER BY id"""  # noqa: S608
    return numbers(connection, question, ("id", "lon", "lat", *columns), binds)


_NUMBERS = ("lon", "lat", "azimuth", "angle", "far", "near")


def _parts(sight: Sight) -> dict[str, str | None]:
    return {"azimuth": sight.azimuth, "angle": sight.angle, "far": sight.far, "near": sight.near}


def _flag(theme: Theme, where: Where | None, binds: dict[str, Any]) -> str:
    """Conditions as 1 or 0; None is met by no row."""
    return "0" if where is None else f"({conditions.sql(theme, where, binds)})::int"


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
    few = changed is not None and len(changed) <= waiting.MOST
    _stage(connection, changed)
    under = _under(connection, theme) if few else set()
    which = "" if changed is None else 'AND "row" IN (SELECT id FROM changed_rows)'
    connection.execute(text(f"DELETE FROM onemap.sights WHERE theme = :theme {which}"), {"theme": theme.name})  # noqa: S608
    rows = read(connection, theme, theme.sight, {}, "" if changed is None else "id IN (SELECT id FROM changed_rows)")
    for start in range(0, len(rows), BLOCK_ROWS):
        _copy(connection, theme, theme.sight, rows[start : start + BLOCK_ROWS])
    tables.index(connection, "sights")
    waiting.note(connection, f"{theme.name}.sights", under | _under(connection, theme) if few else None)
    connection.execute(text("DROP TABLE changed_rows"))
    return len(rows)


def _under(connection: Connection, theme: Theme) -> set[str]:
    """Paths of the units whose boxes the changed sights touch."""
    question = """SELECT DISTINCT l.path FROM changed_rows c JOIN onemap.sights s ON s.theme = :theme AND s."row" = c.id
        JOIN onemap.ladder l ON l.geom && ST_Expand(ST_SetSRID(ST_Transform(s.g3857, 4326), 4490), :reach / 55000)"""
    return set(connection.execute(text(question), {"theme": theme.name, "reach": reach(theme)}).scalars())


_HOLLOW = 100.0
"""Metres by which a near limit may part a sight from the point that it is seen from."""


def reach(theme: Theme) -> float:
    """How far beyond the sights of a theme some reading of an indicator counts what lies near its rows; metres, 0 for none.

    Notes
    -----
    A degree of longitude has 55,000 m or more up to 60 degrees of latitude, which is beyond every county.
    """
    found = [each.reading(own).measure for one in themes().values() for each in one.indicators for own in each.definitions]
    near = [each.within for each in found if isinstance(each, Seen) and each.by == theme.name and each.within]
    return max(near) + _HOLLOW if near else 0.0


def _stage(connection: Connection, ids: Collection[int] | None) -> None:
    """A list of millions is a table: as an array it would be copied for every step."""
    ids = ids or ()
    connection.execute(text("CREATE TEMP TABLE changed_rows (id bigint PRIMARY KEY) ON COMMIT DROP"))
    copy_in(connection, "changed_rows", {"id": np.sort(np.fromiter(ids, dtype=np.int64, count=len(ids)))})
    connection.execute(text("ANALYZE changed_rows"))


def _copy(connection: Connection, theme: Theme, sight: Sight, rows: NDArray[Any]) -> None:
    found = resolved(sight, rows)
    drawn = shapely.transform(found.shapes, to_drawn)
    columns = {
        "theme": [theme.name.encode()] * len(rows),
        "row": _encoded(rows["id"], ">i8"),
        "effective": _encoded(rows["effective"], "u1"),
        "assumed": _encoded(found.assumed, "u1"),
        "g3857": shapely.to_wkb(shapely.set_srid(drawn, DRAWN), include_srid=True).tolist(),
    }
    copy_in_binary(connection, "onemap.sights", columns)


def _encoded(column: Floats | NDArray[np.bool_], form: str) -> list[bytes]:
    """Each number as its bytes."""
    made = column.astype(form)
    raw = made.tobytes()
    return [raw[at : at + made.itemsize] for at in range(0, len(raw), made.itemsize)]


def table(answer: Result[Any]) -> pd.DataFrame:
    """The rows of an answer as a table, column by column: pandas' own way through the rows takes ten times longer."""
    import pandas as pd  # only loads need it, and it is heavy for a process that draws

    rows = answer.all()
    columns = zip(*rows, strict=True) if rows else [()] * len(answer.keys())
    return pd.DataFrame({name: list(column) for name, column in zip(answer.keys(), columns, strict=True)})
