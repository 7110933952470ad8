"""U: one thing, one row, one key."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import shapely

from etl.rules._matter import Matter
from etl.rules._rule import Hit, Prints, Rule, Severity, hit
from geodata import fingerprint
from layers import Text
from layers._field import Kind
from layers._ladder import parent_code


def _printed(texts: pd.Series | np.ndarray, there: np.ndarray) -> Prints:
    """A number for each text; 0 where there is none."""
    made = pd.util.hash_array(np.where(there, np.asarray(texts, dtype=object), ""))
    return np.where(there, made | np.uint64(1), np.uint64(0))


def _by_key(matter: Matter) -> Prints:
    return _printed(matter.keys, ~pd.isna(matter.keys))


def _known(matter: Matter) -> pd.DataFrame:
    """Keys and hashes of the rows that have a key; the index is the position."""
    known = pd.DataFrame({"key": matter.keys, "hash": matter.hashes})
    return known[known["key"].notna()]


def _differing(matter: Matter) -> tuple[pd.DataFrame, pd.Series]:
    known = _known(matter)
    repeated = known[known.duplicated("key", keep=False)]
    return repeated, repeated.groupby("key")["hash"].transform("nunique") > 1


def said_again(matter: Matter) -> np.ndarray:
    """Rows that say word for word what an earlier row says; mask of shape (n,)."""
    again = np.zeros(len(matter), dtype=bool)
    repeated, differing = _differing(matter)
    same = repeated[~differing]
    again[same.index[same.duplicated("key")]] = True
    return again


def _duplicates(matter: Matter) -> Iterator[Hit]:
    repeated, differing = _differing(matter)
    if repeated.empty:
        return
    counts = repeated.groupby("key")["hash"].transform("size")[differing]
    keys = repeated["key"][differing]
    yield hit(keys.index.to_numpy(), field=_key(matter), key=keys.to_numpy(dtype=object), n=counts.to_numpy())


def _key(matter: Matter) -> Text:
    return matter.theme.field(matter.theme.key).title


def _owned(matter: Matter) -> Iterator[Hit]:
    owners = matter.ground.owners(list(dict.fromkeys(key for key in matter.keys if key is not None)))
    if owners:
        of = np.array([*(owners.get(key) for key in matter.keys), None], dtype=object)[:-1]
        yield hit(np.array([each is not None for each in of], dtype=bool), field=_key(matter), key=matter.keys, source=of)


def _rest(matter: Matter) -> Prints:
    """Equal for rows that say the same but for their key."""
    keyless = matter.frame.assign(**{matter.theme.key: None})  # an empty field counts for nothing in a fingerprint
    return fingerprint.hashes(matter.theme, keyless, matter.shapes)


def _twins(matter: Matter) -> Iterator[Hit]:
    """Rows that say the same under two keys."""
    if len(matter) < 2:
        return
    rest = _rest(matter)
    known = pd.DataFrame({"key": matter.keys, "rest": rest})
    known = known[known.duplicated("rest", keep=False) & matter.there]
    first = known.groupby("rest")["key"].transform("first")
    later = known["key"] != first
    yield hit(known.index[later].to_numpy(), field=_key(matter), key=first[later].to_numpy(dtype=object))


def _bare(matter: Matter) -> pd.Series:
    keys = matter.texts(matter.theme.key).reset_index(drop=True)
    return keys.str.casefold().str.replace(r"[\s\-_./]", "", regex=True).str.lstrip("0")


def _by_bare_key(matter: Matter) -> Prints:
    bare = _bare(matter)
    return _printed(bare, (bare != "").to_numpy())


def _alike(matter: Matter) -> Iterator[Hit]:
    """Keys that differ in nothing that a person would read out."""
    keys, bare = matter.texts(matter.theme.key).reset_index(drop=True), _bare(matter)
    known = pd.DataFrame({"key": keys, "bare": bare})[(bare != "") & bare.duplicated(keep=False)]
    first = known.groupby("bare")["key"].transform("first")
    other = known["key"] != first
    yield hit(known.index[other].to_numpy(), field=_key(matter), key=known["key"][other].to_numpy(), first=first[other].to_numpy())


def _same_name(matter: Matter) -> Iterator[Hit]:
    """Units of one level and one parent with one name."""
    rung = matter.theme.rung
    if rung is None:
        return
    codes = matter.column(rung.code)
    above = [parent or (parent_code(code) if code else None) for parent, code in zip(matter.parents, codes, strict=True)]
    named = pd.DataFrame({"name": matter.column(rung.name), "above": above, "level": matter.levels})
    named = named[named["name"].notna() & named["above"].notna()]
    twice = named[named.duplicated(["name", "above", "level"])]
    yield hit(twice.index.to_numpy(), name=twice["name"].to_numpy(), parent=twice["above"].to_numpy())


def _by_name_and_place(matter: Matter) -> Prints:
    """Places of six decimals; names need no looking at to leave out nearly all rows."""
    if not matter.points:
        return np.zeros(len(matter), dtype=np.uint64)
    names = matter.texts(matter.theme.label).to_numpy(dtype=object)
    return np.where(names != "", pd.util.hash_array(names) ^ by_place(matter, 6), np.uint64(0))


def by_place(matter: Matter, decimals: int) -> Prints:
    """Equal for points of one place in so many decimals of a degree; 0 where a row has none."""
    made = np.zeros(len(matter), dtype=np.uint64)
    for axis in (shapely.get_x(matter.shapes), shapely.get_y(matter.shapes)):
        made = made * np.uint64(31) + pd.util.hash_array(axis.round(decimals) + 0.0)  # -0.0 is 0.0
    return np.where(matter.there, made, np.uint64(0))


def _same_name_and_place(matter: Matter) -> Iterator[Hit]:
    label = matter.theme.field(matter.theme.label)
    if not matter.points or label.kind is not Kind.TEXT:
        return
    x, y = shapely.get_x(matter.shapes), shapely.get_y(matter.shapes)
    named = pd.DataFrame({"name": matter.column(label.name), "x": x.round(6), "y": y.round(6), "key": matter.keys})
    named = named[named["name"].notna() & matter.there]
    first = named.groupby(["name", "x", "y"])["key"].transform("first")
    other = first != named["key"]
    yield hit(named.index[other].to_numpy(), name=named["name"][other].to_numpy(), key=first[other].to_numpy(dtype=object))


DUPLICATE_KEY = Rule(
    id="U01", name="duplicate_key", severity=Severity.ERROR, check=_duplicates, together=_by_key,
    asks=Text("一个编号只有一行，或各行完全相同", "A key stands in one row, or in rows that say the same"),
    why=Text("无法判断哪一行是对的", "Which of the rows is right cannot be told"),
    remedy=Text("保留正确的一行，或改正编号", "Keep the right row, or mend the key"),
    example="同一设备编码对应两个位置",
    reason=Text("{field}{key}有{n}行且内容不同", "{field} {key} stands in {n} rows that differ"),
)  # fmt: skip
"""Looked for among rows that break no other rule: a broken row takes no sound one with it."""

RULES = (
    DUPLICATE_KEY,
    Rule(
        id="U02", name="owned", severity=Severity.ERROR, check=_owned,
        asks=Text("编号不属于另一来源", "A key belongs to one source"),
        why=Text("两个来源会互相覆盖", "Two sources would overwrite each other"),
        remedy=Text("商定由哪一方维护该行", "Agree on who keeps the row"),
        example="公安与综治都报了同一编码",
        reason=Text("{field}{key}已属于来源“{source}”", "{field} {key} belongs to source '{source}'"),
    ),
    Rule(
        id="U03", name="twins", severity=Severity.WARNING, check=_twins, together=_rest,
        asks=Text("除编号外不完全相同", "Rows differ in more than their key"),
        why=Text("同一对象报了两次，数量虚增", "One thing was sent twice, and is counted twice"),
        remedy=Text("删去其中一行", "Delete one of them"),
        example="两行只有编号不同",
        reason=Text("除{field}外与{key}完全相同", "it says the same as {key} but for its {field}"),
    ),
    Rule(
        id="U04", name="alike_keys", severity=Severity.WARNING, check=_alike, together=_by_bare_key,
        asks=Text("编号不只在大小写、横线或前导零上不同", "Keys differ in more than case, dashes or leading zeros"),
        why=Text("同一编号写了两种样子", "One key was written in two ways"),
        remedy=Text("统一写法", "Write it one way"),
        example="A-001 与 a001",
        reason=Text("{field}{key}与{first}只是写法不同", "{field} {key} is {first} written another way"),
    ),
    Rule(
        id="U05", name="same_name", severity=Severity.WARNING, check=_same_name,
        asks=Text("同一上级之下单位不重名", "Units below one parent have different names"),
        why=Text("排名与搜索中无法分辨", "Rankings and searches cannot tell them apart"),
        remedy=Text("核对名称，或确认是否重复", "Check the names, or whether one was sent twice"),
        example="同一镇有两个“和平村”",
        reason=Text("{parent}之下另有同级单位叫“{name}”", "another unit of its level below {parent} is called '{name}'"),
    ),
    Rule(
        id="U06", name="same_name_and_place", severity=Severity.WARNING, check=_same_name_and_place, together=_by_name_and_place,
        asks=Text("同一位置的两个点不同名", "Two points at one place have different names"),
        why=Text("同一对象换了编号又报一次", "One thing was sent again under a new key"),
        remedy=Text("删去旧编号的一行", "Delete the row with the old key"),
        example="村口1号，两个编码，同一坐标",
        reason=Text("与{key}同名同位置（{name}）", "it has the name and the place of {key} ({name})"),
    ),
)  # fmt: skip
