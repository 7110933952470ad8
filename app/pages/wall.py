"""The wall: dark, legible from metres away, complete without a hand on it."""

from __future__ import annotations

from typing import Any

import layers
from app.classes import Classes
from app.outlook import Outlook
from app.palette import WALL
from app.panels.card import plate
from app.panels.figures import scorecard
from app.panels.head import banner
from app.panels.legend import legend
from app.panels.ranking import ranking
from app.panels.row import row
from app.panels.themes import totals
from app.panels.trail import trail
from layers._indicator import Count

LINES = 12
"""Lines of the ranking that fit below the targets; the rest is on the map."""


def wall(outlook: Outlook, classes: Classes) -> dict[str, list[Any]]:
    """Region -> what stands in it."""
    return {
        "head": banner(outlook),
        "trail": trail(outlook),
        "legend": legend(outlook, classes),
        "themes": totals(outlook, WALL),
        "card": plate(outlook, counted(outlook)),
        "figures": scorecard(outlook),
        "ranking": ranking(outlook, classes, WALL, LINES),
        "more": [],
        "definitions": [],
        "row": row(outlook, WALL),
    }


def counted(outlook: Outlook, most: int = 3) -> list[tuple[str, float | None, str]]:
    """Numbers of rows that a declaration counts, first themes first: cameras, halls, parcels."""
    lang, found = outlook.view.lang, []
    for figure in outlook.figures:
        theme, indicator = layers.indicator(figure.indicator)
        if isinstance(indicator.measure, Count) and theme.name in outlook.loads:
            found.append((theme.order, indicator.title[lang], figure.value, indicator.unit[lang]))
    return [(title, value, unit) for _, title, value, unit in sorted(found)[:most]]
