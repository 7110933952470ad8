"""Numbers against plain SQL that was written from the sentences of the declarations alone: rows are looked for by the ground that
they stand on, not by the paths that the store keeps; every unit, also on a past day.
"""

from datetime import date, timedelta

import numpy as np
import pytest
import shapely
from sqlalchemy import text

from geodata import measure, newest, people, tree, values, waiting
from geodata.door import Reader, Scope
from geodata.indicators import card
from geodata.tables import create_all
from layers import theme
from layers._field import Kind
from tests.geodata.laid import BOX, COUNTY, DAY, lay_units, nested, note_load, put

LATER = DAY + timedelta(days=30)
THEMES = ("cameras", "halls", "spaces", "services", "police_points", "legal_sites", "loudspeakers", "base_stations", "events", "villages", "disclosures")

# name -> (rows of the numerator, rows of the denominator), of rows `t`; or what is added up.
ROWS = {
    "cameras.count": ("t.status <> 'removed'", None),
    "cameras.online": ("t.status <> 'removed' AND t.online = 'online'", "t.status <> 'removed'"),
    "cameras.online@strict": ("t.status = 'in_use' AND t.online = 'online' AND t.networked = 'networked'", "t.status <> 'removed'"),
    "cameras.online@loose": ("t.status <> 'removed' AND t.online = 'online' AND t.networked = 'networked'", "t.status <> 'removed' AND t.networked = 'networked'"),
    "cameras.intact@strict": ("t.status = 'in_use' AND t.online = 'online'", "t.status <> 'removed'"),
    "cameras.hd": ("t.status <> 'removed' AND t.definition = 'hd'", "t.status <> 'removed'"),
    "cameras.hd@loose": ("t.status <> 'removed' AND t.definition = 'hd'", "t.status <> 'removed' AND t.definition IS NOT NULL"),
    "halls.count": ("t.state = 'open'", None),
    "halls.lively": ("t.state = 'open' AND t.events >= 12", "t.state = 'open'"),
    "halls.starred": ("t.state = 'open' AND t.star IN ('three', 'four', 'five')", "t.state = 'open'"),
    "spaces.recovered": ("t.state <> 'occupied'", "true"),
    "spaces.used": ("t.state IN ('let', 'public')", "t.state <> 'occupied'"),
    "events.solved": ("t.state IN ('solved', 'visited')", "true"),
    "events.disputes_solved": ("t.sort = 'dispute' AND t.state IN ('solved', 'visited')", "t.sort = 'dispute'"),
    "events.disputes_solved@strict": ("t.sort = 'dispute' AND t.state IN ('solved', 'visited') AND t.solved - t.reported BETWEEN 0 AND 30", "t.sort = 'dispute'"),
    "events.within_7_days": ("t.solved - t.reported BETWEEN 0 AND 7", "true"),
    "events.accepted_in_a_day": ("t.accepted - t.reported BETWEEN 0 AND 1", "true"),
    "events.satisfied": ("t.state = 'visited' AND t.satisfied", "t.state = 'visited'"),
    "events.one_visit": ("t.visits <= 1 AND t.sort = 'service' AND t.state IN ('solved', 'visited')", "t.sort = 'service' AND t.state IN ('solved', 'visited')"),
    "legal_sites.guided": ("t.sort = 'court' AND t.state = 'open' AND t.guide", "t.sort = 'court' AND t.state = 'open'"),
    "loudspeakers.intact": ("t.state = 'working'", "t.state <> 'removed'"),
    "villages.graduates": ("t.people >= 1000 AND t.graduates >= 1", "t.people >= 1000"),
    "villages.law_five_eight": ("t.law_persons BETWEEN 5 AND 8", "true"),
    "villages.mediation": ("t.mediators BETWEEN 3 AND 5 AND t.mediators_part >= 1", "true"),
    "villages.calm": ("t.sort = 'village' AND (t.cases = 0 OR t.cases < t.cases_before)", "t.sort = 'village'"),
    "villages.calm@strict": ("t.sort = 'village' AND t.cases = 0", "t.sort = 'village'"),
    "villages.one_four": ("t.sort = 'village' AND t.covenant AND t.weddings AND t.council AND t.morals AND t.vices", "t.sort = 'village'"),
    "villages.cleaners": ("t.people::float8 / nullif(t.cleaners, 0) BETWEEN 300 AND 400", "true"),
    "villages.income_10": ("t.sort = 'village' AND t.income >= 10", "t.sort = 'village'"),
}
SUMS = {
    "spaces.mu": ("t.mu", None), "spaces.rent": ("t.rent FILTER (WHERE t.state = 'let')", None),
    "spaces.rent_per_mu": ("t.rent FILTER (WHERE t.state = 'let' AND t.mu IS NOT NULL)", "t.mu FILTER (WHERE t.state = 'let' AND t.rent IS NOT NULL)"),
    "police_points.aides": ("t.aides FILTER (WHERE t.state = 'open')", None),
    "villages.satisfied": ("t.satisfied FILTER (WHERE t.answers IS NOT NULL)", "t.answers FILTER (WHERE t.satisfied IS NOT NULL)"),
}  # fmt: skip

