"""A county to stand in: units, cameras, halls and parcels in a store, measured on two days; and its door."""

from datetime import date

import numpy as np
import pytest
from shapely import Point, box

from geodata import cells, drawn, grains, measure, people, places, tables
from geodata.door import Door
from layers import theme
from tests.geodata.laid import BOX, COUNTY, lay_units, nested, note_load, put

TOWN, VILLAGE = "990101001000", "990101001201"
MAY, JUNE = date(2026, 5, 31), date(2026, 6, 30)
CAMERA = {"networked": "networked", "status": "in_use", "online": "online", "shape": "dome", "distance": 60.0,
          "definition": "hd", "installed": date(2020, 1, 2), "keeps_days": 30}


def cameras(n=60):
    """Cameras all over the county, every fifth of them off line."""
    rng = np.random.default_rng(5)
    west, south, east, north = BOX.bounds
    places = zip(rng.uniform(west, east, n), rng.uniform(south, north, n), strict=True)
    return [{**CAMERA, "key": f"{10**19 + at}", "geom": Point(*place), "name": f"相机{at}",
             "online": "offline" if at % 5 == 0 else "online"} for at, place in enumerate(places)]


def parcels():
    shape = box(124.001, 30.001, 124.003, 30.003)
    return [{"key": "P1", "name": "水塘边", "state": "let", "mu": 3.5, "rent": 900.0, "geom": shape}]


def lay(engine):
    """Everything, as two loads would have left it."""
    tables.create_all(engine)
    units = nested()
    with engine.begin() as connection:
        heads = {code: 600 for code, each in units.items() if each[1] == "village"}
        heads |= {code: 100 for code, each in units.items() if each[1] == "grid"}
        paths = lay_units(connection, units, heads)
        drawn.rebuild(connection)
        for number, (name, rows) in enumerate({"units": [], "cameras": cameras(), "spaces": parcels()}.items(), start=1):
            put(connection, name, rows, units, paths, load=number, day=MAY)
            note_load(connection, name, number, MAY)
            cells.rebuild(connection, theme(name))
            grains.rebuild(connection, theme(name))
        places.rebuild(connection, theme("cameras"))
        people.rebuild(connection)
        note_load(connection, "ladder", 9, MAY)
        measure.run(connection, MAY)
        halls = [{"key": "H1", "name": "东村礼堂", "state": "open", "star": "five", "geom": Point(124.002, 30.012)}]
        put(connection, "halls", halls, units, paths, load=4, day=JUNE)
        note_load(connection, "halls", 4, JUNE)
        cells.rebuild(connection, theme("halls"))
        grains.rebuild(connection, theme("halls"))
        measure.run(connection, JUNE)


@pytest.fixture(scope="session")
def door(new_database):
    engine = new_database("pages")
    lay(engine)
    return Door(engine)


__all__ = ["COUNTY", "JUNE", "MAY", "TOWN", "VILLAGE", "door"]
