"""Never a nought that looks like a result: what nobody loaded, or no file tells, has no number, and says what would fill it."""

from datetime import date

import pytest
from shapely import Point, box
from sqlalchemy import text

from geodata import explaining, indicators, lacking, measure, readings, spread, tables, targets, units
from geodata.door import Door, Scope
from geodata.reasons import of_figure, says
from geodata.target_ground import grounded
from geodata.targets_below import passing
from layers import indicator
from layers._asked import CountAtLeast
from layers._indicator import AnyOf, Between, Is, Share, Sum
from tests.geodata.laid import COUNTY, lay_units, nested, note_load, put
from tests.geodata.test_standings import one

MAY, JUNE, JULY = date(2026, 5, 31), date(2026, 6, 30), date(2026, 7, 31)
VILLAGE = "990101001201"


@pytest.fixture(scope="module")
def door(new_database):
    """In May units and parcels without rents; in June a hall; in July no hall is left."""
    engine = new_database("lacking")
    tables.create_all(engine)
    ground = nested()
    people = {code: 600 for code, each in ground.items() if each[1] == "village" and code != VILLAGE}
    with engine.begin() as connection:
        paths = lay_units(connection, ground, people)
        put(connection, "spaces", [{"key": "P1", "state": "let", "mu": 3.5, "geom": box(124.001, 30.001, 124.003, 30.003)}], ground, paths)
        for number, name in enumerate(("units", "ladder", "spaces"), start=1):
            note_load(connection, name, number, MAY)
        measure.run(connection, MAY)
        put(connection, "halls", [{"key": "H1", "state": "open", "geom": Point(124.002, 30.012)}], ground, paths, load=4, day=JUNE)
        note_load(connection, "halls", 4, JUNE)
        measure.run(connection, JUNE)
        connection.execute(text("DELETE FROM onemap.halls"))
        note_load(connection, "halls", 5, JULY)
        measure.run(connection, JULY)
    return Door(engine)


def figure(reader, name, code=COUNTY):
    return next(each for each in indicators.card(reader, code) if each.indicator == name)


def numbers(found):
    return found.value, found.numerator, found.denominator


@pytest.mark.parametrize("name", ["cameras.count", "cameras.online", "cameras.density", "halls.count", "entrances.seen"])
def test_a_theme_without_rows_has_no_number_anywhere(door, name):
    theme = name.partition(".")[0]
    with door.reader() as reader:
        found = figure(reader, name)
        assert numbers(found) == (None, None, None) and found.day is None and found.lacks == theme
        assert f"./onemap load FILE --theme {theme}" in of_figure(found).en and f"--theme {theme}" in of_figure(found).zh
        assert all(each.value is None for each in readings.of_children(reader, name, COUNTY))
        assert all(each.value is None and each.before is None for each in spread.below(reader, [name], COUNTY) if theme != "halls")
        assert readings.of_units(reader, [COUNTY], [name]) == {(COUNTY, name): None}
        explained = explaining.explain(reader, name, COUNTY)
        assert explained.reason == of_figure(found) and explained.figure.value is None


def test_a_number_is_of_the_days_on_which_it_stands_on_rows(door):
    with door.reader() as reader:
        assert indicators.trend(reader, "halls.count", COUNTY) == ((MAY, None), (JUNE, 1.0), (JULY, None))
        assert figure(reader, "spaces.mu").value == 3.5
    with door.reader(Scope(day=JUNE)) as then:
        assert numbers(figure(then, "halls.count")) == (1.0, 1.0, None)
        assert {each.value for each in readings.of_children(then, "halls.count", COUNTY)} == {0.0, 1.0}  # a real nought


def test_what_no_row_tells_is_no_nought(door):
    with door.reader() as reader:
        rent = figure(reader, "spaces.rent")
        assert (rent.value, rent.lacks) == (None, "spaces.rent")
        assert of_figure(rent).en == "no row of Public spaces tells “Rent a year”; fill that column and load the file: ./onemap load FILE --theme spaces"
        assert of_figure(rent).zh == "“公共空间”没有一行填了“年租金”；请在文件中补这一列，再导入：./onemap load 文件 --theme spaces"


def test_a_target_over_nothing_has_no_state_and_says_why(door):
    with door.reader() as reader:
        county = units.unit(reader, COUNTY)
        asked = [one(CountAtLeast(by=name, at_least=1)) for name in ("halls.count", "spaces.rent")]
        found = [targets.standings(reader, county, only=(each,))[0] for each in asked]
        assert [(each.state, each.reason, each.parts[0].numbers.value) for each in found] == [("none", "rows", None), ("none", "field", None)]
        assert "--theme halls" in says(found[0]).zh and "年租金" in says(found[1]).zh
        assert passing(reader, county, asked, grounded(reader, only=asked)) == {}


def test_people_that_nobody_counted_are_not_nobody(door):
    with door.reader() as reader:
        unknown = figure(reader, "units.population", VILLAGE)
        assert unknown.value is None and of_figure(unknown).en.startswith("nobody has counted this unit's people")
        assert figure(reader, "units.population", "990101001202").value == 600


def test_what_a_measure_needs():
    theme = indicator("spaces.rent")[0]
    assert lacking.needs(theme, Sum("rent", divided_by="mu")) == (("spaces", None), ("spaces", "rent"), ("spaces", "mu"))
    either = Share(where=(AnyOf((Is("state", ("let",)), Between("mu", low=1))),), among=(Is("sort", ("x",)),))
    assert lacking.needs(theme, either) == (("spaces", None), ("spaces", "sort"))
    assert lacking.needs(*_of("entrances.seen"))[:2] == (("entrances", None), ("cameras", None))
    assert lacking.needs(*_of("units.population")) == ()


def _of(name):
    theme, declared = indicator(name)
    return theme, declared.measure
