"""County table (区县情况表): what a county reports once for all of it: certified, published, done; sums of trade and training."""

from layers._condition import Is
from layers._field import Field, Kind
from layers._group import Group
from layers._indicator import Count, Format, Indicator, Sum
from layers._tables import amount, code, flag, named, number, part, share, total
from layers._text import Text
from layers._theme import Geometry, Role, Style, Theme


def _done(name: str, zh: str, en: str, says_zh: str, says_en: str) -> Indicator:
    return share(name, (zh, en), (says_zh, says_en), (Is(name, (True,)),))


def _yuan(name: str, zh: str, en: str, *known_as: str) -> Field:
    return amount(name, zh, en, "万元", *known_as)


THEME = Theme(
    name="counties",
    title=Text("区县情况表", "County table"),
    about=Text("区县上报的规范化建设、公开目录、交易额与里程碑", "What counties report: certified centres, catalogues, trade, milestones"),
    geometry=Geometry.POINT,
    key="code",
    label="name",
    placed_by="code",
    group=Group.REPORT,
    order=84,
    fields=(
        code("code", "区县代码", "County code", "县区代码"),
        named("区县名", "County", "区县名称", "县区名称"),
        flag("mediation", "矛调中心规范化", "Certified mediation centre", "县级矛调中心规范化"),
        flag("catalogue", "公布村务公开目录", "Catalogue published", "村务公开目录"),
        flag("toilets", "公厕规范升级", "Toilets upgraded", "厕所规范升级"),
        number("matters", "政务服务事项数", "Matters of service", "项"),
        number("matters_online", "网上可办事项数", "Matters done online", "项"),
        flag("data_centre", "建成资源共享中心", "Data centre built", "数字乡村资源共享中心"),
        flag("one_map", "建成一张图", "One map built", "数字乡村一张图"),
        flag("epidemic_map", "建成疫情一张图", "Epidemic map built", "疫情数据一张图"),
        _yuan("turnover", "本年电商交易额", "E-commerce this year"),
        _yuan("turnover_before", "上年电商交易额", "E-commerce the year before"),
        _yuan("land_trade", "产权流转交易额", "Property-rights trade", "总流转交易金额"),
        _yuan("land_online", "线上流转交易额", "Property-rights trade online", "线上流转交易金额"),
        Field(name="trained", title=Text("三个带头人培养数", "Leaders trained"), kind=Kind.INTEGER, unit="人", minimum=0, known_as=("带头人培养人数",)),
    ),
    style=Style(role=Role.AMBER, rows_from_zoom=7),
    indicators=(
        Indicator(
            name="count", title=Text("上报区县数", "Counties that reported"), measure=Count(),
            says=Text("区县情况表中的区县数", "Counties in the table"), unit=Text("个", "counties"),
        ),
        _done("mediation", "矛调中心规范化率", "Certified mediation centres", "矛调中心完成规范化建设的区县占比", "Counties whose mediation centre is certified"),
        _done("catalogue", "村务公开目录公布率", "Catalogues published", "公布村务公开目录的区县占比", "Counties that published the catalogue of village affairs"),
        _done("toilets", "公厕规范升级率", "Toilets upgraded", "实施公厕规范升级的区县占比", "Counties that upgraded their public toilets"),
        part("online", ("政务事项网上办率", "Matters online"), ("网上可办事项占政务服务事项的比例", "Matters that are done online, of all matters of service"), "matters_online", "matters"),
        _done("data_centre", "资源共享中心建成率", "Data centres built", "建成数字乡村资源共享中心的区县占比", "Counties with a shared data centre"),
        _done("one_map", "一张图建成率", "One maps built", "建成数字乡村一张图的区县占比", "Counties with a one map"),
        _done("epidemic_map", "疫情一张图建成率", "Epidemic maps built", "建成疫情数据一张图的区县占比", "Counties with an epidemic map"),
        Indicator(
            name="growth", title=Text("电商交易额同比", "E-commerce, of the year before"), format=Format.PERCENT,
            measure=Sum("turnover", divided_by="turnover_before"),
            says=Text("本年电商交易额除以上年交易额", "E-commerce of this year by that of the year before"),
        ),
        part("land_online", ("线上流转交易占比", "Trade online"), ("线上产权流转交易额占总流转交易额的比例", "Property-rights trade online, of all"), "land_online", "land_trade"),
        total("trained", ("三个带头人培养数", "Leaders trained"), ("本年培养的三个带头人人数之和", "Leaders trained this year, added up"), "trained", ("人", "people")),
    ),
)  # fmt: skip
