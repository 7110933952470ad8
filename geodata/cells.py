"""The point pyramid: how many rows stand in each square of each zoom, by state; drawn as clusters and as heat."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, text

from layers import Theme
from layers._theme import Geometry

FINEST, COARSEST = 14, 4
"""Zooms of the pyramid."""

SIDE = 16
"""Cells along one side of a tile of the cell's own zoom."""

HALF_WORLD = 20_037_508.342789244
"""Metres from the middle of EPSG:3857 to its edge."""


MOST = 20_000
"""Rows that a load may change and still have only their own cells counted again; beyond that all are, which is faster."""


def rebuild(
    connection: Connection, theme: Theme, changed: Collection[int] | None = None, paths: Collection[str] = ()
) -> int:
    """Make the cells of one theme agree with its rows, inside the caller's transaction.

    Parameters
    ----------
    connection : Connection
        In the transaction that published the theme.
    theme : Theme
        Of points; nothing is made for any other.
    changed : collection of int, optional
        Ids of rows that came, changed or went; None for all rows.
    paths : collection of str
        Of units in which rows came, changed or went: where a row went and left no former version behind.

    Returns
    -------
    int
        Cells of the finest zoom that were counted.
    """
    if theme.geometry is not Geometry.POINT:
        connection.execute(text("DELETE FROM onemap.cells WHERE theme = :theme"), {"theme": theme.name})
        return 0
    if changed is None or len(changed) > MOST:
        return _all(connection, theme)
    return _some(connection, theme, sorted(changed), sorted(paths))


def _all(connection: Connection, theme: Theme) -> int:
    connection.execute(text("DELETE FROM onemap.cells WHERE theme = :theme"), {"theme": theme.name})
    made: int = connection.execute(text(into(finest(theme))), binds(theme)).rowcount
    for z in range(FINEST - 1, COARSEST - 1, -1):
        connection.execute(text(into(coarser(theme))), binds(theme) | {"z": z})
    return made


def _some(connection: Connection, theme: Theme, ids: list[int], paths: list[str]) -> int:
    connection.execute(text("CREATE TEMP TABLE touched_cells (cy int, cx int, PRIMARY KEY (cy, cx)) ON COMMIT DROP"))
    connection.execute(text(_touched(theme)), {"ids": ids})
    connection.execute(text(_left(theme)), {"ids": ids, "paths": paths})
    connection.execute(text("ANALYZE touched_cells"))
    made = 0
    for z in range(FINEST, COARSEST - 1, -1):
        asked = binds(theme) | {"z": z}
        if z < FINEST:
            connection.execute(text(_ABOVE))
        connection.execute(text(_GONE), asked)
        fresh = coarser(theme, _BELOW) if z < FINEST else finest(theme, _HERE)
        counted = connection.execute(text(into(fresh)), asked).rowcount
        made = counted if z == FINEST else made
    connection.execute(text("DROP TABLE touched_cells"))
    return made


def into(counted: str) -> str:
    """SQL that writes cells that were counted."""
    return f"INSERT INTO onemap.cells (theme, z, cy, cx, n, states, x, y) {counted}"


def state_names(theme: Theme) -> tuple[str, ...]:
    """Values of the field that gives a theme's rows their colour; none if there is no such field."""
    return tuple(choice.value for choice in theme.field(theme.style.by).choices) if theme.style.by else ()


def cell_of(axis: str) -> str:
    """SQL of the finest cell's number along an axis, from the west ("x") or from the north ("y")."""
    return _number("ST_X(g3857) + HALF" if axis == "x" else "HALF - ST_Y(g3857)")


def binds(theme: Theme) -> dict[str, str]:
    """Values of the parameters in `finest` and `coarser`, but for the zoom."""
    return {"theme": theme.name} | {f"state{number}": value for number, value in enumerate(state_names(theme))}


def finest(theme: Theme, only: str = "") -> str:
    """SQL that counts the cells of the finest zoom from the rows.

    Parameters
    ----------
    theme : Theme
    only : str
        A join that picks some of the rows, which are called `r`.
    """
    by, states = theme.style.by, list(binds(theme))[1:]
    counts = ", ".join(f'CAST(:{name} AS text), nullif(count(*) FILTER (WHERE "{by}" = :{name}), 0)' for name in states)
    # Names of table and field come from the declaration, which only takes identifiers.
    return f"""
        SELECT CAST(:theme AS text) AS theme, {FINEST} AS z, {cell_of("y")} AS cy, {cell_of("x")} AS cx, count(*) AS n,
               jsonb_strip_nulls(jsonb_build_object({counts})) AS states, avg(ST_X(g3857)) AS x, avg(ST_Y(g3857)) AS y
        FROM onemap."{theme.name}" r {only} WHERE g3857 IS NOT NULL GROUP BY 3, 4 ORDER BY 3, 4
    """  # noqa: S608


