"""A number's definition in words: what is counted, of what, which rows; from the declaration alone. Pure."""

from __future__ import annotations

from typing import Any

from layers import Text, Theme, themes
from layers._audit import TEST_TITLES
from layers._field import Kind
from layers._indicator import Measure, Per, Where
from layers._ladder import level
from layers._sight import SIGHT_PARTS


def formula(theme: Theme, measure: Measure) -> Text:
    """How a measure is worked out, as a formula in words.

    Parameters
    ----------
    theme : Theme
    measure : Measure
    """
    made = _FORMULAS.get(type(measure).__name__)
    return made(theme, measure) if made else Text(f"{theme.title.zh}：{type(measure).__name__}", f"{theme.title.en}: {type(measure).__name__}")


def filters(theme: Theme, measure: Any) -> dict[str, Text]:
    """The conditions of a measure by what they choose: "counted", "among", "seen_by"; those that choose everything are left out."""
    found = {"counted": (theme, getattr(measure, "where", ())), "among": (theme, getattr(measure, "among", ()))}
    if getattr(measure, "by", None):
        by = themes()[measure.by]
        sight = by.sight
        found["seen_by"] = by, (*(sight.standing if sight else ()), *getattr(measure, "seen_by", ()),
                                *(sight.effective if sight and measure.effective else ()))  # fmt: skip
    return {name: conditions(owner, where) for name, (owner, where) in found.items() if where}


def conditions(theme: Theme, where: Where) -> Text:
    """Conditions in words, all of which must hold."""
    said = [_condition(theme, each) for each in where]
    return Text("，且".join(each.zh for each in said), " and ".join(each.en for each in said))


def _condition(theme: Theme, condition: Any) -> Text:
    kind = type(condition).__name__
    if kind == "AnyOf":
        said = [_condition(theme, each) for each in condition.conditions]
        return Text("（" + "或".join(each.zh for each in said) + "）", "(" + " or ".join(each.en for each in said) + ")")
    if kind == "Is":
        return _is(theme, condition)
    return _COMPARED[kind](theme, condition) if kind in _COMPARED else Text(str(condition), str(condition))


def _is(theme: Theme, condition: Any) -> Text:
    field = theme.field(condition.field)
    titles = [field.choice(str(each)).title if field.kind is Kind.CHOICE else _plain(each) for each in condition.values]
    return Text(f"{field.title.zh}为{'或'.join(each.zh for each in titles)}", f"{field.title.en} is {' or '.join(each.en for each in titles)}")


def _plain(value: Any) -> Text:
    if isinstance(value, bool):
        return Text("是" if value else "否", "yes" if value else "no")
    return Text(str(value), str(value))


def _between(theme: Theme, each: Any) -> Text:
    field = theme.field(each.field)
    return _in_range(field.title, each.low, each.high, field.unit or "")


def _in_range(title: Text, low: float | None, high: float | None, unit: str) -> Text:
    ends = [f"{sign} {end:g}{unit}" for sign, end in (("≥", low), ("≤", high)) if end is not None]
    if not ends:
        return Text(f"{title.zh}有登记", f"{title.en} is on record")
    return Text(f"{title.zh} {' 且 '.join(ends)}", f"{title.en} {' and '.join(ends)}")


def _quotient(theme: Theme, each: Any) -> Text:
    first, by = theme.field(each.field).title, theme.field(each.by).title
    return _in_range(Text(f"{first.zh}÷{by.zh}", f"{first.en} / {by.en}"), each.low, each.high, "")


def _less(theme: Theme, each: Any) -> Text:
    first, than = theme.field(each.field).title, theme.field(each.than).title
    return Text(f"{first.zh}少于{than.zh}", f"{first.en} below {than.en}")


def _within(theme: Theme, each: Any) -> Text:
    first, then = theme.field(each.first).title, theme.field(each.then).title
    if each.earlier:
        by = Text(f"后{each.days}天", f"{each.days} days after ") if each.days else Text("", "")
        return Text(f"{then.zh}不晚于{first.zh}{by.zh}", f"{then.en} not later than {by.en}{first.en}")
    return Text(f"{then.zh}在{first.zh}后{each.days}天内", f"{then.en} within {each.days} days after {first.en}")


_COMPARED = {"Between": _between, "Quotient": _quotient, "Less": _less, "Within": _within}


def _count(theme: Theme, measure: Any) -> Text:
    return Text(f"符合条件的{theme.title.zh}个数", f"Number of {theme.title.en.lower()} that meet the conditions")


def _share(theme: Theme, measure: Any) -> Text:
    of = Text("全部", "all") if not measure.among else Text("作分母的", "those of the denominator among the")
    return Text(f"符合条件的{theme.title.zh}数 ÷ {of.zh}{theme.title.zh}数",
                f"{theme.title.en} that meet the conditions / {of.en} {theme.title.en.lower()}")  # fmt: skip


