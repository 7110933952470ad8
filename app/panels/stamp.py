"""The day of the data in a panel's heading, and what makes the lists of a wall move by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from app.outlook import Outlook
from app.tags import Tag, html
from app.words import word


def stamp(outlook: Outlook, days: Iterable[date | None]) -> list[Tag]:
    """The oldest of the days that a panel stands on; nothing where none is known."""
    known = [each for each in days if each]
    if not known:
        return []
    day, newest = min(known), outlook.as_of or min(known)
    said = f"{day:%m-%d}" if day.year == newest.year else f"{day:%y-%m-%d}"
    return [html.Span(word("stamp", outlook.view.lang, day=said), className="stamp", title=day.isoformat())]


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
