"""Which unit a row stands in: the deepest one that holds it; on a shared border the one with the smaller code."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geodata import named
from geodata.copying import copy_in
from geodata.ladder import rungs
from layers import Theme, themes

Texts = NDArray[Any]


def place(connection: Connection, shapes: NDArray[Any]) -> tuple[Texts, Texts]:
    """The unit of each shape.

    Parameters
    ----------
    connection : Connection
    shapes : array of Geometry, shape (n,), EPSG:4490
        Points as they are; lines and areas by a point on them.

    Returns
    -------
    array of str, shape (n,)
        Code of the deepest unit; None outside every one.
    array of str, shape (n,)
        Its path.
    """
    if not len(shapes):
        return np.empty(0, dtype=object), np.empty(0, dtype=object)
    points = shapely.point_on_surface(shapes) if (shapely.get_type_id(shapes) != 0).any() else shapes
    codes, ways = np.full(len(points), None, dtype=object), np.full(len(points), None, dtype=object)
    # Leaves first: small shapes, nearly every row; the large ones above are asked for what is left in their gaps.
    for leaves in (True, False):
        left = np.flatnonzero([each is None for each in codes])
        if len(left):
            codes[left], ways[left] = _held(connection, points[left], leaves=leaves)
    return codes, ways


def _held(connection: Connection, points: NDArray[Any], *, leaves: bool) -> tuple[Texts, Texts]:
    codes, ways, grounds = _units(connection, leaves=leaves)
    units, held = shapely.STRtree(points).query(grounds, predicate="intersects")
    best = np.full(len(points), len(grounds))
    np.minimum.at(best, held, units)
    return codes[best], ways[best]


Units = tuple[Texts, Texts, NDArray[Any]]
_LAST: dict[tuple[Any, ...], Units] = {}


def _units(connection: Connection, *, leaves: bool) -> Units:
    """Codes, paths (both with None at the end) and grounds, the deepest units and then the smallest codes first.

    Notes
    -----
    Kept for the next load of this process: loads of one day follow one another over the same ladder. The table's own
    number is part of what is asked for, so that a store made anew is never taken for the one before.
    """
    now = (str(connection.engine.url), *ladder_now(connection), leaves)
    if now not in _LAST:
        for former in [each for each in _LAST if each[:-1] != now[:-1]]:
            del _LAST[former]
        _LAST[now] = _asked(connection, leaves=leaves)
    return _LAST[now]


def ladder_now(connection: Connection) -> tuple[int, int | None]:
    """The number of the table of units, and the load that made it what it is."""
    version = "SELECT 'onemap.ladder'::regclass::oid::bigint, (SELECT version FROM onemap.versions WHERE theme = 'ladder')"
    row = connection.execute(text(version)).one()
    return row[0], row[1]


def _asked(connection: Connection, *, leaves: bool) -> Units:
    question = text(
        f"""SELECT code, path, ST_AsBinary(geom) AS wkb FROM onemap.ladder
        WHERE geom IS NOT NULL AND {"children = 0" if leaves else "children > 0"} ORDER BY depth DESC, code"""  # noqa: S608
    )
    rows = connection.execute(question).all()
    codes, ways = ([*(getattr(row, name) for row in rows), None] for name in ("code", "path"))
    grounds = np.asarray(shapely.from_wkb([bytes(row.wkb) for row in rows]), dtype=object)
    return np.array(codes, dtype=object), np.array(ways, dtype=object), grounds


def place_again(connection: Connection) -> dict[str, frozenset[str]]:
    """Stamp the rows of every theme that stand elsewhere since the ladder changed.

    Parameters
    ----------
    connection : Connection
        In the transaction that rebuilt the ladder.

    Returns
    -------
    dict of str to frozenset of str
        Theme -> paths that its moved rows left or entered; themes without such rows are missing.
    """
    moved = {each.name: _units_again(connection, each) for each in rungs()}
    for each in themes().values():
        if not each.rung:
            moved[each.name] = named.stand_again(connection, each) if each.placed_by else _rows_again(connection, each)
    return {name: paths for name, paths in moved.items() if paths}


def _units_again(connection: Connection, theme: Theme) -> frozenset[str]:
    """A unit stands in itself."""
    code = theme.rung.code if theme.rung else theme.key
    question = text(
        f"""WITH old AS (SELECT id, path FROM onemap."{theme.name}")
        UPDATE onemap."{theme.name}" t SET unit = l.code, path = l.path FROM onemap.ladder l, old
        WHERE l.code = t."{code}" AND old.id = t.id AND (t.unit, t.path) IS DISTINCT FROM (l.code, l.path)
        RETURNING old.path, l.path"""  # noqa: S608
    )
    return frozenset(path for row in connection.execute(question) for path in row if path)


def _rows_again(connection: Connection, theme: Theme) -> frozenset[str]:
    question = text(f'SELECT id, unit, path, ST_AsBinary(ST_PointOnSurface(geom)) AS wkb FROM onemap."{theme.name}"')  # noqa: S608
    rows = connection.execute(question).all()
    if not rows:
        return frozenset()
    units, paths = place(connection, shapely.from_wkb([bytes(row.wkb) for row in rows]))
    stood = np.array([row.path for row in rows], dtype=object)
    moved = np.flatnonzero([old != new for old, new in zip(stood, paths, strict=True)])
    if not len(moved):
        return frozenset()
    connection.execute(text("CREATE TEMP TABLE moved (id bigint, unit text, path text) ON COMMIT DROP"))
    ids = pa.array([rows[n].id for n in moved.tolist()])
    copy_in(
        connection,
        "moved",
        {"id": ids, "unit": pa.array(units[moved], pa.string()), "path": pa.array(paths[moved], pa.string())},
    )
    connection.execute(
        text(f'UPDATE onemap."{theme.name}" t SET unit = m.unit, path = m.path FROM moved m WHERE m.id = t.id')  # noqa: S608
    )
    connection.execute(text("DROP TABLE moved"))
    return frozenset(each for each in [*stood[moved], *paths[moved]] if each)
