"""Main roads: lines that cameras should see."""

from layers._field import Choice, Field, Kind
from layers._group import Group
from layers._indicator import Format, Indicator, Is, Reading, Seen
from layers._text import Text
from layers._theme import Geometry, Role, Style, Theme

_MAIN = (Is("sort", ("main", "second")),)

THEME = Theme(
    name="roads",
    title=Text("道路", "Roads"),
    about=Text("主干道、次干道与村道", "Main roads, secondary roads and village roads"),
    geometry=Geometry.LINE,
    key="code",
    label="name",
    group=Group.SIGHT,
    fresh_days=(400, 800),
    order=80,
    on=True,
    fields=(
        Field(
            name="code",
            title=Text("道路编号", "Road number"),
            kind=Kind.CODE,
            required=True,
            known_as=("编号", "DLBH", "路线编号", "id", "ID", "osm_id"),
        ),
        Field(
            name="name", title=Text("道路名称", "Name"), required=True, known_as=("名称", "DLMC", "路线名称", "NAME")
        ),
        Field(
            name="sort",
            title=Text("道路等级", "Class"),
            kind=Kind.CHOICE,
            choices=(
                Choice("main", Text("主干道", "Main"), ("主干路", "国道", "省道")),
                Choice("second", Text("次干道", "Secondary"), ("次干路", "县道")),
                Choice("village", Text("村道", "Village"), ("支路", "乡道")),
            ),
            known_as=("等级", "类型", "DLDJ"),
        ),
        Field(
            name="width",
            title=Text("路宽", "Width"),
            kind=Kind.NUMBER,
            unit="m",
            minimum=0,
            maximum=200,
            known_as=("宽度", "LK"),
        ),
    ),
    style=Style(role=Role.ROAD, sizes_by="sort", rows_from_zoom=8),
    indicators=(
        Indicator(
            name="seen",
            title=Text("主干道监控覆盖率", "Main roads seen"),
            format=Format.PERCENT,
            measure=Seen(by="cameras", among=_MAIN),
            says=Text(
                "落在监控可视扇形并集内的主、次干道长度占比",
                "Length of main and secondary roads inside the union of camera sights",
            ),
            strict=Reading(
                Seen(by="cameras", among=_MAIN, effective=True),
                Text("落在在用、在线且联网监控可视扇形并集内的主、次干道长度占比", "The same, cameras in use, online and networked only"),
            ),
            loose=Reading(
                Seen(by="cameras", among=_MAIN, within=50),
                Text("距监控50米以内的主、次干道长度占比，不论朝向与视距", "Length of main and secondary roads within 50 m of a camera, wherever it looks"),
            ),
        ),
        Indicator(
            name="seen_effective",
            title=Text("主干道有效覆盖率", "Main roads seen now"),
            format=Format.PERCENT,
            measure=Seen(by="cameras", among=_MAIN, effective=True),
            says=Text(
                "落在在用、在线且联网监控可视扇形并集内的主、次干道长度占比",
                "The same, cameras in use, online and networked only",
            ),
        ),
    ),
)
