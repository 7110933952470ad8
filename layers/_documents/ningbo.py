"""宁波市加强和改进乡村治理三年行动计划（2020—2022年），征求意见稿: 24 targets, with their task table."""

from layers._asked import AllOf, CountAtLeast, ShareAtLeast
from layers._target import Document, Status, Target, by_end_of
from layers._text import Text

_2020, _2021, _2022 = by_end_of(2020), by_end_of(2021), by_end_of(2022)
_PARTY = ("市委政法委", "市农办", "市公安局", "市司法局", "市民政局", "市农业农村局")
_LAW = ("市委政法委", "市民政局", "市综合执法局")
_SAFE = ("市公安局", "市司法局")
_SPIRIT = ("市教育局", "市民政局", "团市委")
_CULTURE = ("市文广旅游局",)
_SERVICE = ("市教育局", "市民政局", "市人力社保局", "市农业农村局", "市文广旅游局", "市卫生健康委", "市大数据局")
_VILLAGES = Text("全部行政村", "all administrative villages")

DOCUMENT = Document(
    name="ningbo", title="宁波市加强和改进乡村治理三年行动计划（2020—2022年）（征求意见稿）", short=Text("宁波市三年行动计划", "Ningbo three-year plan"),
    issuer="宁波市", status=Status.DRAFT, source="000_edb77361537fba82.txt",
    targets=(
        Target(
            id="NB-01", clause="第10条；任务表3-2", says="至2021年全市农村公共出入口视频监控覆盖率、联网率均达100%",
            counts=Text("至少被一路监控看到的公共出入口", "public entrances that at least one camera sees"),
            of=Text("全部农村公共出入口", "all rural public entrances"), only=Text("农村；“公共”出入口", "rural; “public” entrances"),
            rule=ShareAtLeast(by="entrances.seen", at_least=1.0), due=_2021, lead=("市委政法委",), along=_SAFE,
            note=Text("“公共出入口”与“覆盖”均未定义；按落在监控可视扇形内计", "neither “public entrance” nor “covered” is defined; counted when inside a camera's sight"),
        ),
        Target(
            id="NB-02", clause="第10条；任务表3-2", says="至2021年全市农村公共出入口视频监控覆盖率、联网率均达100%",
            counts=Text("被联网监控看到的公共出入口", "public entrances that a networked camera sees"),
            of=Text("全部农村公共出入口", "all rural public entrances"), only=Text("服务于出入口的监控", "cameras that serve an entrance"),
            rule=ShareAtLeast(by="entrances.seen_networked", at_least=1.0), due=_2021, lead=("市委政法委",), along=_SAFE,
            note=Text("也可读作监控联网率（cameras.networked），两种读法都列出", "may also be read as the share of cameras networked (cameras.networked); both are shown"),
        ),
        Target(
            id="NB-03", clause="第10条；任务表3-2", says="至2022年全科网格达标率95%以上", levels=("city", "grid"),
            counts=Text("达到标准的全科网格", "general grids that meet the standard"), of=Text("全部全科网格", "all general grids"),
            rule=ShareAtLeast(by="grids.sized", at_least=0.95), due=_2022, lead=("市委政法委",), along=_SAFE,
            note=Text("标准不在文内，由可开关的规则给出", "the standard is not in the document; a set of switchable tests stands for it"),
        ),
        Target(
            id="NB-04", clause="第10条（任务表缺）", says="实现“一村一辅警”全覆盖", levels=("county", "village"),
            counts=Text("有一名以上辅警的行政村", "villages with at least one auxiliary officer"), of=_VILLAGES,
            rule=ShareAtLeast(by="police_points.aided", at_least=1.0), due=_2022, lead=("市委政法委",), along=_SAFE,
        ),
        Target(
            id="NB-05", clause="第10条；任务表3-2", says="无案村和降发案村比例达80%以上", levels=("county", "village"),
            counts=Text("无案或发案少于上年的行政村", "villages without cases, or with fewer than the year before"), of=_VILLAGES,
            rule=ShareAtLeast(by="villages.calm", at_least=0.8), due=_2022, lead=("市委政法委",), along=_SAFE,
            note=Text("“降”的基期未写明，按上年同期", "the base of “fewer” is not named; the same months of the year before are taken"),
        ),
        Target(
            id="NB-06", clause="第18条；任务表4", says="至2022年实现500人以上行政村文化礼堂全覆盖",
            counts=Text("村界内有一座以上开放礼堂的村", "such villages with at least one open hall"), of=Text("500人以上的行政村", "villages of 500 people or more"),
            only=Text("人口 ≥ 500", "population ≥ 500"), rule=ShareAtLeast(by="halls.villages", at_least=1.0), due=_2022,
            lead=("市委宣传部",), along=_CULTURE,
            note=Text("未写明户籍或常住人口，也未写明两村合用一座礼堂", "registered or resident people is not said, nor what of a hall that serves two villages"),
        ),
        Target(
            id="NB-07", clause="第2条；任务表1-2", says="至2022年力争实现村级党群服务中心全覆盖",
            counts=Text("有党群服务中心的行政村", "villages with a party-and-people service centre"), of=_VILLAGES,
            rule=ShareAtLeast(by="services.party_centres", at_least=1.0), due=_2022, lead=("市委组织部",), along=_PARTY, aspirational=True,
        ),
        Target(
            id="NB-08", clause="第3条；任务表1-3", says="至2022年实现1000人以上村至少有1名大学生进村级班子",
            counts=Text("班子中有大学生的村", "such villages with a graduate in their leading group"), of=Text("1000人以上的村", "villages of 1,000 people or more"),
            only=Text("人口 ≥ 1000", "population ≥ 1,000"), rule=ShareAtLeast(by="villages.graduates", at_least=1.0), due=_2022,
            lead=("市委组织部",), along=_PARTY,
        ),
        Target(
            id="NB-09", clause="第3条；任务表1-3", says="确保每个村都有2名村主职干部后备人才", levels=("village", "village"),
            counts=Text("有2名以上后备人才的村", "villages with two reserve cadres or more"), of=_VILLAGES,
            rule=ShareAtLeast(by="villages.reserves", at_least=1.0), due=_2022, lead=("市委组织部",), along=_PARTY,
        ),
        Target(
            id="NB-10", clause="第3条；任务表1-3", says="每个村级班子成员中至少有1名40岁以下人员", levels=("village", "village"),
            counts=Text("班子中有40岁以下成员的村", "villages with a member under 40"), of=_VILLAGES,
            rule=ShareAtLeast(by="villages.young_cadres", at_least=1.0), due=_2022, lead=("市委组织部",), along=_PARTY,
        ),
        Target(
            id="NB-11", clause="任务表1-4（第4条无期限）", says="至2020年每个村至少有1名35岁以下党员", levels=("village", "village"),
            counts=Text("有35岁以下党员的村", "villages with a party member under 35"), of=_VILLAGES,
            rule=ShareAtLeast(by="villages.young_members", at_least=1.0), due=_2020, lead=("市委组织部",), along=_PARTY,
        ),
        Target(
            id="NB-12", clause="任务表2-1", says="至2022年实现村规民约全覆盖", levels=("village", "village"),
            counts=Text("村规民约已备案的村", "villages with a filed covenant"), of=_VILLAGES,
            rule=ShareAtLeast(by="villages.covenant", at_least=1.0), due=_2022, lead=("市民政局",),
            along=("市委组织部", "市委政法委", "市司法局", "市农业农村局"),
        ),
        Target(
            id="NB-13", clause="第9条；任务表3-1", says="至2022年省、市级民主法治示范村达到300个和1000个以上", levels=("city", "county"),
            counts=Text("省级、市级民主法治示范村个数", "provincial and municipal model villages of democracy and law"),
            rule=AllOf(parts=(CountAtLeast(by="titles.law_province", at_least=300), CountAtLeast(by="titles.law_city", at_least=1000))),
            due=_2022, lead=("市司法局",), along=_LAW,
            note=Text("全市总数，未分到县；县以下只报数，不判定", "a number of the whole city that is not shared out; below it is counted and not judged"),
        ),
        Target(
            id="NB-14", clause="第9条；任务表3-1", says="至2022年80%村至少有一个法治文化宣传阵地",
            counts=Text("有法治文化宣传阵地的村", "villages with a site of legal culture"), of=_VILLAGES,
            rule=ShareAtLeast(by="legal_sites.villages", at_least=0.8), due=_2022, lead=("市司法局",), along=_LAW,
        ),
        Target(
            id="NB-15", clause="第9条；任务表3-1", says="每个村有一个以上法律明白人", levels=("village", "village"),
            counts=Text("有法律明白人的村", "villages with a person versed in law"), of=_VILLAGES,
            rule=ShareAtLeast(by="villages.law_person", at_least=1.0), due=_2022, lead=("市司法局",), along=_LAW,
        ),
        Target(
            id="NB-16", clause="第15条", says="至2020年区县（市）新时代文明实践中心、乡镇（街道）实践所实现全覆盖", levels=("county", "town"),
            counts=Text("有实践中心的区县；有实践所的乡镇", "counties with a centre; towns with a station"),
            of=Text("全部区县；全部乡镇", "all counties; all towns"), only=Text("区县与乡镇分别计算", "counties and towns each by themselves"),
            rule=AllOf(parts=(ShareAtLeast(by="practice_stations.counties", at_least=1.0), ShareAtLeast(by="practice_stations.towns", at_least=1.0))),
            due=_2020, lead=("市委宣传部",), along=_SPIRIT,
            note=Text("任务表把中心、所、站一并写为2022年", "the task table gives 2022 for centres and stations alike"),
        ),
        Target(
            id="NB-17", clause="第15条；任务表4-1", says="至2022年村（社区）实践站实现全覆盖", levels=("village", "village"),
            counts=Text("有实践站的村（社区）", "villages and communities with a practice post"), of=Text("全部村和社区", "all villages and communities"),
            rule=ShareAtLeast(by="practice_stations.villages", at_least=1.0), due=_2022, lead=("市委宣传部",), along=_SPIRIT,
        ),
        Target(
            id="NB-18", clause="第17条；任务表4", says="至2022年县级以上文明村镇达到85%以上",
            counts=Text("获县级以上文明称号的村、镇", "villages and towns with a title of county level or higher"), of=Text("全部村和镇", "all villages and towns"),
            rule=ShareAtLeast(by="titles.civilised", at_least=0.85), due=_2022, lead=("市委宣传部",),
            along=("市委统战部", "市民政局", "团市委", "市妇联"), note=Text("村与镇合在一个比率里", "villages and towns in one ratio"),
        ),
        Target(
            id="NB-19", clause="第18条；任务表4", says="至2022年建成非遗小镇7个、农村非遗体验基地10个、民俗文化村8个", levels=("city", "city"),
            counts=Text("非遗小镇、体验基地、民俗文化村个数", "heritage towns, experience bases and folk villages"),
            rule=AllOf(parts=(
                CountAtLeast(by="titles.heritage_towns", at_least=7), CountAtLeast(by="titles.heritage_bases", at_least=10),
                CountAtLeast(by="titles.folk_villages", at_least=8),
            )),
            due=_2022, lead=("市委宣传部",), along=_CULTURE,
        ),
        Target(
            id="NB-20", clause="第18条；任务表4", says="至2022年建成景区村庄1000个、省级乡村旅游产业集聚区1个、市级乡村全域旅游示范区20个",
            levels=("city", "city"), counts=Text("景区村庄、产业集聚区、旅游示范区个数", "scenic villages, tourism clusters and tourism zones"),
            rule=AllOf(parts=(
                CountAtLeast(by="titles.scenic", at_least=1000), CountAtLeast(by="titles.tourism_clusters", at_least=1),
                CountAtLeast(by="titles.tourism_zones", at_least=20),
            )),
            due=_2022, lead=("市委宣传部",), along=_CULTURE,
        ),
        Target(
            id="NB-21", clause="第21条；任务表5-3", says="实现村级事项办理100%“最多跑一次”", levels=("village", "village"),
            counts=Text("最多跑一次即办结的村级事项", "village matters done in one visit at most"), of=Text("全部村级办理事项", "all village matters"),
            rule=ShareAtLeast(by="villages.one_visit", at_least=1.0), due=_2022, lead=("市政务办",), along=_SERVICE,
        ),
        Target(
            id="NB-22", clause="任务表5-3（正文缺）", says="满意度达到98%以上", counts=Text("满意的答复", "satisfied answers"), of=Text("全部答复", "all answers"),
            rule=ShareAtLeast(by="villages.satisfied", at_least=0.98), due=_2022, lead=("市政务办",), along=_SERVICE,
        ),
        Target(
            id="NB-23", clause="第23条；任务表5-5", says="至2022年全市建成省级善治示范村1000家", levels=("city", "county"),
            counts=Text("省级善治示范村个数", "provincial model villages of good rule"),
            rule=CountAtLeast(by="titles.good_rule", at_least=1000), due=_2022, lead=("市农办",),
            along=("市委组织部", "市委宣传部", "市委政法委", "市信访局", "市司法局", "市民政局", "市农业农村局"),
        ),
        Target(
            id="NB-24", clause="第11条；任务表3-3", says="县级中心全面完成规范化建设", levels=("county", "county"),
            counts=Text("矛调中心已规范化的区县", "counties whose mediation centre meets the standard"), of=Text("全部区县", "all counties"),
            rule=ShareAtLeast(by="counties.mediation", at_least=1.0), due=_2022, lead=("市委政法委",),
            along=("市信访局", "市公安局", "市检察院", "宁波中级人民法院", "市司法局"), note=Text("规范化的标准未写明", "the standard is not given"),
        ),
    ),
)
