"""Norms: how large a grid ought to be and who staffs it, as documents of several places say it; data, not law."""

from __future__ import annotations

from dataclasses import dataclass

from layers._text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """What one document asks of grids.

    Parameters
    ----------
    id : str
        In the catalogue of norms ("N-04").
    clause : str
        Document and clause.
    quote : str
        Its words.
    level : str
        Whose rows are judged: "grid", "microgrid", or "village" for what a village has.
    of : str
        What is judged: "households", "area_km2", "grids" (of a village), "staff".
    low, high : float, optional
        The range; both ends are within it.
    general : bool
        Asked of general grids only, not of special ones (专属网格).
    """

    id: str
    clause: str
    quote: str
    level: str
    of: str
    low: float | None = None
    high: float | None = None
    general: bool = True

    @property
    def title(self) -> Text:
        """The norm in a few words."""
        zh, en = _NAMES[self.of]
        ends = f"{self.low:g}–{self.high:g}" if self.low is not None and self.high is not None else (
            f"≥{self.low:g}" if self.low is not None else f"≤{self.high:g}")  # fmt: skip
        return Text(f"{zh} {ends}", f"{en} {ends}")

    def holds(self, value: float) -> bool:
        """Whether a number is within the range."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


_NAMES = {
    "households": ("户数", "households"),
    "area_km2": ("面积(km²)", "area (km²)"),
    "grids": ("每村网格数", "grids a village"),
    "staff": ("网格员数", "staff"),
}

NORMS = {
    each.id: each
    for each in (
        Norm(id="N-01", clause="004 北辰 三", quote="每个警务网格配置1名民警和3名专职网格员", level="grid", of="staff", low=3),
        Norm(id="N-02a", clause="004 崇明 一", quote="覆盖面积为1千米2左右的原则", level="grid", of="area_km2", low=0.5, high=1.5),
        Norm(id="N-02b", clause="004 崇明 一", quote="将每个村划分为3~5个党建“微网格”", level="village", of="grids", low=3, high=5),
        Norm(id="N-04", clause="004 温岭 一", quote="形成涵盖70~100户的网格", level="grid", of="households", low=70, high=100),
        Norm(id="N-06", clause="004 温岭 一", quote="每个团队5~9人", level="grid", of="staff", low=5, high=9),
        Norm(id="N-10a", clause="004 荣成 三", quote="977个300户的基础网格", level="grid", of="households", low=200, high=400),
        Norm(id="N-10b", clause="004 荣成 三", quote="细化为1.2万个15户的“细胞格”", level="microgrid", of="households", low=10, high=20),
        # Thresholds of our own where no document of the place has any: between the smallest and the largest of the norms.
        Norm(id="X-01", clause="本系统默认", quote="网格户数在30—500户之间", level="grid", of="households", low=30, high=500),
        Norm(id="X-02", clause="本系统默认", quote="每个网格至少有1名网格员", level="grid", of="staff", low=1),
    )
}
"""Norms by id; "about 1 km²" is read as half to one and a half, "300 households" as a third more or less."""
