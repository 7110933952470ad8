"""The target that is open: the sentence, its rule in words, numbers, trend, who passes at each level, and ways onward."""

from __future__ import annotations

from datetime import date
from typing import Any

from app import rule_words, sparkline
from app.board import MOST, Board, Opened, conflicting
from app.outlook import Outlook
from app.palette import Flavour
from app.panels.board import bar, left, waits
from app.panels.links import go
from app.tags import Tag, html
from app.view import View
from app.words import word
from geodata import documents
from geodata.readings import Value
from geodata.reasons import says
from layers import indicator
from layers._asked import parts
from layers._ladder import level
from layers._target import Target


def target(outlook: Outlook, board: Board, flavour: Flavour) -> list[Any]:
    """Everything about the open target; how states are told and what contradicts what where none is open."""
    if board.opened is None:
        return _closed(outlook.view)
    opened, view = board.opened, outlook.view
    return [
        _head(view, opened, board.today), *_rule(view, opened), *[_part(outlook, opened, at, flavour) for at in range(len(opened.standing.parts))],
        *_levels(outlook, opened), *_worst(outlook, opened), *_failing(outlook, opened), *_onward(outlook, opened), *_against(view, opened.standing.target),
    ]


def _closed(view: View) -> list[Any]:
    lang = view.lang
    told = [html.Li([html.I(className=f"light {name}"), html.B(word(f"state.{name}", lang)), html.Span(word(f"state.{name}.says", lang))])
            for name in ("met", "course", "behind", "missed", "none")]
    lines = [_conflict(view, each.targets, each.says[lang], each.about) for each in documents.conflicts()]
    return [
        html.H2(word("board.how", lang)), html.Ul(told, className="told"),
        html.H2([word("board.conflicts", lang), html.Small(str(len(lines)))]), html.Ul(lines, className="conflicts"),
    ]


def _conflict(view: View, pair: tuple[str, str], text: str, about: str) -> Tag:
    names = [go(view.opening(name), name, "plain-link") for name in dict.fromkeys(pair)]
    return html.Li([html.Span([*names, html.Span(word(f"about.{about}", view.lang), className="about")], className="pair"), html.Span(text)])


def _head(view: View, opened: Opened, today: date) -> Tag:
    standing, lang = opened.standing, view.lang
    asked, paper = standing.target, documents.document(standing.target)
    due = [html.B(rule_words.deadline(standing.due, lang)), html.Small(" · ".join(each for each in (left(standing, today, lang), standing.due.says if standing.due.on else "") if each), lang="zh-CN")]
    facts = [
        (word("board.document", lang), [html.Span(f"{paper.title} {asked.clause}", lang="zh-CN"), html.Span(word(f"status.{paper.status.value}", lang), className=f"status {paper.status.value}")]),
        (word("board.lead", lang), html.Span("、".join(asked.lead) or "—", lang="zh-CN")),
        (word("board.along", lang), html.Span("、".join(asked.along) or "—", lang="zh-CN")), (word("board.due", lang), due),
    ]
    return html.Header([
        html.Div([html.Span(asked.id, className="target-id"), html.Span([html.I(className=f"light {standing.state}"), word(f"state.{standing.state}", lang)],
                  className=f"line-state {standing.state}"), go(view.opening(None), "×", "row-close", title=word("row.close", lang))], className="target-top"),
        html.Blockquote(asked.says, lang="zh-CN"), html.Dl([html.Div([html.Dt(name), html.Dd(text)]) for name, text in facts]),
    ], className="target-head")


def _rule(view: View, opened: Opened) -> list[Any]:
    asked, lang = opened.standing.target, view.lang
    words = [html.P(each) for each in rule_words.in_words(asked, lang)]
    lines = [(word("board.counts", lang), asked.counts[lang]), (word("board.of", lang), asked.of[lang]), (word("board.only", lang), asked.only[lang] if asked.only else "")]
    told = [html.Div([html.Dt(name), html.Dd(text)]) for name, text in lines if text]
    note = [html.P(asked.note[lang], className="note")] if asked.note else []
    reason = [html.P(says(opened.standing)[lang], className="reason")] if opened.standing.reason else []
    return [html.H3(word("board.rule", lang)), *words, html.Dl(told), *note, *reason]


