"""The rules, each broken once; and what is said of the row that broke it."""

import numpy as np
import pandas as pd
import pytest
import shapely

from etl.check import Ground, check
from etl.clean import Cleaned
from geodata.fingerprint import hashes
from layers import theme

CAMERAS = theme("cameras")


def rows(*changes, shapes=None):
    """Cameras that are in order but for the changes."""
    frame = pd.DataFrame(index=pd.RangeIndex(1, len(changes) + 1))
    for each in CAMERAS.fields:
        kind = {"integer": "Int64", "number": "Float64"}.get(each.kind.value, "object")
        given = {
            "code": lambda n: f"{n:020d}",
            "name": lambda n: f"点{n}",
            "networked": lambda n: "networked",
            "status": lambda n: "in_use",
        }
        values = [
            change.get(each.name, given.get(each.name, lambda n: None)(n)) for n, change in enumerate(changes, start=1)
        ]
        frame[each.name] = (
            pd.array(values, dtype=kind) if kind != "object" else pd.Series(values, index=frame.index, dtype=object)
        )
    places = shapes or [shapely.Point(124.1, 30.1)] * len(changes)
    return Cleaned(frame, np.array(places, dtype=object))


def checked(cleaned, **ground):
    return check(cleaned, CAMERAS, hashes(CAMERAS, cleaned.frame, cleaned.shapes), Ground(**ground))


def said(done):
    return [(each.row_no, each.rule, each.reason.zh, each.reason.en) for each in done.findings]


def test_rows_in_order():
    done = checked(rows({}, {}))
    assert list(done.good) == [True, True]
    assert (done.findings, done.duplicates) == ([], 0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": None}, ("required", "缺少设备状态", "Device status is missing")),
        ({"azimuth": 361.0}, ("out_of_range", "监视方位为361.0，应在0至360之间", "Azimuth is 361.0, outside 0 to 360")),
        ({"code": "12"}, ("pattern", "设备编码“12”应为20位数字", "Device code '12' has to be 20 digits")),
    ],
)
def test_one_field(change, words):
    done = checked(rows({}, change))
    assert said(done) == [(2, *words)]
    assert list(done.good) == [True, False]


def test_null_island_and_far_away():
    cleaned = rows({}, {}, {}, shapes=[shapely.Point(0, 0), shapely.Point(124.7, 30), shapely.Point(124.3, 30)])
    done = checked(cleaned, bounds=np.array([[123.9, 29.9, 124.1, 30.1]]))
    assert said(done) == [
        (1, "null_island", "坐标为0,0", "its coordinates are 0, 0"),
        (2, "far_away", "位置在辖区50公里以外", "it lies more than 50 km outside the ladder"),
    ]


def test_without_a_ladder_nothing_is_far():
    assert checked(rows({}, shapes=[shapely.Point(-17, 14)])).good.all()


def test_near_one_of_two_roots_is_near():
    bounds = np.array([[116, 39, 117, 41], [124, 30, 125, 31]])
    assert checked(rows({}), bounds=bounds).good.all()


def test_rows_that_say_the_same_are_one_row():
    done = checked(
        rows({"code": "1" * 20, "name": "甲"}, {}, {"code": "1" * 20, "name": "甲"}, {"code": "1" * 20, "name": "甲"})
    )
    assert list(done.good) == [True, True, False, False]
    assert done.duplicates == 2
    assert not done.findings


def test_rows_that_contradict_each_other_are_all_set_aside():
    done = checked(rows({"code": "1" * 20, "name": "甲"}, {}, {"code": "1" * 20, "name": "乙"}))
    assert list(done.good) == [False, True, False]
    assert said(done)[0] == (
        1, "duplicate_key", f"设备编码{'1' * 20}有2行且内容不同", f"Device code {'1' * 20} stands in 2 rows that differ")  # fmt: skip


def test_a_broken_row_takes_no_sound_one_with_it():
    done = checked(rows({"code": "1" * 20, "status": None}, {"code": "1" * 20}))
    assert list(done.good) == [False, True]


def test_a_key_of_another_source():
    done = checked(rows({}, {}), owners=lambda keys: {keys[0]: "公安"})
    assert said(done) == [
        (1, "owned", f"设备编码{1:020d}已属于来源“公安”", f"Device code {1:020d} belongs to source '公安'")
    ]


def test_every_finding_of_a_row_is_kept():
    done = checked(rows({"code": "1", "status": None}))
    assert [each.rule for each in done.findings] == ["pattern", "required"]
