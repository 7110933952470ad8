"""The same number everywhere: nothing differs in a measured county, and a place that says something else is named."""

import argparse
from dataclasses import replace

import pytest

from app import same_number
from app.__main__ import parser
from geodata import indicators
from tests.app.stood import COUNTY, door
from tests.conftest import standing_on

__all__ = ["door"]


def asked(*words):
    return parser().parse_args(["same-number", *words])


def test_every_place_says_the_same(door):
    found = same_number.compare(door)
    assert found.differences == () and set(found.looked) >= {"map", "ranking", "card", "service", "export", "explain"}
    assert all(n > 0 for n in found.looked.values())


def test_a_place_that_says_something_else_is_named(door, monkeypatch, capsys):
    before = indicators.card

    def lying(reader, code, definition="default"):
        figures = before(reader, code, definition)
        return tuple(replace(each, value=0.25) if each.indicator == "cameras.online" and code == COUNTY else each for each in figures)

    monkeypatch.setattr("app.same_number.indicators.card", lying)
    monkeypatch.setattr("app.same_number.EXPLAINED", 0)
    with standing_on(door.sources.primary.engine.url):
        assert same_number.main(asked()) == 1
        said = capsys.readouterr().out
    assert f"card, unit {COUNTY}, cameras.online (default): it says 0.25, the log 0.8" in said
    assert said.count("run ./onemap check-aggregates.") == 1 + ("(loose)" in said) + ("(strict)" in said)


@pytest.mark.slow
def test_every_unit_of_the_county_says_the_same(door):
    assert same_number.compare(door, every=True).differences == ()


def test_the_command_takes_all_and_json():
    assert isinstance(asked("--all", "--json"), argparse.Namespace) and asked("--all").every
