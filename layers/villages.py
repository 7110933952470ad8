"""Village table (村情表): what each village reports of its leading group, law, order, environment and income; counts only, no persons."""

from layers._condition import AnyOf, Between, Is, Less, Quotient
from layers._field import Choice, Field, Kind
from layers._group import Group
from layers._indicator import Count, Format, Indicator, Reading, Share, Sum
from layers._tables import amount, code, flag, named, number, part, share, total
from layers._text import Text
from layers._theme import Geometry, Role, Style, Theme

_RURAL = (Is("sort", ("village",)),)


def _at_least(field: str, n: float) -> tuple[Between, ...]:
    return (Between(field, low=n),)


def _yes(*fields: str) -> tuple[Is, ...]:
    return tuple(Is(each, (True,)) for each in fields)


_LEADING = (
    number("people", "总人口", "People", "人", "村总人口"),
    number("cadres", "村班子成员数", "Members of the leading group", "人", "两委成员数"),
    number("young_cadres", "40岁以下班子成员数", "Members under 40", "人", "40岁以下成员"),
    number("graduates", "大学生班子成员数", "Graduates in the leading group", "人", "大专以上成员"),
    number("reserves", "村主职后备人数", "Reserve cadres", "人", "后备干部数"),
    number("young_members", "35岁以下党员数", "Party members under 35", "人", "青年党员数"),
)
_LAW = (
    number("law_persons", "法律明白人数", "Persons who know the law", "人", "法律明白人"),
    flag("adviser", "有法律顾问", "Legal adviser", "村法律顾问"),
    number("mediators", "调委会人数", "Members of the mediation committee", "人", "人民调解委员会人数"),
    number("mediators_part", "兼职调解员数", "Part-time mediators", "人"),
    number("informants", "信访信息员数", "Petition informants", "人", "信访信息员"),
    number("cases", "本年案件数", "Cases this year", "起", "本年发案数"),
    number("cases_before", "上年案件数", "Cases the year before", "起", "上年发案数"),
    flag("covenant", "有村规民约", "Village covenant", "村规民约"),
    flag("weddings", "有红白理事会", "Council for weddings and funerals", "红白理事会"),
    flag("council", "有村民议事会", "Villagers' council", "村民议事会"),
    flag("morals", "有道德评议会", "Council of morals", "道德评议会"),
    flag("vices", "有禁毒禁赌会", "Council against drugs and gambling", "禁毒禁赌会"),
)
_LINKS = (
    flag("guarded", "技防村", "Technically guarded village", "是否技防村"),
    flag("video", "接入综治视联网", "Linked to the video net", "视联网对接"),
    flag("fibre", "通光纤", "Fibre", "是否通光纤"),
    flag("mobile", "通4G", "4G", "4G覆盖"),
    number("home_cameras", "家庭摄像头户数", "Households with a camera", "户"),
    number("meters", "智能水表数", "Smart meters", "个", "智能水表"),
)
_LIVING = (
    flag("clean", "清洁村庄达标", "Clean village", "清洁村庄"),
    flag("beautiful", "美丽乡村", "Beautiful village"),
    flag("waste", "生活垃圾无害化处理", "Harmless waste treatment", "垃圾无害化"),
    flag("sewage", "完成生活污水治理", "Sewage treated", "污水治理"),
    number("courtyards", "常住庭院数", "Lived-in courtyards", "户", "常住庭院"),
    number("courtyards_model", "美丽庭院示范户数", "Model courtyards", "户", "美丽庭院示范户"),
    number("cleaners", "保洁员数", "Cleaners", "人", "保洁员"),
    number("collectors", "垃圾收运员数", "Refuse collectors", "人", "收运员"),
    number("plays", "年演出场次", "Performances a year", "场", "演出场次"),
)
_WORK = (
    amount("income", "集体经济收入", "Collective income", "万元", "村集体经济收入", "集体经济收入（万元）"),
    number("local_matters", "不出村可办事项数", "Matters done in the village", "项", "不出村事项"),
    number("matters", "办件数", "Matters handled", "件", "年办件数"),
    number("one_visit", "最多跑一次办件数", "Matters done in one visit", "件"),
    number("answers", "满意度回访数", "Answers asked", "份", "回访数"),
    number("satisfied", "满意数", "Satisfied answers", "份"),
    flag("governed", "治理体系建设完成", "Governance task finished", "乡村治理体系建设完成"),
)

