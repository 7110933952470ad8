"""The point pyramid: how many rows stand in each square of each zoom, by state; drawn as clusters and as heat."""

from __future__ import annotations

from sqlalchemy import Connection, text

from layers import Theme
from layers._theme import Geometry

FINEST, COARSEST = 14, 4
"""Zooms of the pyramid."""

SIDE = 16
"""Cells along one side of a tile of the cell's own zoom."""

HALF_WORLD = 20_037_508.342789244
"""Metres from the middle of EPSG:3857 to its edge."""


def rebuild(connection: Connection, theme: Theme) -> int:
    """Make the cells of one theme anew, inside the caller's transaction.

    Parameters
    ----------
    connection : Connection
        In the transaction that published the theme.
    theme : Theme
        Of points; nothing is made for any other.

    Returns
    -------
    int
        Cells of the finest zoom.
    """
    connection.execute(text("DELETE FROM onemap.cells WHERE theme = :theme"), {"theme": theme.name})
    if theme.geometry is not Geometry.POINT:
        return 0
    states = _states(theme)
    made = connection.execute(text(_finest(theme, states)), {"theme": theme.name, **states}).rowcount
    for z in range(FINEST - 1, COARSEST - 1, -1):
        connection.execute(text(_coarser(states)), {"theme": theme.name, "z": z, **states})
    return made


def state_names(theme: Theme) -> tuple[str, ...]:
    """Values of the field that gives a theme's rows their colour; none if there is no such field."""
    return tuple(choice.value for choice in theme.field(theme.style.by).choices) if theme.style.by else ()


def cell_of(axis: str) -> str:
    """SQL of the finest cell's number along an axis, from the west ("x") or from the north ("y")."""
    offset = f"ST_X(g3857) + {HALF_WORLD}" if axis == "x" else f"{HALF_WORLD} - ST_Y(g3857)"
    return f"floor(({offset}) / {2 * HALF_WORLD} * {SIDE * 2**FINEST})::int"


def _states(theme: Theme) -> dict[str, str]:
    return {f"state{number}": value for number, value in enumerate(state_names(theme))}


def _finest(theme: Theme, states: dict[str, str]) -> str:
    by = theme.style.by
    counts = ", ".join(f"CAST(:{name} AS text), nullif(count(*) FILTER (WHERE \"{by}\" = :{name}), 0)" for name in states)
    # Names of table and field come from the declaration, which only takes identifiers.
    return f"""
        INSERT INTO onemap.cells (theme, z, cy, cx, n, states, x, y)
        SELECT :theme, {FINEST}, {cell_of("y")} AS cy, {cell_of("x")} AS cx, count(*),
               jsonb_strip_nulls(jsonb_build_object({counts})), avg(ST_X(g3857)), avg(ST_Y(g3857))
        FROM onemap."{theme.name}" WHERE g3857 IS NOT NULL GROUP BY 3, 4 ORDER BY 3, 4
    """  # noqa: S608


def _coarser(states: dict[str, str]) -> str:
    """Four cells of one zoom make one of the zoom before; the position is the mean of the rows, not of the cells."""
    counts = ", ".join(f"CAST(:{name} AS text), sum((states ->> :{name})::int)" for name in states)
    return f"""
        INSERT INTO onemap.cells (theme, z, cy, cx, n, states, x, y)
        SELECT :theme, :z, cy / 2, cx / 2, sum(n), jsonb_strip_nulls(jsonb_build_object({counts})),
               sum(x * n) / sum(n), sum(y * n) / sum(n)
        FROM onemap.cells WHERE theme = :theme AND z = :z + 1 GROUP BY 3, 4 ORDER BY 3, 4
    """  # noqa: S608
