"""What the colours of a heat map mean: classes of density in units, and how the density was made."""

from __future__ import annotations

from itertools import pairwise
from math import cos, radians
from typing import Any

from app.outlook import Outlook
from app.panels.links import chip, chosen_from
from app.tags import Tag, html
from app.view import HEATS, PERS
from app.words import word
from geodata.cells import HALF_WORLD
from geodata.heat import SQUARE_BITS
from geodata.kernel import LAST_ZOOM, bandwidth
from layers import Theme

_FIRST_ZOOM = 4
"""No unit of a ladder is drawn from further away."""


def density(outlook: Outlook, theme: Theme) -> list[Any]:
    """Name, unit, how it was made, and one line for each class.

    Parameters
    ----------
    outlook : Outlook
        With breaks of this theme.
    theme : Theme
    """
    view = outlook.view
    lang, unit = view.lang, word(f"heat.{view.per}.unit", view.lang)
    return [
        html.H2([word("heat.title", lang, theme=theme.title[lang]), html.Small(word(f"heat.{view.per}", lang))]),
        html.P([word(f"heat.{view.heat}.says", lang), *widths(outlook, view.heat)]),
        steps(outlook, f"{theme.name}:heat", unit),
        *_ways(outlook),
    ]


def steps(outlook: Outlook, entry: str, unit: str) -> Tag:
    """One line for each class of density, the densest first, and one for what is not drawn.

    Parameters
    ----------
    outlook : Outlook
        With breaks of the entry.
    entry : str
    unit : str
        What stands behind each number.
    """
    breaks, inks, lang = outlook.breaks[entry], outlook.flavour.heat, outlook.view.lang
    labels = [f"{number(low)} – {number(high)}" for low, high in pairwise(breaks)] + [f"≥ {number(breaks[-1])}"]
    made = [
        html.Li([html.I(className="swatch", style={"background-color": ink}), html.Span(f"{label} {unit}", className="step-label")])
        for label, ink in zip(labels, inks, strict=True)
    ]
    below = html.Li([html.I(className="swatch none-swatch"), html.Span(word("heat.below", lang, value=f"{number(breaks[0])} {unit}"))])
    return html.Ul([*reversed(made), below], className="steps")


def number(value: float) -> str:
    """A break as short as it is round: 0.05, 2, 1,000."""
    return f"{value:,.12g}"


def metres(value: float) -> str:
    """A distance in the unit that fits: 250 m, 1 km; two figures."""
    rounded = float(f"{value:.2g}")
    return f"{rounded / 1000:g} km" if rounded >= 1000 else f"{rounded:g} m"


def widths(outlook: Outlook, heat: str) -> list[Tag]:
    """How far a kernel reaches, or how wide a square is, at each zoom; the page shows the one of its map."""
    west, south, east, north = outlook.unit.bounds
    shrunk = cos(radians((south + north) / 2))
    wide = {z: 2 * HALF_WORLD / 2 ** (z + SQUARE_BITS) * shrunk for z in range(_FIRST_ZOOM, LAST_ZOOM + 1)}
    said = {z: metres(bandwidth(z) if heat == "kernel" else side) for z, side in wide.items()}
    return [html.Span(text, className=f"at-zoom z{z}") for z, text in said.items()]


def _ways(outlook: Outlook) -> list[Tag]:
    view, lang = outlook.view, outlook.view.lang
    if view.page == "wall":
        return []
    heats = [chip(view.heating(heat=each), word(f"heat.{each}", lang), each == view.heat) for each in HEATS]
    known = PERS if outlook.peopled else PERS[:1]
    pers = [chip(view.heating(per=each), word(f"heat.{each}", lang), each == view.per) for each in known]
    return [chosen_from(word("heat", lang), [*heats, html.I(className="apart"), *pers])]
