"""Which unit a row says it stands in."""

import pandas as pd

from etl.claims import Ladder, claims_of
from geodata.claims import Claimed

TOWN, OTHER = "990101001000", "990101002000"
UNITS = [
    Claimed("990101000000", "甲县", "990101000000/", 0),
    Claimed(TOWN, "城关镇", f"990101000000/{TOWN}/", 1),
    Claimed(OTHER, "河口镇", f"990101000000/{OTHER}/", 1),
    Claimed("990101001201", "王坛村", f"990101000000/{TOWN}/990101001201/", 2),
    Claimed("990101001202", "和平村民委员会", f"990101000000/{TOWN}/990101001202/", 2),
    Claimed("990101002201", "和平村", f"990101000000/{OTHER}/990101002201/", 2),
]


def ladder(units=UNITS):
    known = {each.code: each for each in units}
    names = {}
    for each in units:
        names.setdefault(each.name, []).append(each)
    return Ladder(lambda codes: {each: known[each] for each in codes if each in known}, lambda: names)


def told(**columns):
    found = claims_of(pd.DataFrame(columns, dtype=object), ladder())
    return found.by, found.column, found.units


def test_a_code_of_its_own_or_one_that_a_longer_one_begins_with():
    by, column, units = told(编号=["990101001201001"] * 5 + [990101001202.0], 名称=["甲"] * 6)
    assert (by, column) == ("code", "编号")
    assert units == [("990101001201",)] * 5 + [("990101001202",)]


def test_a_short_code_is_filled_with_zeros():
    assert told(镇=["990101001"] * 6)[2] == [(TOWN,)] * 6


def test_names_inside_texts_where_codes_say_the_county_only():
    by, column, units = told(编码=["99010100001320000001"] * 6, 名称=["王坛村村口1号"] * 5 + ["村口"])
    assert (by, column) == ("name", "名称")
    assert units == [("990101001201",)] * 5 + [()]


def test_of_two_villages_of_one_name_the_one_in_the_town_that_is_named():
    _, _, units = told(镇=["城关镇"] * 3 + ["河口镇"] * 3, 名称=["和平村礼堂"] * 6)
    assert units == [("990101001202",)] * 3 + [("990101002201",)] * 3


def test_of_two_villages_of_one_name_either_where_nothing_tells():
    assert set(told(名称=["和平村礼堂"] * 6)[2][0]) == {"990101001202", "990101002201"}


def test_rows_that_name_nothing():
    assert told(名称=["甲礼堂"] * 6, 数=[1, 2, 3, 4, 5, None])[0] == "nothing"


def test_a_column_that_fits_by_chance_is_not_believed():
    assert told(电话=["990101001201"] + ["x"] * 9)[0] == "nothing"
