"""Police points (警务室): where a village finds an officer or an auxiliary (一村一警、一村一辅警)."""

from layers._condition import Between, Is
from layers._field import Choice, Field, Kind
from layers._group import Group
from layers._indicator import Count, Format, Indicator, Reading, Sum, UnitsHaving
from layers._tables import OPEN_STATES, code, named, number
from layers._text import Text
from layers._theme import Geometry, Role, Style, Theme

_OPEN = Is("state", ("open",))
_AIDED = (Between("aides", low=1), _OPEN)

THEME = Theme(
    name="police_points",
    title=Text("警务室", "Police points"),
    about=Text("农村警务室与警务站，及其民警、辅警数量", "Village police rooms and posts, with their officers and auxiliaries"),
    geometry=Geometry.POINT,
    key="code",
    label="name",
    group=Group.SERVICE,
    order=56,
    fields=(
        code("code", "警务室编号", "Point number"),
        named("警务室名称", "Police point"),
        Field(
            name="sort", title=Text("警务点类别", "Kind"), kind=Kind.CHOICE, known_as=("警务室类别",),
            choices=(Choice("room", Text("农村警务室", "Village room"), ("警务室",)), Choice("post", Text("警务站", "Post"), ("中心警务站",))),
        ),
        number("officers", "民警数", "Officers", "人", "驻村民警数"),
        number("aides", "辅警数", "Auxiliaries", "人", "警务助理数"),
        Field(name="state", title=Text("警务室状态", "State"), kind=Kind.CHOICE, required=True, choices=OPEN_STATES),
    ),
    style=Style(role=Role.BLUE, by="sort", roles={"room": Role.BLUE, "post": Role.TEAL}, rows_from_zoom=12),
    indicators=(
        Indicator(
            name="count", title=Text("警务室数", "Police points"), measure=Count(where=(_OPEN,)),
            says=Text("在用的警务室、警务站数", "Rooms and posts in use"), unit=Text("个", "points"),
        ),
        Indicator(
            name="aided", title=Text("一村一辅警覆盖率", "Villages with an auxiliary"), format=Format.PERCENT,
            measure=UnitsHaving(level="village", where=_AIDED, rural=True),
            says=Text("村界内在用警务室至少有1名辅警（警务助理）的行政村占比", "Administrative villages with an auxiliary at a police point in use"),
            strict=Reading(
                UnitsHaving(level="village", where=(*_AIDED, Between("officers", low=1)), rural=True),
                Text("警务室同时有民警和辅警的行政村占比", "Administrative villages with an officer and an auxiliary at one police point"),
            ),
            loose=Reading(
                UnitsHaving(level="village", where=(_OPEN,), rural=True),
                Text("有在用警务室的行政村占比，不论有无辅警", "Administrative villages with a police point in use, whoever staffs it"),
            ),
        ),
        Indicator(
            name="aides", title=Text("辅警数", "Auxiliaries"), measure=Sum("aides", where=(_OPEN,)),
            says=Text("在用警务室的辅警（警务助理）数之和", "Auxiliaries at police points in use, added up"), unit=Text("人", "people"),
        ),
    ),
)  # fmt: skip
