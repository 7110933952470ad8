"""Legal-culture sites (法治文化阵地), public legal services and grass-roots courts."""

from layers._condition import Is
from layers._field import Choice, Field, Kind
from layers._group import Group
from layers._indicator import Count, Format, Indicator, UnitsHaving
from layers._tables import OPEN_STATES, code, flag, named, share
from layers._text import Text
from layers._theme import Geometry, Role, Style, Theme

_OPEN = Is("state", ("open",))
_CULTURE, _COURTS = (Is("sort", ("culture",)), _OPEN), (Is("sort", ("court",)), _OPEN)

THEME = Theme(
    name="legal_sites",
    title=Text("法治阵地", "Legal sites"),
    about=Text("法治文化阵地、公共法律服务点与基层法庭", "Sites of legal culture, public legal services, grass-roots courts"),
    geometry=Geometry.POINT,
    key="code",
    label="name",
    group=Group.SERVICE,
    order=58,
    fields=(
        code("code", "法治阵地编号", "Site number"),
        named("法治阵地名称", "Site"),
        Field(
            name="sort", title=Text("法治阵地类别", "Kind"), kind=Kind.CHOICE, required=True,
            choices=(
                Choice("culture", Text("法治文化阵地", "Legal culture"), ("法治广场", "法治长廊", "法治公园")),
                Choice("service", Text("公共法律服务点", "Legal service"), ("公共法律服务站",)),
                Choice("court", Text("基层法庭", "Court"), ("人民法庭", "巡回法庭")),
            ),
        ),
        Field(name="state", title=Text("法治阵地状态", "State"), kind=Kind.CHOICE, required=True, choices=OPEN_STATES),
        flag("guide", "有诉讼引导员", "Guide to litigation", "诉讼引导员"),
    ),
    style=Style(role=Role.VIOLET, by="sort", roles={"culture": Role.VIOLET, "service": Role.TEAL, "court": Role.BAD}, rows_from_zoom=12),
    indicators=(
        Indicator(
            name="count", title=Text("法治阵地数", "Legal sites"), measure=Count(where=(_OPEN,)),
            says=Text("在用的法治阵地数", "Sites in use"), unit=Text("处", "sites"),
        ),
        Indicator(
            name="villages", title=Text("法治文化阵地村覆盖率", "Villages with a site of legal culture"), format=Format.PERCENT,
            measure=UnitsHaving(level="village", where=_CULTURE, rural=True),
            says=Text("村界内至少有一处在用法治文化阵地的行政村占比", "Administrative villages with a site of legal culture in use"),
        ),
        share("guided", ("法庭诉讼引导员覆盖率", "Courts with a guide"), ("在用的基层法庭中设有诉讼引导员的占比", "Grass-roots courts in use with a guide to litigation"), (Is("guide", (True,)), *_COURTS), _COURTS),
    ),
)  # fmt: skip
