"""The colours of the units on the map, as states of its features; those of many units have an address of their own.

Under an address they travel once: the browser keeps them, a link to an indicator names it, and the map has its new
colours while the panels still wait for their answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import layers
from app.classes import Classes, classes
from app.outlook import Outlook
from app.palette import worn
from app.view import View
from geodata.documents import first_aim
from geodata.readings import Value

MOST_AT_ONCE = 400
"""Units whose colours travel inside an answer: twenty kilobytes; a second question would take longer."""


def coloured(view: View, values: tuple[Value, ...], hour: int = 12) -> Classes:
    """The class of every unit that is drawn, in the indicator and the flavour of a view at an hour."""
    _, indicator = layers.indicator(view.counted)
    return classes({each.id: each.value for each in values}, indicator, worn(view.page, view.flavour, hour), view.lang, view.classes, first_aim(view.counted))


def states(level: str, made: Classes) -> dict[str, Any]:
    """What the map's property `featureState` takes."""
    return {"source": level, "sourceLayer": "area", "values": made.states, "replace": True}


def address(outlook: Outlook, indicator: str) -> str | None:
    """Where the states of an indicator are found, for the units that an outlook draws; None where they are few.

    Notes
    -----
    It names the versions of the data, and nothing of the view that does not matter to colours: so it can be kept for ever.
    """
    if len(outlook.drawn) <= MOST_AT_ONCE:
        return None
    view = outlook.view
    plain = View(view.page, view.unit, (), indicator, lang=view.lang, day=view.day, level=view.level, classes=view.classes,
                 definition=view.definition)
    return f"/values?v={version(outlook.versions)}&of={quote(plain.to_url(), safe='')}"


def version(versions: Mapping[str, int]) -> str:
    """The version of everything that colours stand on."""
    return f"{versions.get('ladder', 0)}.{versions.get('indicators', 0)}"
