"""What the rules found in a file: how many rows go on, each rule, and the rows with their places on the map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.gate.arrival import Arrival
from app.gate.panels.pieces import button, counts, number, placed, progress, refusal, table
from app.gate.words import say
from app.tags import Tag, html


def findings(stands: Arrival, lang: str) -> list[Any]:
    """The step 检查."""
    job = stands.jobs.get("check")
    if job is None:
        return []
    if job.open:
        return [progress(job, lang)]
    if job.state != "done" and not job.shown:
        return [refusal(job, lang)]
    said = job.shown or {}
    head = counts([(say("rows_in", lang), said["rows"], ""), (say("check.good", lang), said["good"], "good"),
                   (say("check.aside", lang), said["set_aside"], "bad" if said["set_aside"] else ""),
                   (say("check.duplicates", lang), said["duplicates"], "")])
    notes = [html.P(say("check.loaded", lang, n=said["loaded_as"]), className="quiet")] if said["loaded_as"] else []
    if said["refused"]:
        notes.append(html.P(say("check.refused", lang), className="warn"))
    report = html.P([_download(job.id, "html", lang), _download(job.id, "json", lang)], className="downloads")
    return [head, *notes, *_found(said, lang), report, *([] if said["refused"] else [_next(stands, lang)])]


def summary(stands: Arrival, lang: str) -> str:
    """The step in one line."""
    said = stands.report("check")
    return f"{number(said['good'])} {say('check.good', lang)} · {number(said['set_aside'])} {say('check.aside', lang)}" if said else ""


def _download(job: int, ending: str, lang: str) -> Tag:
    return html.A(f"{say('report', lang)} {ending.upper()}", href=f"/data/jobs/{job}/report.{ending}", target="_blank", className="plain-link")


def _next(stands: Arrival, lang: str) -> Tag:
    order = {"order": "rehearse", "upload": stands.upload.id}
    return html.P([button(say("rehearse", lang), order), html.Small(say("rehearse.says", lang))], className="next")


def _found(said: Mapping[str, Any], lang: str) -> list[Any]:
    if not said["findings"]:
        return [html.P(say("check.none", lang), className="fine")]
    names = {each["id"]: each for each in said["rules"]}
    order = sorted(names.values(), key=lambda each: ({"load": 0, "error": 1, "warning": 2}[each["severity"]], -each["findings"]))
    picks = [html.Button([say("all.rules", lang)], type="button", className="rule on", **{"data-rule": ""})]
    picks += [html.Button([html.Span(className=f"mark-{each['severity']}"), html.Span(f"{each['id']} {each['asks'][lang]}"), html.B(number(each["findings"]))],
                          type="button", className="rule", **{"data-rule": each["id"]}) for each in order]
    lines = [_line(each, lang) for each in said["findings"]]
    heads = [say(key, lang) for key in ("row", "key", "rule", "reason")]
    parts: list[Any] = [html.Div(picks, className="rules"), table(heads, lines, "findings")]
    if said["of"]["findings"] > len(lines):
        parts.append(html.P(say("findings.of", lang, n=number(len(lines)), all=number(said["of"]["findings"])), className="quiet"))
    return parts


def _line(each: Mapping[str, Any], lang: str) -> Tag:
    row = number(each["row_no"]) if each["row_no"] else say("load", lang)
    return html.Tr([html.Td(row, className="n"), html.Td(html.Code(each["key"] or "")), html.Td([html.Span(className=f"mark-{each['severity']}"), each["id"]]),
                    html.Td(each[f"reason_{lang}"])], **{"data-id": each["id"], "data-row": each["row_no"], **placed(each)})
