"""Boundaries of every administrative level, with the people who live inside them."""

from layers._field import Choice, Field, Kind
from layers._group import Group
from layers._indicator import Format, Indicator, UnitsSum
from layers._ladder import LEVELS
from layers._rules import AtMost
from layers._text import Text
from layers._theme import Geometry, Role, Rung, Style, Theme

THEME = Theme(
    name="units",
    title=Text("行政区划", "Administrative units"),
    about=Text("省、市、区县、乡镇、村社区的边界与人口", "Boundaries and people of every administrative level"),
    geometry=Geometry.AREA,
    key="code",
    label="name",
    group=Group.GROUND,
    fresh_days=(400, 800),
    order=10,
    on=True,
    rung=Rung(population="population", households="households", registered="registered"),
    fields=(
        Field(
            name="code",
            title=Text("区划代码", "Code"),
            kind=Kind.CODE,
            required=True,
            known_as=(
                "代码",
                "行政区划代码",
                "区划码",
                "统计用区划代码",
                "编码",
                "XZQDM",
                "ADCODE",
                "CODE",
                "DM",
                "adcode",
            ),
        ),
        Field(
            name="name",
            title=Text("名称", "Name"),
            required=True,
            known_as=("区划名称", "行政区名称", "单位名称", "XZQMC", "NAME", "Name", "MC"),
        ),
        Field(
            name="level",
            title=Text("级别", "Level"),
            kind=Kind.CHOICE,
            choices=tuple(Choice(each.name, each.title, each.known_as) for each in LEVELS),
            known_as=("层级", "行政级别", "区划级别", "LEVEL", "JB"),
        ),
        Field(
            name="parent",
            title=Text("上级代码", "Parent code"),
            kind=Kind.CODE,
            known_as=("父级代码", "上级区划代码", "上级", "PCODE", "parentCode", "SJDM"),
        ),
        Field(
            name="population",
            title=Text("人口", "Population"),
            kind=Kind.INTEGER,
            unit="人",
            minimum=0,
            known_as=("常住人口", "人口数", "总人口", "POP", "RK", "RKS"),
        ),
        Field(
            name="households",
            title=Text("户数", "Households"),
            kind=Kind.INTEGER,
            unit="户",
            minimum=0,
            known_as=("总户数", "家庭户数", "HS", "HH"),
        ),
        Field(
            name="registered",
            title=Text("户籍人口", "Registered people"),
            kind=Kind.INTEGER,
            unit="人",
            minimum=0,
            known_as=("户籍人口数", "HJRK"),
        ),
    ),
    rules=(AtMost(small="households", large="population"),),
    style=Style(role=Role.BORDER, rows_from_zoom=10),
    indicators=(
        Indicator(
            name="population",
            title=Text("人口", "Population"),
            measure=UnitsSum("population"),
            says=Text("辖区内最基层单位人口之和", "People of the lowest units, added up"),
            unit=Text("人", "people"),
            higher_is_better=None,
        ),
        Indicator(
            name="households",
            title=Text("户数", "Households"),
            measure=UnitsSum("households"),
            says=Text("辖区内最基层单位户数之和", "Households of the lowest units, added up"),
            unit=Text("户", "households"),
            higher_is_better=None,
        ),
        Indicator(
            name="area",
            title=Text("面积", "Area"),
            measure=UnitsSum("area_km2"),
            format=Format.DECIMAL,
            says=Text("辖区边界内的椭球面积", "Ground inside the boundary, measured on the ellipsoid"),
            unit=Text("km²", "km²"),
            higher_is_better=None,
        ),
    ),
)
