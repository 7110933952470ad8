"""The children of a unit in the order of the indicator in view; a click enters one."""

from __future__ import annotations

from typing import Any

import layers
from app.classes import Classes
from app.numbers import printed
from app.outlook import Outlook
from app.palette import Flavour
from app.panels.explain import why
from app.panels.links import go
from app.panels.review import badge
from app.tags import Tag, html
from app.words import word
from geodata.reasons import of_figure
from layers._ladder import LEVELS

MOST = 40
"""Longer lists are not read, and cost the browser seconds: the best and the worst are shown, map and search reach the rest."""


def ranking(outlook: Outlook, classes: Classes, flavour: Flavour, most: int = MOST) -> list[Any]:
    """Every child with its rank, a bar and its value; the ones without a value last.

    Parameters
    ----------
    outlook : Outlook
    classes : Classes
        For the colours, which are those of the map.
    flavour : Flavour
    most : int
        Lines at most; of a longer list the first and the last.
    """
    lang = outlook.view.lang
    _, indicator = layers.indicator(outlook.view.counted)
    if not outlook.children:
        return [html.H2(word("ranking", lang, level="")), html.P(word("ranking.none", lang), className="quiet")]
    title: list[Any] = [word("ranking", lang, level=_level(outlook)), html.Small(indicator.title[lang])]
    values = ordered(outlook)
    if silent := _silent(outlook):
        return [html.H2(title), html.P([html.B(word("state.none", lang)), " ", silent], className="quiet board-none")]
    full = max((abs(each.value) for each in values if each.value is not None), default=0) or 1
    ranked = list(enumerate(values, 1))
    shown = ranked if len(ranked) <= most else ranked[: most // 2] + ranked[-(most // 2) :]
    lines = [_line(outlook, rank, each, full, _colour(each.id, classes, flavour)) for rank, each in shown]
    return [html.H2(title), html.Ol(lines, className="ranking")]


def _silent(outlook: Outlook) -> str:
    """Why none of the units has a number; nothing where one has."""
    if any(each.value is not None for each in outlook.values):
        return ""
    figure = next((each for each in outlook.figures if each.indicator == outlook.view.counted), None)
    reason = of_figure(figure) if figure else None
    return reason[outlook.view.lang] if reason else ""


def ordered(outlook: Outlook) -> list[Any]:
    """Best first where the indicator says what is better, else highest first; unknown last."""
    _, indicator = layers.indicator(outlook.view.counted)
    sign = 1 if indicator.higher_is_better is False else -1
    return sorted(
        outlook.values,
        key=lambda each: (each.value is None, sign * (each.value or 0), -(each.denominator or 0), each.code),
    )


def _level(outlook: Outlook) -> str:
    held = {each.level for each in outlook.children}
    return next(each.title[outlook.view.lang] for each in LEVELS if each.name in held)


def _colour(unit: int, classes: Classes, flavour: Flavour) -> str:
    index = classes.states.get(str(unit), {}).get("c", len(flavour.classes) - 1)
    return flavour.classes[int(str(index))]


def _line(outlook: Outlook, rank: int, value: Any, full: float, colour: str) -> Tag:
    _, indicator = layers.indicator(outlook.view.counted)
    number, sign = printed(value.value, indicator, outlook.view.lang)
    share = 0 if value.value is None else abs(value.value) / full
    face = [
        html.Span(str(rank), className="rank"),
        html.Span([value.name, *badge(outlook, outlook.view.counted, value.code)], className="rank-name"),
        html.Span(html.I(style={"width": f"{share:.1%}", "background": colour}), className="rank-bar"),
        html.Span([number, html.Small(sign if sign == "%" else "")], className="rank-value"),
    ]
    there = outlook.view.entered(value.code)
    return html.Li([go(there, face, "rank-line"), why(there, outlook.view.counted, value.name)])
