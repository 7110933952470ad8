"""Where the reader stands: equal to the URL, and to nothing else. Pure; pages, panels and scripts only pass it on."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import layers
from app.errors import ViewProblem
from layers._ladder import LEVEL_NAMES
from layers._text import Text

PAGES = {"desk": "/", "wall": "/wall"}
LANGS = ("zh", "en")

# Codes and keys are any printable text; a NUL would be refused by the store, a novel by nobody.
_PRINTABLE = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,200}")
_NONE = "none"

Place = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class _Legend:
    """What follows from the declarations alone; asked for hundreds of times an answer, so worked out once."""

    themes: dict[str, layers.Theme]
    entries: tuple[str, ...]
    at_first: tuple[str, ...]
    indicator: str


_legends: list[_Legend] = []


def _legend() -> _Legend:
    themes = layers.themes()
    if not _legends or _legends[0].themes is not themes:
        _legends[:] = [_Legend(themes, _entries(themes), _at_first(themes), _indicator_at_first(themes))]
    return _legends[0]


def _entries(themes: dict[str, layers.Theme]) -> tuple[str, ...]:
    return tuple(
        entry
        for theme in themes.values()
        if not (theme.rung and theme.on)  # the ladder itself is always drawn
        for entry in ((theme.name, f"{theme.name}:heat") if theme.style.heat else (theme.name,))
    )


def _at_first(themes: dict[str, layers.Theme]) -> tuple[str, ...]:
    return tuple(name for name in _entries(themes) if name in themes and themes[name].on)


def _indicator_at_first(themes: dict[str, layers.Theme]) -> str:
    shown_first = sorted(themes.values(), key=lambda theme: theme.name not in _at_first(themes))
    named = [(f"{theme.name}.{one.name}", one) for theme in shown_first for one in theme.indicators]
    return next((name for name, one in named if one.targets), named[0][0])


def entries() -> tuple[str, ...]:
    """Everything that can be switched on, in the order of the legend: themes, and "theme:heat" where offered."""
    return _legend().entries


def shown_at_first() -> tuple[str, ...]:
    """The entries that are on when the reader has chosen nothing."""
    return _legend().at_first


def indicator_at_first() -> str:
    """The indicator drawn when the reader has chosen nothing: the first that a policy asks of a theme shown at first."""
    return _legend().indicator


@dataclass(frozen=True, slots=True)
class View:
    """One place to stand.

    Parameters
    ----------
    page : str
        "desk" or "wall".
    unit : str, optional
        Code of the unit in view; None for home, the root of what the reader may see.
    themes : tuple of str
        Entries that are switched on, in the order of the legend (`entries`).
    indicator : str, optional
        "theme.indicator" that colours the units; None for `indicator_at_first`.
    row : tuple of (str, str), optional
        Theme and key of the row whose card is open.
    at : tuple of (lon, lat, zoom), optional
        Where the reader moved the map to, degrees; None for the whole of the unit.
    lang : str
        "zh" or "en".
    day : date, optional
        The day asked for; None for the newest.
    level : str, optional
        The level whose units are coloured; None for the children of the unit in view.
    """

    page: str = "desk"
    unit: str | None = None
    themes: tuple[str, ...] = field(default_factory=shown_at_first)
    indicator: str | None = None
    row: tuple[str, str] | None = None
    at: Place | None = None
    lang: str = "zh"
    day: date | None = None
    level: str | None = None

    @property
    def counted(self) -> str:
        """The indicator that colours the units."""
        return self.indicator or indicator_at_first()

    def entered(self, code: str | None) -> View:
        """The view of a unit (None: home) as a whole, with no row open."""
        return replace(self, unit=code, row=None, at=None, level=None)

    def picked(self, theme: str, key: str, at: Place | None = None) -> View:
        """The same view with a row's card open, near the row where a place is given."""
        return replace(self, row=(theme, key), at=_rounded(at) if at else self.at)

    def unpicked(self) -> View:
        """The same view without a card."""
        return replace(self, row=None)

    def up(self, parent: str | None) -> View:
        """One step back: closes the card if one is open, else goes to the unit above (None: home)."""
        return self.unpicked() if self.row else self.entered(parent)

    def switched(self, entry: str) -> View:
        """The view with one entry of the legend turned on or off."""
        wanted = set(self.themes) ^ {entry}
        return replace(self, themes=tuple(each for each in entries() if each in wanted))

    def counting(self, indicator: str) -> View:
        """The view coloured by another indicator."""
        return replace(self, indicator=None if indicator == indicator_at_first() else indicator)

    def colouring(self, level: str | None) -> View:
        """The view with the units of another level coloured (None: the children)."""
        return replace(self, level=level)

    def speaking(self, lang: str) -> View:
        """The view in another language."""
        return replace(self, lang=lang)

    def moved(self, lon: float, lat: float, zoom: float) -> View:
        """The view after the reader moved the map."""
        return replace(self, at=_rounded((lon, lat, zoom)))

    def on(self, page: str) -> View:
        """The view on another page."""
        return replace(self, page=page)

    def to_url(self) -> str:
        """The view as path and query: canonical order, defaults left out."""
        parts = [f"{name}={quote(text, safe='/:,')}" for name, text in _written(self) if text is not None]
        return PAGES[self.page] + ("?" + "&".join(parts) if parts else "")

    @classmethod
    def from_url(cls, url: str) -> tuple[View, tuple[ViewProblem, ...]]:
        """The view that an address names.

        Parameters
        ----------
        url : str
            Path and query, such as "/wall?unit=990101000000"; a host before it is ignored.

        Returns
        -------
        View, tuple of ViewProblem
            What cannot be followed is left at its default and named in a sentence; nothing is raised.
        """
        split = urlsplit(url)
        problems: list[ViewProblem] = []
        known = {path.rstrip("/"): page for page, path in PAGES.items()}
        page = known.get(split.path.rstrip("/"))
        if page is None:
            problems.append(_problem(split.path, "没有这个页面", "已打开首页", "there is no such page", "this is home"))
        found = {"page": page or "desk"} | _read(split.query, problems)
        return cls(**found), tuple(problems)


