"""Which rows make a number of sight: what is looked at, and the sectors that see it, written into the statement.

The sectors are resolved as the numbers' own are (`geodata.watch`); what they hold is asked in SQL (`geodata.sector_sql`),
by another way than `geodata.sweep` goes, so that the statement is a second count and not a copy of the first.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from geodata import conditions, sector_sql, sectors, seen, sights, sweep, watch
from geodata.counted_rows import INSIDE, Listing, columns
from geodata.coverage import seer
from geodata.door import Reader
from geodata.on_day import source
from geodata.units import Unit
from layers import Theme
from layers._indicator import Seen, SeenGround
from layers._theme import Geometry, Sight

MOST_POINTS, MOST_UNIONS = 2_500, 400
"""Sectors that a statement holds at most, for points and for lines and ground: it is read by people, and run while they wait."""

_REACH_DEGREES = 0.1
"""How far beyond a unit's box sights are looked for: 5 km, the longest view that an archive may declare, and more."""


def listing(reader: Reader, theme: Theme, measure: Seen | SeenGround, unit: Unit) -> Listing | None:
    """The rows of a measure of sight; None where too many sights look at the unit to be written out.

    Parameters
    ----------
    reader : Reader
        Whose day counts.
    theme : Theme
    measure : Seen or SeenGround
    unit : Unit
    """
    found = _sectors(reader, theme, measure, unit)
    if found is None:
        return None
    values: dict[str, Any] = {"path": unit.path, "day": reader.scope.day, "code": unit.code, "least": measure.least}
    keys, guessed = {each[0] for each in found}, {each[0] for each in found if each[-1]}
    made = Listing(rows="", before={"sights": sector_sql.values(found)}, values=values, sights=len(keys), assumed=len(guessed))
    if isinstance(measure, SeenGround):
        return _ground(theme, reader.scope.day, made)
    binds = dict(values)
    among = conditions.sql(theme, measure.among, binds)
    listed = _lines if theme.geometry is Geometry.LINE else _points
    return replace(listed(theme, made, reader.scope.day, among), values=binds)


def _sectors(reader: Reader, theme: Theme, measure: Seen | SeenGround, unit: Unit) -> list[tuple[Any, ...]] | None:
    """Key and numbers of each sector that can see ground of the unit, in the order of `sector_sql.COLUMNS`."""
    by = seer(theme, measure)
    sight = by.sight or Sight(azimuth="", angle="", far="")
    rows, names = _looking(reader, by, sight, measure, unit)
    if not rows:
        return []
    table = np.array([tuple(np.nan if row[name] is None else float(row[name]) for name in names) for row in rows],
                     dtype=[(name, float) for name in names])  # fmt: skip
    eyes, guessed = _eyes(reader, sight, table, measure)
    west, south, east, north = unit.bounds
    boxes = seen.boxes(eyes.sectors)
    near = (boxes[:, 0] <= east) & (boxes[:, 2] >= west) & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
    if near.sum() > (MOST_POINTS if isinstance(measure, Seen) and theme.geometry is not Geometry.LINE else MOST_UNIONS):
        return None
    numbers = eyes.sectors[:, : sweep.WALL_C + 1].tolist()
    of = eyes.owner.tolist()
    return [(rows[of[at]]["key"], *numbers[at], bool(guessed[of[at]])) for at in np.flatnonzero(near)]


def _looking(
    reader: Reader, by: Theme, sight: Sight, measure: Seen | SeenGround, unit: Unit
) -> tuple[list[Any], tuple[str, ...]]:
    """The rows that see, as far as they count and stand near, and the columns of their numbers."""
    binds: dict[str, Any] = {"day": reader.scope.day} | dict(zip("wsen", unit.bounds, strict=True))
    only = f"geom && ST_Expand(ST_MakeEnvelope(:w, :s, :e, :n, 4490), {_REACH_DEGREES})"
    if isinstance(measure, Seen) and measure.seen_by:
        only += f" AND {conditions.sql(by, measure.seen_by, binds)}"
    if measure.effective:
        only += f" AND {conditions.sql(by, sight.effective, binds)}"
    of_day = source(by, reader.scope.day)
    question, names = sights.asking(by, sight, {}, only, binds, of_day)
    return reader.all(f"SELECT q.*, k.key FROM ({question}) q JOIN {of_day} k USING (id) ORDER BY q.id", **binds), names  # noqa: S608


