"""The board's list: every target of the documents in force with its deadline, number and state; states and filters above it."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from app import rule_words, sparkline
from app.board import Board, leads
from app.outlook import Outlook
from app.palette import Flavour
from app.panels.definitions import SHOWN
from app.panels.links import aria, chip, chosen_from, go
from app.panels.review import badge
from app.tags import Tag, html
from app.view import View
from app.words import word
from geodata import documents
from geodata.judging import STATES, Standing, Verdict
from layers._ladder import level
from layers._target import Document


def states(view: View, board: Board) -> list[Any]:
    """How many targets are in each state; a click lists these and no others."""
    listed = board.listed(view)
    counts = {name: sum(each.state == name for each in listed) for name in STATES}
    tiles = [_tile(view, None, len(listed), word("board.all", view.lang), len(listed))]
    tiles += [_tile(view, name, counts[name], word(f"state.{name}", view.lang), len(listed)) for name in STATES]
    return [html.Ul([html.Li(each) for each in tiles], className="tiles")]


def _tile(view: View, state: str | None, n: int, title: str, total: int) -> Tag:
    share = f"{n / total:.1%}" if total else "0%"
    face = [
        html.Span([html.I(className=f"light {state}") if state else None, title], className="tile-name"), html.B(str(n)),
        html.Span(html.I(className=f"bar-fill {state or 'plain'}", style={"width": share}), className="tile-bar"),
    ]
    current = view.state == state
    return go(view.listing(state=state), face, "tile current" if current else "tile", title=word(f"state.{state or 'all'}.says", view.lang),
              **aria(current="true" if current else "false"))


def filters(view: View, board: Board) -> list[Any]:
    """Documents, levels and units in charge to choose from."""
    lang = view.lang
    papers = [chip(view.listing(document=None), word("board.every", lang), view.document is None)]
    papers += [chip(view.listing(document=each.name), each.short[lang], view.document == each.name, each.title) for each in documents.in_force().values()]
    used = [name for name in ("city", "county", "town", "village", "grid") if any(name in each.target.levels for each in board.standings)]
    rungs = [chip(view.listing(level=None), word("board.every", lang), view.level is None)]
    rungs += [chip(view.listing(level=name), level(name).title[lang], view.level == name) for name in used]
    every = [chip(view.listing(lead=None), word("board.every", lang), view.lead is None)]
    every += [chip(view.listing(lead=name), name, view.lead == name) for name in leads(board.standings)]
    folded = html.Details([
        html.Summary([word("board.lead", lang), html.B(view.lead or word("board.every", lang))]), html.Div(every, className="lead-chips"),
    ], className="leads")
    readings = [chip(view.defining(name), word(f"definition.{name}", lang), view.definition == name) for name in SHOWN]
    return [
        chosen_from(word("board.document", lang), papers), chosen_from(word("board.level", lang), rungs),
        chosen_from(word("definition", lang), readings), folded,
    ]


def table(outlook: Outlook, board: Board, flavour: Flavour) -> list[Any]:
    """The targets that pass the filters, by document."""
    view = outlook.view
    shown = board.shown(view)
    if not shown:
        return [html.P(word("board.nothing", view.lang), className="quiet board-none")]
    groups = groupby(shown, key=lambda each: each.target.document)
    return [_group(outlook, documents.in_force()[name], list(found), board, flavour) for name, found in groups]


def _group(outlook: Outlook, document: Document, found: list[Standing], board: Board, flavour: Flavour) -> Tag:
    lang = outlook.view.lang
    met = sum(each.state == "met" for each in found)
    head = html.Header([
        html.H2(document.title), html.Span(word(f"status.{document.status.value}", lang), className=f"status {document.status.value}"),
        html.Small(" · ".join(each for each in (document.number, document.issued.isoformat() if document.issued else "") if each)),
        html.Span(word("wall.count", lang, met=met, all=len(found)), className="group-count"),
    ])
    return html.Section([head, html.Ol([html.Li(_line(outlook, each, board.today, flavour)) for each in found])], className="paper")


def _line(outlook: Outlook, standing: Standing, today: date, flavour: Flavour) -> Tag:
    view, target, lang = outlook.view, standing.target, outlook.view.lang
    worst = weakest(standing)
    picture = sparkline.small(worst, flavour, standing.state)
    current = view.target == target.id
    face = [
        html.I(className=f"light {standing.state}", title=word(f"state.{standing.state}", lang)),
        html.Span([html.Span(_sentence(standing, lang), className="says", lang="zh-CN"), html.Small(_meta(standing), lang="zh-CN")], className="line-text"),
        html.Span(html.Img(src=picture, alt="") if picture else None, className="line-spark"),
        html.Span([*_number(standing, worst, lang), *waits(outlook, worst)], className="line-number"),
        html.Span([html.B(rule_words.deadline(standing.due, lang)), html.Small(left(standing, today, lang))], className="line-due"),
        html.Span(word(f"state.{standing.state}", lang), className=f"line-state {standing.state}"),
    ]
    return go(view.opening(None if current else target.id), face, "line current" if current else "line",
              **aria(expanded="true" if current else "false"))


def _sentence(standing: Standing, lang: str) -> list[Any]:
    badge = [html.Span(word("board.aspires", lang), className="aspires", lang=lang)] if standing.target.aspirational else []
    return [standing.target.says, *badge]


def _meta(standing: Standing) -> str:
    target = standing.target
    return " · ".join(each for each in (target.id, target.clause, "、".join(target.lead)) if each)


def weakest(standing: Standing) -> Verdict:
    """The part of a rule that a line speaks of: the first that is not met."""
    return next((each for each in standing.parts if each.state not in ("met", "none")), standing.parts[0])


def _number(standing: Standing, worst: Verdict, lang: str) -> list[Any]:
    met, all_ = rule_words.parts_met(standing)
    if worst.numbers.value is None:
        return [html.B("—", className="quiet")]
    several = [html.Small(word("board.parts", lang, met=met, all=all_))] if all_ > 1 else []
    asked = [html.Small(f"≥ {rule_words.asked(worst, lang)}")] if worst.asked is not None else [html.Small(word("board.unowed", lang))]
    return [html.B(rule_words.figure(worst, lang)), *(several or asked), bar(worst)]


def waits(outlook: Outlook, verdict: Verdict) -> list[Tag]:
    """待核 beside a unit's own number that waits for somebody."""
    own = verdict.rule.by if verdict.numbers.units is None else None
    return badge(outlook, own, outlook.unit.code) if own else []


def bar(verdict: Verdict) -> Tag:
    """How far the number is on its way, with a mark at what is asked."""
    number, asked = verdict.numbers.value or 0.0, verdict.asked
    full = 1.0 if rule_words.is_share(verdict) else max(asked or 0, number) * 1.15 or 1.0
    tick = [html.I(className="bar-tick", style={"left": f"{min(asked / full, 1):.2%}"})] if asked is not None else []
    return html.Span([html.I(className=f"bar-fill {verdict.state}", style={"width": f"{min(max(number / full, 0), 1):.2%}"}), *tick], className="bar")


def left(standing: Standing, today: date, lang: str) -> str:
    """How far the deadline is: days ahead, years past; the document's words where there is no day."""
    on = standing.due.on
    if on is None:
        return standing.due.says if lang == "zh" else ""
    days = (on - today).days
    if days < 0:
        return word("due.past", lang, n=f"{-days / 365.25:.0f}") if days < -365 else word("due.past.days", lang, n=-days)
    return word("due.left", lang, n=days) if days < 1000 else word("due.left.years", lang, n=f"{days / 365.25:.0f}")
