"""G: the shape of a row by itself: whether it is one, what had to be mended, what a digitiser's hand left behind."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import shapely

from etl.rules._far import FAR_KM, near
from etl.rules._matter import Matter
from etl.rules._rule import Hit, Rule, Severity, hit
from layers import Text

# A repair that changes a shape by more than this share of its area is a guess, and a guess is no repair.
MENDED_SHARE = 0.01
SPIKE_DEGREES, SPIKE_METRES = 1.0, 2.0
MANY_VERTICES = 100_000
LONG_SEGMENT_METRES = 20_000.0
SAME_VERTEX_METRES = 0.001

_SAID_OF_GEOS = {
    "Self-intersection": "自相交",
    "Ring Self-intersection": "环自相交",
    "Hole lies outside shell": "内环在外环之外",
    "Holes are nested": "内环相互嵌套",
    "Nested shells": "外环相互嵌套",
    "Duplicate Rings": "环重复",
    "Interior is disconnected": "内部被隔断",
    "Too few points in geometry component": "顶点过少",
}


def _mended(matter: Matter) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Positions of rows whose shape was repaired, the share of area that this changed, and why it was needed."""
    came = matter.rows.came
    if came is None or not matter.areas:
        return np.empty(0, dtype=np.intp), np.empty(0), np.empty(0, dtype=object)
    rows = np.flatnonzero(matter.there & ~shapely.is_valid(came))
    before, after = shapely.area(came[rows]), shapely.area(matter.shapes[rows])
    why = np.array([*map(_why, shapely.is_valid_reason(came[rows])), None], dtype=object)[:-1]
    return rows, np.abs(after - before) / np.maximum(after, 1e-18), why


def _why(reason: str) -> Text:
    bare = re.sub(r"\[.*\]$", "", reason)
    return Text(_SAID_OF_GEOS.get(bare, bare), bare.lower())


def _repaired(matter: Matter) -> Iterator[Hit]:
    rows, share, why = matter.remembered(_mended)
    small = share <= MENDED_SHARE
    yield hit(rows[small], why=why[small], share=share[small])


def _guessed(matter: Matter) -> Iterator[Hit]:
    rows, share, why = matter.remembered(_mended)
    large = share > MENDED_SHARE
    yield hit(rows[large], why=why[large], share=share[large])


class _Steps:
    """The segments of all shapes of a file, in metres, each with the row it belongs to."""

    def __init__(self, matter: Matter) -> None:
        parts, of = shapely.get_parts(matter.flat, return_index=True)
        if matter.areas:
            parts, ring_of = shapely.get_rings(parts, return_index=True)
            of = of[ring_of]
        xy, part = shapely.get_coordinates(parts, return_index=True)
        inside = part[1:] == part[:-1]
        self.along = np.diff(xy, axis=0)[inside]
        self.metres = np.hypot(*self.along.T)
        self.part, self.row = part[1:][inside], of[part[1:][inside]]


def _steps(matter: Matter) -> _Steps | None:
    return None if matter.points or not len(matter) else matter.remembered(_Steps)


def _repeated(matter: Matter) -> Iterator[Hit]:
    if steps := _steps(matter):
        n = np.bincount(steps.row[steps.metres < SAME_VERTEX_METRES], minlength=len(matter))
        yield hit(n > 0, n=n)


def _spikes(matter: Matter) -> Iterator[Hit]:
    steps = _steps(matter) if matter.areas else None
    if steps is None or len(steps.metres) < 2:
        return
    whole = np.flatnonzero(steps.metres >= SAME_VERTEX_METRES)
    part, along, metres = steps.part[whole], steps.along[whole], steps.metres[whole]
    first = np.flatnonzero(np.diff(part, prepend=-1))
    after = np.arange(1, len(part) + 1)
    after[np.append(first[1:], len(part)) - 1] = first  # a ring's last segment is followed by its first
    turn = -(along * along[after]).sum(axis=1) / (metres * metres[after])
    sharp = (turn > np.cos(np.radians(SPIKE_DEGREES))) & (np.minimum(metres, metres[after]) > SPIKE_METRES)
    n = np.bincount(steps.row[whole][sharp], minlength=len(matter))
    yield hit(n > 0, n=n)


