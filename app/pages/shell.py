"""The shell that both pages fill: its regions, the map, and the small stores between page and scripts."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from app.onemap_map import OneMap
from app.panels.search import box

REGIONS = ("head", "trail", "legend", "themes", "card", "figures", "ranking", "more", "row", "problems", "empty")
"""Ids of the regions whose content comes with each view."""


def shell() -> html.Div:
    """The page before the first answer."""
    return html.Div(
        [
            html.A("跳到地图 Skip to the map", href="#map", className="skip"),
            html.Header([html.Div(className="brand", id="brand"), box(), html.Div(id="head", className="head")], id="top"),
            html.Aside([html.Nav(id="themes", className="panel")], id="left"),
            html.Main([_map(), html.Div(id="trail"), html.Div(id="legend"), html.Div(id="row"), html.Div(id="empty"), *_said()],
                      id="stage"),
            html.Aside([_panel("card"), _panel("figures"), html.Section(id="trend", className="panel"), _panel("ranking"), _panel("more")],
                       id="right"),
            *_stores(),
        ],
        id="shell", className="page waiting",
    )


def _panel(name: str) -> html.Section:
    return html.Section(id=name, className="panel")


def _map() -> OneMap:
    return OneMap(id="map", className="map")


def _said() -> list[Any]:
    """Calm sentences: about the view, about the map, about the line to the server."""
    return [html.Div([html.Div(id="problems"), html.Div(id="map-problem"), html.Div(id="line-problem")], id="said", role="status")]


def _stores() -> list[Any]:
    """asked: the address to show; known: what the page already shows; doors: where clicks on the map lead."""
    return [dcc.Store(id=name) for name in ("asked", "known", "doors", "trend-said")]
