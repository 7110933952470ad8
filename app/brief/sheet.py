"""From an outlook to a sheet of paper: everything the template sets, gathered through one door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import layers
from app.brief.claims import Claim, case_of, claims, said_of, titled
from app.brief.drawing import line_svg, map_svg, placed, ratio, scale_bar
from app.brief.spoken import spoken
from app.brief.words import phrase
from app.classes import Classes, classes, said
from app.numbers import whole
from app.outlook import Outlook, look
from app.palette import DESK
from app.panels.card import area
from app.panels.head import is_sample
from app.view import View
from app.words import word
from geodata import documents, peers
from geodata.door import Reader
from geodata.errors import UnknownUnit
from geodata.judging import STATES, Standing
from geodata.picture import Picture, picture
from layers._ladder import level
from layers._theme import Geometry

PAPERS = ("a4", "a3")

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
    stands = outlook.standings
    found = claims(stands, outlook.figures, among, lang)
    drawn = picture(reader, unit.code, [each.id for each in outlook.children], _themes(outlook))
    text = spoken(outlook, stands, found)
    data = {
        "paper": paper, "lang": lang, "name": unit.name, "level": level(unit.level).title[lang], "code": unit.code,
        "path": [each.name for each in outlook.path[:-1]], **_head(outlook), "facts": _facts(outlook),
        "map": _map(outlook, drawn), "targets": _targets(stands, lang), "trend": _trend(outlook),
        "claims": [_column(outlook, kind, getattr(found, kind)) for kind in ("strong", "weak", "next")],
        "spoken": {"title": phrase("spoken", lang), "text": list(text)}, "sources": _sources(outlook), "rules": phrase("rules", lang),
    }
    return Sheet(unit.code, unit.name, data, "\n".join(text) + "\n")


def _themes(outlook: Outlook) -> tuple[layers.Theme, ...]:
    on = outlook.unit.level in _ROWS_DRAWN
    return tuple(each for each in layers.themes().values() if on and each.on and each.geometry is Geometry.POINT)


def _head(outlook: Outlook) -> dict[str, Any]:
    lang = outlook.view.lang
    made_up = any(is_sample(each) for each in outlook.loads.values())
    return {
        "title": phrase("brief", lang), "as_of": phrase("as_of", lang, day=outlook.as_of or "—"),
        "sample": phrase("sample", lang) if made_up else "",
    }


def _facts(outlook: Outlook) -> list[dict[str, str]]:
    lang, unit = outlook.view.lang, outlook.unit
    facts = [
        (phrase("population", lang), whole(unit.population), phrase("people.unit", lang)),
        (phrase("households", lang), whole(unit.households), phrase("households.unit", lang)),
        (phrase("area", lang), area(unit.area_m2), phrase("km2", lang)),
    ]
    counted = [(each.title[lang], whole(outlook.counts.get(each.name)), "") for each in layers.themes().values()
               if each.on and outlook.counts.get(each.name) and not each.rung]
    return [{"title": title, "value": value, "unit": sign} for title, value, sign in (*facts, *counted)[:6]]


def _map(outlook: Outlook, drawn: Picture) -> dict[str, Any]:
    lang = outlook.view.lang
    _, indicator = layers.indicator(outlook.view.counted)
    made = classes(outlook.coloured, indicator, DESK, lang)
    fills, (share, length) = _fills(made), scale_bar(drawn)
    below = level(outlook.children[0].level).title[lang] if outlook.children else ""
    title = phrase("map", lang, title=indicator.title[lang], level=below) if below else phrase("map.self", lang, title=indicator.title[lang])
    return {
        "title": title, "svg": map_svg(drawn, fills), "ratio": ratio(drawn),
        "names": [{"x": x, "y": y, "name": name, "light": light} for x, y, name, light in placed(drawn, fills)],
        "legend": [{"colour": each.colour, "label": each.label, "n": each.n} for each in made.steps if each.n],
        "scale": {"share": share, "label": length},
        "dots": [{"colour": DESK.role(layers.theme(each.theme).style.role), "label": layers.theme(each.theme).title[lang]}
                 for each in drawn.dots],
    }


def _fills(made: Classes) -> dict[int, str]:
    return {int(unit): DESK.classes[int(str(state["c"]))] for unit, state in made.states.items()}


def _targets(stands: Sequence[Standing], lang: str) -> dict[str, Any]:
    """The targets that can be computed, the worst first; the template sets as many as stand beside the map and says how many more there are."""
    known = sorted((each for each in stands if each.state != "none"), key=lambda each: -STATES.index(each.state))
    met = sum(each.state == "met" for each in known)
    return {
        "title": phrase("targets", lang), "tally": phrase("tally", lang, met=met, all=len(known)),
        "lines": [line for each in known if (line := _target(each, lang))], "more": phrase("more", lang, n="{n}"),
    }


def _target(standing: Standing, lang: str) -> dict[str, str] | None:
    case = case_of(standing, {})
    if case is None:
        return None
    return {
        "title": titled(case, lang), "id": standing.target.id, "value": said_of(case, case.value, lang),
        "aim": "" if case.asked is None else f"≥ {said_of(case, case.asked, lang)}",
        "word": phrase(standing.state, lang), "colour": _light(standing.state),
    }


def _light(state: str) -> str:
    return {"met": DESK.good, "course": DESK.teal, "behind": DESK.watch, "missed": DESK.bad}[state]


def _trend(outlook: Outlook) -> dict[str, Any] | None:
    lang = outlook.view.lang
    _, indicator = layers.indicator(outlook.view.counted)
    known = [(day, value) for day, value in outlook.trend if value is not None]
    if len(known) < 2:
        return None
    aim = documents.first_aim(outlook.view.counted)
    values = [value for _, value in known]
    ends = [{"day": day.isoformat(), "value": said(value, indicator, lang)} for day, value in (known[0], known[-1])]
    return {
        "title": phrase("trend", lang, title=indicator.title[lang]), "svg": line_svg(values, aim.at_least if aim else None), "ends": ends,
    }


def _column(outlook: Outlook, kind: str, found: tuple[Claim, ...]) -> dict[str, Any]:
    lang = outlook.view.lang
    return {
        "kind": kind, "title": phrase(kind, lang), "none": phrase(f"{kind}.none", lang),
        "claims": [{"title": each.title + _waits(outlook, each), "value": each.value, "evidence": list(each.evidence), "gap": each.gap} for each in found],
    }


def _waits(outlook: Outlook, claim: Claim) -> str:
    """待核 behind a unit's own number that waits for somebody."""
    step = outlook.to_review.get((claim.case.indicator, outlook.unit.code)) if claim.case.units is None else None
    return f" [{word('review', outlook.view.lang)}]" if step else ""


def _sources(outlook: Outlook) -> dict[str, Any]:
    lang = outlook.view.lang
    lines = [
        phrase("source", lang, theme=layers.theme(name).title[lang], load=load.id, file=load.file, day=load.as_of)
        for name, load in outlook.loads.items() if name in layers.themes()
    ]
    return {"title": phrase("sources", lang), "lines": lines}
