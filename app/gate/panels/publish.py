"""The last step: what was rehearsed is published with a note, and what became of it."""

from __future__ import annotations

from typing import Any

from app.gate.arrival import Arrival
from app.gate.panels.pieces import button, progress, refusal, to_services
from app.gate.panels.rehearsal import tally
from app.gate.words import say
from app.tags import Tag, html

MUCH_ASIDE, MUCH_GONE = 0.05, 0.2
"""Shares of the file's rows that would be set aside (the tolerance of the command line), and of the rows that stand that would go."""


def publish(stands: Arrival, lang: str) -> list[Any]:
    """The step 发布."""
    job = stands.jobs.get("load")
    if job and job.open:
        return [progress(job, lang)]
    if job and job.state == "done" and job.shown:
        return _published(stands, lang)
    number = stands.report("rehearse").get("rehearsal")
    if job and number:
        again = {"order": "rehearse", "upload": stands.upload.id}
        return [refusal(job, lang), html.P([html.Small(say("refused.load", lang)), button(say("rehearse", lang), again)], className="next")]
    return [*_doubt(stands, lang), _form(stands, number, lang)] if number else []


def _doubt(stands: Arrival, lang: str) -> list[Tag]:
    """A word of warning where much would be set aside, or much would go."""
    said = stands.report("rehearse")["counts"]
    aside, gone = said["set_aside"] / max(said["rows_in"], 1), said["removed"] / max(said["removed"] + said["unchanged"] + said["changed"], 1)
    words = [say("doubt.aside", lang, share=f"{aside:.0%}")] if aside > MUCH_ASIDE else []
    return [html.P(each, className="warn") for each in [*words, *([say("doubt.gone", lang, share=f"{gone:.0%}")] if gone > MUCH_GONE else [])]]


def summary(stands: Arrival, lang: str) -> str:
    """The step in one line."""
    loads = stands.report("load").get("loads") or []
    return _said(loads[0], lang) if loads else ""


def _said(load: Any, lang: str) -> str:
    return say("published.same" if load["unchanged_since"] else "published", lang, n=load["id"])


def _published(stands: Arrival, lang: str) -> list[Any]:
    load = stands.report("load")["loads"][0]
    links = [
        html.A(say("see.map", lang), href=f"/?themes={load['theme']}&lang={lang}", className="button"),
        html.A(say("see.ledger", lang), href=f"/data?tab=loads&theme={load['theme']}&lang={lang}", className="plain-link"),
    ]
    links += [html.A(say("see.gpkg", lang), href=f"/export/{load['theme']}.gpkg", className="plain-link"), to_services(lang)]
    if load["set_aside"]:
        links.append(html.A(say("see.aside", lang), href=f"/data?tab=aside&lang={lang}", className="plain-link"))
    return [html.P(_said(load, lang), className="fine"), tally(load, lang), html.P(links, className="next")]


def _form(stands: Arrival, number: int, lang: str) -> Tag:
    return html.Form([
        html.Label([html.Span(say("note", lang)), html.Input(name="note", maxLength=500, placeholder=say("note.hint", lang))]),
        html.P([html.Button(say("publish", lang), className="button", type="submit"), html.Small(say("publish.says", lang, n=number))], className="next"),
    ], **{"data-form": "load", "data-upload": stands.upload.id, "data-rehearsal": number})
