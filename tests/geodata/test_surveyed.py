"""What is left of a village that nobody surveyed is unknown; of one that is all taken up it is nought. The statement says the same."""

from datetime import date

import pytest

from geodata import exclusion, indicators, measure, readings, tables
from geodata.door import Door, Scope
from geodata.explaining import explain
from geodata.reasons import of_figure
from layers import theme
from tests.geodata.laid import COUNTY, lay_units, nested, note_load, put
from tests.geodata.test_exclusion import A, B, C, part

MAY, JUNE = date(2026, 5, 31), date(2026, 6, 30)
NAMES = ("candidates.mu", "candidates.count")


@pytest.fixture(scope="module")
def door(new_database):
    """In May one village is all taken up, and two were surveyed by halves; in June one of these is surveyed whole."""
    engine = new_database("surveyed")
    tables.create_all(engine)
    ground = nested()
    with engine.begin() as connection:
        paths = lay_units(connection, ground)
        for number, name in enumerate(("units", "ladder"), start=1):
            note_load(connection, name, number, MAY)
        _load(connection, 3, MAY, ground, paths, "contract_land", [{"key": "L1", "geom": part(A, 0, 0.5)}])
        _load(connection, 4, MAY, ground, paths, "homesteads", [{"key": f"H{n}", "geom": part(code, 0.5, 1)} for n, code in enumerate((A, B, C))])
        _load(connection, 5, JUNE, ground, paths, "contract_land", [{"key": "L2", "geom": part(B, 0, 0.3)}])
    return Door(engine)


def _load(connection, number, day, ground, paths, name, rows):
    put(connection, name, [{**each, "mu": 1.0, "state": "used"} for each in rows], ground, paths, load=number, day=day)
    note_load(connection, name, number, day)
    exclusion.rebuild(connection, theme("candidates"), number)
    note_load(connection, "candidates", number + 10, day)
    measure.run(connection, day, {name: (), "candidates": ()})


def figure(reader, name, code):
    return next(each for each in indicators.card(reader, code) if each.indicator == name)


def _grid(reader, village):
    return reader.value("SELECT min(code) FROM onemap.ladder WHERE parent = :village", village=village)


@pytest.mark.parametrize("name", NAMES)
def test_a_village_that_nobody_surveyed_has_no_number(door, name):
    with door.reader(Scope(day=MAY)) as reader:
        found = {code: figure(reader, name, code) for code in (A, B, C, _grid(reader, A), _grid(reader, B), COUNTY)}
        assert [each.value for each in found.values()] == [0, None, None, 0, None, 0]
        said = of_figure(found[B])
        assert said.zh == "该区划没有同时测过宅基地、承包地的村，无法推算；请导入这些图斑"
        assert said.en == "no village of this unit was surveyed for all of Homesteads, Contract land; load their parcels"
        assert {each.code: each.value for each in readings.readings_of_level(reader, name, _unit(reader), "village", ["default"])["default"]}[C] is None


def _unit(reader):
    from geodata.units import unit

    return unit(reader, COUNTY)


def test_a_survey_of_the_next_month_gives_it_one(door):
    with door.reader() as reader:
        found = [figure(reader, "candidates.count", code).value for code in (A, B, C, COUNTY)]
        assert found == [0, 1, None, 1]
        assert figure(reader, "candidates.mu", B).value == pytest.approx(figure(reader, "candidates.mu", COUNTY).value)


@pytest.mark.parametrize("day", [MAY, None])
@pytest.mark.parametrize("name", NAMES)
def test_the_statement_says_the_same(door, name, day):
    with door.reader(Scope(day=day)) as reader:
        for code in (A, B, C, _grid(reader, A), _grid(reader, C), COUNTY):
            found = explain(reader, name, code, wait=True)
            assert found.same, (code, found.again, found.figure)
            assert (found.figure.value is None) == (code in (C, _grid(reader, C)) or (code == B and day == MAY))


def test_nothing_is_written_for_what_nobody_knows(door):
    with door.reader() as reader:
        assert reader.value("SELECT count(*) FROM onemap.indicators WHERE indicator = 'candidates.mu' AND unit = :code", code=C) == 0
        assert reader.value("SELECT count(*) FROM onemap.indicators WHERE indicator = 'candidates.mu' AND numerator = 'NaN'") == 0
