"""Lists of the page: files that came, jobs under way and done, the ledger, rows that wait to be mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import layers
from app.gate.panels.pieces import button, facts, number, progress, refusal, table
from app.gate.words import say
from app.tags import Tag, html
from geodata.jobs import Job
from geodata.life import Event
from geodata.loads import Load


def files(newest: Sequence[Job], limit: int, lang: str) -> list[Any]:
    """Where files are dropped, and those that came last."""
    drop = html.Label([
        html.Input(type="file", multiple=True, id="choose"), html.Span("↧", className="drop-arrow"), html.B(say("drop", lang)), html.Span(say("drop.or", lang), className="plain-link"),
        html.Small(say("drop.says", lang)), html.Small(say("drop.limit", lang, most=f"{limit / 2**20:,.0f} MB")),
    ], id="drop", htmlFor="choose")
    lines = [
        html.Li(html.A([html.B(each.about or ""), html.Span(_at(each), className="quiet"), html.Span(f"{say(f'verb.{each.verb}', lang)} · {_state(each, lang)}", className=f"state {each.state}")],
                       href=f"/data?upload={each.upload}&lang={lang}"))
        for each in newest
    ]
    return [drop, html.H2(say("recent", lang)), html.Ul(lines, className="files") if lines else html.P(say("recent.none", lang), className="quiet")]


def jobs(listed: Sequence[Job], runner: bool, lang: str) -> list[Any]:
    """Jobs, newest first."""
    if not listed:
        return [html.P(say("jobs.none", lang), className="quiet")]
    return [html.Ol([_job(each, runner, lang) for each in listed], className="jobs")]


def _job(job: Job, runner: bool, lang: str) -> Tag:
    took = f" · {say('job.took', lang)} {say('seconds', lang, n=f'{(job.finished - job.started).total_seconds():,.1f}')}" if job.finished and job.started else ""
    links = []
    if job.upload:
        links.append(html.A(say("open", lang), href=f"/data?upload={job.upload}&lang={lang}", className="plain-link"))
    if not job.open and job.state in ("done", "refused") and job.verb != "set-aside":
        links.append(html.A(f"{say('report', lang)} JSON", href=f"/data/jobs/{job.id}/report.json", target="_blank", className="plain-link"))
    head = html.Div([
        html.Span(f"#{job.id}", className="n"), html.B(say(f"verb.{job.verb}", lang)), html.Span(job.about or "", className="about"), html.Span(_state(job, lang), className=f"state {job.state}"),
        html.Small(f"{_at(job)} · {job.operator} · {say(f'origin.{job.origin}', lang)}{took}"), html.Span(links, className="links"),
    ], className="job-head")
    more = [progress(job, lang, runner)] if job.open else [refusal(job, lang)] if job.state in ("refused", "broken") else []
    return html.Li([head, html.P(job.note, className="quiet") if job.note else None, *more])


def _state(job: Job, lang: str) -> str:
    return say(job.state, lang)


def _at(job: Job) -> str:
    return f"{job.made.astimezone():%m-%d %H:%M}" if job.made else ""


def ledger(loads: Sequence[Load], theme: str | None, lang: str) -> list[Any]:
    """Every load with its counts, its file and a way to take it back."""
    picks = [html.A(say("all.themes", lang), href=f"/data?tab=loads&lang={lang}", className="rule" + ("" if theme else " on"))]
    picks += [html.A(each.title[lang], href=f"/data?tab=loads&theme={each.name}&lang={lang}", className="rule" + (" on" if theme == each.name else "")) for each in layers.themes().values()]
    lines = [_load(each, lang) for each in loads] or [html.P(say("loads.none", lang), className="quiet")]
    return [_life_form(theme, lang), html.Div(picks, className="rules"), html.Ol(lines, className="loads")]


def _life_form(theme: str | None, lang: str) -> Tag:
    options = [html.Option(each.title[lang], value=each.name, selected=each.name == theme) for each in layers.themes().values()]
    return html.Form([html.B(say("life", lang)), html.Select(options, name="of", **{"aria-label": say("theme", lang)}), html.Input(name="key", required=True, placeholder=say("life.key", lang)),
                      html.Button(say("life.look", lang), className="plain-button", type="submit")], className="life-form", **{"data-life": ""})


def _load(load: Load, lang: str) -> Tag:
    title = layers.themes()[load.theme].title[lang] if load.theme in layers.themes() else load.theme
    tally = [html.Span([say(name, lang), html.B(number(n))], className=name) for name in ("added", "changed", "removed", "set_aside", "duplicates") if (n := getattr(load, name))]
    what = say("load.undoes", lang, n=load.undoes) if load.undoes else load.file
    head = html.Div([html.Span(f"#{load.id}", className="n"), html.B(title), html.Span(what, className="about"), html.Span(say(f"load.kind.{load.kind}", lang), className="state"),
                     html.Small(f"{load.finished.astimezone():%Y-%m-%d %H:%M} · {load.operator} · {say('as_of', lang)} {load.as_of}" if load.finished else "")], className="job-head")
    note = [html.P(load.reason, className="quiet")] if load.reason else []
    gone = [html.P(say("load.undone", lang, n=load.undone_by), className="warn")] if load.undone_by else []
    take = [html.A(say("rollback", lang), href=f"/data?tab=loads&back={load.id}&lang={lang}", className="plain-link danger")] if not load.undone_by else []
    more = html.Details([html.Summary(say("load.recipe", lang)), facts([("SHA-256", html.Code(load.sha256 or "—")), (say("map.source", lang), load.source), *_recipe(load)])])
    return html.Li([head, *note, *gone, html.Div([more, html.Span(tally, className="tally"), *take], className="foot")], className="undone" if load.undone_by else "")


def _recipe(load: Load) -> list[tuple[str, Any]]:
    return [(name, html.Code(str(value)[:400])) for name, value in load.recipe.items() if name not in ("theme", "source", "declaration")]


def back(load: Load, later: Sequence[Load], job: Job | None, lang: str) -> list[Any]:
    """A load is about to be taken back: what will happen, and why."""
    parts: list[Any] = [html.H2(say("rollback.title", lang, n=load.id)), html.Ol([_load(load, lang)], className="loads"), html.P(say("rollback.says", lang))]
    if job and job.open:
        return [*parts, progress(job, lang)]
    if job and job.state == "done" and job.shown:
        told = "、".join(f"#{each['undoes']} → #{each['id']}" for each in job.shown.get("rollbacks", []))
        return [*parts, html.P(say("rollback.done", lang, lines=told), className="fine")]
    if job and job.state != "cancelled":
        parts.append(refusal(job, lang))
    if later:
        parts += [html.P(say("rollback.later", lang), className="warn"), html.Ol([_load(each, lang) for each in later], className="loads")]
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
    return [html.H2(f"{declared.title[lang]} {key}"), table(heads, lines) if lines else html.P(say("life.none", lang), className="warn")]


def aside(waiting: Mapping[str, Mapping[str, int]], made: Sequence[Job], lang: str) -> list[Any]:
    """Rows that wait to be mended, by theme and rule, with ways to hand them out."""
    parts: list[Any] = [html.P(say("aside.says", lang), className="says")]
    if not waiting:
        return [*parts, html.P(say("aside.none", lang), className="fine")]
    for name, rules in waiting.items():
        forms = [button(form.upper() if form != "geojson" else "GeoJSON", {"order": "set-aside", "what": name, "form": form}, "plain-button") for form in ("xlsx", "geojson", "csv")]
        parts.append(html.Div([
            html.Div([html.B(layers.theme(name).title[lang]), html.Span(say("aside.n", lang, n=number(sum(rules.values()))), className="warn"),
                      html.Span([say("aside.out", lang), *forms], className="links")], className="job-head"),
            html.P([html.Span([rule, html.B(number(n))], className="tally-rule") for rule, n in rules.items()], className="quiet rules-n"),
        ], className="aside-theme"))
    return [*parts, html.Ol([_handout(each, lang) for each in made], className="jobs")]


def _handout(job: Job, lang: str) -> Tag:
    link = html.A(job.about or "", href=f"/data/jobs/{job.id}/file", className="plain-link") if job.state == "done" else html.Span(say("aside.making", lang) if job.open else _state(job, lang))
    return html.Li(html.Div([html.Span(f"#{job.id}", className="n"), link, html.Small(f"{_at(job)} · {job.operator}")], className="job-head"))
