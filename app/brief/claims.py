"""What a brief claims of a unit: three strong, three weak, three next, each with its evidence. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

import layers
from app.brief.words import phrase
from app.classes import said
from geodata.indicators import Figure
from geodata.judging import Standing, Verdict
from geodata.peers import Among
from layers import Indicator
from layers._indicator import Density, SeenGround
from layers._ladder import level

EACH = 3
"""Claims of each kind: what fits on a page and into a listener's head."""

QUARTER = 0.25
"""Who ranks within this share of the siblings is among the first, or among the last."""

_WHOLE = 1e-9


@dataclass(frozen=True, slots=True)
class Case:
    """One number of a unit that something can be claimed of.

    Parameters
    ----------
    indicator : str
        "theme.indicator".
    value : float
        The unit's own, or the share of its units that pass.
    numerator, denominator, asked : float or None
        What was counted, of what; what must be reached, None without a target.
    units : str or None
        The level whose units were counted.
    standing : Standing or None
        To the target that decides.
    among : Among or None
        Its place among the siblings' numbers; None where units were counted.
    """

    indicator: str
    value: float
    numerator: float | None
    denominator: float | None
    asked: float | None = None
    units: str | None = None
    standing: Standing | None = None
    among: Among | None = None

    @property
    def declared(self) -> Indicator:
        """The declaration of its indicator."""
        return layers.indicator(self.indicator)[1]

    @property
    def margin(self) -> float:
        """How far the value is above what is asked, as a share of it; negative where it is missed."""
        asked = self.asked or 0.0
        return (self.value - asked) / (abs(asked) or 1.0)

    @property
    def lacks(self) -> int:
        """Rows or units that are lacking until it is met; 0 where that cannot be counted."""
        if self.asked is None or isinstance(self.declared.measure, (SeenGround, Density)):
            return 0
        of, has = (self.denominator, self.numerator) if self.denominator is not None else (1.0, self.value)
        whole = has is not None and float(has).is_integer() and float(of).is_integer()
        return max(0, ceil(self.asked * of - has - _WHOLE)) if whole and has is not None else 0


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing to be said of a unit.

    Parameters
    ----------
    case : Case
    title, value : str
        As they are printed.
    evidence : tuple of str
        Lines that can be looked up: what was counted of what and what is asked, the clause, the rank.
    gap : str
        What is lacking, where that is what the claim is about.
    """

    case: Case
    title: str
    value: str
    evidence: tuple[str, ...]
    gap: str = ""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a brief says: at most three of each; a case stands in one of the first two at most."""

    strong: tuple[Claim, ...]
    weak: tuple[Claim, ...]
    next: tuple[Claim, ...]


def claims(standings: Iterable[Standing], figures: Iterable[Figure], among: Mapping[str, Among], lang: str) -> Claims:
    """The claims about a unit.

    Parameters
    ----------
    standings : iterable of Standing
        To every target in force.
    figures : iterable of Figure
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
    *Strong* are targets that are met, those first in which most siblings are worse, then the widest margin; after them
    indicators without a target in which the unit is in the first quarter of at least four siblings. *Weak* are targets that
    are behind or missed, the widest gap first, as a share of what is asked; after them indicators in the last quarter. *Next*
    are the targets that the fewest rows are lacking to, so that each line says what is to be done.
    """
    aimed = _hardest(case for each in standings if (case := case_of(each, among)))
    judged = {each.indicator for each in aimed}
    plain = [_plain(each, among) for each in figures if each.value is not None and each.indicator not in judged]
    met = sorted((each for each in aimed if _state(each) == "met"), key=lambda each: (-_ahead(each), -each.margin))
    weak = sorted((each for each in aimed if _state(each) in ("behind", "missed")), key=lambda each: each.margin)
    first = sorted((each for each in plain if _first(each)), key=lambda each: -_ahead(each))
    last = sorted((each for each in plain if _last(each)), key=_ahead)
    soon = sorted((each for each in aimed if _state(each) != "met" and each.lacks), key=lambda each: each.lacks)
    return Claims(
        tuple(_claim(each, lang) for each in (*met, *first)[:EACH]),
        tuple(_claim(each, lang) for each in (*weak, *last)[:EACH]),
        tuple(_claim(each, lang, gap=True) for each in soon[:EACH]),
    )


