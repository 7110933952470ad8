"""How a number stands to a target: what must hold for any numbers, days and deadlines."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from geodata.judging import STATES, Numbers, asked_of_unit, counts_units, expected, judged, passes, state, together
from geodata.tallies import Change, owned, tallied
from layers import Text
from layers._asked import (
    AllOf,
    Between,
    CountAtLeast,
    EachAtLeast,
    Milestone,
    PerPeriod,
    Quota,
    ShareAtLeast,
    UnitsAtLeast,
)
from layers._indicator import Period
from layers._ladder import LEVEL_NAMES
from layers._target import NO_DEADLINE, Target, by_day

DAYS = some.dates(date(2020, 1, 1), date(2030, 1, 1))
SHARES = some.floats(0, 1)
ASKED = some.floats(0.01, 1)


def target(rule, levels=("city", "village")):
    return Target(id="X", clause="1", says="一", rule=rule, levels=levels, needs=Text("甲", "A"))


@given(some.none() | SHARES, ASKED, some.none() | DAYS, DAYS, some.none() | some.tuples(DAYS, SHARES))
def test_every_number_has_one_state_and_a_reached_one_is_met(value, asked, on, today, first):
    found = state(value, asked, on, today, first)
    assert found in STATES
    assert (found == "none") == (value is None)
    assert (found == "met") == (value is not None and value >= asked)
    assert (found == "missed") == (value is not None and value < asked and on is not None and today > on)
    if on is None:
        assert found in ("met", "behind", "none")


@given(SHARES, ASKED, DAYS, some.integers(1, 2000), some.floats(0, 1))
def test_on_course_is_on_or_above_the_straight_line(start, asked, began, days, part):
    on = began + timedelta(days)
    today = began + timedelta(int(days * part))
    line = expected((began, start), on, asked, today)
    assert line is not None and min(start, asked) - 1e-9 <= line <= max(start, asked) + 1e-9
    assert expected((began, start), on, asked, on) == asked
    assert state(line, asked, on, today, (began, start)) in ("course", "met")
    if line - 0.01 < asked:
        assert state(line - 0.01, asked, on, today, (began, start)) == "behind"


def test_the_line_is_read_on_the_day_of_the_newest_data():
    first, on = (date(2026, 10, 31), 0.5), date(2027, 10, 31)
    assert state(0.5, 1.0, on, date(2026, 11, 29), first, date(2026, 10, 31)) == "course"
    assert state(0.5, 1.0, on, date(2026, 11, 29), first) == "behind"
    assert state(0.5, 1.0, on, date(2027, 11, 1), first, date(2026, 10, 31)) == "missed"


@given(some.lists(some.sampled_from(STATES), min_size=1, max_size=6))
def test_all_of_several_is_met_only_when_each_is(states):
    found = together(states)
    assert found in states
    assert (found == "met") == (set(states) == {"met"})
    assert (found == "none") <= ("none" in states)


RULES = [
    (EachAtLeast(by="x.y", at_least=0.7, level="village"), 0.7, 0.69),
    (UnitsAtLeast(by="x.y", reach=5, at_least=0.3, level="village"), 5, 4),
    (Between(by="x.y", low=3, high=5, level="village"), 5, 6),
    (CountAtLeast(by="x.y", at_least=3), 3, 2),
    (PerPeriod(by="x.y", times=3, every=Period.YEAR, share=None), 3, 2),
]


@pytest.mark.parametrize(("rule", "yes", "no"), RULES, ids=[type(each[0]).__name__ for each in RULES])
def test_a_unit_passes_at_the_threshold_itself(rule, yes, no):
    assert (passes(rule, yes), passes(rule, no), passes(rule, None)) == (True, False, None)


@given(some.lists(some.tuples(some.sampled_from("abcde"), DAYS, some.none() | SHARES), max_size=30), some.lists(DAYS, min_size=1, max_size=8))
def test_a_tally_counts_the_units_as_they_stood_on_each_day(changes, days):
    rule = EachAtLeast(by="x.y", at_least=0.5, level="village")
    logged = sorted({(unit, day): Change(unit, day, value, None, None) for unit, day, value in changes}.values(), key=lambda each: each.day)
    rows = [Change(unit, None, None, None, None) for unit in "fg"] + logged
    days = sorted(set(days))
    for day, passing, known in tallied(rule, rows, days, None):
        newest = {each.unit: each.value for each in logged if each.day <= day}
        assert known == sum(value is not None for value in newest.values())
        assert passing == sum(value is not None and value >= 0.5 for value in newest.values())


def test_units_that_were_never_counted_have_a_number_of_nought_and_no_share():
    rows = [Change(unit, None, None, None, None) for unit in "ab"]
    count = CountAtLeast(by="x.y", at_least=1)
    assert tallied(count, rows, [date(2026, 1, 1)], 0.0) == [(date(2026, 1, 1), 0, 2)]
    assert tallied(EachAtLeast(by="x.y", at_least=0.5, level="village"), rows, [date(2026, 1, 1)], None) == [(date(2026, 1, 1), 0, 0)]


def test_the_units_themselves_can_be_the_number():
    rule = CountAtLeast(by="x.y", at_least=15, units=True)
    assert owned(rule, 0.5, 12.0, 24.0) == (12.0, 12.0, 24.0)
    assert owned(CountAtLeast(by="x.y", at_least=15), 12.0, 12.0, None) == (12.0, 12.0, None)


def test_a_number_is_owed_by_its_own_level_and_below_it_by_quota_only():
    rule = CountAtLeast(by="x.y", at_least=5, quotas=(Quota(unit="东区", at_least=3), Quota(unit="990102000000", at_least=2)))
    asked = target(rule, ("city", "county"))
    assert asked_of_unit(asked, rule, "city", ("1", "市")) == 5
    assert asked_of_unit(asked, rule, "county", ("990101000000", "东区")) == 3
    assert asked_of_unit(asked, rule, "county", ("990102000000", "西区")) == 2
    assert asked_of_unit(asked, rule, "county", ("990103000000", "北区")) is None
    assert counts_units(asked, rule, "province", LEVEL_NAMES) == "city"
    assert counts_units(asked, rule, "city", LEVEL_NAMES) is None


def test_a_number_of_each_period_is_owed_by_its_own_level_alone():
    rule = PerPeriod(by="x.y", times=1500, every=Period.YEAR, share=None)
    asked = target(rule, ("county", "county"))
    assert [asked_of_unit(asked, rule, each, ("1", "甲")) for each in ("county", "town", "village")] == [1500, None, None]
    assert [counts_units(asked, rule, each, LEVEL_NAMES) for each in ("city", "county", "village")] == ["county", None, None]


def test_units_one_by_one_are_counted_above_their_level_only():
    rule = EachAtLeast(by="x.y", at_least=0.7, level="village")
    assert [counts_units(target(rule), rule, each, LEVEL_NAMES) for each in ("city", "town", "village", "grid")] == ["village", "village", None, None]


@pytest.mark.parametrize("rule", [ShareAtLeast(by="x.y", at_least=0.5), Milestone(by="x.y"), PerPeriod(by="x.y", times=1, every=Period.MONTH),
                                  Between(by="x.y", low=2, high=3)])  # fmt: skip
def test_what_is_asked_of_a_units_own_value(rule):
    assert asked_of_unit(target(rule), rule, "town", ()) == (0.5 if isinstance(rule, ShareAtLeast) else 1.0)


def test_a_unit_stands_to_several_rules_at_once_and_the_worst_counts():
    parts = (ShareAtLeast(by="x.y", at_least=0.5), CountAtLeast(by="x.z", at_least=10))
    due = by_day(date(2026, 12, 31), "年底")
    first = (date(2026, 1, 1), 0.1)
    good = Numbers(value=0.6, series=(first, (date(2026, 6, 30), 0.6)))
    slow = Numbers(value=1.0, series=((date(2026, 1, 1), 0.0), (date(2026, 6, 30), 1.0)))
    found = judged(target(AllOf(parts=parts)), due, [(parts[0], good, 0.5), (parts[1], slow, 10.0)], date(2026, 7, 1))
    assert [each.state for each in found.parts] == ["met", "behind"] and found.state == "behind"
    assert found.parts[1].expected == pytest.approx(10 * 181 / 364)


def test_a_milestone_that_the_city_calls_done_is_met_and_nothing_known_has_its_reason():
    rule = Milestone()
    asked = [(rule, Numbers(reason="file"), 1.0)]
    assert judged(target(rule), NO_DEADLINE, asked, date(2026, 7, 1)).reason == "file"
    done = judged(target(rule), NO_DEADLINE, asked, date(2026, 7, 1), done=date(2026, 6, 30))
    assert (done.state, done.reason) == ("met", None)
    assert judged(target(rule), NO_DEADLINE, asked, date(2026, 6, 1), done=date(2026, 6, 30)).state == "none"