def _leaps(matter: Matter) -> Iterator[Hit]:
    if steps := _steps(matter):
        longest = np.zeros(len(matter))
        np.maximum.at(longest, steps.row, steps.metres)
        yield hit(longest > LONG_SEGMENT_METRES, km=longest / 1000)


def _heavy(matter: Matter) -> Iterator[Hit]:
    n = shapely.get_num_coordinates(matter.shapes)
    yield hit(n > MANY_VERTICES, n=n)


def _stray(matter: Matter) -> Iterator[Hit]:
    """A vertex far outside although the middle of the row is at home."""
    limits = matter.ground.bounds
    if matter.points or not len(limits):
        return
    west, south, east, north = matter.bounds.T
    corners = near(west, south, limits) & near(east, north, limits)
    yield hit(matter.there & ~corners & near(*matter.middle, limits), km=FAR_KM)


def _boxes(matter: Matter) -> Iterator[Hit]:
    """Units drawn as a rectangle along the axes."""
    if matter.areas and matter.theme.rung:
        box = shapely.box(*np.nan_to_num(matter.bounds).T)
        yield hit(matter.there & (shapely.get_num_coordinates(matter.shapes) == 5) & shapely.equals(matter.shapes, box))


RULES = (
    Rule(
        id="G01", name="broken_row", severity=Severity.ERROR, found_by="etl.read",
        asks=Text("每一行都能读出", "Every row can be read"),
        why=Text("损坏的行无法显示，也不应拖累整份文件", "A broken row cannot be shown, and must not take the file with it"),
        remedy=Text("在原软件中重画该图形后重新导出", "Draw the shape again in its own program and export it"),
        example="POLYGON ((0 0, 1 0, 1 1))  -- 环未闭合",
    ),
    Rule(
        id="G02", name="no_geometry", severity=Severity.ERROR, found_by="etl.clean",
        asks=Text("每一行都有几何图形", "Every row has a geometry"),
        why=Text("没有位置的行画不出，也无法归入单位", "A row without a place cannot be drawn nor counted for a unit"),
        remedy=Text("补上经纬度或图形", "Give its longitude and latitude, or draw it"),
        example="POINT EMPTY",
    ),
    Rule(
        id="G03", name="not_on_earth", severity=Severity.ERROR, found_by="etl.clean",
        asks=Text("坐标是有限的经纬度", "Coordinates are finite longitudes and latitudes"),
        why=Text("该位置不在地球上", "The place is not on earth"),
        remedy=Text("检查坐标系与小数点", "Check the coordinate system and the decimal point"),
        example="POINT (500 30)",
    ),
    Rule(
        id="G04", name="other_geometry", severity=Severity.ERROR, found_by="etl.clean",
        asks=Text("图形类型与专题一致（点、线、面）", "The shape is of the theme's kind: point, line or area"),
        why=Text("面专题中的点没有面积，点专题中的面没有确定位置", "A point has no area, an area is no one place"),
        remedy=Text("改用正确的图层，或重新绘制", "Send the right layer, or draw it again"),
        example="LINESTRING (0 0, 1 1) 出现在点图层",
    ),
    Rule(
        id="G05", name="repaired", severity=Severity.WARNING, check=_repaired,
        asks=Text("面图形有效（不自相交、内环在外环内）", "Areas are valid: no crossing of themselves, holes inside shells"),
        why=Text("修复后面积变化很小，但原图应改正", "The repair hardly changed its area, yet the source should be mended"),
        remedy=Text("在原软件中运行拓扑检查并改正", "Run the topology check of the source program"),
        example="边界上一处极小的自相交",
        reason=Text("图形{why}，已自动修复，面积变化{share:.2%}", "its shape was repaired ({why}); its area changed by {share:.2%}"),
    ),
    Rule(
        id="G06", name="repair_guessed", severity=Severity.ERROR, check=_guessed,
        asks=Text("修复图形不改变其面积（1%以内）", "Mending a shape changes its area by 1 % at most"),
        why=Text("自动修复等于猜测边界在哪里", "The repair would guess where the border is"),
        remedy=Text("按实际边界重画该面", "Draw the area again along its real border"),
        example="POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))  -- 蝴蝶结",
        reason=Text("图形{why}，自动修复会使面积变化{share:.1%}", "its shape cannot be repaired safely ({why}): its area would change by {share:.1%}"),
    ),
    Rule(
        id="G07", name="repeated_vertex", severity=Severity.WARNING, check=_repeated,
        asks=Text("相邻顶点不重合", "Neighbouring vertices differ"),
        why=Text("重复顶点使切分、简化与求并出错", "Repeated vertices upset splitting, simplifying and union"),
        remedy=Text("用“删除重复节点”工具清理", "Clean with a tool that removes duplicate vertices"),
        example="LINESTRING (0 0, 1 1, 1 1, 2 2)",
        reason=Text("有{n}处相邻顶点重合", "{n} of its vertices repeat the one before"),
    ),
    Rule(
        id="G08", name="spike", severity=Severity.WARNING, check=_spikes,
        asks=Text("边界没有尖刺（夹角小于1°）", "Borders have no spikes (angles below 1°)"),
        why=Text("尖刺是数字化失误，面积与边界因此不实", "Spikes are slips of digitising and falsify area and border"),
        remedy=Text("删去尖刺顶点", "Remove the vertex at the tip"),
        example="一个顶点被拖出边界百米又折回",
        reason=Text("边界有{n}处尖刺", "its border has {n} spikes"),
    ),
    Rule(
        id="G09", name="leap", severity=Severity.WARNING, check=_leaps,
        asks=Text("相邻顶点相距不超过20公里", "Neighbouring vertices are at most 20 km apart"),
        why=Text("过长的直边多为缺点或错点", "So long a straight edge lacks vertices, or has a wrong one"),
        remedy=Text("检查该边两端的顶点", "Check the vertices at both ends"),
        example="一条边长达120公里",
        reason=Text("有一条直边长{km:.1f}公里", "one straight edge is {km:.1f} km long"),
    ),
    Rule(
        id="G10", name="heavy", severity=Severity.WARNING, check=_heavy,
        asks=Text("单个图形不超过10万个顶点", "A shape has at most 100,000 vertices"),
        why=Text("过密的顶点拖慢地图而不增加精度", "So many vertices slow the map and add no precision"),
        remedy=Text("按0.5米容差抽稀", "Simplify with a tolerance of half a metre"),
        example="由栅格直接转换的边界",
        reason=Text("有{n}个顶点", "it has {n:,} vertices"),
    ),
    Rule(
        id="G11", name="stray_vertex", severity=Severity.ERROR, check=_stray,
        asks=Text("图形的任何部分都不超出辖区50公里", "No part of a shape lies more than 50 km outside the ladder"),
        why=Text("一个错点会使整图缩小、面积失真", "One wrong vertex shrinks the map and falsifies the area"),
        remedy=Text("找到并改正偏离的顶点", "Find the vertex that strays and mend it"),
        example="多边形有一个顶点在 (0, 0)",
        reason=Text("图形有一部分在辖区{km:g}公里以外", "part of its shape lies more than {km:g} km outside the ladder"),
    ),
    Rule(
        id="G12", name="boxed", severity=Severity.WARNING, check=_boxes,
        asks=Text("单位边界不是横平竖直的矩形", "The border of a unit is no upright rectangle"),
        why=Text("矩形多为占位，不是真实边界", "A rectangle along the axes stands in for a border that is missing"),
        remedy=Text("换成勘定的边界", "Send the surveyed border"),
        example="用外接矩形代替的村界",
        reason=Text("边界是横平竖直的矩形，应为占位图形", "its border is an upright rectangle, which stands in for a real one"),
    ),
)  # fmt: skip
