"""What is left of units when the rows of other themes are taken away: rows of a theme that no file brings, worked out again for
the units that a load touches, and written with their history like any others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geodata import fingerprint, history, left_out, loads, placing
from geodata.conditions import near_units, quoted
from geodata.earth import M2_OF_MU, Shapes, areas, metres_per_degree
from geodata.history import Outcome
from layers import DeclarationError, Theme, themes
from layers._exclusion import Exclusion
from layers._theme import Geometry

_AT_ONCE = 400
"""Units whose ground and rows are held in memory together."""


def standing_on(theme: Theme) -> list[Theme]:
    """Themes whose rows follow from those of a theme.

    Raises
    ------
    DeclarationError
        One of them takes away what is no theme of areas.
    """
    found = [each for each in themes().values() if each.left_by and theme.name in each.left_by.minus]
    for each in found:
        for name in each.left_by.minus if each.left_by else ():
            if name not in themes() or themes()[name].geometry is not Geometry.AREA:
                raise DeclarationError(each.place, f"left_by takes away {name!r}, which is no theme of areas", "name themes of areas")
    return found


def touched(connection: Connection, theme: Theme, exclusion: Exclusion, ids: Collection[int]) -> list[str]:
    """Codes of the units in which rows of a theme lie or lay.

    Parameters
    ----------
    connection : Connection
    theme : Theme
        One of those that are taken away.
    exclusion : Exclusion
    ids : collection of int
        Of rows that changed.
    """
    stood = " UNION ALL ".join(
        f"SELECT geom FROM onemap.{quoted(name)} WHERE id = ANY(CAST(:ids AS bigint[]))"  # noqa: S608
        for name in (theme.name, f"{theme.name}_past")
    )
    question = f"""SELECT DISTINCT l.code FROM ({stood}) r JOIN onemap.ladder l ON l.geom && r.geom
        WHERE l.level = :level ORDER BY 1"""  # noqa: S608
    return list(connection.execute(text(question), {"ids": list(ids), "level": exclusion.level}).scalars())


def rebuild(connection: Connection, theme: Theme, load: int, codes: Collection[str] | None = None) -> Outcome:
    """Work out again what is left of units.

    Parameters
    ----------
    connection : Connection
        In the transaction of the load, which stands in the ledger already.
    theme : Theme
        Whose rows are worked out.
    load : int
        Number of the load that they follow from.
    codes : collection of str, optional
        Of the units; None for all of the level.

    Returns
    -------
    Outcome
    """
    exclusion = theme.left_by
    assert exclusion is not None, theme.name
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"onemap.{theme.name}"})
    if codes is None:
        stood = f"SELECT {quoted(exclusion.of)} FROM onemap.{quoted(theme.name)}"  # noqa: S608 - declared names
        asked = text(f"SELECT code FROM onemap.ladder WHERE level = :level UNION {stood}")  # noqa: S608
        codes = list(connection.execute(asked, {"level": exclusion.level}).scalars())
    day = _day(connection, theme, load)
    every = sorted(codes)
    parts = [_rebuilt(connection, theme, exclusion, load, day, every[at : at + _AT_ONCE]) for at in range(0, len(every), _AT_ONCE)]
    return left_out.together(parts) if parts else Outcome(0, 0, 0, 0, 0, frozenset(), frozenset())


def _day(connection: Connection, theme: Theme, load: int) -> date:
    """The day of the load; never one before that of rows which it replaces."""
    line = loads.numbered(connection, load)
    newest = connection.execute(text(f"SELECT max(since) FROM onemap.{quoted(theme.name)}")).scalar()  # noqa: S608 - a declared name
    known = [each for each in (line.as_of if line else loads.newest_day(connection), newest) if each]
    return max(known, default=date.today())


def _rebuilt(connection: Connection, theme: Theme, exclusion: Exclusion, load: int, day: date, codes: list[str]) -> Outcome:
    frame, shapes = _told(theme, exclusion, list(_left(connection, exclusion, codes)))
    rows = history.Rows(frame, shapes, fingerprint.hashes(theme, frame, shapes))
    outcome = history.publish(connection, theme, theme.name, load, day, rows, lambda _rows, some: placing.place(connection, some), partial=True)
    gone = f"""SELECT id FROM onemap.{quoted(theme.name)} WHERE {quoted(exclusion.of)} = ANY(:codes) AND NOT key = ANY(:keys)"""  # noqa: S608
    found = connection.execute(text(gone), {"codes": codes, "keys": frame[theme.key].tolist()}).scalars().all()
    ids = np.array(found, dtype=np.int64)
    former = history.end(connection, theme, ids, load, day)
    return left_out.together([outcome, Outcome(0, 0, len(ids), 0, 0, frozenset(ids.tolist()), former)])


def differing(connection: Connection, theme: Theme) -> list[tuple[str, str, str]]:
    """Pieces that are others when they are worked out again: code, 亩 that stand, 亩 that are left ("none" for no piece)."""
    assert theme.left_by is not None, theme.name
    codes = list(connection.execute(text("SELECT code FROM onemap.ladder WHERE level = :level ORDER BY 1"), {"level": theme.left_by.level}).scalars())
    fresh: dict[str, float] = {}
    for at in range(0, len(codes), _AT_ONCE):
        frame, _ = _told(theme, theme.left_by, list(_left(connection, theme.left_by, codes[at : at + _AT_ONCE])))
        fresh |= dict(zip(frame[theme.key], frame[theme.left_by.mu], strict=True))
    question = f"SELECT key, {quoted(theme.left_by.mu)} FROM onemap.{quoted(theme.name)}"  # noqa: S608 - declared names
    stands = {row[0]: row[1] for row in connection.execute(text(question))}
    wrong = [key for key in sorted(fresh.keys() | stands.keys()) if stands.get(key) != fresh.get(key)]
    return [(key, str(stands.get(key, "none")), str(fresh.get(key, "none"))) for key in wrong]


Piece = tuple[str, str, Any]
"""Code and name of a unit, and a polygon."""


def _left(connection: Connection, exclusion: Exclusion, codes: list[str]) -> Iterator[Piece]:
    """What is left of each unit that was surveyed for every theme."""
    question = "SELECT code, name, ST_AsBinary(geom) FROM onemap.ladder WHERE code = ANY(:codes) AND geom IS NOT NULL ORDER BY code"
    units = connection.execute(text(question), {"codes": codes}).all()
    grounds = _shapes([row[2] for row in units])
    taken = [_near(connection, name, codes) for name in exclusion.minus]
    trees = [shapely.STRtree(each) for each in taken]
    inside = [shapely.STRtree(shapely.point_on_surface(each)) for each in taken]  # a neighbour's rows only touch the border
    for unit, ground in zip(units, grounds, strict=True):
        if all(len(tree.query(ground, predicate="contains")) for tree in inside):
            near = [each[tree.query(ground, predicate="intersects")] for each, tree in zip(taken, trees, strict=True)]
            rest = shapely.difference(ground, shapely.union_all(np.concatenate(near)))
            yield from ((unit[0], unit[1], each) for each in shapely.get_parts(rest) if each.geom_type == "Polygon")


def _near(connection: Connection, name: str, codes: list[str]) -> Shapes:
    question = f"SELECT ST_AsBinary(t.geom) FROM ({near_units(name)}) near JOIN onemap.{quoted(name)} t USING (id) ORDER BY t.id"  # noqa: S608
    return _shapes(list(connection.execute(text(question), {"codes": codes}).scalars()))


def _shapes(found: list[Any]) -> Shapes:
    shapes: Shapes = np.empty(len(found), dtype=object)
    shapes[:] = [bytes(each) for each in found]
    return shapely.from_wkb(shapes)


def _told(theme: Theme, exclusion: Exclusion, pieces: list[Piece]) -> tuple[pd.DataFrame, Shapes]:
    """The pieces that count as rows, numbered in their unit from the largest on."""
    shapes: Shapes = np.empty(len(pieces), dtype=object)
    shapes[:] = [each[2] for each in pieces]
    m2, width = areas(shapes), widths(shapes)
    of, unit = (pd.Series([each[at] for each in pieces], dtype=object) for at in (0, 1))
    said = pd.DataFrame({exclusion.of: of, "unit": unit, "m2": m2, exclusion.width: width.round(1)})
    said = said[(m2 >= exclusion.least_m2) & (width >= exclusion.least_width)].sort_values([exclusion.of, "m2"], ascending=[True, False], kind="stable")
    number = (said.groupby(exclusion.of).cumcount() + 1).map("{:02d}".format).astype(object)
    said[theme.key] = said[exclusion.of] + "C" + number
    said[theme.label] = said["unit"] + "候选" + number
    said[exclusion.mu] = (said["m2"] / M2_OF_MU).round(2)
    kept = shapely.multipolygons(shapes[said.index.to_numpy()][:, None]) if len(said) else shapes[:0]
    return said[[each.name for each in theme.fields]].astype(object).reset_index(drop=True), kept


def widths(grounds: Shapes) -> NDArray[np.float64]:
    """Mean width of polygons in metres: twice the area by the length of the outer border."""
    bounds = shapely.bounds(grounds).reshape(-1, 4)
    east, north = metres_per_degree((bounds[:, 1] + bounds[:, 3]) / 2)
    length = np.empty(len(grounds))
    for at, each in enumerate(grounds):
        length[at] = np.hypot(*(np.diff(shapely.get_coordinates(each.exterior), axis=0) * [east[at], north[at]]).T).sum()
    return 2 * areas(grounds) / np.maximum(length, 1e-9)
