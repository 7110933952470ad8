"""H: who stands above whom: parents that exist, are above, and hold what they are said to hold."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import shapely

from etl.rules._matter import Matter
from etl.rules._rule import Hit, Rule, Severity, hit, whole_file
from layers import Text
from layers._ladder import LEVEL_NAMES, level, level_of

# A sum of the parts that is off by more than this is no matter of a census day.
_SUM_SHARE = 0.1


def _codes(matter: Matter) -> np.ndarray:
    return matter.column(matter.theme.rung.code) if matter.theme.rung else np.full(len(matter), None, dtype=object)


def _rank(name: str | None) -> int:
    return LEVEL_NAMES.index(name) if name in LEVEL_NAMES else -1


def _ranks(matter: Matter) -> tuple[np.ndarray, np.ndarray]:
    """Rank of each row's level and of its declared parent's; -1 where one is unknown."""
    if matter.theme.rung is None:
        return np.full(len(matter), -1), np.full(len(matter), -1)
    own = np.array([_rank(each) for each in matter.levels], dtype=int)
    above = np.array([_rank(matter.level_by_code.get(each)) for each in matter.parents], dtype=int)
    return own, above


def _titles(names: np.ndarray) -> np.ndarray:
    return np.array([*(level(each).title if each else None for each in names), None], dtype=object)[:-1]


def _unknown_parent(matter: Matter) -> Iterator[Hit]:
    if matter.theme.rung and len(matter):
        lost = [each is not None and each not in matter.level_by_code for each in matter.parents]
        yield hit(np.array(lost, dtype=bool), parent=matter.parents)


def _not_above(matter: Matter) -> Iterator[Hit]:
    own, above = matter.remembered(_ranks)
    wrong = (own >= 0) & (above >= own) & (matter.parents != _codes(matter))
    levels = np.array([LEVEL_NAMES[each] if each >= 0 else None for each in above], dtype=object)
    yield hit(wrong, parent=matter.parents, above=_titles(levels), own=_titles(matter.levels))


def _own_parent(matter: Matter) -> Iterator[Hit]:
    if matter.theme.rung:
        yield hit([one is not None and one == two for one, two in zip(_codes(matter), matter.parents, strict=True)])


def _circle(matter: Matter) -> Iterator[Hit]:
    """Units that come back to themselves when their parents are followed."""
    codes = _codes(matter)
    above = {code: parent for code, parent in zip(codes, matter.parents, strict=True) if code and parent and code != parent}

    def returns(code: str | None) -> bool:
        """Whether the parents of a unit lead back to it."""
        at = above.get(code or "")
        for _ in LEVEL_NAMES:
            if at is None or at == code:
                break
            at = above.get(at)
        return at is not None and at == code

    yield hit(np.array([returns(each) for each in codes], dtype=bool), parent=matter.parents)


def _skipped(matter: Matter) -> Iterator[Hit]:
    """A parent two levels up that has units of the level between."""
    if matter.theme.rung is None:
        return
    own, above = matter.remembered(_ranks)
    between = set(zip(matter.units["parent"], matter.units["level"], strict=True))
    between |= set(zip(matter.parents, matter.levels, strict=True))
    wrong = [
        rank - up > 1 and up >= 0 and any((parent, LEVEL_NAMES[each]) in between for each in range(up + 1, rank))
        for rank, up, parent in zip(own, above, matter.parents, strict=True)
    ]
    levels = np.array([LEVEL_NAMES[up + 1] if no else None for up, no in zip(above, wrong, strict=True)], dtype=object)
    yield hit(np.array(wrong, dtype=bool), parent=matter.parents, between=_titles(levels))


def _prefix(matter: Matter) -> Iterator[Hit]:
    """Statistical codes nest: a unit's begins with the digits of its parent's level; 省直辖 (xx90) do not."""

    def wrong(code: str | None, parent: str | None) -> bool:
        """Whether a code does not begin with the digits of its parent's level."""
        said, above = level_of(code or ""), level_of(parent or "")
        if code is None or parent is None or said is None or above is None or said in ("grid", "microgrid"):
            return False
        return code != parent and not code.startswith(parent[: level(above).digits]) and code[2:4] != "90"

    codes = _codes(matter)
    yield hit([wrong(*each) for each in zip(codes, matter.parents, strict=True)], code=codes, parent=matter.parents)


