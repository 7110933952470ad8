"""What a brief claims of a unit: three strong, three weak, three next, each with its evidence. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from app.brief.words import word
from app.classes import said
from geodata.indicators import Figure, Judged
from geodata.peers import Among
from layers._indicator import Format, SeenGround
from layers._target import Aim

EACH = 3
"""Claims of each kind: what fits on a page and into a listener's head."""

QUARTER = 0.25
"""Who ranks within this share of the siblings is among the first, or among the last."""

_WHOLE = 1e-9


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing to be said of a unit.

    Parameters
    ----------
    indicator : str
        "theme.indicator".
    title, value : str
        As they are printed.
    evidence : tuple of str
        Sentences that can be looked up: what was counted of what, the target, the rank, the clause.
    gap : str
        What is lacking, where something is.
    """

    indicator: str
    title: str
    value: str
    evidence: tuple[str, ...]
    gap: str = ""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a brief says.

    Parameters
    ----------
    strong, weak, next : tuple of Claim
        At most three each; an indicator stands in one of the first two at most.
    """

    strong: tuple[Claim, ...]
    weak: tuple[Claim, ...]
    next: tuple[Claim, ...]


def claims(figures: tuple[Figure, ...], among: Mapping[str, Among], lang: str) -> Claims:
    """The claims about a unit.

    Parameters
    ----------
    figures : tuple of Figure
        Every indicator of it.
    among : mapping of str to Among
        How it stands among its siblings; empty for a root.
    lang : str
        "zh" or "en".

    Returns
    -------
    Claims

    Notes
    -----
    *Strong* are targets that are met, those first in which the fewest siblings are as good, then the widest margin; after
    them indicators without a target in which the unit is in the first quarter of at least four siblings. *Weak* are targets
    that are missed, the widest gap first, as a share of the threshold; after them indicators in the last quarter. *Next* are
    the targets that are missed by the fewest rows, so that each line says what is to be done.
    """
    known = [each for each in figures if each.value is not None]
    strong = sorted((each for each in known if _standing(each) == "met"), key=lambda each: (_place(each, among), -_margin(each)))
    weak = sorted((each for each in known if _standing(each) in ("near", "missed")), key=_margin)
    best = sorted((each for each in known if _first(each, among)), key=lambda each: _place(each, among))
    last = sorted((each for each in known if _last(each, among)), key=lambda each: -_place(each, among))
    soon = sorted(((lacking, each) for each in weak if (lacking := lacks(each))), key=lambda pair: pair[0])
    return Claims(
        tuple(_claim(each, among, lang) for each in (*strong, *best)[:EACH]),
        tuple(_claim(each, among, lang) for each in (*weak, *last)[:EACH]),
        tuple(_claim(each, among, lang, lacking) for lacking, each in soon[:EACH]),
    )


def lacks(figure: Figure) -> int:
    """Rows that are lacking until the hardest threshold is met; 0 where that cannot be counted in rows."""
    if figure.denominator is None or figure.numerator is None or not _counted(figure):
        return 0
    wanted = max((each.aim.at_least or 0 for each in figure.targets), default=0)
    return max(0, ceil(wanted * figure.denominator - figure.numerator - _WHOLE))


def _counted(figure: Figure) -> bool:
    """Whether both numbers are rows or units, which can be lacking one by one, and not square metres of ground."""
    whole = all(float(each or 0).is_integer() for each in (figure.numerator, figure.denominator))
    return whole and figure.declared.format is Format.PERCENT and not isinstance(figure.declared.measure, SeenGround)


def _standing(figure: Figure) -> str:
    return figure.state if figure.targets else "plain"


def _margin(figure: Figure) -> float:
    """How far the value is above its nearest threshold, as a share of it; negative where it is missed."""
    return min(_over(each.aim, figure.value or 0.0) for each in figure.targets)


def _over(aim: Aim, value: float) -> float:
    ends = [(value - aim.at_least) / (abs(aim.at_least) or 1.0)] if aim.at_least is not None else []
    ends += [(aim.at_most - value) / (abs(aim.at_most) or 1.0)] if aim.at_most is not None else []
    return min(ends)


def _place(figure: Figure, among: Mapping[str, Among]) -> float:
    """0 for the best of its siblings, 1 for the last; in the middle where there is none to compare with."""
    found = among.get(figure.indicator)
    return 0.5 if found is None or found.of < 2 else (found.rank - 1) / (found.of - 1)


def _compared(figure: Figure, among: Mapping[str, Among]) -> bool:
    found = among.get(figure.indicator)
    return found is not None and found.of * QUARTER >= 1 and not figure.targets


def _first(figure: Figure, among: Mapping[str, Among]) -> bool:
    return _compared(figure, among) and _place(figure, among) < QUARTER and (figure.value or 0) != among[figure.indicator].middle


def _last(figure: Figure, among: Mapping[str, Among]) -> bool:
    return _compared(figure, among) and _place(figure, among) > 1 - QUARTER and figure.value != among[figure.indicator].middle


def _claim(figure: Figure, among: Mapping[str, Among], lang: str, lacking: int = 0) -> Claim:
    indicator = figure.declared
    evidence = [*_counts(figure, lang), *_asks(figure, lang), *_rank(figure, among, lang)]
    gap = word("lacks", lang, n=lacking, all=f"{figure.denominator:,.0f}") if lacking else ""
    return Claim(figure.indicator, indicator.title[lang], said(figure.value, indicator, lang), tuple(evidence), gap)


def _counts(figure: Figure, lang: str) -> list[str]:
    if not figure.denominator or not _counted(figure):
        return []
    return [word("of", lang, numerator=f"{figure.numerator:,.0f}", denominator=f"{figure.denominator:,.0f}")]


def _asks(figure: Figure, lang: str) -> list[str]:
    """The target that decides: of those that are missed the hardest, else the first."""
    if not figure.targets:
        return []
    judged = min(figure.targets, key=lambda each: _over(each.aim, figure.value or 0.0))
    return [word("asks", lang, aim=asked(judged, figure, lang)), _clause(judged, lang)]


def asked(judged: Judged, figure: Figure, lang: str) -> str:
    """A threshold as it is printed: "≥ 95.0%"."""
    ends = (("≥", judged.aim.at_least), ("≤", judged.aim.at_most))
    return " ".join(f"{sign} {said(end, figure.declared, lang)}" for sign, end in ends if end is not None)


def _clause(judged: Judged, lang: str) -> str:
    target = judged.target
    parts = [target.id, target.clause, target.due.says, *([word("lead", lang, lead="、".join(target.lead))] if target.lead else [])]
    return " · ".join(each for each in parts if each)


def _rank(figure: Figure, among: Mapping[str, Among], lang: str) -> list[str]:
    found = among.get(figure.indicator)
    if found is None or found.of < 2:
        return []
    middle = said(found.middle, figure.declared, lang)
    return [word("rank", lang, rank=found.rank, of=found.of, middle=middle)]