def _sum(theme: Theme, measure: Any) -> Text:
    first = theme.field(measure.field).title
    if not measure.divided_by:
        return Text(f"{theme.title.zh}的{first.zh}之和", f"{first.en} of {theme.title.en.lower()}, added up")
    by = theme.field(measure.divided_by).title
    return Text(f"{theme.title.zh}的{first.zh}之和 ÷ {by.zh}之和（两者都有登记的）",
                f"{first.en} added up / {by.en} added up, of {theme.title.en.lower()} that have both")  # fmt: skip


def _density(theme: Theme, measure: Any) -> Text:
    by = Text("辖区面积（km²）", "the unit's ground (km²)") if measure.per is Per.SQUARE_KM else Text("人口（千人）", "thousands of people")
    return Text(f"符合条件的{theme.title.zh}个数 ÷ {by.zh}", f"Number of {theme.title.en.lower()} that meet the conditions / {by.en}")


def _seen(theme: Theme, measure: Any) -> Text:
    by, lines = themes()[measure.by].title, theme.geometry.value == "MultiLineString"
    how = Text("可视扇形内", "the sights") if not getattr(measure, "within", None) else Text(f"{measure.within:g}米内", f"{measure.within:g} m")
    what = Text("长度", "Length") if lines else Text("个数", "Number")
    again = getattr(measure, "least", 1)
    times = Text("", "") if again < 2 else Text(f"至少{again}个", f"at least {again} ")
    return Text(f"落在{times.zh}{by.zh}{how.zh}的{theme.title.zh}{what.zh} ÷ {theme.title.zh}总{what.zh}",
                f"{what.en} of {theme.title.en.lower()} within {how.en} of {times.en}{by.en.lower()} / all of their {what.en.lower()}")  # fmt: skip


def _ground(theme: Theme, measure: Any) -> Text:
    return Text(f"{theme.title.zh}可视扇形的并集面积（重叠只计一次）÷ 辖区面积",
                f"Ground inside the union of the sights of {theme.title.en.lower()} (overlaps once) / the unit's ground")  # fmt: skip


def _having(theme: Theme, measure: Any) -> Text:
    of = level(measure.level).title
    who = Text(f"{measure.people_from:,}人以上的", f" of {measure.people_from:,} people or more") if measure.people_from else Text("", "")
    near = Text(f"境内或{measure.within:g}米内", f" in it or within {measure.within:g} m") if measure.within else Text("境内", " in it")
    return Text(f"{near.zh}至少有{measure.at_least}个{theme.title.zh}的{of.zh}数 ÷ {who.zh}{of.zh}数",
                f"Units ({of.en.lower()}){who.en} with at least {measure.at_least} of {theme.title.en.lower()}{near.en} / all such units")  # fmt: skip


def _together(theme: Theme, measure: Any) -> Text:
    parts = [_having(theme, each) for each in measure.parts]
    return Text("合并计算：" + "；".join(each.zh for each in parts), "In one ratio: " + "; ".join(each.en for each in parts))


def _units_sum(theme: Theme, measure: Any) -> Text:
    if measure.column == "area_km2":
        return Text("辖区边界内的椭球面积", "Ground inside the boundary, on the ellipsoid")
    return Text("最基层单位登记数之和；下级登记不全时用本级登记数", "Numbers on record of the lowest units, added up; the unit's own where one of them has none")


def _assumed(theme: Theme, measure: Any) -> Text:
    part = SIGHT_PARTS[measure.part] if measure.part else Text("方位、视场角、视距或近端盲区", "azimuth, angle, distance or near limit")
    return Text(f"{part.zh}缺失而取假定值的{theme.title.zh}数 ÷ 未拆除的{theme.title.zh}数",
                f"{theme.title.en} of which {part.en} was assumed / {theme.title.en.lower()} that stand")  # fmt: skip


def _near_blind(theme: Theme, measure: Any) -> Text:
    return Text(f"各最小单位户数 × 其面积中距盲点{measure.metres:g}米以内的比例，之和 ÷ 总户数",
                f"Households of each finest unit by the share of its ground within {measure.metres:g} m of a blind place, added up / all households")  # fmt: skip


def _reached(theme: Theme, measure: Any) -> Text:
    return Text(f"各最小单位户数 × 其面积中距符合条件的{theme.title.zh}{measure.metres:g}米以内的比例，之和 ÷ 总户数",
                f"Households of each finest unit by the share of its ground within {measure.metres:g} m of {theme.title.en.lower()} that meet the conditions, added up / all households")  # fmt: skip


def _passes(theme: Theme, measure: Any) -> Text:
    tests = [TEST_TITLES[each] for each in measure.tests]
    return Text(f"通过审计（{'；'.join(each.zh for each in tests)}）的{theme.title.zh}数 ÷ {theme.title.zh}数",
                f"{theme.title.en} that pass the audit ({'; '.join(each.en for each in tests)}) / all {theme.title.en.lower()} asked")  # fmt: skip


_FORMULAS = {
    "Count": _count, "Share": _share, "Sum": _sum, "Density": _density, "Seen": _seen, "SeenGround": _ground,
    "Assumed": _assumed, "NearBlind": _near_blind, "Reached": _reached, "Passes": _passes,
    "UnitsHaving": _having, "Together": _together, "UnitsSum": _units_sum,
}  # fmt: skip
