"""D: what a single value may be: there, in its range, measured, and nobody's private affair."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from etl.rules._matter import Matter
from etl.rules._rule import Hit, Rule, Severity, hit
from layers import Text
from layers._field import Field, Kind
from layers._rules import AtMost

_NUMBERS = (Kind.NUMBER, Kind.INTEGER)
_MEASURES = ("m", "m²", "亩", "km", "km²")
_NINES = (9_999, 99_999, 999_999, 9_999_999, 99_999_999)
# Hectares for mu are 15 times, square metres for mu 667 times too many or too few.
_SLIP, _SLIP_ROWS = 300.0, 20


def _required(matter: Matter) -> Iterator[Hit]:
    unread = matter.frame.index.isin({each.row_no for each in matter.rows.findings})
    for each in matter.theme.fields:
        if each.required:
            yield hit(matter.frame[each.name].isna() & ~unread, field=each.title)


def _out_of_range(matter: Matter) -> Iterator[Hit]:
    for each in matter.theme.fields:
        if each.minimum is None and each.maximum is None:
            continue
        column = matter.frame[each.name]
        low = -np.inf if each.minimum is None else each.minimum
        high = np.inf if each.maximum is None else each.maximum
        outside = column.notna() & ~column.between(low, high).fillna(True).astype(bool)
        yield hit(outside, field=each.title, value=column, limits=Text(_range(each, "至"), _range(each, " to ")))


def _range(each: Field, to: str) -> str:
    low = "-∞" if each.minimum is None else f"{each.minimum:g}"
    high = "∞" if each.maximum is None else f"{each.maximum:g}"
    return f"{low}{to}{high}"


def _percentages(matter: Matter) -> Iterator[Hit]:
    for each in matter.of_kind(*_NUMBERS):
        if each.unit == "%" and each.minimum is None and each.maximum is None:
            said = matter.numbers(each.name)
            yield hit((said < 0) | (said > 100), field=each.title, value=said)


def _zeros(matter: Matter) -> Iterator[Hit]:
    for each in matter.of_kind(*_NUMBERS):
        if each.unit in _MEASURES:
            yield hit(matter.numbers(each.name) == 0, field=each.title)


def _nines(matter: Matter) -> Iterator[Hit]:
    for each in matter.of_kind(*_NUMBERS):
        said = matter.numbers(each.name)
        for nines in _NINES:
            if (said == nines).sum() >= 3:
                yield hit(said == nines, field=each.title, value=nines)


def _slips(matter: Matter) -> Iterator[Hit]:
    """Measures of another order than all others of the file: another unit was meant."""
    for each in matter.of_kind(*_NUMBERS):
        said = matter.numbers(each.name)
        said = np.where(said > 0, said, np.nan)
        if each.unit not in _MEASURES or np.isfinite(said).sum() < _SLIP_ROWS:
            continue
        low, usual, high = np.nanpercentile(said, [5, 50, 95])
        if high / low < _SLIP:  # else large and small are both usual here
            far = (said > usual * _SLIP) | (said < usual / _SLIP)
            yield hit(far, field=each.title, value=said, usual=float(usual), unit=each.unit)


def _at_most(matter: Matter) -> Iterator[Hit]:
    for ask in matter.theme.rules:
        if isinstance(ask, AtMost):
            small, large = matter.numbers(ask.small), matter.numbers(ask.large)
            titles = (matter.theme.field(ask.small).title, matter.theme.field(ask.large).title)
            yield hit(small > large, small=titles[0], large=titles[1], value=small, most=large)


def _found_in_texts(matter: Matter, pattern: str) -> Iterator[tuple[Field, np.ndarray]]:
    for each in matter.of_kind(Kind.TEXT):
        yield each, in_text(matter.frame[each.name], pattern)


def in_text(column: pd.Series, pattern: str) -> np.ndarray:
    """Rows whose text holds a pattern; each distinct text is looked at once."""
    codes, distinct = pd.factorize(column.to_numpy(dtype=object), use_na_sentinel=True)
    found = pd.Series(distinct, dtype=object).astype(str).str.contains(pattern, regex=True).to_numpy(dtype=bool)
    return np.append(found, False)[codes]


def _persons(matter: Matter) -> Iterator[Hit]:
    # GB 11643-1999: 6 digits of place, day of birth, 3 of sequence, a check digit.
    for each, found in _found_in_texts(matter, r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?!\d)"):
        yield hit(found, field=each.title)


def _phones(matter: Matter) -> Iterator[Hit]:
    for each, found in _found_in_texts(matter, r"(?<!\d)1[3-9]\d{9}(?!\d)"):
        yield hit(found, field=each.title)


def _addresses(matter: Matter) -> Iterator[Hit]:
    octet = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
    for each, found in _found_in_texts(matter, rf"(?<![\d.]){octet}(?:\.{octet}){{3}}(?![\d.])|(?i:rtsp://)"):
        yield hit(found, field=each.title)


RULES = (
    Rule(
        id="D01", name="required", severity=Severity.ERROR, check=_required,
        asks=Text("必填字段有值", "Required fields are filled"),
        why=Text("缺少该值的行无法统计", "A row without it cannot be counted"),
        remedy=Text("补填", "Fill it in"),
        example="设备状态为空",
        reason=Text("缺少{field}", "{field} is missing"),
    ),
    Rule(
        id="D02", name="out_of_range", severity=Severity.ERROR, check=_out_of_range,
        asks=Text("数值在字段声明的范围内", "A number lies in the range that its field declares"),
        why=Text("范围以外的值不可能存在", "Nothing has such a value"),
        remedy=Text("核对数值与单位", "Check the figure and its unit"),
        example="监视方位：361",
        reason=Text("{field}为{value}，应在{limits}之间", "{field} is {value}, outside {limits}"),
    ),
    Rule(
        id="D03", name="not_a_number", severity=Severity.ERROR, found_by="etl.values",
        asks=Text("数字字段填数字", "A number is a number"),
        why=Text("文字无法求和、比较", "Words cannot be added or compared"),
        remedy=Text("改成数字", "Write the figure"),
        example="座位数：很多",
    ),
    Rule(
        id="D04", name="not_whole", severity=Severity.ERROR, found_by="etl.values",
        asks=Text("计数字段填整数", "A count is a whole number"),
        why=Text("没有半个人、半座房", "There is no half of a person"),
        remedy=Text("改成整数", "Write a whole number"),
        example="人口：12.5",
    ),
    Rule(
        id="D05", name="not_a_date", severity=Severity.ERROR, found_by="etl.values",
        asks=Text("日期字段填日期", "A date is a date"),
        why=Text("无法判断先后", "What came first cannot be told"),
        remedy=Text("写成2025-11-30", "Write it as 2025-11-30"),
        example="安装时间：2025-13-40",
    ),
    Rule(
        id="D06", name="percentage", severity=Severity.ERROR, check=_percentages,
        asks=Text("百分数在0至100之间", "A percentage lies between 0 and 100"),
        why=Text("份额不会超过全部", "No share is larger than the whole"),
        remedy=Text("核对分子与分母", "Check numerator and denominator"),
        example="完好率：980%",
        reason=Text("{field}为{value:g}%，应在0至100之间", "{field} is {value:g} %, outside 0 to 100"),
    ),
    Rule(
        id="D07", name="zero_measure", severity=Severity.WARNING, check=_zeros,
        asks=Text("长度、面积不为0", "Lengths and areas are not 0"),
        why=Text("0多半表示未量，会拉低平均数", "A 0 mostly means that nobody measured, and pulls the mean down"),
        remedy=Text("未量的留空", "Leave it empty where it was not measured"),
        example="建筑面积：0",
        reason=Text("{field}为0", "{field} is 0"),
    ),
    Rule(
        id="D08", name="nines", severity=Severity.WARNING, check=_nines,
        asks=Text("数值不是占位的一串9", "A number is no placeholder of nines"),
        why=Text("占位数会被加进合计", "It would be added to the total"),
        remedy=Text("未知的留空", "Leave it empty where it is unknown"),
        example="人口：99999",
        reason=Text("{field}为占位数{value}", "{field} is the placeholder {value}"),
    ),
    Rule(
        id="D09", name="unit_slip", severity=Severity.WARNING, check=_slips,
        asks=Text("数值与同列其他值同一量级", "A measure is of the order of the others in its column"),
        why=Text("单位填错：平方米当作亩会差666倍", "Another unit was meant: square metres for mu are 667 times too many"),
        remedy=Text("换算成字段的单位", "Convert it to the unit of the field"),
        example="面积(亩)：1334（应为2亩）",
        reason=Text("{field}为{value:g}{unit}，而多数在{usual:g}{unit}上下", "{field} is {value:g} {unit}, where most are about {usual:g} {unit}"),
    ),
    Rule(
        id="D10", name="at_most", severity=Severity.WARNING, check=_at_most,
        asks=Text("部分不大于整体", "The part is not larger than the whole"),
        why=Text("至少有一个数是错的，或两列填反", "One of them is wrong, or the two columns are swapped"),
        remedy=Text("核对两列", "Check both columns"),
        example="户数：500，人口：120",
        reason=Text("{small}{value:g}大于{large}{most:g}", "{small} {value:g} is more than {large} {most:g}"),
    ),
    Rule(
        id="D11", name="person", severity=Severity.ERROR, check=_persons,
        asks=Text("文字中没有身份证号", "Texts hold no number of an identity card"),
        why=Text("本图不收录个人信息（个人信息保护法）", "The map keeps no persons (Personal Information Protection Law)"),
        remedy=Text("删去个人信息后重发", "Take it out and send the row again"),
        example="权属单位：张某 110101199003071234",
        reason=Text("{field}中有身份证号，本图不收录个人信息", "{field} holds the number of an identity card; the map keeps no persons"),
    ),
    Rule(
        id="D12", name="phone", severity=Severity.ERROR, check=_phones,
        asks=Text("文字中没有手机号码", "Texts hold no mobile number"),
        why=Text("本图不收录个人信息（个人信息保护法）", "The map keeps no persons (Personal Information Protection Law)"),
        remedy=Text("删去个人信息后重发", "Take it out and send the row again"),
        example="名称：村口 13800001234",
        reason=Text("{field}中有手机号码，本图不收录个人信息", "{field} holds a mobile number; the map keeps no persons"),
    ),
    Rule(
        id="D13", name="device_address", severity=Severity.ERROR, check=_addresses,
        asks=Text("文字中没有设备网络地址", "Texts hold no network address of a device"),
        why=Text("地址与口令泄露即可直接观看画面", "Who has it may look through the camera"),
        remedy=Text("删去地址后重发", "Take it out and send the row again"),
        example="名称：村口 192.168.1.64",
        reason=Text("{field}中有设备网络地址", "{field} holds the network address of a device"),
    ),
)  # fmt: skip
