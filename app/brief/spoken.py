"""A brief in spoken words: what one says of a unit in half a minute. Rules, no model."""

from __future__ import annotations

from collections.abc import Sequence

from app.brief.claims import Claim, Claims, said_of
from app.brief.words import phrase
from app.numbers import short
from app.outlook import Outlook
from app.panels.card import area
from geodata.judging import Standing
from layers._ladder import level


def spoken(outlook: Outlook, standings: Sequence[Standing], found: Claims) -> tuple[str, ...]:
    """The paragraphs to be read out.

    Parameters
    ----------
    outlook : Outlook
        Of the unit.
    standings : sequence of Standing
    found : Claims

    Returns
    -------
    tuple of str
        Who it is; how it stands; what is strong, weak and next. A part without a claim is left out.
    """
    lang = outlook.view.lang
    said = {
        "strong": [_standing(each, lang) for each in found.strong],
        "weak": [_standing(each, lang) for each in found.weak],
        "next": [phrase("spoken.step", lang, title=each.title, n=f"{each.case.lacks:,}") for each in found.next],
    }
    parts = [phrase(f"spoken.{kind}", lang, list=phrase("comma", lang).join(each)) for kind, each in said.items() if each]
    return (_who(outlook), _stands(outlook, standings), *parts)


def _who(outlook: Outlook) -> str:
    lang, unit, parent = outlook.view.lang, outlook.unit, outlook.parent
    above = phrase("spoken.above", lang, parent=parent.name) if parent else phrase("spoken.top", lang)
    text = phrase("spoken.who", lang, name=unit.name, above=above, area=area(unit.area_m2))
    if unit.population is not None:
        text += phrase("spoken.people", lang, people="".join(short(unit.population, lang)) + phrase("people.unit", lang))
    if outlook.children:
        below = level(outlook.children[0].level).title[lang].lower()
        text += phrase("spoken.below", lang, n=len(outlook.children), level=below)
    return text + phrase("stop", lang)


def _stands(outlook: Outlook, standings: Sequence[Standing]) -> str:
    counts = {state: sum(each.state == state for each in standings) for state in ("met", "course", "behind", "missed")}
    return phrase("spoken.stands", outlook.view.lang, day=outlook.as_of or "—", all=sum(counts.values()), **counts)


def _standing(claim: Claim, lang: str) -> str:
    case, text = claim.case, phrase("spoken.one", lang, title=claim.title, value=claim.value)
    if case.asked is not None and case.margin < 0:
        return text + phrase("spoken.asked", lang, aim=said_of(case, case.asked, lang))
    place = case.among
    return text + (phrase("spoken.ranked", lang, of=place.of, rank=place.rank) if place and place.of > 1 else "")
