"""关于加强公共安全视频监控建设联网应用工作的若干意见 (发改高技〔2015〕996号): the national goals for cameras in working order."""

from datetime import date

from layers._asked import ShareAtLeast
from layers._target import Document, Status, Target, by_end_of
from layers._text import Text

_2020 = by_end_of(2020, "到2020年")

DOCUMENT = Document(
    name="video996", title="关于加强公共安全视频监控建设联网应用工作的若干意见", short=Text("发改高技996号", "NDRC 996 (2015)"), issuer="国家发展改革委等九部门",
    number="发改高技〔2015〕996号", issued=date(2015, 5, 6), status=Status.ISSUED, source="发改高技〔2015〕996号",
    targets=(
        Target(
            id="FG-996-2", clause="主要目标", says="重点公共区域安装的视频监控摄像机完好率达到98%", counts=Text("在用的监控点位", "cameras in use"), of=Text("未拆除的监控点位", "cameras that stand"),
            rule=ShareAtLeast(by="cameras.intact", at_least=0.98), due=_2020,
        ),
        Target(
            id="FG-996-3", clause="主要目标", says="重点行业、领域涉及公共区域的视频监控系统完好率达到95%", counts=Text("在线的监控点位", "cameras online"),
            of=Text("未拆除的监控点位", "cameras that stand"), rule=ShareAtLeast(by="cameras.online", at_least=0.95), due=_2020,
        ),
    ),
)
