"""Conditions of declarations in SQL: each kind against the same question asked in Python."""

import pytest
from sqlalchemy import text

from geodata import conditions
from layers import Text
from layers._field import Choice, Field, Kind
from layers._indicator import AnyOf, Between, Is, Less, Quotient, Within
from layers._theme import Geometry, Role, Style, Theme

THEME = Theme(
    name="posts", title=Text("杆", "Posts"), about=Text("", ""), geometry=Geometry.POINT, key="code", label="code",
    style=Style(role=Role.TEAL),
    fields=(
        Field(name="code", title=Text("号", "Code"), kind=Kind.CODE, required=True),
        Field(name="lit", title=Text("亮", "Lit"), kind=Kind.FLAG),
        Field(name="height", title=Text("高", "Height"), kind=Kind.NUMBER),
        Field(name="arms", title=Text("臂", "Arms"), kind=Kind.INTEGER),
        Field(name="cap", title=Text("顶", "Cap"), kind=Kind.INTEGER),
        Field(name="reported", title=Text("报", "Reported"), kind=Kind.DATE),
        Field(name="solved", title=Text("结", "Solved"), kind=Kind.DATE),
        Field(name="state", title=Text("态", "State"), kind=Kind.CHOICE, choices=(
            Choice("good", Text("好", "Good")), Choice("bad", Text("坏", "Bad")))),
    ),
)  # fmt: skip

ROWS = [
    ("1", True, 3.5, 1, "good"),
    ("2", False, 8.0, 2, "bad"),
    ("3", None, None, None, None),
    ("4'", True, 9, 4, "bad"),
]


def chosen(store, where):
    values = """(VALUES ('1', true, 3.5::float8, 1, 'good', 2, date '2026-01-01', date '2026-01-08'),
        ('2', false, 8, 2, 'bad', 2, '2026-01-01', '2026-01-09'), ('3', NULL, NULL, NULL, NULL, 0, '2026-01-01', NULL),
        ('4''', true, 9, 4, 'bad', 0, '2026-01-09', '2026-01-08'))"""
    binds = {}
    asked = conditions.sql(THEME, where, binds)
    question = f"SELECT code, {asked} FROM {values} AS posts (code, lit, height, arms, state, cap, reported, solved)"
    with store.connect() as connection:
        answered = connection.execute(text(question), binds).all()
    assert all(answer in (True, False) for _, answer in answered)
    return [code for code, answer in answered if answer]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ((), ["1", "2", "3", "4'"]),
        ((Is("state", ("good",)),), ["1"]),
        ((Is("state", ("good", "bad")),), ["1", "2", "4'"]),
        ((Is("code", ("4'",)),), ["4'"]),
        ((Is("code", ("'; DROP SCHEMA onemap; --",)),), []),
        ((Is("lit", (True,)),), ["1", "4'"]),
        ((Is("lit", (False,)),), ["2"]),
        ((Is("arms", ("2",)),), ["2"]),
        ((Between("height", low=8),), ["2", "4'"]),
        ((Between("height", high=8),), ["1", "2"]),
        ((Between("height", low=3.5, high=8),), ["1", "2"]),
        ((Between("arms"),), ["1", "2", "4'"]),
        ((Is("lit", (True,)), Between("arms", low=2)), ["4'"]),
        ((Within("reported", "solved", days=7),), ["1"]),
        ((Within("reported", "solved", days=7, earlier=True),), ["1", "4'"]),
        ((Within("solved", "reported", days=1),), ["4'"]),
        ((Within("solved", "reported", earlier=True),), ["1", "2"]),
        ((Less("arms", "cap"),), ["1"]),
        ((Quotient("arms", "cap", low=0.5, high=1),), ["1", "2"]),
        ((Quotient("arms", "cap"),), ["1", "2"]),
        ((AnyOf((Is("state", ("good",)), Between("height", low=9))),), ["1", "4'"]),
        ((AnyOf((Less("arms", "cap"), Is("lit", (False,)))), Between("arms", low=2)), ["2"]),
    ],
)
def test_each_kind_of_condition(store, where, expected):
    assert chosen(store, where) == expected


def test_values_are_bound_and_never_written_into_the_text():
    binds = {"day": 1}
    asked = conditions.sql(THEME, (Is("state", ("bad",)), Between("height", low=7)), binds)
    assert asked == 'coalesce("state"::text = ANY(:c1) AND "height" >= :c2, false)'
    assert binds == {"day": 1, "c1": ["bad"], "c2": 7}


def test_identifiers_are_quoted():
    assert conditions.quoted('od"d') == '"od""d"'
