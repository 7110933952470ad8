"""Which rows make a number of sight: what is looked at, and the sectors that see it, written down or worked out in the statement.

The sectors are resolved as the numbers' own are (`geodata.watch`); what they hold is asked in SQL (`geodata.sector_sql`),
by another way than `geodata.sweep` goes, so that the statement is a second count and not a copy of the first.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from geodata import conditions, sector_rows, sector_sql, sectors, seen, sights, sweep, watch
from geodata.counted_rows import INSIDE, Listing, columns
from geodata.coverage import seer
from geodata.door import Reader
from geodata.on_day import source
from geodata.sector_rows import CELL
from geodata.units import Unit
from layers import Theme
from layers._indicator import Seen, SeenGround
from layers._theme import Geometry, Sight

MOST_WRITTEN = 400
"""Sectors that a statement holds at most, as people read it; where more rows see, it works the sectors out from these rows."""

MOST_WEDGES = 20_000
"""Parts of sights with obstacles before them, which are always written out: SQL cannot part them. Above it numbers are added up."""

MOST_POINTS, MOST_LINES, MOST_GROUND = 200_000, 20_000, 3_000
"""Rows that see, up to which a statement about points, lines or ground is done while its reader waits."""

_REACH_DEGREES = 0.1
"""How far beyond a unit's box sights are looked for: 5 km, the longest view that an archive may declare, and more."""


def listing(reader: Reader, theme: Theme, measure: Seen | SeenGround, unit: Unit) -> Listing | None:
    """The rows of a measure of sight; None where obstacles part too many sights to be written out.

    Parameters
    ----------
    reader : Reader
        Whose day counts.
    theme : Theme
    measure : Seen or SeenGround
    unit : Unit
    """
    values: dict[str, Any] = {"path": unit.path, "day": reader.scope.day, "code": unit.code, "least": measure.least}
    made = _sights(reader, theme, measure, unit, values)
    if made is None:
        return None
    if isinstance(measure, SeenGround):
        return _ground(theme, reader.scope.day, made)
    binds = dict(made.values)
    among = conditions.sql(theme, measure.among, binds)
    listed = _lines if theme.geometry is Geometry.LINE else _points
    return replace(listed(theme, made, reader.scope.day, among), values=binds)


def _sights(reader: Reader, theme: Theme, measure: Seen | SeenGround, unit: Unit, values: dict[str, Any]) -> Listing | None:
    """The table `sights` and what it is made of: sectors that are written out, or the rows that they come from."""
    by = seer(theme, measure)
    sight = by.sight or Sight(azimuth="", angle="", far="")
    only, binds = _only(by, sight, measure, unit, values)
    most = MOST_GROUND if isinstance(measure, SeenGround) else MOST_LINES if theme.geometry is Geometry.LINE else MOST_POINTS
    n = _many(reader, by, sight, only, binds)
    if n <= MOST_WRITTEN:
        found = _sectors(reader, by, sight, measure, unit, only, binds)
        return _counted(Listing(rows="", before={"sights": sector_sql.values(found)}, values=values), found)
    parted = _parted(reader, by, sight, measure, only, binds)
    if parted is None:
        return None
    rows, wedges = parted
    only += " AND NOT t.id = ANY(CAST(:parted AS bigint[]))" if rows else ""
    before = sector_rows.tables(by, sight, measure, reader.scope.day, only, binds := binds | ({"parted": rows} if rows else {}))
    every = sector_rows.together(sector_rows.listed(wedges), f"SELECT {sector_sql.COLUMNS} FROM resolved")  # noqa: S608
    before["sights"] = f"SELECT * FROM ({every}) s WHERE {_near()}"  # noqa: S608
    made = Listing(rows="", before=before, values=binds, patient=n > most)
    looking, assumed = _how_many(reader, made)
    return replace(made, sights=looking, assumed=assumed)


def _near() -> str:
    """Sights that can reach the unit's box."""
    return f"""s.lat BETWEEN :s - s.far / 110000 AND :n + s.far / 110000
    AND s.lon BETWEEN :w - s.far / {sector_sql.east("s.lat")} * 1.01 AND :e + s.far / {sector_sql.east("s.lat")} * 1.01"""


def _counted(made: Listing, found: list[tuple[Any, ...]]) -> Listing:
    return replace(made, sights=len({each[0] for each in found}), assumed=len({each[0] for each in found if each[-1]}))


