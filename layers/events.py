"""Events (网格事件): what was reported, and when it was taken, assigned, solved and asked about; no names of people."""

from layers._condition import Between, Is, Within
from layers._field import Choice, Field, Kind
from layers._group import Group
from layers._indicator import Count, Density, Format, Indicator, Per, Reading, Share
from layers._rules import Before
from layers._tables import code, day, flag, named, share
from layers._text import Text
from layers._theme import Geometry, Role, Style, Theme

_DISPUTES = (Is("sort", ("dispute",)),)
_SOLVED = Is("state", ("solved", "visited"))

THEME = Theme(
    name="events",
    title=Text("网格事件", "Events"),
    about=Text("网格上报事件的类别与上报、受理、派单、办结、回访时间", "Events by kind, with the days of report, intake, assignment, solution and visit"),
    geometry=Geometry.POINT,
    key="code",
    label="name",
    group=Group.AFFAIRS,
    order=64,
    fields=(
        code("code", "事件编号", "Event number", "工单编号"),
        named("事件标题", "Event", "事件名称"),
        Field(
            name="sort", title=Text("事件类别", "Kind"), kind=Kind.CHOICE, required=True, known_as=("事件类型",),
            choices=(
                Choice("dispute", Text("矛盾纠纷", "Dispute"), ("纠纷",)),
                Choice("hazard", Text("安全隐患", "Hazard"), ("隐患",)),
                Choice("environment", Text("环境卫生", "Environment"), ("环境",)),
                Choice("facility", Text("公共设施", "Public facility"), ("设施损坏",)),
                Choice("service", Text("民生服务", "Service"), ("民生",)),
            ),
        ),
        Field(
            name="state", title=Text("办理状态", "State"), kind=Kind.CHOICE, required=True, known_as=("事件状态",),
            choices=(
                Choice("reported", Text("待受理", "Reported"), ("已上报",)),
                Choice("accepted", Text("已受理", "Accepted"), ("受理中",)),
                Choice("assigned", Text("办理中", "In hand"), ("已派单",)),
                Choice("solved", Text("已办结", "Solved"), ("办结",)),
                Choice("visited", Text("已回访", "Asked about"), ("回访",)),
            ),
        ),
        Field(name="reported", title=Text("上报日期", "Reported"), kind=Kind.DATE, required=True, known_as=("上报时间",)),
        day("accepted", "受理日期", "Accepted", "受理时间"),
        day("assigned", "派单日期", "Assigned", "派单时间"),
        day("solved", "办结日期", "Solved", "办结时间"),
        day("visited", "回访日期", "Asked about", "回访时间"),
        flag("satisfied", "回访满意", "Satisfied", "是否满意"),
        Field(name="visits", title=Text("跑动次数", "Visits"), kind=Kind.INTEGER, unit="次", minimum=0),
    ),
    rules=(
        Before(first="reported", then="accepted"), Before(first="accepted", then="solved"), Before(first="solved", then="visited"),
    ),
    style=Style(
        role=Role.AMBER, by="sort", rows_from_zoom=13, heat=True,
        roles={"dispute": Role.BAD, "hazard": Role.AMBER, "environment": Role.GREEN, "facility": Role.BLUE, "service": Role.VIOLET},
    ),
    indicators=(
        Indicator(
            name="count", title=Text("网格事件数", "Events"), measure=Count(), higher_is_better=None,
            says=Text("台账中的事件数", "Events on record"), unit=Text("件", "events"),
        ),
        share("solved", ("事件办结率", "Events solved"), ("已办结（含已回访）事件占上报事件的比例", "Events solved, of those reported"), (_SOLVED,)),
        Indicator(
            name="disputes_solved", title=Text("矛盾纠纷化解率", "Disputes solved"), format=Format.PERCENT,
            measure=Share(where=(_SOLVED,), among=_DISPUTES),
            says=Text("已办结的矛盾纠纷占上报纠纷的比例", "Disputes solved, of those reported"),
            strict=Reading(
                Share(where=(_SOLVED, Within("reported", "solved", 30)), among=_DISPUTES),
                Text("30天内办结的矛盾纠纷占上报纠纷的比例", "Disputes solved within 30 days, of those reported"),
            ),
        ),
        share("within_7_days", ("7日办结率", "Solved within 7 days"), ("上报后7天内办结的事件占上报事件的比例", "Events solved within seven days of their report, of all"), (Within("reported", "solved", 7),)),
        share("accepted_in_a_day", ("1日受理率", "Accepted within a day"), ("上报后1天内受理的事件占上报事件的比例", "Events accepted within a day of their report, of all"), (Within("reported", "accepted", 1),)),
        share("satisfied", ("事件回访满意率", "Satisfied"), ("回访满意的事件占已回访事件的比例", "Events whose reporter was satisfied, of those asked about"), (Is("satisfied", (True,)),), (Is("state", ("visited",)),)),
        share("one_visit", ("事件最多跑一次率", "Done in one visit"), ("最多跑动一次的已办结民生服务事件占比", "Service events done in one visit at most, of those solved"), (Between("visits", high=1),), (Is("sort", ("service",)), _SOLVED)),
        Indicator(
            name="per_thousand", title=Text("每千人事件数", "Events per 1,000 people"), measure=Density(per=Per.THOUSAND_PEOPLE),
            format=Format.DECIMAL, higher_is_better=None,
            says=Text("事件数除以人口（千人）", "Events by thousands of people"), unit=Text("件/千人", "/1,000"),
        ),
    ),
)  # fmt: skip
