"""Files that came, and jobs under way and done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.gate.panels.pieces import at, progress, refusal
from app.gate.words import say
from app.tags import Tag, html
from geodata.jobs import Job


def files(newest: Sequence[Job], limit: int, lang: str) -> list[Any]:
    """Where files are dropped, and those that came last."""
    drop = html.Label([
        html.Input(type="file", multiple=True, id="choose"), html.Span("↧", className="drop-arrow"), html.B(say("drop", lang)), html.Span(say("drop.or", lang), className="plain-link"),
        html.Small(say("drop.says", lang)), html.Small(say("drop.limit", lang, most=f"{limit / 2**20:,.0f} MB")),
    ], id="drop", htmlFor="choose")
    lines = [
        html.Li(html.A([html.B(each.about or ""), html.Span(at(each), className="quiet"), html.Span(f"{say(f'verb.{each.verb}', lang)} · {_state(each, lang)}", className=f"state {each.state}")],
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
        html.Small(f"{at(job)} · {job.operator} · {say(f'origin.{job.origin}', lang)}{took}"), html.Span(links, className="links"),
    ], className="job-head")
    more = [progress(job, lang, runner)] if job.open else [refusal(job, lang)] if job.state in ("refused", "broken") else []
    return html.Li([head, html.P(job.note, className="quiet") if job.note else None, *more])


def _state(job: Job, lang: str) -> str:
    return say(job.state, lang)