def coarser(theme: Theme, only: str = "") -> str:
    """SQL that counts the cells of zoom :z from those of the next: the position is the mean of the rows, not of the cells.

    Parameters
    ----------
    theme : Theme
    only : str
        A join that picks some of the cells, which are called `c`.
    """
    states = list(binds(theme))[1:]
    counts = ", ".join(f"CAST(:{name} AS text), sum((states ->> :{name})::int)" for name in states)
    return f"""
        SELECT CAST(:theme AS text) AS theme, CAST(:z AS int) AS z, c.cy / 2 AS cy, c.cx / 2 AS cx, sum(n) AS n,
               jsonb_strip_nulls(jsonb_build_object({counts})) AS states, sum(x * n) / sum(n) AS x, sum(y * n) / sum(n) AS y
        FROM onemap.cells c {only} WHERE theme = :theme AND z = CAST(:z AS int) + 1 GROUP BY 3, 4 ORDER BY 3, 4
    """  # noqa: S608


def _touched(theme: Theme) -> str:
    """Cells in which the rows stand, or stood in any former version."""
    rows = 'SELECT g3857 FROM onemap."{}" WHERE id = ANY(:ids) AND g3857 IS NOT NULL'
    both = " UNION ALL ".join(rows.format(name) for name in (theme.name, f"{theme.name}_past"))
    return f"INSERT INTO touched_cells SELECT DISTINCT {cell_of('y')}, {cell_of('x')} FROM ({both}) AS stood"  # noqa: S608


def _left(theme: Theme) -> str:
    """Cells of the units' boxes, when one of the rows is nowhere any more."""
    lost = f"""SELECT FROM unnest(CAST(:ids AS bigint[])) AS gone (id) WHERE NOT EXISTS (SELECT FROM onemap."{theme.name}" r
        WHERE r.id = gone.id) AND NOT EXISTS (SELECT FROM onemap."{theme.name}_past" p WHERE p.id = gone.id)"""  # noqa: S608
    return f"""INSERT INTO touched_cells SELECT cy, cx FROM (
            SELECT {_number("HALF - ST_YMax(g3857)")} AS top, {_number("HALF - ST_YMin(g3857)")} AS bottom,
                   {_number("ST_XMin(g3857) + HALF")} AS first, {_number("ST_XMax(g3857) + HALF")} AS last
            FROM onemap.ladder WHERE path = ANY(CAST(:paths AS text[])) AND EXISTS ({lost})
        ) AS box, generate_series(top, bottom) AS cy, generate_series(first, last) AS cx ON CONFLICT DO NOTHING"""  # noqa: S608


def _number(offset: str) -> str:
    """SQL of the number of the finest cell at so many metres from the world's edge."""
    return f"floor(({offset.replace('HALF', str(HALF_WORLD))}) / {2 * HALF_WORLD} * {SIDE * 2**FINEST})::int"


_METRES = 2 * HALF_WORLD / (SIDE * 2**FINEST)

# The box finds rows by their index and is a metre wider than the cell; the numbers decide.
_HERE = f"""JOIN touched_cells t ON r.g3857 && ST_MakeEnvelope(
        t.cx * {_METRES} - {HALF_WORLD} - 1, {HALF_WORLD} - (t.cy + 1) * {_METRES} - 1,
        (t.cx + 1) * {_METRES} - {HALF_WORLD} + 1, {HALF_WORLD} - t.cy * {_METRES} + 1, 3857)
    AND t.cx = {cell_of("x")} AND t.cy = {cell_of("y")}"""

# The four cells of each are named, so that the key finds them: a range would be held against every cell of the theme.
_BELOW = """JOIN (SELECT 2 * cy + south AS cy, 2 * cx + east AS cx FROM touched_cells,
        (VALUES (0, 0), (0, 1), (1, 0), (1, 1)) AS quarter (south, east)) t ON c.cy = t.cy AND c.cx = t.cx"""

_ABOVE = """WITH former AS (DELETE FROM touched_cells RETURNING cy, cx)
    INSERT INTO touched_cells SELECT DISTINCT cy / 2, cx / 2 FROM former"""

_GONE = """DELETE FROM onemap.cells c USING touched_cells t
    WHERE c.theme = :theme AND c.z = :z AND c.cy = t.cy AND c.cx = t.cx"""