# name -> (what a village `v` must have, which villages are asked); a row in it stands on its ground.
_IN = "EXISTS (SELECT FROM onemap.{0} t WHERE ST_Covers(v.geom, t.geom) AND {1})"
_NEAR = "EXISTS (SELECT FROM onemap.{0} t WHERE ST_DWithin(v.geom::geography, t.geom::geography, {2}) AND {1})"
_RURAL = "NOT (right(v.code, 3)::int BETWEEN 1 AND 199 OR right(v.code, 3)::int BETWEEN 400 AND 499)"
_HALL, _POINT = _IN.format("halls", "t.state = 'open'"), "t.state = 'open' AND t.aides >= 1"
_SERVED = f"({_HALL} OR EXISTS (SELECT FROM onemap.halls t WHERE t.state = 'open' AND v.code = ANY(string_to_array(t.serves, ','))))"
_TEN = ("counter", "shop", "farm_shop", "clinic", "police_room", "library", "sports", "oversight", "elders", "square")
_POSTED = "(SELECT count(DISTINCT date_trunc('{0}', t.posted)) FROM onemap.disclosures t WHERE t.of = v.code AND t.sort = '{1}') >= {2}"
VILLAGES = {
    "halls.villages": (_HALL, "v.population >= 500"), "halls.villages@strict": (_HALL, "true"),
    "halls.villages@loose": (_NEAR.format("halls", "t.state = 'open'", 1000), "v.population >= 500"),
    "halls.within_1km": (_NEAR.format("halls", "t.state = 'open'", 1000), "v.population >= 500"),
    "halls.villages_registered": (_HALL, "v.registered >= 500"), "halls.served": (_SERVED, "v.population >= 500"),
    "services.parcels": (_IN.format("services", "t.sort = 'parcel' AND t.state = 'open'"), _RURAL),
    "services.ten": (" AND ".join(_IN.format("services", f"t.sort = '{each}' AND t.state = 'open'") for each in _TEN), _RURAL),
    "police_points.aided": (_IN.format("police_points", _POINT), _RURAL),
    "police_points.aided@strict": (_IN.format("police_points", f"{_POINT} AND t.officers >= 1"), _RURAL),
    "police_points.aided@loose": (_IN.format("police_points", "t.state = 'open'"), _RURAL),
    "loudspeakers.villages@strict": (_IN.format("loudspeakers", "t.state = 'working'"), _RURAL),
    "loudspeakers.villages@loose": (_NEAR.format("loudspeakers", "t.state <> 'removed'", 300), _RURAL),
    "base_stations.villages_5g": (_NEAR.format("base_stations", "t.sort = 'g5' AND t.state = 'open'", 1000), _RURAL),
    "disclosures.finance@loose": (_POSTED.format("month", "finance", 10), _RURAL),
    "disclosures.affairs": (_POSTED.format("quarter", "affairs", 4), _RURAL),
}  # fmt: skip