def _eyes(reader: Reader, sight: Sight, table: Any, measure: Seen | SeenGround) -> tuple[seen.Eyes, Any]:
    """What the rows see, and of which of them part was assumed; a ring of so many metres assumes nothing."""
    within = measure.within if isinstance(measure, Seen) else None
    if within:
        one = np.ones(len(table))
        return seen.Eyes(seen.sectors_of(table["lon"], table["lat"], 0 * one, 360 * one, within * one, 0 * one)), one > 1
    return watch.eyes(reader.connection, sight, table, measure.purpose), sectors.resolved(sight, table, measure.purpose).assumed


def _points(theme: Theme, made: Listing, day: date | None, among: str) -> Listing:
    """A row counts once, however many others see it, and where so many see it as are asked for."""
    y = f"((ST_Y(t.point) - s.lat) * {sector_sql.north('(ST_Y(t.point) + s.lat) / 2')})"
    x = f"((ST_X(t.point) - s.lon) * {sector_sql.east('(ST_Y(t.point) + s.lat) / 2')})"
    point = "t.geom" if theme.geometry is Geometry.POINT else "ST_PointOnSurface(t.geom)"
    rows = f"""SELECT {columns(theme, "h.n >= :least", "(h.n >= :least)::int", "1", "h.n", "h.one", "h.assumed")}
  FROM (SELECT t.*, {point} AS point FROM {source(theme, day)} t WHERE {INSIDE} AND t.geom IS NOT NULL AND {among}) t
  CROSS JOIN LATERAL (SELECT count(DISTINCT s.key)::int AS n, min(s.key) AS one, bool_and(s.assumed) AS assumed FROM (
    SELECT s.*, {x} AS x, {y} AS y FROM sights s WHERE abs(ST_Y(t.point) - s.lat) <= s.far / 110000) s
    WHERE {sector_sql.holds("s.x", "s.y")}) h"""  # noqa: S608
    return replace(made, rows=rows)


# Base units: leaves, and those whose children do not make them up (`geodata.tree.Tree.base`), from the unit down.
_BASES = f"""SELECT t.code, t.path FROM onemap.ladder t LEFT JOIN (
    SELECT parent, sum(area_m2) AS area_m2 FROM onemap.ladder GROUP BY parent) c ON c.parent = t.code
  WHERE {INSIDE} AND NOT coalesce(abs(c.area_m2 - t.area_m2) <= 0.001 * t.area_m2, false)"""  # noqa: S608
_BASE = f"""SELECT t.code, t.path, t.geom, ST_SetSRID(t.geom, 4326) AS ground, t.area_m2 FROM onemap.ladder t
  WHERE {INSIDE} AND t.code IN (SELECT code FROM bases)
    AND NOT EXISTS (SELECT FROM bases a WHERE a.path <> t.path AND starts_with(t.path, a.path))"""  # noqa: S608


