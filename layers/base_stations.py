"""Base stations (通信基站): 4G and 5G stations and sites of the internet of things."""

from layers._condition import Is
from layers._field import Choice, Field, Kind
from layers._group import Group
from layers._indicator import Count, Format, Indicator, UnitsHaving, Where
from layers._tables import OPEN_STATES, code, day, flag, named
from layers._text import Text
from layers._theme import Geometry, Role, Style, Theme

_OPEN = Is("state", ("open",))


def _of(*sorts: str) -> Where:
    return (Is("sort", sorts), _OPEN)


def _fresh(name: str, zh: str, en: str, sort: str) -> Indicator:
    return Indicator(
        name=name, title=Text(f"本年新建{zh}数", f"{en} built this year"), measure=Count(where=(*_of(sort), Is("fresh", (True,)))),
        says=Text(f"本年新建并在用的{zh}数", f"{en} in use that were built this year"), unit=Text("个", "sites"),
    )  # fmt: skip


THEME = Theme(
    name="base_stations",
    title=Text("通信基站", "Base stations"),
    about=Text("4G、5G基站与物联网站点", "4G and 5G stations, sites of the internet of things"),
    geometry=Geometry.POINT,
    key="code",
    label="name",
    group=Group.NETWORK,
    order=62,
    fields=(
        code("code", "基站编号", "Station number", "站点编号"),
        named("基站名称", "Station", "站点名称"),
        Field(
            name="sort", title=Text("基站制式", "Kind"), kind=Kind.CHOICE, required=True, known_as=("站点制式",),
            choices=(
                Choice("g5", Text("5G", "5G"), ("5G基站", "NR")),
                Choice("g4", Text("4G", "4G"), ("4G基站", "LTE")),
                Choice("iot", Text("物联网", "Internet of things"), ("物联网站点", "NB-IoT")),
            ),
        ),
        Field(name="state", title=Text("基站状态", "State"), kind=Kind.CHOICE, required=True, choices=OPEN_STATES),
        flag("fresh", "本年新建", "Built this year", "是否本年新建"),
        day("opened", "开通日期", "Opened"),
        Field(name="operator", title=Text("运营单位", "Operator"), known_as=("运营商",)),
    ),
    style=Style(role=Role.BLUE, by="sort", roles={"g5": Role.BLUE, "g4": Role.QUIET, "iot": Role.GREEN}, rows_from_zoom=12),
    indicators=(
        Indicator(
            name="count", title=Text("通信基站数", "Base stations"), measure=Count(where=(_OPEN,)),
            says=Text("在用的基站与站点数", "Stations in use"), unit=Text("个", "stations"),
        ),
        _fresh("new_5g", "5G基站", "5G stations", "g5"),
        _fresh("new_iot", "物联网站点", "Sites of the internet of things", "iot"),
        Indicator(
            name="villages_5g", title=Text("行政村5G基站覆盖率", "Villages with 5G within 1 km"), format=Format.PERCENT,
            measure=UnitsHaving(level="village", where=_of("g5"), rural=True, within=1000),
            says=Text("村界内或距村界1公里内有在用5G基站的行政村占比", "Administrative villages with a 5G station in use inside or within 1 km"),
        ),
    ),
)  # fmt: skip
