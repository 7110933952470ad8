"""Buildings: what stands in the way of a sight."""

from layers._field import Choice, Field, Kind
from layers._group import Group
from layers._indicator import Count, Indicator, Sum
from layers._text import Text
from layers._theme import Geometry, Role, Style, Theme

THEME = Theme(
    name="buildings",
    title=Text("建筑物", "Buildings"),
    about=Text("房屋轮廓，遮挡监控视线", "Outlines of houses, which cut the sights of cameras"),
    geometry=Geometry.AREA,
    key="code",
    label="name",
    group=Group.SIGHT,
    order=90,
    obstacle=True,
    fields=(
        Field(
            name="code",
            title=Text("建筑编号", "Building number"),
            kind=Kind.CODE,
            required=True,
            known_as=("编号", "房屋编号", "JZWBH", "FWBH", "id", "ID", "osm_id"),
        ),
        Field(name="name", title=Text("建筑名称", "Name"), known_as=("名称", "房屋名称", "JZWMC", "MC", "NAME")),
        Field(
            name="use",
            title=Text("用途", "Use"),
            kind=Kind.CHOICE,
            choices=(
                Choice("dwelling", Text("住宅", "Dwelling"), ("民房", "农房", "居住")),
                Choice("public", Text("公共建筑", "Public"), ("公建", "公用")),
                Choice("works", Text("生产用房", "Works"), ("厂房", "仓库", "工业")),
                Choice("other", Text("其他", "Other"), ()),
            ),
            known_as=("房屋用途", "JZWYT", "FWYT", "类型"),
        ),
        Field(
            name="floors",
            title=Text("层数", "Floors"),
            kind=Kind.INTEGER,
            unit="层",
            minimum=1,
            maximum=200,
            known_as=("楼层数", "CS", "FLOORS"),
        ),
        Field(
            name="households",
            title=Text("户数", "Households"),
            kind=Kind.INTEGER,
            unit="户",
            minimum=0,
            known_as=("住户数", "HS"),
        ),
    ),
    style=Style(role=Role.EARTH, rows_from_zoom=15),
    indicators=(
        Indicator(
            name="count",
            title=Text("建筑物数", "Buildings"),
            measure=Count(),
            says=Text("登记的建筑物数", "Buildings on record"),
            unit=Text("幢", "buildings"),
            higher_is_better=None,
        ),
        Indicator(
            name="households",
            title=Text("建筑物内户数", "Households in buildings"),
            measure=Sum("households"),
            says=Text("登记建筑物内户数之和", "Households of the buildings on record, added up"),
            unit=Text("户", "households"),
            higher_is_better=None,
        ),
    ),
)
