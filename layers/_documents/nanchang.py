"""南昌市关于开展市级乡村治理试点示范工作的通知 (洪乡村治办发〔2021〕1号): 4 targets, with the table of pilots per county."""

from datetime import date

from layers._asked import Between, CountAtLeast, Quota, ShareAtLeast
from layers._target import Document, Status, Target, by_day
from layers._text import Text

_BY = "市、县农业农村主管部门"
_OFFICES = ("组织部门", "文明部门", "民政部门", "司法部门")
PILOTS = (
    ("南昌县", 12, "全国乡村治理体系建设试点县"), ("进贤县", 8, ""), ("安义县", 8, ""), ("新建区", 8, ""), ("东湖区", 2, ""), ("青山湖区", 5, ""),
    ("青云谱区", 2, ""), ("西湖区", 2, ""), ("红谷滩区", 2, ""), ("高新区", 2, ""), ("经开区", 2, ""), ("湾里管理局", 5, "全省乡村治理体系建设试点县"),
)
"""附件: 全市乡村治理试点示范村数量情况表 (county, pilot villages, remark); twelve rows, 58 in all."""

DOCUMENT = Document(
    name="nanchang", title="关于开展市级乡村治理试点示范工作的通知", short=Text("南昌市试点示范通知", "Nanchang pilot notice"), issuer="南昌市加强和改进乡村治理工作领导小组办公室",
    number="洪乡村治办发〔2021〕1号", issued=date(2021, 3, 30), status=Status.ISSUED, source="003_c4be2df43df5887a.txt",
    targets=(
        Target(
            id="NC-01", clause="三（三）；附件", says="各试点示范村必须于2022年12月底前全面完成试点示范方案中确定的各项任务", levels=("city", "village"),
            counts=Text("已完成任务的试点示范村", "pilot villages that have finished"), of=Text("各县区名额（全市58个）", "the quota of each county, 58 in all"),
            only=Text("试点村名单", "villages on the list"),
            rule=CountAtLeast(by="pilots.finished", at_least=58, units=True, quotas=tuple(Quota(unit=unit, at_least=n, remark=remark) for unit, n, remark in PILOTS)),
            due=by_day(date(2022, 12, 31), "2022年12月底前"), lead=(_BY,), along=_OFFICES,
        ),
        Target(
            id="NC-02", clause="三（二）", says="各县区乡村振兴示范区要力争安排3个以上的试点示范村", levels=("county", "county"), counts=Text("有3个以上试点村的示范区", "zones with three pilot villages or more"),
            of=Text("全部示范区", "all zones"), rule=CountAtLeast(at_least=3), lead=("市农业农村局",), aspirational=True,
            needs=Text("乡村振兴示范区面文件（zones：名称、边界）", "a file of the demonstration zones (name, boundary)"),
        ),
        Target(
            id="NC-03", clause="三（四）", says="可以从6个方面试点示范内容选择2—3方面内容进行试点示范", levels=("village", "village"),
            counts=Text("选择2至3方面内容的试点村", "pilot villages with two or three themes"), of=Text("全部试点村", "all pilot villages"),
            rule=Between(by="pilots.themes", low=2, high=3), due=by_day(date(2021, 5, 15), "5月15日前"), lead=("市农业农村局",), along=_OFFICES,
        ),
        Target(
            id="NC-04", clause="四（一）", says="于5月15日前将各试点示范村的方案报市农业农村局备案", levels=("county", "county"), counts=Text("按期备案的方案", "plans filed in time"),
            of=Text("全部试点村方案", "plans of all pilot villages"), rule=ShareAtLeast(by="pilots.filed", at_least=1.0), due=by_day(date(2021, 5, 15), "5月15日前"),
            lead=("县区农业农村主管部门",), along=_OFFICES,
        ),
    ),
)
