"""Values of units to classes of colour: quantiles, equal intervals, natural breaks, or two-sided around a target. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import inf, isfinite

from app.breaks import WAYS
from app.choices import METHODS
from app.numbers import printed
from app.palette import Flavour
from layers._indicator import Format, Indicator
from layers._target import Aim
from layers._text import Text

MOST_CLASSES = 5
"""More classes of one hue are not told apart on a map (Brewer, colorbrewer2.org: at most 5 to 7)."""

FAR, NEAR = 0.15, 0.05
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
    method : str
        How they were made, one of `app.choices.METHODS`.
    """

    states: dict[str, dict[str, object]]
    steps: tuple[Step, ...]
    method: str = "quantile"


def methods(aim: Aim | None) -> tuple[str, ...]:
    """How units can be put into classes by an indicator of which a target asks something, or none does; the first suits it best."""
    return METHODS if aim else METHODS[1:]


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


def classes(
    values: Mapping[int, float | None], indicator: Indicator, flavour: Flavour, lang: str = "zh", method: str | None = None,
    aim: Aim | None = None,
) -> Classes:
    """The class of every unit, and the legend.

    Parameters
    ----------
    values : mapping of int to float or None
        Ladder id -> value in the indicator's own unit.
    indicator : Indicator
    flavour : Flavour
    lang : str
        "zh" or "en".
    method : str, optional
        One of `methods(aim)`; by default, and where there is no target to part it by, the first of them: around the
        threshold of a target, else quantiles.
    aim : Aim, optional
        What a target asks of the indicator.

    Returns
    -------
    Classes
        Equal values share a class; but around a target a higher value never has a lower class; every unit is counted once.
    """
    known = {unit: value for unit, value in values.items() if value is not None and isfinite(value)}
    way = method if method in methods(aim) else methods(aim)[0]
    made = _around(known, indicator, aim, flavour, lang) if aim and way == "target" else _rising(known, indicator, flavour, lang, way)
    indexes, steps = made
    missing = flavour.no_value
    states: dict[str, dict[str, object]] = {
        str(unit): {"v": known.get(unit), "c": indexes.get(unit, missing), "t": said(value, indicator, lang)}
        for unit, value in values.items()
    }
    if len(known) < len(values):
        steps.append(Step(missing, flavour.nodata, NO_DATA[lang], None, None, len(values) - len(known)))
    return Classes(states, tuple(steps), way)


def _rising(
    known: Mapping[int, float], indicator: Indicator, flavour: Flavour, lang: str, way: str
) -> tuple[dict[int, int], list[Step]]:
    """Classes from low to high, each said by the lowest and highest value in it; equal intervals by their ends."""
    ordered = sorted(known.values())
    wanted = min(MOST_CLASSES, len(set(ordered)))
    cuts = WAYS[way](ordered, wanted) if ordered else []
    places = _spread(len(cuts) + 1, len(flavour.scale))
    found = {unit: bisect_right(cuts, value) for unit, value in known.items()}
    held: list[list[float]] = [[] for _ in places]
    for unit, at in found.items():
        held[at].append(known[unit])
    ends = list(pairwise([ordered[0], *cuts, ordered[-1]])) if ordered else []
    steps = [
        _step(places[at], limits if way == "equal" else (min(held[at]), max(held[at])), len(held[at]), indicator, flavour, lang)
        for at, limits in enumerate(ends) if held[at] or way == "equal"
    ]
    return {unit: places[at] for unit, at in found.items()}, steps


def _spread(wanted: int, colours: int) -> list[int]:
    """Indexes of `wanted` colours as far apart on the scale as they can be."""
    if wanted == 1:
        return [colours // 2]
    return [round(each * (colours - 1) / (wanted - 1)) for each in range(wanted)]


def _target_cuts(indicator: Indicator, target: Aim) -> tuple[list[float], list[int]]:
    """Thresholds on the line of values, and between them the side: -3 far missed ... -1 near, 1 just met ... 3 well."""
    cuts, sides = _all_cuts(indicator, target)
    most = 1.0 if indicator.format is Format.PERCENT else inf
    kept = [at for at, cut in enumerate(cuts) if 0 < cut <= most or cut in (target.at_least, target.at_most)]
    return [cuts[at] for at in kept], [sides[kept[0]], *(sides[at + 1] for at in kept)]


def _all_cuts(indicator: Indicator, target: Aim) -> tuple[list[float], list[int]]:
    if target.at_least is not None and target.at_most is not None:
        low, high = target.at_least, target.at_most
        return [*_below(low), *_above(indicator, high)], [-3, -2, -1, 1, -1, -2, -3]
    if target.at_least is not None:
        return [*_below(target.at_least), *_above(indicator, target.at_least)[1:]], [-3, -2, -1, 1, 2, 3]
    high = target.at_most or 0.0
    return [*_below(high)[:2], *_above(indicator, high)], [3, 2, 1, -1, -2, -3]


def _below(threshold: float) -> list[float]:
    reach = abs(threshold) or 1.0
    return [threshold - FAR * reach, threshold - NEAR * reach, threshold]


def _above(indicator: Indicator, threshold: float) -> list[float]:
    """A share ends at one: what is left up to there is parted in three."""
    if indicator.format is Format.PERCENT and threshold < 1:
        return [threshold, threshold + (1 - threshold) / 3, threshold + (1 - threshold) * 2 / 3]
    reach = abs(threshold) or 1.0
    return [threshold, threshold + NEAR * reach, threshold + FAR * reach]


def _index(side: int, flavour: Flavour) -> int:
    start = len(flavour.scale)
    return start + 3 + side if side < 0 else start + len(flavour.missed) + side - 1


def _positions(known: Mapping[int, float], indicator: Indicator, target: Aim) -> dict[int, int]:
    """Which part of the line each value lies in; whether it meets the target is the target's own word, ends included."""
    cuts, sides = _target_cuts(indicator, target)
    found = {unit: bisect_right(cuts, value) for unit, value in known.items()}
    return {
        unit: at - 1 if sides[at] < 0 and target.met_by(known[unit]) else at for unit, at in found.items()
    }


def _around(
    known: Mapping[int, float], indicator: Indicator, target: Aim, flavour: Flavour, lang: str
) -> tuple[dict[int, int], list[Step]]:
    cuts, sides = _target_cuts(indicator, target)
    positions = _positions(known, indicator, target)
    counts = Counter(positions.values())
    ends: list[float | None] = [None, *cuts, None]
    steps = [
        _step(_index(side, flavour), (low, high), counts[at], indicator, flavour, lang)
        for at, (side, (low, high)) in enumerate(zip(sides, pairwise(ends), strict=True))
    ]
    return {unit: _index(sides[at], flavour) for unit, at in positions.items()}, steps


def _step(
    index: int, ends: tuple[float | None, float | None], n: int, indicator: Indicator, flavour: Flavour, lang: str
) -> Step:
    low, high = ends
    if low is None:
        label = f"< {said(high, indicator, lang)}"
    elif high is None:
        label = f"≥ {said(low, indicator, lang)}"
    elif low == high:
        label = said(low, indicator, lang)
    else:
        label = f"{said(low, indicator, lang).split(' ')[0]} – {said(high, indicator, lang)}"
    return Step(index, flavour.classes[index], label, low, high, n)
