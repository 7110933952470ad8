"""The strip along the foot of a wall: what happened, and under which marks the map may be shown."""

from __future__ import annotations

from collections import Counter
from typing import Any

from app.events import Event, events
from app.outlook import Outlook
from app.panels.links import go
from app.tags import Tag, html
from app.view import View
from app.words import word
from geodata.judging import STATES
from geodata.settings import settings

_LIGHTS = {"fell": "missed", "dropped": "near", "rose": "met", "load": "fresh"}


def ticker(outlook: Outlook) -> list[Any]:
    """One sentence at a time, which the page's script turns; then what the signs mean, as on the board, and how many targets are in each state."""
    lang = outlook.view.lang
    counts = Counter(each.state for each in outlook.standings)
    signs = [html.Li([html.I(className=f"light {each}"), html.Span([word(f"state.{each}", lang), html.B(str(counts[each]))])], className=each) for each in STATES]
    number = settings().map_approval
    signs += [html.Li(word("wall.approval", lang, number=number), className="approval")] if number else []
    return [html.H2(word("wall.events", lang)), html.Ol(_lines(outlook), className="events turns"), html.Ul(signs, className="marks")]


def news(outlook: Outlook) -> list[Any]:
    """The same sentences below each other, for a wall that has room."""
    return [html.H2(word("wall.events", outlook.view.lang)), html.Ol(_lines(outlook), className="news rolls")]


def _lines(outlook: Outlook) -> list[Tag]:
    view = outlook.view
    told = [_line(view, each) for each in events(outlook)]
    return told or [html.Li(html.Span(word("event.none", view.lang), className="event"))]


def _line(view: View, event: Event) -> Tag:
    face = [html.I(className=f"light {_LIGHTS[event.kind]}"), html.Span(event.text)]
    return html.Li(go(view.entered(event.unit), face, fly=True) if event.unit else html.Span(face, className="event"))
