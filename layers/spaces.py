"""Public-space parcels (公共空间): ground that belongs to all, its occupation, recovery and use."""

from layers._field import Choice, Field, Kind
from layers._group import Group
from layers._indicator import Between, Count, Format, Indicator, Is, Share, Sum
from layers._rules import AreaOf, Never
from layers._text import Text
from layers._theme import Geometry, Role, Style, Theme

_LET = (Is("state", ("let",)),)

THEME = Theme(
    name="spaces",
    title=Text("公共空间", "Public spaces"),
    about=Text(
        "农村公共空间治理地块：被占、收回、出租、公用",
        "Parcels of common ground: occupied, recovered, let, in public use",
    ),
    geometry=Geometry.AREA,
    key="code",
    label="name",
    group=Group.AFFAIRS,
    order=50,
    fields=(
        Field(
            name="code",
            title=Text("地块编号", "Parcel number"),
            kind=Kind.CODE,
            required=True,
            known_as=("编号", "地块编码", "DKBM", "DKBH", "id", "ID"),
        ),
        Field(name="name", title=Text("地块名称", "Name"), required=True, known_as=("名称", "DKMC", "MC")),
        Field(
            name="state",
            title=Text("治理状态", "State"),
            kind=Kind.CHOICE,
            required=True,
            choices=(
                Choice("occupied", Text("被占用", "Occupied"), ("占用", "未收回")),
                Choice("recovered", Text("已收回", "Recovered"), ("收回", "闲置")),
                Choice("let", Text("出租", "Let"), ("发包", "出租发包", "已出租")),
                Choice("public", Text("公共利用", "Public use"), ("公用", "公益利用", "复绿")),
            ),
            known_as=("状态", "利用状态", "ZLZT", "ZT"),
        ),
        Field(name="sort", title=Text("空间类型", "Kind"), known_as=("地块类型", "类型", "DKLX", "原用途")),
        Field(
            name="mu",
            title=Text("面积", "Area"),
            kind=Kind.NUMBER,
            unit="亩",
            minimum=0,
            known_as=("面积(亩)", "面积（亩）", "DKMJ", "MJ"),
        ),
        Field(
            name="rent",
            title=Text("年租金", "Rent a year"),
            kind=Kind.NUMBER,
            unit="元/年",
            minimum=0,
            known_as=("年租金(元)", "年租金（元）", "租金", "NZJ"),
        ),
        Field(
            name="recovered_on", title=Text("收回日期", "Recovered on"), kind=Kind.DATE, known_as=("收回时间", "SHSJ")
        ),
        Field(name="owner", title=Text("权属单位", "Owner"), known_as=("权属", "所有权人", "QSDW", "管理机关")),
    ),
    rules=(
        AreaOf(field="mu"),
        Never(
            where=(Is("state", ("occupied",)), Between("rent", low=1)),
            says=Text("被占用的地块却有租金", "it is occupied and brings rent"),
        ),
    ),
    style=Style(
        role=Role.AMBER,
        by="state",
        roles={"occupied": Role.BAD, "recovered": Role.AMBER, "let": Role.BLUE, "public": Role.GREEN},
        rows_from_zoom=12,
    ),
    ledger=("mu", "rent"),
    indicators=(
        Indicator(
            name="count",
            title=Text("公共空间地块数", "Parcels"),
            measure=Count(),
            says=Text("登记的公共空间地块数", "Parcels on record"),
            unit=Text("块", "parcels"),
            higher_is_better=None,
        ),
        Indicator(
            name="mu",
            title=Text("公共空间面积", "Area of parcels"),
            measure=Sum("mu"),
            format=Format.DECIMAL,
            says=Text("登记面积之和", "Recorded area, added up"),
            unit=Text("亩", "mu"),
            higher_is_better=None,
        ),
        Indicator(
            name="recovered",
            title=Text("收回率", "Recovered"),
            format=Format.PERCENT,
            measure=Share(where=(Is("state", ("recovered", "let", "public")),)),
            says=Text("已收回（含出租、公用）的地块占比", "Parcels recovered, let or in public use, of all"),
        ),
        Indicator(
            name="used",
            title=Text("盘活利用率", "In use"),
            format=Format.PERCENT,
            measure=Share(
                where=(Is("state", ("let", "public")),), among=(Is("state", ("recovered", "let", "public")),)
            ),
            says=Text("出租或公用的地块占已收回地块的比例", "Parcels let or in public use, of those recovered"),
        ),
        Indicator(
            name="rent",
            title=Text("年租金收入", "Rent a year"),
            measure=Sum("rent", where=_LET),
            says=Text("出租地块年租金之和", "Yearly rent of parcels that are let"),
            unit=Text("元", "yuan"),
        ),
        Indicator(
            name="rent_per_mu",
            title=Text("亩均租金", "Rent per mu"),
            measure=Sum("rent", where=_LET, divided_by="mu"),
            says=Text("出租地块年租金除以其面积", "Yearly rent by area, of parcels that are let"),
            unit=Text("元/亩", "yuan/mu"),
        ),
    ),
)