THEME = Theme(
    name="villages",
    title=Text("村情表", "Village table"),
    about=Text("各村上报的班子、法治、平安、环境与集体经济情况，只有数量，没有个人", "What villages report: leading group, law, order, environment, income; counts, no persons"),
    geometry=Geometry.POINT,
    key="code",
    label="name",
    placed_by="code",
    group=Group.REPORT,
    order=80,
    fields=(
        code("code", "村代码", "Village code", "行政村代码", "村（社区）代码"),
        named("村名", "Village", "村名称", "村（社区）名称"),
        Field(
            name="sort", title=Text("村类别", "Kind"), kind=Kind.CHOICE, required=True, known_as=("村或社区", "建制"),
            choices=(
                Choice("village", Text("行政村", "Village"), ("村", "村委会")),
                Choice("community", Text("社区", "Community"), ("居委会", "村改居")),
            ),
        ),
        *_LEADING, *_LAW, *_LINKS, *_LIVING, *_WORK,
    ),
    style=Style(role=Role.EARTH, by="sort", roles={"village": Role.EARTH, "community": Role.BLUE}, rows_from_zoom=11),
    indicators=(
        Indicator(
            name="count", title=Text("上报村数", "Villages that reported"), measure=Count(),
            says=Text("村情表中的村（社区）数", "Villages and communities in the table"), unit=Text("个", "villages"),
        ),
        share("graduates", ("大学生进班子村占比", "Villages with a graduate"), ("总人口1000人以上的村中，班子里至少有1名大学生的占比", "Villages of 1,000 people or more with a graduate in the leading group"), _at_least("graduates", 1), _at_least("people", 1000)),
        share("reserves", ("后备干部达标村占比", "Villages with two reserve cadres"), ("有2名以上村主职后备干部的村占比", "Villages with two reserve cadres or more"), _at_least("reserves", 2)),
        share("young_cadres", ("班子有40岁以下成员村占比", "Villages with a member under 40"), ("班子中至少有1名40岁以下成员的村占比", "Villages with a member under 40 in the leading group"), _at_least("young_cadres", 1)),
        share("young_members", ("有35岁以下党员村占比", "Villages with a party member under 35"), ("至少有1名35岁以下党员的村占比", "Villages with a party member under 35"), _at_least("young_members", 1)),
        share("law_person", ("有法律明白人村占比", "Villages with a person who knows the law"), ("至少有1名法律明白人的村占比", "Villages with at least one person who knows the law"), _at_least("law_persons", 1)),
        share("law_three", ("法律明白人3名以上村占比", "Villages with three who know the law"), ("有3名以上法律明白人的村占比", "Villages with three persons or more who know the law"), _at_least("law_persons", 3)),
        share("law_five_eight", ("法律明白人5—8名村占比", "Villages with five to eight who know the law"), ("有5至8名法律明白人的村占比", "Villages with five to eight persons who know the law"), (Between("law_persons", 5, 8),)),
        share("adviser", ("法律顾问覆盖率", "Villages with a legal adviser"), ("有法律顾问的村占比", "Villages with a legal adviser"), _yes("adviser")),
        share("mediation", ("村调委会达标率", "Villages with a full mediation committee"), ("调委会3至5人且有1名以上兼职调解员的村占比", "Villages whose committee has three to five members, with a part-time mediator"), (Between("mediators", 3, 5), Between("mediators_part", low=1))),
        share("informant", ("信访信息员覆盖率", "Villages with a petition informant"), ("至少有1名信访信息员的村占比", "Villages with a petition informant"), _at_least("informants", 1)),
        Indicator(
            name="calm", title=Text("无案村和降发案村占比", "Villages with no or fewer cases"), format=Format.PERCENT,
            measure=Share(where=(AnyOf((Between("cases", high=0), Less("cases", "cases_before"))),), among=_RURAL),
            says=Text("本年没有案件或案件少于上年的行政村占比", "Administrative villages with no case this year, or fewer than the year before"),
            strict=Reading(Share(where=(Between("cases", high=0),), among=_RURAL), Text("本年没有案件的行政村占比", "Administrative villages with no case this year")),
        ),
        share("covenant", ("村规民约覆盖率", "Villages with a covenant"), ("有村规民约的村占比", "Villages with a covenant"), _yes("covenant")),
        share("one_four", ("一约四会覆盖率", "Covenant and four councils"), ("村规民约与红白理事会、村民议事会、道德评议会、禁毒禁赌会齐全的行政村占比", "Administrative villages with a covenant and all four councils"), _yes("covenant", "weddings", "council", "morals", "vices"), _RURAL),
        share("guarded", ("技防村占比", "Guarded villages"), ("认定为技防村的村占比", "Villages certified as technically guarded"), _yes("guarded")),
        share("video", ("综治视联网村对接率", "Villages on the video net"), ("接入综治视联网的村占比", "Villages linked to the video net"), _yes("video")),
        share("fibre", ("通光纤率", "Villages with fibre"), ("通光纤的村占比", "Villages with fibre"), _yes("fibre")),
        share("mobile", ("4G通村率", "Villages with 4G"), ("通4G的村占比（按村计）", "Villages with 4G, counted by village"), _yes("mobile")),
        total("home_cameras", ("家庭摄像头户数", "Households with a camera"), ("安装家庭网络摄像头的户数之和，只计数量，不上图", "Households with a network camera, a number only, never drawn"), "home_cameras", ("户", "households")),
        total("meters", ("智能水表数", "Smart meters"), ("智能水表数之和", "Smart meters, added up"), "meters", ("个", "meters")),
        share("clean", ("清洁村庄达标率", "Clean villages"), ("达到清洁村庄标准的村占比", "Villages that meet the standard of clean villages"), _yes("clean")),
        share("beautiful", ("美丽乡村占比", "Beautiful villages"), ("建成美丽乡村的村占比", "Villages certified as beautiful"), _yes("beautiful")),
        share("waste", ("垃圾无害化处理村占比", "Villages with harmless waste treatment"), ("实现生活垃圾无害化处理的村占比", "Villages whose household waste is treated without harm"), _yes("waste")),
        share("sewage", ("污水治理村占比", "Villages with sewage treated"), ("完成生活污水治理的行政村占比", "Administrative villages whose sewage is treated"), _yes("sewage"), _RURAL),
        part("courtyards", ("美丽庭院占比", "Model courtyards"), ("美丽庭院示范户占常住庭院的比例", "Model courtyards, of courtyards lived in"), "courtyards_model", "courtyards"),
        share("cleaners", ("保洁员配备达标率", "Villages with cleaners enough"), ("每名保洁员服务300—400人的村占比", "Villages with 300 to 400 people per cleaner"), (Quotient("people", "cleaners", 300, 400),)),
        share("collectors", ("收运员配备达标率", "Villages with refuse collectors"), ("有1至2名垃圾收运员的村占比", "Villages with one or two refuse collectors"), (Between("collectors", 1, 2),)),
        share("plays", ("一村一年一场戏完成率", "Villages with a performance"), ("本年至少演出一场的村占比", "Villages with a performance this year"), _at_least("plays", 1)),
        share("income_3", ("集体收入3万元以上村占比", "Villages with 30,000 yuan"), ("集体经济收入3万元以上的行政村占比", "Administrative villages with a collective income of 30,000 yuan or more"), _at_least("income", 3), _RURAL),
        share("income_10", ("集体收入10万元以上村占比", "Villages with 100,000 yuan"), ("集体经济收入10万元以上的行政村占比", "Administrative villages with a collective income of 100,000 yuan or more"), _at_least("income", 10), _RURAL),
        Indicator(
            name="income", title=Text("村集体经济收入", "Collective income"), measure=Sum("income"), format=Format.DECIMAL,
            says=Text("村集体经济收入之和", "Collective income, added up"), unit=Text("万元", "10,000 yuan"),
        ),
        share("matters_48", ("48项不出村村占比", "Villages with all 48 matters"), ("48项民生事项都能不出村办理的村占比", "Villages where all 48 public matters are done locally"), _at_least("local_matters", 48)),
        part("one_visit", ("最多跑一次办结率", "Done in one visit"), ("最多跑一次办结的事项占村级办件的比例", "Matters done in one visit, of those handled"), "one_visit", "matters"),
        part("satisfied", ("办事满意度", "Satisfaction"), ("满意的回访占回访数的比例", "Satisfied answers, of those asked"), "satisfied", "answers"),
        share("governed", ("治理体系建设完成率", "Governance finished"), ("完成乡村治理体系建设任务的行政村占比", "Administrative villages that finished the governance task"), _yes("governed"), _RURAL),
    ),
)  # fmt: skip
