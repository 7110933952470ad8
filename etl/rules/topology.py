"""T: how shapes lie to each other inside a layer: they share borders, leave no gaps, and do not cover one another."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import shapely

from etl.rules._matter import Matter
from etl.rules._rule import Hit, Rule, Severity, hit
from layers import Text

# Borders of one survey meet to the centimetre; what is narrower than a metre is no alley but a slip.
GAP_METRES, LEAST_M2 = 1.0, 1.0
_SAME_ROAD, _SAME_PARCEL = 0.5, 0.01
_UNDERSHOOT_METRES, _NODE_METRES = 3.0, 0.001


def _by_level(matter: Matter) -> Iterator[np.ndarray]:
    """Positions of the units of each level that the file has."""
    if matter.theme.rung and matter.areas:
        for name in sorted({each for each in matter.levels if each}):
            yield np.flatnonzero((matter.levels == name) & matter.there)


def unmatched(matter: Matter) -> np.ndarray:
    """Units whose border is not that of their neighbour, by overlap, gap or a vertex too many; mask of shape (n,)."""
    found = np.zeros(len(matter), dtype=bool)
    for rows in _by_level(matter):
        edges = shapely.coverage_invalid_edges(matter.flat[rows], gap_width=GAP_METRES)
        found[rows] = ~shapely.is_empty(edges)
    return found


def _pairs(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Positions of each two shapes that touch or overlap, the smaller position first."""
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = one < other
    return one[once], other[once]


