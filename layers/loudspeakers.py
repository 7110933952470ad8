"""Loudspeakers (应急广播): village broadcasting terminals, and whether they work."""

from layers._condition import Is
from layers._field import Choice, Field, Kind
from layers._group import Group
from layers._indicator import Count, Format, Indicator, Reading, UnitsHaving
from layers._tables import code, day, named, share
from layers._text import Text
from layers._theme import Geometry, Role, Style, Theme

_STANDING = (Is("state", ("working", "faulty")),)

THEME = Theme(
    name="loudspeakers",
    title=Text("应急广播", "Loudspeakers"),
    about=Text("村村响应急广播终端（大喇叭）的位置与状态", "Village broadcasting terminals and whether they work"),
    geometry=Geometry.POINT,
    key="code",
    label="name",
    group=Group.NETWORK,
    order=60,
    fields=(
        code("code", "广播终端编号", "Terminal number", "大喇叭编号"),
        named("广播终端名称", "Terminal", "大喇叭名称"),
        Field(
            name="state", title=Text("终端状态", "State"), kind=Kind.CHOICE, required=True, known_as=("广播状态",),
            choices=(
                Choice("working", Text("正常", "Working"), ("在线", "完好")),
                Choice("faulty", Text("故障", "Faulty"), ("离线", "损坏")),
                Choice("removed", Text("拆除", "Removed"), ("已拆除",)),
            ),
        ),
        day("installed", "终端安装日期", "Installed"),
    ),
    style=Style(role=Role.AMBER, by="state", roles={"working": Role.GOOD, "faulty": Role.BAD, "removed": Role.QUIET}, rows_from_zoom=13),
    indicators=(
        Indicator(
            name="count", title=Text("应急广播终端数", "Loudspeakers"), measure=Count(where=_STANDING),
            says=Text("未拆除的广播终端数", "Terminals that have not been removed"), unit=Text("套", "terminals"),
        ),
        share("intact", ("广播完好率", "Loudspeakers that work"), ("状态正常的终端占未拆除终端的比例", "Terminals that work, of those not removed"), (Is("state", ("working",)),), _STANDING),
        Indicator(
            name="villages", title=Text("应急广播村覆盖率", "Villages with a loudspeaker"), format=Format.PERCENT,
            measure=UnitsHaving(level="village", where=_STANDING, rural=True),
            says=Text("村界内至少有一套未拆除终端的行政村占比", "Administrative villages with a terminal that has not been removed"),
            strict=Reading(
                UnitsHaving(level="village", where=(Is("state", ("working",)),), rural=True),
                Text("村界内至少有一套状态正常终端的行政村占比", "Administrative villages with a terminal that works"),
            ),
            loose=Reading(
                UnitsHaving(level="village", where=_STANDING, rural=True, within=300),
                Text("村界内或距村界300米内有未拆除终端的行政村占比", "Administrative villages with a terminal inside or within 300 m"),
            ),
        ),
    ),
)  # fmt: skip
