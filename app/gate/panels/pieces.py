"""Small pieces that several panels are made of: figures, tables, progress, refusals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.gate import sentences
from app.gate.words import say
from app.tags import Tag, html
from geodata.jobs import Job
from layers import Text


def number(value: Any) -> str:
    """A number for a reader."""
    if value is None:
        return "—"
    if isinstance(value, float) and not value.is_integer():
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.1f}"
    return f"{value:,.0f}" if isinstance(value, (int, float)) else str(value)


def at(job: Job) -> str:
    """When a job was ordered, on the server's clock."""
    return f"{job.made.astimezone():%m-%d %H:%M}" if job.made else ""


def size(count: int) -> str:
    """Bytes for a reader."""
    for unit, step in (("GB", 2**30), ("MB", 2**20), ("KB", 2**10)):
        if count >= step:
            return f"{count / step:,.1f} {unit}"
    return f"{count} B"


def counts(pairs: Iterable[tuple[str, Any, str]]) -> Tag:
    """Large figures side by side: name, number, class."""
    return html.Ul([html.Li([html.B(number(n)), html.Span(name)], className=kind) for name, n, kind in pairs], className="counts")


def facts(pairs: Iterable[tuple[str, Any]]) -> Tag:
    """Names and what stands for them."""
    return html.Dl([part for name, value in pairs for part in (html.Dt(name), html.Dd(value))], className="facts")


def table(heads: Sequence[str], rows: Iterable[Any], kind: str = "") -> Tag:
    """A table in a frame that scrolls."""
    head = html.Thead(html.Tr([html.Th(each) for each in heads]))
    return html.Div(html.Table([head, html.Tbody(list(rows))], className=kind), className="sheet")


def placed(each: Mapping[str, Any]) -> dict[str, Any]:
    """What makes a line of a table lead to its place on the map."""
    if each.get("lon") is None or each.get("lat") is None:
        return {}
    return {"data-lon": each["lon"], "data-lat": each["lat"], "tabIndex": 0, "className": "placed"}


def button(words: str, order: Mapping[str, Any], kind: str = "button", **more: Any) -> Tag:
    """A button that orders something; the script of the page sends it."""
    said = {f"data-{name.replace('_', '-')}": value for name, value in order.items() if value is not None}
    return html.Button(words, className=kind, type="button", **said, **more)


def to_services(lang: str) -> Tag:
    """Where it stands how QGIS opens what is published."""
    return html.A(say("see.services", lang), href=f"/ogc?f=html&lang={lang}", target="_blank", className="plain-link")


def progress(job: Job, lang: str, runner: bool = True) -> Tag:
    """Where a job is, with a way to call it back."""
    if job.state == "waiting":
        words = say("waiting" if runner else "no.runner", lang)
    else:
        words = say(f"progress.{job.step}", lang) if job.step else say("running", lang)
    bar = html.Progress(max=1, value=job.share) if job.share is not None else html.Progress()
    stop = button(say("cancel", lang), {"cancel": job.id}, "plain-button")
    return html.Div([bar, html.Span(words, className="progress-step"), html.Small(say("goes.on", lang)), stop], className="progress", role="status")


def refusal(job: Job, lang: str) -> Tag:
    """What a job said that did not do what was asked."""
    head = say("refused", lang) if job.state == "refused" else say(job.state, lang)
    code = f"code.{job.exit_code}"
    said = Text(*sentences.both(job.said or ""))[lang]
    lines = [html.B(f"{head}{f' · {say(code, lang)}' if job.state == 'refused' and job.exit_code in (1, 2, 10, 20, 30, 40) else ''}")]
    lines += [html.P(line) for line in said.splitlines()[:8]]
    return html.Div(lines, className="refusal", role="alert")
