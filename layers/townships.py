"""Township table (乡镇情况表): mediation, legal teams, contacts and terminals of each town; counts only, no persons."""

from layers._condition import Between, Is
from layers._group import Group
from layers._indicator import Count, Indicator
from layers._tables import code, flag, named, number, part, share, total
from layers._text import Text
from layers._theme import Geometry, Role, Style, Theme

THEME = Theme(
    name="townships",
    title=Text("乡镇情况表", "Township table"),
    about=Text("乡镇（街道）上报的调解、法律服务、联系包抓与终端应用情况", "What towns report: mediation, legal service, contacts, terminals"),
    geometry=Geometry.POINT,
    key="code",
    label="name",
    placed_by="code",
    group=Group.REPORT,
    order=82,
    fields=(
        code("code", "乡镇代码", "Town code", "乡镇（街道）代码"),
        named("乡镇名", "Town", "乡镇名称", "乡镇（街道）名称"),
        number("mediators", "乡镇调委会人数", "Members of the mediation committee"),
        number("mediators_full", "专职调解员数", "Full-time mediators"),
        flag("law_team", "有法律服务团队", "Legal service team", "法律服务团队"),
        flag("inspected", "本届已巡察", "Inspected in this term", "巡察完成"),
        number("leaders", "班子成员数", "Township leaders", "人", "乡镇领导数"),
        number("leaders_contacting", "包村联户达标人数", "Leaders with their contacts", "人", "包抓1村联系5户人数"),
        number("terminals", "农机智能终端数", "Machinery terminals", "套", "智能终端数"),
    ),
    style=Style(role=Role.VIOLET, rows_from_zoom=9),
    indicators=(
        Indicator(
            name="count", title=Text("上报乡镇数", "Towns that reported"), measure=Count(),
            says=Text("乡镇情况表中的乡镇（街道）数", "Towns in the table"), unit=Text("个", "towns"),
        ),
        share("mediation", ("乡镇调委会达标率", "Towns with a full mediation committee"), ("调委会5人以上且有1名专职调解员的乡镇占比", "Towns whose committee has five members or more, with a full-time mediator"), (Between("mediators", low=5), Between("mediators_full", low=1))),
        share("law_team", ("乡镇法律服务团队覆盖率", "Towns with a legal team"), ("有法律服务团队的乡镇占比", "Towns with a legal service team"), (Is("law_team", (True,)),)),
        share("inspected", ("巡察覆盖率", "Towns inspected"), ("本届任期内已巡察的乡镇占比", "Towns inspected in this term"), (Is("inspected", (True,)),)),
        part("contacts", ("包村联户达标率", "Leaders with their contacts"), ("至少包抓1个村、联系5个农户的班子成员占比", "Leaders who look after a village and five households, of all"), "leaders_contacting", "leaders"),
        total("terminals", ("农机智能终端数", "Machinery terminals"), ("农机智能终端套数之和", "Machinery terminals, added up"), "terminals", ("套", "terminals")),
    ),
)  # fmt: skip

