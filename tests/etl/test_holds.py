"""Conditions in rules: each kind holds for the rows for which it is said to, and for none whose fields are empty."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from etl.clean import Cleaned, typed
from etl.rules._matter import Matter
from etl.rules.enumerations import holds
from layers import theme
from layers._condition import AnyOf, Between, Is, Less, Quotient, Within

EVENTS, VILLAGES = theme("events"), theme("villages")


def matter(of, **columns):
    n = len(next(iter(columns.values())))
    given = {each.name: columns.get(each.name, [None] * n) for each in of.fields}
    frame = pd.DataFrame({each.name: typed(each, np.array([*given[each.name], None], dtype=object)[:-1], pd.RangeIndex(n)) for each in of.fields})
    return Matter(of, Cleaned(frame, np.full(n, None, dtype=object)), np.zeros(n, dtype=np.uint64))


def days(*numbers):
    return [None if each is None else date(2026, 10, each) for each in numbers]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Within("reported", "solved", 7), [True, False, True, False]),
        (Within("solved", "reported"), [False, False, True, False]),
        (Within("solved", "reported", earlier=True), [True, True, True, False]),
        (AnyOf((Within("reported", "solved", 7), Is("state", ("solved",)))), [True, True, True, False]),
    ],
)
def test_days(condition, expected):
    rows = matter(EVENTS, reported=days(1, 1, 9, 9), solved=days(8, 9, 9, None), state=["visited", "solved", "visited", "visited"])
    assert holds(rows, condition).tolist() == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Less("cases", "cases_before"), [True, False, False, False]),
        (AnyOf((Between("cases", high=0), Less("cases", "cases_before"))), [True, True, False, False]),
        (Quotient("people", "cleaners", 300, 400), [True, False, False, False]),
        (Quotient("people", "cleaners"), [True, True, False, False]),
    ],
)
def test_numbers(condition, expected):
    rows = matter(VILLAGES, cases=[1, 0, 3, None], cases_before=[2, 0, 3, 1], people=[700, 1000, 500, None], cleaners=[2, 2, 0, 1])
    assert holds(rows, condition).tolist() == expected
