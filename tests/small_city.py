"""A city of two counties and 1,000 cameras, laid into a store without the ETL: for tests of tiles and of the map alone."""

from __future__ import annotations

from sqlalchemy import Engine, text

from geodata import cells, drawn, grains
from layers import theme

CITY, WEST, EAST = "990100000000", "990101000000", "990102000000"
BOXES = {CITY: (124.0, 30.0, 124.4, 30.2), WEST: (124.0, 30.0, 124.2, 30.2), EAST: (124.2, 30.0, 124.4, 30.2)}
"""West, south, east, north in degrees."""

_UNIT = """
    INSERT INTO onemap.ladder (id, code, name, level, depth, parent, path, theme, children, west, south, east, north,
        geom, g3857, label, area_m2)
    SELECT :id, :code, '单位' || :id, :level, :depth, :parent, :path, 'units', :children, :west, :south, :east, :north,
           shape, drawn, ST_PointOnSurface(drawn), 1
    FROM (SELECT ST_Multi(ST_MakeEnvelope(:west, :south, :east, :north, 4490)) AS shape,
                 ST_Transform(ST_Multi(ST_MakeEnvelope(:west, :south, :east, :north, 4326)), 3857) AS drawn) AS made
"""

_CAMERAS = """
    INSERT INTO onemap.cameras (key, source, row_no, load_id, since, hash, path, code, name, online, geom)
    SELECT 'c' || n, 'cameras', n, 2, CASE WHEN n <= 900 THEN DATE '2026-01-31' ELSE DATE '2026-02-28' END, '',
           CASE WHEN lon < 124.2 THEN :west ELSE :east END, 'c' || n, '点' || n,
           CASE n % 5 WHEN 0 THEN 'offline' ELSE 'online' END, ST_SetSRID(ST_MakePoint(lon, lat), 4490)
    FROM (SELECT n, 124.0001 + (n * 7919 % 1000) * 0.0004 AS lon, 30.0005 + (n * 104729 % 1000) * 0.0002 AS lat
          FROM generate_series(1, 1000) AS n) AS placed
"""


def lay(engine: Engine) -> Engine:
    """Every fifth camera is offline; 900 came in January, 100 in February; half stand in each county."""
    with engine.begin() as connection:
        for number, (code, box) in enumerate(BOXES.items(), start=1):
            top = code == CITY
            connection.execute(text(_UNIT), {
                "id": number, "code": code, "level": "city" if top else "county", "parent": None if top else CITY,
                "path": f"{CITY}/" + ("" if top else f"{code}/"), "depth": int(not top), "children": 2 * top,
                **dict(zip(("west", "south", "east", "north"), box, strict=True)),
            })
        connection.execute(text(_CAMERAS), {"west": f"{CITY}/{WEST}/", "east": f"{CITY}/{EAST}/"})
        connection.execute(text("INSERT INTO onemap.versions VALUES ('ladder', 1), ('cameras', 2)"))
        drawn.rebuild(connection)
        cells.rebuild(connection, theme("cameras"))
        grains.rebuild(connection, theme("cameras"))
    return engine
