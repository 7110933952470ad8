"""The themes: switches, what is on record inside the unit, and what the marks on the map mean."""

from __future__ import annotations

from typing import Any

import layers
from app.numbers import whole
from app.outlook import Outlook
from app.palette import Flavour
from app.panels.ledger import ledger
from app.panels.links import aria, chip, go
from app.tags import Tag, html
from app.view import View, entries, shadings
from app.words import word
from layers import Theme
from layers._field import Field
from layers._group import Group
from layers._pick import FLAGS, Pick, choices, offered
from layers._theme import Geometry

_LINES = 7
"""Themes that a wall's list has room for; those on the map come first."""

_SHEET = 20_000
"""Rows that a sheet of the tree has at most."""

_SHAPES = {Geometry.POINT: "dot", Geometry.LINE: "stroke", Geometry.AREA: "patch"}


def themes(outlook: Outlook, flavour: Flavour) -> list[Any]:
    """One switch for each theme, with its states where it is on."""
    switchable = [each for each in layers.themes().values() if each.name in entries()]
    title = html.H2(word("themes", outlook.view.lang))
    grouped = [(group, [each for each in switchable if each.group is group]) for group in Group]
    return [title, *(_group(outlook, group, held, flavour) for group, held in grouped if held)]


def _group(outlook: Outlook, group: Group, held: list[Theme], flavour: Flavour) -> Tag:
    """A heading with its themes; reports are folded away until one of them is drawn."""
    on = sum(any(each.split(":")[0] == theme.name for each in outlook.view.themes) for theme in held)
    said = html.Small(f"{on}/{len(held)}" if on else whole(len(held)))
    rows = html.Ul([_theme(outlook, each, flavour) for each in held], className="themes")
    summary = html.Summary([html.Span(group.title[outlook.view.lang]), said])
    return html.Details([summary, rows], open=bool(on) or group is not Group.REPORT, className="theme-group")


def totals(outlook: Outlook, flavour: Flavour) -> list[Any]:
    """The wall's list: how many rows of each theme lie inside the unit."""
    lang = outlook.view.lang
    held = [each for each in layers.themes().values() if not each.rung and not each.placed_by and each.name in outlook.loads]
    held = sorted(held, key=lambda each: each.name not in outlook.view.themes)[:_LINES]
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
        html.Span(whole(outlook.counts.get(theme.name, 0) if load else None), className="theme-n"),
        html.Span(className="knob"),
    ]
    parts: list[Any] = [_switch(view, theme.name, theme.title[view.lang], face, "theme-switch", theme.about[view.lang])]
    if on:
        parts += ledger(outlook, theme, flavour) or _states(outlook, theme, flavour)
    parts += [_shading(view, theme, part) for part in shadings(theme)]
    if on or any(each.startswith(f"{theme.name}:") for each in view.themes):
        parts += [*_picks(view, theme), *_register(outlook, theme)]
    return html.Li(parts, className="on" if on else "off")


def _shading(view: View, theme: Theme, part: str) -> Tag:
    """Switches one shading of the ground; the one that was on goes off, since each would hide the other."""
    entry, name = f"{theme.name}:{part}", word(part, view.lang)
    on = entry in view.themes
    says = word("switch.off" if on else "switch.on", view.lang, name=name)
    return go(view.shading(entry), [html.Span(name), html.Span(className="knob")], f"heat-switch {'on' if on else 'off'}", title=says,
              role="switch", **aria(checked="true" if on else "false", label=f"{theme.title[view.lang]} {name}"))


def _register(outlook: Outlook, theme: Theme) -> list[Tag]:
    """Its rows in this unit as files: a sheet, where that is not too long to be one, and a layer for QGIS."""
    view, n = outlook.view, outlook.counts.get(theme.name, 0)
    if view.page != "desk" or view.guest or theme.rung or not n:
        return []
    day = f"&day={view.day.isoformat()}" if view.day else ""
    asked = f"?unit={outlook.unit.code}&lang={view.lang}{day}"
    links = [html.A(word("register", view.lang), href=f"/register/{theme.name}.xlsx{asked}", className="plain-link")] if n <= _SHEET else []
    links.append(html.A(word("geopackage", view.lang), href=f"/export/{theme.name}.gpkg{asked}", className="plain-link", title=word("geopackage.says", view.lang)))
    return [html.Div(links, className="register")]


def _picks(view: View, theme: Theme) -> list[Tag]:
    """Choices of fields, folded away until one is picked: rows, clusters and heat show only what has them."""
    lang, picked = view.lang, view.picks(theme.name)
    fields = [html.Div([html.Span(each.title[lang]), *_choices(view, theme, each, picked)], className="pick") for each in offered(theme)]
    if not fields:
        return []
    said = html.Small(" · ".join(_said(theme, name, choice, lang) for name, choice in picked) or word("picks.none", lang))
    off = [go(view.unpicking(theme.name), word("picks.off", lang), "level")] if picked else []
    return [html.Details([html.Summary([word("picks", lang), said]), *fields, *off], open=bool(picked), className="picks")]


def _choices(view: View, theme: Theme, field: Field, picked: tuple[Pick, ...]) -> list[Tag]:
    return [
        chip(view.picking(theme.name, field.name, choice), _said(theme, field.name, choice, view.lang), (field.name, choice) in picked)
        for choice in choices(field)
    ]


def _said(theme: Theme, name: str, choice: str, lang: str) -> str:
    field = theme.field(name)
    return word(choice, lang) if choice in FLAGS and not field.choices else field.choice(choice).title[lang]


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
    told = {each.value: each.title[lang] for each in theme.field(theme.style.by).choices}
    lines = [_state(flavour.role(theme.style.role_of(value)), title, counted.get(value, 0)) for value, title in told.items()]
    if theme.style.rest:
        rest = outlook.counts.get(theme.name, 0) - sum(counted.values())
        lines.append(_state(flavour.role(theme.style.role_of(None)), theme.style.rest[lang], rest))
    return [html.Ul(lines, className="states")]


def _state(ink: str, title: str, n: int) -> Tag:
    face = [html.I(className="swatch round", style={"background": ink}), html.Span(title), html.Span(whole(n), className="theme-n")]
    return html.Li(face)
