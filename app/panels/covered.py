"""The wall's heat strips: how the units below stand in every coverage that a policy asks for, one cell a unit, worst first."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import layers
from app.classes import classes
from app.numbers import printed
from app.outlook import Outlook
from app.panels.links import aria
from app.panels.review import badge
from app.tags import Tag, html
from app.words import word
from geodata.documents import aims_of, first_aim
from geodata.indicators import worst
from geodata.spread import Stand
from layers import Indicator
from layers._indicator import Seen, SeenGround, UnitsHaving

_COVERS = (Seen, SeenGround, UnitsHaving)


def covered(outlook: Outlook, stamp: list[Any]) -> list[Any]:
    """One strip for each coverage, in the colours of the map.

    Parameters
    ----------
    outlook : Outlook
    stamp : list of components
        The day of the data, for the heading.
    """
    lang = outlook.view.lang
    strips = [strip for name, found in groupby(outlook.stands, key=lambda each: each.indicator) if (strip := _strip(outlook, name, list(found)))]
    title = html.H2([word("wall.covered", lang), html.Small(word("wall.covered.says", lang)), *stamp])
    if not strips:
        return [title, html.P(word("ranking.none", lang), className="quiet")]
    return [title, html.Ul(strips, className="strips rolls")]


def _strip(outlook: Outlook, name: str, stands: list[Stand]) -> Tag | None:
    _, indicator = layers.indicator(name)
    known = sorted((each for each in stands if each.value is not None), key=lambda each: each.value or 0)
    if not known or not isinstance(indicator.measure, _COVERS):
        return None
    lang = outlook.view.lang
    own = next((each.value for each in outlook.figures if each.indicator == name), None)
    met = sum(worst(aims_of(name), each.value) == "met" for each in known)
    number, sign = printed(own, indicator, lang)
    said = word("wall.covered.n", lang, met=met, all=len(known))
    face = [html.Span([indicator.title[lang], *badge(outlook, name, outlook.unit.code)], className="strip-name"), html.Span([html.I(className="light met"), f"{met}/{len(known)}"], className="strip-met", title=said),
            html.Span([html.B(number), html.Small(sign)], className="strip-value")]
    return html.Li([html.Div(face, className="strip-line"),
                    html.Div(_cells(outlook, indicator, known), className="strip-cells", role="img", **aria(label=said))])


def _cells(outlook: Outlook, indicator: Indicator, known: list[Stand]) -> list[Tag]:
    flavour, lang = outlook.flavour, outlook.view.lang
    made = classes({each.id: each.value for each in known}, indicator, flavour, lang, aim=first_aim(known[0].indicator))
    aims = aims_of(known[0].indicator)
    return [
        html.I(style={"backgroundColor": flavour.classes[int(str(made.states[str(each.id)]["c"]))]},
               className="met" if worst(aims, each.value) == "met" else "short", title=f"{each.name} {''.join(printed(each.value, indicator, lang))}")
        for each in known
    ]
