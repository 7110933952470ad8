"""乡村治理体系建设试点方案 of a township in 长子 (002, 篇四; a web copy whose years are masked): 4 targets."""

from layers._asked import AllOf, Between, ShareAtLeast
from layers._target import Document, Status, Target, every, masked
from layers._text import Text

_VILLAGES = Text("全乡行政村", "villages of the township")

DOCUMENT = Document(
    name="changzi", title="开展乡村治理体系建设试点工作方案（篇四，长子某乡）", short=Text("长子某乡试点方案", "Changzi township pilot plan"), issuer="长子县某乡",
    status=Status.COPY, source="002_81b58c43de688ce1.txt",
    targets=(
        Target(
            id="CZ-01", clause="第9条", says="20xx年底前村对接完成率达到95%以上", levels=("town", "village"), counts=Text("视频已接入综治视联网的村", "villages whose video is linked to the public-security network"),
            of=_VILLAGES, rule=ShareAtLeast(by="villages.video", at_least=0.95), due=masked(12, 31, "20xx年底前"), lead=("乡综治办",),
        ),
        Target(
            id="CZ-02", clause="第11条", says="每300-400人配备1名保洁员,每村配备垃圾收运员1-2名", levels=("village", "village"),
            counts=Text("每名保洁员服务300至400人的村；有1至2名收运员的村", "villages of 300 to 400 people a cleaner; of one or two collectors"), of=_VILLAGES,
            rule=AllOf(parts=(Between(by="villages.cleaners", low=300, high=400), Between(by="villages.collectors", low=1, high=2))),
            due=every("长期"), lead=("乡环卫中心",),
        ),
        Target(
            id="CZ-03", clause="第5条", says="培养5-8名“法律明白人”", levels=("village", "village"), counts=Text("有5至8名法律明白人的村", "villages with five to eight persons versed in law"),
            of=_VILLAGES, rule=Between(by="villages.law_five_eight", low=5, high=8), lead=("综治办",), along=("乡司法所",),
            note=Text("未写明以村还是以乡计，按村计", "by village or by township is not said; by village is taken"),
        ),
        Target(
            id="CZ-04", clause="第11条", says="所有行政村都成立环境卫生管理工作站", levels=("village", "village"), counts=Text("有环境卫生管理工作站的村", "villages with a sanitation post"),
            of=_VILLAGES, rule=ShareAtLeast(by="services.sanitation", at_least=1.0), lead=("乡环卫中心",),
        ),
    ),
)
