"""A county of towns and villages whose borders wave like real ones and are shared vertex for vertex, with rows of every theme."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import shapely
from sqlalchemy import Engine, text

from geodata import cells, drawn
from layers import themes
from layers._field import Kind
from layers._theme import Geometry, Theme
from tests.geodata.laid import put

WEST, SOUTH, STEP, SIDE = 124.0, 30.0, 0.03, 12
"""Degrees; villages along a side. A town is 3 by 3 of them."""

ROWS = 150


def edge(start: tuple[float, float], end: tuple[float, float]) -> np.ndarray:
    """A wavy line, the same vertices whichever neighbour asks."""
    first, last = sorted((start, end))
    random = np.random.default_rng([int(each * 1000) for each in (*first, *last)])
    line = np.linspace(first, last, 40)
    line[1:-1] += random.uniform(-0.02, 0.02, (38, 2)).cumsum(axis=0) * np.hanning(38)[:, None]
    return line if (first, last) == (start, end) else line[::-1]


def village(column: int, row: int) -> shapely.Polygon:
    """One village, degrees."""
    ring = [(column + x, row + y) for x, y in ((0, 0), (0, 1), (1, 1), (1, 0), (0, 0))]
    return shapely.Polygon(np.concatenate([edge(*pair)[:-1] for pair in pairwise(ring)]) * STEP + (WEST, SOUTH))


def units() -> dict[str, tuple[str | None, str, shapely.Geometry]]:
    """Code -> parent, level and shape of every unit."""
    villages = {(column, row): village(column, row) for column, row in np.ndindex(SIDE, SIDE)}
    blocks = {each: [shape for place, shape in villages.items() if (place[0] // 3, place[1] // 3) == each] for each in np.ndindex(SIDE // 3, SIDE // 3)}
    made: dict[str, tuple[str | None, str, shapely.Geometry]] = {"990101": (None, "county", shapely.coverage_union_all(list(villages.values())))}
    made |= {f"990101{x}{y}": ("990101", "town", shapely.coverage_union_all(parts)) for (x, y), parts in blocks.items()}
    return made | {f"990101{x // 3}{y // 3}{x:02}{y:02}": (f"990101{x // 3}{y // 3}", "village", shape) for (x, y), shape in villages.items()}


_UNIT = text("""INSERT INTO onemap.ladder (id, code, name, level, depth, parent, path, theme, children, area_m2, geom, g3857, label)
    SELECT :id, :code, '单位' || :code, :level, :depth, :parent, :path, 'units', 0, ST_Area(drawn), shape, drawn, ST_PointOnSurface(drawn)
    FROM (SELECT ST_Multi(ST_GeomFromWKB(:wkb, 4490)) AS shape, ST_Multi(ST_Transform(ST_GeomFromWKB(:wkb, 4326), 3857)) AS drawn) AS made""")


def lay_wavy(engine: Engine) -> Engine:
    """Lay it into an empty store."""
    with engine.begin() as connection:
        paths: dict[str, str] = {}
        for number, (code, (parent, level, shape)) in enumerate(units().items(), start=1):
            paths[code] = paths.get(parent or "", "") + f"{code}/"
            known = {"id": number, "code": code, "level": level, "parent": parent, "path": paths[code], "depth": paths[code].count("/") - 1}
            connection.execute(_UNIT, known | {"wkb": shapely.to_wkb(shape)})
        for each in themes().values():
            put(connection, each.name, _rows(each), {}, paths)
            connection.execute(text("INSERT INTO onemap.versions VALUES (:name, 1)"), {"name": each.name})
            cells.rebuild(connection, each)
        connection.execute(text("INSERT INTO onemap.versions VALUES ('ladder', 1)"))
        drawn.rebuild(connection)
    return engine


def _rows(theme: Theme) -> list[dict]:
    random = np.random.default_rng(len(theme.name))
    places = random.uniform((WEST, SOUTH), (WEST + SIDE * STEP, SOUTH + SIDE * STEP), (ROWS, 2))
    return [{"key": f"{theme.name}{n}", "geom": _shape(theme, place, random), **_said(theme, n)} for n, place in enumerate(places)]


def _shape(theme: Theme, place: np.ndarray, random: np.random.Generator) -> shapely.Geometry:
    if theme.geometry is Geometry.POINT:
        return shapely.Point(place)
    if theme.geometry is Geometry.LINE:
        return shapely.LineString(place + random.uniform(-0.004, 0.004, (20, 2)).cumsum(axis=0))
    return shapely.Point(place).buffer(random.uniform(0.0002, 0.004)).difference(shapely.Point(place).buffer(0.0001))


def _said(theme: Theme, n: int) -> dict:
    """Each choice in turn, and none now and then; cameras look about."""
    choices = {each.name: [*(choice.value for choice in each.choices), None][n % (len(each.choices) + 1)] for each in theme.fields if each.kind is Kind.CHOICE}
    return choices | ({"azimuth": n * 37 % 360, "angle": 60, "distance": 400} if theme.sight else {})
