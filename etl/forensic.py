"""Which coordinate system a file is in: by its declaration, its numbers, and the villages its rows claim; or "unsure"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from pyproj import CRS

from etl.candidates import Candidate, candidates
from etl.claims import Claims, Ladder, claims_of
from etl.read.raw import Raw
from etl.systems import is_old
from layers import Text

# So many rows are looked at, spread over the file.
LOOKED_AT = 1000
# The odds for the best system against each rival: with 5 % of wrong rows, three rows that only the best explains make
# 7,000 to 1, and two make 360 to 1. Below a thousand to one nothing is sure.
_ODDS = np.log(1000.0)
_LEAST_WRONG = 0.05  # of rows, whatever few were seen
_LEAST_RIGHT = 0.8  # of rows, or none of the systems is the file's own
_FEW = 5
_NEAR_DEGREES = 0.1  # so far beyond the border of the ladder nothing of the county lies


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a file's coordinates are.

    Parameters
    ----------
    sure : bool
        Whether anybody may rely on it.
    system : str
        Name of the system; "" where unsure.
    basis : str
        "villages", "numbers", "area", "declaration" or "" where unsure.
    recipe : mapping
        The words of a recipe that say it.
    declared : str
        What the file or its recipe declares; "" for nothing.
    points, claiming : int
        Rows looked at, and those that claim a unit.
    claims : str
        By what and in which column they claim it.
    shares : mapping of str to float
        System -> share of the claiming rows that it puts into the unit they claim; best first.
    margin : float
        Between the best two shares.
    says : Text
        One sentence.
    """

    sure: bool
    system: str = ""
    basis: str = ""
    recipe: Mapping[str, Any] = field(default_factory=dict)
    declared: str = ""
    points: int = 0
    claiming: int = 0
    claims: str = ""
    shares: Mapping[str, float] = field(default_factory=dict)
    margin: float = 0.0
    says: Text = field(default_factory=lambda: Text("", ""))


@dataclass(slots=True)
class _Case:
    """What is known, on the way to a verdict."""

    xy: np.ndarray
    owner: np.ndarray
    found: list[Candidate]
    claims: Claims
    ladder: Ladder
    declared: CRS | None

    def verdict(self, sure: bool, basis: str, zh: str, en: str, best: Candidate | None = None, **more: Any) -> Verdict:
        """A verdict with what every verdict says."""
        told: dict[str, Any] = {"declared": self.declared.name if self.declared else "", "points": len(set(self.owner))}
        if self.claims.by != "nothing":
            told |= {"claiming": self.claims.rows, "claims": f"{self.claims.by} in {self.claims.column}"}
        if best and sure:
            told |= {"system": best.name, "recipe": dict(best.recipe)}
        return Verdict(sure, basis=basis if sure else "", says=Text(zh, en), **told, **more)


def forensic(raw: Raw, shapes: np.ndarray, declared: CRS | None, ladder: Ladder) -> Verdict:
    """The system of a file.

    Parameters
    ----------
    raw : Raw
        As it was read.
    shapes : array of Geometry, shape (n,)
        As the file has them, before anything was moved.
    declared : CRS, optional
        What the file says.
    ladder : Ladder
        Of the store; an empty one knows no village.
    """
    there = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    if len(there):
        there = there[np.linspace(0, len(there) - 1, min(len(there), LOOKED_AT)).astype(int)]
    there = there[np.isfinite(shapely.bounds(shapes[there])).all(axis=1)]
    xy, owner = _spread(shapely.force_2d(shapes[there]))
    frame = raw.frame.iloc[there]
    return judged(xy, lambda: claims_of(frame, ladder), declared, ladder, owner)


_PULLED = 0.1  # of the way to the middle: borders of two sources differ by metres


