"""Rows that say the same have the same number; on every run, whatever fields are declared later."""

import numpy as np
import pandas as pd
import shapely

from geodata.fingerprint import hashes
from layers import theme

HALLS = theme("halls")


def frame(**more):
    columns = {each.name: pd.Series([None], dtype=object) for each in HALLS.fields}
    for each in HALLS.fields:
        if each.kind.value in ("integer", "number"):
            columns[each.name] = pd.Series(
                pd.array([None], dtype="Int64" if each.kind.value == "integer" else "Float64")
            )
    for name, value in more.items():
        columns[name] = pd.Series([value], dtype=columns[name].dtype)
    return pd.DataFrame(columns)


def number(x=124.0, **more):
    return int(hashes(HALLS, frame(**more), np.array([shapely.Point(x, 30)]))[0])


def test_it_is_the_same_on_every_run():
    assert number(code="1", name="甲", seats=100) == 6246480742212782179


def test_every_change_shows():
    said = [number(code="1", name="甲"), number(code="甲", name="1"), number(code="1", name="甲", seats=0),
            number(code="1", name="甲", events=0), number(124.0000001, code="1", name="甲"), number(code="1")]  # fmt: skip
    assert len(set(said)) == len(said)


def test_a_row_without_a_shape_has_a_number():
    assert hashes(HALLS, frame(code="1"), np.array([None]))[0] > 0