def _rounded(at: Place) -> Place:
    """Metres on the ground and hundredths of a zoom: what an eye can tell apart."""
    return round(at[0], 5), round(at[1], 5), round(at[2], 2)


def _written(view: View) -> list[tuple[str, str | None]]:
    themes = None if view.themes == shown_at_first() else ",".join(view.themes) or _NONE
    return [
        ("unit", view.unit),
        ("level", view.level),
        ("themes", themes),
        ("indicator", view.indicator),
        ("row", "/".join(view.row) if view.row else None),
        ("at", "{:.5f},{:.5f},{:.2f}".format(*view.at) if view.at else None),
        ("lang", None if view.lang == "zh" else view.lang),
        ("day", view.day.isoformat() if view.day else None),
    ]


def _read(query: str, problems: list[ViewProblem]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, text in parse_qsl(query, keep_blank_values=True, errors="replace"):
        place = f"{name}={text}" if _PRINTABLE.fullmatch(f"{name}={text}") else name[:40]
        if name not in _READERS:
            problems.append(_problem(place, "没有这个参数", "已忽略", "there is no such parameter", "it was ignored"))
            continue
        try:
            found[name] = _READERS[name](text, problems)
        except (ValueError, KeyError, OverflowError):
            problems.append(_problem(place, "无法识别", "已使用默认值", "it cannot be read", "the default is shown"))
    return found


def _problem(place: str, fact_zh: str, remedy_zh: str, fact_en: str, remedy_en: str) -> ViewProblem:
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
            problems.append(_problem(place, "没有这个图层", "已忽略", "there is no such theme", "it was left out"))
    return tuple(each for each in entries() if each in wanted)


def _indicator(text: str, _problems: list[ViewProblem]) -> str | None:
    theme, _, name = text.partition(".")
    layers.themes()[theme].indicator(name)
    return None if text == indicator_at_first() else text


def _row(text: str, _problems: list[ViewProblem]) -> tuple[str, str]:
    theme, _, key = text.partition("/")
    if theme not in layers.themes() or not _PRINTABLE.fullmatch(key):
        raise ValueError(text)
    return theme, key


def _at(text: str, _problems: list[ViewProblem]) -> Place:
    lon, lat, zoom = (float(part) for part in text.split(","))
    if not (-180 <= lon <= 180 and -90 <= lat <= 90 and 0 <= zoom <= 24):
        raise ValueError(text)
    return _rounded((lon, lat, zoom))


def _lang(text: str, _problems: list[ViewProblem]) -> str:
    return LANGS[LANGS.index(text)]


def _day(text: str, _problems: list[ViewProblem]) -> date:
    return date.fromisoformat(text)


def _level(text: str, _problems: list[ViewProblem]) -> str:
    return LEVEL_NAMES[LEVEL_NAMES.index(text)]


_READERS: dict[str, Callable[[str, list[ViewProblem]], object]] = {
    "unit": _code,
    "level": _level,
    "themes": _themes,
    "indicator": _indicator,
    "row": _row,
    "at": _at,
    "lang": _lang,
    "day": _day,
}
