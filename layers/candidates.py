"""Candidates for public space (候选公共空间): what is left of a village when homesteads and contract land are taken away."""

from layers._exclusion import Exclusion
from layers._field import Field, Kind
from layers._group import Group
from layers._indicator import Count, Format, Indicator, Sum
from layers._tables import amount, code, named
from layers._text import Text
from layers._theme import Geometry, Role, Style, Theme

THEME = Theme(
    name="candidates",
    title=Text("候选公共空间", "Candidate spaces"),
    about=Text(
        "村界扣除宅基地与承包地后剩余的地块（0.1亩以上、平均宽3米以上），推算所得，供踏勘核实，不是登记数据",
        "What is left of a village without its homesteads and contract land (0.1 mu or more, 3 m wide or more): worked out, to be looked at on the spot, not on record",
    ),
    geometry=Geometry.AREA,
    key="code",
    label="name",
    group=Group.AFFAIRS,
    order=58,
    fields=(
        code("code", "候选编号", "Candidate number"),
        named("候选名称", "Candidate"),
        Field(name="village", title=Text("所在村代码", "Village"), kind=Kind.CODE, required=True),
        amount("mu", "候选面积", "Area", "亩"),
        amount("width", "平均宽度", "Mean width", "m"),
    ),
    left_by=Exclusion(minus=("homesteads", "contract_land"), of="village", mu="mu", width="width"),
    style=Style(role=Role.ROSE, rows_from_zoom=11),
    ledger=("mu",),
    indicators=(
        Indicator(
            name="mu", title=Text("候选公共空间面积", "Area of candidate spaces"), measure=Sum("mu", surveyed=True), format=Format.DECIMAL, higher_is_better=None,
            says=Text(
                "村界减去宅基地、承包地后剩余地块（0.1亩以上、平均宽3米以上）的面积之和，只算两类图斑都有的村；候选，待核实",
                "Ground of villages left without homesteads and contract land (pieces of 0.1 mu or more, 3 m wide or more), where both were surveyed; candidates, to be verified",
            ),
            unit=Text("亩", "mu"),
        ),
        Indicator(
            name="count", title=Text("候选公共空间块数", "Candidate spaces"), measure=Count(surveyed=True), higher_is_better=None,
            says=Text("剩余地块的块数；候选，待核实", "Pieces that are left; candidates, to be verified"), unit=Text("块", "pieces"),
        ),
    ),
)  # fmt: skip
