"""Values of units to classes of colour: quantiles, or two-sided around a target. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite

from app.numbers import printed
from app.palette import Flavour
from layers._indicator import Indicator, Target
from layers._text import Text

MOST_CLASSES = 5
"""More classes of one hue are not told apart on a map (Brewer, colorbrewer2.org: at most 5 to 7)."""

FAR, NEAR = 0.30, 0.10
"""Shares of the threshold that part "far from", "near" and "just at" a target; fixed, so that a colour keeps its
meaning from month to month and from county to county."""

NO_DATA = Text("无数据", "no data")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the legend.

    Parameters
    ----------
    index : int
        Class index, as in feature states and `Flavour.classes`.
    colour : str
        Its colour in this flavour.
    label : str
        Range in words, in the indicator's own unit.
    low, high : float or None
        Values of the class, low <= value < high (the last quantile class holds its high end); None is open.
    n : int
        Units in it.
    """

    index: int
    colour: str
    label: str
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Classes:
    """Feature states and the legend that explains them.

    Parameters
    ----------
    states : dict of str to dict
        Ladder id -> {"v": value, "c": class index, "t": printed value}.
    steps : tuple of Step
        Low to high, the class without data last and only if there is one.
    """

    states: dict[str, dict[str, object]]
    steps: tuple[Step, ...]


def said(value: float | None, indicator: Indicator, lang: str = "zh") -> str:
    """A value with its unit in one text, or the words for no data.

    Parameters
    ----------
    value : float or None
        A share from 0 to 1 where the indicator is printed in percent.
    indicator : Indicator
    lang : str
        "zh" or "en".

    Returns
    -------
    str
        "87.3%", "1,204 人", "0.42", "无数据".
    """
    if value is None or not isfinite(value):
        return NO_DATA[lang]
    number, unit = printed(value, indicator, lang)
    return f"{number}%" if unit == "%" else f"{number} {unit}".rstrip()


def classes(values: Mapping[int, float | None], indicator: Indicator, flavour: Flavour, lang: str = "zh") -> Classes:
    """The class of every unit, and the legend.

    Parameters
    ----------
    values : mapping of int to float or None
        Ladder id -> value in the indicator's own unit.
    indicator : Indicator
        With a target the classes lie around its threshold, else they are quantiles of the values.
    flavour : Flavour
    lang : str
        "zh" or "en".

    Returns
    -------
    Classes
        Equal values share a class; a higher value never has a lower quantile class; every unit is counted once.
    """
    known = {unit: value for unit, value in values.items() if value is not None and isfinite(value)}
    target = indicator.targets[0] if indicator.targets else None
    indexes = _around(known, target, flavour) if target else _quantiles(known, flavour)
    missing = len(flavour.classes) - 1
    states: dict[str, dict[str, object]] = {
        str(unit): {"v": known.get(unit), "c": indexes.get(unit, missing), "t": said(value, indicator, lang)}
        for unit, value in values.items()
    }
    counts = Counter(indexes.get(unit, missing) for unit in values)
    bounds = _target_bounds(target, flavour) if target else _seen_bounds(known, indexes)
    steps = [_step(index, low, high, counts[index], indicator, flavour, lang) for index, low, high in bounds]
    if counts[missing]:
        steps.append(Step(missing, flavour.nodata, NO_DATA[lang], None, None, counts[missing]))
    return Classes(states, tuple(steps))


def _quantiles(known: Mapping[int, float], flavour: Flavour) -> dict[int, int]:
    ordered = sorted(known.values())
    wanted = min(MOST_CLASSES, len(set(ordered)))
    breaks = sorted({ordered[len(ordered) * part // wanted] for part in range(1, wanted)} - set(ordered[:1]))
    places = _spread(len(breaks) + 1, len(flavour.scale))
    return {unit: places[bisect_right(breaks, value)] for unit, value in known.items()}


def _spread(wanted: int, colours: int) -> list[int]:
    """Indexes of `wanted` colours as far apart on the scale as they can be."""
    if wanted == 1:
        return [colours // 2]
    return [round(each * (colours - 1) / (wanted - 1)) for each in range(wanted)]


def _seen_bounds(known: Mapping[int, float], indexes: Mapping[int, int]) -> list[tuple[int, float, float]]:
    members: dict[int, list[float]] = {}
    for unit, index in indexes.items():
        members.setdefault(index, []).append(known[unit])
    return [(index, min(held), max(held)) for index, held in sorted(members.items())]


def _target_cuts(target: Target) -> tuple[list[float], list[int]]:
    """Thresholds on the line of values, and between them the side: -3 far missed ... -1 near, 1 just met ... 3 well."""
    cuts: list[float] = []
    sides: list[int] = []
    if target.at_least is not None:
        reach = abs(target.at_least) or 1.0
        cuts += [target.at_least + share * reach for share in (-FAR, -NEAR, 0.0)]
        sides += [-3, -2, -1]
    if target.at_most is None:
        reach = abs(target.at_least or 0) or 1.0
        return [*cuts, cuts[-1] + NEAR * reach, cuts[-1] + FAR * reach], [*sides, 1, 2, 3]
    reach = abs(target.at_most) or 1.0
    if target.at_least is None:
        cuts += [target.at_most - FAR * reach, target.at_most - NEAR * reach]
        sides += [3, 2]
    return [*cuts, *(target.at_most + share * reach for share in (0.0, NEAR, FAR))], [*sides, 1, -1, -2, -3]


def _index(side: int, flavour: Flavour) -> int:
    start = len(flavour.scale)
    return start + 3 + side if side < 0 else start + len(flavour.missed) + side - 1


def _around(known: Mapping[int, float], target: Target, flavour: Flavour) -> dict[int, int]:
    cuts, sides = _target_cuts(target)
    return {unit: _index(_side(value, cuts, sides, target), flavour) for unit, value in known.items()}


def _side(value: float, cuts: Sequence[float], sides: Sequence[int], target: Target) -> int:
    """The side of a value; whether it meets the target is the target's own word, ends included."""
    side = sides[bisect_right(cuts, value)]
    met = target.met_by(value)
    return abs(side) if met and side < 0 else -1 if not met and side > 0 else side


def _target_bounds(target: Target | None, flavour: Flavour) -> list[tuple[int, float | None, float | None]]:
    if target is None:
        return []
    cuts, sides = _target_cuts(target)
    ends: list[float | None] = [None, *cuts, None]
    return [(_index(side, flavour), low, high) for side, (low, high) in zip(sides, pairwise(ends), strict=True)]


def _step(
    index: int, low: float | None, high: float | None, n: int, indicator: Indicator, flavour: Flavour, lang: str
) -> Step:
    if low is None:
        label = f"< {said(high, indicator, lang)}"
    elif high is None:
        label = f"≥ {said(low, indicator, lang)}"
    elif low == high:
        label = said(low, indicator, lang)
    else:
        label = f"{said(low, indicator, lang).split(' ')[0]} – {said(high, indicator, lang)}"
    return Step(index, flavour.classes[index], label, low, high, n)
