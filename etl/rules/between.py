"""T, continued: how shapes lie to other layers: units inside their parent, parcels inside a village, crossings on roads."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from etl.rules._matter import Matter
from etl.rules._rule import Hit, Rule, Severity, hit
from etl.rules.enumerations import holds
from etl.rules.topology import LEAST_M2, families
from geodata.earth import M2_OF_MU, areas
from layers import Text, theme
from layers._ladder import level_of
from layers._rules import AreaOf, Near

# One part in a hundred of a unit is more than two surveys differ by, and less than a village group.
_SHARE = 0.01
_PARCEL_SHARE = 0.05
# A declared area follows a survey or a register: within a tenth, and a tenth of a mu.
_DECLARED_SHARE, _DECLARED_M2 = 0.1, 66.7
_M2 = {"亩": M2_OF_MU, "m²": 1.0, "km²": 1e6}


def _sticking_out(matter: Matter) -> Iterator[Hit]:
    for code, rows, union, home in matter.remembered(families):
        if home is None or _alike(union, home) or shapely.difference(union, home).area < LEAST_M2:
            continue
        area = shapely.area(matter.flat[rows])
        outside = area - shapely.area(shapely.intersection(matter.flat[rows], home))
        over = (outside > _SHARE * area) & (outside >= LEAST_M2)
        yield hit(rows[over], parent=code, share=outside[over] / area[over], area=outside[over])


def _alike(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    """Whether two outlines run through the same vertices, as those of one survey do."""
    if shapely.get_num_coordinates(one) != shapely.get_num_coordinates(other):
        return False
    return bool(shapely.equals_exact(*shapely.normalize([shapely.multipolygons(shapely.get_parts(each)) for each in (one, other)]), 1e-6))


def _not_filled(matter: Matter) -> Iterator[Hit]:
    for code, rows, union, home in matter.remembered(families):
        if home is not None:
            left = home.area - shapely.intersection(union, home).area if union.area > home.area else home.area - union.area
            if left > _SHARE * home.area and left >= LEAST_M2:
                yield hit(rows[:1], parent=code, share=left / home.area, area=left)


def _over_neighbours(matter: Matter) -> Iterator[Hit]:
    """Units that cover ground of units of their level that other files brought."""
    rung = matter.theme.rung
    if rung is None or matter.units.empty:
        return
    mine = set(matter.column(rung.code)) | set(matter.standing["key"])
    others = matter.units[matter.units["level"].isin(set(matter.levels)) & ~matter.units["code"].isin(mine)]
    codes = others["code"].to_numpy(dtype=object)
    grounds = matter.flattened(matter.ground.outlines(list(codes))) if len(codes) else np.empty(0, dtype=object)
    row, at = shapely.STRtree(grounds).query(matter.flat, predicate="intersects") if len(codes) else (np.empty(0, int),) * 2
    alike = others["level"].to_numpy()[at] == matter.levels[row]
    row, at = row[alike], at[alike]
    common = shapely.area(shapely.intersection(matter.flat[row], grounds[at]))
    large = (common >= LEAST_M2) & (common > _SHARE * shapely.area(matter.flat[row]))
    yield hit(row[large], other=codes[at[large]], area=common[large])


def _across(matter: Matter) -> Iterator[Hit]:
    """Parcels and the like that lie in more than one village."""
    if matter.theme.rung or not matter.areas or matter.units.empty:
        return
    villages = np.array([*(_village(path) for path in matter.stands[1]), None], dtype=object)[:-1]
    rows = np.flatnonzero([each is not None for each in villages])
    grounds = matter.outlines([str(each) for each in dict.fromkeys(villages[rows])])
    homes = matter.flattened(np.array([*(grounds[each] for each in villages[rows]), None], dtype=object)[:-1])
    shapely.prepare(homes)
    crossing = rows[~shapely.contains_properly(homes, matter.flat[rows])]
    there = matter.flattened(np.array([*(grounds[each] for each in villages[crossing]), None], dtype=object)[:-1])
    whole = shapely.area(matter.flat[crossing])
    outside = 1 - shapely.area(shapely.intersection(matter.flat[crossing], there)) / np.where(whole > 0, whole, np.nan)
    over = outside > _PARCEL_SHARE
    yield hit(crossing[over], unit=villages[crossing[over]], share=outside[over])


def _village(path: str | None) -> str | None:
    return next((code for code in (path or "").split("/") if level_of(code) == "village"), None)


def _outside(matter: Matter) -> Iterator[Hit]:
    if matter.theme.rung is None and len(matter.units):
        yield hit(matter.there & np.array([each is None for each in matter.stands[0]], dtype=bool))


def _away(matter: Matter) -> Iterator[Hit]:
    for ask in matter.theme.rules:
        if not isinstance(ask, Near):
            continue
        others = matter.ground.shapes(ask.theme)
        others = others[~shapely.is_missing(others)]
        if len(others):
            asked = np.logical_and.reduce([matter.there, *(holds(matter, each) for each in ask.where)])
            tree, rows = shapely.STRtree(matter.flattened(others)), np.flatnonzero(asked)
            at = tree.query(matter.flat[rows], predicate="dwithin", distance=ask.metres)[0]
            away = np.setdiff1d(rows, rows[at])
            yield hit(away, metres=ask.metres, theme=theme(ask.theme).title)


def _declared(matter: Matter) -> Iterator[Hit]:
    for ask in matter.theme.rules:
        field = matter.theme.field(ask.field) if isinstance(ask, AreaOf) else None
        if field is None or field.unit not in _M2 or not matter.areas:
            continue
        measured, said = areas(matter.shapes), matter.numbers(field.name) * _M2[field.unit]
        off = (np.abs(measured - said) > _DECLARED_SHARE * measured) & (np.abs(measured - said) > _DECLARED_M2) & matter.there
        told = said / _M2[field.unit]
        yield hit(off, field=field.title, said=told, measured=measured / _M2[field.unit], unit=field.unit)


RULES = (
    Rule(
        id="T09", name="sticking_out", severity=Severity.WARNING, check=_sticking_out,
        asks=Text("单位不越出上级的边界", "A unit does not reach out of its parent"),
        why=Text("越界处的对象统计到错误的上级", "What stands there counts for the wrong parent"),
        remedy=Text("按上级边界裁切，或改正上级边界", "Cut it at the parent's border, or mend that border"),
        example="网格跨入邻村0.4公顷",
        reason=Text("有{share:.0%}（{area:.0f}平方米）越出上级{parent}", "{share:.0%} of it ({area:.0f} m²) reach out of {parent}, its parent"),
    ),
    Rule(
        id="T10", name="not_filled", severity=Severity.WARNING, check=_not_filled,
        asks=Text("下级单位铺满上级（99%以上）", "Units fill their parent to 99 % or more"),
        why=Text("空白处的对象不属于任何下级单位", "What stands in the blank belongs to none of them"),
        remedy=Text("补报缺少的单位，或修边", "Send the missing unit, or trim the borders"),
        example="村内网格只盖住94%",
        reason=Text("{parent}有{share:.0%}（{area:.0f}平方米）没有下级单位", "{share:.0%} of {parent} ({area:.0f} m²) have no unit below it"),
    ),
    Rule(
        id="T11", name="over_neighbour", severity=Severity.WARNING, check=_over_neighbours,
        asks=Text("单位不压盖库中同级的单位", "A unit does not cover units of its level that stand already"),
        why=Text("两份文件对同一块地各说各话", "Two files claim one ground"),
        remedy=Text("与相邻单位的维护方核对界线", "Agree on the line with those who keep the other"),
        example="新报的村压盖邻镇的村",
        reason=Text("压盖已有单位{other} {area:.0f}平方米", "it covers {area:.0f} m² of {other}, which stands already"),
    ),
    Rule(
        id="T12", name="across_villages", severity=Severity.WARNING, check=_across,
        asks=Text("地块在一个村内（95%以上）", "A parcel lies in one village, to 95 % or more"),
        why=Text("整块面积只会计入一个村", "All of it is counted for one of them"),
        remedy=Text("在村界处分成两块", "Split it at the border"),
        example="地块有30%在邻村",
        reason=Text("有{share:.0%}不在{unit}界内", "{share:.0%} of it lie outside {unit}"),
    ),
    Rule(
        id="T13", name="outside_units", severity=Severity.WARNING, check=_outside,
        asks=Text("对象位于某个单位之内", "A row stands in a unit"),
        why=Text("不属于任何单位的对象不参与统计", "What stands in none is not counted"),
        remedy=Text("核对坐标，或补齐边界", "Check the coordinates, or complete the borders"),
        example="监控立在县界外20米",
        reason=Text("不在任何单位之内", "it stands in no unit"),
    ),
    Rule(
        id="T14", name="not_beside", severity=Severity.WARNING, check=_away,
        asks=Text("路口、出入口等在所声明专题的近旁", "Rows stand beside the theme that theirs names"),
        why=Text("路口不在路上，两者必有一错", "A crossing off the road: one of the two is wrong"),
        remedy=Text("核对位置，或补画道路", "Check the place, or draw the road"),
        example="路口离最近的道路85米",
        reason=Text("{metres:g}米之内没有{theme}", "there is no {theme} within {metres:g} m"),
    ),
    Rule(
        id="T15", name="area_declared", severity=Severity.WARNING, check=_declared,
        asks=Text("所填面积与图形面积相差不超过10%", "The area on record is within 10 % of that of the shape"),
        why=Text("登记、图形必有一错，或单位填错", "The record, the shape or the unit is wrong"),
        remedy=Text("以实测为准改正", "Mend it by the survey"),
        example="登记2亩，图形13亩",
        reason=Text("{field}为{said:g}{unit}，而图形为{measured:.2f}{unit}", "{field} is {said:g} {unit}, and its shape has {measured:.2f} {unit}"),
    ),
)  # fmt: skip
