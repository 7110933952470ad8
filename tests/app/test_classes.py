"""Values to classes of colour: what must hold for any values."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.choices import METHODS
from app.classes import Classes, classes, methods, said
from app.palette import DESK, WALL
from layers._indicator import Count, Format, Indicator
from layers._target import Aim
from layers._text import Text

PLAIN = Indicator(name="n", title=Text("数", "n"), says=Text("数", "n"), measure=Count(), unit=Text("个", "pieces"))


def _aimed(form: Format = Format.PERCENT, **threshold: float) -> tuple[Indicator, Aim]:
    return Indicator(name="n", title=PLAIN.title, says=PLAIN.says, measure=Count(), format=form), Aim(**threshold)


values = some.dictionaries(some.integers(1, 10_000), some.none() | some.floats(0, 1) | some.just(float("nan")), max_size=60)
indicators = some.sampled_from([
    (PLAIN, None), _aimed(at_least=0.7), _aimed(at_least=1.0), _aimed(at_most=0.1), _aimed(at_most=0.0), _aimed(at_least=0.2, at_most=0.4),
    _aimed(Format.WHOLE, at_least=10), _aimed(Format.DECIMAL, at_most=3),
])


@given(values, indicators, some.sampled_from([DESK, WALL]), some.sampled_from([None, *METHODS]))
def test_every_unit_has_one_class_and_the_legend_counts_it_once(held, indicator, flavour, method) -> None:
    indicator, aim = indicator
    made = classes(held, indicator, flavour, method=method, aim=aim)
    assert made.method == (method if method in methods(aim) else methods(aim)[0])
    assert set(made.states) == {str(unit) for unit in held}
    assert sum(step.n for step in made.steps) == len(held)
    counted: Counter[object] = Counter()
    for step in made.steps:
        counted[step.index] += step.n
        assert step.colour == flavour.classes[step.index]
    assert counted == Counter({**dict.fromkeys(counted, 0), **Counter(state["c"] for state in made.states.values())})


@given(values, some.sampled_from(METHODS[1:]))
def test_classes_rise_with_the_value_and_equal_values_share_one(held, method) -> None:
    made = classes(held, PLAIN, DESK, method=method)
    known = sorted((state["v"], state["c"]) for state in made.states.values() if state["v"] is not None)
    for (value, index), (other, another) in zip(known, known[1:], strict=False):
        assert index <= another
        assert value != other or index == another
    assert len({index for _, index in known}) <= 5


@given(values, indicators)
def test_colour_says_met_exactly_when_the_target_is_met(held, indicator) -> None:
    indicator, aim = indicator
    if not aim:
        return
    missed = range(len(DESK.scale), len(DESK.scale) + len(DESK.missed))
    for state in classes(held, indicator, DESK, aim=aim).states.values():
        if state["v"] is not None:
            assert (state["c"] in missed) != aim.met_by(state["v"])


def _labels(made: Classes) -> list[str]:
    return [step.label for step in made.steps]


def test_a_share_above_its_target_never_speaks_of_more_than_everything() -> None:
    made = classes({1: 0.99, 2: 0.5, 3: None}, _aimed(at_least=0.7)[0], DESK, aim=Aim(0.7))
    assert _labels(made) == [
        "< 59.5%", "59.5% – 66.5%", "66.5% – 70.0%", "70.0% – 80.0%", "80.0% – 90.0%", "≥ 90.0%", "无数据",
    ]
    assert _labels(classes({1: 1.0}, _aimed(at_least=1.0)[0], DESK, aim=Aim(1.0)))[-1].startswith("≥ 100")


def test_the_legend_says_the_breaks_of_each_method() -> None:
    held = dict(enumerate([1, 2, 3, 4, 100, 101, 300, 301, 302, 500]))
    assert _labels(classes(held, PLAIN, DESK, method="equal")) == ["1 – 101 个", "101 – 201 个", "201 – 300 个", "300 – 400 个", "400 – 500 个"]
    assert _labels(classes(held, PLAIN, DESK, method="natural")) == ["1 – 2 个", "3 – 4 个", "100 – 101 个", "300 – 302 个", "500 个"]
    assert [step.n for step in classes(held, PLAIN, DESK, method="quantile").steps] == [2, 2, 2, 2, 2]


def test_one_value_is_one_class_in_the_middle_of_the_scale() -> None:
    made = classes({1: 7, 2: 7}, PLAIN, DESK)
    assert [(step.index, step.label, step.n) for step in made.steps] == [(3, "7 个", 2)]


@pytest.mark.parametrize(("value", "lang", "text"), [(None, "zh", "无数据"), (None, "en", "no data"), (1204, "zh", "1,204 个"),
                                                     (1204, "en", "1,204 pieces")])
def test_a_value_is_said_with_its_unit(value, lang, text) -> None:
    assert said(value, PLAIN, lang) == text


def test_a_share_is_said_in_percent() -> None:
    assert said(0.873, _aimed(at_least=0.7)[0]) == "87.3%"
