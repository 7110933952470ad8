"""Groups of the legend: what a reader looks for together."""

from __future__ import annotations

from enum import Enum

from layers._text import Text


class Group(Enum):
    """A heading of the tree, in its order."""

    GROUND = Text("区划与网格", "Units and grids")
    SIGHT = Text("视频监控", "Cameras and what they watch")
    SERVICE = Text("文化与服务阵地", "Culture and services")
    NETWORK = Text("广播与通信", "Broadcast and networks")
    AFFAIRS = Text("空间与事件", "Spaces and events")
    REPORT = Text("上报台账", "Reports and registers")
    OTHER = Text("其他专题", "Other themes")

    @property
    def title(self) -> Text:
        """What the tree calls it."""
        return self.value