ALL_ROWS = """SELECT u.code, {0}, {1} FROM onemap.ladder u LEFT JOIN onemap.{2} t ON ST_Covers(u.geom, ST_PointOnSurface(t.geom)) GROUP BY 1"""
BY_CODE = """SELECT u.code, {0}, {1} FROM onemap.ladder u LEFT JOIN onemap.{2} t
    ON starts_with((SELECT path FROM onemap.ladder v WHERE v.code = t.code), u.path) GROUP BY 1"""  # of a table by village
ALL_VILLAGES = """SELECT u.code, count(v.code) FILTER (WHERE {0}), count(v.code) FROM onemap.ladder u LEFT JOIN onemap.ladder v
    ON v.level = 'village' AND starts_with(v.path, u.path) AND {1} GROUP BY 1"""


def question(name):
    """SQL for code, numerator and denominator of every unit."""
    owner = name.partition(".")[0]
    if name in VILLAGES:
        return ALL_VILLAGES.format(*VILLAGES[name])
    rows = BY_CODE if theme(owner).placed_by else ALL_ROWS
    if name in SUMS:
        first, by = (each and f"coalesce({_sum(each)}, 0)" for each in SUMS[name])
        return rows.format(first, by or "NULL", owner)
    of, among = (each and f"count(t.key) FILTER (WHERE {each})" for each in ROWS[name])
    return rows.format(of, among or "NULL", owner)


def _sum(what):
    field, _, where = what.partition(" ")
    return f"(sum({field}) {where})::float8"


def some_rows(rng, name, units):
    """Rows with anything in every field; of tables by village one or several for each."""
    declared, villages = theme(name), [code for code, each in units.items() if each[1] == "village"]
    many = {"villages": len(villages), "disclosures": 240}.get(name, 70)
    w, s, e, n = BOX.bounds
    for at in range(many):
        row = {each.name: _any(rng, each) for each in declared.fields} | {"key": f"{name}{at}", "serves": ",".join(rng.choice(villages, 2))}
        point = shapely.Point(*np.round(rng.uniform((w, s), (e, n)), 7))
        if declared.placed_by:
            code = villages[at % len(villages)]
            row |= {"key": code if name == "villages" else f"{name}{at}", "of": code}
            point = shapely.point_on_surface(units[code][2].buffer(-1e-3))
        yield {**row, "geom": point.buffer(2e-4) if name == "spaces" else point}


def _any(rng, field):
    if field.kind is Kind.CHOICE:
        return str(rng.choice([each.value for each in field.choices]))
    if field.kind is Kind.DATE:
        return date(2026, 1, 1) + timedelta(days=int(rng.integers(0, 300)))
    if field.kind is Kind.FLAG:
        return bool(rng.random() < 0.7)
    return {Kind.INTEGER: int(rng.integers(0, 12)), Kind.NUMBER: float(np.round(rng.uniform(0, 60), 2))}.get(field.kind)


@pytest.fixture(scope="module")
def ground(new_database):
    """A county of 2 towns, 6 villages and 12 grids, measured; a month later a third of its halls closes."""
    store = new_database("by_the_words")
    create_all(store)
    rng, units = np.random.default_rng(11), nested()
    heads = {code: int(rng.integers(200, 900)) for code, each in units.items() if each[1] == "village"}
    with store.begin() as connection:
        paths = lay_units(connection, units, heads)
        connection.execute(text("UPDATE onemap.ladder SET registered = 1100 - population"))
        for number, name in enumerate(THEMES, start=1):
            rows = list(some_rows(rng, name, units))
            for each in rows if name == "villages" else ():
                each |= {"people": 250 * int(rng.integers(1, 8)), "cleaners": int(rng.integers(0, 6))}
            put(connection, name, rows, units, paths, load=number, day=DAY)
            if by := theme(name).placed_by:  # they stand in the village that they name
                connection.execute(text(f'UPDATE onemap.{name} t SET unit = l.code, path = l.path FROM onemap.ladder l WHERE l.code = t."{by}"'))
            note_load(connection, name, number, DAY)
        people.rebuild(connection)
        measure.run(connection, DAY)
    return store


