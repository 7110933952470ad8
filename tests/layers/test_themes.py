"""The legend: every declared theme keeps the promises of the vocabulary."""

import re
from pathlib import Path

import pytest

import layers
from layers import DeclarationError, themes
from layers._field import Kind
from layers._indicator import Format, Seen, Share
from layers._theme import Geometry

LAYERS = Path(layers.__file__).parent


def test_the_folder_is_the_legend():
    files = {path.stem for path in LAYERS.glob("*.py") if not path.name.startswith("_")}
    assert set(themes()) == files
    assert list(themes())[:3] == ["units", "grids", "cameras"]


@pytest.mark.parametrize("name", themes())
def test_everything_is_said_in_both_languages(name):
    theme = themes()[name]
    words = [theme.title, theme.about, *(each.title for each in theme.fields)]
    words += [choice.title for each in theme.fields for choice in each.choices]
    words += [text for each in theme.indicators for text in (each.title, *(each.reading(own).says for own in each.definitions))]
    for text in words:
        assert text.zh and text.en
        assert not re.search(r"[\u4e00-\u9fff]", text.en), text.en


@pytest.mark.parametrize("name", themes())
def test_no_header_means_two_fields(name):
    owner = {}
    for field in themes()[name].fields:
        for header in field.headers():
            assert owner.setdefault(header, field.name) == field.name, f"{header} is read as two fields of {name}"


def test_no_theme_stores_what_must_not_be_stored():
    forbidden = re.compile(r"(?i)(password|\bip(v[46])?\b|mac|phone|密码|电话|联系方式|身份证)")
    for theme in themes().values():
        for field in theme.fields:
            assert not forbidden.search(field.name), field.name
            assert not forbidden.search(field.title.zh)


def test_what_is_seen_is_seen_by_a_theme_with_a_sight():
    for theme in themes().values():
        for indicator in theme.indicators:
            if isinstance(indicator.measure, Seen):
                assert themes()[indicator.measure.by].sight


def test_what_is_left_is_left_by_areas():
    taken = [themes()[name] for theme in themes().values() if theme.left_by for name in theme.left_by.minus]
    assert [each.name for each in taken] == ["homesteads", "contract_land"] and {each.geometry for each in taken} == {Geometry.AREA}


def test_shares_are_printed_as_shares():
    for theme in themes().values():
        for indicator in theme.indicators:
            if isinstance(indicator.measure, Share | Seen):
                assert indicator.format is Format.PERCENT


def test_codes_are_text():
    for theme in themes().values():
        assert theme.field(theme.key).kind is Kind.CODE


def test_an_unknown_theme_is_refused_by_name():
    with pytest.raises(
        DeclarationError, match=r"^layers/: there is no theme 'speakers'; use one of units, grids, .*roads.*\.$"
    ):
        layers.theme("speakers")


def test_an_unknown_indicator_is_refused_by_name():
    with pytest.raises(
        DeclarationError, match=r"^layers/: there is no indicator 'cameras.wealth'; use one of units.population, "
    ):
        layers.indicator("cameras.wealth")


def test_an_indicator_is_found_by_its_full_name():
    theme, indicator = layers.indicator("cameras.online")
    assert (theme.name, indicator.title.zh) == ("cameras", "在线率")
    assert theme.indicator("online") is indicator
