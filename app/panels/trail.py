"""The way from home to the unit in view, and the way back."""

from __future__ import annotations

from typing import Any

from app.outlook import Outlook
from app.panels.links import aria, go
from app.tags import Tag, html
from app.words import word
from layers._ladder import level


def trail(outlook: Outlook) -> list[Any]:
    """Back, the breadcrumb, and the level of the unit in view."""
    view, lang = outlook.view, outlook.view.lang
    crumbs = [_crumb(outlook, index) for index in range(len(outlook.path))]
    return [
        *_back(outlook),
        html.Nav(html.Ol(crumbs), className="crumbs", **aria(label=word("trail", lang))),
        html.Span(level(outlook.unit.level).title[lang], className="chip"),
        go(view.entered(view.unit), word("whole", lang), "plain-link whole", fly=True),
    ]


def _back(outlook: Outlook) -> list[Any]:
    view = outlook.view
    if outlook.parent is None and view.row is None and view.explain is None:
        return []
    parent = outlook.parent.code if outlook.parent else None
    above = view.up(None if parent == outlook.home.code else parent)
    label = [html.Span("‹", className="back-arrow", **aria(hidden="true")), word("up", view.lang)]
    return [go(above, label, "button back", id="up")]


def _crumb(outlook: Outlook, index: int) -> Tag:
    unit, last = outlook.path[index], index == len(outlook.path) - 1
    if last:
        return html.Li(html.Span(unit.name, **aria(current="page")))
    code = None if unit.code == outlook.home.code else unit.code
    return html.Li(go(outlook.view.entered(code), unit.name))