def _elsewhere(matter: Matter) -> Iterator[Hit]:
    """Units whose ground is not on the ground of the parent that they declare."""
    rows = np.flatnonzero(matter.there & np.array([each is not None for each in matter.parents], dtype=bool))
    if not len(rows):
        return
    grounds = matter.outlines(list(matter.parents[rows]))
    above = np.array([*(grounds.get(each) for each in matter.parents[rows]), None], dtype=object)[:-1]
    shapely.prepare(list({id(each): each for each in above if each is not None}.values()))
    away = ~shapely.is_missing(above) & ~shapely.intersects(above, shapely.point_on_surface(matter.shapes[rows]))
    yield hit(rows[away], parent=matter.parents[rows[away]])


def _people(matter: Matter) -> Iterator[Hit]:
    """The people of a unit against those of the units below it."""
    rung = matter.theme.rung
    if rung is None or rung.population is None:
        return
    codes, own = _codes(matter), matter.numbers(rung.population)
    below = pd.DataFrame({"parent": matter.parents, "n": own, "row": np.arange(len(own))}).dropna(subset=["parent"])
    sums = below.groupby("parent").agg(n=("n", lambda each: each.sum(skipna=False)), row=("row", "min"))
    above = dict(zip(matter.units["code"], matter.units["population"], strict=True)) | dict(zip(codes, own, strict=True))
    said = pd.Series([above.get(code) for code in sums.index], index=sums.index, dtype=float)
    off = (sums["n"] - said).abs() > _SUM_SHARE * said
    place = {code: n for n, code in enumerate(codes)}
    rows = [place.get(code, row) for code, row in zip(sums.index[off], sums["row"][off], strict=True)]
    yield hit(
        np.array(rows, dtype=np.intp), parent=sums.index[off].to_numpy(dtype=object), total=sums["n"][off].to_numpy(),
        said=said[off].to_numpy(),
    )  # fmt: skip


def _left_behind(matter: Matter) -> Iterator[Hit]:
    """Units that the file takes away although others still stand below them."""
    if matter.theme.rung is None or matter.units.empty or matter.partial:
        return
    stood, coming = set(matter.standing["key"]), set(matter.keys)
    gone = stood - coming
    children = matter.units[matter.units["parent"].isin(gone) & ~matter.units["code"].isin(stood | coming)]
    if len(children):
        yield whole_file(n=children["parent"].nunique(), children=len(children), example=children["parent"].min())


