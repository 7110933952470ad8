"""What is said under the pointer, from declarations. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from app.marks import AUDIT
from app.sightings import place_layer
from app.words import word
from geodata.places import wanted
from layers._audit import AUDITED
from layers._indicator import Indicator
from layers._ladder import Level
from layers._theme import Theme


def tooltips(
    themes: Iterable[Theme], levels: Sequence[Level], indicator: Indicator | None = None, lang: str = "zh"
) -> dict[str, list[dict[str, Any]]]:
    """What is said under the pointer, by layer.

    Returns
    -------
    dict of str to list of dict
        Layer id -> property, title, words {value: words}; the first without a title is the heading.
    """
    name: dict[str, Any] = {"property": "name"}
    value = [{"property": "t", "title": indicator.title[lang]}] if indicator else []
    said = {f"{level.name}:fill": [name, *value] for level in levels}
    for theme in themes:
        rows = [name, *_state_words(theme, lang)]
        said |= {f"{theme.name}:{part}": rows for part in ("rows", "line", "fill")}
        said[f"{theme.name}:cells"] = [{"property": "n", "title": theme.title[lang]}, *_state_counts(theme, lang)]
        said |= _sighted(theme, lang)
        if theme.name == AUDITED:
            said |= {f"{theme.name}:{AUDIT}{part}": [{"property": lang}] for part in ("", "-dot")}
    return said


def _sighted(theme: Theme, lang: str) -> dict[str, list[dict[str, Any]]]:
    """Places by whether a theme's rows see them."""
    words = {"1": word("seen.places", lang), "0": word("seen.not.places", lang)}
    state = {"property": "s", "title": theme.title[lang], "words": words}
    return {place_layer(theme, each): [{"property": "name"}, state] for each, _ in wanted(theme)} if theme.sight else {}


def _state_words(theme: Theme, lang: str) -> list[dict[str, Any]]:
    if not theme.style.by:
        return []
    field = theme.field(theme.style.by)
    words = {choice.value: choice.title[lang] for choice in field.choices}
    return [{"property": field.name, "title": field.title[lang], "words": words}]


def _state_counts(theme: Theme, lang: str) -> list[dict[str, Any]]:
    if not theme.style.by:
        return []
    return [{"property": f"s_{choice.value}", "title": choice.title[lang]} for choice in theme.field(theme.style.by).choices]
