"""Which field a header that nobody declared may be: by its words, and by whether its values are such as the field holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any, NamedTuple

import pandas as pd

from etl.headers import offers
from etl.read import Raw
from etl.read.asked import IN_PARTS, LAT, LON, LONLAT, WKT, plain
from etl.read.dxf import MADE as OF_DRAWINGS
from etl.values import Read, UnreadableError, reader_of, spelled
from layers import Theme
from layers._field import Field, Kind

LOOKED_AT = 60
"""So many distinct values of a column are looked at."""

# What forms put before and behind the word that matters.
_FORM = re.compile(r"[（(\[【].*?[)）\]】]|编码|编号|代码|属性|状态|情况|类型|类别|时间|日期|名称|是否|所属|所在|信息|号$|id$|_?code$|_?no$")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LEAST_LIKE = 0.5  # of the letters of both, in common: 联网情况 and 是否联网, without the words of forms
_SAME_CORE = 0.99  # but for the words of forms they are the same
_LEAST_LEGAL = 0.8
# A day, a choice or a code is told by its values; a number by its bounds; a text can hold anything.
_TELLING = {Kind.DATE: 1.0, Kind.CHOICE: 1.0, Kind.CODE: 0.6, Kind.FLAG: 0.6, Kind.INTEGER: 0.5, Kind.NUMBER: 0.5, Kind.TEXT: 0.1}
_SAYS_KIND = {Kind.DATE: ("时间", "日期", "年份", "date", "time"), Kind.TEXT: ("名称", "地址", "位置", "name", "addr"), Kind.CODE: ("编码", "编号", "代码", "号", "code")}


class Offer(NamedTuple):
    """A header that may be a field.

    Parameters
    ----------
    score : float
        The higher the better.
    field, header : str
    """

    score: float
    field: str
    header: str


def mapped(raw: Raw, theme: Theme) -> tuple[dict[str, str], tuple[str, ...]]:
    """Our field -> their header, by a known name, else by one that resembles it; and which of them only resemble."""
    headers = [str(each) for each in raw.frame]
    chosen: dict[str, str] = {}
    for _rank, name, header in sorted(offers(headers, theme, raw.cut)):
        if name not in chosen and header not in chosen.values():
            chosen[name] = header
    left = [each for each in headers if each not in chosen.values() and each not in known_places(raw.frame)]
    alike = []
    for offer in resembling(raw.frame, left, theme, chosen):
        if offer.field not in chosen and offer.header not in chosen.values():
            chosen[offer.field] = offer.header
            alike.append(offer.field)
    key = theme.field(theme.key)
    number = key_of(raw.frame, [each for each in left if each not in chosen.values()])
    if key.name not in chosen and not key.pattern and number:
        chosen[key.name] = number
        alike.append(key.name)
    return {each.name: chosen[each.name] for each in theme.fields if each.name in chosen}, tuple(alike)


def known_places(frame: pd.DataFrame) -> set[str]:
    """The headers that say where a row is."""
    known = {plain(each) for each in (*LON, *LAT, *LONLAT, *WKT, *IN_PARTS, *OF_DRAWINGS)}
    return {str(each) for each in frame if plain(str(each)) in known}


def resembling(frame: pd.DataFrame, headers: Sequence[str], theme: Theme, taken: Collection[str]) -> list[Offer]:
    """Headers that resemble what fields are known by, or whose values say what they are, best first.

    Parameters
    ----------
    frame : DataFrame
        The rows.
    headers : sequence of str
        Those that no field is known by.
    theme : Theme
    taken : collection of str
        Fields that have a header.
    """
    open_ = [each for each in theme.fields if each.name not in taken]
    offers = [
        Offer(score, each.name, header)
        for header in headers
        for each in open_
        if frame[header].notna().any() and (score := _score(each, header, frame[header]))
    ]
    by_values = Counter(each.header for each in offers if each.score < 1)
    return sorted((each for each in offers if each.score >= 1 or by_values[each.header] == 1), reverse=True)


def _score(each: Field, header: str, column: pd.Series) -> float:
    """How well a header and its values fit a field; 0 where they do not."""
    like = max(alike(header, known) for known in each.headers())
    if like < _LEAST_LIKE:
        return _by_values(each, column)
    legal = share_read(each, column)
    told = like + _TELLING[each.kind] * legal
    if like >= 1:  # one stands in the other: values that fit nothing may still have to be mapped
        return 2 + told if legal or each.kind is Kind.CHOICE else 0.0
    if each.kind is Kind.CHOICE and like < _SAME_CORE and all(value.isdecimal() for value in _values(column)):
        return 0.0  # 1 and 2 are words of every list
    if legal >= _LEAST_LEGAL or each.kind is Kind.CHOICE and like == _SAME_CORE:
        return 1 + told + (0.2 if _says_kind(each, header) else 0.0)
    return _by_values(each, column)


def key_of(frame: pd.DataFrame, headers: Sequence[str]) -> str | None:
    """The column that numbers the rows, by its header's end and its values, no two the same; None where there is none.

    Of several the one with the longest numbers of one length.
    """
    best: tuple[tuple[bool, int], str] | None = None
    for header in headers:
        if not _NUMBERS.search(plain(header)) or frame[header].isna().any() or frame[header].duplicated().any():
            continue
        lengths = {len(value) for value in _values(frame[header])}
        told = ((len(lengths) == 1, max(lengths, default=0)), header)
        best = told if best is None or told[0] > best[0] else best
    return best[1] if best else None


_NUMBERS = re.compile(r"(id|code|no|编号|编码|代码|号)$")


@lru_cache(maxsize=4096)
def alike(header: str, known: str) -> float:
    """How much two headers have in common: 1 and more where one stands in the other, below 1 a share of their letters.

    Notes
    -----
    Of Chinese words two letters are the least that counts, of others four.
    """
    theirs, ours = _bare(header), plain(known)
    short, long = sorted((theirs, ours), key=len)
    least = 2 if _CHINESE.search(short) else 4
    if len(short) >= least and short in long:
        return 1 + len(short) / 10 - len(long) / 100
    a, b = _core(theirs), _core(ours)
    if not a or not b:
        return 0.0
    if a == b:
        return _SAME_CORE if len(a) >= least else 0.0
    blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    common = sum(each.size for each in blocks if each.size >= least)
    return min(0.95, 2 * common / (len(a) + len(b)))


@lru_cache(maxsize=1024)
def _bare(header: str) -> str:
    return plain(re.sub(r"[（(\[【].*?[)）\]】]", "", header))


@lru_cache(maxsize=4096)
def _core(header: str) -> str:
    return _FORM.sub("", header)


def _says_kind(each: Field, header: str) -> bool:
    return any(word in plain(header) for word in _SAYS_KIND.get(each.kind, ()))


def _by_values(each: Field, column: pd.Series) -> float:
    """Values that could hardly be another field's: codes of a long pattern, words of a choice."""
    if each.kind is not Kind.CHOICE and not each.pattern:
        return 0.0
    values = _values(column)
    if each.kind is Kind.CHOICE:
        telling = all(len(value) > 1 and not value.isascii() for value in values)
    else:
        telling = min(map(len, values), default=0) >= _LONG
    return 0.8 if telling and len(values) > 1 and share_read(each, column) == 1 else 0.0


_LONG = 8  # letters of a code that no other column would have by chance


def _values(column: pd.Series) -> list[str]:
    return [spelled(value) for value in pd.unique(column.dropna())[:LOOKED_AT]]


def share_read(each: Field, column: pd.Series) -> float:
    """The share of a column's first distinct values that a field can hold; 1 for a column without values."""
    values = pd.unique(column.dropna())[:LOOKED_AT]
    read = reader_of(each)
    return sum(_holds(each, read, value) for value in values) / len(values) if len(values) else 1.0


def _holds(each: Field, read: Callable[[Any], Read], value: Any) -> bool:
    try:
        found = read(value).value
    except UnreadableError:
        return False
    if each.kind in (Kind.NUMBER, Kind.INTEGER) and found is not None:
        return (each.minimum is None or found >= each.minimum) and (each.maximum is None or found <= each.maximum)
    if each.kind is Kind.TEXT:
        return not re.fullmatch(r"[-+]?\d+(\.\d+)?", str(found))
    if each.kind is Kind.CODE and not each.pattern:
        return len(_CHINESE.findall(str(found))) <= len(str(found)) / 2
    return not each.pattern or found is None or bool(re.fullmatch(each.pattern, str(found)))
