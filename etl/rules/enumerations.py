"""E: values from lists: legal ones, those that two standards read differently, and those that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from etl.rules._matter import Matter
from etl.rules._rule import Hit, Rule, Severity, hit
from etl.values import spelled
from layers import Text
from layers._condition import AnyOf, Condition, Is, Less, Quotient, Within
from layers._field import Field
from layers._rules import Never, Vintage

_DIRECTIONS = range(1, 10)


def _vintages(matter: Matter) -> Iterator[Hit]:
    for each in matter.theme.fields:
        header = matter.rows.headers.get(each.name)
        if not each.vintages or matter.raw is None or header is None or header not in matter.raw.frame:
            continue
        told = matter.recipe.values.get(each.name, {}) if matter.recipe else {}
        came = matter.raw.frame[header].map(lambda value: spelled(value).strip(), na_action="ignore")
        came = came.where(~came.isin([spelled(value) for value in told]))
        for vintage in each.vintages:
            if _speaks(vintage, each, header, came):
                yield _misread(matter, each, vintage, came)


def _speaks(vintage: Vintage, of: Field, header: str, came: pd.Series) -> bool:
    """Whether a file is seen to follow that standard: by its header, or by values that only that one has."""
    ours = {spelling for choice in of.choices for spelling in choice.spellings()}
    return header in vintage.headers or bool(came.isin([value for value in vintage.meanings if value not in ours]).any())


def _misread(matter: Matter, of: Field, vintage: Vintage, came: pd.Series) -> Hit:
    titles = {choice.value: choice.title for choice in of.choices}
    ours = [titles.get(value) for value in matter.column(of.name)]
    theirs = [vintage.meanings.get(value) for value in came]
    rows = np.flatnonzero([a is not None and b is not None and a.zh != b.zh for a, b in zip(ours, theirs, strict=True)])
    read, meant = (np.array([*(column[row] for row in rows), None], dtype=object)[:-1] for column in (ours, theirs))
    return hit(rows, field=of.title, value=came.to_numpy()[rows], ours=read, theirs=meant, standard=vintage.standard)


def _mixed_directions(matter: Matter) -> Iterator[Hit]:
    """A column of the nine directions with some degrees among them: which of both is a 5?"""
    if matter.theme.sight is None or "direction 1-9 made degrees" in matter.rows.changes:
        return
    degrees = matter.numbers(matter.theme.sight.azimuth)
    coded = np.isin(degrees, list(_DIRECTIONS))
    if len(set(degrees[coded])) >= 3 and coded.sum() * 2 >= np.isfinite(degrees).sum():
        yield hit(coded, value=degrees, field=matter.theme.field(matter.theme.sight.azimuth).title)


def holds(matter: Matter, condition: Condition) -> np.ndarray:
    """Rows that meet a condition; an empty field meets none."""
    if isinstance(condition, AnyOf):
        return np.logical_or.reduce([holds(matter, each) for each in condition.conditions])
    if isinstance(condition, Is):
        return matter.frame[condition.field].isin(condition.values).to_numpy(dtype=bool)
    if isinstance(condition, Within):
        first, then = (pd.to_datetime(matter.frame[name]) for name in (condition.first, condition.then))
        days = (then - first).dt.days
        return ((days <= condition.days) & ((days >= 0) | condition.earlier)).to_numpy(dtype=bool)
    if isinstance(condition, Less):
        return np.asarray(matter.numbers(condition.field) < matter.numbers(condition.than))
    numbers = matter.numbers(condition.field)
    if isinstance(condition, Quotient):
        by = matter.numbers(condition.by)
        numbers = np.divide(numbers, by, out=np.full(len(by), np.nan), where=by != 0)
    low = -np.inf if condition.low is None else condition.low
    high = np.inf if condition.high is None else condition.high
    return np.asarray((numbers >= low) & (numbers <= high))


def _contradictions(matter: Matter) -> Iterator[Hit]:
    for ask in matter.theme.rules:
        if isinstance(ask, Never):
            yield hit(np.logical_and.reduce([holds(matter, each) for each in ask.where]), says=ask.says)


RULES = (
    Rule(
        id="E01", name="not_a_choice", severity=Severity.ERROR, found_by="etl.values",
        asks=Text("取值在该字段的列表之中", "A value is on its field's list"),
        why=Text("列表以外的值无法统计、上色", "Nothing can be counted or coloured by a value off the list"),
        remedy=Text("改成列表中的值，或在导入说明的[values]中写明对应", "Use a value of the list, or map it in [values] of the recipe"),
        example="设备状态：8",
    ),
    Rule(
        id="E02", name="not_yes_or_no", severity=Severity.ERROR, found_by="etl.values",
        asks=Text("是否字段填是或否", "A yes-or-no field says yes or no"),
        why=Text("其他写法含义不明", "Anything else has no certain meaning"),
        remedy=Text("填是或否", "Write yes or no"),
        example="是否在用：不详",
    ),
    Rule(
        id="E03", name="vintage", severity=Severity.ERROR, check=_vintages,
        asks=Text("枚举值属于一种标准，含义没有歧义", "A value of a list follows one standard and has one meaning"),
        why=Text("同一个数字在不同标准中含义不同，猜错不会报错", "The same figure means other things elsewhere, and a wrong guess shows nowhere"),
        remedy=Text("在导入说明的[values]中写明每个值的含义", "Say in [values] of the recipe what each value means"),
        example="PTZType：5（一机一档为卡口枪机，GB/T 28181-2022为遥控半球）",
        reason=Text(
            "{field}“{value}”在{standard}中是{theirs}，此处会读作{ours}；请在导入说明中写明",
            "{field} '{value}' is '{theirs}' in {standard} and would be read as '{ours}' here; say which in the recipe",
        ),
    ),
    Rule(
        id="E04", name="direction_or_degrees", severity=Severity.ERROR, check=_mixed_directions,
        asks=Text("监视方位全用方向代码，或全用度数", "Azimuths are all codes of directions, or all degrees"),
        why=Text("混用时无法判断5是东南还是5度", "Mixed, a 5 may be south-east or five degrees"),
        remedy=Text("分成两列，或统一为度数", "Send two columns, or degrees throughout"),
        example="1, 3, 5, 90, 2",
        reason=Text("{field}{value:g}可能是方向代码，也可能是度数", "{field} {value:g} may be a code of direction or degrees"),
    ),
    Rule(
        id="E05", name="contradiction", severity=Severity.WARNING, check=_contradictions,
        asks=Text("一行之中的取值互不矛盾", "Values of one row do not contradict each other"),
        why=Text("至少有一个值是错的", "One of them is wrong"),
        remedy=Text("核对并改正", "Find out which, and mend it"),
        example="设备状态：拆除；在线状态：在线",
        reason=Text("{says}", "{says}"),
    ),
)  # fmt: skip
