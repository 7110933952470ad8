"""What a sector holds, as SQL: the geometry of `geodata.sweep` a second time, for statements that anybody can run.

A sector `s` has lon, lat (degrees), far, near (metres), the sine and cosine of its two edges (s1, c1, s2, c2), a
kind (`geodata.sweep.RING`, NARROW, WIDE), a wall that it ends at (wx x + wy y <= wc; zeros: none), and whether part of it was
assumed. Obstacles part what one row sees into several sectors of the same key.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geodata.earth import E2, A
from geodata.sweep import NARROW, RING, WIDE
from geodata.written import literal

COLUMNS = "key, lon, lat, far, near, s1, c1, s2, c2, kind, wx, wy, wc, assumed"


def east(latitude: str) -> str:
    """Metres in one degree of longitude at a latitude (an SQL expression in degrees); see `earth.metres_per_degree`."""
    return f"(radians(1) * {A} * cos(radians({latitude})) / sqrt(1 - {E2!r} * sin(radians({latitude})) ^ 2))"


def north(latitude: str) -> str:
    """Metres in one degree of latitude."""
    return f"(radians(1) * {A} * {1 - E2!r} / (1 - {E2!r} * sin(radians({latitude})) ^ 2) ^ 1.5)"


def values(sectors: Sequence[tuple[Any, ...]]) -> str:
    """A table of sectors, one line each, in the order of `COLUMNS`; one that sees nothing stands for none."""
    rows = sectors or [("", 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 0.0, 0.0, RING, 0.0, 0.0, 0.0, False)]
    lines = ",\n    ".join("(" + ", ".join(literal(each) for each in row) + ")" for row in rows)
    key, *numbers, assumed = COLUMNS.split(", ")
    cast = ", ".join(f"{each}::float8" for each in numbers)
    return f"SELECT {key}, {cast}, {assumed} FROM (VALUES\n    {lines}\n  ) AS v({COLUMNS})"  # noqa: S608


def holds(x: str, y: str) -> str:
    """Whether sector `s` holds a point `x` metres east and `y` metres north of its own."""
    first, second = f"s.c1 * {x} >= s.s1 * {y}", f"s.c2 * {x} <= s.s2 * {y}"
    return f"""{x} ^ 2 + {y} ^ 2 <= s.far ^ 2 AND {x} ^ 2 + {y} ^ 2 >= s.near ^ 2 AND s.far >= 0 AND s.wx * {x} + s.wy * {y} <= s.wc
        AND CASE s.kind WHEN {RING} THEN true WHEN {NARROW} THEN {first} AND {second} ELSE {first} OR {second} END"""


# Where a line p + t d (t in metres, d of length 1) runs inside sector `s`: pieces of t. A half plane start + slope * t >= 0
# leaves everything after, or before, the point where it is met.
_HALF = """CASE WHEN {slope} > 0 THEN nummultirange(numrange((-({start}) / ({slope}))::numeric, NULL))
    WHEN {slope} < 0 THEN nummultirange(numrange(NULL, (-({start}) / ({slope}))::numeric))
    WHEN {start} >= 0 THEN nummultirange(numrange(NULL, NULL)) ELSE nummultirange() END"""


def pieces() -> str:
    """Pieces of a line inside a sector, as a nummultirange.

    Notes
    -----
    It reads px, py (metres from the sector's point), dx, dy (of length 1) and the sector `s`.
    """
    middle = "(-(px * dx + py * dy))"
    off = f"(px * px + py * py - {middle} ^ 2)"
    half = f"sqrt(greatest(s.far ^ 2 - {off}, 0))"
    inner = f"sqrt(greatest(s.near ^ 2 - {off}, 0))"
    circle = f"nummultirange(numrange(({middle} - {half})::numeric, ({middle} + {half})::numeric))"
    hollow = f"nummultirange(numrange(({middle} - {inner})::numeric, ({middle} + {inner})::numeric))"
    first = _HALF.format(start="s.c1 * px - s.s1 * py", slope="(s.c1 * dx - s.s1 * dy)")
    second = _HALF.format(start="s.s2 * py - s.c2 * px", slope="(s.s2 * dy - s.c2 * dx)")
    wall = _HALF.format(start="s.wc - s.wx * px - s.wy * py", slope="(-s.wx * dx - s.wy * dy)")
    wedge = f"""CASE s.kind WHEN {RING} THEN nummultirange(numrange(NULL, NULL))
        WHEN {NARROW} THEN ({first}) * ({second}) WHEN {WIDE} THEN ({first}) + ({second}) END"""
    return f"""CASE WHEN s.far < 0 OR {off} >= s.far ^ 2 THEN nummultirange()
        ELSE {circle} * ({wedge}) * (CASE WHEN s.wc > 0 THEN {wall} ELSE nummultirange(numrange(NULL, NULL)) END) - (CASE WHEN s.near > 0 THEN {hollow} ELSE nummultirange() END) END"""


STEP_DEGREES = 5.0
"""Of an arc, from corner to corner of the polygon that stands for a sector; its area is that of the true sector."""


def polygon() -> str:
    """The shape of sector `s` in degrees (EPSG:4326): an outer arc, and its own point or an inner arc.

    Notes
    -----
    What is the same for every corner is worked out once: OFFSET 0 keeps PostgreSQL from writing it into each of them.
    """
    start, width = "atan2(s.s1, s.c1)", f"""(CASE WHEN s.kind = {RING} THEN 2 * pi()
        ELSE atan2(s.s2, s.c2) - atan2(s.s1, s.c1) + CASE WHEN atan2(s.s2, s.c2) <= atan2(s.s1, s.c1) THEN 2 * pi() ELSE 0 END END)"""
    whole = f"CASE WHEN s.wc > 0 THEN ST_Intersection({_fan('s.far')}, {_before_wall()}) ELSE {_fan('s.far')} END"
    return f"""(SELECT ST_SetSRID(CASE WHEN s.near > 0 THEN ST_Difference({whole}, {_fan("s.near")}) ELSE {whole} END, 4326)
        FROM (SELECT w.*, sqrt((width / n) / sin(width / n)) AS stretch FROM (SELECT {start} AS start, {width} AS width,
          {north("s.lat")} AS north, ceil(degrees({width}) / {STEP_DEGREES})::int AS n OFFSET 0) w OFFSET 0) a)"""  # noqa: S608


def _fan(metres: str) -> str:
    """A sector from its point to a distance, as a polygon; `a` has its first bearing, its width and its number of steps."""
    corners = f"""SELECT k, sin(turn) * {metres} * a.stretch AS x, s.lat + cos(turn) * {metres} * a.stretch / a.north AS y
          FROM (SELECT k, a.start + a.width * k / a.n AS turn FROM generate_series(0, a.n) AS k) t OFFSET 0"""  # noqa: S608
    arc = f"SELECT ST_MakeLine(ST_MakePoint(s.lon + p.x / {east('((s.lat + p.y) / 2)')}, p.y) ORDER BY k) AS line FROM ({corners}) p"  # noqa: S608
    foot = "ST_MakePoint(s.lon, s.lat)"
    return f"""(SELECT ST_MakeValid(ST_MakePolygon(CASE WHEN s.kind = {RING} THEN ST_SetPoint(line, a.n, ST_StartPoint(line))
        ELSE ST_AddPoint(ST_AddPoint(line, {foot}, 0), {foot}) END)) FROM ({arc}) arc)"""  # noqa: S608


def _before_wall() -> str:
    """The ground between a sector's point and the wall before it; ten times the sector's reach where an edge never meets the wall."""
    ends = []
    for sine, cosine in (("s.s1", "s.c1"), ("s.s2", "s.c2")):
        metres = f"least(s.wc / greatest(s.wx * {sine} + s.wy * {cosine}, 1e-12), 10 * s.far)"
        y = f"(s.lat + {metres} * {cosine} / {north('s.lat')})"
        ends.append(f"ST_MakePoint(s.lon + {metres} * {sine} / {east(f'((s.lat + {y}) / 2)')}, {y})")
    foot = "ST_MakePoint(s.lon, s.lat)"
    return f"ST_MakePolygon(ST_MakeLine(ARRAY[{foot}, {', '.join(ends)}, {foot}]))"
