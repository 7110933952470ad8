"""Sights: the ground that each row sees, read from its fields, and kept as it is drawn."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, Result, text

from geodata import conditions, reach, sectors, tables, waiting, watch
from geodata.conditions import quoted
from geodata.copying import BLOCK_ROWS, copy_in, numbers
from geodata.earth import to_drawn
from geodata.shared_tables import DRAWN
from layers._indicator import Where
from layers._theme import Sight, Theme

if TYPE_CHECKING:
    import pandas as pd


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
    question, columns = asking(theme, sight, more, only, binds)
    return numbers(connection, f"{question} ORDER BY id", columns, binds)


def asking(
    theme: Theme, sight: Sight, more: Mapping[str, Where], only: str, binds: dict[str, Any], source: str = ""
) -> tuple[str, tuple[str, ...]]:
    """The question for the numbers of every row that sees, and its columns.

    Parameters
    ----------
    theme, sight, more, only
        As of `read`.
    binds : dict of str to object
        Gains the values of the conditions.
    source : str
        What is read in place of the theme's table: its rows on a day.
    """
    columns = _parts(sight, theme, binds)
    flags = {"ring": sight.ring or None, "effective": sight.effective, **more}
    columns |= {part: _flag(theme, where, binds) for part, where in flags.items()}
    question = f"""SELECT id, ST_X(geom) AS lon, ST_Y(geom) AS lat, {", ".join(f"{sql} AS {part}" for part, sql in columns.items())}
        FROM {source or f"onemap.{quoted(theme.name)}"} t WHERE geom IS NOT NULL AND {conditions.sql(theme, sight.standing, binds)}
        {only and "AND"} {only}"""  # noqa: S608
    return question, ("id", "lon", "lat", *columns)


def _parts(sight: Sight, theme: Theme, binds: dict[str, Any]) -> dict[str, str]:
    """SQL for each number that `geodata.sectors.resolved` takes."""
    named = {part: getattr(sight, part) for part in ("azimuth", "angle", "far", "near", "height", "tilt", "vertical", "pixels")}
    columns = {part: quoted(name) if name else "NULL" for part, name in named.items()}
    if sight.pixels_by:
        for at, (choice, pixels) in enumerate(sight.pixels_of.items()):
            binds |= {f"choice_{at}": choice, f"pixels_{at}": pixels}
        field = quoted(theme.field(sight.pixels_by).name)
        cases = " ".join(f"WHEN {field} = :choice_{at} THEN :pixels_{at}" for at in range(len(sight.pixels_of)))
        columns["pixels"] = f"coalesce({columns['pixels']}, CASE {cases} END)"
    return columns


def assumed(theme: Theme, part: str | None, binds: dict[str, Any]) -> str:
    """SQL that is true for rows that stand and of whose sight a part (None: any) is assumed, as `geodata.sectors` does it.

    Parameters
    ----------
    theme : Theme
        With sight.
    part : str or None
        One of `layers._sight.SIGHT_PARTS`.
    binds : dict of str to object
        Gains the values.
    """
    sight = theme.sight
    assert sight is not None, theme.name
    said = {each: quoted(name) if name else "NULL::float8" for each, name in
            (("near", sight.near), ("height", sight.height), ("tilt", sight.tilt))}  # fmt: skip
    ring = conditions.sql(theme, sight.ring, binds) if sight.ring else "false"
    near = f"NOT ({ring}) AND coalesce({said['near']} < 0, true) AND ({said['height']} IS NULL OR {said['tilt']} IS NULL)"
    parts = {
        "azimuth": f"NOT ({ring}) AND {quoted(sight.azimuth)} IS NULL",
        "angle": f"NOT ({ring}) AND NOT coalesce({quoted(sight.angle)} > 0, false)",
        "far": f"NOT coalesce({quoted(sight.far)} > 0, false)",
        "near": near if sight.near or sight.height else "false",
    }
    asked = parts[part] if part else " OR ".join(f"({each})" for each in parts.values())
    return f"{conditions.sql(theme, sight.standing, binds)} AND ({asked})"


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
    under = reach.under(connection, theme) if few else set()
    _note_reach(connection, theme)
    which = "" if changed is None else 'AND "row" IN (SELECT id FROM changed_rows)'
    connection.execute(text(f"DELETE FROM onemap.sights WHERE theme = :theme {which}"), {"theme": theme.name})  # noqa: S608
    rows = read(connection, theme, theme.sight, {}, "" if changed is None else "id IN (SELECT id FROM changed_rows)")
    for start in range(0, len(rows), BLOCK_ROWS):
        _copy(connection, theme, theme.sight, rows[start : start + BLOCK_ROWS])
    tables.index(connection, "sights")
    _note_reach(connection, theme)
    waiting.note(connection, f"{theme.name}.sights", under | reach.under(connection, theme) if few else None)
    connection.execute(text("DROP TABLE changed_rows"))
    return len(rows)


def _note_reach(connection: Connection, theme: Theme) -> None:
    """Keep the boxes of changed sights in `changed_reach`, for the rest of the transaction."""
    connection.execute(text("CREATE TEMP TABLE IF NOT EXISTS changed_reach (theme text, box geometry) ON COMMIT DROP"))
    question = """INSERT INTO changed_reach SELECT s.theme, ST_Expand(s.g3857, 1) FROM changed_rows c
        JOIN onemap.sights s ON s.theme = :theme AND s."row" = c.id"""
    connection.execute(text(question), {"theme": theme.name})


def turned(connection: Connection, theme: Theme, changed: Collection[int]) -> None:
    """Keep for the rest of the transaction where sights stand whose rows have another state: places are looked at there."""
    _stage(connection, changed)
    _note_reach(connection, theme)
    connection.execute(text("DROP TABLE changed_rows"))


def note(connection: Connection, theme: Theme, changed: Collection[int], around: bool) -> None:
    """Say that units under sights whose rows have another state wait to be measured, those around them too if it bears on these."""
    _stage(connection, changed)
    waiting.note(connection, f"{theme.name}.sights", reach.under(connection, theme))
    if around:
        waiting.note(connection, f"{theme.name}.around", reach.under(connection, theme, reach.beside()))
    connection.execute(text("DROP TABLE changed_rows"))


def recut(connection: Connection, theme: Theme, obstacle: Theme, changed: Collection[int]) -> list[int]:
    """Make the sights anew before which obstacles came, changed or went.

    Parameters
    ----------
    connection : Connection
        In the transaction that published the obstacles.
    theme : Theme
        With sight.
    obstacle : Theme
        That cuts sights.
    changed : collection of int
        Ids of its rows.

    Returns
    -------
    list of int
        Ids of the rows whose sights were made anew.

    Notes
    -----
    An obstacle that comes or goes touches what is seen just before: one behind others changes nothing.
    """
    if len(changed) > waiting.MOST:
        rebuild(connection, theme)
        return list(connection.execute(text('SELECT "row" FROM onemap.sights WHERE theme = :theme'), {"theme": theme.name}).scalars())
    _stage(connection, changed)
    question = f"""SELECT DISTINCT s."row" FROM onemap.sights s, (SELECT o.g3857 FROM changed_rows c
        JOIN onemap.{quoted(obstacle.name)} o USING (id) UNION ALL SELECT p.g3857 FROM changed_rows c
        JOIN onemap.{quoted(f"{obstacle.name}_past")} p USING (id)) o
        WHERE s.theme = :theme AND s.g3857 && ST_Expand(o.g3857, CAST(:reach AS float8) * {reach.STRETCH.format("o")} + 1)"""  # noqa: S608
    binds = {"theme": theme.name, "reach": reach.furthest(theme)}
    rows = list(connection.execute(text(question), binds).scalars())
    connection.execute(text("DROP TABLE changed_rows"))
    rebuild(connection, theme, rows)
    return rows


def _stage(connection: Connection, ids: Collection[int] | None) -> None:
    """A list of millions is a table: as an array it would be copied for every step."""
    ids = () if ids is None else ids
    connection.execute(text("CREATE TEMP TABLE changed_rows (id bigint PRIMARY KEY) ON COMMIT DROP"))
    copy_in(connection, "changed_rows", {"id": np.sort(np.fromiter(ids, dtype=np.int64, count=len(ids)))})
    connection.execute(text("ANALYZE changed_rows"))


def _copy(connection: Connection, theme: Theme, sight: Sight, rows: NDArray[Any]) -> None:
    found = sectors.resolved(sight, rows)
    beyond = reach.beyond(theme, sight, rows, found.near)
    drawn = shapely.transform(watch.shapes(connection, found), to_drawn)
    columns = {
        "theme": pa.repeat(theme.name, len(rows)),
        "row": rows["id"].astype(np.int64),
        "effective": rows["effective"].astype(bool),
        "assumed": found.assumed.astype(bool),
        "beyond": pa.array(beyond.astype(np.float64)),
        "g3857": shapely.to_wkb(shapely.set_srid(drawn, DRAWN), include_srid=True),
    }
    copy_in(connection, "onemap.sights", columns)


def table(answer: Result[Any]) -> pd.DataFrame:
    """The rows of an answer as a table, column by column: pandas' own way through the rows takes ten times longer."""
    import pandas as pd  # only loads need it, and it is heavy for a process that draws

    rows = answer.all()
    columns = zip(*rows, strict=True) if rows else [()] * len(answer.keys())
    return pd.DataFrame({name: list(column) for name, column in zip(answer.keys(), columns, strict=True)})
