"""True-looking names that belong to no real place, unique within their parent."""

from __future__ import annotations

import numpy as np

CITY = "云岫市"
"""The sample city; no city of China bears this name."""

PROVINCE = "澜屿省"

_CITIES = ("云岫", "霁澜", "泊渚", "岚汀", "澄墟", "曙屿", "栖洲", "沅霁", "杉渚", "禾澜")
_COUNTIES = (
    "岫城", "栖霁", "泊云", "禾曙", "岚屿", "杉汀", "汀澜", "霁川", "澄岚", "溪照", "望渚", "松墟", "沐禾",
    "霁城", "屿东", "屿西", "澜北", "澜南", "汀州湾", "云墩", "岚浦", "杉溪", "曙川", "栖松", "渚阳",
)
_TOWN_FIRST = tuple("青白石龙双清长沙柳桥洪枫竹松云溪梅荷金兰")
_TOWN_LAST = tuple("湾坪埠渡浦溪岭桥塘口墩泽")
_VILLAGE_FIRST = tuple("东西南北上下前后大小新老青白红石长横里外中双三七八万丰和永安兴光明")
_VILLAGE_LAST = tuple("桥塘庄屋岸浜埭坞田畈湖岭坑湾潭埂沙洋家垟树堰楼井村泾")
_PLACES = ("广场", "活动中心", "村委会", "小学", "老街", "停车场", "晒场", "码头", "水塘", "卫生室", "公园", "集市")

SPOTS = np.array(_PLACES, dtype=object)
"""Places of a village where a camera may stand."""


def names_within(parent: np.ndarray, pool: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Give every unit a name that no other unit of the same parent has.

    Parameters
    ----------
    parent : ndarray of int, shape (n,)
        Which units share a parent.
    pool : ndarray of str, shape (k,)
        Names; k is not below the largest number of siblings.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of object (str), shape (n,)
    """
    given = np.empty(len(parent), dtype=object)
    order = np.argsort(parent, kind="stable")
    starts = np.flatnonzero(np.diff(parent[order], prepend=-1))
    for start, stop in zip(starts, [*starts[1:], len(order)], strict=True):
        given[order[start:stop]] = rng.choice(pool, stop - start, replace=False)
    return given


def pool(level: str) -> np.ndarray:
    """Return the names that units of a level may take, without the ending (区, 镇, 村).

    Parameters
    ----------
    level : str
        ``county``, ``town`` or ``village``.

    Returns
    -------
    ndarray of object (str)
    """
    if level == "county":
        return np.array(_COUNTIES, dtype=object)
    first, last = (_TOWN_FIRST, _TOWN_LAST) if level == "town" else (_VILLAGE_FIRST, _VILLAGE_LAST)
    return np.array([a + b for a in first for b in last if a != b], dtype=object)


def city_names(count: int) -> np.ndarray:
    """Return the names of the first ``count`` cities; object (str), shape (count,)."""
    return np.array([f"{name}市" for name in _CITIES[:count]], dtype=object)


def joined(*parts: object) -> np.ndarray:
    """Join columns of text and constants row by row; object (str), shape (n,)."""
    total = np.asarray(parts[0], dtype=object)
    for part in parts[1:]:
        total = total + (np.asarray(part, dtype=object) if isinstance(part, np.ndarray) else part)
    return np.asarray(total, dtype=object)


def digits(values: np.ndarray, width: int) -> np.ndarray:
    """Write whole numbers with leading zeros; object (str), shape (n,)."""
    text = np.char.zfill(np.asarray(values).astype(np.int64).astype(f"U{max(width, 1)}"), width)
    return np.asarray(text, dtype=object)


def numbered(group_of: np.ndarray) -> np.ndarray:
    """Number the rows of each group from 1, in their order; int (n,) to int (n,)."""
    order = np.argsort(group_of, kind="stable")
    first = np.flatnonzero(np.diff(group_of[order], prepend=-1))
    place = np.arange(len(order)) - np.repeat(first, np.diff([*first, len(order)]))
    number = np.empty(len(order), int)
    number[order] = place + 1
    return number
