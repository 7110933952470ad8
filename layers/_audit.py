"""The audit of grids: the kinds of defects that are looked for, and the tests that a standard grid (达标网格) passes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from layers._text import Text

AUDITED = "grids"
"""The theme whose rows are audited."""


class Weight(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"  # the register contradicts itself or the ground
    WARNING = "warning"  # probably wrong, or a source of errors
    NORM = "norm"  # right in itself, and outside of a norm that a city may apply or not


@dataclass(frozen=True, slots=True)
class Defect:
    """One kind of finding: what it is called, and its sentence with {places}."""

    title: Text
    says: Text
    weight: Weight = Weight.WARNING


def _of(zh: str, en: str, says_zh: str, says_en: str, weight: Weight = Weight.WARNING) -> Defect:
    return Defect(Text(zh, en), Text(says_zh, says_en), weight)


_E, _N = Weight.ERROR, Weight.NORM

GROUND = {
    "gap_inner": _of("内部空缺", "gap inside", "网格之间有{m2:,.0f}平方米（{mu:.2f}亩）无网格覆盖", "{m2:,.0f} m² ({mu:.2f} mu) between grids belong to none", _E),
    "gap_edge": _of("边缘空缺", "gap at the border", "村界旁有{m2:,.0f}平方米（{mu:.2f}亩）无网格覆盖", "{m2:,.0f} m² ({mu:.2f} mu) at the border belong to no grid", _E),
    "gap_sliver": _of("细缝", "sliver of a gap", "宽不足1米的细缝，{m2:,.1f}平方米", "a gap less than 1 m wide, {m2:,.1f} m²"),
    "no_grids": _of("无网格", "no grids", "全域未划分网格", "it is not divided into grids", _E),
    "overlap": _of("重叠", "overlap", "与{other}重叠{m2:,.0f}平方米（{mu:.2f}亩）", "it overlaps {other} by {m2:,.0f} m² ({mu:.2f} mu)", _E),
    "overlap_across": _of("跨村重叠", "overlap across villages", "与另一上级的{other}重叠{m2:,.0f}平方米（{mu:.2f}亩）", "it overlaps {other} of another parent by {m2:,.0f} m² ({mu:.2f} mu)", _E),
    "overlap_sliver": _of("细条重叠", "sliver of an overlap", "与{other}有宽不足1米的重叠，{m2:,.1f}平方米", "it overlaps {other} by less than 1 m, {m2:,.1f} m²"),
    "same_shape": _of("图形重复", "same shape", "图形与{other}相同", "its shape is that of {other}", _E),
    "contained": _of("被包含", "inside another", "整个位于{other}之内，{m2:,.0f}平方米", "it lies inside {other}, {m2:,.0f} m²", _E),
    "unmatched": _of("界线不重合", "borders that do not match", "与相邻网格的界线不是同一条线", "its border is not that of its neighbour"),
    "crosses": _of("越界", "crosses the border", "有{m2:,.0f}平方米（{mu:.2f}亩）伸出{other}", "{m2:,.0f} m² ({mu:.2f} mu) of it lie outside of {other}", _E),
    "crosses_sliver": _of("细条越界", "sliver over the border", "宽不足1米的细条伸出{other}，{m2:,.1f}平方米", "a strip less than 1 m wide lies outside of {other}, {m2:,.1f} m²"),
    "elsewhere": _of("位置不符", "lies elsewhere", "登记属于{other}，图形在{value}", "it belongs to {other} and lies in {value}", _E),
    "outside": _of("在辖区外", "outside of every unit", "图形不在任何上级单位内", "it lies in no unit of the level above", _E),
    "multipart": _of("多部件", "several parts", "图形分为{value}块", "its shape has {value} parts"),
    "holed": _of("有洞", "a hole", "图形内有{value}个洞，共{m2:,.0f}平方米", "its shape has {value} holes of {m2:,.0f} m²"),
    "thin": _of("狭长", "a strip", "图形狭长，平均宽{value:.1f}米", "its shape is a strip, {value:.1f} m wide on average"),
    "tiny": _of("过小", "tiny", "面积仅{m2:,.0f}平方米", "it has {m2:,.0f} m² only"),
    "no_shape": _of("无图形", "no shape", "没有图形", "it has no shape", _E),
}

REGISTER = {
    "code_digits": _of("编码非数字", "code with letters", "编码{value}含有非数字", "its code {value} is not all digits", _E),
    "code_length": _of("编码位数", "code length", "编码{value}的位数不符", "its code {value} has a wrong number of digits", _E),
    "code_prefix": _of("编码前缀", "code prefix", "编码不以上级{other}的编码开头", "its code does not begin with that of {other}", _E),
    "code_level": _of("编码层级", "code and level", "编码位数与层级不符", "its code is of another level", _E),
    "code_zero": _of("顺序码为零", "number zero", "顺序码为零", "its number is zero"),
    "sequence_hole": _of("顺序码断号", "number left out", "顺序码缺{value}", "number {value} is left out"),
    "sequence_start": _of("顺序码起始", "first number", "顺序码从{value}开始", "numbers begin with {value}"),
    "no_parent": _of("未填上级", "no parent", "没有填写所属编码", "it names no parent", _E),
    "unknown_parent": _of("上级不存在", "unknown parent", "所属编码{value}不存在", "there is no unit {value}", _E),
    "parent_level": _of("上级层级", "parent of a wrong level", "上级{other}是{value}，不是村社区", "its parent {other} is a {value}", _E),
    "own_parent": _of("上级为自身", "own parent", "所属编码是它自己", "it is its own parent", _E),
    "name_missing": _of("无名称", "no name", "没有名称", "it has no name", _E),
    "name_placeholder": _of("占位名称", "placeholder", "名称“{value}”是占位文字", "its name “{value}” is a placeholder"),
    "name_repeated": _of("名称重复", "same name", "与{other}同名：{value}", "its name is that of {other}: {value}"),
    "name_spaces": _of("名称含空格", "spaces in the name", "名称“{value}”含空格或换行", "its name “{value}” has spaces"),
    "kind_missing": _of("未填类型", "no kind", "同级网格有类型而它没有", "its neighbours have a kind and it has none"),
    "level_missing": _of("未填层级", "no level", "没有填写层级", "it has no level"),
    "people_missing": _of("未填人口", "no people", "没有填写人口", "its people are not known"),
    "households_missing": _of("未填户数", "no households", "没有填写户数", "its households are not known"),
    "households_zero": _of("户数为零", "no household", "综合网格户数为零", "it is a general grid and has no household"),
    "households_above_people": _of("户数大于人口", "more households than people", "{value}户多于人口", "it has {value} households and fewer people", _E),
    "household_size": _of("户均人口异常", "odd size of households", "户均{value:.1f}人", "{value:.1f} people a household"),
    "households_differ": _of("户数不符", "households do not add up", "下级户数之和{value:,.0f}，登记{other}", "those below have {value:,.0f} households, {other} are on record"),
    "people_differ": _of("人口不符", "people do not add up", "下级人口之和{value:,.0f}，登记{other}", "those below have {value:,.0f} people, {other} are on record"),
    "staff_missing": _of("未填网格员", "staff not told", "没有填写网格员数", "its staff is not told"),
    "staff_none": _of("无网格员", "no staff", "没有网格员", "nobody is in charge of it", _E),
    "staff_few": _of("网格员不足", "too few staff", "每名网格员负责{value:,.0f}户", "{value:,.0f} households for each member of staff"),
    "staff_many": _of("网格员异常多", "too many staff", "网格员{value:.0f}人", "it has a staff of {value:.0f}"),
}

NORM_OF = {
    "norm_households": _of("户数超出规范", "households outside of the norm", "{value:,.0f}户；{other}", "{value:,.0f} households; {other}", _N),
    "norm_area": _of("面积超出规范", "area outside of the norm", "{value:.2f} km²；{other}", "{value:.2f} km²; {other}", _N),
    "norm_grids": _of("网格数超出规范", "number of grids outside of the norm", "{value:.0f}个网格；{other}", "{value:.0f} grids; {other}", _N),
    "norm_staff": _of("网格员超出规范", "staff outside of the norm", "网格员{value:.0f}人；{other}", "a staff of {value:.0f}; {other}", _N),
}

DEFECTS = {**GROUND, **REGISTER, **NORM_OF}
"""Kind of finding by name, in the order in which they are told."""

_NOT_OURS = frozenset({"gap_inner", "gap_edge", "gap_sliver", "no_grids", "sequence_hole", "sequence_start", "holed"})
TESTS = {
    "shape": frozenset(GROUND) - _NOT_OURS - {"unmatched", "overlap_sliver", "crosses_sliver"},
    "register": frozenset(each for each in REGISTER if each.startswith(("code_", "no_parent", "unknown_parent", "parent_", "own_", "name_missing"))),
    "staff": frozenset({"staff_none", "staff_missing"}),
    "size": frozenset({"norm_households:X-01", "households_missing"}),
    "borders": frozenset({"unmatched", "overlap_sliver", "crosses_sliver", "thin"}),
    "people": frozenset({"people_missing", "households_above_people", "household_size"}),
    "size_strict": frozenset({"norm_households:N-04", "norm_area:N-02a"}),
}
"""Test -> the kinds of finding (with ":NORM" for those of one norm) that a grid fails it by."""

TEST_TITLES = {
    "shape": Text("图形合格（不重叠、不越界、单块）", "its ground is its own: no overlap, one part, inside its village"),
    "register": Text("编码、名称、归属正确", "code, name and parent are right"),
    "staff": Text("至少1名网格员", "somebody is in charge of it"),
    "size": Text("户数30—500", "30 to 500 households"),
    "borders": Text("界线吻合", "its borders are its neighbours'"),
    "people": Text("人口户数齐全合理", "people and households are known and plausible"),
    "size_strict": Text("70—100户、约1平方公里", "70 to 100 households, about 1 km²"),
}

APPLIED = ("X-01",)
"""Norms whose findings are kept and shown on the page; `./onemap audit grids --norm ID` asks others."""

STANDARDS = {
    "default": ("shape", "register", "staff", "size"),
    "strict": ("shape", "register", "staff", "size", "borders", "people", "size_strict"),
    "loose": ("register", "staff"),
}
"""Definition -> tests that a standard grid passes. No document says what 全科网格达标 is: these are our readings."""


def mask_of(tests: tuple[str, ...]) -> int:
    """Tests as one number: the sum of their bits, in the order of `TESTS`."""
    names = list(TESTS)
    return sum(1 << names.index(each) for each in tests)
