"""Homesteads (宅基地): patches of ground on which houses of villagers stand, in use or idle; no owners."""

from layers._field import Choice, Field, Kind
from layers._group import Group
from layers._indicator import Count, Format, Indicator, Is, Sum
from layers._rules import AreaOf
from layers._tables import amount, code, named, number, share
from layers._text import Text
from layers._theme import Geometry, Role, Style, Theme

THEME = Theme(
    name="homesteads",
    title=Text("宅基地", "Homesteads"),
    about=Text("农村宅基地图斑及其使用状态，不含权利人", "Patches of homesteads and whether they are used; no owners"),
    geometry=Geometry.AREA,
    key="code",
    label="name",
    group=Group.AFFAIRS,
    order=56,
    fields=(
        code("code", "宅基地编号", "Homestead number", "宅基地代码", "图斑编号", "ZDDM"),
        named("宅基地名称", "Name", "图斑名称"),
        Field(
            name="state", title=Text("使用状态", "State"), kind=Kind.CHOICE, required=True, known_as=("状态", "利用状况"),
            choices=(
                Choice("used", Text("在用", "In use"), ("使用中", "正常")),
                Choice("idle", Text("闲置", "Idle"), ("空置", "空闲")),
            ),
        ),
        number("households", "宅基地户数", "Households", "户", "户数"),
        amount("mu", "宅基地面积", "Area", "亩", "面积(亩)", "面积（亩）"),
    ),
    rules=(AreaOf(field="mu"),),
    style=Style(role=Role.EARTH, by="state", roles={"used": Role.EARTH, "idle": Role.AMBER}, rows_from_zoom=13),
    ledger=("households", "mu"),
    indicators=(
        Indicator(
            name="count", title=Text("宅基地图斑数", "Patches of homesteads"), measure=Count(), higher_is_better=None,
            says=Text("登记的宅基地图斑数", "Patches of homesteads on record"), unit=Text("块", "patches"),
        ),
        Indicator(
            name="mu", title=Text("宅基地面积", "Area of homesteads"), measure=Sum("mu"), format=Format.DECIMAL, higher_is_better=None,
            says=Text("登记面积之和", "Recorded area, added up"), unit=Text("亩", "mu"),
        ),
        share("used", ("宅基地在用率", "Homesteads in use"), ("在用的宅基地图斑占全部图斑的比例", "Patches in use, of all"), (Is("state", ("used",)),)),
    ),
)  # fmt: skip
