"""Intersections (路口): where roads meet; a place to be seen."""

from layers._field import Choice, Field, Kind
from layers._group import Group
from layers._indicator import Count, Format, Indicator, Is, Reading, Seen
from layers._rules import Near
from layers._text import Text
from layers._theme import Geometry, Role, Style, Theme

_MAIN = (Is("sort", ("main",)),)
_HD = (Is("definition", ("hd",)),)
_NEAR_BY = 50  # metres: the distance that a sight is taken to reach where the archive is silent

THEME = Theme(
    name="intersections",
    title=Text("路口", "Intersections"),
    about=Text("主干路口与一般路口，监控覆盖率的分母", "Main and minor intersections: the denominator of coverage"),
    geometry=Geometry.POINT,
    key="code",
    label="name",
    group=Group.SIGHT,
    fresh_days=(400, 800),
    order=70,
    fields=(
        Field(
            name="code",
            title=Text("路口编号", "Intersection number"),
            kind=Kind.CODE,
            required=True,
            known_as=("编号", "LKBH", "id", "ID"),
        ),
        Field(name="name", title=Text("路口名称", "Name"), required=True, known_as=("名称", "LKMC", "MC")),
        Field(
            name="sort",
            title=Text("路口类型", "Kind"),
            kind=Kind.CHOICE,
            choices=(
                Choice("main", Text("主干路口", "Main"), ("主干", "主要路口", "主")),
                Choice("minor", Text("一般路口", "Minor"), ("一般", "次要路口", "次")),
            ),
            known_as=("类型", "LKLX"),
        ),
        Field(
            name="arms",
            title=Text("岔数", "Arms"),
            kind=Kind.INTEGER,
            minimum=2,
            maximum=12,
            known_as=("道路条数", "CS"),
        ),
    ),
    rules=(Near(theme="roads", metres=60, where=_MAIN),),
    style=Style(role=Role.ROSE, by="sort", roles={"main": Role.ROSE, "minor": Role.EARTH}, rows_from_zoom=13),
    indicators=(
        Indicator(
            name="count",
            title=Text("主干路口数", "Main intersections"),
            measure=Count(where=_MAIN),
            says=Text("登记的主干路口数", "Main intersections on record"),
            unit=Text("个", "intersections"),
            higher_is_better=None,
        ),
        Indicator(
            name="seen",
            title=Text("主干路口监控覆盖率", "Main intersections seen"),
            format=Format.PERCENT,
            measure=Seen(by="cameras", among=_MAIN),
            says=Text(
                "至少落在一个监控可视扇形内的主干路口占比（设计覆盖）",
                "Main intersections inside at least one camera's sight",
            ),
            strict=Reading(
                Seen(by="cameras"),
                Text("全部路口（含一般路口）中落在监控可视扇形内的占比", "The same of all intersections, minor ones too"),
            ),
            loose=Reading(
                Seen(by="cameras", among=_MAIN, within=_NEAR_BY),
                Text(f"周围{_NEAR_BY}米内有监控的主干路口占比，不论朝向与视距", f"Main intersections with a camera within {_NEAR_BY} m, wherever it looks"),
            ),
        ),
        Indicator(
            name="seen_hd",
            title=Text("主干路口高清覆盖率", "Main intersections seen in HD"),
            format=Format.PERCENT,
            measure=Seen(by="cameras", among=_MAIN, seen_by=_HD),
            says=Text(
                "至少落在一个高清监控可视扇形内的主干路口占比", "Main intersections inside the sight of an HD camera"
            ),
            strict=Reading(
                Seen(by="cameras", among=_MAIN, seen_by=_HD, effective=True),
                Text("落在在用、在线且联网的高清监控可视扇形内的主干路口占比", "Main intersections inside the sight of an HD camera in use, online and networked"),
            ),
            loose=Reading(
                Seen(by="cameras", among=_MAIN, seen_by=_HD, within=_NEAR_BY),
                Text(f"周围{_NEAR_BY}米内有高清监控的主干路口占比，不论朝向与视距", f"Main intersections with an HD camera within {_NEAR_BY} m, wherever it looks"),
            ),
        ),
        Indicator(
            name="seen_effective",
            title=Text("主干路口有效覆盖率", "Main intersections seen now"),
            format=Format.PERCENT,
            measure=Seen(by="cameras", among=_MAIN, effective=True),
            says=Text(
                "至少落在一个在用、在线且联网监控可视扇形内的主干路口占比",
                "Main intersections inside the sight of a camera in use, online and networked",
            ),
        ),
    ),
)
