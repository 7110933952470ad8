"""The wall: dark, legible from metres away, complete without a hand on it."""

from __future__ import annotations

from datetime import date
from typing import Any

import layers
from app.classes import Classes
from app.outlook import Outlook
from app.panels.card import plate
from app.panels.covered import covered
from app.panels.figures import scorecard
from app.panels.head import banner
from app.panels.help import help_sheet
from app.panels.legend import legend
from app.panels.ranking import ranking
from app.panels.row import row
from app.panels.stamp import rolling, stamp, stamped
from app.panels.themes import totals
from app.panels.ticker import news, ticker
from app.panels.trail import trail
from app.tags import html
from layers._indicator import Count

LINES = 60
"""Lines of the ranking; what does not fit comes by in its turn."""


def wall(outlook: Outlook, classes: Classes) -> dict[str, list[Any]]:
    """Region -> what stands in it."""
    flavour = outlook.flavour
    asked = stamp(outlook, (_dated(each.indicator, each.day) for each in outlook.figures if each.targets))
    return {
        "head": banner(outlook),
        "trail": trail(outlook),
        "legend": [*legend(outlook, classes), *_dated_below(stamp(outlook, [_dated(outlook.view.counted, _of(outlook))]))],
        "themes": rolling(stamped(totals(outlook, flavour), stamp(outlook, ((each.theme, each.as_of) for each in outlook.loads.values())))),
        "card": stamped(plate(outlook, counted(outlook)), stamp(outlook, [("units", _day(outlook, "units"))])),
        "figures": rolling(stamped(scorecard(outlook), asked)),
        "ranking": rolling(stamped(ranking(outlook, classes, flavour, LINES), stamp(outlook, [_dated(outlook.view.counted, _of(outlook))]))),
        "covered": covered(outlook, stamp(outlook, (_dated(each.indicator, each.day) for each in outlook.stands))),
        "news": stamped(news(outlook), stamp(outlook, (_dated(each.indicator, each.day) for each in outlook.stands))),
        "foot": ticker(outlook),
        "help": help_sheet(outlook),
        "more": [],
        "definitions": [],
        "explain": [],
        "compare": [],
        "row": row(outlook, flavour),
    }


def _dated_below(marks: list[Any]) -> list[Any]:
    """The day below a legend, whose heading has no room for it."""
    return [html.P(marks, className="dated")] if marks else []


def _dated(indicator: str, day: date | None) -> tuple[str, date | None]:
    return indicator.partition(".")[0], day


def _day(outlook: Outlook, theme: str) -> date | None:
    load = outlook.loads.get(theme)
    return load.as_of if load else None


def _of(outlook: Outlook) -> date | None:
    """The day of the indicator in view."""
    return next((each.day for each in outlook.figures if each.indicator == outlook.view.counted), None)


def counted(outlook: Outlook, most: int = 3) -> list[tuple[str, float | None, str]]:
    """Numbers of rows that a declaration counts, first themes first: cameras, halls, parcels."""
    lang, found = outlook.view.lang, []
    for figure in outlook.figures:
        theme, indicator = layers.indicator(figure.indicator)
        if isinstance(indicator.measure, Count) and theme.name in outlook.loads:
            found.append((theme.order, indicator.title[lang], figure.value, indicator.unit[lang]))
    return [(title, value, unit) for _, title, value, unit in sorted(found)[:most]]
