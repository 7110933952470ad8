"""Who and what a unit is: name, level, people, households, ground."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from app.numbers import NOTHING, short, whole
from app.outlook import Outlook
from app.panels.links import aria
from app.tags import Tag, html
from app.view import View
from app.words import word
from layers._ladder import LEVELS, level

_M2_PER_KM2 = 1e6


def card(outlook: Outlook) -> list[Any]:
    """The unit's name plate with three facts."""
    unit, lang = outlook.unit, outlook.view.lang
    facts = [
        (word("population", lang), whole(unit.population), word("people.unit", lang)),
        (word("households", lang), whole(unit.households), word("households.unit", lang)),
        (word("area", lang), area(unit.area_m2), word("km2", lang)),
    ]
    return [
        html.Div([html.H1(unit.name), html.Span(level(unit.level).title[lang], className="chip")], className="card-name"),
        html.P([word("code", lang, code=unit.code), *_below(outlook), _brief(outlook)], className="card-code"),
        html.Dl([_fact(*each) for each in facts], className="facts"),
    ]


def plate(outlook: Outlook, extra: list[tuple[str, float | None, str]]) -> list[Any]:
    """The wall's key figures: people, households and ground, then what the page adds.

    Parameters
    ----------
    outlook : Outlook
    extra : list of (title, value, unit)
        Further numbers of the unit.
    """
    unit, lang = outlook.unit, outlook.view.lang
    km2 = None if unit.area_m2 is None else unit.area_m2 / _M2_PER_KM2
    numbers = [
        (word("population", lang), unit.population, word("people.unit", lang)),
        (word("households", lang), unit.households, word("households.unit", lang)),
        (word("area", lang), km2, word("km2", lang)),
        *extra,
    ]
    return [
        html.H2([html.Span(unit.name, className="plate-name"), html.Span(level(unit.level).title[lang], className="chip")]),
        html.Div([_flap(title, value, sign, lang) for title, value, sign in numbers], className="flaps"),
    ]


def area(area_m2: float | None) -> str:
    """Square kilometres, with as many decimals as three digits need."""
    if area_m2 is None:
        return NOTHING
    km2 = area_m2 / _M2_PER_KM2
    return f"{km2:,.0f}" if km2 >= 1000 else f"{km2:.1f}" if km2 >= 10 else f"{km2:.2f}"


def _below(outlook: Outlook) -> list[Any]:
    if not outlook.children:
        return []
    lang = outlook.view.lang
    names = {each.level for each in outlook.children}
    said = "、".join(each.title[lang] for each in LEVELS if each.name in names) if lang == "zh" else ", ".join(
        each.title[lang] for each in LEVELS if each.name in names
    )
    return [html.Span("·", className="dot-sep"), word("children", lang, n=len(outlook.children), level=said)]


def _brief(outlook: Outlook) -> Tag:
    """The same on a page of paper, in the language and of the day in view. A card does not change with the indicator."""
    view = outlook.view
    query = View(lang=view.lang, day=view.day).to_url().partition("?")[2]
    return html.A(word("brief", view.lang), href=f"/brief/{quote(outlook.unit.code, safe='')}.pdf?{query}", target="_blank",
                  className="plain-link brief", title=word("brief.says", view.lang))


def _fact(title: str, value: str, sign: str) -> Tag:
    return html.Div([html.Dt(title), html.Dd([html.B(value), html.Small(sign)])])


def _flap(title: str, value: float | None, sign: str, lang: str) -> Tag:
    number, times = short(value, lang)
    digits = [html.Span(each, className="digit" if each.isdigit() else "point") for each in number]
    return html.Div(
        [html.Div([html.Span(title), html.Small(times + sign)], className="flap-title"),
         html.Div(digits, className="digits", role="img", **aria(label=f"{number}{times}{sign}"))],
        className="flap",
    )