def overlaps(matter: Matter) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two units of one level and the square metres that both cover; three arrays of shape (k,)."""
    bad, found = matter.remembered(unmatched), []
    for rows in _by_level(matter):
        rows = rows[bad[rows]]
        one, other = _pairs(matter.flat[rows])
        common = shapely.area(shapely.intersection(matter.flat[rows[one]], matter.flat[rows[other]]))
        large = common >= LEAST_M2
        found.append((rows[one[large]], rows[other[large]], common[large]))
    ones, others, areas = zip(*found, strict=True) if found else (((),) * 3)
    return tuple(np.concatenate([*each, np.empty(0)]) for each in (ones, others, areas))  # type: ignore[return-value]


def _overlap(matter: Matter) -> Iterator[Hit]:
    one, other, area = matter.remembered(overlaps)
    rows, twin = np.concatenate([one, other]).astype(int), np.concatenate([other, one]).astype(int)
    yield hit(rows, other=matter.keys[twin], area=np.concatenate([area, area]))


def _unmatched(matter: Matter) -> Iterator[Hit]:
    found = matter.remembered(unmatched).copy()
    one, other, _ = matter.remembered(overlaps)
    found[np.concatenate([one, other]).astype(int)] = False
    yield hit(found)


Family = tuple[str, np.ndarray, shapely.Geometry, shapely.Geometry | None]


def families(matter: Matter) -> list[Family]:
    """For each declared parent: its code, the positions of its units in the file, their union and its own ground in metres."""
    if not (matter.theme.rung and matter.areas):
        return []
    bad = matter.remembered(unmatched)
    known = pd.Series(matter.parents)[matter.there].dropna()
    groups = {str(code): np.asarray(rows) for code, rows in known.groupby(known).groups.items()}
    grounds = matter.outlines(list(groups))
    homes = matter.flattened(np.array([*grounds.values(), None], dtype=object))

    def union(rows: np.ndarray) -> shapely.Geometry:
        """The ground of several rows together; the quick way only where they are valid and of one level."""
        one_level = len(set(matter.levels[rows])) == 1
        quick = one_level and not bad[rows].any()
        return shapely.coverage_union_all(matter.flat[rows]) if quick else shapely.union_all(matter.flat[rows])

    return [
        (code, rows, union(rows), home)
        for (code, rows), home in zip(groups.items(), homes, strict=False)
    ]


def _holes(matter: Matter) -> Iterator[Hit]:
    """Ground that the units of one parent enclose and none of them covers."""
    for code, rows, union, home in matter.remembered(families):
        parts = shapely.get_parts(union)
        rings, of = shapely.get_rings(parts, return_index=True)
        inner = shapely.polygons(rings[np.diff(of, prepend=-1) == 0])
        if home is not None and len(inner):  # a hole of the parent itself is no gap
            inner = inner[shapely.contains_properly(home, shapely.point_on_surface(inner))]
        for hole in inner[shapely.area(inner) >= LEAST_M2]:
            beside = rows[shapely.dwithin(matter.flat[rows], hole, _NODE_METRES)]
            yield hit(beside, area=float(hole.area), parent=code)


def _pairs_of_areas(matter: Matter) -> Iterator[Hit]:
    if matter.theme.rung or not matter.areas or len(matter) < 2:
        return
    one, other = _pairs(matter.flat)
    common = shapely.area(shapely.intersection(matter.flat[one], matter.flat[other]))
    least = np.minimum(shapely.area(matter.flat[one]), shapely.area(matter.flat[other]))
    large = (common >= LEAST_M2) & (common > _SAME_PARCEL * least)
    rows, twin = np.concatenate([one[large], other[large]]), np.concatenate([other[large], one[large]])
    yield hit(rows, other=matter.keys[twin], area=np.concatenate([common[large], common[large]]))


def _same_shapes(matter: Matter) -> Iterator[Hit]:
    if matter.points or len(matter) < 2:
        return
    drawn = pd.DataFrame({"shape": shapely.to_wkb(shapely.normalize(matter.shapes)), "level": matter.levels})
    drawn = drawn.assign(key=matter.keys)[matter.there]  # the only grid of a village has the village's shape, and may
    first = drawn.groupby(["shape", "level"], dropna=False)["key"].transform("first")
    later = drawn.duplicated(["shape", "level"])
    yield hit(drawn.index[later].to_numpy(), other=first[later].to_numpy(dtype=object))


def _same_roads(matter: Matter) -> Iterator[Hit]:
    if not matter.lines or len(matter) < 2:
        return
    one, other = _pairs(matter.flat)
    common = shapely.length(shapely.intersection(matter.flat[one], matter.flat[other]))
    least = np.minimum(shapely.length(matter.flat[one]), shapely.length(matter.flat[other]))
    same = (common > _SAME_ROAD * least) & (common > GAP_METRES)
    yield hit(other[same], other=matter.keys[one[same]], metres=common[same])


def _undershoots(matter: Matter) -> Iterator[Hit]:
    """Ends of lines that come near another line and do not touch it."""
    if not matter.lines or len(matter) < 2:
        return
    parts, of = shapely.get_parts(matter.flat, return_index=True)
    ends = np.concatenate([shapely.get_point(parts, 0), shapely.get_point(parts, -1)])
    owner = np.concatenate([of, of])
    near, line = shapely.STRtree(matter.flat).query(ends, predicate="dwithin", distance=_UNDERSHOOT_METRES)
    other = owner[near] != line
    near, line = near[other], line[other]
    metres = shapely.distance(ends[near], matter.flat[line])
    nearest = np.full(len(ends), np.inf)
    np.minimum.at(nearest, near, metres)
    open_ = np.flatnonzero(np.isfinite(nearest) & (nearest > _NODE_METRES))
    of_row = np.full(len(matter), np.inf)
    np.minimum.at(of_row, owner[open_], nearest[open_])
    yield hit(np.isfinite(of_row), metres=of_row)


def _pinches(matter: Matter) -> Iterator[Hit]:
    """Points that the rings of one shape pass twice: it splits there when it is edited."""
    if not matter.areas:
        return
    rings, of = _rings(matter)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    last = np.diff(ring, append=-1) != 0  # a ring ends where it began
    points = pd.DataFrame({"row": of[ring[~last]], "x": xy[~last, 0], "y": xy[~last, 1]})
    points = points[~(points == points.shift()).all(axis=1)]
    n = np.bincount(points["row"][points.duplicated()], minlength=len(matter))
    yield hit(n > 0, n=n)


def _rings(matter: Matter) -> tuple[np.ndarray, np.ndarray]:
    parts, of = shapely.get_parts(matter.flat, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    return rings, of[part]


RULES = (
    Rule(
        id="T01", name="overlap", severity=Severity.WARNING, check=_overlap,
        asks=Text("同级单位互不重叠", "Units of one level do not overlap"),
        why=Text("重叠处的对象归属不明，面积重复计算", "What stands there belongs to two units, and the ground counts twice"),
        remedy=Text("以批准的界线为准修边", "Trim both to the decreed line"),
        example="两村重叠3.4亩",
        reason=Text("与{other}重叠{area:.0f}平方米", "it overlaps {other} by {area:.0f} m²"),
    ),
    Rule(
        id="T02", name="unmatched_border", severity=Severity.WARNING, check=_unmatched,
        asks=Text("相邻单位共用同一条界线（缝隙不超过1米）", "Neighbours share one line, without gaps up to 1 m"),
        why=Text("细缝里的点不属于任何单位", "Points in the gap belong to nobody"),
        remedy=Text("以捕捉方式重画界线", "Snap the two borders"),
        example="两村之间有30厘米的缝",
        reason=Text("与相邻单位的界线不重合（缝隙或错点不足1米）", "its border is not that of its neighbour (a gap, or a vertex off, by less than 1 m)"),
    ),
    Rule(
        id="T03", name="hole_between", severity=Severity.WARNING, check=_holes,
        asks=Text("同一上级的单位之间没有空洞", "Units of one parent leave no hole between them"),
        why=Text("空洞里的对象不属于任何单位", "What stands in the hole belongs to nobody"),
        remedy=Text("将空洞划入一个单位", "Give the hole to a unit"),
        example="三个网格之间有一块无主地",
        reason=Text("与{parent}的其他单位之间有{area:.0f}平方米的空洞", "between it and other units of {parent} lies a hole of {area:.0f} m²"),
    ),
    Rule(
        id="T04", name="same_shape", severity=Severity.WARNING, check=_same_shapes,
        asks=Text("不同的行图形不同", "Different rows have different shapes"),
        why=Text("同一图形录了两次", "One shape was entered twice"),
        remedy=Text("删去其中一行", "Delete one of them"),
        example="两个地块编号，同一图形",
        reason=Text("图形与{other}完全相同", "its shape is that of {other}"),
    ),
    Rule(
        id="T05", name="parcels_overlap", severity=Severity.WARNING, check=_pairs_of_areas,
        asks=Text("地块互不重叠", "Parcels do not overlap"),
        why=Text("面积与租金重复计算", "Area and rent count twice"),
        remedy=Text("以实测界线为准修边", "Trim both to the surveyed line"),
        example="两个地块重叠120平方米",
        reason=Text("与{other}重叠{area:.0f}平方米", "it overlaps {other} by {area:.0f} m²"),
    ),
    Rule(
        id="T06", name="roads_overlap", severity=Severity.WARNING, check=_same_roads,
        asks=Text("线不在另一条线上重复", "A line does not run along another"),
        why=Text("长度重复计算", "Its length counts twice"),
        remedy=Text("删去重复的一段", "Delete what is double"),
        example="县道在村道图层中又画了一遍",
        reason=Text("与{other}重合{metres:.0f}米", "{metres:.0f} m of it run along {other}"),
    ),
    Rule(
        id="T07", name="undershoot", severity=Severity.WARNING, check=_undershoots,
        asks=Text("线的端点接上相邻的线", "The end of a line meets the line beside it"),
        why=Text("差几十厘米没有接上，路网不连通", "The network is broken where they miss each other"),
        remedy=Text("以捕捉方式延长到交点", "Snap the end to the line"),
        example="村道差0.8米没有接上县道",
        reason=Text("端点与相邻的线相差{metres:.2f}米", "its end misses the line beside it by {metres:.2f} m"),
    ),
    Rule(
        id="T08", name="pinched", severity=Severity.WARNING, check=_pinches,
        asks=Text("边界不两次经过同一点", "A border does not run through one point twice"),
        why=Text("编辑时会裂成两块", "It splits in two as soon as it is edited"),
        remedy=Text("移开其中一个顶点", "Move one of the vertices"),
        example="“8”字形的内环与外环相接",
        reason=Text("边界有{n}处两次经过同一点", "its border runs through {n} of its points twice"),
    ),
)  # fmt: skip