def _part(outlook: Outlook, opened: Opened, at: int, flavour: Flavour) -> Tag:
    verdict, lang, on = opened.standing.parts[at], outlook.view.lang, opened.standing.due.on
    picture, ends = sparkline.large(verdict, on, flavour, verdict.state), sparkline.span(verdict, on)
    face = [html.Div([
        html.Span(rule_words.title(verdict.rule, opened.standing.target, lang), className="part-name"), html.B(rule_words.figure(verdict, lang)),
        *waits(outlook, verdict), html.Small(rule_words.counted(verdict, lang)), html.Small(f"≥ {rule_words.asked(verdict, lang)}" if verdict.asked is not None else ""),
    ], className="part-line"), bar(verdict)]
    if picture and ends:
        line = [word("board.line", lang, value=rule_words.value(verdict.expected, verdict.rule, lang, verdict.numbers.units is not None))] if verdict.expected is not None and verdict.state in ("course", "behind") else []
        face += [html.Img(src=picture, alt=word("trend", lang), className="chart"), html.Div([html.Span(ends[0].isoformat()), html.Small(line), html.Span(ends[1].isoformat())], className="chart-days")]
    return html.Section(face, className="part") if verdict.numbers.value is not None else html.Span()


def _levels(outlook: Outlook, opened: Opened) -> list[Any]:
    """Who passes at each level, for the part that the lists are about."""
    lang = outlook.view.lang
    counts = opened.levels.get(opened.standing.parts.index(opened.worst), {})
    if not counts:
        return []
    cells = [html.Li([html.Span(level(name).title[lang]), html.B(f"{passing:,}"), html.Small(f"/ {known:,}"),
                      html.Span(html.I(className="bar-fill met", style={"width": f"{passing / known:.1%}" if known else "0%"}), className="tile-bar")])
             for name, (passing, known) in counts.items()]
    return [html.H3([word("board.passing", lang), html.Small(_about(opened, lang))]), html.Ul(cells, className="passing")]


def _about(opened: Opened, lang: str) -> str:
    return rule_words.title(opened.worst.rule, opened.standing.target, lang) if len(opened.standing.parts) > 1 else ""


def _worst(outlook: Outlook, opened: Opened) -> list[Any]:
    lang = outlook.view.lang
    if not opened.children:
        return []
    lines = [_unit(outlook.view, each, opened) for each in opened.children[:MOST]]
    title = word("board.worst" if opened.children_owe else "board.worst.pooled", lang)
    return [html.H3(title), html.Ol(lines, className="units")]


def _failing(outlook: Outlook, opened: Opened) -> list[Any]:
    lang, name = outlook.view.lang, opened.failing_level
    if not name or not opened.failing or {each.code for each in opened.failing} <= {each.code for each in opened.children}:
        return []
    passing, known = opened.levels.get(opened.standing.parts.index(opened.worst), {}).get(name, (0, 0))
    title = word("board.failing", lang, level=level(name).title[lang])
    lines = [_unit(outlook.view, each, opened) for each in opened.failing]
    return [html.H3([title, html.Small(word("board.failing.n", lang, n=known - passing))]), html.Ol(lines, className="units")]


def _unit(view: View, value: Value, opened: Opened) -> Tag:
    """A unit with its number; a click opens its own board at the same target."""
    rule = opened.worst.rule
    assert rule.by is not None
    aim = opened.standing.target.aim(rule.by)
    judged = opened.children_owe or value in opened.failing
    state = "plain" if not judged else "met" if value.value is not None and aim.met_by(value.value) else "missed"
    own = view.entered(value.code).opening(opened.standing.target.id)
    face = [html.I(className=f"light {state}"), html.Span(value.name), html.B(rule_words.value(value.value, rule, view.lang))]
    return html.Li(go(own, face, "unit-line"))


def _onward(outlook: Outlook, opened: Opened) -> list[Any]:
    """To the map: the desk with each indicator, coloured at the level that is judged."""
    view, lang = outlook.view, outlook.view.lang
    links = []
    for rule in parts(opened.standing.target.rule):
        if rule.by:
            at = opened.failing_level if rule.by == opened.worst.rule.by else None
            there = view.on("desk").counting(rule.by).colouring(at)
            links.append(html.A([word("board.map", lang), html.Small(indicator(rule.by)[1].title[lang])], href=there.to_url(), className="button quiet-button"))
            links.append(html.A(word("explain", lang), href=view.on("desk").explaining(rule.by).to_url(), className="button quiet-button"))
    return [html.Nav(links, className="onward")] if links else []


def _against(view: View, asked: Target) -> list[Any]:
    """What contradicts this target."""
    if not conflicting(asked.id):
        return []
    lines = [_conflict(view, each.targets, each.says[view.lang], each.about) for each in documents.conflicts() if asked.id in each.targets]
    return [html.H3(word("board.conflicts", view.lang)), html.Ul(lines, className="conflicts")]
