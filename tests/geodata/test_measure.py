"""Indicators against brute force: every number of every unit is counted a second time, row by row, with plain shapely."""

from contextlib import contextmanager
from datetime import date

import numpy as np
import pytest
import shapely
import shapely.affinity
import shapely.ops
from sqlalchemy import text

from geodata import measure, newest, sectors, sights, tree
from geodata.earth import areas, lengths, metres_per_degree
from geodata.tables import create_all
from layers import DeclarationError, indicator, theme
from layers._indicator import Together, UnitsHaving
from tests.geodata.laid import COUNTY, DAY, every_indicator, inside_of, lay_units, nested, note_load, put, values

W, S, E, N = 124.0, 30.0, 124.04, 30.03


def anywhere(rng, n, margin=0.0):
    xy = rng.uniform((W - margin, S - margin), (E + margin, N + margin), (n, 2))
    return [shapely.Point(*np.round(each, 7)) for each in xy]


def some_cameras(rng, n):
    choose = rng.choice
    return [
        {
            "key": f"{i:020d}", "geom": point, "azimuth": choose([None, *range(0, 360, 45)]),
            "angle": choose([None, 60.0, 90.0]), "distance": choose([None, 40.0, 120.0, 400.0]),
            "shape": choose(["dome", "fixed"]), "definition": choose(["hd", "sd"]),
            "networked": choose(["networked", "alone"]), "status": choose(["in_use", "repair", "removed"]),
            "online": choose(["online", "offline", None]),
        }
        for i, point in enumerate(anywhere(rng, n, margin=0.001))
    ]  # fmt: skip


def some_roads(rng, n):
    ends = zip(anywhere(rng, n, 0.002), anywhere(rng, n, 0.002), strict=True)
    sorts = ["main", "second", "village"]
    return [{"key": str(i), "geom": shapely.LineString(each), "sort": rng.choice(sorts)} for i, each in enumerate(ends)]


def some_spaces(rng, n):
    states = ["occupied", "recovered", "let", "public"]
    return [
        {"key": str(i), "geom": point.buffer(0.0003), "state": rng.choice(states), "mu": rng.choice([None, 2.5, 4.0]),
         "rent": rng.choice([None, 100.0, 250.5])}
        for i, point in enumerate(anywhere(rng, n))
    ]  # fmt: skip


@pytest.fixture(scope="module", params=[1, 2, 3])
def ground(new_database, request):
    """A county of 2 towns, 6 villages, 12 grids with rows of every kind, measured once; tests roll back what they do."""
    store = new_database(f"measured_{request.param}")
    create_all(store)
    rng = np.random.default_rng(request.param)
    units = nested()
    people = {code: int(rng.integers(200, 900)) for code, each in units.items() if each[1] in ("village", "grid")}
    rows = {
        "cameras": some_cameras(rng, 60),
        "entrances": [{"key": str(i), "geom": each} for i, each in enumerate(anywhere(rng, 50, 0.001))],
        "intersections": [
            {"key": str(i), "geom": each, "sort": rng.choice(["main", "minor"])}
            for i, each in enumerate(anywhere(rng, 40))
        ],
        "halls": [
            {"key": str(i), "geom": each, "state": rng.choice(["open", "closed"]), "star": rng.choice(["five", "none"])}
            for i, each in enumerate(anywhere(rng, 7))
        ],
        "roads": some_roads(rng, 12),
        "spaces": some_spaces(rng, 15),
    }
    with store.begin() as connection:
        paths = lay_units(connection, units, people)
        ids = {name: put(connection, name, each, units, paths) for name, each in rows.items()}
        measure.run(connection, DAY)
    return store, units, people, rows, ids


@contextmanager
def trying(store):
    with store.connect() as connection, connection.begin() as begun:
        yield connection
        begun.rollback()


def seen_from(rows, keep):
    """The sights of cameras, made one by one and joined the slow way."""
    import pandas as pd

    kept = [row for row in rows["cameras"] if row["status"] != "removed" and keep(row)]
    table = pd.DataFrame(
        {"lon": [r["geom"].x for r in kept], "lat": [r["geom"].y for r in kept],
         "azimuth": [r["azimuth"] for r in kept], "angle": [r["angle"] for r in kept],
         "far": [r["distance"] for r in kept], "near": np.nan, "ring": [r["shape"] == "dome" for r in kept]}
    ).astype({each: float for each in ("azimuth", "angle", "far")})  # fmt: skip
    return shapely.union_all(fine_sectors(sectors.resolved(theme("cameras").sight, table)))


