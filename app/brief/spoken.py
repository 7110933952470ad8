"""A brief in spoken words: what one says of a unit in half a minute. Rules, no model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.brief.claims import Claim, Claims, lacks
from app.brief.words import word
from app.classes import said
from app.numbers import short
from app.outlook import Outlook
from app.panels.card import area
from geodata.indicators import Figure
from geodata.peers import Among
from layers._ladder import level


def spoken(outlook: Outlook, found: Claims, among: Mapping[str, Among]) -> tuple[str, ...]:
    """The paragraphs to be read out.

    Parameters
    ----------
    outlook : Outlook
        Of the unit.
    found : Claims
    among : mapping of str to Among

    Returns
    -------
    tuple of str
        Who it is; how it stands; what is strong, weak and next. A part without a claim is left out.
    """
    lang = outlook.view.lang
    known = {each.indicator: each for each in outlook.figures}
    said_of = {
        "strong": [_standing(each, known[each.indicator], among, lang) for each in found.strong],
        "weak": [_standing(each, known[each.indicator], among, lang) for each in found.weak],
        "next": [word("spoken.step", lang, title=each.title, n=lacks(known[each.indicator])) for each in found.next],
    }
    parts = [word(f"spoken.{kind}", lang, list=word("comma", lang).join(each)) for kind, each in said_of.items() if each]
    return (_who(outlook), _stands(outlook), *parts)


def _who(outlook: Outlook) -> str:
    lang, unit, parent = outlook.view.lang, outlook.unit, outlook.parent
    above = word("spoken.above", lang, parent=parent.name) if parent else ""
    text = word("spoken.who", lang, name=unit.name, level=_called(level(unit.level).title[lang], lang), above=above, area=area(unit.area_m2))
    if unit.population is not None:
        text += word("spoken.people", lang, people="".join(short(unit.population, lang)) + word("people.unit", lang))
    if outlook.children:
        below = level(outlook.children[0].level).title[lang]
        text += word("spoken.below", lang, n=len(outlook.children), level=_called(below, lang))
    return text + word("stop", lang)


def _called(title: str, lang: str) -> str:
    return title.lower() if lang == "en" else title


def _stands(outlook: Outlook) -> str:
    states = [each.state for each in judged(outlook.figures)]
    counts = {state: states.count(state) for state in ("met", "near", "missed")}
    return word("spoken.stands", outlook.view.lang, day=outlook.as_of or "—", all=len(states), **counts)


def judged(figures: Iterable[Figure]) -> list[Figure]:
    """Those that a target asks for and that have a value."""
    return [each for each in figures if each.targets and each.value is not None]


def _standing(claim: Claim, figure: Figure, among: Mapping[str, Among], lang: str) -> str:
    text = word("spoken.one", lang, title=claim.title, value=claim.value)
    if figure.targets and figure.state != "met":
        aim = max((each.aim for each in figure.targets), key=lambda each: each.at_least or 0)
        kind, end = ("at_least", aim.at_least) if aim.at_least is not None else ("at_most", aim.at_most)
        return text + word("spoken.asked", lang, aim=word(kind, lang, value=said(end, figure.declared, lang)))
    place = among.get(figure.indicator)
    return text + (word("spoken.ranked", lang, of=place.of, rank=place.rank) if place and place.of > 1 else "")
