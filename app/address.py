"""A view's address: how each of its parts is written, and what is said of a part that cannot be read. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import layers
from app.choices import (
    DEFINITIONS,
    HEATS,
    LANGS,
    LOOKS,
    METHODS,
    PERS,
    SIGHTS,
    WHICH,
    entries,
    indicator_at_first,
    shown_at_first,
)
from app.errors import ViewProblem
from geodata.documents import in_force, targets
from geodata.judging import STATES
from layers._ladder import LEVEL_NAMES
from layers._pick import ordered
from layers._text import Text

if TYPE_CHECKING:
    from app.view import View

# Codes and keys are any printable text; a NUL would be refused by the store, a novel by nobody.
_PRINTABLE = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,200}")
_NONE = "none"

_BEZEL = re.compile(r"([1-5])x([12]):(\d{1,3})(?:@([1-9]\d{2,4})x([1-9]\d{2,4}))?", re.ASCII)
"""Columns, rows, seam in pixels; and the pixels of the wall that it was declared for."""

Place = tuple[float, float, float]
Pick = tuple[str, str, str]
"""Theme, field and choice."""

Explained = tuple[str, str, int]
"""Indicator, which of its rows, and the page of them, from 1."""

MOST_PAGES = 100_000


def rounded(at: Place) -> Place:
    """Metres on the ground and hundredths of a zoom: what an eye can tell apart."""
    return round(at[0], 5), round(at[1], 5), round(at[2], 2)


def written(view: View) -> list[tuple[str, str | None]]:
    """Name and text of each part in canonical order; None for what stands at its default."""
    themes = None if view.themes == shown_at_first() else ",".join(view.themes) or _NONE
    return [
        ("unit", view.unit),
        ("level", view.level),
        ("themes", themes),
        ("indicator", view.indicator),
        ("definition", None if view.definition == DEFINITIONS[0] else view.definition),
        ("classes", view.classes),
        ("heat", None if view.heat == HEATS[0] else view.heat),
        ("per", None if view.per == PERS[0] else view.per),
        ("sight", None if view.sight == SIGHTS[0] else view.sight),
        ("where", ",".join(f"{theme}.{name}:{choice}" for theme, name, choice in view.where) or None),
        ("against", view.against),
        ("explain", _explaining(view)),
        ("row", "/".join(view.row) if view.row else None),
        ("at", "{:.5f},{:.5f},{:.2f}".format(*view.at) if view.at else None),
        ("document", view.document),
        ("lead", view.lead),
        ("state", view.state),
        ("target", view.target),
        ("flavour", view.flavour),
        ("bezel", view.bezel),
        ("scenes", view.scenes),
        ("guest", "yes" if view.guest else None),
        ("lang", None if view.lang == "zh" else view.lang),
        ("day", view.day.isoformat() if view.day else None),
    ]


def _explaining(view: View) -> str | None:
    """ "entrances.seen", "entrances.seen/rest", "entrances.seen/rest/2": the second page of the rows that are only in the denominator."""
    if not view.explain:
        return None
    name, which, page = view.explain
    return "/".join([name, *([which] if which != WHICH[0] or page > 1 else []), *([str(page)] if page > 1 else [])])


def read(query: str, problems: list[ViewProblem]) -> dict[str, Any]:
    """What a query says, by field of the view; what cannot be followed is left out and added to the problems."""
    found: dict[str, Any] = {}
    for name, text in parse_qsl(query, keep_blank_values=True, errors="replace"):
        place = f"{name}={text}" if _PRINTABLE.fullmatch(f"{name}={text}") else name[:40]
        if name not in _READERS:
            problems.append(problem(place, "没有这个参数", "已忽略", "there is no such parameter", "it was ignored"))
            continue
        try:
            found[name] = _READERS[name](text, problems)
        except (ValueError, KeyError, OverflowError):
            problems.append(problem(place, "无法识别", "已使用默认值", "it cannot be read", "the default is shown"))
    return found


def problem(place: str, fact_zh: str, remedy_zh: str, fact_en: str, remedy_en: str) -> ViewProblem:
    """A sentence on one part of an address."""
    return ViewProblem(Text(f"{place}：{fact_zh}；{remedy_zh}。", f"{place}: {fact_en}; {remedy_en}."))


def _code(text: str, _problems: list[ViewProblem]) -> str:
    if not _PRINTABLE.fullmatch(text):
        raise ValueError(text)
    return text


def _themes(text: str, problems: list[ViewProblem]) -> tuple[str, ...]:
    wanted = [] if text == _NONE else [name for name in text.split(",") if name]
    for name in wanted:
        if name not in entries():
            place = f"themes={name}"
            problems.append(problem(place, "没有这个图层", "已忽略", "there is no such theme", "it was left out"))
    return tuple(each for each in entries() if each in wanted)


def _indicator(text: str, _problems: list[ViewProblem]) -> str | None:
    theme, _, name = text.partition(".")
    layers.themes()[theme].indicator(name)
    return None if text == indicator_at_first() else text


def _explain(text: str, _problems: list[ViewProblem]) -> Explained:
    name, _, rest = text.partition("/")
    which, _, page = rest.partition("/")
    theme, _, own = name.partition(".")
    layers.themes()[theme].indicator(own)
    if which and which not in WHICH or page and not (page.isascii() and page.isdigit() and 1 <= int(page) <= MOST_PAGES):
        raise ValueError(text)
    return name, which or WHICH[0], int(page or 1)


def _row(text: str, _problems: list[ViewProblem]) -> tuple[str, str]:
    theme, _, key = text.partition("/")
    if theme not in layers.themes() or not _PRINTABLE.fullmatch(key):
        raise ValueError(text)
    return theme, key


def _at(text: str, _problems: list[ViewProblem]) -> Place:
    lon, lat, zoom = (float(part) for part in text.split(","))
    if not (-180 <= lon <= 180 and -90 <= lat <= 90 and 0 <= zoom <= 24):
        raise ValueError(text)
    return rounded((lon, lat, zoom))


def _lang(text: str, _problems: list[ViewProblem]) -> str:
    return LANGS[LANGS.index(text)]


def _day(text: str, _problems: list[ViewProblem]) -> date:
    return date.fromisoformat(text)


def _level(text: str, _problems: list[ViewProblem]) -> str:
    return LEVEL_NAMES[LEVEL_NAMES.index(text)]


def in_order(where: Iterable[Pick]) -> tuple[Pick, ...]:
    """Known picks only, in the order of the legend and of the declarations."""
    wanted: dict[str, list[tuple[str, str]]] = {}
    for owner, *pick in where:
        wanted.setdefault(owner, []).append((pick[0], pick[1]))
    owners = [theme for theme in layers.themes().values() if theme.name in wanted] if wanted else ()
    return tuple((theme.name, *pick) for theme in owners for pick in ordered(theme, wanted[theme.name]))


def _where(text: str, problems: list[ViewProblem]) -> tuple[Pick, ...]:
    wanted = {each: _pick(each) for each in text.split(",") if each}
    found = in_order(wanted.values())
    for each, pick in wanted.items():
        if pick not in found:
            place = f"where={each}"
            problems.append(problem(place, "没有这个筛选条件", "已忽略", "there is no such choice", "it was left out"))
    return found


def _pick(text: str) -> Pick:
    place, _, choice = text.partition(":")
    theme, _, name = place.partition(".")
    return theme, name, choice


def _document(text: str, _problems: list[ViewProblem]) -> str:
    return in_force()[text].name


def _target(text: str, _problems: list[ViewProblem]) -> str:
    return {each.id: each.id for each in targets()}[text]


def _bezel(text: str, _problems: list[ViewProblem]) -> str:
    if not _BEZEL.fullmatch(text):
        raise ValueError(text)
    return text


def _guest(text: str, _problems: list[ViewProblem]) -> bool:
    return {"yes": True, "no": False}[text]


def _one_of(names: tuple[str, ...]) -> Callable[[str, list[ViewProblem]], str]:
    return lambda text, _problems: names[names.index(text)]


_READERS: dict[str, Callable[[str, list[ViewProblem]], object]] = {
    "unit": _code,
    "level": _level,
    "themes": _themes,
    "indicator": _indicator,
    "definition": _one_of(DEFINITIONS),
    "classes": _one_of(METHODS),
    "heat": _one_of(HEATS),
    "per": _one_of(PERS),
    "sight": _one_of(SIGHTS),
    "where": _where,
    "document": _document,
    "lead": _code,
    "state": _one_of(STATES),
    "target": _target,
    "against": _code,
    "explain": _explain,
    "row": _row,
    "at": _at,
    "flavour": _one_of(LOOKS),
    "bezel": _bezel,
    "scenes": _code,
    "guest": _guest,
    "lang": _lang,
    "day": _day,
}
