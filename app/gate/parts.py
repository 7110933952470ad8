"""What an address of /data shows: the column of steps or a list, and which rows the map draws beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import layers
from app.gate import recipe as recipes
from app.gate.arrival import STEPS, Arrival, arrival
from app.gate.panels import findings, history, identify, lists, mapping, publish, rehearsal, waiting
from app.gate.panels.pieces import size
from app.gate.uploads import Uploads
from app.gate.words import say
from app.tags import Tag, html
from geodata import aside, changes, jobs, life, loads, rollback
from geodata.door import Reader
from geodata.errors import UnknownRow
from geodata.loads import Load

Shown = dict[str, Any]

_PANELS = {"guess": identify.identify, "map": mapping.mapping, "check": findings.findings, "rehearse": rehearsal.rehearsal, "load": publish.publish}
_SUMMARIES = {"guess": identify.summary, "map": mapping.summary, "check": findings.summary, "rehearse": rehearsal.summary, "load": publish.summary}


def part(reader: Reader, uploads: Uploads, asked: Mapping[str, str], lang: str) -> Shown:
    """What an address shows.

    Parameters
    ----------
    reader : Reader
        On the primary: a job that was ordered a moment ago is there.
    uploads : Uploads
    asked : mapping
        Of the address: upload, or tab with theme, back, of and key.
    lang : str

    Returns
    -------
    dict
        sections: name -> elements; running: whether something is under way; dots: address of what the map draws, or None.

    Raises
    ------
    GateError
        The address names an upload that there is not.
    """
    if "upload" in asked:
        return _steps(reader, uploads, asked["upload"], lang)
    made = {"jobs": _jobs, "loads": _loads, "aside": _aside}.get(asked.get("tab", ""))
    if made:
        return made(reader, asked, lang)
    newest = jobs.uploads(reader)
    return {"sections": {"files": lists.files(newest, uploads.limit, lang)}, "running": any(each.open for each in newest), "dots": None}


def _steps(reader: Reader, uploads: Uploads, number: str, lang: str) -> Shown:
    upload = uploads.at(number)
    recipe = recipes.read(upload.recipe) if upload.recipe else {}
    stands = arrival(upload, jobs.of_upload(reader, number), recipe, loads.sources(reader))
    sections = {"file": [_file(stands, lang)]} | {step: _step(step, stands, lang) for step in STEPS[1:]}
    drawn = next((stands.jobs[verb] for verb in ("rehearse", "check") if stands.report(verb) and stands.report(verb).get("rehearsal", 1)), None)
    return {"sections": sections, "running": stands.running, "dots": f"/data/jobs/{drawn.id}/dots.json" if drawn else None, "step": stands.current}


def _file(stands: Arrival, lang: str) -> Tag:
    other = html.A(say("another", lang), href=f"/data?lang={lang}", className="plain-link")
    return html.Div([html.Span("1", className="no done"), html.Div([html.B(stands.upload.name), html.Small(size(stands.size))], className="name"), other], className="step-head")


def _step(step: str, stands: Arrival, lang: str) -> list[Any]:
    """A step: open where the operator stands, one line where he has been, grey where he has not."""
    content, line = _PANELS[step](stands, lang), _SUMMARIES[step](stands, lang)
    here = step == stands.current
    read = step == "rehearse" and stands.current == "load" and not stands.report("load")  # who publishes looks at what he publishes
    state = "here" if here else "done" if line else "to-come"
    mark = "✓" if line and not here else str(STEPS.index(step) + 1)
    head = [html.Span(mark, className=f"no {state}"), html.B(say(f"step.{step}", lang)), html.Small(line)]
    if not content:
        return [html.Div(head, className=f"step-head {state}")]
    return [html.Details([html.Summary(head, className=f"step-head {state}"), html.Div(content, className="step-body")], open=here or read)]


def _jobs(reader: Reader, asked: Mapping[str, str], lang: str) -> Shown:
    listed = jobs.listed(reader)
    return {"sections": {"jobs": lists.jobs(listed, jobs.runner_at_work(reader), lang)}, "running": any(each.open for each in listed), "dots": None}


def _loads(reader: Reader, asked: Mapping[str, str], lang: str) -> Shown:
    theme = asked.get("theme") if asked.get("theme") in layers.themes() else None
    if asked.get("back", "").isdecimal() and len(asked["back"]) < 10:
        return _back(reader, int(asked["back"]), lang)
    if asked.get("load", "").isdecimal() and len(asked["load"]) < 10:
        return _changed(reader, int(asked["load"]), lang)
    if asked.get("key") and asked.get("of") in layers.themes():
        return _life(reader, asked["of"], asked["key"], lang)
    return {"sections": {"loads": history.ledger(loads.ledger(reader, 100, theme), theme, lang)}, "running": False, "dots": None}


def known_load(reader: Reader, number: int) -> Load | None:
    """A load of the ledger whose theme is still declared."""
    load = loads.load(reader, number)
    return load if load and load.theme in layers.themes() else None


def _back(reader: Reader, number: int, lang: str) -> Shown:
    load = known_load(reader, number)
    if load is None:
        return {"sections": {"loads": [html.P(say("loads.none", lang), className="quiet")]}, "running": False, "dots": None}
    later = loads.some(reader, rollback.later(reader, layers.theme(load.theme), load)) if load.stands else ()
    job = next((each for each in jobs.of_verb(reader, "rollback") if str(each.words[0]) == str(number)), None)
    return {"sections": {"loads": history.back(load, later[::-1], job, lang)}, "running": bool(job and job.open), "dots": None}


def _changed(reader: Reader, number: int, lang: str) -> Shown:
    load = known_load(reader, number)
    if load is None:
        return {"sections": {"loads": [html.P(say("loads.none", lang), className="quiet")]}, "running": False, "dots": None}
    said = changed_by(reader, load, history.SHOWN)
    return {"sections": {"loads": history.changed(load, said, lang)}, "running": False, "dots": f"/data/loads/{number}/dots.json"}


def changed_by(reader: Reader, load: Load, most: int) -> dict[str, Any]:
    """What a load did to the rows of its theme, as a rehearsal tells it: of each list so many lines, and how many there are."""
    told = changes.told(changes.of_load(reader.connection, layers.theme(load.theme), load.id, most))
    counts = {name: getattr(load, name) for name in ("added", "changed", "removed")}
    fields = told["fields"] if len(told["changed"]) >= load.changed else {}  # of a part of the rows they would be too few
    return told | {"fields": fields, "counts": counts, "of": counts | {"moved": len(told["moved"])}}


def _life(reader: Reader, theme: str, key: str, lang: str) -> Shown:
    try:
        events = life.life(reader, theme, key)
    except UnknownRow:
        events = ()
    return {"sections": {"loads": history.life(theme, key, events, lang)}, "running": False, "dots": None}


def _aside(reader: Reader, asked: Mapping[str, str], lang: str) -> Shown:
    made = jobs.of_verb(reader, "set-aside")
    counts = {name: sum(rules.values()) for name, rules in aside.by_rule(reader).items()}
    rows = {name: (n, aside.waiting(reader, name, n=waiting.SHOWN)) for name, n in counts.items()}
    return {"sections": {"aside": waiting.aside(rows, made, lang)}, "running": any(each.open for each in made), "dots": None}
