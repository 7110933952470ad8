"""The day of the data in a panel's heading, and what makes the lists of a wall move by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import layers
from app.outlook import Outlook
from app.tags import Tag, html
from app.words import word

AGES = ("fresh", "old", "stale")
"""Within the days that a theme allows its data, beyond the first limit, beyond the second."""

_LIGHTS = {"old": "near", "stale": "missed"}

Dated = tuple[str, date | None]
"""Theme, and the day of its data."""


def age(theme: str, day: date, today: date) -> str:
    """How old the data of a theme are; one of `AGES`.

    Parameters
    ----------
    theme : str
        Its declaration says the limits (`layers.Theme.fresh_days`).
    day, today : date
    """
    old, stale = layers.theme(theme).fresh_days
    days = (today - day).days
    return "stale" if days > stale else "old" if days > old else "fresh"


def stamp(outlook: Outlook, dated: Iterable[Dated], today: date | None = None) -> list[Tag]:
    """The oldest day that a panel stands on, with a sign where its data are too old; nothing where none is known.

    Parameters
    ----------
    outlook : Outlook
    dated : iterable of (theme, day)
    today : date, optional
        The day asked for, or the calendar's, by default.
    """
    known = [(theme, day) for theme, day in dated if day and theme in layers.themes()]
    if not known:
        return []
    today = today or outlook.view.day or date.today()
    worst = max((age(theme, day, today) for theme, day in known), key=AGES.index)
    day, lang = min(day for _, day in known), outlook.view.lang
    said = f"{day:%m-%d}" if day.year == today.year else f"{day:%y-%m-%d}"
    sign = [html.I(className=f"light {_LIGHTS[worst]}")] if worst in _LIGHTS else []
    return [html.Span([*sign, word("stamp", lang, day=said)], className=f"stamp {worst}", title=f"{day.isoformat()} {word(f'age.{worst}', lang)}")]


def stamped(panel: list[Any], marks: list[Tag]) -> list[Any]:
    """A panel whose heading ends with marks."""
    title, *rest = panel
    words = title["props"]["children"]
    inner = words if isinstance(words, list) else [words]
    return [{**title, "props": {**title["props"], "children": [*inner, *marks]}}, *rest]


def rolling(panel: list[Any]) -> list[Any]:
    """A panel whose list, the last thing in it, moves on by itself where it does not fit (assets/wall-roll.js)."""
    *before, last = panel
    name = last["props"].get("className", "")
    return [*before, {**last, "props": {**last["props"], "className": f"{name} rolls"}}]
