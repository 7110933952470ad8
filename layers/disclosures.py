"""Disclosures (村务公开台账): one row for each notice that a village posted in the last twelve months."""

from layers._condition import Is
from layers._field import Choice, Field, Kind
from layers._group import Group
from layers._indicator import Count, Every, Format, Indicator, Period, Reading, UnitsHaving
from layers._tables import code, named
from layers._text import Text
from layers._theme import Geometry, Role, Style, Theme

_FINANCE, _AFFAIRS = (Is("sort", ("finance",)),), (Is("sort", ("affairs",)),)
_MONTHS, _QUARTERS = Every(Period.MONTH, "posted"), Every(Period.QUARTER, "posted")

THEME = Theme(
    name="disclosures",
    title=Text("村务公开台账", "Disclosures"),
    about=Text("近12个月各村财务与村务公开记录", "Notices of finance and affairs that villages posted in the last twelve months"),
    geometry=Geometry.POINT,
    key="code",
    label="name",
    placed_by="of",
    group=Group.REPORT,
    order=90,
    fields=(
        code("code", "公开编号", "Notice number"),
        named("公开标题", "Notice", "公开事项"),
        code("of", "公开村代码", "Village", "公开单位代码"),
        Field(
            name="sort", title=Text("公开类别", "Kind"), kind=Kind.CHOICE, required=True,
            choices=(Choice("finance", Text("财务公开", "Finance"), ("财务收支",)), Choice("affairs", Text("村务公开", "Affairs"), ("一般事项",))),
        ),
        Field(name="posted", title=Text("公开日期", "Posted"), kind=Kind.DATE, required=True, known_as=("公开时间",)),
    ),
    style=Style(role=Role.QUIET, by="sort", roles={"finance": Role.AMBER, "affairs": Role.TEAL}, rows_from_zoom=12),
    indicators=(
        Indicator(
            name="count", title=Text("公开次数", "Notices"), measure=Count(), unit=Text("次", "notices"),
            says=Text("近12个月公开次数", "Notices posted in the last twelve months"),
        ),
        Indicator(
            name="finance", title=Text("财务按月公开村占比", "Finance posted every month"), format=Format.PERCENT,
            measure=UnitsHaving(level="village", where=_FINANCE, at_least=12, every=_MONTHS, rural=True),
            says=Text("近12个月每月都公开财务收支的行政村占比", "Administrative villages that posted their finance in each of the last twelve months"),
            loose=Reading(
                UnitsHaving(level="village", where=_FINANCE, at_least=10, every=_MONTHS, rural=True),
                Text("近12个月中至少10个月公开财务收支的行政村占比", "Administrative villages that posted their finance in ten of the last twelve months"),
            ),
        ),
        Indicator(
            name="affairs", title=Text("村务按季公开村占比", "Affairs posted every quarter"), format=Format.PERCENT,
            measure=UnitsHaving(level="village", where=_AFFAIRS, at_least=4, every=_QUARTERS, rural=True),
            says=Text("近12个月中4个季度都公开一般事项的行政村占比", "Administrative villages that posted their affairs in four quarters of the last twelve months"),
        ),
    ),
)  # fmt: skip
