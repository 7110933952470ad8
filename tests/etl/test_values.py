"""How files write values, and what is made of them."""

from datetime import date, datetime

import pytest

from etl.values import UnreadableError, reader_of
from layers import Text
from layers._field import Choice, Field, Kind


def field(kind, **more):
    return Field(name="f", title=Text("字段", "Field"), kind=kind, **more)


def read(kind, value, **more):
    return tuple(reader_of(field(kind, **more))(value))


@pytest.mark.parametrize("blank", [None, "", "  ", "\u3000", "\ufeff", float("nan"), "\x00"])
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.CHOICE])
def test_blank_is_nothing(kind, blank):
    assert read(kind, blank) == (None, None)


@pytest.mark.parametrize(
    ("written", "value", "repair"),
    [
        ("王坛村", "王坛村", None),
        (" 王坛村\u3000", "王坛村", "blanks trimmed"),
        ("王 坛 村", "王 坛 村", None),
        ("𡐓村", "𡐓村", None),
        ("a\x00b", "ab", "blanks trimmed"),
        (5.0, "5", "number made text"),
    ],
)
def test_text(written, value, repair):
    assert read(Kind.TEXT, written) == (value, repair)


@pytest.mark.parametrize(
    ("written", "value", "repair"),
    [
        ("990101001201", "990101001201", None),
        ("００１２", "0012", "full-width made plain"),
        (" 0012 ", "0012", "blanks trimmed"),
        (990101001201, "990101001201", "number made text"),
        (6301200042.0, "6301200042", "number made text"),
        ("6301200042.0", "6301200042", "number made text"),
        ("TPE-7", "TPE-7", None),
        ("99010100001320000001", "99010100001320000001", None),
    ],
)
def test_code(written, value, repair):
    assert read(Kind.CODE, written) == (value, repair)


@pytest.mark.parametrize("written", [99010100001320000001, 9.90101000013e19, "9.90101E+19", 1e15, 12.5])
def test_a_code_that_was_a_number_has_lost_its_end(written):
    with pytest.raises(UnreadableError) as lost:
        read(Kind.CODE, written)
    assert lost.value.rule == "code_as_number"
    assert "has lost its last digits; make the column text and resend" in lost.value.reason.en


@pytest.mark.parametrize(
    ("written", "unit", "value", "repair"),
    [
        (3, None, 3.0, None),
        ("3.5", None, 3.5, None),
        ("-0.5", None, -0.5, None),
        ("１２", None, 12.0, "full-width made plain"),
        ("1,200米", "m", 1200.0, "number read from words"),
        ("1.2万", None, 12000.0, "number read from words"),
        ("80 ㎡", "m²", 80.0, "number read from words"),
        ("45°", "°", 45.0, "number read from words"),
        ("300元", "元/年", 300.0, "number read from words"),
    ],
)
def test_number(written, unit, value, repair):
    assert read(Kind.NUMBER, written, unit=unit) == (value, repair)


@pytest.mark.parametrize("written", ["约5", "1,2,3", "3公里", "inf", "1_000", "-", "五", True, "."])
def test_what_is_no_number(written):
    with pytest.raises(UnreadableError, match="is not a number"):
        read(Kind.NUMBER, written, unit="m")


def test_whole_numbers():
    assert read(Kind.INTEGER, "7") == (7, None)
    assert read(Kind.INTEGER, 7.0) == (7, None)
    with pytest.raises(UnreadableError, match="^Field '7.5' is not a whole number$"):
        read(Kind.INTEGER, "7.5")


@pytest.mark.parametrize(
    ("written", "value", "repair"),
    [
        ("2020-05-01", date(2020, 5, 1), None),
        ("2020/5/1", date(2020, 5, 1), None),
        ("2020.5.1", date(2020, 5, 1), None),
        ("20200501", date(2020, 5, 1), None),
        (20200501, date(2020, 5, 1), None),
        ("2020年5月1日", date(2020, 5, 1), None),
        ("2020-05-01 13:00:00", date(2020, 5, 1), None),
        ("2020-05-01T13:00:00Z", date(2020, 5, 1), None),
        (datetime(2020, 5, 1, 9), date(2020, 5, 1), None),
        ("2020年5月", date(2020, 5, 1), "month taken as its first day"),
        ("2020-05", date(2020, 5, 1), "month taken as its first day"),
        ("2020年", date(2020, 1, 1), "year taken as its first day"),
        (43952, date(2020, 5, 1), "day read from Excel's number"),
        ("43952.0", date(2020, 5, 1), "day read from Excel's number"),
    ],
)
def test_day(written, value, repair):
    assert read(Kind.DATE, written) == (value, repair)


@pytest.mark.parametrize("written", ["73.12.05", "2020-13-01", "2020-02-30", "去年", "99999999", "NaN"])
def test_what_is_no_day(written):
    with pytest.raises(UnreadableError, match="is not a date"):
        read(Kind.DATE, written)


def test_yes_and_no():
    assert [read(Kind.FLAG, each)[0] for each in ("是", "否", "Y", "0", True, False)] == [
        True,
        False,
        True,
        False,
        True,
        False,
    ]
    with pytest.raises(UnreadableError, match="^Field '也许' is neither yes nor no$"):
        read(Kind.FLAG, "也许")


CHOICES = (
    Choice("networked", Text("已联网", "Networked"), ("0", "联网")),
    Choice("alone", Text("未联网", "Not networked"), ("1",)),
)


@pytest.mark.parametrize("written", ["networked", "已联网", "NETWORKED", "0", 0, 0.0, " 联网 ", "０"])
def test_choice_by_any_spelling(written):
    assert read(Kind.CHOICE, written, choices=CHOICES)[0] == "networked"


def test_what_is_no_choice():
    with pytest.raises(UnreadableError) as odd:
        read(Kind.CHOICE, 8.0, choices=CHOICES)
    assert odd.value.rule == "not_a_choice"
    assert odd.value.reason == Text(
        "字段为“8”，应为已联网、未联网之一", "Field is '8', not one of Networked, Not networked"
    )
