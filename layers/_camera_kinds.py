"""What kinds of cameras there are: enumerations of the archive, as the police template and GB/T 28181 number them."""

from layers._field import Choice
from layers._text import Text

TIERS = (
    Choice("first", Text("一类视频监控点", "Tier 1"), ("1", "一类", "一类点")),
    Choice("second", Text("二类视频监控点", "Tier 2"), ("2", "二类", "二类点")),
    Choice("third", Text("三类视频监控点", "Tier 3"), ("3", "三类", "三类点")),
    Choice("police", Text("公安内部视频监控点", "Police internal"), ("4", "公安内部")),
    Choice("other", Text("其他点位", "Other"), ("9", "其他")),
)

SHAPES = (
    Choice("dome", Text("球机", "PTZ dome"), ("1", "球型摄像机")),
    Choice("half_dome", Text("半球", "Half dome"), ("2", "半球机")),
    Choice("fixed", Text("固定枪机", "Fixed bullet"), ("3", "枪机")),
    Choice("remote", Text("遥控枪机", "Remote bullet"), ("4",)),
    Choice("checkpoint", Text("卡口枪机", "Checkpoint"), ("5", "卡口")),
    Choice("unknown", Text("未知", "Unknown"), ("99", "其他")),
)

FUNCTIONS = (
    Choice("vehicle", Text("车辆卡口", "Vehicle checkpoint"), ("1",)),
    Choice("people", Text("人员卡口", "People checkpoint"), ("2",)),
    Choice("micro", Text("微卡口", "Micro checkpoint"), ("3",)),
    Choice("feature", Text("特征摄像机", "Feature camera"), ("4",)),
    Choice("plain", Text("普通监控", "Plain"), ("5",)),
    Choice("tower", Text("高空瞭望", "Lookout"), ("6", "高空瞭望摄像机")),
    Choice("other", Text("其他", "Other"), ("99",)),
)

DEFINITIONS = (
    Choice("hd", Text("高清", "HD"), ("1", "1080P", "720P", "2K", "4K", "200万", "400万", "800万", "是")),
    Choice("sd", Text("标清", "SD"), ("0", "D1", "否")),
)
