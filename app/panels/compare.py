"""Two days, or two units, side by side: every number that differs, and by how much."""

from __future__ import annotations

from typing import Any

import layers
from app.beside import Beside, Offered
from app.numbers import printed
from app.outlook import Outlook
from app.panels.explain import amount
from app.panels.links import chip
from app.tags import Tag, html
from app.words import word
from geodata.indicators import Figure
from layers import Indicator
from layers._indicator import Format


def compare(outlook: Outlook) -> list[Any]:
    """What may be laid beside the unit, and what is; folded away until something is."""
    lang, found = outlook.view.lang, outlook.beside
    title = [word("compare", lang)] if found is None else [word("compare.with", lang, title=found.title)]
    return [html.Details([html.Summary(title), *_choices(outlook, outlook.offered), *([_table(outlook, found)] if found else [])], open=found is not None)]


def _choices(outlook: Outlook, offered: Offered | None) -> list[Any]:
    view = outlook.view
    if offered is None:
        return []
    days = [chip(view.held_against(day.isoformat()), day.isoformat(), view.against == day.isoformat()) for day in offered.days]
    units = [chip(view.held_against(each.code), each.name, view.against == each.code) for each in offered.units]
    none = [chip(view.held_against(None), word("compare.none", view.lang), False)] if view.against else []
    rows = [(word("compare.days", view.lang), days), (word("compare.units", view.lang), units), ("", none)]
    return [html.Nav([html.Span(name), *chips], className="levels compare-choice") for name, chips in rows if chips]


def _table(outlook: Outlook, found: Beside) -> Tag:
    lang = outlook.view.lang
    there = {each.indicator: each for each in found.figures}
    here = outlook.view.day.isoformat() if outlook.view.day and not found.trend else outlook.unit.name
    lines = [_line(outlook, each, there[each.indicator]) for each in outlook.figures
             if each.indicator in there and layers.indicator(each.indicator)[0].name in outlook.loads and (each.value is not None or there[each.indicator].value is not None)]
    heading = html.Thead(html.Tr([html.Th(""), html.Th(here), html.Th(found.title), html.Th(word("compare.difference", lang))]))
    return html.Table([heading, html.Tbody(lines)], className="compare-table")


def _line(outlook: Outlook, here: Figure, there: Figure) -> Tag:
    lang, declared = outlook.view.lang, here.declared
    said, kind = _difference(here.value, there.value, declared)
    theme, _ = layers.indicator(here.indicator)
    return html.Tr([
        html.Td([declared.title[lang], html.Small(theme.title[lang])]), html.Td(_said(here.value, declared, lang), className="num"),
        html.Td(_said(there.value, declared, lang), className="num"), html.Td(said, className=f"num {kind}"),
    ])


def _said(value: float | None, declared: Indicator, lang: str) -> str:
    """Without the unit, which the column has no room for; a percent is short."""
    number, sign = printed(value, declared, lang)
    return number + ("%" if sign == "%" else "")


def _difference(here: float | None, there: float | None, declared: Indicator) -> tuple[str, str]:
    """Points of a share, else the amount; better or worse where the indicator knows what is better."""
    if here is None or there is None:
        return "—", "none"
    step = here - there
    if abs(step) < 1e-12:
        return "=", "none"
    said = f"{step * 100:+.1f}" if declared.format is Format.PERCENT else f"{'+' if step > 0 else '−'}{amount(abs(step))}"
    better = declared.higher_is_better
    return said.replace("-", "−"), "none" if better is None else "met" if (step > 0) == better else "missed"
