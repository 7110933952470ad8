"""A small county laid straight into the store: nested boxes as units, and rows of any theme, without the ETL."""

from datetime import date

import numpy as np
import shapely
from sqlalchemy import text

from geodata import sights
from geodata.earth import areas
from geodata.values import kept_as
from layers import theme as declared
from layers import themes

COUNTY, LEVELS = "990101000000", ("county", "town", "village", "grid")
BOX = shapely.box(124.0, 30.0, 124.04, 30.03)
DAY = date(2026, 10, 31)


def nested(box=BOX, ways=(2, 3, 2)):
    """Units by code: (parent, level, box); each is cut into so many columns, then rows, then columns."""
    units = {COUNTY: (None, "county", box)}
    above = [COUNTY]
    for depth, n in enumerate(ways, start=1):
        below = []
        for parent in above:
            for number, part in enumerate(_cut(units[parent][2], n, across=depth % 2 == 1), start=1):
                code = _code(parent, depth, number)
                units[code] = (parent, LEVELS[depth], part)
                below.append(code)
        above = below
    return units


def _code(parent, depth, number):
    if depth == 1:
        return f"{parent[:6]}{number:03d}000"
    return f"{parent[:9]}{number + 200:03d}" if depth == 2 else f"{parent}{number:03d}"


def _cut(box, n, across):
    w, s, e, t = box.bounds
    edges = np.round(np.linspace(w, e, n + 1) if across else np.linspace(s, t, n + 1), 7)
    pairs = zip(edges, edges[1:], strict=False)
    return [shapely.box(a, s, z, t) if across else shapely.box(w, a, e, z) for a, z in pairs]


def lay_units(connection, units, people=None):
    """Write the ladder; `people` is population by code, unknown where it is silent. Returns paths by code."""
    paths = {}
    for number, (code, (parent, level, shape)) in enumerate(units.items(), start=1):
        paths[code] = paths.get(parent, "") + f"{code}/"
        w, s, e, n = shape.bounds
        connection.execute(_UNIT, {
            "id": number, "code": code, "name": f"{level}{code[-3:]}", "level": level, "parent": parent,
            "path": paths[code], "depth": paths[code].count("/") - 1, "theme": "grids" if level == "grid" else "units",
            "population": (people or {}).get(code), "area": float(areas(np.array([shape]))[0]),
            "children": sum(each[0] == code for each in units.values()), "wkt": shape.wkt,
            "w": w, "s": s, "e": e, "n": n,
        })  # fmt: skip
    return paths


_UNIT = text("""INSERT INTO onemap.ladder (id, code, name, level, depth, parent, path, theme, population, households,
        area_m2, children, west, south, east, north, geom, g3857, label)
    SELECT :id, :code, :name, :level, :depth, :parent, :path, :theme, :population, CAST(:population AS int) / 3,
        :area, :children, :w, :s, :e, :n, shape, drawn, ST_PointOnSurface(drawn)
    FROM (SELECT ST_Multi(ST_GeomFromText(:wkt, 4490)) AS shape,
        ST_Multi(ST_Transform(ST_GeomFromText(:wkt, 4326), 3857)) AS drawn) made""")


def deepest(units, point):
    """Code of the deepest unit that holds a point; the smaller code on a border; None outside."""
    found = [code for code, (_, _, shape) in units.items() if shape.intersects(point)]
    return max(sorted(found), key=lambda code: LEVELS.index(units[code][1]), default=None)


def inside_of(units, code, point):
    """Whether a point stands in a unit or below it: its leaf is found as the ETL finds it."""
    leaf = deepest(units, point)
    while leaf is not None and leaf != code:
        leaf = units[leaf][0]
    return leaf == code


def put(connection, theme, rows, units, paths, *, load=1, day=DAY):
    """Insert rows; each is a dict with `key`, `geom` (shapely) and fields. Returns ids by key."""
    ids = {}
    for number, row in enumerate(rows, start=1):
        fields = {each.name: row.get(each.name) for each in declared(theme).fields}
        fields |= {declared(theme).key: row["key"], "name": row.get("name", f"名{row['key']}")}
        unit = deepest(units, row["geom"].representative_point())
        names = ", ".join(f'"{each}"' for each in fields)
        values = ", ".join(f":f_{each}" for each in fields)
        shape = "ST_GeomFromText(:wkt, 4490)"
        shape = shape if row["geom"].geom_type == "Point" else f"ST_Multi({shape})"
        ids[row["key"]] = connection.execute(
            text(f"""INSERT INTO onemap.{theme} (key, source, row_no, load_id, since, hash, unit, path, {names}, geom)
                VALUES (:key, :theme, :no, :load, :since, '', :unit, :path, {values}, {shape}) RETURNING id"""),
            {"key": row["key"], "theme": theme, "no": number, "load": load, "since": day, "unit": unit,
             "path": paths.get(unit), "wkt": row["geom"].wkt, **{f"f_{k}": v for k, v in fields.items()}},
        ).scalar()  # fmt: skip
    if declared(theme).sight:
        sights.rebuild(connection, declared(theme))
    return ids


def note_load(connection, theme, number, day=DAY):
    """Enter a load into the ledger and the versions."""
    connection.execute(
        text("""INSERT INTO onemap.loads (id, theme, source, file, sha256, bytes, recipe, operator, as_of, started,
                rows_in, added, changed, removed, unchanged, set_aside, duplicates, changes)
            OVERRIDING SYSTEM VALUE VALUES (:id, :theme, :theme, :file, 'abc', 1, '{"publisher": "虚构示例数据"}', 'tester',
                :day, now(), 5, 3, 1, 0, 1, 0, 0, '{}')"""),
        {"id": number, "theme": theme, "file": f"{theme}.csv", "day": day},
    )
    connection.execute(
        text("""INSERT INTO onemap.versions VALUES (:theme, :id)
            ON CONFLICT (theme) DO UPDATE SET version = excluded.version"""),
        {"theme": theme, "id": number},
    )


def values(connection):
    """(indicator, unit) -> (value, numerator, denominator): the newest kept ones; "entrances.seen@strict" is another reading."""
    question = """SELECT DISTINCT ON (indicator, definition, unit) indicator, definition, unit, value, numerator, denominator
        FROM onemap.indicators ORDER BY indicator, definition, unit, day DESC"""
    return {(kept_as(row[0], row[1]), row[2]): tuple(row[3:]) for row in connection.execute(text(question))}


def every_indicator():
    return [f"{each.name}.{one.name}" for each in themes().values() for one in each.indicators]
