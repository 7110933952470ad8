"""G, continued: how large, how thin, in how many pieces and how precise a shape is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from etl.rules._matter import Matter
from etl.rules._rule import Hit, Rule, Severity, hit
from layers import Text

TINY_M2 = 1.0
THIN_METRES = 0.5
SHORT_METRES = 1.0
# Three decimals of a degree are 100 m on the ground: nobody who stood there writes so few.
COARSE_DECIMALS = 3


def _tiny(matter: Matter) -> Iterator[Hit]:
    if matter.areas:
        area = shapely.area(matter.flat)
        yield hit(area < TINY_M2, area=area)


def _thin(matter: Matter) -> Iterator[Hit]:
    """Mean width of an area: twice its area by its border."""
    if matter.areas:
        area, border = shapely.area(matter.flat), shapely.length(matter.flat)
        width = 2 * area / np.maximum(border, 1e-9)
        yield hit((area >= TINY_M2) & (width < THIN_METRES), width=width)


def _parts(matter: Matter) -> tuple[np.ndarray, np.ndarray]:
    return shapely.get_parts(matter.flat, return_index=True)


def _crumbs(matter: Matter) -> Iterator[Hit]:
    if matter.areas:
        parts, of = _parts(matter)
        n = np.bincount(of[shapely.area(parts) < TINY_M2], minlength=len(matter))
        yield hit((n > 0) & (shapely.get_num_geometries(matter.flat) > 1), n=n)


def _pinholes(matter: Matter) -> Iterator[Hit]:
    if matter.areas:
        parts, of = _parts(matter)
        rings, ring_of = shapely.get_rings(parts, return_index=True)
        inner = np.diff(ring_of, prepend=-1) == 0
        small = inner & (shapely.area(shapely.polygons(rings)) < TINY_M2) if len(rings) else inner
        n = np.bincount(of[ring_of[small]], minlength=len(matter))
        yield hit(n > 0, n=n)


def _scattered(matter: Matter) -> Iterator[Hit]:
    if matter.areas and matter.theme.rung:
        parts, of = _parts(matter)
        n = np.bincount(of[shapely.area(parts) >= TINY_M2], minlength=len(matter))
        yield hit(n > 1, n=n)


def _short(matter: Matter) -> Iterator[Hit]:
    if matter.lines:
        metres = shapely.length(matter.flat)
        yield hit(matter.there & (metres < SHORT_METRES), metres=metres)


def _crossed(matter: Matter) -> Iterator[Hit]:
    if matter.lines:
        parts, of = _parts(matter)
        n = np.bincount(of[~shapely.is_simple(parts)], minlength=len(matter))
        yield hit(n > 0)


def _in_pieces(matter: Matter) -> Iterator[Hit]:
    """Lines whose parts do not touch."""
    if not matter.lines:
        return
    rows = np.flatnonzero(shapely.get_num_geometries(matter.flat) > 1)
    touching = shapely.union_all(matter.flat[rows][:, None], axis=1) if len(rows) else matter.flat[rows]
    grown = shapely.buffer(touching, SHORT_METRES / 2, quad_segs=1)
    pieces = shapely.get_num_geometries(grown)
    yield hit(rows[pieces > 1], n=pieces[pieces > 1])


def _coarse(matter: Matter) -> Iterator[Hit]:
    if matter.points:
        x, y = matter.middle
        scaled = np.abs(np.column_stack([x, y])) * 10**COARSE_DECIMALS
        round_ = (np.abs(scaled - np.round(scaled)) < 1e-6).all(axis=1)
        yield hit(matter.there & round_ & ((x != 0) | (y != 0)), x=x, y=y)


RULES = (
    Rule(
        id="G13", name="tiny", severity=Severity.WARNING, check=_tiny,
        asks=Text("面不小于1平方米", "An area measures at least 1 m²"),
        why=Text("这样小的面是绘制残渣", "So small an area is left over from drawing"),
        remedy=Text("删去，或改用正确的图形", "Delete it, or send the right shape"),
        example="0.2平方米的地块",
        reason=Text("面积只有{area:.2f}平方米", "its area is only {area:.2f} m²"),
    ),
    Rule(
        id="G14", name="sliver", severity=Severity.WARNING, check=_thin,
        asks=Text("面的平均宽度不小于0.5米", "An area is at least half a metre wide on average"),
        why=Text("狭长面多为边界未对齐留下的碎条", "Slivers are what is left where two borders do not agree"),
        remedy=Text("并入相邻的面", "Merge it into its neighbour"),
        example="200米长、10厘米宽的地块",
        reason=Text("平均宽度只有{width:.2f}米", "it is only {width:.2f} m wide on average"),
    ),
    Rule(
        id="G15", name="crumb", severity=Severity.WARNING, check=_crumbs,
        asks=Text("多部件面不含小于1平方米的部件", "No part of an area is smaller than 1 m²"),
        why=Text("碎块使单位看似不连续", "Crumbs make a unit look scattered"),
        remedy=Text("删去碎块", "Delete the crumbs"),
        example="村界外另有0.3平方米的碎块",
        reason=Text("含{n}个小于1平方米的碎块", "{n} of its parts are smaller than 1 m²"),
    ),
    Rule(
        id="G16", name="pinhole", severity=Severity.WARNING, check=_pinholes,
        asks=Text("面内没有小于1平方米的洞", "No hole of an area is smaller than 1 m²"),
        why=Text("小洞是求并时留下的缝隙", "Pinholes are gaps that a union left"),
        remedy=Text("填补小洞", "Fill the holes"),
        example="村界内0.4平方米的洞",
        reason=Text("含{n}个小于1平方米的洞", "{n} of its holes are smaller than 1 m²"),
    ),
    Rule(
        id="G17", name="scattered", severity=Severity.WARNING, check=_scattered,
        asks=Text("单位的边界连成一片", "A unit is in one piece"),
        why=Text("飞地确有其事，但多为误选或漏并", "Exclaves exist, but most are slips of selection"),
        remedy=Text("确认飞地，或并入应属单位", "Confirm the exclave, or give it to the unit it belongs to"),
        example="一个网格由相隔的两块组成",
        reason=Text("由不相连的{n}块组成", "it lies in {n} pieces"),
    ),
    Rule(
        id="G18", name="short_line", severity=Severity.WARNING, check=_short,
        asks=Text("线不短于1米", "A line is at least 1 m long"),
        why=Text("这样短的线是绘制残渣", "So short a line is left over from drawing"),
        remedy=Text("删去，或并入相邻的线", "Delete it, or join it to its neighbour"),
        example="0.4米长的村道",
        reason=Text("长度只有{metres:.2f}米", "it is only {metres:.2f} m long"),
    ),
    Rule(
        id="G19", name="crossing_itself", severity=Severity.WARNING, check=_crossed,
        asks=Text("线不与自身相交", "A line does not cross itself"),
        why=Text("自相交的路长度不实", "The length of such a road is not real"),
        remedy=Text("在交点处断开", "Split it where it crosses"),
        example="打结的道路中心线",
        reason=Text("线与自身相交", "it crosses itself"),
    ),
    Rule(
        id="G20", name="line_in_pieces", severity=Severity.WARNING, check=_in_pieces,
        asks=Text("一条线连成一条", "A line is in one piece"),
        why=Text("断开的路漏算了缺口处的长度", "What lies in the gap is missing from its length"),
        remedy=Text("补上缺段，或拆成两行", "Draw what is missing, or send two rows"),
        example="中间缺一段的道路",
        reason=Text("由不相连的{n}段组成", "it lies in {n} pieces that do not touch"),
    ),
    Rule(
        id="G21", name="coarse", severity=Severity.WARNING, check=_coarse,
        asks=Text("点的坐标至少有4位小数", "Coordinates of a point have 4 decimals or more"),
        why=Text("3位小数相当于百米误差，无法判断所在网格", "Three decimals are 100 m: the grid it stands in is a guess"),
        remedy=Text("实地重采坐标", "Take the coordinates again on the spot"),
        example="120.12, 30.25",
        reason=Text("坐标{x:g}, {y:g}只精确到百米", "its coordinates {x:g}, {y:g} are precise to 100 m only"),
    ),
)  # fmt: skip
