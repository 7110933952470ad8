"""Units that have what is asked of them, against brute force: counted again unit by unit in Python."""

from datetime import date

import numpy as np
import pytest
import shapely
from pyproj import Geod

from geodata import having, measure, tree, waiting
from geodata.tables import create_all
from geodata.values import Kept
from layers import theme
from layers._indicator import Every, Is, Period, Together, UnitsHaving
from tests.geodata.laid import DAY, inside_of, lay_units, nested, note_load, put, values

W, S, E, N = 124.0, 30.0, 124.04, 30.03
HALLS, OPEN = theme("halls"), (Is("state", ("open",)),)
STARS = ("five", "four", "three", "none")


@pytest.fixture(scope="module")
def ground(new_database):
    """A county of 2 towns, 6 villages, 12 grids with 9 halls; the last village is a community."""
    store = new_database("having")
    create_all(store)
    rng = np.random.default_rng(7)
    units = nested()
    villages = [code for code, each in units.items() if each[1] == "village"]
    people = {code: int(rng.integers(300, 900)) for code, each in units.items() if each[1] in ("village", "grid")}
    halls = [
        {"key": str(n), "geom": shapely.Point(*np.round(rng.uniform((W, S), (E - 0.018, N - 0.011)), 7)), "state": str(rng.choice(["open", "closed"])),
         "star": str(rng.choice(STARS)), "built": date(2026, int(rng.integers(1, 6)), 3),
         "serves": f"{villages[-1]}、{villages[0]}" if n in (2, 5) else ""}
        for n in range(9)
    ]  # fmt: skip
    with store.begin() as connection:
        paths = lay_units(connection, units, people)
        put(connection, "halls", halls, units, paths)
        note_load(connection, "halls", 1)
    return store, units, people, halls, paths


def metres(one, other):
    """Geodesic distance of a point and a box: to the nearest of many points on its border, 0 inside."""
    if other.intersects(one):
        return 0.0
    ring = other.exterior.segmentize(0.00002)
    lon, lat = np.array(ring.coords).T
    return float(min(Geod(ellps="WGS84").inv(np.full(len(lon), one.x), np.full(len(lat), one.y), lon, lat)[2]))


def expected(ground, asked):
    """Codes of the units that have enough, and of those asked, one by one."""
    _, units, people, halls, _ = ground
    mine = [code for code, each in units.items() if each[1] == asked.level and people.get(code, 1e9) >= asked.people_from]
    return {code for code in mine if _enough(ground, asked, code)}, set(mine)


def _enough(ground, asked, code):
    _, units, _, halls, _ = ground

    def has(row):
        near = asked.within and metres(row["geom"], units[code][2]) <= asked.within
        return inside_of(units, code, row["geom"]) or near or bool(asked.named_by and code in row["serves"].split("、"))

    rows = [each for each in halls if has(each) and all(each[c.field] in c.values for c in asked.where)]
    if asked.every:
        return len({each["built"].month for each in rows}) >= asked.at_least
    kinds = [[each for each in rows if all(each[c.field] in c.values for c in kind)] for kind in asked.all_of or ((),)]
    return min(map(len, kinds)) >= asked.at_least


@pytest.mark.parametrize(
    "asked",
    [
        UnitsHaving(level="village"),
        UnitsHaving(level="village", where=OPEN, people_from=500),
        UnitsHaving(level="village", where=OPEN, within=150),
        UnitsHaving(level="village", where=OPEN, within=250, at_least=2),
        UnitsHaving(level="village", where=OPEN, named_by="serves"),
        UnitsHaving(level="village", all_of=(OPEN, (Is("star", STARS[:3]),))),
        UnitsHaving(level="town", at_least=2, every=Every(Period.MONTH, "built"), where=OPEN),
    ],
    ids=["inside", "people", "near", "two near", "named", "checklist", "months"],
)
def test_units_have_what_is_counted_one_by_one(ground, asked):
    store, *_ = ground
    with store.connect() as connection:
        units = tree.read(connection)
        found = having.counted(connection, units, HALLS, (asked,), Kept(np.zeros(len(units)), np.zeros(len(units))))
    have, mine = expected(ground, asked)
    assert 0 < len(have) < len(mine), "a measure that all units meet proves nothing"
    for code, numerator, denominator in zip(units.codes, found.numerator, found.denominator, strict=True):
        below = {each for each in mine if each == code or _stands_under(ground, each, code)}
        assert (numerator, denominator) == (len(have & below), len(below)), code


