"""What a definition changes: one number under each reading side by side, and the units that change sides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import layers
from app.numbers import printed
from app.outlook import Outlook
from app.panels.links import aria, go
from app.tags import Tag, html
from app.view import View
from app.words import word
from geodata.documents import aims_of
from geodata.indicators import Figure, Read, worst
from geodata.readings import Value
from layers import Indicator
from layers._target import Aim

SHOWN = ("strict", "default", "loose")
"""Definitions in the order in which a reader thinks of them."""

MOST = 8
"""Units that a list names; the map and the ranking show the others."""


def definitions(outlook: Outlook) -> list[Any]:
    """The indicator in view under each definition, and which of the units that are drawn change sides; nothing where it has but one."""
    lang, figure = outlook.view.lang, _figure(outlook)
    if figure is None or len(figure.readings) < 2:
        return []
    lines = [_line(outlook, figure, each) for each in sorted(figure.readings, key=lambda one: SHOWN.index(one.definition))]
    return [
        html.H2([word("definitions", lang), html.Small(figure.declared.title[lang])]),
        html.Ul(lines, className="readings"),
        *_turned(outlook),
    ]


def beside(figure: Figure, indicator: Indicator, view: View) -> list[Any]:
    """The same number under the other definitions, small, for the line of a card."""
    others = [each for each in figure.readings if each.definition != figure.definition]
    if view.page == "wall" or not others:
        return []
    said = [
        html.Span([word(f"definition.{each.definition}", view.lang), " ", html.B("".join(printed(each.value, indicator, view.lang)))],
                  className=f"beside-one {each.state}")
        for each in sorted(others, key=lambda one: SHOWN.index(one.definition))
    ]
    return [html.Span(said, className="beside")]


def said(view: View) -> list[str]:
    """Which reading a page counts under, where it is not the default: a wall has no switch to tell."""
    return [] if view.definition == "default" else [word("definition.now", view.lang, definition=word(f"definition.{view.definition}", view.lang))]


def sides(aims: Sequence[Aim], readings: dict[str, tuple[Value, ...]]) -> list[tuple[Value, dict[str, str]]]:
    """The units that meet the targets under one definition and miss them under another, in the order of their codes.

    Parameters
    ----------
    aims : sequence of Aim
        What is asked of the indicator.
    readings : dict of str to tuple of Value
        Definition -> the value of each unit, all in the same order.

    Returns
    -------
    list of (Value, dict of str to str)
        The value under the first definition, and how each definition stands: 'met', 'missed' or 'none'. A value that
        misses its target by little has missed it.
    """
    found = []
    for values in zip(*readings.values(), strict=True):
        stands = {name: _side(aims, each) for name, each in zip(readings, values, strict=True)}
        if {"met", "missed"} <= set(stands.values()):
            found.append((values[0], stands))
    return found


def _side(aims: Sequence[Aim], value: Value) -> str:
    state = worst(aims, value.value)
    return "missed" if state == "near" else state


def _figure(outlook: Outlook) -> Figure | None:
    return next((each for each in outlook.figures if each.indicator == outlook.view.counted), None)


def _line(outlook: Outlook, figure: Figure, read: Read) -> Tag:
    view, indicator = outlook.view, figure.declared
    number, sign = printed(read.value, indicator, view.lang)
    current = read.definition == figure.definition
    face = [
        html.I(className=f"light {read.state if figure.targets else 'plain'}"),
        html.Span(word(f"definition.{read.definition}", view.lang), className="reading-name"),
        html.Span(_met(outlook, indicator, read.definition), className="reading-met"),
        html.Span([html.B(number), html.Small(sign)], className="figure-value"),
        html.Small(indicator.reading(read.definition).says[view.lang], className="reading-says"),
    ]
    return html.Li(go(view.defining(read.definition), face, "reading current" if current else "reading",
                      **aria(current="true" if current else "false")))


def _met(outlook: Outlook, indicator: Indicator, definition: str) -> str:
    """How many of the units that are drawn meet the targets under a definition."""
    aims = aims_of(outlook.view.counted)
    known = [_side(aims, each) for each in outlook.readings.get(definition, ()) if each.value is not None]
    if not aims or not known or not outlook.children:
        return ""
    return word("definitions.met", outlook.view.lang, n=known.count("met"), all=len(known))


def _turned(outlook: Outlook) -> list[Any]:
    lang = outlook.view.lang
    aims = aims_of(outlook.view.counted)
    if not aims or not outlook.readings or not outlook.children:
        return []
    found = sides(aims, {name: outlook.readings[name] for name in SHOWN if name in outlook.readings})
    if not found:
        return [html.P(word("definitions.turned.none", lang), className="quiet")]
    more = [html.P(word("definitions.more", lang, n=len(found) - MOST), className="quiet")] if len(found) > MOST else []
    lines = [_turning(outlook, value, stands) for value, stands in found[:MOST]]
    return [html.H3([word("definitions.turned", lang), html.Small(str(len(found)))]), html.Ul(lines, className="turned"), *more]


def _turning(outlook: Outlook, value: Value, stands: dict[str, str]) -> Tag:
    _, indicator = layers.indicator(outlook.view.counted)
    lang = outlook.view.lang
    of = {name: next(each for each in outlook.readings[name] if each.code == value.code) for name in stands}
    said = [
        html.Span("".join(printed(of[name].value, indicator, lang)), className=f"side {state}",
                  title=f"{word(f'definition.{name}', lang)}: {word(state, lang)}")
        for name, state in stands.items()
    ]
    return html.Li(go(outlook.view.entered(value.code), [html.Span(value.name, className="rank-name"), *said], "turned-line"))
