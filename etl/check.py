"""Rows against the rules of their theme -> findings; nothing here raises for a row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely

from etl.clean import Cleaned
from etl.findings import Finding, found
from layers import Text, Theme
from layers._field import Field

# Nothing of a county lies further from its border than this: digitised borders are off by metres, not kilometres.
FAR_KM = 50.0
_KM_PER_DEGREE = 111.32


@dataclass(frozen=True, slots=True)
class Ground:
    """What the store knows that rows are held against.

    Parameters
    ----------
    bounds : array of float, shape (r, 4), degrees
        West, south, east, north of each root of the ladder.
    owners : callable
        Keys -> the source that owns each of those that another source owns.
    """

    bounds: np.ndarray = field(default_factory=lambda: np.empty((0, 4)))
    owners: Callable[[Sequence[str]], dict[str, str]] = lambda _keys: {}


@dataclass(slots=True)
class Checked:
    """Which rows go on.

    Parameters
    ----------
    good : array of bool, shape (n,)
        Rows to publish.
    findings : list of Finding
        Why the others do not, exact duplicates left out.
    duplicates : int
        Rows that say again what another says.
    """

    good: np.ndarray
    findings: list[Finding]
    duplicates: int


def check(rows: Cleaned, theme: Theme, hashes: np.ndarray, ground: Ground) -> Checked:
    """Every rule on every row.

    Parameters
    ----------
    rows : Cleaned
        n rows with the findings of cleaning.
    theme : Theme
        Its fields say what is legal.
    hashes : array of uint64, shape (n,)
        Equal for rows that say the same.
    ground : Ground
        What the store knows.

    Returns
    -------
    Checked
    """
    findings = list(rows.findings)
    for each in theme.fields:
        findings += _field_findings(rows, each)
    if theme.rung is None:
        findings += _far_away(rows, ground.bounds)
    findings += _owned(rows, theme, ground)
    bad = rows.frame.index.isin({each.row_no for each in findings})
    twice, again = _repeated(rows, theme, hashes, ~bad)
    findings += twice
    good = ~bad & ~again & ~rows.frame.index.isin({each.row_no for each in twice})
    return Checked(good, findings, int(again.sum()))


def _field_findings(rows: Cleaned, each: Field) -> list[Finding]:
    column = rows.frame[each.name]
    filled = column.notna()
    zh, en = each.title.zh, each.title.en
    findings: list[Finding] = []
    if each.required:
        unread = {one.row_no for one in rows.findings}
        findings += found(
            [row for row in rows.frame.index[~filled] if row not in unread], "required", f"缺少{zh}", f"{en} is missing"
        )
    if each.minimum is not None or each.maximum is not None:
        low, high = (
            (-np.inf if each.minimum is None else each.minimum),
            (np.inf if each.maximum is None else each.maximum),
        )
        outside = filled & ~column.between(low, high).fillna(True).astype(bool)
        findings += _each(
            column[outside],
            "out_of_range",
            f"{zh}为{{}}，应在{_range(each, '至')}之间",
            f"{en} is {{}}, outside {_range(each, ' to ')}",
        )
    if each.pattern:
        legal = re.compile(each.pattern)
        odd = filled & ~column.map(lambda value: isinstance(value, str) and bool(legal.fullmatch(value)))
        findings += _each(
            column[odd], "pattern", f"{zh}“{{}}”不合规则{each.pattern}", f"{en} '{{}}' does not read {each.pattern}"
        )
    return findings


def _range(each: Field, to: str) -> str:
    low, high = (
        ("-∞" if each.minimum is None else f"{each.minimum:g}"),
        ("∞" if each.maximum is None else f"{each.maximum:g}"),
    )
    return f"{low}{to}{high}"


def _each(values: pd.Series, rule: str, zh: str, en: str) -> list[Finding]:
    return [
        Finding(int(row), rule, Text(zh.replace("{}", str(value)), en.replace("{}", str(value))))
        for row, value in values.items()
    ]


def _far_away(rows: Cleaned, bounds: np.ndarray) -> list[Finding]:
    """Points on the null island, and rows far from everything that the ladder knows."""
    box = shapely.bounds(rows.shapes)
    x, y = (box[:, 0] + box[:, 2]) / 2, (box[:, 1] + box[:, 3]) / 2
    null = (np.abs(x) < 0.01) & (np.abs(y) < 0.01)
    findings = found(rows.frame.index[null], "null_island", "坐标为0,0", "its coordinates are 0, 0")
    if not len(bounds):
        return findings
    south_north = FAR_KM / _KM_PER_DEGREE
    near = np.zeros(len(x), dtype=bool)
    for west, south, east, north in bounds:
        margin = south_north / max(0.1, np.cos(np.radians((south + north) / 2)))
        near |= (x > west - margin) & (x < east + margin) & (y > south - south_north) & (y < north + south_north)
    far = ~near & ~null & ~np.isnan(x)
    zh, en = f"位置在辖区{FAR_KM:g}公里以外", f"it lies more than {FAR_KM:g} km outside the ladder"
    return findings + found(rows.frame.index[far], "far_away", zh, en)


def _owned(rows: Cleaned, theme: Theme, ground: Ground) -> list[Finding]:
    keys = rows.frame[theme.key]
    owners = ground.owners([each for each in keys.dropna().unique()])
    title = theme.field(theme.key).title
    return (
        [
            Finding(
                int(row),
                "owned",
                Text(
                    f"{title.zh}{key}已属于来源“{owners[key]}”", f"{title.en} {key} belongs to source {owners[key]!r}"
                ),
            )
            for row, key in keys[keys.isin(owners)].items()
        ]
        if owners
        else []
    )


def _repeated(rows: Cleaned, theme: Theme, hashes: np.ndarray, good: np.ndarray) -> tuple[list[Finding], np.ndarray]:
    """Rows with a key that differs from another row of that key, and rows that are said again word for word."""
    keys = rows.frame[theme.key]
    known = pd.DataFrame({"key": keys.to_numpy(dtype=object), "hash": hashes}, index=rows.frame.index)[
        good & keys.notna()
    ]
    repeated = known[known.duplicated("key", keep=False)]
    again = np.zeros(len(keys), dtype=bool)
    if repeated.empty:
        return [], again
    differing = repeated.groupby("key")["hash"].transform("nunique") > 1
    same = repeated[~differing]
    again[rows.frame.index.isin(same.index[same.duplicated("key")])] = True
    title, counts = theme.field(theme.key).title, Counter(repeated["key"])
    return [
        Finding(
            int(row),
            "duplicate_key",
            Text(
                f"{title.zh}{key}有{counts[key]}行且内容不同",
                f"{title.en} {key} stands in {counts[key]} rows that differ",
            ),
        )
        for row, key in repeated["key"][differing].items()
    ], again


_MISPLACED = {
    "no_level": ("级别未写明，也无法由代码看出", "its level is neither given nor told by its code"),
    "no_parent": ("找不到上级单位；请先导入上级边界", "no unit stands above it; load the upper levels first"),
}


def misplaced(rows: pd.Index, rule: str) -> list[Finding]:
    """Units that have no place in the ladder: rule "no_level" or "no_parent"."""
    return found(rows, rule, *_MISPLACED[rule])
