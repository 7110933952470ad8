"""Public entrances (公共出入口): where a road enters a village; a place to be seen."""

from layers._field import Choice, Field, Kind
from layers._group import Group
from layers._indicator import Count, Format, Indicator, Is, Reading, Seen
from layers._rules import Near
from layers._text import Text
from layers._theme import Geometry, Role, Style, Theme

_NETWORKED = (Is("networked", ("networked",)),)
_NEAR_BY = 50  # metres: the distance that a sight is taken to reach where the archive is silent

THEME = Theme(
    name="entrances",
    title=Text("公共出入口", "Public entrances"),
    about=Text("农村公共出入口，监控覆盖率的分母", "Where roads enter a village: the denominator of coverage"),
    geometry=Geometry.POINT,
    key="code",
    label="name",
    group=Group.SIGHT,
    fresh_days=(400, 800),
    order=60,
    fields=(
        Field(
            name="code",
            title=Text("出入口编号", "Entrance number"),
            kind=Kind.CODE,
            required=True,
            known_as=("编号", "CRKBH", "id", "ID"),
        ),
        Field(name="name", title=Text("出入口名称", "Name"), required=True, known_as=("名称", "CRKMC", "MC")),
        Field(
            name="sort",
            title=Text("出入口类型", "Kind"),
            kind=Kind.CHOICE,
            choices=(
                Choice("main", Text("主要出入口", "Main"), ("主", "主出入口")),
                Choice("side", Text("次要出入口", "Side"), ("次", "次出入口")),
            ),
            known_as=("类型", "CRKLX"),
        ),
    ),
    rules=(Near(theme="roads", metres=60),),
    style=Style(role=Role.BLUE, rows_from_zoom=13),
    indicators=(
        Indicator(
            name="count",
            title=Text("公共出入口数", "Entrances"),
            measure=Count(),
            says=Text("登记的公共出入口数", "Entrances on record"),
            unit=Text("个", "entrances"),
            higher_is_better=None,
        ),
        Indicator(
            name="seen",
            title=Text("出入口监控覆盖率", "Entrances seen"),
            format=Format.PERCENT,
            measure=Seen(by="cameras"),
            says=Text(
                "至少落在一个监控可视扇形内的出入口占比（设计覆盖）",
                "Entrances inside at least one camera's sight, all cameras counted",
            ),
            strict=Reading(
                Seen(by="cameras", effective=True),
                Text("落在在用、在线且联网监控可视扇形内的出入口占比", "Entrances inside the sight of a camera in use, online and networked"),
            ),
            loose=Reading(
                Seen(by="cameras", within=_NEAR_BY),
                Text(f"周围{_NEAR_BY}米内有监控的出入口占比，不论朝向与视距", f"Entrances with a camera within {_NEAR_BY} m, wherever it looks"),
            ),
        ),
        Indicator(
            name="seen_effective",
            title=Text("出入口有效覆盖率", "Entrances seen now"),
            format=Format.PERCENT,
            measure=Seen(by="cameras", effective=True),
            says=Text(
                "至少落在一个在用、在线且联网监控可视扇形内的出入口占比",
                "Entrances inside the sight of a camera in use, online and networked",
            ),
        ),
        Indicator(
            name="seen_networked",
            title=Text("出入口联网覆盖率", "Entrances seen, networked"),
            format=Format.PERCENT,
            measure=Seen(by="cameras", seen_by=_NETWORKED),
            says=Text(
                "至少落在一个已联网监控可视扇形内的出入口占比", "Entrances inside the sight of a networked camera"
            ),
            strict=Reading(
                Seen(by="cameras", seen_by=_NETWORKED, effective=True),
                Text("落在在用、在线且联网监控可视扇形内的出入口占比", "Entrances inside the sight of a networked camera that is in use and online"),
            ),
            loose=Reading(
                Seen(by="cameras", seen_by=_NETWORKED, within=_NEAR_BY),
                Text(f"周围{_NEAR_BY}米内有已联网监控的出入口占比，不论朝向与视距", f"Entrances with a networked camera within {_NEAR_BY} m, wherever it looks"),
            ),
        ),
        Indicator(
            name="seen_recognise",
            title=Text("出入口可识别覆盖率", "Entrances where people are recognised"),
            format=Format.PERCENT,
            measure=Seen(by="cameras", purpose="recognise"),
            says=Text(
                "至少一个监控在该处达到每米125像素（IEC 62676-4 识别）的出入口占比，全部点位",
                "Entrances that a camera shows with 125 pixels a metre (IEC 62676-4, recognise), all cameras counted",
            ),
        ),
        Indicator(
            name="seen_twice",
            title=Text("出入口双重覆盖率", "Entrances seen twice"),
            format=Format.PERCENT,
            measure=Seen(by="cameras", least=2),
            says=Text(
                "至少落在两个监控可视扇形内的出入口占比：其中一个失效仍看得到",
                "Entrances inside the sights of two cameras or more: one may fail",
            ),
        ),
    ),
)