def case_of(standing: Standing, among: Mapping[str, Among]) -> Case | None:
    """The part of a target's rule that decides, as a case; None where there is no data."""
    known = [each for each in standing.parts if each.numbers.value is not None and each.asked is not None and each.rule.by]
    if standing.state == "none" or not known:
        return None
    part = min(known, key=_margin)
    numbers, by = part.numbers, str(part.rule.by)
    place = None if numbers.units else among.get(by)
    return Case(by, numbers.value or 0.0, numbers.numerator, numbers.denominator, part.asked, numbers.units, standing, place)


def _margin(part: Verdict) -> float:
    asked = part.asked or 0.0
    return ((part.numbers.value or 0.0) - asked) / (abs(asked) or 1.0)


def _hardest(cases: Iterable[Case]) -> list[Case]:
    """One case for each indicator and level: of several targets the one that is met last."""
    found: dict[tuple[str, str | None], Case] = {}
    for each in cases:
        held = found.get((each.indicator, each.units))
        if held is None or each.margin < held.margin:
            found[each.indicator, each.units] = each
    return list(found.values())


def _plain(figure: Figure, among: Mapping[str, Among]) -> Case:
    return Case(figure.indicator, figure.value or 0.0, figure.numerator, figure.denominator, among=among.get(figure.indicator))


def _state(case: Case) -> str:
    return case.standing.state if case.standing else "plain"


def _ahead(case: Case) -> float:
    """Share of the siblings that are worse; half where there is none to compare with."""
    return 0.5 if case.among is None or case.among.of < 2 else case.among.worse / (case.among.of - 1)


def _compared(case: Case) -> bool:
    return case.among is not None and case.among.of * QUARTER >= 1


def _first(case: Case) -> bool:
    return _compared(case) and _ahead(case) > 1 - QUARTER


def _last(case: Case) -> bool:
    return case.among is not None and _compared(case) and (case.among.rank - 1) / (case.among.of - 1) > 1 - QUARTER


def _claim(case: Case, lang: str, gap: bool = False) -> Claim:
    lines = [" · ".join(_numbers(case, lang)), *_clause(case, lang), *_rank(case, lang)]
    lacking = phrase("lacks", lang, n=f"{case.lacks:,}") if gap else ""
    return Claim(case, titled(case, lang), said_of(case, case.value, lang), tuple(each for each in lines if each), lacking)


def titled(case: Case, lang: str) -> str:
    """What a case is called: the indicator, and the units that pass where these are counted."""
    title = case.declared.title[lang]
    return phrase("units", lang, title=title, level=level(case.units).title[lang]) if case.units else title


def said_of(case: Case, value: float, lang: str) -> str:
    """A value of a case as it is printed; a share of units in percent, whatever the indicator's own unit is."""
    return f"{value * 100:.1f}%".replace(".0%", "%") if case.units and case.denominator is not None else said(value, case.declared, lang)


def _numbers(case: Case, lang: str) -> list[str]:
    counted = case.denominator and float(case.denominator).is_integer() and float(case.numerator or 0).is_integer()
    parts = [phrase("of", lang, numerator=f"{case.numerator:,.0f}", denominator=f"{case.denominator:,.0f}")] if counted else []
    return parts + ([phrase("asks", lang, aim=said_of(case, case.asked, lang))] if case.asked is not None else [])


def _clause(case: Case, lang: str) -> list[str]:
    if case.standing is None:
        return []
    target, due = case.standing.target, case.standing.due
    lead = phrase("lead", lang, lead="、".join(target.lead)) if target.lead else ""
    return [" · ".join(each for each in (target.id, target.clause, due.says, lead) if each)]


def _rank(case: Case, lang: str) -> list[str]:
    place = case.among
    if place is None or place.of < 2:
        return []
    key = "rank.tied" if place.worse + place.rank < place.of else "rank"
    return [phrase(key, lang, rank=place.rank, of=place.of, middle=said(place.middle, case.declared, lang))]
