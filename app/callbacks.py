"""Two wires to the server: an address to everything the page shows of it, and a text to what search finds."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any
from zlib import crc32

from anyio import to_thread
from dash import ClientsideFunction, Dash, Input, Output, State, no_update

import layers
from app.classes import Classes, classes
from app.outlook import Outlook, look
from app.pages.desk import desk
from app.pages.shell import REGIONS
from app.pages.wall import wall
from app.palette import FLAVOURS, css
from app.panels.search import hits
from app.panels.trend import trend
from app.stage import camera, stage
from app.tags import html
from app.view import View
from app.words import word
from geodata import search
from geodata.door import Door, Scope
from geodata.errors import StoreError
from layers import OneMapError

LOG = logging.getLogger("onemap")

Said = dict[str, Any]

PAGES: dict[str, Callable[[Outlook, Classes], dict[str, list[Any]]]] = {"desk": desk, "wall": wall}

_MAP = ("mapStyle", "picture", "featureState", "camera", "outline", "selected", "tooltip", "words", "lang")
_OUTPUTS = {
    **{name: Output(name, "children") for name in REGIONS},
    **{f"map.{name}": Output("map", name) for name in _MAP},
    "brand": Output("brand", "children"),
    "flavour": Output("shell", "style"),
    "page": Output("shell", "className"),
    "doors": Output("doors", "data"),
    "trend": Output("trend-said", "data"),
    "known": Output("known", "data"),
}


def wire(dash: Dash, door: Door) -> None:
    """Connect the page with the store and with its scripts.

    Parameters
    ----------
    dash : Dash
    door : Door
        Every question of every callback goes through it.
    """

    @dash.callback(_OUTPUTS, Input("asked", "data"), State("known", "data"), prevent_initial_call=True)
    async def _shown(asked: Said | None, known: Said | None) -> Said:
        return await to_thread.run_sync(answer, door, asked or {}, known or {})

    @dash.callback(Output("hits", "children"), Input("sought", "data"), State("asked", "data"), prevent_initial_call=True)
    async def _found(text: str | None, asked: Said | None) -> list[Any]:
        return await to_thread.run_sync(found, door, text or "", asked or {})

    _scripts(dash)


def _scripts(dash: Dash) -> None:
    """What needs no server: functions of assets/walk.js."""

    def script(name: str, output: Output | None, *inputs: Input | State) -> None:
        function = ClientsideFunction("walk", name)
        parts = (output, *inputs) if output else inputs
        dash.clientside_callback(function, *parts, prevent_initial_call=True)

    script("click", None, Input("map", "click"))
    script("viewport", None, Input("map", "viewport"))
    script("doors", None, Input("doors", "data"))
    script("problem", Output("map-problem", "children"), Input("map", "problem"))
    script("trend", Output("trend", "children"), Input("trend-said", "data"), Input("map", "ready"))
    dash.clientside_callback(ClientsideFunction("walk", "start"), Output("asked", "data"), Input("shell", "id"))


def answer(door: Door, asked: Said, known: Said) -> Said:
    """Everything that has changed on the page since what it already shows.

    Parameters
    ----------
    door : Door
    asked : dict
        "url"; "n", different for each step; "fly", whether the map goes where the address says.
    known : dict
        "shown": part -> checksum, "unit", "page": of the answer before.

    Returns
    -------
    dict
        One value for each output, `no_update` for what stays. Never raises for what the store or the address says.
    """
    view, problems = View.from_url(str(asked.get("url", "/")))
    try:
        with door.reader(Scope(day=view.day)) as reader:
            outlook = look(reader, view)
    except StoreError as problem:
        LOG.warning("%s", problem)
        return _without_store(view, problem, known)
    said = [each.says[view.lang] for each in (*problems, *outlook.problems)]
    return _changed(_parts(outlook, said, asked, known), known, outlook)


def _parts(outlook: Outlook, said: list[str], asked: Said, known: Said) -> Said:
    view, flavour = outlook.view, FLAVOURS[outlook.view.page]
    _, indicator = layers.indicator(view.counted)
    made = classes(outlook.coloured, indicator, flavour, view.lang)
    parts: Said = PAGES[view.page](outlook, made)
    parts |= {f"map.{name}": value for name, value in stage(outlook, made).items()}
    if asked.get("fly") or known.get("place") != _place(outlook):
        mode = "fly" if known.get("place") else "jump"
        parts["map.camera"] = camera(outlook, f"{_place(outlook)} {asked.get('n', 0)}", mode)
    return parts | {
        "brand": [html.Span(className="brand-mark"), html.Div([html.B(word("title", view.lang)), html.Small(outlook.home.name)])],
        "flavour": css(flavour), "page": f"page {view.page}", "problems": [html.P(each) for each in said], "empty": None,
        "trend": trend(outlook, flavour), "doors": doors(outlook),
    }


def _place(outlook: Outlook) -> str:
    return f"{outlook.view.page} {outlook.unit.code}"


def doors(outlook: Outlook) -> Said:
    """Where clicks on the map lead, as addresses with {code}, {theme} and {key} to be filled in.

    Returns
    -------
    dict
        "here", "unit", "row", "title", "lang", and the words that the scripts say by themselves.
    """
    view = outlook.view
    theme = next(iter(layers.themes()))
    row = view.picked(theme, "{key}").to_url().replace(f"row={theme}/", "row=%7Btheme%7D/")
    names = [outlook.unit.name, word("title", view.lang)]
    return {
        "here": view.to_url(), "unit": view.entered("{code}").to_url(), "row": row, "page": view.page, "lang": view.lang,
        "title": " · ".join(names), "search": word("search", view.lang), "lost": word("server.down", view.lang),
    }


def _changed(parts: Said, known: Said, outlook: Outlook) -> Said:
    before = known.get("shown", {})
    sums = {name: _checksum(value) for name, value in parts.items()}
    fresh = {name: value for name, value in parts.items() if sums[name] != before.get(name)}
    shown = {"shown": before | sums, "place": _place(outlook), "lang": outlook.view.lang}
    return {name: fresh.get(name, no_update) for name in _OUTPUTS} | {"known": shown}


def _checksum(value: Any) -> int:
    return crc32(json.dumps(value, default=_plain, ensure_ascii=False).encode())


def _plain(component: Any) -> Any:
    return component.to_plotly_json()


def _without_store(view: View, problem: StoreError, known: Said) -> Said:
    """The sentence, and nothing else: what is on the screen stays there."""
    nothing: Said = dict.fromkeys(_OUTPUTS, no_update)
    if "it holds no unit" in problem.fact or "onemap." in problem.fact:
        says = [html.H2(word("empty", view.lang)), html.P(word("empty.says", view.lang))]
        return nothing | {"empty": says, "page": f"page {view.page} empty", "flavour": css(FLAVOURS[view.page])}
    if not known.get("place"):  # the first answer: there is nothing on the screen that could stay there
        nothing |= {"page": f"page {view.page} empty", "flavour": css(FLAVOURS[view.page])}
    forgotten = {**known, "shown": {name: value for name, value in known.get("shown", {}).items() if name != "problems"}}
    return nothing | {"problems": [html.P(word("store.down", view.lang))], "known": forgotten}


def found(door: Door, text: str, asked: Said) -> list[Any]:
    """What search finds, as links from the view that is shown; a sentence where the store does not answer."""
    view, _ = View.from_url(str(asked.get("url", "/")))
    if not text.strip():
        return []
    try:
        with door.reader(Scope(day=view.day)) as reader:
            return hits(view, text.strip(), search.find(reader, text.strip()))
    except OneMapError as problem:
        LOG.warning("%s", problem)
        return [html.P(word("store.down", view.lang), className="quiet")]
