"""Which column of the file is which field of the theme, and which value which choice: shown, mended, kept as the recipe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import layers
from app.gate import recipe as recipes
from app.gate.arrival import Arrival
from app.gate.words import say
from app.tags import Tag, html
from layers import Theme
from layers._field import Field, Kind

PLACES = ("lon", "lat", "lonlat", "wkt")

SYSTEMS = (
    "EPSG:4490", "EPSG:4326", "EPSG:3857", "GCJ-02", "GCJ-02MC", "BD-09", "BD-09MC",
    *(f"EPSG:{code}" for code in (*range(4513, 4534), *range(4534, 4555), *range(4491, 4513))),
)
"""What `crs` of a recipe is most often: degrees, the web maps of China, CGCS2000 in zones of 3 and 6 degrees."""


def mapping(stands: Arrival, lang: str) -> list[Any]:
    """The step 字段: a form whose values are the recipe."""
    said = stands.report("guess")
    if not said:
        return []
    if stands.mended:
        return [html.P(say("map.skip", lang)), _check_only(stands, lang)]
    theme, start = layers.theme(said["theme"]), beginning(stands)
    parts = [
        _words(theme, said, start, lang), *_missing(theme, said, start, lang), _fields(theme, said, start, lang),
        *_unused(said, start, lang), _more(start, lang), html.Button(say("map.save", lang), className="button", type="submit"),
    ]
    return [html.Form(parts, id="mapping", **{"data-mapping": stands.upload.id}), html.Datalist([html.Option(value=each) for each in SYSTEMS], id="systems"),
            html.Datalist([html.Option(value=each) for each in stands.sources.get(said["theme"], ())], id="sources")]


def summary(stands: Arrival, lang: str) -> str:
    """The step in one line."""
    if stands.mended:
        return say("map.skip", lang)
    return say("map.saved", lang, n=len(stands.recipe.get("fields", {}))) if stands.upload.mapped else ""


def beginning(stands: Arrival) -> dict[str, Any]:
    """What the form begins with: the recipe beside the file, else the one kept of the last file, else the guess."""
    said = stands.report("guess")
    if stands.recipe and stands.recipe.get("theme", said["theme"]) == said["theme"]:
        return {"fields": said["fields"]} | dict(stands.recipe)
    if said.get("kept"):
        return dict(said["kept"])
    values = {name: {theirs: ours for theirs, ours in pairs.items() if ours} for name, pairs in said["values"].items()}
    word = (said.get("forensic") or {}).get("recipe") or {}
    return {"theme": said["theme"], "source": said["source"], "fields": said["fields"], "values": values} | word


def _check_only(stands: Arrival, lang: str) -> Tag:
    return html.Button(say("check", lang), className="button", type="button", **{"data-order": "check", "data-upload": stands.upload.id})


def _labelled(words: str, part: Any, hint: str = "") -> Tag:
    return html.Label([html.Span(words), part, html.Small(hint) if hint else None])


def _words(theme: Theme, said: Mapping[str, Any], start: Mapping[str, Any], lang: str) -> Tag:
    """Source, day, publisher, coordinates."""
    def text(name: str, **more: Any) -> Tag:
        """A field to type in, with what the recipe says already."""
        return html.Input(name=name, value=str(start.get(name) or ""), **more)

    sure = ((said.get("forensic") or {}).get("recipe") or {}).get("crs")
    return html.Div([
        html.Input(type="hidden", name="theme", value=theme.name),
        _labelled(say("map.source", lang), text("source", required=True, list="sources"), say("map.source.says", lang)),
        _labelled(say("map.as_of", lang), text("as_of", type="date"), say("map.as_of.says", lang)),
        _labelled(say("map.publisher", lang), text("publisher")),
        _labelled(say("crs", lang), text("crs", list="systems", placeholder=sure or say("map.crs.file", lang))),
        _labelled(say("map.axes", lang), _choice("axes", ("lon lat", "lat lon"), start.get("axes"), lang)),
        _labelled(say("map.degrees", lang), _choice("degrees", ("", "decimal", "packed"), start.get("degrees"), lang)),
    ], className="words")


def _choice(name: str, values: tuple[str, ...], chosen: Any, lang: str) -> Tag:
    options = [html.Option(say(f"map.{name}.{each}", lang) if each else "—", value=each, selected=each == (chosen or values[0])) for each in values]
    return html.Select(options, name=name)


def _missing(theme: Theme, said: Mapping[str, Any], start: Mapping[str, Any], lang: str) -> list[Tag]:
    has = {**start.get("fields", {}), **start.get("constants", {})}
    names = [theme.field(each).title[lang] for each in said["missing"] if each not in has]
    return [html.P(f"{say('map.missing', lang)}：{'、'.join(names)}", className="warn")] if names else []


def _unused(said: Mapping[str, Any], start: Mapping[str, Any], lang: str) -> list[Tag]:
    used = set(start.get("fields", {}).values())
    left = [each for each in said["unused"] if each not in used]
    return [html.P([say("map.unused", lang), *(html.Code(each) for each in left[:40])], className="quiet unused")] if left else []


def _fields(theme: Theme, said: Mapping[str, Any], start: Mapping[str, Any], lang: str) -> Tag:
    """What is given, required or strange stands open; the rest is folded away."""
    given = {**start.get("fields", {}), **start.get("constants", {})}
    shown = [each for each in theme.fields if each.required or each.name in given or said["values"].get(each.name)]
    rest = [each for each in theme.fields if each not in shown]
    places = [name for name in PLACES if name in start.get("fields", {})]
    heads = [html.Tr([html.Th(say(key, lang)) for key in ("map.head", "map.theirs", "map.samples")])]
    folded = [html.Tbody(html.Tr(html.Td(html.Button(say("map.all", lang, n=len(rest) + len(PLACES) - len(places)), type="button", className="plain-button", **{"data-unfold": ""}), colSpan=3)))]
    body = [part for each in shown for part in _rows(each, said, start, lang)]
    hidden = [part for each in rest for part in _rows(each, said, start, lang)] + [_place(name, said, start, lang) for name in PLACES if name not in places]
    return html.Div(html.Table([
        html.Thead(heads), html.Tbody([*(_place(name, said, start, lang) for name in places), *body]), *folded, html.Tbody(hidden, hidden=True),
    ], className="fields"), className="sheet tall")


def _place(name: str, said: Mapping[str, Any], start: Mapping[str, Any], lang: str) -> Tag:
    header = start.get("fields", {}).get(name)
    return html.Tr([html.Th([say(f"map.{name}", lang), html.Small(say("map.place", lang))]), html.Td(_headers(name, header, said, lang)),
                    html.Td(_samples(header, said), className="samples")])


def _rows(field: Field, said: Mapping[str, Any], start: Mapping[str, Any], lang: str) -> Iterator[Tag]:
    header = start.get("fields", {}).get(field.name)
    constant = start.get("constants", {}).get(field.name)
    tags = [html.Em(say("map.required", lang), className="need")] if field.required else []
    if field.name in said["alike"] and header == said["fields"].get(field.name):
        tags.append(html.Em(say("map.alike", lang), className="look"))
    fixed = html.Input(name=f"c:{field.name}", value="" if constant is None else str(constant), placeholder=say("map.constant", lang), className="constant",
                       hidden=bool(header), **{"aria-label": say("map.constant", lang)})
    yield html.Tr([
        html.Th([field.title[lang], *tags, html.Small(f"{field.name}{f' · {field.unit}' if field.unit else ''}")]),
        html.Td([_headers(field.name, header, said, lang), fixed]), html.Td(_samples(header, said), className="samples"),
    ], className="" if header or constant is not None or not field.required else "lacking")
    if field.kind is Kind.CHOICE and (values := _values(field, header, said, start)):
        yield _value_row(field, values, said, lang)


def _headers(name: str, chosen: str | None, said: Mapping[str, Any], lang: str) -> Tag:
    headers = [each["header"] for each in said["columns"]]
    listed = headers if chosen is None or chosen in headers else [chosen, *headers]
    options = [html.Option(say("map.none", lang), value=""), *(html.Option(each, value=each, selected=each == chosen) for each in listed)]
    return html.Select(options, name=f"f:{name}", **{"aria-label": name})


def _samples(header: str | None, said: Mapping[str, Any]) -> list[Tag]:
    found = next((each for each in said["columns"] if each["header"] == header), None)
    return [html.Code(each) for each in found["samples"]] if found else []


def _values(field: Field, header: str | None, said: Mapping[str, Any], start: Mapping[str, Any]) -> dict[str, str]:
    """Their values of a choice, with ours: as the recipe says, as the spelling is known, or nothing."""
    mapped = {str(theirs): str(ours) for theirs, ours in start.get("values", {}).get(field.name, {}).items()}
    found = next((each for each in said["columns"] if each["header"] == header), None)
    strange = said["values"].get(field.name, {})
    listed = list(dict.fromkeys([*mapped, *strange, *((found or {}).get("values") or {})]))
    known = {spelling: choice.value for choice in field.choices for spelling in choice.spellings()}
    return {each: mapped.get(each, "" if each in strange else known.get(each, "")) for each in listed}


def _known(field: Field, theirs: str, said: Mapping[str, Any]) -> str:
    """The choice that a value is read as without a recipe's word."""
    if theirs in said["values"].get(field.name, {}):
        return ""
    return next((choice.value for choice in field.choices if theirs in choice.spellings()), "")


def _value_row(field: Field, values: Mapping[str, str], said: Mapping[str, Any], lang: str) -> Tag:
    strange = [each for each in said["values"].get(field.name, {}) if not values.get(each)]
    words = say("map.values.strange", lang, n=len(strange)) if strange else say("map.values", lang)
    lines = [
        html.Label([html.Code(theirs), html.Span("→"), html.Select([
            html.Option("—", value=""), *(html.Option(each.title[lang], value=each.value, selected=each.value == ours) for each in field.choices),
        ], name=f"v:{field.name}", **{"data-theirs": theirs, "data-known": _known(field, theirs, said)})])
        for theirs, ours in values.items()
    ]
    return html.Tr(html.Td(html.Details([html.Summary(f"{field.title[lang]} · {words}", className="warn" if strange else ""), html.Div(lines, className="values")],
                                        open=bool(strange)), colSpan=3), className="value-row")


def _more(start: Mapping[str, Any], lang: str) -> Tag:
    rest = recipes.rest(start)
    return html.Details([html.Summary(say("map.more", lang)), html.Textarea(rest, name="more", rows=5, spellcheck="false")], open=bool(rest.strip()))