def _how_many(reader: Reader, made: Listing) -> tuple[int, int]:
    tables = ", ".join(f"{name} AS ({question})" for name, question in made.before.items())
    question = f"WITH {tables} SELECT count(DISTINCT key) AS looking, count(DISTINCT key) FILTER (WHERE assumed) AS assumed FROM sights"  # noqa: S608
    found = reader.first(question, **made.values) or {}
    return int(found["looking"]), int(found["assumed"])


def _only(by: Theme, sight: Sight, measure: Seen | SeenGround, unit: Unit, values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Which rows see, as far as they count and stand near."""
    binds: dict[str, Any] = values | dict(zip("wsen", unit.bounds, strict=True))
    only = f"geom && ST_Expand(ST_MakeEnvelope(:w, :s, :e, :n, 4490), {_REACH_DEGREES})"
    if isinstance(measure, Seen) and measure.seen_by:
        only += f" AND {conditions.sql(by, measure.seen_by, binds)}"
    if measure.effective:
        only += f" AND {conditions.sql(by, sight.effective, binds)}"
    return only, binds


def _many(reader: Reader, by: Theme, sight: Sight, only: str, binds: dict[str, Any]) -> int:
    """How many rows look: those near enough to see, by the furthest that any may."""
    asked = dict(binds)
    question, _ = sights.asking(by, sight, {}, only, asked, source(by, reader.scope.day))
    return int(reader.value(f"SELECT count(*) FROM ({question}) q", **asked) or 0)  # noqa: S608


def _parted(
    reader: Reader, by: Theme, sight: Sight, measure: Seen | SeenGround, only: str, binds: dict[str, Any]
) -> tuple[list[int], list[tuple[Any, ...]]] | None:
    """Rows with obstacles before them: their ids, and the parts that these leave of their sights; None for too many."""
    if not watch.standing(reader.connection) or (isinstance(measure, Seen) and measure.within):
        return [], []
    rows, table = _looking(reader, by, sight, only, binds)
    found = sectors.resolved(sight, table, measure.purpose)
    wedges = watch.wedges(reader.connection, found)
    which = np.flatnonzero(wedges.cut[wedges.owner])
    if len(which) > MOST_WEDGES:
        return None
    numbers, of = wedges.sectors[which, : sweep.WALL_C + 1].tolist(), wedges.owner[which].tolist()
    listed = [(rows[row]["key"], *numbers[at], bool(found.assumed[row])) for at, row in enumerate(of)]
    return [int(rows[row]["id"]) for row in np.flatnonzero(wedges.cut)], listed


def _sectors(
    reader: Reader, by: Theme, sight: Sight, measure: Seen | SeenGround, unit: Unit, only: str, binds: dict[str, Any]
) -> list[tuple[Any, ...]]:
    """Key and numbers of each sector that can see ground of the unit, in the order of `sector_sql.COLUMNS`."""
    rows, table = _looking(reader, by, sight, only, binds)
    if not rows:
        return []
    eyes, guessed = _eyes(reader, sight, table, measure)
    west, south, east, north = unit.bounds
    boxes = seen.boxes(eyes.sectors)
    near = (boxes[:, 0] <= east) & (boxes[:, 2] >= west) & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
    numbers = eyes.sectors[:, : sweep.WALL_C + 1].tolist()
    of = eyes.owner.tolist()
    return [(rows[of[at]]["key"], *numbers[at], bool(guessed[of[at]])) for at in np.flatnonzero(near)]


def _looking(reader: Reader, by: Theme, sight: Sight, only: str, binds: dict[str, Any]) -> tuple[list[Any], Any]:
    """The rows that see, and their numbers as `geodata.sectors.resolved` takes them."""
    of_day, asked = source(by, reader.scope.day), dict(binds)
    question, names = sights.asking(by, sight, {}, only, asked, of_day)
    rows = reader.all(f"SELECT q.*, k.key FROM ({question}) q JOIN {of_day} k USING (id) ORDER BY q.id", **asked)  # noqa: S608
    table = [tuple(np.nan if row[name] is None else float(row[name]) for name in names) for row in rows]
    return rows, np.array(table, dtype=[(name, float) for name in names])


def _eyes(reader: Reader, sight: Sight, table: Any, measure: Seen | SeenGround) -> tuple[seen.Eyes, Any]:
    """What the rows see, and of which of them part was assumed; a ring of so many metres assumes nothing."""
    within = measure.within if isinstance(measure, Seen) else None
    if within:
        one = np.ones(len(table))
        return seen.Eyes(seen.sectors_of(table["lon"], table["lat"], 0 * one, 360 * one, within * one, 0 * one)), one > 1
    return watch.eyes(reader.connection, sight, table, measure.purpose), sectors.resolved(sight, table, measure.purpose).assumed


def _points(theme: Theme, made: Listing, day: date | None, among: str) -> Listing:
    """A row counts once, however many others see it, and where so many see it as are asked for."""
    middle = "((ST_Y(t.point) + s.lat) / 2)"
    y = f"((ST_Y(t.point) - s.lat) * {sector_sql.north(middle)})"
    x = f"((ST_X(t.point) - s.lon) * {sector_sql.east(middle)})"
    point = "t.geom" if theme.geometry is Geometry.POINT else "ST_PointOnSurface(t.geom)"
    looked = f"""SELECT t.*, floor(ST_X(t.point) / {CELL})::int AS cx, floor(ST_Y(t.point) / {CELL})::int AS cy
  FROM (SELECT t.*, {point} AS point FROM {source(theme, day)} t WHERE {INSIDE} AND t.geom IS NOT NULL AND {among}) t"""  # noqa: S608
    held = f"""SELECT s.id, count(DISTINCT s.key)::int AS n, min(s.key) AS one, bool_and(s.assumed) AS assumed
  FROM (SELECT t.id, s.*, {x} AS x, {y} AS y FROM looked t JOIN cells s USING (cx, cy)) s
  WHERE {sector_sql.holds("s.x", "s.y")} GROUP BY s.id"""  # noqa: S608
    is_seen = "coalesce(h.n, 0) >= :least"
    rows = f"""SELECT {columns(theme, is_seen, f"({is_seen})::int", "1", "coalesce(h.n, 0)", "h.one", "h.assumed")}
  FROM looked t LEFT JOIN held h ON h.id = t.id"""  # noqa: S608
    return replace(made, rows=rows, before={**made.before, "cells": sector_rows.of_sights(), "looked": looked, "held": held})


# Base units: leaves, and those whose children do not make them up (`geodata.tree.Tree.base`), from the unit down.
_BASES = f"""SELECT t.code, t.path FROM onemap.ladder t LEFT JOIN (
    SELECT parent, sum(area_m2) AS area_m2 FROM onemap.ladder GROUP BY parent) c ON c.parent = t.code
  WHERE {INSIDE} AND NOT coalesce(abs(c.area_m2 - t.area_m2) <= 0.001 * t.area_m2, false)"""  # noqa: S608
_LOW = "SELECT t.code FROM bases t CROSS JOIN LATERAL unnest(string_to_array(t.path, '/')) a JOIN bases b ON b.code = a WHERE a <> t.code"
_BASE = f"""SELECT t.code, t.path, t.geom, ST_SetSRID(t.geom, 4326) AS ground, t.area_m2 FROM onemap.ladder t
  WHERE {INSIDE} AND t.code IN (SELECT code FROM bases) AND t.code NOT IN (SELECT code FROM low)"""  # noqa: S608


def _lines(theme: Theme, made: Listing, day: date | None, among: str) -> Listing:
    """Metres of a line that so many others see, on the ground of the unit's base units."""
    y = "(y1 + y2) / 2"
    segments = f"""SELECT row_number() OVER () AS no, g.id, g.x1, g.y1, (g.x2 - g.x1) * g.east AS ex, (g.y2 - g.y1) * g.north AS ey,
    g.east, g.north, sqrt(((g.x2 - g.x1) * g.east) ^ 2 + ((g.y2 - g.y1) * g.north) ^ 2) AS metres FROM (
    SELECT d.*, {sector_sql.east(y)} AS east, {sector_sql.north(y)} AS north FROM (
      SELECT t.id, ST_X(ST_StartPoint(p.geom)) AS x1, ST_Y(ST_StartPoint(p.geom)) AS y1,
        ST_X(ST_EndPoint(p.geom)) AS x2, ST_Y(ST_EndPoint(p.geom)) AS y2
      FROM {source(theme, day)} t JOIN onemap.ladder b ON t.geom && b.geom AND b.code IN (SELECT code FROM base)
      CROSS JOIN LATERAL ST_DumpSegments(ST_CollectionExtract(ST_Intersection(t.geom, b.geom), 2)) p
      WHERE {among}) d) g"""  # noqa: S608
    box = [f"{least}(l.{one}1, l.{one}1 + l.e{one} / l.{way})" for least in ("least", "greatest") for one, way in (("x", "east"), ("y", "north"))]
    stretches = f"SELECT l.no, cx, cy FROM segments l {sector_rows.cells(*box)}"  # noqa: S608
    by_row = f"""SELECT s.no, s.key, max(s.metres)::numeric AS metres, range_agg(r) AS held
  FROM (SELECT l.*, s.*, (l.x1 - s.lon) * l.east AS px, (l.y1 - s.lat) * l.north AS py,
      l.ex / l.metres AS dx, l.ey / l.metres AS dy
    FROM stretches c JOIN segments l ON l.no = c.no JOIN cells s ON s.cx = c.cx AND s.cy = c.cy WHERE l.metres > 0) s
  CROSS JOIN LATERAL unnest({sector_sql.pieces()}) r GROUP BY s.no, s.key"""  # noqa: S608
    held = f"""SELECT no, range_agg(r) * nummultirange(numrange(0, max(metres))) AS held FROM ({_often(made, "by_row", "no",
        "h.no, h.metres, h.held", "h.no, h.metres, h.held * o.held AS held")}) h CROSS JOIN LATERAL unnest(h.held) r GROUP BY no"""  # noqa: S608
    totals = """SELECT l.id, sum(l.metres) AS metres, sum(coalesce((SELECT sum(upper(r) - lower(r)) FROM unnest(h.held) r), 0)) AS seen
  FROM segments l LEFT JOIN held h ON h.no = l.no GROUP BY l.id"""
    rows = f"""SELECT {columns(theme, "m.seen > 0", "m.seen", "m.metres")}
  FROM {source(theme, day)} t JOIN totals m ON m.id = t.id"""  # noqa: S608
    before = {**made.before, "cells": sector_rows.of_sights(), "bases": _BASES, "low": _LOW, "base": _BASE, "segments": segments,
              "stretches": stretches, "by_row": by_row, "held": held, "totals": totals}
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
    squares = sector_rows.cells(*(f"{each}(b.geom)" for each in ("ST_XMin", "ST_YMin", "ST_XMax", "ST_YMax")))
    pairs = f"""SELECT DISTINCT b.code, c.key FROM (SELECT b.code, cx, cy FROM base b {squares}) b JOIN cells c USING (cx, cy) WHERE c.far > 0"""  # noqa: S608
    near = "SELECT b.code, z.key, z.geom, b.ground FROM pairs p JOIN base b USING (code) JOIN shapes z ON z.key = p.key AND z.geom && b.ground"
    looked = "SELECT code, geom FROM near"
    if made.values["least"] > 1:
        looked = """SELECT z.code, ST_CollectionExtract(ST_Intersection(z.geom, o.geom), 3) AS geom
    FROM near z JOIN near o ON o.code = z.code AND o.key > z.key AND o.geom && z.geom"""
    inside = f"""SELECT coalesce(sum(least(b.area_m2, ST_Area(ST_Intersection(u.geom, b.ground)::geography))), 0) AS m2
  FROM (SELECT l.code, ST_Union(l.geom) AS geom FROM ({looked}) l GROUP BY l.code) u JOIN base b USING (code)"""  # noqa: S608
    rows = f"""SELECT {columns(theme, "true", "ST_Area(z.geom::geography)", assumed="z.assumed")}
  FROM {source(theme, day)} t JOIN shapes z ON z.key = t.key
  WHERE t.key IN (SELECT key FROM near WHERE ST_Intersects(geom, ground))"""  # noqa: S608
    before = {**made.before, "cells": sector_rows.of_sights(), "bases": _BASES, "low": _LOW, "base": _BASE, "shapes": shapes,
              "pairs": pairs, "near": near, "inside": inside}  # fmt: skip
    whole = "(SELECT area_m2 FROM onemap.ladder WHERE code = :code)"
    return replace(made, rows=rows, before=before, numerator=f"(SELECT least(m2, {whole}) FROM inside)", denominator=whole)  # noqa: S608
