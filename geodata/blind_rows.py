"""Which units make the number of households near places, blind ones or rows: each with the share of its ground that lies so near."""

from __future__ import annotations

from typing import Any

from geodata import near_blind, sector_rows, sector_sql
from geodata.counted_rows import INSIDE, UNIT, Listing, file_row
from geodata.door import Reader
from geodata.sweep import RING
from geodata.units import Unit
from layers import Theme
from layers._indicator import NearBlind, Reached

# The finest units whose households are known (`geodata.people.finest`): known, not known of every unit directly below, and
# with no such unit above them.
_TOLD = """SELECT t.code, t.path, t.households, t.area_m2, ST_SetSRID(t.geom, 4326) AS ground,
    t.households IS NOT NULL AS known, coalesce((SELECT count(*) > 0 AND count(c.households) = count(*)
      FROM onemap.ladder c WHERE c.parent = t.code), false) AS deeper
  FROM onemap.ladder t WHERE """ + INSIDE  # noqa: S608
_HOLDING = "SELECT code, path FROM told WHERE known AND NOT deeper"
_LOW = "SELECT t.code FROM holding t CROSS JOIN LATERAL unnest(string_to_array(t.path, '/')) a JOIN holding b ON b.code = a WHERE a <> t.code"
_FINEST = "SELECT * FROM told t WHERE t.known AND NOT t.deeper AND t.code NOT IN (SELECT code FROM low)"


MOST_UNIONS = 400
"""Rings, up to which a statement is done while its reader waits."""


def listing(reader: Reader, theme: Theme, measure: NearBlind | Reached, unit: Unit) -> Listing | None:
    """The units of a measure; None of blind places on a day in the past, which nobody kept.

    Parameters
    ----------
    reader : Reader
    theme : Theme
        Whose sights leave places blind, or whose rows reach.
    measure : NearBlind or Reached
    unit : Unit
    """
    day = reader.scope.day
    if day is not None and isinstance(measure, NearBlind):
        return None
    binds: dict[str, Any] = {"path": unit.path, "day": day} | near_blind.around(unit.bounds, measure.metres)
    blind = near_blind.question(theme, measure, binds) if isinstance(measure, NearBlind) else near_blind.reaching(theme, measure, day, binds)
    n = int(reader.value(f"SELECT count(*) FROM ({blind}) b", **binds) or 0)  # noqa: S608
    sights = f"""SELECT row_number() OVER ()::text AS key, lon, lat, {float(measure.metres)!r}::float8 AS far, 0::float8 AS near, 0::float8 AS s1,
    1::float8 AS c1, 0::float8 AS s2, 1::float8 AS c2, {RING} AS kind, 0::float8 AS wx, 0::float8 AS wy, 0::float8 AS wc FROM ({blind}) b"""  # noqa: S608
    shapes = f"SELECT s.key, {sector_sql.polygon()} AS geom FROM sights s"  # noqa: S608
    squares = sector_rows.cells(*(f"{each}(f.ground)" for each in ("ST_XMin", "ST_YMin", "ST_XMax", "ST_YMax")))
    pairs = f"SELECT DISTINCT f.code, c.key FROM (SELECT f.code, cx, cy FROM finest f {squares}) f JOIN cells c USING (cx, cy)"  # noqa: S608
    near = """SELECT p.code, ST_Union(z.geom) AS geom FROM pairs p JOIN shapes z USING (key) JOIN finest f ON f.code = p.code AND f.ground && z.geom
  GROUP BY p.code"""
    share = "least(q.area_m2, coalesce(ST_Area(ST_Intersection(n.geom, q.ground)::geography), 0)) / nullif(q.area_m2, 0)"
    rows = f"""SELECT {UNIT.format(counted="x.share > 0", n="q.households * x.share", d="q.households")}
  FROM finest q JOIN onemap.ladder u ON u.code = q.code LEFT JOIN near n ON n.code = q.code
  CROSS JOIN LATERAL (SELECT coalesce({share}, 0) AS share) x {file_row()}"""  # noqa: S608
    before = {"sights": sights, "cells": sector_rows.of_sights(), "shapes": shapes, "told": _TOLD, "holding": _HOLDING, "low": _LOW,
              "finest": _FINEST, "pairs": pairs, "near": near}  # fmt: skip
    return Listing(rows=rows, before=before, values=binds, patient=n > MOST_UNIONS)
