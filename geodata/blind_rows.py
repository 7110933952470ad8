"""Which units make the number of households near blind places: each with the share of its ground that lies so near."""

from __future__ import annotations

from typing import Any

import numpy as np

from geodata import near_blind, sector_sql, seen, sweep
from geodata.counted_rows import INSIDE, UNIT, Listing, file_row
from geodata.door import Reader
from geodata.seen_rows import MOST_UNIONS
from geodata.units import Unit
from layers import Theme
from layers._indicator import NearBlind

# The finest units whose households are known (`geodata.people.finest`): known, not known of every unit directly below, and
# with no such unit above them.
_TOLD = """SELECT t.code, t.path, t.households, t.area_m2, ST_SetSRID(t.geom, 4326) AS ground,
    t.households IS NOT NULL AS known, coalesce((SELECT count(*) > 0 AND count(c.households) = count(*)
      FROM onemap.ladder c WHERE c.parent = t.code), false) AS deeper
  FROM onemap.ladder t WHERE """ + INSIDE  # noqa: S608
_FINEST = """SELECT * FROM told t WHERE t.known AND NOT t.deeper
    AND NOT EXISTS (SELECT FROM told a WHERE a.known AND NOT a.deeper AND a.path <> t.path AND starts_with(t.path, a.path))"""


def listing(reader: Reader, theme: Theme, measure: NearBlind, unit: Unit) -> Listing | None:
    """The units of a measure; None on a day in the past, of which nobody kept the blind places, and where they are too many.

    Parameters
    ----------
    reader : Reader
    theme : Theme
        Whose sights leave places blind.
    measure : NearBlind
    unit : Unit
    """
    if reader.scope.day is not None:
        return None
    lon, lat = near_blind.blind(reader.connection, theme, measure, unit.bounds)
    if len(lon) > MOST_UNIONS:
        return None
    one = np.ones(len(lon))
    rings = seen.sectors_of(lon, lat, 0 * one, 360 * one, measure.metres * one, 0 * one)[:, : sweep.WALL_C + 1].tolist()
    sights = sector_sql.values([(str(at), *each, False) for at, each in enumerate(rings)])
    shapes = f"SELECT s.key, {sector_sql.polygon()} AS geom FROM sights s WHERE s.far > 0"  # noqa: S608
    near = """least(q.area_m2, (SELECT coalesce(ST_Area(ST_Intersection(ST_Union(z.geom), q.ground)::geography), 0)
    FROM shapes z WHERE z.geom && q.ground)) / nullif(q.area_m2, 0)"""
    rows = f"""SELECT {UNIT.format(counted="x.share > 0", n="q.households * x.share", d="q.households")}
  FROM finest q JOIN onemap.ladder u ON u.code = q.code CROSS JOIN LATERAL (SELECT coalesce({near}, 0) AS share) x {file_row()}"""  # noqa: S608
    before: dict[str, Any] = {"sights": sights, "shapes": shapes, "told": _TOLD, "finest": _FINEST}
    return Listing(rows=rows, before=before, values={"path": unit.path})
