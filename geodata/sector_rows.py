"""Sectors from the rows that see, in SQL: `geodata.sectors.resolved` a second time, for units at which too many look to write each down."""

from __future__ import annotations

from datetime import date
from typing import Any

from geodata import sector_sql, sectors, sights
from geodata.on_day import source
from geodata.sweep import NARROW, RING, WIDE
from layers._indicator import Seen, SeenGround
from layers._sight import PIXELS_PER_METRE, Purpose
from layers._theme import Sight, Theme

_NUMBERS = ("azimuth", "angle", "far", "near", "height", "tilt", "vertical", "pixels")


def tables(
    by: Theme, sight: Sight, measure: Seen | SeenGround, day: date | None, only: str, binds: dict[str, Any]
) -> dict[str, str]:
    """Tables of which the last, `resolved`, has the sectors in the columns of `geodata.sector_sql.COLUMNS`.

    Parameters
    ----------
    by : Theme
        Whose rows see.
    sight : Sight
        Its own.
    measure : Seen or SeenGround
    day : date or None
        None for now.
    only : str
        SQL that says which rows count.
    binds : dict of str to object
        Gains the values of the conditions.
    """
    of_day = source(by, day)
    question, _ = sights.asking(by, sight, {}, only, binds, of_day)
    within = measure.within if isinstance(measure, Seen) else None
    assumed = "false" if within else sights.assumed(by, None, binds)
    rows = f"""SELECT k.key, k.assumed, q.* FROM ({question}) q
    JOIN (SELECT t.id, t.key, {assumed} AS assumed FROM {of_day} t) k ON k.id = q.id"""  # noqa: S608
    if within:
        return {"resolved": f"""SELECT key, lon, lat, {float(within)!r}::float8 AS far, 0::float8 AS near, 0::float8 AS s1, 1::float8 AS c1,
    0::float8 AS s2, 1::float8 AS c2, {RING} AS kind, 0::float8 AS wx, 0::float8 AS wy, 0::float8 AS wc, assumed FROM ({rows}) r"""}  # noqa: S608
    return {"said": rows, "told": _told(sight), "limits": _limits(sight), "resolved": _resolved(sight, measure.purpose)}


def _told(sight: Sight) -> str:
    """Numbers as the archive has them, and what is assumed where it is silent."""
    numbers = ", ".join(f"{each}::float8" for each in _NUMBERS)
    return f"""SELECT r.*, CASE WHEN angle > 0 THEN least(angle, 360) ELSE {sight.assumed_angle!r} END AS lens,
    CASE WHEN far > 0 THEN far ELSE {sight.assumed_far!r} END AS long, CASE WHEN far > 0 THEN far ELSE {sectors.FURTHEST!r} END AS furthest
  FROM (SELECT key, assumed, lon, lat, ring = 1 AS ring, {numbers} FROM said) r"""  # noqa: S608


def _limits(sight: Sight) -> str:
    """Where the picture ends below: the foot of its lower edge is the near limit."""
    upright = f"2 * degrees(atan({sectors.PICTURE!r} * tan(radians(least(lens, 150)) / 2)))"
    upper = f"CASE WHEN vertical > 0 THEN vertical ELSE {upright} END"
    lower = f"""CASE WHEN tilt IS NULL THEN degrees(atan2(coalesce(height, 0), long)) + {upper} ELSE tilt + {upper} / 2 END"""
    foot = "CASE WHEN lower < 90 THEN coalesce(height, 0) / tan(radians(least(greatest(lower, 0.1), 89.9))) ELSE 0 END"
    unknown = 0.0 if sight.height else sight.assumed_near
    guessed = f"CASE WHEN height IS NOT NULL AND NOT ring THEN {foot} ELSE {unknown!r} END"
    return f"""SELECT r.*, CASE WHEN near >= 0 AND near < long THEN near WHEN guess < long THEN guess ELSE 0 END AS short
  FROM (SELECT r.*, {guessed} AS guess FROM (SELECT t.*, {lower} AS lower FROM told t) r) r"""  # noqa: S608


def _resolved(sight: Sight, purpose: str | None) -> str:
    """Sectors; one whose far limit is not beyond its near one sees nothing."""
    width = "CASE WHEN ring OR azimuth IS NULL THEN 360 ELSE lens END"
    sees = f"""SELECT r.*, radians(coalesce(azimuth, 0) - width / 2) AS first, radians(coalesce(azimuth, 0) + width / 2) AS second,
      short < reach AS sees FROM (SELECT l.*, {width} AS width, {_reach(sight, purpose)} AS reach FROM limits l) r"""  # noqa: S608
    return f"""SELECT key, lon, lat, CASE WHEN sees THEN reach ELSE 0 END AS far, CASE WHEN sees THEN short ELSE 0 END AS near,
    sin(first) AS s1, cos(first) AS c1, sin(second) AS s2, cos(second) AS c2,
    CASE WHEN width >= 360 THEN {RING} WHEN width <= 180 THEN {NARROW} ELSE {WIDE} END AS kind,
    0::float8 AS wx, 0::float8 AS wy, 0::float8 AS wc, assumed
  FROM ({sees}) r"""  # noqa: S608


def _reach(sight: Sight, purpose: str | None) -> str:
    """How far: as declared, or as far as so many pixels stand on a metre (`geodata.sectors.reach`)."""
    if purpose is None:
        return "long"
    pixels = f"CASE WHEN pixels > 0 THEN pixels ELSE {sight.assumed_pixels} END"
    lens = f"CASE WHEN ring THEN {sight.assumed_lens!r} ELSE lens END"
    per = PIXELS_PER_METRE[Purpose(purpose)]
    flat = f"{pixels} / (2 * {per!r} * tan(radians({lens}) / 2))"
    return f"least(CASE WHEN {lens} < 150 THEN {flat} ELSE {pixels} / ({per!r} * radians({lens})) END, furthest)"


CELL = 0.004
"""Degrees (400 m): what may see one another is found by squares of this size, of which most sights touch one to four."""


def cells(west: str, south: str, east: str, north: str) -> str:
    """SQL after FROM: the squares `cx`, `cy` that a box (expressions in degrees) touches."""
    across, up = (f"generate_series(floor(({one}) / {CELL})::int, floor(({other}) / {CELL})::int)" for one, other in ((west, east), (south, north)))
    return f"CROSS JOIN LATERAL {across} AS cx CROSS JOIN LATERAL {up} AS cy"


def of_sights() -> str:
    """A table: the squares that each sector `s` touches."""
    tall = "(greatest(s.far, 0) / 110000)"
    wide = "(greatest(s.far, 0) / (110000 * cos(radians(least(abs(s.lat) + s.far / 110000, 89)))))"
    squares = cells(f"s.lon - {wide}", f"s.lat - {tall}", f"s.lon + {wide}", f"s.lat + {tall}")
    return f"SELECT s.*, cx, cy FROM sights s {squares}"  # noqa: S608


def together(values: str, more: str) -> str:
    """Sectors that are written out, and those that come from rows."""
    return f"{values}\n  UNION ALL {more}" if values and more else values or more


def listed(found: list[tuple[Any, ...]]) -> str:
    """Sectors that are written out; nothing for none."""
    return sector_sql.values(found) if found else ""
