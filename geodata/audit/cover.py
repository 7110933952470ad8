"""Cover: whether the parts of each unit cover its ground once and nothing else. Gaps and overlaps are told as polygons."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import STRtree

from geodata.audit.finding import Finding
from geodata.audit.ground import Grids, Texts
from geodata.earth import Shapes, areas, metres_per_degree

LEAST_M2, SLIVER_M = 1.0, 1.0
"""What is smaller than a square metre is the rounding of coordinates; what is narrower than a metre is no ground but a slip."""

_SAME = 1e-7  # share of an area by which sums of parts differ in their last digits
_TINY_M2, _STRIP_M, _STRIP_RATIO = 100.0, 5.0, 0.02

Places = NDArray[np.intp]


def check(codes: Texts, grounds: Shapes, parts: Grids, above: Places) -> Iterator[Finding]:
    """Findings of one level.

    Parameters
    ----------
    codes, grounds : ndarray, shape (n,)
        The units above and their ground, degrees.
    parts : Grids
        All with a shape.
    above : ndarray of int, shape (k,)
        The unit that each part says it belongs to; -1 where that is unknown.
    """
    if not len(parts):
        return
    tree = STRtree(grounds)
    home = _homes(tree, parts.shapes)
    yield from _gaps(codes, grounds, parts.shapes, home)
    yield from _overlaps(codes, parts, above)
    yield from _beyond(codes, grounds, parts, above, home)


def shapes(parts: Grids, codes: Texts, above: Places) -> Iterator[Finding]:
    """What is wrong with single shapes."""
    there = ~shapely.is_missing(parts.shapes)
    n = np.zeros(len(parts), dtype=int)
    n[there] = shapely.get_num_geometries(parts.shapes[there])
    m2, width, round_ = areas(parts.shapes), np.ones(len(parts)), np.ones(len(parts))
    width[there], round_[there] = _widths(parts.shapes[there])
    for at in range(len(parts)):
        said = {"unit": _unit(codes, above[at]), "key": parts.codes[at], "shape": parts.shapes[at], "m2": float(m2[at])}
        if not there[at] or m2[at] == 0:
            yield Finding(kind="no_shape", **{**said, "shape": None, "m2": None})
            continue
        if n[at] > 1:
            yield Finding(kind="multipart", value=int(n[at]), **said)
        holes = [hole for part in shapely.get_parts(parts.shapes[at]) for hole in part.interiors]
        if holes:
            ground = areas(shapely.polygons(np.array(holes, dtype=object)))
            yield Finding(kind="holed", value=len(holes), **{**said, "m2": float(ground.sum())})
        if m2[at] < _TINY_M2:
            yield Finding(kind="tiny", **said)
        elif width[at] < _STRIP_M or round_[at] < _STRIP_RATIO:
            yield Finding(kind="thin", value=float(width[at]), **said)


def _unit(codes: Texts, at: int) -> str:
    return str(codes[at]) if at >= 0 else ""


def _widths(grounds: Shapes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean width in metres, and how round a shape is (1 for a disc)."""
    bounds = shapely.bounds(grounds)
    east, north = metres_per_degree((bounds[:, 1] + bounds[:, 3]) / 2)
    length = np.empty(len(grounds))
    for at, each in enumerate(grounds):
        steps = np.diff(shapely.get_coordinates(shapely.get_exterior_ring(shapely.get_parts(each))), axis=0) * [east[at], north[at]]
        length[at] = np.hypot(*steps.T).sum() if len(steps) else 0.0
    m2 = areas(grounds)
    return 2 * m2 / np.maximum(length, 1e-9), 4 * np.pi * m2 / np.maximum(length, 1e-9) ** 2


def _homes(tree: STRtree, grounds: Shapes) -> Places:
    """The unit in which a point of each shape lies; -1 for none."""
    part, unit = tree.query(shapely.point_on_surface(grounds), predicate="intersects")
    home = np.full(len(grounds), -1)
    home[part[::-1]] = unit[::-1]
    return home


