"""What Dash itself carries: the words of search to what they find, and what the map says to the scripts of the page.

Views do not come this way but by /answer (`app.answer`): between a click and its question Dash's renderer takes a tenth
of a second, and as long again to lay out the answer, before the map hears of it.
"""

from __future__ import annotations

import logging
from typing import Any

from anyio import to_thread
from dash import ClientsideFunction, Dash, Input, Output, State

from app.guests import asker
from app.panels.search import hits
from app.tags import html
from app.view import View
from app.words import word
from geodata import search
from geodata.door import Door, Scope
from layers import OneMapError

LOG = logging.getLogger("onemap")


def wire(dash: Dash, door: Door) -> None:
    """Connect the page with the store and with its scripts.

    Parameters
    ----------
    dash : Dash
    door : Door
        Every question of every callback goes through it.
    """

    @dash.callback(Output("hits", "children"), Input("sought", "data"), prevent_initial_call=True)
    async def _found(sought: dict[str, str] | None) -> list[Any]:
        return await to_thread.run_sync(found, door, sought or {})

    _scripts(dash)


def _scripts(dash: Dash) -> None:
    """What needs no server: functions of assets/walk.js."""

    def script(name: str, output: Output | None, *inputs: Input | State) -> None:
        """Bind a function of assets/walk.js to what it fills and hears."""
        function = ClientsideFunction("walk", name)
        parts = (output, *inputs) if output else inputs
        dash.clientside_callback(function, *parts, prevent_initial_call=True)

    script("viewport", None, Input("map", "viewport"))
    script("problem", Output("map-problem", "children"), Input("map", "problem"))
    dash.clientside_callback(ClientsideFunction("walk", "start"), Input("shell", "id"))


def found(door: Door, sought: dict[str, str]) -> list[Any]:
    """What search finds, as links from the view that is shown; a sentence where the store does not answer.

    Parameters
    ----------
    door : Door
    sought : dict
        "text", what to find, and "url", the address of the view.
    """
    view, _ = View.from_url(sought.get("url", "/"))
    text = sought.get("text", "").strip()
    if not text:
        return []
    try:
        return hits(view, text, door.ask(lambda reader: search.find(reader, text), Scope(role=asker.get(), day=view.day)))
    except OneMapError as problem:
        LOG.warning("%s", problem)
        return [html.P(word("store.down", view.lang), className="quiet")]