def _spread(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points that stand for shapes, shape (m, 2), and the shape of each: its middle, and its four ends where it is large."""
    places, owner = [], []
    for n, shape in enumerate(shapes):
        corners = shapely.get_coordinates(shape)
        middle = shapely.get_coordinates(shapely.point_on_surface(shape))[:1]
        ends = corners[[*corners.argmin(axis=0), *corners.argmax(axis=0)]] * (1 - _PULLED) + middle * _PULLED
        held = ends[shapely.contains_xy(shape, ends)] if len(corners) > 1 else ends[:0]
        places.append(np.vstack([middle, held]))
        owner += [n] * len(places[-1])
    return np.vstack(places) if places else np.empty((0, 2)), np.array(owner, dtype=int)


def judged(
    xy: np.ndarray,
    claims: Callable[[], Claims],
    declared: CRS | None,
    ladder: Ladder,
    owner: np.ndarray | None = None,
) -> Verdict:
    """The system of points.

    Parameters
    ----------
    xy : array of float, shape (m, 2)
        As the file has them.
    claims : callable
        -> Claims of the n rows; asked only where the numbers could be of a system.
    declared : CRS, optional
    ladder : Ladder
    owner : array of int, shape (m,), optional
        The row of each point; a row lies in a unit when all its points do. Without it every point is a row.
    """
    owner = np.arange(len(xy)) if owner is None else owner
    case = _Case(xy, owner, candidates(xy), Claims([()] * len(xy)), ladder, declared)
    if not case.found:
        return case.verdict(
            False, "", "坐标值不属于已知的任何坐标系", "its numbers are of no system that is known here"
        )
    case.claims = claims()
    if case.claims.rows >= _FEW:
        return _by_villages(case)
    return _by_area(case)


def _by_villages(case: _Case) -> Verdict:
    """Which system puts the rows into the units that they claim."""
    inside, grounded = _inside(case)
    if grounded < _FEW:
        return _by_area(case)
    right = inside.mean(axis=1)
    order = np.argsort(-right, kind="stable")
    best, shares = case.found[order[0]], {case.found[n].name: round(float(right[n]), 4) for n in order[:5]}
    margin = float(right[order[0]] - right[order[1]]) if len(order) > 1 else float(right[order[0]])
    told: dict[str, Any] = {"shares": shares, "margin": round(margin, 4)}
    if right[order[0]] < _LEAST_RIGHT:
        return case.verdict(
            False, "", f"没有一个坐标系能使多数点落在所属单位内（最高{right[order[0]]:.0%}）",
            f"no system puts its rows where they say they are (best: {best.name}, {right[order[0]]:.0%})", **told,
        )  # fmt: skip
    if not _clear(inside[order]):
        rival = case.found[order[1]].name
        return case.verdict(
            False, "", f"{_zh(best.name)}与{_zh(rival)}分不开（{right[order[0]]:.0%}对{right[order[1]]:.0%}）",
            f"{best.name} and {rival} cannot be told apart ({right[order[0]]:.0%} against {right[order[1]]:.0%})", **told,
        )  # fmt: skip
    zh = f"{right[order[0]]:.0%}的点落在所属单位内，其他坐标系不超过{right[order[0]] - margin:.0%}"
    en = f"{right[order[0]]:.0%} of its rows lie in the unit they claim, in any other system at most {right[order[0]] - margin:.0%}"
    return _named(case, best, "villages", zh, en, told)


def _inside(case: _Case) -> tuple[np.ndarray, int]:
    """Whether each candidate puts each claiming row into a unit it claims, shape (candidates, rows); number of rows."""
    codes = sorted({code for each in case.claims.units for code in each})
    grounds = case.ladder.grounds(codes)
    for each in grounds.values():
        shapely.prepare(each)
    pairs = [
        (point, grounds[code])
        for point, row in enumerate(case.owner)
        for code in case.claims.units[row]
        if code in grounds
    ]
    if not pairs:
        return np.zeros((len(case.found), 0), dtype=bool), 0
    points, place = np.unique([point for point, _ in pairs], return_inverse=True)
    rows, row = np.unique(case.owner[points], return_inverse=True)
    areas = np.array([ground for _, ground in pairs], dtype=object)
    inside = np.ones((len(case.found), len(rows)), dtype=bool)
    for n, each in enumerate(case.found):
        there, hit = each.undone(case.xy[points])[place], np.zeros(len(points), dtype=bool)
        np.logical_or.at(hit, place, shapely.contains_xy(areas, there[:, 0], there[:, 1]))
        np.logical_and.at(inside[n], row, hit)
    return inside, len(rows)


def _clear(inside: np.ndarray) -> bool:
    """Whether the first row of `inside` is a thousand times likelier than every other.

    Notes
    -----
    Rows that both explain, or neither, say nothing. A row that only the best explains would, were the rival true, have
    to be one of the wrong rows; of those there are as many as the best leaves unexplained, and at least 5 %.
    """
    wrong = max(_LEAST_WRONG, 1 - float(inside[0].mean()))
    only_best = (inside[0] & ~inside[1:]).sum(axis=1)
    only_rival = (~inside[0] & inside[1:]).sum(axis=1)
    return bool(((only_best - only_rival) * np.log((1 - wrong) / wrong) >= _ODDS).all())


def _by_area(case: _Case) -> Verdict:
    """What the numbers and the area of the ladder leave."""
    left = [each for each in case.found if _near(each.undone(case.xy), case.ladder.extent)]
    real = [each for each in left if not each.mistake]
    names_zh, names_en = "、".join(_zh(each.name) for each in real[:4]), " or ".join(each.name for each in real[:4])
    if len(left) == 1 and real:
        known = len(case.ladder.extent) > 0 and len(case.found) > 1
        zh, en = ("只有它使各点落在辖区内", "only it puts the rows into the area of the ladder") if known else (
            "坐标值本身即可判定", "its numbers tell it")  # fmt: skip
        return _named(case, real[0], "area" if known else "numbers", zh, en, {})
    if not real:
        return case.verdict(
            False, "", "没有一个坐标系使各点落在辖区内", "no system puts the rows into the area of the ladder"
        )
    return case.verdict(
        False,
        "",
        f"没有足够的行写明所属村，分不清是{names_zh}",
        f"too few rows say which village they are in to tell {names_en}",
    )


def _zh(name: str) -> str:
    """The name of a system in Chinese."""
    for theirs, ours in ((" or ", "或"), (", axes swapped", "（坐标颠倒）"), (", degrees packed", "（度分秒连写）"), ("Web Mercator", "Web墨卡托")):
        name = name.replace(theirs, ours)
    return name


def _near(places: np.ndarray, extent: np.ndarray) -> bool:
    """Whether the middle of the places lies in the area of the ladder, or the ladder knows none."""
    if not len(extent):
        return True
    x, y = np.nanmedian(places, axis=0)
    west, south, east, north = extent.T
    return bool(
        (
            (x > west - _NEAR_DEGREES)
            & (x < east + _NEAR_DEGREES)
            & (y > south - _NEAR_DEGREES)
            & (y < north + _NEAR_DEGREES)
        ).any()
    )


_UNTOLD = Text(
    "数值分不出CGCS2000与西安80、北京54（相差数十至百余米），以文件说明为准",
    "numbers do not tell CGCS2000 from Xi'an 1980 and Beijing 1954, which lie tens of metres away: ask who made the file",
)


def _named(case: _Case, best: Candidate, basis: str, zh: str, en: str, told: Mapping[str, Any]) -> Verdict:
    """A sure verdict; an old datum stands in the declaration alone."""
    if best.mistake:
        return case.verdict(True, basis, f"{zh}；{best.mistake}", f"{en}; {best.mistake}", best, **told)
    declared = case.declared
    if declared is not None and is_old(declared) and _same_grid(declared, best):
        zh, en = f"{zh}；文件说明其基准为{declared.name}", f"{en}; the file declares its datum: {declared.name}"
        old = Candidate(declared.name, best.undone, dict(best.recipe) | {"crs": _short(declared)})
        return case.verdict(True, basis, zh, en, old, **told)
    if "Gauss-Kruger" in best.name and declared is None:
        zh, en = f"{zh}；{_UNTOLD.zh}", f"{en}; {_UNTOLD.en}"
    return case.verdict(True, basis, zh, en, best, **told)


def _same_grid(declared: CRS, best: Candidate) -> bool:
    """Whether a declared CRS and a candidate differ in their datum only."""
    crs = CRS.from_user_input(best.recipe["crs"])
    return _figures(declared) == _figures(crs) if declared.is_projected else not crs.is_projected


def _figures(crs: CRS) -> tuple[float, ...]:
    return (
        tuple(round(float(each.value), 6) for each in crs.coordinate_operation.params)
        if crs.coordinate_operation
        else ()
    )


def _short(crs: CRS) -> str:
    number = crs.to_epsg(min_confidence=100)
    return f"EPSG:{number}" if number else crs.to_wkt()