def differing(connection, names):
    """Numbers of units for which card and SQL do not say the same; how many were compared."""
    reader, found, n = Reader(connection, Scope()), [], 0
    told = {(each.indicator, read.definition, code): read for code in connection.execute(text("SELECT code FROM onemap.ladder")).scalars().all()
            for each in card(reader, code) for read in each.readings}  # fmt: skip
    for name in names:
        own, _, definition = name.partition("@")
        for code, *parts in connection.execute(text(question(name))):
            kept = told[own, definition or "default", code]
            n += 1
            if [kept.numerator or 0, kept.denominator] != [pytest.approx(parts[0] or 0), parts[1] if parts[1] is None else pytest.approx(parts[1])]:
                found.append((name, code, kept, parts))
    return found, n


def test_every_unit_has_the_numbers_that_the_sentences_ask_for(ground):
    with ground.connect() as connection:
        wrong, n = differing(connection, [*ROWS, *SUMS, *VILLAGES])
        assert wrong == [] and n == (len(ROWS) + len(SUMS) + len(VILLAGES)) * 21


REACHED = """WITH discs AS (SELECT ST_Union(ST_SetSRID(ST_Buffer(ST_SetSRID(t.geom, 4326)::geography, {0}, 90)::geometry, 4490)) AS geom
        FROM onemap.halls t WHERE t.state = 'open'),
    shares AS (SELECT v.path, v.households, ST_Area(ST_SetSRID(ST_Intersection(v.geom, d.geom), 4326)::geography)
        / ST_Area(ST_SetSRID(v.geom, 4326)::geography) AS share FROM onemap.ladder v, discs d WHERE v.level = 'village')
    SELECT u.code, sum(s.households * s.share), sum(s.households)::float8 FROM onemap.ladder u JOIN shares s ON starts_with(s.path, u.path) GROUP BY 1"""


@pytest.mark.parametrize(("definition", "metres"), [("default", 1000), ("strict", 500), ("loose", 2000)])
def test_households_that_a_hall_reaches(ground, definition, metres):
    with ground.connect() as connection:
        asked = {row[0]: row[1:] for row in connection.execute(text(REACHED.format(metres)))}
        assert len(asked) == 9 and (metres == 2000 or any(0 < each[0] < each[1] for each in asked.values()))
        for code, (near, every) in asked.items():
            figure = next(each for each in card(Reader(connection, Scope()), code, definition) if each.indicator == "halls.reached")
            assert figure.denominator == every and figure.numerator == pytest.approx(near, rel=2e-3, abs=0.5)


def test_a_past_day_keeps_its_numbers(ground):
    with ground.begin() as connection:
        before = {each.indicator: each.value for each in card(Reader(connection, Scope()), COUNTY)}
        connection.execute(text("UPDATE onemap.halls SET state = 'closed' WHERE state = 'open' AND id % 3 = 0"))
        note_load(connection, "halls", 50, LATER)
        measure.run(connection, LATER)
        halls = [name for name in (*ROWS, *VILLAGES) if name.startswith("halls")]
        assert differing(connection, halls)[0] == []
        then = {each.indicator: each.value for each in card(Reader(connection, Scope(day=DAY)), COUNTY)}
        assert then == before and then["halls.count"] > next(each.value for each in card(Reader(connection, Scope()), COUNTY) if each.indicator == "halls.count")
        connection.rollback()


def test_a_hall_that_closes_changes_the_units_that_it_reached(ground):
    with ground.begin() as connection:
        closed = connection.execute(text("UPDATE onemap.halls SET state = 'closed' WHERE id = (SELECT min(id) FROM onemap.halls WHERE state = 'open') RETURNING path")).scalars().all()
        waiting.note(connection, "halls", set(closed))
        note_load(connection, "halls", 60, LATER)
        assert measure.run(connection, LATER, {"halls": set(closed)}).written > 0
        tree_ = tree.read(connection)
        due = {name: each for name, each in measure.declared().items() if name.startswith("halls.reached")}
        kept = newest.kept(connection, tree_, measure.measures_of(due))
        again = measure.counted(connection, tree_, due, kept)
        assert [list(values.differing(tree_, again[name], kept[name])) for name in due] == [[], [], []]
        connection.rollback()
