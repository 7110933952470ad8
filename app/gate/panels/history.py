"""What was loaded: the ledger, a load about to be taken back, and the life of one row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import layers
from app.gate.panels.pieces import facts, number, progress, refusal, table, to_services
from app.gate.panels.rehearsal import rows
from app.gate.words import say
from app.tags import Tag, html
from geodata.jobs import Job
from geodata.life import Event
from geodata.loads import Load

SHOWN = 200
"""Rows of a past load that are listed, of each kind; the map shows more."""


def ledger(loads: Sequence[Load], theme: str | None, lang: str) -> list[Any]:
    """Every load with its counts, its file and a way to take it back."""
    picks = [html.A(say("all.themes", lang), href=f"/data?tab=loads&lang={lang}", className="rule" + ("" if theme else " on"))]
    picks += [html.A(each.title[lang], href=f"/data?tab=loads&theme={each.name}&lang={lang}", className="rule" + (" on" if theme == each.name else "")) for each in layers.themes().values()]
    lines = [_load(each, lang) for each in loads] or [html.P(say("loads.none", lang), className="quiet")]
    return [html.Div([_life_form(theme, lang), to_services(lang)], className="ledger-head"), html.Div(picks, className="rules"), html.Ol(lines, className="loads")]


def _life_form(theme: str | None, lang: str) -> Tag:
    options = [html.Option(each.title[lang], value=each.name, selected=each.name == theme) for each in layers.themes().values()]
    return html.Form([html.B(say("life", lang)), html.Select(options, name="of", **{"aria-label": say("theme", lang)}), html.Input(name="key", required=True, placeholder=say("life.key", lang)),
                      html.Button(say("life.look", lang), className="plain-button", type="submit")], className="life-form", **{"data-life": ""})


def _load(load: Load, lang: str, *, open_to: bool = True) -> Tag:
    title = layers.themes()[load.theme].title[lang] if load.theme in layers.themes() else load.theme
    tally = [html.Span([say(name, lang), html.B(number(n))], className=name) for name in ("added", "changed", "removed", "set_aside", "duplicates") if (n := getattr(load, name))]
    what = say("load.undoes", lang, n=load.undoes) if load.undoes else load.file
    head = html.Div([html.Span(f"#{load.id}", className="n"), html.B(title), html.Span(what, className="about"), html.Span(say(f"load.kind.{load.kind}", lang), className="state"),
                     html.Small(f"{load.finished.astimezone():%Y-%m-%d %H:%M} · {load.operator} · {say('as_of', lang)} {load.as_of}" if load.finished else "")], className="job-head")
    note = [html.P(load.reason, className="quiet")] if load.reason else []
    gone = [html.P(say("load.undone", lang, n=load.undone_by), className="warn")] if load.undone_by else []
    look = [html.A(say("load.look", lang), href=f"/data?tab=loads&load={load.id}&lang={lang}", className="plain-link")] if open_to and load.theme in layers.themes() else []
    take = [html.A(say("rollback", lang), href=f"/data?tab=loads&back={load.id}&lang={lang}", className="plain-link danger")] if open_to and not load.undone_by else []
    more = html.Details([html.Summary(say("load.recipe", lang)), facts([("SHA-256", html.Code(load.sha256 or "—")), (say("map.source", lang), load.source), *_recipe(load)])])
    return html.Li([head, *note, *gone, html.Div([more, html.Span(tally, className="tally"), *look, *take], className="foot")], className="undone" if load.undone_by else "")


def changed(load: Load, said: Mapping[str, Any], lang: str) -> list[Any]:
    """What one load did to the rows of its theme."""
    parts: list[Any] = [_to_ledger(lang), html.H2(say("load.changed", lang, n=load.id)), html.Ol([_load(load, lang)], className="loads")]
    found = rows(layers.theme(load.theme), said, lang)
    return [*parts, *(found or [html.P(say("load.changed.none", lang), className="quiet")])]


def _recipe(load: Load) -> list[tuple[str, Any]]:
    return [(name, html.Code(str(value)[:400])) for name, value in load.recipe.items() if name not in ("theme", "source", "declaration")]


def back(load: Load, later: Sequence[Load], job: Job | None, lang: str) -> list[Any]:
    """A load is about to be taken back: what will happen, and why."""
    parts: list[Any] = [_to_ledger(lang), html.H2(say("rollback.title", lang, n=load.id)), html.Ol([_load(load, lang, open_to=False)], className="loads"), html.P(say("rollback.says", lang), className="says")]
    if job and job.open:
        return [*parts, progress(job, lang)]
    if job and job.state == "done" and job.shown:
        told = "、".join(f"#{each['undoes']} → #{each['id']}" for each in job.shown.get("rollbacks", []))
        return [*parts, html.P(say("rollback.done", lang, lines=told), className="fine")]
    if job and job.state != "cancelled":
        parts.append(refusal(job, lang))
    if later:
        parts += [html.P(say("rollback.later", lang), className="warn"), html.Ol([_load(each, lang, open_to=False) for each in later], className="loads")]
    if not load.stands:
        return parts
    return [*parts, html.Form([
        html.Label([html.Span(say("note", lang)), html.Input(name="note", maxLength=500)]),
        html.P([html.Button(say("rollback", lang), className="button danger", type="submit")], className="next"),
    ], **{"data-form": "rollback", "data-load": load.id, "data-cascade": "yes" if later else None})]


def life(theme: str, key: str, events: Sequence[Event], lang: str) -> list[Any]:
    """What happened to one row, load by load."""
    declared = layers.theme(theme)
    lines = []
    for each in events:
        differs = [html.Div([f"{declared.field(name).title[lang]} ", html.Del(str(pair[0] or "—")), " → ", html.Ins(str(pair[1] or "—"))]) for name, pair in each.fields.items()]
        if each.metres:
            differs.append(html.Div(say("metres", lang, n=f"{each.metres:,.1f}")))
        by = f"#{each.load.id} {each.load.file} · {each.load.operator}" if each.load else ""
        lines.append(html.Tr([html.Td(str(each.day), className="n"), html.Td(say(f"life.{each.what}", lang)), html.Td(by), html.Td(differs)]))
    heads = [say("as_of", lang), "", say("load.n", lang), f"{say('before', lang)} → {say('after', lang)}"]
    return [_to_ledger(lang), html.H2(f"{declared.title[lang]} {key}"), table(heads, lines) if lines else html.P(say("life.none", lang), className="warn")]


def _to_ledger(lang: str) -> Tag:
    return html.A(f"← {say('tab.loads', lang)}", href=f"/data?tab=loads&lang={lang}", className="plain-link")
