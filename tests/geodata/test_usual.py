"""Numbers beyond their usual range: which steps are, and what an acceptance does."""

from datetime import date, timedelta
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from geodata import review, tables, usual
from geodata.door import Door
from geodata.errors import SettingError
from geodata.writing import write
from tests.conftest import standing_on
from tests.geodata.laid import COUNTY, lay_units, nested

FIRST = date(2025, 1, 31)


def series(*values):
    return [(FIRST + timedelta(30 * at), value) for at, value in enumerate(values)]


STEADY = (0.90, 0.91, 0.90, 0.92, 0.91, 0.90, 0.91)


def test_a_leap_is_to_be_reviewed_until_it_is_accepted_or_comes_back():
    leap = usual.moved(series(*STEADY, 0.40), share=True)
    assert (leap.before, leap.now, leap.day) == (0.91, 0.40, FIRST + timedelta(210))
    assert usual.moved(series(*STEADY, 0.40, 0.40), share=True) == leap
    assert usual.moved(series(*STEADY, 0.40, 0.91), share=True) is None
    assert usual.moved(series(*STEADY, 0.40, 0.86), [leap.day + timedelta(30)], share=True) is None
    assert usual.moved(series(*STEADY, 0.40), [leap.day], share=True) is None
    assert usual.moved(series(*STEADY, 0.93), share=True) is None


def test_too_little_is_known_of_a_young_number():
    assert usual.moved(series(0.9, 0.9, 0.9, 0.9, 0.1), share=True) is None
    assert usual.moved(series(None, None, *STEADY, 0.4), share=True).now == 0.4


@given(st.lists(st.floats(-1e6, 1e6), min_size=usual.LEAST, max_size=30), st.floats(0, 1e6))
def test_the_range_holds_the_middle_and_is_never_narrower_than_its_room(steps, least):
    low, high = usual.usual(steps, least)
    assert low <= median(steps) <= high and high - low >= 2 * least * (1 - 1e-9) - 1e-6


@given(st.lists(st.floats(0, 1), min_size=2, max_size=12), st.lists(st.floats(0, 1), max_size=3))
def test_what_is_accepted_stays_accepted(values, more):
    told = series(*values)
    assert usual.moved(told, [told[-1][0]], share=True) is None


@pytest.fixture
def laid(new_database):
    store = new_database("usual")
    tables.create_all(store)
    with store.begin() as connection:
        connection.execute(text("TRUNCATE onemap.ladder, onemap.indicators, onemap.measured, onemap.accepted, onemap.versions"))
        lay_units(connection, nested())
        for day, value in series(*STEADY, 0.4):
            connection.execute(text("INSERT INTO onemap.measured VALUES ('cameras.online', 'default', :day, '{}')"), {"day": day})
            connection.execute(text("""INSERT INTO onemap.indicators (indicator, unit, day, value, numerator, denominator)
                VALUES ('cameras.online', :unit, :day, :value, CAST(:value AS float8) * 100, 100)"""), {"unit": COUNTY, "day": day, "value": value})
    return store


def test_the_command_lists_accepts_once_and_keeps_who_and_why(laid, capsys):
    with standing_on(laid.url):
        assert review.main([]) == 1
        assert f"cameras.online (default) of {COUNTY}" in capsys.readouterr().out
        with pytest.raises(SettingError, match=r"review --accept: it has no unit or no reason; add --unit CODE --reason TEXT\."):
            review.main(["--accept", "cameras.online", "--unit", COUNTY])
        accept = ["--accept", "cameras.online", "--unit", COUNTY, "--reason", "停电检修", "--operator", "王"]
        assert review.main(accept) == 0 and "accepted: cameras.online" in capsys.readouterr().out
        assert review.main([]) == 0
        with pytest.raises(SettingError, match="is to be reviewed; run ./onemap review to see what is"):
            review.main(accept)
    with Door(laid).reader() as reader:
        [kept] = usual.accepted(reader)
        assert (kept.who, kept.reason, kept.indicator, kept.unit) == ("王", "停电检修", "cameras.online", COUNTY)
        assert reader.value("SELECT count(*) FROM onemap.versions WHERE theme = 'accepted'") == 1


def test_a_number_of_a_few_rows_is_not_watched(laid):
    with laid.begin() as connection:
        connection.execute(text("UPDATE onemap.indicators SET denominator = 4"))
    with Door(laid).reader() as reader:
        assert usual.to_review(reader, [("cameras.online", "default")], None) == {}
    assert write(Door(laid), lambda reader: usual.accept(reader, "cameras.online", "default", COUNTY, "王", "x")) is None
