"""The card of one row: every field with title and unit, where it stands, and where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import layers
from app.outlook import Outlook
from app.palette import Flavour
from app.panels.links import aria, go
from app.panels.themes import mark
from app.tags import html
from app.words import word
from geodata.rows import Row
from layers import Theme
from layers._field import Field, Kind
from layers._sight import PURPOSE_TITLES
from layers._theme import Geometry


def row(outlook: Outlook, flavour: Flavour) -> list[Any]:
    """The card of the row that is open; nothing if none is."""
    found, view = outlook.row, outlook.view
    if found is None:
        return []
    theme = layers.theme(found.theme)
    close = go(view.unpicked(), "×", "row-close", title=word("row.close", view.lang), **aria(label=word("row.close", view.lang)))
    return [
        html.Header([mark(theme, flavour), html.Span(theme.title[view.lang], className="row-theme"), close]),
        html.H2(found.title),
        html.P(_stands(found, view.lang), className="row-place"),
        *_sees(found, view.lang),
        html.Dl(_fields(theme, found.values, view.lang), className="row-fields"),
        html.Footer(_source(outlook)),
    ]


def _stands(found: Row, lang: str) -> str:
    names = [each.name for each in found.path]
    return " / ".join(names) if names else word("row.outside", lang)


def _fields(theme: Theme, values: Mapping[str, Any], lang: str) -> list[Any]:
    known = [(each, values.get(each.name)) for each in theme.fields if values.get(each.name) not in (None, "")]
    return [html.Div([html.Dt(field.title[lang]), html.Dd(said(field, value, lang))]) for field, value in known]


def said(field: Field, value: Any, lang: str) -> str:
    """A value as the reader expects it: a choice by its title, a number with its unit, a date as a day.

    Parameters
    ----------
    field : Field
    value : object
        As stored, not None.
    lang : str

    Returns
    -------
    str
    """
    if field.kind is Kind.CHOICE:
        titles = {choice.value: choice.title[lang] for choice in field.choices}
        return titles.get(value, str(value))
    if field.kind is Kind.FLAG:
        return word("yes" if value else "no", lang)
    if field.kind in (Kind.INTEGER, Kind.NUMBER):
        number = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
        return f"{number} {field.unit}" if field.unit else number
    if isinstance(value, (date, datetime)):
        return value.isoformat()[:10]
    return str(value)


def _sees(found: Row, lang: str) -> list[Any]:
    """What it sees, and what is lost when it fails: seen by no other."""
    if found.sees is None:
        return []
    seen = found.sees
    ranges = [(PURPOSE_TITLES[each][lang], f"{metres:,.0f} m") for each, metres in seen.ranges.items()]
    assumed = f" · {word('row.sees.assumed', lang)}" if seen.assumed else ""
    lines = [(word("row.sees.ground", lang), f"{seen.m2:,.0f} m²", f"{seen.only_m2:,.0f} m²")]
    for name, (every, only) in seen.amounts.items():
        theme = layers.theme(name)
        sign = " m" if theme.geometry is Geometry.LINE else ""
        lines.append((theme.title[lang], f"{every:,.0f}{sign}", f"{only:,.0f}{sign}"))
    head = html.Tr([html.Th(""), html.Th(word("row.sees.all", lang)), html.Th(word("row.sees.only", lang))])
    body = [html.Tr([html.Th(title), html.Td(every), html.Td(only, className="" if only[0] == "0" else "row-only")]) for title, every, only in lines]
    return [
        html.H3([word("row.sees", lang), html.Small(f"{seen.near:,.0f}–{seen.far:,.0f} m{assumed}")], className="row-sees-title"),
        html.Ul([html.Li([html.Span(title), html.B(metres)]) for title, metres in ranges], className="row-ranges", title=word("row.purpose.says", lang)),
        html.Table([html.Thead(head), html.Tbody(body)], className="row-sees", title=word("row.sees.says", lang)),
    ]


def _source(outlook: Outlook) -> list[Any]:
    load, lang = outlook.row.load if outlook.row else None, outlook.view.lang
    if load is None:
        return []
    lines = [
        (word("row.source", lang), load.file),
        (word("row.publisher", lang), load.recipe.get("publisher") or "—"),
        (word("row.load", lang), f"{load.id}"),
        (word("as_of.label", lang), load.as_of.isoformat()),
        (word("row.when", lang), f"{load.finished.astimezone():%Y-%m-%d %H:%M}" if load.finished else "—"),
    ]
    return [html.Div([html.Span(title), html.Span(text)]) for title, text in lines]
