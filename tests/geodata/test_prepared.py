"""Statements planned once: the same answer as asked afresh, and no plan outlives its connection's room."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from geodata import reader as reading
from geodata.door import Door
from geodata.prepared import prepared, side_by_side

PLANS = "SELECT count(*) FROM pg_prepared_statements WHERE statement NOT LIKE '%set_config%'"


def test_names_become_numbers_and_casts_stay() -> None:
    made = prepared("SELECT :a::int + :b, :a, ARRAY[:list], '12:30'", {"b": 2, "list": ["x"], "unused": 1}, a=int)
    assert made.sql == "SELECT $1::int + $2, $1, ARRAY[$3], '12:30'"
    assert (made.kinds, made.names, made.values) == (("int", "int", "text[]"), ("a", "b", "list"), (None, 2, ["x"]))
    assert made.filled(a=7) == (7, 2, ["x"])


def test_kinds_follow_the_values() -> None:
    known = {"flag": True, "n": 1, "share": 0.5, "word": "x", "day": date(2026, 1, 1), "none": [], "many": [1, 2]}
    made = prepared(" ".join(f":{name}" for name in known), known)
    assert made.kinds == ("boolean", "int", "float8", "text", "date", "text[]", "int[]")


def test_questions_side_by_side_keep_their_values_apart() -> None:
    sql, values = side_by_side([("SELECT :x + :n", {"n": 1}), ("SELECT :x + :n", {"n": 2, "x": 9})])
    assert sql == "SELECT (SELECT :x + :n_0) AS part_0, (SELECT :x + :n_1) AS part_1"
    assert values == {"n_0": 1, "n_1": 2, "x": 9}


def test_a_question_is_planned_once_for_each_connection(store: Engine) -> None:
    question = prepared("SELECT :n * 2, :word", {"word": "it's 100 %"}, n=int)
    opened = Door(store)
    for n in range(5):
        with opened.reader() as reader:
            assert [tuple(row) for row in reader.often(question, n=n)] == [(2 * n, "it's 100 %")]
            assert reader.value(PLANS) == 1


def test_plans_are_given_up_before_they_are_too_many(store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_PREPARED", 3)
    with Door(store).reader() as reader:
        for n in range(10):
            assert reader.often(prepared(f"SELECT {n}", {}))[0][0] == n
            assert reader.value(PLANS) <= 3
