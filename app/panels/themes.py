"""The themes: switches, what is on record inside the unit, and what the marks on the map mean."""

from __future__ import annotations

from typing import Any

import layers
from app.numbers import whole
from app.outlook import Outlook
from app.palette import Flavour
from app.panels.links import aria, go
from app.tags import Tag, html
from app.view import View, entries
from app.words import word
from layers import Theme
from layers._theme import Geometry

_SHAPES = {Geometry.POINT: "dot", Geometry.LINE: "line", Geometry.AREA: "patch"}


def themes(outlook: Outlook, flavour: Flavour) -> list[Any]:
    """One switch for each theme, with its states where it is on."""
    switchable = [each for each in layers.themes().values() if each.name in entries()]
    title = html.H2(word("themes", outlook.view.lang))
    return [title, html.Ul([_theme(outlook, each, flavour) for each in switchable], className="themes")]


def totals(outlook: Outlook, flavour: Flavour) -> list[Any]:
    """The wall's list: how many rows of each theme lie inside the unit."""
    lang = outlook.view.lang
    held = [each for each in layers.themes().values() if not each.rung and each.name in outlook.loads]
    rows = [
        html.Li([mark(each, flavour), html.Span(each.title[lang]), html.B(whole(outlook.counts.get(each.name, 0)))])
        for each in held
    ]
    return [html.H2(word("wall.themes", lang)), html.Ul(rows, className="totals")]


def mark(theme: Theme, flavour: Flavour) -> Tag:
    """A theme's sign in lists: its shape in its colour."""
    return html.I(className=f"mark {_SHAPES[theme.geometry]}", style={"--mark": flavour.role(theme.style.role)})


def _theme(outlook: Outlook, theme: Theme, flavour: Flavour) -> Tag:
    view = outlook.view
    on, load = theme.name in view.themes, outlook.loads.get(theme.name)
    day = load.as_of.isoformat() if load and load.as_of else word("empty.theme", view.lang)
    face = [
        mark(theme, flavour),
        html.Span([theme.title[view.lang], html.Small(day)], className="theme-name"),
        html.Span(whole(outlook.counts.get(theme.name, 0)), className="theme-n"),
        html.Span(className="knob"),
    ]
    parts: list[Any] = [_switch(view, theme.name, theme.title[view.lang], face, "theme-switch", theme.about[view.lang])]
    if on:
        parts += _states(outlook, theme, flavour)
    if theme.style.heat:
        heat = word("heat", view.lang)
        parts.append(_switch(view, f"{theme.name}:heat", heat, [html.Span(heat), html.Span(className="knob")], "heat-switch"))
    return html.Li(parts, className="on" if on else "off")


def _switch(view: View, entry: str, name: str, face: list[Any], kind: str, about: str = "") -> Tag:
    on = entry in view.themes
    says = word("switch.off" if on else "switch.on", view.lang, name=name)
    return go(
        view.switched(entry), face, f"{kind} {'on' if on else 'off'}", title=about or says, role="switch",
        **aria(checked="true" if on else "false", label=name),
    )


def _states(outlook: Outlook, theme: Theme, flavour: Flavour) -> list[Tag]:
    if not theme.style.by:
        return []
    lang, counted = outlook.view.lang, outlook.states.get(theme.name, {})
    choices = theme.field(theme.style.by).choices
    lines = [
        html.Li([
            html.I(className="swatch round", style={"background": flavour.role(theme.style.roles.get(each.value, theme.style.role))}),
            html.Span(each.title[lang]),
            html.Span(whole(counted.get(each.value, 0)), className="theme-n"),
        ])
        for each in choices
    ]
    return [html.Ul(lines, className="states")]
