"""Households near places: how many live within some distance of one that ought to be seen and is not, or of a row that serves them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection, text

from geodata import conditions, people, places, seen
from geodata.conditions import quoted
from geodata.earth import Floats, Shapes
from geodata.on_day import source
from geodata.tree import Positions, Tree
from geodata.values import Counted, Kept
from layers._indicator import NearBlind, Reached
from layers._theme import Geometry, Theme


def counted(connection: Connection, tree: Tree, seer: Theme, measure: NearBlind, kept: Kept) -> Counted:
    """Households by the share of their unit's ground that lies near a blind place.

    Parameters
    ----------
    connection : Connection
        After `geodata.places` has looked again.
    tree : Tree
        The ladder, or the part of it that is counted again.
    seer : Theme
        Whose sights leave places blind.
    measure : NearBlind
    kept : Kept
        What the log has.

    Returns
    -------
    Counted
        Numerator and denominator in households; they are spread evenly over the ground of the finest unit they are known of.
    """
    return _households(connection, tree, lambda bounds: blind(connection, seer, measure, bounds), measure.metres, kept)


def reached(connection: Connection, tree: Tree, theme: Theme, measure: Reached, kept: Kept) -> Counted:
    """The same near rows of a theme; parameters as of `counted`."""
    return _households(connection, tree, lambda bounds: rows_near(connection, theme, measure, bounds), measure.metres, kept)


Bounds = tuple[float, ...]
Points = Callable[[Bounds], tuple[Floats, Floats]]
"""A box (west, south, east, north; degrees) -> longitude and latitude of what counts in it and around it."""


def _households(connection: Connection, tree: Tree, points: Points, metres: float, kept: Kept) -> Counted:
    which = people.finest(tree, tree.households)
    which = which[tree.counted[which]]
    area = tree.area_m2[which]
    near = _near(points, metres, tree.ground(connection, which), area)
    share = np.where(area > 0, np.fmin(near, area) / np.where(area > 0, area, 1.0), 0.0)
    every = tree.households[which]
    return Counted(_added_up(tree, which, every * share, kept.numerator), _added_up(tree, which, every, kept.denominator))


def _added_up(tree: Tree, which: Positions, amounts: Floats, elsewhere: Floats) -> Floats:
    own = tree.own(np.zeros(len(tree)), elsewhere)
    own[which] = amounts
    return tree.added_up(own)


def _near(points: Points, metres: float, shapes: Shapes, area: Floats) -> Floats:
    """Square metres of each shape within reach of a point; all its area where one point reaches all of it, as most do of small units."""
    lon, lat = points(tuple(shapely.total_bounds(shapes).tolist())) if len(shapes) else (np.zeros(0), np.zeros(0))
    n = np.ones(len(lon))
    eyes = seen.Eyes(seen.sectors_of(lon, lat, 0 * n, 360 * n, metres * n, 0 * n))
    near = np.where(eyes.whole(shapes), area, 0.0)
    left = np.flatnonzero(near == 0)
    near[left] = eyes.ground(shapes[left], n > 0)
    return near


def blind(connection: Connection, seer: Theme, measure: NearBlind, bounds: Bounds) -> tuple[Floats, Floats]:
    """Longitude and latitude of the blind places in a box (west, south, east, north; degrees) and as near to it as counts."""
    binds: dict[str, Any] = around(bounds, measure.metres)
    return _found(connection, question(seer, measure, binds), binds)


def rows_near(connection: Connection, theme: Theme, measure: Reached, bounds: Bounds) -> tuple[Floats, Floats]:
    """The same of rows that reach."""
    binds: dict[str, Any] = around(bounds, measure.metres)
    return _found(connection, reaching(theme, measure, None, binds), binds)


def _found(connection: Connection, asked: str, binds: dict[str, Any]) -> tuple[Floats, Floats]:
    found = [tuple(row) for row in connection.execute(text(asked), binds)]
    lon, lat = np.array(found, dtype=float).reshape(-1, 2).T
    return lon.copy(), lat.copy()


def reaching(theme: Theme, measure: Reached, day: date | None, binds: dict[str, Any]) -> str:
    """SQL for the rows that reach into the box that `around` binds, as on a day (bound as :day): lon, lat; `binds` gains the values."""
    return f"""SELECT ST_X(p) AS lon, ST_Y(p) AS lat FROM (SELECT ST_PointOnSurface(t.geom) AS p FROM {source(theme, day)} t
      WHERE t.geom && ST_MakeEnvelope(:w, :s, :e, :n, 4490) AND {conditions.sql(theme, measure.where, binds)}) AS reaching"""  # noqa: S608


def question(seer: Theme, measure: NearBlind, binds: dict[str, Any]) -> str:
    """SQL for the blind places in the box that `around` binds: lon, lat.

    Parameters
    ----------
    seer : Theme
        Whose sights leave places blind.
    measure : NearBlind
    binds : dict of str to object
        Gains the values.
    """
    binds |= {"seer": seer.name, "below": places.EFFECTIVE if measure.effective else places.DESIGNED}
    asked = ["SELECT NULL::float8 AS lon, NULL::float8 AS lat WHERE false"]
    for theme in (each for each, _ in places.wanted(seer) if each.geometry is not Geometry.LINE):
        asked.append(f"""SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(t.geom) AS p FROM onemap.{quoted(theme.name)} t
      JOIN onemap.places s ON s.seer = :seer AND s.theme = '{theme.name}' AND s."row" = t.id AND s.state < :below
      WHERE t.geom && ST_MakeEnvelope(:w, :s, :e, :n, 4490)) AS blind""")  # noqa: S608 - a declared name
    return "\n    UNION ALL ".join(asked)


def around(bounds: tuple[float, ...], metres: float) -> dict[str, Any]:
    """The box and so many metres more, up to 57 degrees north; degrees."""
    west, south, east, north = bounds
    wide = metres / 60_000
    return {"w": west - wide, "s": south - wide, "e": east + wide, "n": north + wide}
