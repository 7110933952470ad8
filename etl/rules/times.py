"""S: days: not in the future, not before there was anything, in their order, and the same as they were."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd

from etl.rules._matter import Matter
from etl.rules._rule import Hit, Rule, Severity, hit, whole_file
from layers import Text
from layers._field import Kind
from layers._rules import Before

_ANCIENT = date(1900, 1, 2)
# Where programs start counting: Excel, .NET and databases, Unix.
_ZERO_DAYS = (date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1), date(1970, 1, 1), date(2000, 1, 1))
_ZERO_ROWS = 3
# Registers keep months; a day that wanders inside one says nothing.
_SAME_DAYS = 31


def _days(matter: Matter, name: str) -> np.ndarray:
    """Days as numbers of days, NaN where there is none."""
    return np.array([np.nan if each is None else each.toordinal() for each in matter.column(name)], dtype=float)


def _future(matter: Matter) -> Iterator[Hit]:
    if matter.as_of is not None:
        for each in matter.of_kind(Kind.DATE):
            late = _days(matter, each.name) > matter.as_of.toordinal()
            yield hit(late, field=each.title, day=matter.column(each.name), as_of=matter.as_of)


def _ancient(matter: Matter) -> Iterator[Hit]:
    for each in matter.of_kind(Kind.DATE):
        yield hit(_days(matter, each.name) < _ANCIENT.toordinal(), field=each.title, day=matter.column(each.name))


def _zero_days(matter: Matter) -> Iterator[Hit]:
    for each in matter.of_kind(Kind.DATE):
        days = _days(matter, each.name)
        for zero in _ZERO_DAYS:
            said = days == zero.toordinal()
            if said.sum() >= _ZERO_ROWS:
                yield hit(said, field=each.title, day=zero, n=int(said.sum()))


def _order(matter: Matter) -> Iterator[Hit]:
    for ask in matter.theme.rules:
        if isinstance(ask, Before):
            titles = [matter.theme.field(name).title for name in (ask.first, ask.then)]
            wrong = _days(matter, ask.first) > _days(matter, ask.then)
            days = [matter.column(name) for name in (ask.first, ask.then)]
            yield hit(wrong, first=titles[0], then=titles[1], day=days[0], other=days[1])


def _as_of(matter: Matter) -> Iterator[Hit]:
    if matter.as_of is not None and matter.as_of > matter.today:
        yield whole_file(as_of=matter.as_of, today=matter.today)


def _changed(matter: Matter) -> Iterator[Hit]:
    """A day that was said before and is another one now."""
    for each in matter.of_kind(Kind.DATE):
        if each.name not in matter.before:
            continue
        before = matter.before[each.name].to_numpy(dtype=object)
        now = matter.column(each.name)
        other = [
            not pd.isna(was) and day is not None and abs((was - day).days) > _SAME_DAYS
            for was, day in zip(before, now, strict=True)
        ]
        yield hit(np.array(other, dtype=bool), field=each.title, before=before, day=now)


RULES = (
    Rule(
        id="S01", name="future", severity=Severity.WARNING, check=_future,
        asks=Text("日期不晚于数据日期", "No day is later than that of the data"),
        why=Text("尚未发生的事不应计入现状", "What has not happened yet does not count"),
        remedy=Text("改正日期，或到时再报", "Mend the day, or send it when it has come"),
        example="数据截至2026-10-31，安装时间2062-01-05",
        reason=Text("{field}{day}晚于数据日期{as_of}", "{field} {day} is later than the day of the data, {as_of}"),
    ),
    Rule(
        id="S02", name="ancient", severity=Severity.WARNING, check=_ancient,
        asks=Text("日期不早于1900年", "No day is before 1900"),
        why=Text("多为年份少写一位", "Mostly a digit of the year is missing"),
        remedy=Text("改正年份", "Mend the year"),
        example="0202-05-01",
        reason=Text("{field}{day}早于1900年", "{field} {day} is before 1900"),
    ),
    Rule(
        id="S03", name="zero_day", severity=Severity.WARNING, check=_zero_days,
        asks=Text("日期不是程序的起算日", "A day is not where a program starts counting"),
        why=Text("空值被程序写成了起算日", "A program wrote it for an empty value"),
        remedy=Text("未知的留空", "Leave it empty where it is unknown"),
        example="1900-01-01 出现在数百行",
        reason=Text("{field}有{n}行都是{day}，应为空值", "{field} is {day} in {n} rows, which stands for no day"),
    ),
    Rule(
        id="S04", name="day_order", severity=Severity.WARNING, check=_order,
        asks=Text("先发生的日期在前", "Days follow each other as they must"),
        why=Text("至少有一个日期是错的，或两列填反", "One of them is wrong, or the columns are swapped"),
        remedy=Text("核对两个日期", "Check both days"),
        example="安装时间2024-05-01，报废时间2021-03-01",
        reason=Text("{first}{day}晚于{then}{other}", "{first} {day} is later than {then} {other}"),
    ),
    Rule(
        id="S05", name="as_of_future", severity=Severity.WARNING, check=_as_of,
        asks=Text("数据日期不在未来", "The day of the data has come"),
        why=Text("之后真正的数据会被当作旧数据拒收", "Later files would be refused as older ones"),
        remedy=Text("核对文件名中的日期、导入说明与本机时钟", "Check the file's name, the recipe and this machine's clock"),
        example="文件名 cameras_2062-10.xlsx",
        reason=Text("数据日期{as_of}晚于今天{today}", "the data are of {as_of}, which is later than today, {today}"),
    ),
    Rule(
        id="S06", name="day_changed", severity=Severity.WARNING, check=_changed,
        asks=Text("已填的日期前后相差不超过一个月", "A day that was said stays within a month of it"),
        why=Text("安装、建成、收回之日不会改变", "What has happened keeps its day"),
        remedy=Text("核对哪次填报是对的", "Find out which of the two is right"),
        example="上次2021-07-03，本次2023-07-03",
        reason=Text("{field}上次为{before}，本次为{day}", "{field} was {before} and is now {day}"),
    ),
)  # fmt: skip
