"""What happened since the day before, in sentences for a wall's ticker: units that fell below a target or rose to it, loads. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import layers
from app.numbers import printed, whole
from app.outlook import Outlook
from app.words import word
from geodata.documents import aims_of
from geodata.indicators import worst
from geodata.spread import Stand
from layers._indicator import Format

MOST = 12
"""Sentences of one round: a minute and a half."""

DEEP = 0.05
"""Of a share: a fall that is told also where no target was lost."""


@dataclass(frozen=True, slots=True)
class Event:
    """One sentence of the ticker.

    Parameters
    ----------
    kind : {'fell', 'dropped', 'rose', 'load'}
        A target was lost, a share fell by 5 points or more, a target was reached, a file was brought in.
    text : str
    unit : str, optional
        Code of the unit that it is about.
    weight : float
        How far the value moved; larger ones are told first.
    """

    kind: str
    text: str
    unit: str | None = None
    weight: float = 0.0


def events(outlook: Outlook) -> list[Event]:
    """What is worth telling of the unit in view: losses first, the largest first; then gains, then the newest loads."""
    lang = outlook.view.lang
    told = [each for stand in outlook.stands if (each := _moved(stand, lang))]
    order = ("fell", "dropped", "rose")
    told.sort(key=lambda each: (order.index(each.kind), -each.weight))
    fresh = list(_loaded(outlook))
    return told[: MOST - len(fresh)] + fresh


def _moved(stand: Stand, lang: str) -> Event | None:
    """A sentence on a unit whose value has changed its state since the day before, or has fallen deep."""
    _, indicator = layers.indicator(stand.indicator)
    change = stand.change
    aims = aims_of(stand.indicator)
    if not change or not aims:
        return None
    was, now = (worst(aims, each) for each in (stand.before, stand.value))
    worse = change < 0 if indicator.higher_is_better is not False else change > 0
    deep = worse and indicator.format is Format.PERCENT and abs(change) >= DEEP
    kind = "fell" if was == "met" != now else "rose" if now == "met" != was else "dropped" if deep else None
    if kind is None:
        return None
    values = ["".join(printed(each, indicator, lang)) for each in (stand.before, stand.value)]
    said = word(f"event.{kind}", lang, unit=stand.name, indicator=indicator.title[lang], before=values[0], value=values[1])
    return Event(kind, said, stand.code, abs(change))


def _loaded(outlook: Outlook, most: int = 3) -> Iterable[Event]:
    lang = outlook.view.lang
    for load in sorted(outlook.loads.values(), key=lambda each: each.id, reverse=True)[:most]:
        if load.theme in layers.themes():
            title = layers.theme(load.theme).title[lang]
            yield Event("load", word("event.load", lang, theme=title, day=f"{load.as_of:%m-%d}", added=whole(load.added),
                                     changed=whole(load.changed), removed=whole(load.removed)))
