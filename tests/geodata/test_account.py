"""The numbers of a unit, as the command line prints them."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sqlalchemy import Engine, text

from geodata import __main__ as command
from layers import themes
from tests.geodata.laid import COUNTY, lay_units, nested


@pytest.fixture
def county(store: Engine) -> str:
    """A county whose online rate was measured: 9 of 10."""
    with store.begin() as connection:
        lay_units(connection, nested(), {COUNTY: 1200})
        connection.execute(
            text("""INSERT INTO onemap.indicators (indicator, unit, day, value, numerator, denominator)
                VALUES ('cameras.online', :code, :day, 0.9, 9, 10), ('units.population', :code, :day, 1200, 1200, NULL)"""),
            {"code": COUNTY, "day": date(2026, 10, 31)},
        )
        connection.execute(
            text("""INSERT INTO onemap.measured (indicator, definition, day, basis)
                VALUES ('cameras.online', 'default', :day, '{"cameras": 1}'), ('units.population', 'default', :day, '{"units": 1}')"""),
            {"day": date(2026, 10, 31)},
        )
    return COUNTY


def test_every_declared_indicator_is_told(county: str, capsys):
    assert command.main(["indicators", "--unit", county, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    unit = told["unit"]
    assert (unit["code"], unit["name"], unit["level"], unit["population"]) == (county, "county000", "county", 1200)
    declared = [f"{theme.name}.{each.name}" for theme in themes().values() for each in theme.indicators]
    assert [each["indicator"] for each in told["indicators"]] == declared


def test_a_number_comes_with_what_was_counted(county: str, capsys):
    command.main(["indicators", "--unit", county, "--json"])
    told = {each["indicator"]: each for each in json.loads(capsys.readouterr().out)["indicators"]}
    online = told["cameras.online"]
    assert (online["value"], online["numerator"], online["denominator"]) == (0.9, 9, 10)
    assert {each["state"] for each in online["targets"]} <= {"met", "near", "missed"} and online["targets"]


def test_without_a_code_it_is_where_the_map_begins(county: str, capsys):
    assert command.main(["indicators"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"county000 ({county}, county)"
    assert any("cameras.online" in line and "90.00 %" in line and "9 of 10" in line for line in lines)
    assert any("units.population" in line and "1,200" in line for line in lines)


def test_a_code_that_does_not_exist(county: str, capsys):
    assert command.main(["indicators", "--unit", "1"]) == 2
    assert capsys.readouterr().err == "onemap: unit 1: the ladder has no such code; use one that search finds.\n"
