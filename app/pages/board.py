"""The board (责任清单): who owes what by when, and how each stands; light, for reading."""

from __future__ import annotations

from typing import Any

from app.outlook import Outlook
from app.panels.board import filters, states, table
from app.panels.head import head
from app.panels.target import target
from app.panels.trail import trail
from app.tags import Tag, html
from app.view import View
from app.words import word


def board(outlook: Outlook) -> dict[str, list[Any]]:
    """Region -> what stands in it."""
    view, found = outlook.view, outlook.board
    assert found is not None
    return {
        "head": head(outlook), "trail": trail(outlook),
        "board": [
            html.Div([html.H1([word("board", view.lang), html.Small(outlook.unit.name)]), _exports(view)], className="board-title"),
            html.Div([*states(view, found), html.Div(filters(view, found), className="filters")], className="board-top"),
            html.Div(table(outlook, found, outlook.flavour), className="papers"),
        ],
        "target": target(outlook, found, outlook.flavour),
    }


def _exports(view: View) -> Tag:
    """The list as it is filtered, as files."""
    query = "&".join(part for part in view.to_url().partition("?")[2].split("&") if part)
    links = [html.A(kind.upper(), href=f"/board.{kind}" + (f"?{query}" if query else ""), className="plain-link", download="") for kind in ("xlsx", "csv")]
    return html.Nav([html.Span(word("board.export", view.lang)), *links], className="exports")