def _stands_under(ground, code, above):
    units = ground[1]
    while units[code][0] is not None:
        code = units[code][0]
        if code == above:
            return True
    return False


def test_own_rows_are_those_of_the_very_unit(ground):
    store, units, _, _, paths = ground
    town = next(code for code, each in units.items() if each[1] == "town")
    with store.connect() as connection, connection.begin() as begun:
        connection.exec_driver_sql("UPDATE onemap.halls SET unit = %s, path = %s WHERE key = '3'", (town, paths[town]))
        ladder = tree.read(connection)
        nothing = Kept(np.zeros(len(ladder)), np.zeros(len(ladder)))
        own = having.counted(connection, ladder, HALLS, (UnitsHaving(level="town", own=True),), nothing)
        both = Together((UnitsHaving(level="town", own=True), UnitsHaving(level="village")))
        mixed = having.counted(connection, ladder, HALLS, both.parts, nothing)
        villages = having.counted(connection, ladder, HALLS, both.parts[1:], nothing)
        begun.rollback()
    assert (own.numerator[0], own.denominator[0]) == (1, 2)
    assert mixed.numerator[0] == villages.numerator[0] + 1
    assert mixed.denominator[0] == 2 + 6


def test_communities_are_left_out_where_villages_are_meant(ground):
    store, units, *_ = ground
    community = max(code for code, each in units.items() if each[1] == "village")
    with store.connect() as connection, connection.begin() as begun:
        connection.exec_driver_sql("UPDATE onemap.ladder SET code = '990101002001' WHERE code = %s", (community,))
        ladder = tree.read(connection)
        asked = having.asked_of(ladder, UnitsHaving(level="village", rural=True))
        begun.rollback()
    assert sorted(ladder.codes[asked]) == sorted(
        code for code, each in units.items() if each[1] == "village" and code != community
    )


def test_a_theme_that_nobody_loaded_says_nothing(ground):
    store, *_ = ground
    with store.connect() as connection:
        units = tree.read(connection)
        found = having.counted(
            connection, units, theme("spaces"), (UnitsHaving(level="village"),), Kept(np.zeros(len(units)), np.zeros(len(units)))
        )
    assert not found.denominator.any()
    assert np.isnan(found.value).all()


def test_a_hall_that_moves_is_counted_where_it_reaches_too(ground):
    """Measured after one row changed: the same numbers as counted from nothing, also in units beyond its own."""
    store, units, _, halls, paths = ground
    with store.connect() as connection, connection.begin() as begun:
        measure.run(connection, DAY)
        connection.exec_driver_sql("UPDATE onemap.halls SET state = 'closed' WHERE state = 'open' AND key < '4'")
        touched = {paths[_leaf(units, each["geom"])] for each in halls if each["key"] < "4"}
        waiting.note(connection, "halls", touched)
        connection.exec_driver_sql("UPDATE onemap.versions SET version = 2 WHERE theme = 'halls'")
        assert measure.run(connection, DAY, {"halls": touched}).written
        kept = {key: each for key, each in values(connection).items() if key[0].startswith("halls.")}
        again = tree.read(connection)
        for one in HALLS.indicators:
            if isinstance(one.measure, UnitsHaving):
                nothing = Kept(np.zeros(len(again)), np.zeros(len(again)))
                fresh = having.counted(connection, again, HALLS, (one.measure,), nothing)
                for code, numerator in zip(again.codes, fresh.numerator, strict=True):
                    assert kept.get((f"halls.{one.name}", code), (None, 0, 0))[1] == numerator, (one.name, code)
        begun.rollback()


def _leaf(units, point):
    from tests.geodata.laid import deepest

    return deepest(units, point)
