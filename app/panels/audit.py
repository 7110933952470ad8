"""The findings of the audit inside the unit in view: how many of each kind, and the heaviest, each a way to its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.audit_marks import inks
from app.numbers import whole
from app.outlook import Outlook
from app.panels.links import go
from app.tags import Tag, html
from app.words import word
from layers import Theme
from layers._audit import DEFECTS

_ZOOM = 16.0
"""Where a finding fills the map well: a gap of ten metres is twenty pixels wide."""


def audit(outlook: Outlook, _theme: Theme) -> list[Any]:
    """The legend while findings are drawn.

    Parameters
    ----------
    outlook : Outlook
        With findings; without (another day is asked for) a sentence says so.
    """
    lang, told = outlook.view.lang, outlook.audited
    n = f" · {word('audit.n', lang, n=whole(told.n))}" if told else ""
    title = [word("audit.title", lang), html.Small(f"{outlook.unit.name}{n}")]
    if told is None:
        return [html.H2(title), html.P(word("audit.today", lang))]
    if not told.n:
        return [html.H2(title), html.P(word("audit.none", lang))]
    found = [html.Div([html.H3(word("audit.worst", lang)), html.Ol([_finding(outlook, each) for each in told.worst], className="findings")])]
    return [
        html.H2(title),
        html.P(word("audit.says", lang)),
        html.Ul([_kind(outlook, kind, n) for kind, n in told.counts.items()], className="steps"),
        *(found if told.worst and outlook.view.page != "wall" else []),
    ]


def _kind(outlook: Outlook, kind: str, n: int) -> Tag:
    defect, lang = DEFECTS[kind], outlook.view.lang
    swatch = html.I(className="swatch round", style={"background-color": inks(outlook.flavour)[defect.weight]})
    return html.Li([swatch, html.Span(defect.title[lang], className="step-label"), html.Span(whole(n), className="step-n")])


def _finding(outlook: Outlook, found: Mapping[str, Any]) -> Tag:
    """One finding; a press moves the map to it."""
    lang = outlook.view.lang
    title = DEFECTS[found["kind"]].title[lang]
    face = [html.B(title), html.Span(found["key"] or found["unit"], className="finding-key"), html.Small(found[lang])]
    if found["lon"] is None:
        return html.Li(html.Span(face, className="finding"))
    return html.Li(go(outlook.view.moved(found["lon"], found["lat"], _ZOOM), face, "finding", fly=True, title=found[lang]))
