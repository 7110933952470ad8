"""Codes say their level and their parent, where they follow the statistical system."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers._ladder import LEVEL_NAMES, level, level_of, parent_code


@pytest.mark.parametrize(
    ("code", "name", "parent"),
    [
        ("990000000000", "province", None),
        ("990100000000", "city", "990000000000"),
        ("990110000000", "county", "990100000000"),
        ("990101100000", "town", "990101000000"),
        ("990101001200", "village", "990101001000"),
        ("990101001201003", "grid", "990101001201"),
        ("99010100120100312", "microgrid", "990101001201003"),
        ("6301200042", None, None),
        ("A1", None, None),
        ("", None, None),
    ],
)
def test_a_code_says_its_level_and_parent(code, name, parent):
    assert level_of(code) == name
    assert parent_code(code) == parent


@given(st.from_regex(r"[1-9][0-9]{11}", fullmatch=True))
def test_parents_climb_to_a_province(code):
    climbed = [code]
    while (above := parent_code(climbed[-1])) is not None:
        assert LEVEL_NAMES.index(level_of(above)) < LEVEL_NAMES.index(level_of(climbed[-1]))
        climbed.append(above)
    assert climbed[-1] == code[:2].ljust(12, "0")


def test_an_unknown_level_is_named():
    with pytest.raises(KeyError, match="no level 'parish'; the ladder has province, city"):
        level("parish")
