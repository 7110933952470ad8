"""聊城市加强和改进乡村治理行动计划（聊办发〔2020〕9号，2020年7月24日）: 26 targets."""

from datetime import date

from layers._asked import AllOf, CountAtLeast, PerPeriod, ShareAtLeast
from layers._indicator import Period
from layers._target import Document, Status, Target, by_day, by_end_of, every, within
from layers._text import Text

_2020, _YEAR = by_end_of(2020, "2020年"), within(2020)
_END = by_day(date(2020, 12, 31), "2020年年底以前")
_LAW, _HEART = ("市委政法委",), ("市委农办", "市农业农村局")
_HOME = ("市住房城乡建设局", "市生态环境局", "市交通运输局", "市妇联", "市财政局")
_ALERT = ("市信访局", "市司法局", "市公安局", "市检察院", "市法院", "市妇联")
_SAFE = ("市公安局", "市委统战部", "市应急局", "市市场监管局", "市交通运输局", "市消防救援支队")
_VILLAGES = Text("全部村", "all villages")
_BOTH = Text("全部村和社区", "all villages and communities")
_V = ("village", "village")

DOCUMENT = Document(
    name="liaocheng", title="聊城市加强和改进乡村治理行动计划", short=Text("聊城市行动计划", "Liaocheng action plan"),
    issuer="中共聊城市委办公室、聊城市人民政府办公室", number="聊办发〔2020〕9号", issued=date(2020, 7, 24), status=Status.ISSUED,
    source="001_c1d228f74a0ebbad.txt",
    targets=(
        Target(
            id="LC-01", clause="（八）", says="年内全市90%以上的农村建成“技防村”", counts=Text("建成技防村的村", "villages certified as guarded by technology"),
            of=_VILLAGES, rule=ShareAtLeast(by="villages.guarded", at_least=0.9), due=_YEAR, lead=_LAW, along=_SAFE,
            note=Text("“技防村”没有定义", "“guarded by technology” is not defined"),
        ),
        Target(
            id="LC-02", clause="（八）", says="实现高清视频点位全覆盖", counts=Text("高清监控点位", "HD cameras"), of=Text("未拆除的监控点位", "cameras that stand"),
            only=Text("高清", "HD only"), rule=ShareAtLeast(by="cameras.hd", at_least=1.0), lead=_LAW, along=_SAFE,
            note=Text("文内没有分母，按现有点位计", "the text has no denominator; the cameras that stand are taken"),
        ),
        Target(
            id="LC-03", clause="（八）", says="大力推行“一村一警务助理”机制", levels=_V, counts=Text("有警务助理的村", "villages with a police assistant"),
            of=_VILLAGES, rule=ShareAtLeast(by="police_points.aided", at_least=1.0), lead=_LAW, along=_SAFE,
            note=Text("未写明数值，按“一村一名”理解为全覆盖", "no number is given; “one a village” is read as all of them"),
        ),
        Target(
            id="LC-04", clause="（一）", says="选树市、县两级过硬党支部建设先进典型分别达到200个、600个", levels=("city", "county"),
            counts=Text("市级、县级过硬党支部先进典型个数", "model party branches of city and of county level"),
            rule=AllOf(parts=(CountAtLeast(by="titles.branch_city", at_least=200), CountAtLeast(by="titles.branch_county", at_least=600))),
            due=by_day(date(2020, 12, 31), "到2020年年底"), lead=("市委组织部",), along=("市公安局", "市民政局"),
        ),
        Target(
            id="LC-05", clause="（三）", says="每村培养储备村“两委”干部后备力量不少于2人", levels=_V,
            counts=Text("后备力量不少于2人的村", "villages with two reserve cadres or more"), of=_VILLAGES,
            rule=ShareAtLeast(by="villages.reserves", at_least=1.0), lead=("市委组织部",), along=("市民政局", "市人力资源社会保障局", "市纪委监委机关"),
        ),
        Target(
            id="LC-06", clause="（六）", says="2020年，打造90个村级议事协商示范点", levels=("city", "city"), counts=Text("议事协商示范点个数", "model places of deliberation"),
            rule=CountAtLeast(by="titles.councils", at_least=90), due=_2020, lead=("市委组织部",), along=("市民政局",),
        ),
        Target(
            id="LC-07", clause="（七）", says="村级财务收支情况每月公开一次，一般事项每季度公开一次", levels=_V,
            counts=Text("每月公开财务、每季度公开一般事项的村", "villages with a finance notice every month and a notice of affairs every quarter"), of=_VILLAGES,
            rule=AllOf(parts=(
                PerPeriod(by="disclosures.finance", times=1, every=Period.MONTH), PerPeriod(by="disclosures.affairs", times=1, every=Period.QUARTER),
            )),
            due=every("每月、每季度"), lead=("市民政局",), along=("市委组织部", "市农业农村局", "市扶贫开发办"),
        ),
        Target(
            id="LC-08", clause="（七）", says="2020年，各县（市、区）、市属开发区全部正式公布村务公开目录", levels=("county", "county"),
            counts=Text("已公布目录的县区", "counties that published their catalogue"), of=Text("全部县区和市属开发区", "all counties and development zones"),
            rule=ShareAtLeast(by="counties.catalogue", at_least=1.0), due=_2020, lead=("市民政局",), along=("市委组织部", "市农业农村局", "市扶贫开发办"),
        ),
        Target(
            id="LC-09", clause="（九）", says="2022年前，全市每个村（社区）建设1个以上具有特色的法治文化阵地，配备1名以上“法律明白人”", levels=_V,
            counts=Text("有法治文化阵地、有法律明白人的村（社区）", "villages with a site of legal culture, and with a person versed in law"), of=_BOTH,
            rule=AllOf(parts=(ShareAtLeast(by="legal_sites.villages", at_least=1.0), ShareAtLeast(by="villages.law_person", at_least=1.0))),
            due=by_day(date(2021, 12, 31), "2022年前"), lead=("市司法局",), along=("市委政法委", "市发展改革委", "人民银行聊城市中心支行"),
        ),
        Target(
            id="LC-10", clause="（十一）", says="2020年年底以前，每村（社区）至少设1名信访信息员", levels=_V,
            counts=Text("有信访信息员的村（社区）", "villages with a petition informant"), of=_BOTH,
            rule=ShareAtLeast(by="villages.informant", at_least=1.0), due=_END, lead=_LAW, along=_ALERT,
        ),
        Target(
            id="LC-11", clause="（十一）", says="2020年年底以前，在全部基层法庭设立诉讼引导员", levels=("city", "village"),
            counts=Text("有诉讼引导员的基层法庭", "courts with a guide"), of=Text("全部基层法庭", "all grass-roots courts"),
            rule=ShareAtLeast(by="legal_sites.guided", at_least=1.0), due=_END, lead=_LAW, along=_ALERT,
        ),
        Target(
            id="LC-12", clause="（十三）", says="2020年，全市新时代文明实践中心站所建成率达到90%",
            counts=Text("已建成的中心、所、站", "centres, stations and posts that are built"), of=Text("应建的中心、所、站", "those that are due: one for each county, town and village"),
            rule=ShareAtLeast(by="practice_stations.built", at_least=0.9), due=_2020, lead=("市委宣传部",), along=("市民政局", "市纪委监委机关"),
            note=Text("三级合在一个比率里", "three levels in one ratio"),
        ),
        Target(
            id="LC-13", clause="（十三）", says="2020年，全市80%的村镇达到县级及以上文明村镇标准", levels=("town", "village"),
            counts=Text("获县级以上文明称号的村、镇", "villages and towns with a title of county level or higher"), of=Text("全部村和镇", "all villages and towns"),
            rule=ShareAtLeast(by="titles.civilised", at_least=0.8), due=_2020, lead=("市委宣传部",), along=("市民政局", "市纪委监委机关"),
        ),
        Target(
            id="LC-14", clause="（十四）", says="实施“一村一年一场戏”工程", levels=_V, counts=Text("年内演过一场戏以上的村", "villages with a performance in the year"), of=_VILLAGES,
            rule=PerPeriod(by="villages.plays", times=1, every=Period.YEAR), due=every("每年"), lead=("市委宣传部",),
            along=("市文化和旅游局", "市住房城乡建设局", "市农业农村局"),
        ),
        Target(
            id="LC-15", clause="（十五）", says="2020年，益农信息社基本实现行政村全覆盖", levels=_V,
            counts=Text("有益农信息社的行政村", "villages with a farm information post"), of=Text("全部行政村", "all administrative villages"),
            rule=ShareAtLeast(by="services.info_posts", at_least=1.0), due=_2020, lead=("市民政局",), aspirational=True,
            along=("市委编办", "市财政局", "市妇联", "团市委", "市残联", "市农业农村局", "市扶贫开发办"),
            note=Text("“基本”使数值留有余地，按100%并标为力争", "“basically” leaves the number open; 100 % is taken and marked as striven for"),
        ),
        Target(
            id="LC-16", clause="（十六）", says="2020年，所有村庄达到清洁村庄标准", levels=_V, counts=Text("达到清洁村庄标准的村", "villages that meet the standard of clean villages"),
            of=_VILLAGES, rule=ShareAtLeast(by="villages.clean", at_least=1.0), due=_2020, lead=_HEART, along=_HOME,
        ),
        Target(
            id="LC-17", clause="（十六）", says="10%的农村常住庭院建成“美丽庭院示范户”", levels=_V, counts=Text("美丽庭院示范户", "model courtyards"),
            of=Text("农村常住庭院", "courtyards that are lived in"), only=Text("常住", "lived in all year"),
            rule=ShareAtLeast(by="villages.courtyards", at_least=0.1), due=_2020, lead=_HEART, along=_HOME,
        ),
        Target(
            id="LC-18", clause="（十六）", says="2020年，力争30%的村庄建设成为美丽乡村", levels=_V, counts=Text("建成美丽乡村的村", "villages named beautiful"),
            of=_VILLAGES, rule=ShareAtLeast(by="villages.beautiful", at_least=0.3), due=_2020, lead=_HEART, along=_HOME, aspirational=True,
        ),
        Target(
            id="LC-19", clause="（十六）", says="85%的县（市、区）和市属开发区实施规范升级", levels=("county", "county"),
            counts=Text("户用厕所已规范升级的县区", "counties whose household toilets are upgraded"), of=Text("全部县区和市属开发区", "all counties and development zones"),
            rule=ShareAtLeast(by="counties.toilets", at_least=0.85), due=_YEAR, lead=_HEART, along=_HOME,
        ),
        Target(
            id="LC-20", clause="（十六）", says="95%以上的村庄实现农村生活垃圾无害化处理", levels=_V, counts=Text("生活垃圾无害化处理的村", "villages with harmless treatment of waste"),
            of=_VILLAGES, rule=ShareAtLeast(by="villages.waste", at_least=0.95), due=_YEAR, lead=_HEART, along=_HOME,
        ),
        Target(
            id="LC-21", clause="（十六）", says="30%以上的行政村完成生活污水治理任务", levels=_V, counts=Text("完成生活污水治理的行政村", "villages done with sewage"),
            of=Text("全部行政村", "all administrative villages"), rule=ShareAtLeast(by="villages.sewage", at_least=0.3), due=_YEAR, lead=_HEART, along=_HOME,
        ),
        Target(
            id="LC-22", clause="（十六）", says="2020年，新改建农村公路500公里，改造危桥40座", levels=("city", "county"),
            counts=Text("当年新改建公路公里数；改造危桥座数", "kilometres of road built or rebuilt in the year; bridges rebuilt"), only=Text("当年", "in the year"),
            rule=AllOf(parts=(CountAtLeast(at_least=500), CountAtLeast(at_least=40))), due=_2020, lead=_HEART, along=_HOME,
            needs=Text("道路文件加“改建年份”一列；危桥改造台账（bridges.csv：名称、区划、改造日期）", "roads with their year of building; a file of bridges (name, unit, day of rebuilding)"),
        ),
        Target(
            id="LC-23", clause="（十七）", says="2020 年，全市行政村集体经济收入全部达到 3 万元以上，10 万元以上的村达到 30% 以上", levels=_V,
            counts=Text("集体经济收入3万元以上的村；10万元以上的村", "villages with an income of 30,000 yuan or more; of 100,000 or more"), of=Text("全部行政村", "all administrative villages"),
            rule=AllOf(parts=(ShareAtLeast(by="villages.income_3", at_least=1.0), ShareAtLeast(by="villages.income_10", at_least=0.3))),
            due=_2020, lead=("市农业农村局",), along=("市委组织部", "市文化和旅游局", "市商务投资促进局"),
        ),
        Target(
            id="LC-24", clause="（十七）", says="到 2022 年，集体经济收入 10 万元以上的村达到 50%", levels=_V,
            counts=Text("集体经济收入10万元以上的村", "villages with an income of 100,000 yuan or more"), of=Text("全部行政村", "all administrative villages"),
            rule=ShareAtLeast(by="villages.income_10", at_least=0.5), due=by_end_of(2022, "到2022年"), lead=("市农业农村局",),
            along=("市委组织部", "市文化和旅游局", "市商务投资促进局"),
        ),
        Target(
            id="LC-25", clause="（十八）", says="实现一届市委任期内巡察全覆盖", levels=("town", "town"), counts=Text("任期内已巡察的乡镇（街道）", "towns inspected in the term"),
            of=Text("全部乡镇（街道）", "all towns"), only=Text("一届市委任期", "one term of office"), rule=ShareAtLeast(by="townships.inspected", at_least=1.0),
            due=every("一届市委任期内"), lead=("市纪委监委机关",), along=("市委巡察办", "市农业农村局", "市扶贫开发办", "市公安局"),
        ),
        Target(
            id="LC-26", clause="（十）", says="持续深化“一乡镇一团队一村居一顾问”基层法律服务全覆盖工程", levels=("town", "village"),
            counts=Text("有法律服务团队的乡镇；有法律顾问的村居", "towns with a legal team; villages with an adviser"), of=Text("全部乡镇；全部村居", "all towns; all villages"),
            rule=AllOf(parts=(ShareAtLeast(by="townships.law_team", at_least=1.0), ShareAtLeast(by="villages.adviser", at_least=1.0))),
            lead=("市司法局",), along=("市检察院", "市法院"),
        ),
    ),
)
