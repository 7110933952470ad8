"""Standards that write an archive's fields with the same figures and mean other things."""

from __future__ import annotations

from layers._rules import Vintage
from layers._text import Text

_THINGS = {
    "1": Text("人脸抓拍", "Faces"),
    "2": Text("人员抓拍", "People"),
    "3": Text("机动车抓拍", "Motor vehicles"),
    "4": Text("非机动车抓拍", "Other vehicles"),
    "5": Text("物品抓拍", "Things"),
}

# 一机一档 reads 5 as 卡口枪机 and has neither 6 nor 7.
PTZ_TYPE = Vintage(
    standard="GB/T 28181-2022",
    headers=("PTZType",),
    meanings={
        "5": Text("遥控半球", "Remote half dome"),
        "6": Text("全景或拼接通道", "Panoramic or stitched channel"),
        "7": Text("分割通道", "Split channel"),
    },
)

FUNCTION_TYPE = Vintage(
    standard="GB/T 28181-2022",
    headers=("FunctionType",),
    meanings=_THINGS | {f"0{value}": title for value, title in _THINGS.items()},
)

# The archive's 联网属性 is 0 for networked; whoever asks 是否联网 writes 1 for it.
ASKED_NETWORKED = Vintage(
    standard="是否联网（1是0否）",
    headers=("是否联网",),
    meanings={"0": Text("未联网", "Not networked"), "1": Text("已联网", "Networked")},
)
