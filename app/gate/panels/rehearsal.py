"""What a load would do: rows new, changed, gone and set aside, and every indicator that would be another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import layers
from app.gate.arrival import Arrival
from app.gate.panels.pieces import counts, number, placed, progress, refusal, table
from app.gate.words import say
from app.tags import Tag, html
from layers import Theme

NAMES = ("added", "changed", "removed", "unchanged", "set_aside", "duplicates")
"""Counts of a load, in the order of a reader's interest."""


def rehearsal(stands: Arrival, lang: str) -> list[Any]:
    """The step 预演."""
    job = stands.jobs.get("rehearse")
    if job is None:
        return []
    if job.open:
        return [progress(job, lang)]
    if job.state != "done":
        return [refusal(job, lang)]
    said = job.shown or {}
    if said["rehearsal"] is None:
        return [html.P(say("nothing", lang, n=said["load"]["id"]), className="fine")]
    theme = layers.theme(said["load"]["theme"])
    links = [html.A(f"{say('report', lang)} {ending.upper()}", href=f"/data/jobs/{job.id}/report.{ending}", target="_blank", className="plain-link")
             for ending in ("html", "json")]
    return [tally(said["counts"], lang), *_indicators(said, lang), *rows(theme, said, lang), *_aside(said, lang), html.P(links, className="downloads")]


def rows(theme: Theme, said: Mapping[str, Any], lang: str) -> list[Any]:
    """Rows that differ, field by field, those that came and those that went; a press leads to their place on the map.

    Parameters
    ----------
    theme : Theme
    said : mapping
        Of `geodata.changes.told`, with counts and how many lines there are of each list (`of`).
    lang : str
    """
    return [*_changed(theme, said, lang), *_plain("added", said, lang), *_plain("removed", said, lang)]


def summary(stands: Arrival, lang: str) -> str:
    """The step in one line."""
    said = stands.report("rehearse")
    if not said:
        return ""
    if said["rehearsal"] is None:
        return say("nothing", lang, n=said["load"]["id"])
    some = [f"{say(name, lang)} {number(said['counts'][name])}" for name in NAMES if said["counts"].get(name)]
    return " · ".join([say("rehearsal", lang, n=said["rehearsal"]), *some])


def tally(said: Mapping[str, Any], lang: str) -> Tag:
    """The counts of a load as large figures."""
    return counts([(say(name, lang), said[name], name if said[name] else "none") for name in NAMES])


def _indicators(said: Mapping[str, Any], lang: str) -> list[Any]:
    """The highest unit of each indicator, with its name, before and after; the others under it."""
    values = said["indicators"]
    if not values:
        return [html.H3(say("indicators", lang)), html.P(say("indicators.none", lang), className="quiet")]
    by_name: dict[str, list[Mapping[str, Any]]] = {}
    for each in values:
        by_name.setdefault(each["indicator"], []).append(each)
    groups = [_group(name, some, lang) for name, some in by_name.items()]
    return [html.H3([say("indicators", lang), html.Small(str(len(by_name)))]), html.Div(groups, className="indicators"), *_more(said, "indicators", lang)]


def _group(name: str, some: Sequence[Mapping[str, Any]], lang: str) -> Tag:
    top, title, unit = some[0], *_title(name, lang)
    head = html.Summary([html.B(title), html.Span(f"{top['name'] or top['unit']}"), html.Span([_value(top["before"], unit), " → ", _value(top["after"], unit)], className="step"),
                         html.Small(say("units.n", lang, n=len(some)))])
    lines = [html.Li([html.Span(each["name"] or each["unit"]), html.Span([_value(each["before"], unit), " → ", _value(each["after"], unit)], className="step")])
             for each in some[:200]]
    return html.Details([head, html.Ul(lines)])


def _title(name: str, lang: str) -> tuple[str, str]:
    theme, _, own = name.partition(".")
    if own.startswith("*"):
        return f"{layers.theme(theme).title[lang]} · {own[1:] or say('rows', lang)}", ""
    declared = layers.indicator(name)[1]
    return declared.title[lang], declared.unit[lang]


def _value(value: float | None, unit: str) -> str:
    return "—" if value is None else f"{number(value)}{unit}"


def _changed(theme: Theme, said: Mapping[str, Any], lang: str) -> list[Any]:
    where = {each["key"]: each for each in said["moved"]}
    lines = [
        html.Tr([html.Td(html.Code(each["key"])), html.Td([_differs(theme, name, pair, lang) for name, pair in each["fields"].items()] + _moved(where.get(each["key"]), lang))],
                **placed(where.get(each["key"], {})))
        for each in said["changed"]
    ]
    if not lines:
        return []
    names = [f"{theme.field(name).title[lang]} {number(n)}" for name, n in said["fields"].items()]
    return [html.H3([say("changed", lang), html.Small(number(said["counts"]["changed"]))]), *([html.P("、".join(names), className="quiet")] if names else []),
            table([say("key", lang), f"{say('before', lang)} → {say('after', lang)}"], lines), *_more(said, "changed", lang)]


def _differs(theme: Theme, name: str, pair: Sequence[Any], lang: str) -> Tag:
    field = theme.field(name)
    titles = {each.value: each.title[lang] for each in field.choices}
    before, after = (None if value is None else titles.get(value, value) for value in pair)
    return html.Div([f"{field.title[lang]} ", html.Del("—" if before is None else before), " → ", html.Ins("—" if after is None else after)])


def _moved(each: Mapping[str, Any] | None, lang: str) -> list[Tag]:
    if each is None:
        return []
    return [html.Div(say("metres", lang, n=number(each["metres"])) if each["metres"] else say("shape", lang))]


def _plain(name: str, said: Mapping[str, Any], lang: str) -> list[Any]:
    if not said[name]:
        return []
    lines = [html.Tr([html.Td(number(each["row_no"]), className="n"), html.Td(html.Code(each["key"])), html.Td(each["title"])], **placed(each)) for each in said[name]]
    return [html.H3([html.Span(className=f"dot-{name}"), say(name, lang), html.Small(number(said["counts"][name]))]),
            table([say("row", lang), say("key", lang), ""], lines), *_more(said, name, lang)]


def _aside(said: Mapping[str, Any], lang: str) -> list[Any]:
    if not said["set_aside"]:
        return []
    lines = [html.Tr([html.Td(number(each["row_no"]), className="n"), html.Td(each[f"reason_{lang}"])]) for each in said["set_aside"]]
    return [html.H3([say("set_aside", lang), html.Small(number(said["counts"]["set_aside"]))]), table([say("row", lang), say("reason", lang)], lines),
            *_more(said, "set_aside", lang)]


def _more(said: Mapping[str, Any], name: str, lang: str) -> list[Tag]:
    n, every = len(said[name]), said["of"][name]
    return [html.P(say("some", lang, n=number(n), all=number(every)), className="quiet")] if every > n else []
