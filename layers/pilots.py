"""Pilot villages (试点示范村): which plan each filed, what it tries, whether it is done."""

from layers._condition import Between, Is, Within
from layers._group import Group
from layers._indicator import Count, Indicator
from layers._tables import code, day, flag, named, number, share
from layers._text import Text
from layers._theme import Geometry, Role, Style, Theme

THEME = Theme(
    name="pilots",
    title=Text("试点示范村", "Pilot villages"),
    about=Text("乡村治理试点示范村的方案备案与完成情况", "Pilot villages of governance: plans filed and tasks done"),
    geometry=Geometry.POINT,
    key="code",
    label="name",
    placed_by="code",
    group=Group.REPORT,
    order=88,
    fields=(
        code("code", "试点村代码", "Pilot village code"),
        named("试点村名", "Pilot village", "试点示范村名称"),
        number("themes", "试点内容项数", "Themes tried", "项", "试点方面数"),
        day("filed", "方案备案日期", "Plan filed", "备案日期"),
        day("due", "备案截止日期", "Plan due", "备案期限"),
        flag("finished", "试点任务完成", "Finished", "任务完成"),
    ),
    style=Style(role=Role.GREEN, rows_from_zoom=10),
    indicators=(
        Indicator(
            name="count", title=Text("试点示范村数", "Pilot villages"), measure=Count(),
            says=Text("列入试点的村数", "Villages on the list of pilots"), unit=Text("个", "villages"),
        ),
        share("finished", ("试点任务完成率", "Pilots finished"), ("完成试点任务的试点村占比", "Pilot villages that finished their tasks"), (Is("finished", (True,)),)),
        share("themes", ("试点内容2—3项占比", "Pilots with two or three themes"), ("选择2至3项试点内容的试点村占比", "Pilot villages that try two or three themes"), (Between("themes", 2, 3),)),
        share("filed", ("方案按期备案率", "Plans filed in time"), ("在截止日期前备案方案的试点村占比", "Pilot villages whose plan was filed by the day it was due"), (Within("due", "filed", earlier=True),)),
    ),
)  # fmt: skip
