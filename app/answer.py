"""The answer to an address: everything on the page that differs from what it shows, encoded once."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zlib import crc32

import layers
from app.classes import Classes
from app.colouring import coloured
from app.kept import Kept
from app.outlook import Outlook, look
from app.pages.board import board
from app.pages.desk import desk
from app.pages.wall import wall
from app.palette import css, worn
from app.panels.figures import more
from app.panels.trend import trend
from app.stage import camera, scenery, scenery_of, stage
from app.tags import html
from app.view import View
from app.words import word
from geodata.door import GUEST, Door, Reader, Scope
from geodata.errors import StoreBusy, StoreError

LOG = logging.getLogger("onemap")

Said = Mapping[str, Any]

NOON = 12
"""The hour of a reader who does not say his."""

PAGES: dict[str, Callable[[Outlook, Classes], dict[str, list[Any]]]] = {"desk": desk, "wall": wall}


@dataclass(frozen=True, slots=True)
class Answer:
    """What changes on the page.

    Parameters
    ----------
    texts : mapping of str to str
        As JSON: region -> elements; "map.PROPERTY" -> value of the map's property; "flavour", "page", "doors", "trend".
    known : mapping of str to object
        What the page then shows: "shown", part -> checksum, "place", "lang" and "versions"; sent back with the next question.
    """

    texts: Mapping[str, str]
    known: Said

    @property
    def parts(self) -> dict[str, Any]:
        """The same as elements and values."""
        return {name: json.loads(text) for name, text in self.texts.items()}

    def json(self) -> bytes:
        """The answer on the wire: {"parts": ..., "known": ...}."""
        parts = ",".join(f"{_text(name)}:{text}" for name, text in self.texts.items())
        return f'{{"parts":{{{parts}}},"known":{_text(self.known)}}}'.encode()


def answer(door: Door, asked: Said, known: Said, kept: Kept | None = None, scope: Scope | None = None) -> Answer:
    """Everything that has changed on the page since what it already shows.

    Parameters
    ----------
    door : Door
    asked : mapping
        "url"; "hour" of the reader's clock; "n", different for each step; "fly", whether the map goes where the address says; "seen", the versions that the
        page has heard of; "more", whether the reader has unfolded all other indicators.
    known : mapping
        `Answer.known` of the answer before; empty for a new page.
    kept : Kept, optional
        What was worked out for other readers.
    scope : Scope, optional
        Whose eyes; an address with guest=yes makes them a guest's.

    Returns
    -------
    Answer
        Of what the address says, and of a store that is away.

    Raises
    ------
    StoreBusy
        Too many ask just now; the page asks again.
    """
    kept = kept or Kept()
    view, problems = View.from_url(str(asked.get("url", "/")))
    role = GUEST if view.guest else (scope or Scope()).role
    try:
        outlook = door.ask(lambda reader: _seen(reader, view, asked, known, kept), Scope(role=role, day=view.day))
    except StoreBusy:
        raise
    except StoreError as problem:
        LOG.warning("%s", problem)
        return _without_store(view, problem, known)
    said = [each.says[view.lang] for each in (*problems, *outlook.problems)]
    made = None if outlook.board is not None else coloured(outlook.view, outlook.values, outlook.hour)
    panels = _panels(outlook, made, (view, role, scope and scope.area), kept)
    scenery = _scenery(outlook, kept) if made is not None else {}
    unfolded = {"more": more(outlook, unfolded=True)} if asked.get("more") and view.page == "desk" else {}
    own = _parts(outlook, made, said, asked, known)
    return _changed({**scenery, **_texts(own), **panels, **_texts(unfolded)}, known, outlook)


def _seen(reader: Reader, view: View, asked: Said, known: Said, kept: Kept) -> Outlook:
    """The outlook, of a store that holds at least what the reader has seen or heard of: no view goes back in time."""
    outlook = replace(look(reader, view, kept), hour=_hour(asked.get("hour")))
    for told in (known.get("versions"), asked.get("seen")):
        for name, version in told.items() if isinstance(told, dict) else ():
            reader.wants(outlook.versions.get(name, 0), version if isinstance(version, int) else 0)
    return outlook


def _hour(told: Any) -> int:
    return told if isinstance(told, int) and 0 <= told < 24 else NOON


Texts = Mapping[str, str]
"""Parts of a page, as JSON: what is kept is text, in which nobody has to look for garbage."""


def _panels(outlook: Outlook, made: Classes | None, asked: tuple[Hashable, ...], kept: Kept) -> Texts:
    """Panels say the same to everybody who asks the same of the same data in the same colours: made once."""
    key = ("panels", asked, outlook.hour, tuple(sorted(outlook.versions.items())), date.today())
    return _once(kept, key, lambda: board(outlook) if made is None else PAGES[outlook.view.page](outlook, made))


def _scenery(outlook: Outlook, kept: Kept) -> Texts:
    """What the map looks like wherever the reader stands."""
    return _once(kept, ("scenery", *scenery_of(outlook)), lambda: {f"map.{name}": value for name, value in scenery(outlook).items()})


def _once(kept: Kept, key: Hashable, make: Callable[[], dict[str, Any]]) -> Texts:
    """Each unit of their weight is five hundred characters."""
    return kept.get(key, lambda: _texts(make()), lambda texts: sum(map(len, texts.values())) // 500)


def _texts(parts: Said) -> Texts:
    return {name: _text(value) for name, value in parts.items()}


def _parts(outlook: Outlook, made: Classes | None, said: list[str], asked: Said, known: Said) -> dict[str, Any]:
    """What stands beside the panels. The map comes first: it has more to do with its part than they with theirs."""
    if made is None:  # a board has no map
        return _frame(outlook, said)
    parts: dict[str, Any] = {f"map.{name}": value for name, value in stage(outlook, made).items()}
    if asked.get("fly") or known.get("place") != _place(outlook):
        mode = "fly" if known.get("place") else "jump"
        parts["map.camera"] = camera(outlook, f"{_place(outlook)} {asked.get('n', 0)}", mode)
    return parts | _frame(outlook, said) | {"trend": trend(outlook, outlook.flavour)}


def _frame(outlook: Outlook, said: list[str]) -> dict[str, Any]:
    """What every page has."""
    view = outlook.view
    return {
        "doors": doors(outlook), "flavour": css(outlook.flavour), "page": f"page {view.page}",
        "brand": [html.Span(className="brand-mark"), html.Div([html.B(word("title", view.lang)), html.Small(outlook.home.name)])],
        "problems": [html.P(each) for each in said], "empty": None,
    }


def _place(outlook: Outlook) -> str:
    return f"{outlook.view.page} {outlook.unit.code}"


def doors(outlook: Outlook) -> dict[str, str]:
    """Where clicks on the map lead, as addresses with {code}, {theme} and {key} to be filled in.

    Returns
    -------
    dict
        "here", "unit", "row", "title", "lang", and the words that the scripts say by themselves.
    """
    view = outlook.view
    theme = next(iter(layers.themes()))
    row = view.picked(theme, "{key}").to_url().replace(f"row={theme}/", "row=%7Btheme%7D/")
    names = [outlook.unit.name, word("title", view.lang)]
    return {
        "here": view.to_url(), "unit": view.entered("{code}").to_url(), "row": row, "page": view.page, "lang": view.lang,
        "title": " · ".join(names), "search": word("search", view.lang), "lost": word("server.down", view.lang),
        "busy": word("store.busy", view.lang), "paused": word("player.paused", view.lang), "frozen": word("player.frozen", view.lang),
    }


def _changed(texts: Texts, known: Said, outlook: Outlook) -> Answer:
    before = known.get("shown", {})
    sums = {name: crc32(text.encode()) for name, text in texts.items()}
    fresh = {name: text for name, text in texts.items() if sums[name] != before.get(name)}
    shown = {"shown": {**before, **sums}, "place": _place(outlook), "lang": outlook.view.lang, "versions": dict(outlook.versions)}
    return Answer(fresh, shown)


def _text(value: Any) -> str:
    return json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":"))


def _plain(component: Any) -> Any:
    return component.to_plotly_json()


def _without_store(view: View, problem: StoreError, known: Said) -> Answer:
    """The sentence, and nothing else: what is on the screen stays there."""
    dress = {"page": f"page {view.page} empty", "flavour": css(worn(view.page, view.flavour, NOON))}
    if "it holds no unit" in problem.fact or "onemap." in problem.fact:
        says = [html.H2(word("empty", view.lang)), html.P(word("empty.says", view.lang))]
        return _said({**dress, "empty": says}, known)
    first = not known.get("place")  # there is nothing on the screen that could stay there
    forgotten = {**known, "shown": {name: value for name, value in known.get("shown", {}).items() if name != "problems"}}
    return _said({**(dress if first else {}), "problems": [html.P(word("store.down", view.lang))]}, forgotten)


def _said(parts: dict[str, Any], known: Said) -> Answer:
    return Answer(_texts(parts), known)
