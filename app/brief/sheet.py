"""From an outlook to a sheet of paper: everything the template sets, gathered through one door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import layers
from app.brief.claims import Claim, asked, claims
from app.brief.drawing import line_svg, map_svg, placed, ratio, scale_bar
from app.brief.spoken import judged, spoken
from app.brief.words import word
from app.classes import Classes, classes, said
from app.numbers import whole
from app.outlook import Outlook, look
from app.palette import DESK
from app.panels.card import area
from app.panels.head import is_sample
from app.view import View
from geodata import peers
from geodata.door import Reader
from geodata.errors import UnknownUnit
from geodata.indicators import Figure
from geodata.picture import Picture, picture
from layers._ladder import level
from layers._theme import Geometry

PAPERS = ("a4", "a3")

LINES = {"a4": 12, "a3": 18}
"""Targets that fit beside the map."""

_ROWS_DRAWN = ("village", "grid", "microgrid")
"""Levels at which single rows are told apart on paper."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page about one unit.

    Parameters
    ----------
    code, name : str
        Of the unit.
    data : dict
        What the template sets.
    text : str
        The brief in spoken words.
    """

    code: str
    name: str
    data: dict[str, Any]
    text: str


def sheet(reader: Reader, view: View, paper: str = "a4") -> Sheet:
    """The page about the unit of a view.

    Parameters
    ----------
    reader : Reader
    view : View
        Its unit, indicator, language and day.
    paper : str
        One of `PAPERS`.

    Raises
    ------
    UnknownUnit
        The view's unit does not exist in the reader's area.
    StoreError
        The store is down, or holds no units.
    """
    outlook = look(reader, view)
    unit, lang = outlook.unit, view.lang
    if view.unit and unit.code != view.unit:  # a page falls back to home, paper about another unit would be a lie
        raise UnknownUnit(view.unit)
    among = peers.among(reader, unit.code)
    found = claims(outlook.figures, among, lang)
    drawn = picture(reader, unit.code, [each.id for each in outlook.children], _themes(outlook))
    text = spoken(outlook, found, among)
    data = {
        "paper": paper, "lang": lang, "name": unit.name, "level": level(unit.level).title[lang], "code": unit.code,
        "path": [each.name for each in outlook.path[:-1]], **_head(outlook), "facts": _facts(outlook),
        "map": _map(outlook, drawn), "targets": _targets(outlook, LINES[paper]), "trend": _trend(outlook),
        "claims": [_column(kind, getattr(found, kind), lang) for kind in ("strong", "weak", "next")],
        "spoken": {"title": word("spoken", lang), "text": list(text)}, "sources": _sources(outlook), "rules": word("rules", lang),
    }
    return Sheet(unit.code, unit.name, data, "\n".join(text) + "\n")


def _themes(outlook: Outlook) -> tuple[layers.Theme, ...]:
    on = outlook.unit.level in _ROWS_DRAWN
    return tuple(each for each in layers.themes().values() if on and each.on and each.geometry is Geometry.POINT)


def _head(outlook: Outlook) -> dict[str, Any]:
    lang = outlook.view.lang
    made_up = any(is_sample(each) for each in outlook.loads.values())
    return {
        "title": word("brief", lang), "as_of": word("as_of", lang, day=outlook.as_of or "—"),
        "sample": word("sample", lang) if made_up else "",
    }


def _facts(outlook: Outlook) -> list[dict[str, str]]:
    lang, unit = outlook.view.lang, outlook.unit
    facts = [
        (word("population", lang), whole(unit.population), word("people.unit", lang)),
        (word("households", lang), whole(unit.households), word("households.unit", lang)),
        (word("area", lang), area(unit.area_m2), word("km2", lang)),
    ]
    counted = [(each.title[lang], whole(outlook.counts.get(each.name)), "") for each in layers.themes().values()
               if each.on and outlook.counts.get(each.name) and not each.rung]
    return [{"title": title, "value": value, "unit": sign} for title, value, sign in (*facts, *counted)[:6]]


def _map(outlook: Outlook, drawn: Picture) -> dict[str, Any]:
    lang = outlook.view.lang
    _, indicator = layers.indicator(outlook.view.counted)
    made = classes(outlook.coloured, indicator, DESK, lang)
    share, length = scale_bar(drawn)
    below = level(outlook.children[0].level).title[lang] if outlook.children else ""
    title = word("map", lang, title=indicator.title[lang], level=below) if below else word("map.self", lang, title=indicator.title[lang])
    return {
        "title": title, "svg": map_svg(drawn, _fills(made)), "ratio": ratio(drawn),
        "names": [{"x": x, "y": y, "name": name} for x, y, name in placed(drawn)],
        "legend": [{"colour": each.colour, "label": each.label, "n": each.n} for each in made.steps if each.n],
        "scale": {"share": share, "label": length},
        "dots": [{"colour": DESK.role(layers.theme(each.theme).style.role), "label": layers.theme(each.theme).title[lang]}
                 for each in drawn.dots],
    }


def _fills(made: Classes) -> dict[int, str]:
    return {int(unit): DESK.classes[int(str(state["c"]))] for unit, state in made.states.items()}


def _targets(outlook: Outlook, most: int) -> dict[str, Any]:
    lang = outlook.view.lang
    found = judged(outlook.figures)
    met = sum(each.state == "met" for each in found)
    worst_first = sorted(found, key=lambda each: ("missed", "near", "met").index(each.state))
    rest = len(found) - most
    return {
        "title": word("targets", lang), "tally": word("tally", lang, met=met, all=len(found)),
        "lines": [_target(each, lang) for each in worst_first[:most]], "more": word("more", lang, n=rest) if rest > 0 else "",
    }


def _target(figure: Figure, lang: str) -> dict[str, str]:
    return {
        "title": figure.declared.title[lang], "value": said(figure.value, figure.declared, lang), "state": figure.state,
        "word": word(figure.state, lang), "aim": asked(figure.targets[0], figure, lang), "colour": _light(figure.state),
    }


def _light(state: str) -> str:
    return {"met": DESK.good, "near": DESK.watch, "missed": DESK.bad}[state]


def _trend(outlook: Outlook) -> dict[str, Any] | None:
    lang = outlook.view.lang
    _, indicator = layers.indicator(outlook.view.counted)
    known = [(day, value) for day, value in outlook.trend if value is not None]
    if len(known) < 2:
        return None
    aims = [judged_.aim.at_least for each in outlook.figures if each.indicator == outlook.view.counted for judged_ in each.targets]
    values = [value for _, value in known]
    ends = [{"day": day.isoformat(), "value": said(value, indicator, lang)} for day, value in (known[0], known[-1])]
    return {
        "title": word("trend", lang, title=indicator.title[lang]), "svg": line_svg(values, next(iter(aims), None)), "ends": ends,
    }


def _column(kind: str, found: tuple[Claim, ...], lang: str) -> dict[str, Any]:
    return {
        "kind": kind, "title": word(kind, lang), "none": word(f"{kind}.none", lang),
        "claims": [{"title": each.title, "value": each.value, "evidence": list(each.evidence), "gap": each.gap} for each in found],
    }


def _sources(outlook: Outlook) -> dict[str, Any]:
    lang = outlook.view.lang
    lines = [
        word("source", lang, theme=layers.theme(name).title[lang], load=load.id, file=load.file, day=load.as_of)
        for name, load in outlook.loads.items() if name in layers.themes()
    ]
    return {"title": word("sources", lang), "lines": lines}
