"""What a file is: its format, its theme, its coordinate system by forensic, and where its recipe comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import layers
from app.gate import sentences
from app.gate.arrival import Arrival
from app.gate.panels.pieces import button, facts, number, progress, refusal, size
from app.gate.words import say
from app.tags import Tag, html


def identify(stands: Arrival, lang: str) -> list[Any]:
    """The step 识别."""
    job = stands.jobs.get("guess")
    if job is None:
        return [button(say("step.guess", lang), {"order": "guess", "upload": stands.upload.id})]
    if job.open:
        return [progress(job, lang)]
    if job.state != "done":
        return [refusal(job, lang), which_theme(stands, lang)]
    return [_facts(stands, lang), _coordinates(stands.report("guess").get("forensic"), lang)]


def summary(stands: Arrival, lang: str) -> str:
    """The step in one line."""
    said = stands.report("guess")
    if not said:
        return ""
    title = layers.theme(said["theme"]).title[lang]
    system = sentences.word((said.get("forensic") or {}).get("system") or "", lang)
    return " · ".join(each for each in (said["kind"], title, say("rows.n", lang, n=number(said["rows"])), system) if each)


def _facts(stands: Arrival, lang: str) -> Tag:
    said = stands.report("guess")
    pairs: list[tuple[str, Any]] = [
        (say("format", lang), said["kind"]), (say("rows", lang), number(said["rows"])), (say("size", lang), size(stands.size)),
        (say("theme", lang), which_theme(stands, lang, said["theme"])), (say("recipe", lang), _recipe(stands, lang)),
    ]
    if said.get("changes"):
        pairs.append((say("encoding", lang), "；".join(sentences.word(each, lang) for each in said["changes"])))
    return facts(pairs)


def _recipe(stands: Arrival, lang: str) -> str:
    said = stands.report("guess")
    if stands.mended:
        return say("recipe.mended", lang)
    if stands.upload.mapped:
        return say("recipe.saved", lang)
    if stands.recipe:
        return say("recipe.sent", lang)
    return say("recipe.kept" if said.get("kept") else "recipe.guessed", lang)


def which_theme(stands: Arrival, lang: str, chosen: str | None = None) -> Tag:
    """The themes to choose from; a choice looks at the file again."""
    if stands.mended and chosen:
        return html.Span(layers.theme(chosen).title[lang])
    options = [] if chosen else [html.Option(say("theme.which", lang), value="")]
    options += [html.Option(each.title[lang], value=each.name, selected=each.name == chosen) for each in layers.themes().values()]
    return html.Select(options, **{"data-theme-of": stands.upload.id, "aria-label": say("theme.which", lang)})


def _coordinates(verdict: Mapping[str, Any] | None, lang: str) -> Any:
    if not verdict:
        return None
    declared = verdict.get("declared")
    if verdict["sure"] and not verdict["system"]:
        return html.P(verdict["says"][lang], className="says")
    says = say("crs.declared", lang, crs=declared) if declared else say("crs.nothing", lang)
    head = sentences.word(verdict["system"], lang) if verdict["system"] else say("crs.unsure", lang)
    parts = [
        html.H3([say("crs", lang), html.Span(head, className="verdict sure" if verdict["sure"] else "verdict unsure")]),
        html.P(verdict["says"][lang], className="says"), html.P(says, className="quiet"),
    ]
    if verdict.get("shares"):
        parts += [html.P(say("crs.claims", lang, n=number(verdict["claiming"])), className="quiet"), _shares(verdict["shares"], lang)]
    return html.Div(parts, className="forensic")


def _shares(shares: Mapping[str, float], lang: str) -> Tag:
    """The share of rows that each system puts into the villages they claim, the best first."""
    best = sorted(shares.items(), key=lambda pair: -pair[1])[:5]
    return html.Ol([html.Li([html.Span(sentences.word(name, lang)), html.Meter(min=0, max=1, value=share), html.B(f"{share:.1%}")]) for name, share in best], className="shares")
