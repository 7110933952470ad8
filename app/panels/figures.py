"""The indicators of a unit: those a policy asks for with their lights, and all others. A click draws one on the map."""

from __future__ import annotations

from typing import Any

import layers
from app.colouring import address
from app.numbers import printed, whole
from app.outlook import Outlook
from app.panels.definitions import beside, said
from app.panels.explain import why
from app.panels.links import aria, go
from app.panels.review import badge
from app.tags import Tag, html
from app.words import word
from geodata.documents import document
from geodata.indicators import Figure
from geodata.judging import STATES
from geodata.reasons import of_figure
from layers import Indicator
from layers._indicator import Format
from layers._target import Aim, Target

MOST = 12
"""Targets of a card; the board has them all."""


def figures(outlook: Outlook) -> list[Any]:
    """Policy targets."""
    lang, view = outlook.view.lang, outlook.view
    every = html.A(word("board.open", lang, n=len(outlook.standings)), href=view.on("board").to_url(), className="plain-link to-board")
    return [
        html.H2([word("targets", lang), html.Small(tally(outlook))]),
        html.Ul([_line(outlook, each) for each in _first(outlook)], className="figures"), every,
    ]


def more(outlook: Outlook, unfolded: bool = False) -> list[Any]:
    """All other indicators, by theme; folded away, and not sent, until the reader unfolds them or one of them is drawn: they
    are half of an answer.
    """
    unfolded = unfolded or outlook.view.counted not in {each.indicator for each in _asked(outlook)}
    return [html.Details([html.Summary(word("more", outlook.view.lang)), *(_by_theme(outlook) if unfolded else [])], open=unfolded)]


def scorecard(outlook: Outlook) -> list[Any]:
    """The wall's list: policy targets only."""
    lang = outlook.view.lang
    return [
        html.H2([word("wall.targets", lang), html.Small(" · ".join([*said(outlook.view), tally(outlook)]))]),
        html.Ul([_line(outlook, each) for each in _first(outlook)], className="figures"),
    ]


def tally(outlook: Outlook) -> str:
    """How many of the targets are met."""
    known = [each.state for each in outlook.standings if each.state != "none"]
    return word("wall.count", outlook.view.lang, met=known.count("met"), all=len(known))


def _asked(outlook: Outlook) -> list[Figure]:
    """Indicators with a target, as far as they can be said of this unit: a grid has no village without a hall."""
    lights = outlook.lights
    return [each for each in outlook.figures if each.indicator in lights and each.value is not None]


def _first(outlook: Outlook) -> list[Figure]:
    """As many as are read at a glance, those that are furthest behind first; the one in view is among them."""
    lights, asked = outlook.lights, _asked(outlook)
    urgent = sorted(asked, key=lambda each: (each.indicator != outlook.view.counted, -STATES.index(lights[each.indicator])))[:MOST]
    return [each for each in asked if each in urgent]


def _by_theme(outlook: Outlook) -> list[Any]:
    lang, asked = outlook.view.lang, _asked(outlook)
    groups: list[Any] = []
    for theme in layers.themes().values():
        plain = [each for each in outlook.figures if each.indicator.startswith(f"{theme.name}.") and each not in asked]
        if plain:
            groups += [html.H3(theme.title[lang]), html.Ul([_line(outlook, each) for each in plain], className="figures plain")]
    return groups


def _indicator_of(name: str) -> Indicator:
    return layers.indicator(name)[1]


def _indicator(figure: Figure) -> Indicator:
    return _indicator_of(figure.indicator)


def _line(outlook: Outlook, figure: Figure) -> Tag:
    view, indicator = outlook.view, _indicator(figure)
    lang = view.lang
    number, sign = printed(figure.value, indicator, lang)
    sign = sign if figure.value is not None else word("state.none", lang)
    first = figure.targets[0] if figure.targets and figure.value is not None else None
    target = first.target if first else None
    state = outlook.lights.get(figure.indicator, "none") if target else "plain"
    face = [
        html.I(className=f"light {state}"),
        html.Span([indicator.title[lang], *badge(outlook, figure.indicator, outlook.unit.code)], className="figure-name"),
        html.Span([html.B(number), html.Small(sign)], className="figure-value"),
        *(_bar(figure, indicator, first.aim, state, lang) if first else []),
        *beside(figure, indicator, view),
    ]
    current = figure.indicator == view.counted
    return html.Li([go(
        view.counting(figure.indicator), face, f"figure {'current' if current else ''}",
        title=_title(figure, indicator, target, lang), **_colours(outlook, figure.indicator),
        **aria(current="true" if current else "false", label=_spoken(indicator, number + sign, state, lang)),
    ), why(view, figure.indicator, indicator.title[lang])])


def _colours(outlook: Outlook, indicator: str) -> dict[str, Any]:
    """Where the map finds the colours before the answer is there."""
    found = address(outlook, indicator)
    return {"data-values": found} if found else {}


def _spoken(indicator: Indicator, value: str, state: str, lang: str) -> str:
    return f"{indicator.title[lang]} {value}" + ("" if state == "plain" else " " + word(f"state.{state}", lang))


def _bar(figure: Figure, indicator: Indicator, target: Aim, state: str, lang: str) -> list[Any]:
    threshold = target.at_least if target.at_least is not None else target.at_most
    asks = ("≥" if target.at_least is not None else "≤") + "".join(printed(threshold, indicator, lang)).replace(".0%", "%")
    full = 1.0 if indicator.format is Format.PERCENT else max(threshold or 0, figure.value or 0) * 1.25 or 1.0
    share = min(max((figure.value or 0) / full, 0), 1)
    tick = min(max((threshold or 0) / full, 0), 1)
    return [
        html.Span(
            [html.I(className=f"bar-fill {state}", style={"width": f"{share:.2%}"}),
             html.I(className="bar-tick", style={"left": f"{tick:.2%}"})],
            className="bar",
        ),
        html.Span([html.Span(word("target", lang), className="asks"), asks], className="figure-target"),
    ]


def _title(figure: Figure, indicator: Indicator, target: Target | None, lang: str) -> str:
    """What stands under the pointer: definition, the two numbers, clause. Clauses are quoted in their own language."""
    lines = [indicator.reading(figure.definition).says[lang]]
    if reason := of_figure(figure):
        lines.append(f"{word('state.none', lang)}: {reason[lang]}")
    if figure.denominator:
        lines.append(word("of", lang, numerator=whole(figure.numerator), denominator=whole(figure.denominator)))
    if target:
        lines.append(word("clause", lang, clause=f"{document(target).short[lang]} {target.clause}"))
        if target.due.says:
            lines.append(word("clause.by", lang, by=target.due.says))
    return "\n".join(lines)
