"""Rows that wait to be mended: how many, which, why, and ways to hand them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import layers
from app.gate.panels.pieces import at, button, number, table
from app.gate.words import say
from app.tags import Tag, html
from geodata.jobs import Job

SHOWN = 200
"""Rows that are listed of a theme; all of them are handed out."""


def aside(waiting: Mapping[str, tuple[int, Sequence[Mapping[str, Any]]]], made: Sequence[Job], lang: str) -> list[Any]:
    """Rows that wait to be mended, by theme.

    Parameters
    ----------
    waiting : mapping of str to (int, sequence of mapping)
        Theme -> how many rows wait, and the first of them (`geodata.aside.waiting`).
    made : sequence of Job
        What was handed out.
    lang : str
    """
    parts: list[Any] = [html.P(say("aside.says", lang), className="says")]
    if made:
        parts.append(html.Ol([_handout(each, lang) for each in made[:3]], className="jobs handouts"))
    if not waiting:
        return [*parts, html.P(say("aside.none", lang), className="fine")]
    return [*parts, *(_of_theme(name, n, rows, lang) for name, (n, rows) in waiting.items())]


def _of_theme(name: str, n: int, rows: Sequence[Mapping[str, Any]], lang: str) -> Tag:
    forms = [button("GeoJSON" if form == "geojson" else form.upper(), {"order": "set-aside", "what": name, "form": form}, "plain-button") for form in ("xlsx", "geojson", "csv")]
    head = html.Div([html.B(layers.theme(name).title[lang]), html.Span(say("aside.n", lang, n=number(n)), className="warn"),
                     html.Span([say("aside.out", lang), *forms], className="links")], className="job-head")
    lines = [html.Tr([html.Td(each["file"]), html.Td(number(each["row_no"]), className="n"), html.Td(html.Code(each["key"] or "")), html.Td(each[f"reason_{lang}"])]) for each in rows]
    more = [html.P(say("some", lang, n=SHOWN, all=number(n)), className="quiet")] if n > len(rows) else []
    heads = [say(key, lang) for key in ("step.file", "row", "key", "reason")]
    return html.Div([head, table(heads, lines), *more], className="aside-theme")


def _handout(job: Job, lang: str) -> Tag:
    link = html.A(job.about or "", href=f"/data/jobs/{job.id}/file", className="plain-link") if job.state == "done" else html.Span(say("aside.making" if job.open else job.state, lang))
    return html.Li(html.Div([html.Span(f"#{job.id}", className="n"), link, html.Small(f"{at(job)} · {job.operator}")], className="job-head"))