def fine_sectors(found):
    """Their polygons with so many corners that a chord and its arc are the same to 1e-5."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sectors, "SEGMENTS", 720)
        return found.shapes


def everything(_row):
    return True


def effective(row):
    return (row["status"], row["online"], row["networked"]) == ("in_use", "online", "networked")


def kept(store):
    with store.connect() as connection:
        return values(connection)


def close(found, expected, rel=1e-6, by=1e-9):
    return found == pytest.approx(expected, rel=rel, abs=by)


def test_points_seen_are_those_inside_a_sight(ground):
    store, units, _, rows, _ = ground
    found = kept(store)
    for name, keep in {
        "entrances.seen": everything,
        "entrances.seen_effective": effective,
        "entrances.seen_networked": lambda row: row["networked"] == "networked",
    }.items():
        union = seen_from(rows, keep)
        for code in units:
            here = [r["geom"] for r in rows["entrances"] if inside_of(units, code, r["geom"])]
            expected = sum(union.intersects(each) for each in here), len(here)
            assert found.get((name, code), (None, 0, 0))[1:] == expected, (name, code)


def test_readings_by_nearness_count_what_lies_within_their_metres(ground):
    """A ring of 50 m around every camera, and villages with a hall 1 km outside at most."""
    store, units, people, rows, _ = ground
    found = kept(store)
    standing = [row["geom"] for row in rows["cameras"] if row["status"] != "removed"]
    one = np.ones(len(standing))
    lon, lat = (np.array([getattr(each, axis) for each in standing]) for axis in "xy")
    rings = shapely.union_all(fine_sectors(sectors.Sights(lon, lat, 0 * one, 360 * one, 50 * one, 0 * one, one > 2)))
    halls = [r["geom"] for r in rows["halls"] if r["state"] == "open"]
    for code, (_, level, shape) in units.items():
        here = [r["geom"] for r in rows["entrances"] if inside_of(units, code, r["geom"])]
        expected = sum(rings.intersects(each) for each in here), len(here)
        assert found.get(("entrances.seen@loose", code), (None, 0, 0))[1:] == expected, code
        if level == "village":
            grown = shapely.affinity.scale(shape, 1 + 2000 / 96300 / (shape.bounds[2] - shape.bounds[0]),
                                           1 + 2000 / 110900 / (shape.bounds[3] - shape.bounds[1]))
            near = any(grown.intersects(each) for each in halls) and any(metres(shape, each) <= 1000 for each in halls)
            numbers = found.get(("halls.villages@loose", code), (None, 0, 0))
            assert numbers[1:] == ((float(near), 1) if people[code] >= 500 else (0, 0)), code


def metres(shape, point):
    east, north = metres_per_degree(np.array([point.y]))
    near = shapely.ops.nearest_points(shape, point)[0]
    return float(np.hypot((near.x - point.x) * east, (near.y - point.y) * north)[0])


def test_a_definition_that_is_not_declared_is_not_counted_twice(ground):
    store = ground[0]
    with store.connect() as connection:
        rows = connection.execute(text("SELECT DISTINCT indicator, definition FROM onemap.measured")).all()
    strict = {name for name, definition in rows if definition == "strict"}
    assert "halls.villages" in strict and "halls.starred" not in strict
    assert {name for name, definition in rows if definition == "default"} >= set(every_indicator())


def test_ground_seen_is_the_area_of_the_union(ground):
    store, units, _, rows, _ = ground
    found = kept(store)
    for name, keep in {"cameras.ground": everything, "cameras.ground_effective": effective}.items():
        union = seen_from(rows, keep)
        for code, (_, _, shape) in units.items():
            expected = areas(np.array([union.intersection(shape)]))[0]
            assert close(found[name, code][1], expected, rel=2e-3, by=30), (name, code)
            assert close(found[name, code][2], areas(np.array([shape]))[0])


def test_lines_seen_are_the_length_inside_the_union(ground):
    store, units, _, rows, _ = ground
    found = kept(store)
    main = shapely.union_all([row["geom"] for row in rows["roads"] if row["sort"] in ("main", "second")])
    for name, keep in {"roads.seen": everything, "roads.seen_effective": effective}.items():
        union = seen_from(rows, keep)
        for code, (_, _, shape) in units.items():
            here = main.intersection(shape)
            seen, whole = lengths(np.array([here.intersection(union), here]))
            value, numerator, denominator = found.get((name, code), (None, 0, 0))
            assert close(numerator, seen, rel=1e-3) and close(denominator, whole), (name, code)
            assert value is None if whole == 0 else close(value, seen / whole, rel=1e-3)


def test_counts_shares_and_sums_are_those_of_the_rows_in_the_unit(ground):
    store, units, _, rows, _ = ground
    found = kept(store)
    for code in units:
        cameras = [r for r in rows["cameras"] if inside_of(units, code, r["geom"])]
        standing = [r for r in cameras if r["status"] in ("in_use", "repair")]
        online = sum(r["online"] == "online" for r in standing)
        let = [
            r for r in rows["spaces"] if r["state"] == "let" and inside_of(units, code, r["geom"].representative_point())
        ]
        both = [r for r in let if r["rent"] is not None and r["mu"] is not None]
        expected = {
            "cameras.*": (len(cameras), None),
            "cameras.*online": (sum(r["online"] == "online" for r in cameras), None),
            "cameras.count": (len(standing), None),
            "cameras.online": (online, len(standing)),
            "spaces.rent": (sum(r["rent"] or 0 for r in let), None),
            "spaces.rent_per_mu": (sum(r["rent"] for r in both), sum(r["mu"] for r in both)),
        }
        for name, pair in expected.items():
            zero = (None, 0, None if pair[1] is None else 0)
            assert found.get((name, code), zero)[1:] == pytest.approx(pair), (name, code)


def test_a_parent_is_the_sum_of_its_children(ground):
    store, units, _, _, _ = ground
    found = kept(store)
    for name in every_indicator():
        for code in units:
            below = [found.get((name, each), (None, 0, 0)) for each, unit in units.items() if unit[0] == code]
            here = found.get((name, code), (None, 0, 0))
            counted_higher_up = isinstance(indicator(name)[1].measure, (UnitsHaving, Together)) and units[code][1] != "county"
            other_people = {"units.population", "units.households", "cameras.per_thousand"}
            if units[code][1] == "village" and name in other_people:
                continue  # the grids below count their own people
            if below and not counted_higher_up and None not in [each[1] for each in (here, *below)]:
                assert close(here[1], sum(each[1] for each in below)), (name, code)


def test_designed_is_never_below_effective(ground):
    store, units, _, _, _ = ground
    found = kept(store)
    pairs = [("cameras.ground", "cameras.ground_effective"), ("roads.seen", "roads.seen_effective")]
    for designed, now in [*pairs, ("entrances.seen", "entrances.seen_effective")]:
        for code in units:
            one, other = (found.get((name, code), (None, 0, 0))[1] for name in (designed, now))
            assert one >= other - 1e-9


def test_units_having_counts_units_with_enough_people(ground):
    store, units, people, rows, _ = ground
    found = kept(store)
    villages = [code for code, each in units.items() if each[1] == "village" and people[code] >= 500]
    halls = [r["geom"] for r in rows["halls"] if r["state"] == "open"]
    having = [code for code in villages if any(inside_of(units, code, each) for each in halls)]
    assert found["halls.villages", COUNTY][1:] == (len(having), len(villages))
    for code in villages:
        assert found["halls.villages", code] == (float(code in having), float(code in having), 1)


def test_population_and_density_add_up_from_the_lowest_units(ground):
    store, units, people, rows, _ = ground
    found = kept(store)
    villages = sum(n for code, n in people.items() if units[code][1] == "village")
    assert found["units.population", COUNTY][0] == villages
    assert found["units.area", COUNTY][0] == pytest.approx(areas(np.array([units[COUNTY][2]]))[0] / 1e6)
    count = found["cameras.count", COUNTY][0]
    assert found["cameras.per_thousand", COUNTY][0] == pytest.approx(count / (villages / 1000))


def test_a_second_run_writes_nothing_and_a_run_on_the_same_loads_measures_nothing(ground):
    store = ground[0]
    with trying(store) as connection:
        again = measure.run(connection, DAY)
        same = measure.run(connection, DAY, touched={})
    assert (again.written, same.indicators) == (0, ())


def test_the_log_says_the_same_of_units_one_by_one_and_in_the_order_of_its_key(ground, monkeypatch):
    store = ground[0]
    measures = measure.measures_of(measure.declared())
    with store.connect() as connection:
        units = tree.read(connection)
        one_by_one = newest.kept(connection, units, measures)
        monkeypatch.setattr(newest, "_FEW", 0)
        in_order = newest.kept(connection, units, measures)
    assert one_by_one.keys() == in_order.keys() and any(np.nan_to_num(each.numerator).any() for each in in_order.values())
    for name, each in one_by_one.items():
        for part in ("numerator", "denominator", "since"):
            assert np.array_equal(getattr(each, part), getattr(in_order[name], part), equal_nan=True), (name, part)


def test_one_changed_camera_changes_only_what_it_can_and_equals_a_fresh_start(ground):
    store, units, _, _, ids = ground
    with trying(store) as connection:
        moved = ids["cameras"][f"{3:020d}"]
        connection.execute(
            text("UPDATE onemap.cameras SET status = 'in_use', distance = 333, azimuth = 10 WHERE id = :id"),
            {"id": moved},
        )
        sights.rebuild(connection, theme("cameras"), {moved})
        done = measure.run(connection, date(2026, 11, 30), touched={"cameras": set()})
        here = values(connection)
        connection.execute(text("TRUNCATE onemap.indicators, onemap.measured"))
        sights.rebuild(connection, theme("cameras"))
        measure.run(connection, DAY)
        fresh = values(connection)
    assert "entrances.seen" in done.indicators and "halls.count" not in done.indicators
    assert 0 < done.written < 200
    for name, value in fresh.items():
        assert close([each or 0 for each in here.get(name, (0, 0, 0))], [each or 0 for each in value]), name


def test_a_load_of_an_earlier_day_counts_under_the_newest(ground):
    store = ground[0]
    with trying(store) as connection:
        assert measure.run(connection, date(2020, 1, 1)).day == DAY


def test_new_versions_make_their_indicators_due(ground):
    store = ground[0]
    with trying(store) as connection:
        note_load(connection, "halls", 9)
        done = measure.run(connection, DAY, touched={})
    assert {each.split(".")[0] for each in done.indicators} == {"halls"}


def test_gaps_between_children_are_measured_on_the_parents_own_ground(store):
    units = nested(ways=(2,))
    code = next(each for each in units if units[each][0])
    w, s, e, n = units[code][2].bounds
    units[code] = (COUNTY, "town", shapely.box(w, s, e, (s + n) / 2))
    middle = shapely.Point((w + e) / 2, (s + n) / 2)
    camera = {"key": "1" * 20, "geom": middle, "shape": "dome", "distance": 200.0, "status": "in_use"}
    with store.begin() as connection:
        paths = lay_units(connection, units)
        put(connection, "cameras", [camera | {"networked": "alone"}], units, paths)
        measure.run(connection, DAY)
        found = values(connection)
    circle = np.pi * 200**2
    assert found["cameras.ground", COUNTY][1] == pytest.approx(circle, rel=5e-4)
    assert found["cameras.ground", code][1] == pytest.approx(circle / 2, rel=5e-3)


def test_an_empty_ladder_measures_nothing(store):
    with store.begin() as connection:
        assert measure.run(connection, DAY) == measure.Measured(DAY, (), 0)


def test_sights_of_a_theme_without_sight_are_refused():
    from geodata.coverage import seer
    from layers._indicator import Seen

    with pytest.raises(DeclarationError) as refusal:
        seer(theme("roads"), Seen(by="halls"))
    assert (
        str(refusal.value)
        == "layers/roads.py: an indicator asks what 'halls' sees, which has no sight; give it sight=."
    )