def _gaps(codes: Texts, grounds: Shapes, parts: Shapes, home: Places) -> Iterator[Finding]:
    """Ground of units that no part covers, polygon by polygon."""
    held = np.bincount(home[home >= 0], weights=shapely.area(parts)[home >= 0], minlength=len(grounds))
    whole = shapely.area(grounds)
    exact = np.abs(held - whole) <= _SAME * whole
    if exact.any():  # sums that agree may still hide a gap as large as an overlap
        mine = np.isin(home, np.flatnonzero(exact))
        exact &= ~np.isin(np.arange(len(grounds)), home[mine][~shapely.is_empty(shapely.coverage_invalid_edges(parts[mine]))])
    tree = STRtree(parts)
    for unit in np.flatnonzero(~exact & ~shapely.is_missing(grounds)):
        near = tree.query(grounds[unit], predicate="intersects")
        if not len(near) or not (home == unit).any():
            yield Finding(kind="no_grids", unit=codes[unit], shape=grounds[unit], m2=float(areas(grounds[unit : unit + 1])[0]))
            continue
        left = shapely.difference(grounds[unit], shapely.union_all(parts[near]))
        for gap in shapely.get_parts(left):
            m2 = float(areas(np.array([gap]))[0])
            if gap.geom_type == "Polygon" and m2 >= LEAST_M2:
                edge = shapely.length(shapely.intersection(gap.exterior, grounds[unit].boundary)) > 0
                kind = "gap_sliver" if _widths(np.array([gap]))[0][0] < SLIVER_M else "gap_edge" if edge else "gap_inner"
                yield Finding(kind=kind, unit=codes[unit], shape=gap, m2=m2)


def _overlaps(codes: Texts, parts: Grids, above: Places) -> Iterator[Finding]:
    """Ground that two parts cover; and borders that do not match though nothing overlaps by a square metre."""
    wrong = ~shapely.is_empty(shapely.coverage_invalid_edges(parts.shapes))
    wrong[np.concatenate(STRtree(parts.shapes).query(parts.shapes, predicate="contains_properly"))] = True
    bad = np.flatnonzero(wrong)
    told = np.zeros(len(parts), dtype=bool)
    some = parts.shapes[bad]
    one, other = STRtree(some).query(some, predicate="intersects")
    for a, b in zip(bad[one[one < other]], bad[other[one < other]], strict=True):
        common = shapely.intersection(parts.shapes[a], parts.shapes[b])
        m2 = float(areas(np.array([common]))[0])
        if m2 < LEAST_M2:
            continue
        told[[a, b]] = True
        a, b = (b, a) if areas(parts.shapes[[a]])[0] > areas(parts.shapes[[b]])[0] else (a, b)
        yield Finding(kind=_overlap(parts.shapes, a, b, common, m2, above), unit=_unit(codes, above[a]), key=parts.codes[a],
                      other=str(parts.codes[b]), shape=common, m2=m2)  # fmt: skip
    # What only touches an overlap that was told is mended with it.
    beside = STRtree(parts.shapes[told]).query(parts.shapes[bad], predicate="intersects")[0]
    for at in np.setdiff1d(bad[~told[bad]], bad[beside]):
        yield Finding(kind="unmatched", unit=_unit(codes, above[at]), key=parts.codes[at], shape=parts.shapes[at])


def _overlap(grounds: Shapes, a: int, b: int, common: object, m2: float, above: Places) -> str:
    small, large = (float(each) for each in areas(grounds[[a, b]]))
    if m2 > 0.999 * large:
        return "same_shape"
    if m2 > 0.999 * small:
        return "contained"
    if _widths(np.array([shapely.multipolygons(_polygons(common))]))[0][0] < SLIVER_M:
        return "overlap_sliver"
    return "overlap" if above[a] == above[b] else "overlap_across"


def _polygons(shape: object) -> list[object]:
    return [each for each in shapely.get_parts(shape) if each.geom_type == "Polygon"]


def _beyond(codes: Texts, grounds: Shapes, parts: Grids, above: Places, home: Places) -> Iterator[Finding]:
    """Parts that lie outside of the unit they belong to, in whole or in some of their ground."""
    for at in np.flatnonzero(home < 0):
        yield Finding(kind="outside", unit=_unit(codes, above[at]), key=parts.codes[at], shape=parts.shapes[at])
    for at in np.flatnonzero((home >= 0) & (above >= 0) & (home != above)):
        yield Finding(kind="elsewhere", unit=_unit(codes, above[at]), key=parts.codes[at], other=_unit(codes, above[at]),
                      value=_unit(codes, home[at]), shape=parts.shapes[at])  # fmt: skip
    inside = np.flatnonzero((home >= 0) & (home == above))
    shapely.prepare(grounds)
    for at in inside[~shapely.covers(grounds[above[inside]], parts.shapes[inside])]:
        out = shapely.difference(parts.shapes[at], grounds[above[at]])
        m2 = float(areas(np.array([out]))[0])
        if m2 >= LEAST_M2:
            thin = _widths(np.array([shapely.multipolygons(_polygons(out))]))[0][0] < SLIVER_M
            yield Finding(kind="crosses_sliver" if thin else "crosses", unit=_unit(codes, above[at]), key=parts.codes[at],
                          other=_unit(codes, above[at]), shape=out, m2=m2)  # fmt: skip
