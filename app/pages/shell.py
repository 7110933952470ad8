"""The shell that both pages fill: its regions and the map."""

from __future__ import annotations

from typing import Any

from dash import html

from app.onemap_map import OneMap
from app.panels.search import box
from app.region import Region


def shell() -> html.Div:
    """The page before the first answer."""
    return html.Div(
        [
            html.A("跳到地图 Skip to the map", href="#map", className="skip"),
            html.Header([Region("brand", "brand"), box(), Region("head", "head")], id="top"),
            html.Aside([Region("themes", "panel", "nav")], id="left"),
            html.Main([_map(), *(Region(name) for name in ("trail", "legend", "explain", "row", "empty")), *_said()], id="stage"),
            html.Section(Region("board"), id="board-room"),
            html.Aside(Region("target"), id="target-room"),
            html.Aside([_panel("card"), _panel("figures"), _panel("definitions"), _panel("compare"), html.Section(id="trend", className="panel"), _panel("ranking"), _panel("covered"), _panel("news"), _panel("more")],
                       id="right"),
            Region("foot", "foot", "section"),
            html.Div(id="player"),
            Region("help", "help", "section"),
        ],
        id="shell", className="page waiting",
    )


def _panel(name: str) -> Region:
    return Region(name, "panel", "section")


def _map() -> OneMap:
    return OneMap(id="map", className="map")


def _said() -> list[Any]:
    """Calm sentences: about the view, about the map, about the line to the server."""
    return [html.Div([Region("problems"), html.Div(id="map-problem"), Region("line-problem")], id="said", role="status")]