def _lines(theme: Theme, made: Listing, day: date | None, among: str) -> Listing:
    """Metres of a line that so many others see, on the ground of the unit's base units."""
    y = "(y1 + y2) / 2"
    segments = f"""SELECT row_number() OVER () AS no, g.id, g.x1, g.y1, (g.x2 - g.x1) * g.east AS ex, (g.y2 - g.y1) * g.north AS ey,
    g.east, g.north, sqrt(((g.x2 - g.x1) * g.east) ^ 2 + ((g.y2 - g.y1) * g.north) ^ 2) AS metres FROM (
    SELECT d.*, {sector_sql.east(y)} AS east, {sector_sql.north(y)} AS north FROM (
      SELECT t.id, ST_X(ST_StartPoint(p.geom)) AS x1, ST_Y(ST_StartPoint(p.geom)) AS y1,
        ST_X(ST_EndPoint(p.geom)) AS x2, ST_Y(ST_EndPoint(p.geom)) AS y2
      FROM {source(theme, day)} t JOIN base b ON t.geom && b.geom
      CROSS JOIN LATERAL ST_DumpSegments(ST_CollectionExtract(ST_Intersection(t.geom, b.geom), 2)) p
      WHERE {among}) d) g"""  # noqa: S608
    by_row = f"""SELECT s.no, s.key, max(s.metres)::numeric AS metres, range_agg(r) AS held
  FROM (SELECT l.*, s.*, (l.x1 - s.lon) * l.east AS px, (l.y1 - s.lat) * l.north AS py,
      l.ex / l.metres AS dx, l.ey / l.metres AS dy
    FROM segments l JOIN sights s ON l.metres > 0 AND abs(l.y1 - s.lat) * l.north <= s.far + l.metres
      AND abs(l.x1 - s.lon) * l.east <= s.far + l.metres) s
  CROSS JOIN LATERAL unnest({sector_sql.pieces()}) r GROUP BY s.no, s.key"""  # noqa: S608
    held = f"""SELECT no, range_agg(r) * nummultirange(numrange(0, max(metres))) AS held FROM ({_often(made, "by_row", "no",
        "h.no, h.metres, h.held", "h.no, h.metres, h.held * o.held AS held")}) h CROSS JOIN LATERAL unnest(h.held) r GROUP BY no"""  # noqa: S608
    totals = """SELECT l.id, sum(l.metres) AS metres, sum(coalesce((SELECT sum(upper(r) - lower(r)) FROM unnest(h.held) r), 0)) AS seen
  FROM segments l LEFT JOIN held h ON h.no = l.no GROUP BY l.id"""
    rows = f"""SELECT {columns(theme, "m.seen > 0", "m.seen", "m.metres")}
  FROM {source(theme, day)} t JOIN totals m ON m.id = t.id"""  # noqa: S608
    before = {**made.before, "bases": _BASES, "base": _BASE, "segments": segments, "by_row": by_row, "held": held, "totals": totals}
    return replace(made, rows=rows, before=before)


def _often(made: Listing, table: str, same: str, alone: str, both: str) -> str:
    """What each row of a table sees; with `least` of 2, what each pair of them sees together."""
    if made.values["least"] < 2:
        return f"SELECT {alone} FROM {table} h"  # noqa: S608
    return f"SELECT {both} FROM {table} h JOIN {table} o ON o.{same} = h.{same} AND o.key > h.key"  # noqa: S608


def _ground(theme: Theme, day: date | None, made: Listing) -> Listing:
    """Square metres that so many rows see, on the ground of the unit's base units; the rows are those that see some of it."""
    shapes = f"""SELECT s.key, bool_or(s.assumed) AS assumed, ST_Union(s.geom) AS geom
  FROM (SELECT s.key, s.assumed, {sector_sql.polygon()} AS geom FROM sights s WHERE s.far > 0) s GROUP BY s.key"""  # noqa: S608
    near = "z.geom && b.ground"
    looked = f"SELECT z.geom FROM shapes z WHERE {near}"  # noqa: S608
    if made.values["least"] > 1:
        looked = f"SELECT ST_CollectionExtract(ST_Intersection(z.geom, o.geom), 3) AS geom FROM shapes z JOIN shapes o ON o.key > z.key AND o.geom && z.geom WHERE {near}"  # noqa: S608
    inside = f"""SELECT coalesce(sum(least(b.area_m2, (SELECT coalesce(ST_Area(ST_Intersection(ST_Union(l.geom), b.ground)::geography), 0)
    FROM ({looked}) l))), 0) AS m2 FROM base b"""  # noqa: S608
    rows = f"""SELECT {columns(theme, "true", "ST_Area(z.geom::geography)", assumed="z.assumed")}
  FROM {source(theme, day)} t JOIN shapes z ON z.key = t.key
  WHERE EXISTS (SELECT FROM base b WHERE {near} AND ST_Intersects(z.geom, b.ground))"""  # noqa: S608
    before = {**made.before, "bases": _BASES, "base": _BASE, "shapes": shapes, "inside": inside}
    whole = "(SELECT area_m2 FROM onemap.ladder WHERE code = :code)"
    return replace(made, rows=rows, before=before, numerator=f"(SELECT least(m2, {whole}) FROM inside)", denominator=whole)  # noqa: S608
