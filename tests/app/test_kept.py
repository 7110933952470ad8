"""What is kept is right, bounded, and given up in the order of its use."""

from hypothesis import given
from hypothesis import strategies as st

from app.kept import Kept


def test_a_question_is_worked_out_once():
    kept, made = Kept(), []
    assert [kept.get("a", lambda: made.append(1) or len(made)) for _ in range(3)] == [1, 1, 1]
    assert kept.get(("a", 2), lambda: "of other data") == "of other data"


def test_the_longest_unused_is_given_up_first():
    kept = Kept(room=3)
    for name in "abc":
        kept.get(name, lambda: 1)
    kept.get("a", lambda: 0)
    kept.get("d", lambda: 1)
    assert kept.get("b", lambda: "made again") == "made again"
    assert kept.get("a", lambda: "made again") == 1


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 7))))
def test_never_heavier_than_its_room_and_never_wrong(questions):
    kept = Kept(room=10)
    for key, weight in questions:
        assert kept.get((key, weight), lambda: (key, weight), lambda made: made[1]) == (key, weight)  # noqa: B023
        assert kept._used <= 10
