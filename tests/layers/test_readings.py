"""Readings of an indicator: what is refused, in its exact words; and which one holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers import DeclarationError, Text
from layers._indicator import DEFINITIONS, Between, Count, Indicator, Is, Reading, Seen, Share, UnitsHaving
from layers._readings import RANGES, variants

SAYS = Text("数", "N")
HALF = Share(where=(Is("state", ("good",)),))


def indicator(measure=HALF, **parts):
    return Indicator(name="n", title=SAYS, says=SAYS, measure=measure, **parts)


def refusal(made):
    with pytest.raises(DeclarationError) as said:
        list(variants("layers/posts.py", made))
    return str(said.value)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (
            indicator(strict=Reading(HALF, SAYS)),
            "layers/posts.py: the strict definition of indicator 'n' counts the same as the default; leave it out.",
        ),
        (
            indicator(loose=Reading(Share(where=(Is("state", ("bad",)),)), Text("", ""))),
            "layers/posts.py: the loose definition of indicator 'n' has no sentence; say in both languages what is counted then.",
        ),
        (
            indicator(loose=Reading(Count(), SAYS)),
            "layers/posts.py: the loose definition of indicator 'n' is a Count, the default a Share; "
            "count the same kind of thing in all of them, or declare another indicator.",
        ),
        (
            indicator(Seen(by="cameras"), loose=Reading(Seen(by="cameras", within=9000), SAYS)),
            "layers/posts.py: indicator 'n', loose definition has within=9000, which is outside its range; "
            "choose from 1 to 5,000 metres.",
        ),
        (
            indicator(UnitsHaving(level="village", people_from=-1)),
            "layers/posts.py: indicator 'n', default definition has people_from=-1, which is outside its range; "
            "choose from 0 to 1,000,000 people.",
        ),
        (
            indicator(Share(where=(Between("size", low=5, high=2),))),
            "layers/posts.py: indicator 'n', default definition asks for 'size' from 5 to 2, which nothing meets; "
            "put the smaller number first.",
        ),
    ],
)
def test_a_definition_that_makes_no_sense_is_refused(made, words):
    assert refusal(made) == words


@given(st.sampled_from(["within", "at_least"]), st.floats(-1e7, 1e7).filter(bool))
def test_whatever_lies_outside_its_range_is_refused_and_nothing_else(name, value):
    low, high, _ = RANGES[name]
    measure = Seen(by="cameras", within=value) if name == "within" else UnitsHaving(level="village", at_least=value)
    if low <= value <= high:
        assert [own for own, _ in variants("layers/posts.py", indicator(measure))] == ["default"]
    else:
        assert "outside its range" in refusal(indicator(measure))


def test_where_a_definition_is_not_declared_the_default_holds():
    made = indicator(strict=Reading(Share(where=(Is("state", ("good",)), Is("state", ("bad",)))), Text("严", "Strict")))
    assert made.definitions == ("default", "strict")
    assert [made.applied(each) for each in DEFINITIONS] == ["default", "strict", "default"]
    assert made.reading("strict").says.en == "Strict" and made.reading("loose") == Reading(HALF, SAYS)
    assert [(own, each.measure, each.definitions) for own, each in variants("p", made)] == [
        ("default", HALF, ("default",)), ("strict", made.strict.measure, ("default",)),
    ]  # fmt: skip
