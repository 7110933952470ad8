"""The search box and what it found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dash import dcc, html

import layers
from app.panels.links import go
from app.tags import Tag
from app.view import Place, View
from app.words import word

CLOSE_ZOOM = 16.5
"""At this zoom a found row stands among its neighbours with its sight drawn."""


def box() -> html.Div:
    """The room for the box and for its hits.

    Notes
    -----
    The box itself is made by assets/walk.js: Dash's own Input takes a code of digits for a number, and asks in the middle
    of a Chinese word that is still being typed in letters.
    """
    return html.Div(
        [html.Div(id="search-room"), dcc.Store(id="sought", data=""), html.Div(id="hits", role="listbox")],
        id="search-box", role="search",
    )


def hits(view: View, text: str, found: Iterable[Any]) -> list[Any]:
    """One link for each hit.

    Parameters
    ----------
    view : View
        The view that the reader would leave.
    text : str
        What was searched.
    found : iterable of Hit
        Of `geodata.search.find`.
    """
    lines = [_hit(view, each) for each in found]
    return lines or [html.P(word("search.none", view.lang, text=text), className="quiet")]


def _hit(view: View, hit: Any) -> Tag:
    if hit.kind == "unit":
        leads, sort = view.entered(hit.code), word("search.unit", view.lang)
    else:
        leads = view.picked(hit.theme, hit.code, _near(hit))
        sort = layers.theme(hit.theme).title[view.lang]
    face = [html.Span(hit.title, className="hit-name"), html.Span(sort, className="hit-sort"), html.Small(hit.subtitle)]
    return go(leads, face, "hit", fly=True, role="option")


def _near(hit: Any) -> Place | None:
    return None if hit.lon is None or hit.lat is None else (hit.lon, hit.lat, CLOSE_ZOOM)
