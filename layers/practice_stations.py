"""Civilisation practice stations (新时代文明实践中心、所、站): one centre a county, one institute a town, one station a village."""

from layers._condition import Is
from layers._field import Choice, Field, Kind
from layers._group import Group
from layers._indicator import Count, Format, Indicator, Together, UnitsHaving
from layers._tables import OPEN_STATES, code, day, named, number
from layers._text import Text
from layers._theme import Geometry, Role, Style, Theme


def _having(level: str, tier: str) -> UnitsHaving:
    return UnitsHaving(level=level, where=(Is("tier", (tier,)), Is("state", ("open",))))


_CENTRE, _INSTITUTE, _STATION = _having("county", "centre"), _having("town", "institute"), _having("village", "station")

THEME = Theme(
    name="practice_stations",
    title=Text("文明实践站", "Practice stations"),
    about=Text("新时代文明实践中心、所、站的位置与活动", "Centres, institutes and stations of civilisation practice"),
    geometry=Geometry.POINT,
    key="code",
    label="name",
    group=Group.SERVICE,
    order=54,
    fields=(
        code("code", "实践站编号", "Station number", "文明实践站编号"),
        named("实践站名称", "Station", "文明实践站名称"),
        Field(
            name="tier", title=Text("实践站级别", "Tier"), kind=Kind.CHOICE, required=True, known_as=("阵地级别",),
            choices=(
                Choice("centre", Text("实践中心", "Centre"), ("中心", "新时代文明实践中心")),
                Choice("institute", Text("实践所", "Institute"), ("所", "新时代文明实践所")),
                Choice("station", Text("实践站", "Station"), ("站", "新时代文明实践站")),
            ),
        ),
        Field(name="state", title=Text("运行状态", "State"), kind=Kind.CHOICE, required=True, choices=OPEN_STATES, known_as=("实践站状态",)),
        day("opened", "挂牌日期", "Opened", "挂牌时间"),
        number("activities", "年志愿活动场次", "Activities a year", "场"),
    ),
    style=Style(role=Role.BAD, by="tier", roles={"centre": Role.BAD, "institute": Role.AMBER, "station": Role.ROSE}, rows_from_zoom=12),
    indicators=(
        Indicator(
            name="count", title=Text("文明实践站数", "Practice stations"), measure=Count(where=(Is("state", ("open",)),)),
            says=Text("在用的实践中心、所、站数", "Centres, institutes and stations in use"), unit=Text("个", "stations"),
        ),
        Indicator(
            name="counties", title=Text("实践中心覆盖率", "Counties with a centre"), measure=_CENTRE, format=Format.PERCENT,
            says=Text("有在用文明实践中心的区县占比", "Counties with a centre in use"),
        ),
        Indicator(
            name="towns", title=Text("实践所覆盖率", "Towns with an institute"), measure=_INSTITUTE, format=Format.PERCENT,
            says=Text("有在用文明实践所的乡镇（街道）占比", "Towns with an institute in use"),
        ),
        Indicator(
            name="villages", title=Text("实践站覆盖率", "Villages with a station"), measure=_STATION, format=Format.PERCENT,
            says=Text("有在用文明实践站的村（社区）占比", "Villages and communities with a station in use"),
        ),
        Indicator(
            name="built", title=Text("中心所站建成率", "Centres, institutes and stations built"), format=Format.PERCENT,
            measure=Together((_CENTRE, _INSTITUTE, _STATION)),
            says=Text("已建成的中心、所、站占应建数（区县、乡镇、村社区之和）的比例", "Counties, towns and villages that have theirs, of all of them together"),
        ),
    ),
)  # fmt: skip