RULES = (
    Rule(
        id="H01", name="no_level", severity=Severity.ERROR, found_by="etl.pipeline",
        asks=Text("每个单位有级别", "Every unit has a level"),
        why=Text("没有级别就无法放入钻取树", "Without it there is no place for it in the ladder"),
        remedy=Text("填写级别，或使用能看出级别的代码", "Give the level, or a code that tells it"),
        example="代码 A-17，级别为空",
    ),
    Rule(
        id="H02", name="no_parent", severity=Severity.ERROR, found_by="etl.pipeline",
        asks=Text("每个单位有上级", "Every unit has one above it"),
        why=Text("没有上级的单位无法钻取到", "No drilling leads to it"),
        remedy=Text("先导入上级边界", "Load the upper levels first"),
        example="先导入了村界，还没有乡镇界",
    ),
    Rule(
        id="H03", name="unknown_parent", severity=Severity.WARNING, check=_unknown_parent,
        asks=Text("所填上级存在", "The parent that is named exists"),
        why=Text("将改按代码或位置寻找上级，可能不是原意", "Another one is then found by code or place, which may not be meant"),
        remedy=Text("改正上级代码，或补报上级", "Mend the parent's code, or send the parent"),
        example="上级代码：330106999000",
        reason=Text("上级{parent}不存在", "its parent {parent} does not exist"),
    ),
    Rule(
        id="H04", name="parent_not_above", severity=Severity.WARNING, check=_not_above,
        asks=Text("上级的级别高于本级", "The parent is of a higher level"),
        why=Text("级别倒置的单位会被放到别处", "It will be put elsewhere"),
        remedy=Text("改正级别或上级代码", "Mend the level or the parent's code"),
        example="村的上级是另一个村",
        reason=Text("上级{parent}是{above}，不高于{own}", "its parent {parent} is a {above}, which is not above a {own}"),
    ),
    Rule(
        id="H05", name="own_parent", severity=Severity.WARNING, check=_own_parent,
        asks=Text("单位不是自己的上级", "No unit is its own parent"),
        why=Text("该上级没有意义", "Such a parent says nothing"),
        remedy=Text("填写真正的上级", "Name the real one"),
        example="代码与上级代码相同",
        reason=Text("上级代码就是自己的代码", "it names itself as its parent"),
    ),
    Rule(
        id="H06", name="circle", severity=Severity.WARNING, check=_circle,
        asks=Text("上级关系不成环", "Parents do not run in a circle"),
        why=Text("沿上级追溯永远到不了顶", "Who follows them never comes to the top"),
        remedy=Text("改正环上的上级代码", "Mend a parent on the circle"),
        example="甲的上级是乙，乙的上级是甲",
        reason=Text("沿上级{parent}追溯会回到自己", "its parents, from {parent} on, lead back to itself"),
    ),
    Rule(
        id="H07", name="level_skipped", severity=Severity.WARNING, check=_skipped,
        asks=Text("上级正好高一级", "The parent is one level up"),
        why=Text("越级的单位在中间一级的统计中漏掉", "The level between does not count it"),
        remedy=Text("填写中间一级的上级代码", "Name the parent of the level between"),
        example="村的上级直接填了县，而该县有乡镇",
        reason=Text("上级{parent}之下另有{between}，本单位越过了它", "its parent {parent} has units of level {between}, which it skips"),
    ),
    Rule(
        id="H08", name="parent_prefix", severity=Severity.WARNING, check=_prefix,
        asks=Text("代码以上级代码的有效位开头", "A code begins with the digits of its parent"),
        why=Text("代码与上级必有一错", "Either the code or the parent is wrong"),
        remedy=Text("核对代码与上级", "Check both"),
        example="330106001001，上级 330105001000",
        reason=Text("代码{code}不在上级{parent}之下", "its code {code} does not nest in that of its parent {parent}"),
    ),
    Rule(
        id="H09", name="parent_elsewhere", severity=Severity.WARNING, check=_elsewhere,
        asks=Text("单位位于所填上级的界内", "A unit lies on the ground of its parent"),
        why=Text("边界与上级必有一错", "Either the border or the parent is wrong"),
        remedy=Text("核对边界与上级代码", "Check the border and the parent's code"),
        example="甲镇的村画在乙镇",
        reason=Text("不在所填上级{parent}的界内", "it does not lie on the ground of {parent}, its parent"),
    ),
    Rule(
        id="H10", name="people_do_not_add_up", severity=Severity.WARNING, check=_people,
        asks=Text("下级人口之和与上级相差不超过10%", "The people of the parts are within 10 % of those of the whole"),
        why=Text("逐级汇总会前后不一", "Totals differ from level to level"),
        remedy=Text("统一统计口径与日期", "Use one definition and one day"),
        example="村人口1200，所辖网格合计700",
        reason=Text("{parent}的下级人口合计{total:.0f}，而其人口为{said:.0f}", "the units below {parent} have {total:.0f} people, and itself {said:.0f}"),
    ),
    Rule(
        id="H11", name="left_behind", severity=Severity.WARNING, check=_left_behind,
        asks=Text("撤销的单位之下没有仍在的单位", "Units that go leave none behind below them"),
        why=Text("下级会被挂到更高一级", "Those below are hung to a higher level"),
        remedy=Text("先更新下级，或补回漏报的单位", "Update those below first, or send what was forgotten"),
        example="漏报一个镇，其下12个村仍在",
        reason=Text("缺少{n}个原有单位（如{example}），其下仍有{children}个单位", "{n} units that stood are missing (as {example}), and {children} below them remain"),
    ),
    Rule(
        id="H12", name="no_unit", severity=Severity.ERROR, found_by="etl.in_units",
        asks=Text("没有坐标的表，每行写明的单位在行政区划中", "A row without coordinates names a unit that there is"),
        why=Text("写不明单位的行无处统计", "What names no unit is counted nowhere"),
        remedy=Text("填写12位代码，或先导入该单位的边界", "Write the code of 12 digits, or load that unit's border first"),
        example="村代码：990101001299，区划中没有",
    ),
)  # fmt: skip
