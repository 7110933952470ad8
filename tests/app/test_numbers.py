"""Numbers as a reader of each language expects them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.numbers import printed, short, whole
from layers import indicator

SHARE = indicator("cameras.online")[1]


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (None, ("—", ""), ("—", "")),
        (float("nan"), ("—", ""), ("—", "")),
        (0, ("0", ""), ("0", "")),
        (986, ("986", ""), ("986", "")),
        (84.5, ("84.5", ""), ("84.5", "")),
        (9945, ("9,945", ""), ("9,945", "")),
        (420166, ("42.0", "万"), ("420.2", "k")),
        (12_345_678, ("1,235", "万"), ("12.3", "M")),
        (312_000_000, ("3.1", "亿"), ("312.0", "M")),
    ],
)
def test_short_numbers(value, zh, en):
    assert short(value, "zh") == zh
    assert short(value, "en") == en


@given(st.floats(0, 1))
def test_only_all_of_it_is_100_percent_and_only_nothing_is_0(share):
    number, sign = printed(share, SHARE, "zh")
    assert sign == "%"
    assert (number == "100") == (share >= 1)
    assert (number == "0") == (share <= 0)


def test_whole_numbers_have_thousands_marks():
    assert whole(1234567) == "1,234,567"
    assert whole(None) == "—"


def test_decimals_carry_their_unit():
    assert printed(3.14159, indicator("cameras.density")[1], "zh") == ("3.14", "个/km²")
    assert printed(314.159, indicator("cameras.density")[1], "en") == ("314.2", "/km²")
