"""庄浪县乡村治理体系建设试点方案 (002, 篇六; a web copy whose years are masked): 12 targets."""

from datetime import date

from layers._asked import CountAtLeast, PerPeriod, ShareAtLeast
from layers._indicator import Period
from layers._target import Document, Status, Target, by_day, every, masked
from layers._text import Text

_YEAR = masked(12, 31, "20xx年")
_VILLAGES = Text("全部行政村", "all administrative villages")
_TOWNS = Text("全部乡镇", "all towns")
_T, _V = ("town", "town"), ("village", "village")
_JUSTICE = ("宣传部", "编办", "法院", "检察院", "民政局", "自然资源局", "市场监管局", "农业农村局", "市生态环境局庄浪分局")
_PEACE = ("宣传部", "法院", "检察院", "统战部", "公安局", "民政局", "司法局", "交运局", "农业农村局", "应急管理局", "市场监管局")
_MEDIATION = ("法院", "检察院", "信访局", "公安局", "司法局", "卫健局")

DOCUMENT = Document(
    name="zhuanglang", title="庄浪县开展乡村治理体系建设试点工作方案（篇六）", short=Text("庄浪县试点方案", "Zhuanglang pilot plan"), issuer="庄浪县", status=Status.COPY,
    source="002_81b58c43de688ce1.txt",
    targets=(
        Target(
            id="ZL-01", clause="三", says="创建水洛镇和南湖镇2个乡村治理市级示范乡镇", levels=("county", "town"), counts=Text("市级乡村治理示范乡镇数", "model towns of city level"),
            only=Text("文内点名的两镇", "the two towns named"), rule=CountAtLeast(by="titles.model_towns", at_least=2), due=_YEAR, lead=("县委农办",),
        ),
        Target(
            id="ZL-02", clause="三", says="各创建1个以上乡村治理示范村", levels=_T, counts=Text("有示范村的其他乡镇", "other towns with a model village"), of=Text("其他乡镇", "the other towns"),
            only=Text("点名乡镇以外", "without the towns named"), rule=ShareAtLeast(by="titles.towns_with_model", at_least=1.0), due=_YEAR, lead=("县委农办",),
        ),
        Target(
            id="ZL-03", clause="五4", says="确保2022年10月底前完成乡村治理体系建设任务", levels=_V, counts=Text("已完成任务的行政村", "villages that have finished"), of=_VILLAGES,
            only=Text("试点以外的剩余行政村", "villages that were no pilots"), rule=ShareAtLeast(by="villages.governed", at_least=1.0), due=by_day(date(2022, 10, 31), "2022年10月底前"),
            lead=("县委农办",),
        ),
        Target(
            id="ZL-04", clause="（三）6", says="所有行政村均达到“一站、两市、六室(院)、一广场”的标准", levels=_V, counts=Text("十项设施齐全的行政村", "villages with all ten facilities"),
            of=_VILLAGES, rule=ShareAtLeast(by="services.ten", at_least=1.0), lead=("民政局", "政务服务中心"),
            along=("组织部", "政法委", "编办", "财政局", "人社局", "农业农村局", "市场监管局", "医保局"),
            note=Text(
                "便民服务站；便民超市、农资超市；卫生室、警务（民事调解）室、图书阅览室、文体活动室、村务监督室、互助老人幸福院；室外活动广场",
                "service post; two shops; clinic, police, reading, sports, oversight and elders' rooms; an outdoor square",
            ),
        ),
        Target(
            id="ZL-05", clause="（三）1", says="“法律明白人”3名以上", levels=_V, counts=Text("有3名以上法律明白人的村", "villages with three persons versed in law or more"), of=_VILLAGES,
            rule=ShareAtLeast(by="villages.law_three", at_least=1.0), lead=("司法局",), along=_JUSTICE,
        ),
        Target(
            id="ZL-06", clause="（三）5", says="每个乡镇有5人以上组成的调委会和1名专职调解员", levels=_T,
            counts=Text("调委会5人以上且有专职调解员的乡镇", "towns with a committee of five or more and a full-time mediator"), of=_TOWNS,
            rule=ShareAtLeast(by="townships.mediation", at_least=1.0), lead=("政法委",), along=_MEDIATION,
        ),
        Target(
            id="ZL-07", clause="（三）5", says="每个村有3-5人组成的调委会和1名以上兼职调解员", levels=_V,
            counts=Text("调委会3至5人且有兼职调解员的村", "villages with a committee of three to five and a part-time mediator"), of=_VILLAGES,
            rule=ShareAtLeast(by="villages.mediation", at_least=1.0), lead=("政法委",), along=_MEDIATION,
        ),
        Target(
            id="ZL-08", clause="（三）4", says="实现法律顾问乡村全覆盖", levels=_V, counts=Text("有法律顾问的村", "villages with a legal adviser"), of=Text("全部村", "all villages"),
            rule=ShareAtLeast(by="villages.adviser", at_least=1.0), lead=("司法局", "法院"), along=("政法委", "检察院", "编办", "公安局", "民政局", "财政局", "农业农村局"),
        ),
        Target(
            id="ZL-09", clause="（三）2", says="全面推行“一村一警”或“一村一辅警”机制", levels=_V, counts=Text("有民警或辅警的村", "villages with an officer"), of=Text("全部村", "all villages"),
            rule=ShareAtLeast(by="police_points.aided", at_least=1.0), lead=("政法委",), along=_PEACE,
        ),
        Target(
            id="ZL-10", clause="（四）2", says="实现行政村“一约四会”(村规民约,红白理事会、村民议事会、道德评议会、禁毒禁赌会)全覆盖", levels=_V,
            counts=Text("一约四会齐全的行政村", "villages with the covenant and all four councils"), of=_VILLAGES, rule=ShareAtLeast(by="villages.one_four", at_least=1.0),
            lead=("宣传部", "民政局"), along=("纪委监委", "文旅局", "自然资源局", "团委", "妇联", "残联"),
        ),
        Target(
            id="ZL-11", clause="（一）1", says="乡镇党委书记及党委领导班子成员至少要包抓1个村、联系5个农户", levels=_T,
            counts=Text("包抓1村、联系5户的乡镇领导", "township leaders with one village and five households"), of=Text("全部乡镇领导", "all township leaders"),
            rule=ShareAtLeast(by="townships.contacts", at_least=1.0), due=every("长期"), lead=("组织部", "县委农办"),
            along=("纪委监委", "宣传部", "公安局", "民政局", "财政局", "农业农村局"),
        ),
        Target(
            id="ZL-12", clause="（一）2", says="每年培养“三个带头人”1500名", levels=("county", "county"), counts=Text("当年培养的“三个带头人”人数", "people trained in the year"),
            only=Text("每年", "each year"), rule=PerPeriod(by="counties.trained", times=1500, every=Period.YEAR, share=None), due=every("每年"), lead=("组织部",),
            along=("宣传部", "统战部", "政法委", "公安局", "民政局", "团委", "妇联", "残联"),
        ),
    ),
)
