"""What the colours of coverage mean: seen and unseen ground, roads and places; and the density of blind places."""

from __future__ import annotations

from typing import Any

from app.outlook import Outlook
from app.panels.density import steps, widths
from app.panels.links import chip, chosen_from
from app.sightings import shares
from app.tags import Tag, html
from app.view import SIGHTS
from app.words import word
from geodata.kernel import LAST_ZOOM
from geodata.seen_tiles import SHARES
from layers import Theme
from layers._sight import SIGHTS_FROM_ZOOM

_FAR = " ".join(f"z{z}" for z in range(4, SIGHTS_FROM_ZOOM))
_NEAR = " ".join(f"z{z}" for z in range(SIGHTS_FROM_ZOOM, LAST_ZOOM + 1))


def coverage(outlook: Outlook, theme: Theme) -> list[Any]:
    """From near what is seen and what is not; from afar the classes of squares by the share of their places.

    Parameters
    ----------
    outlook : Outlook
    theme : Theme
        Whose rows see.
    """
    lang, flavour = outlook.view.lang, outlook.flavour
    marks = [("swatch", flavour.met[1], "seen.ground"), ("swatch", flavour.blind, "seen.not.ground"),
             ("swatch stroke", flavour.met[2], "seen.ways"), ("swatch stroke", flavour.bad, "seen.not.ways"),
             ("swatch round", flavour.met[2], "seen.places"), ("swatch round", flavour.bad, "seen.not.places")]
    near = [_line(kind, ink, word(said, lang), _NEAR) for kind, ink, said in marks]
    labels = [f"< {SHARES[0]:.0%}", *(f"{low:.0%} – {high:.0%}" for low, high in zip(SHARES, SHARES[1:], strict=False)), "100%"]
    far = [_line("swatch", ink, label, _FAR) for ink, label in zip(shares(flavour), labels, strict=True)]
    return [
        html.H2([word("seen.title", lang, theme=theme.title[lang]), html.Small(word(f"sight.{outlook.view.sight}", lang))]),
        html.P([html.Span(word("seen.near.says", lang), className=f"at-zoom {_NEAR}"),
                html.Span([word("seen.far.says", lang), *widths(outlook, "squares")], className=f"at-zoom {_FAR}")]),
        html.Ul([*near, *reversed(far)], className="steps"),
        *_switch(outlook),
    ]


def blindness(outlook: Outlook, theme: Theme) -> list[Any]:
    """Classes of blind places to the square kilometre.

    Parameters
    ----------
    outlook : Outlook
        With breaks of the entry.
    theme : Theme
        Whose rows ought to see.
    """
    lang = outlook.view.lang
    return [
        html.H2([word("blind.title", lang), html.Small(word(f"sight.{outlook.view.sight}", lang))]),
        html.P([word("blind.says", lang), word("heat.kernel.says", lang), *widths(outlook, "kernel")]),
        steps(outlook, f"{theme.name}:blind", word("blind.unit", lang)),
        *_switch(outlook),
    ]


def _line(kind: str, ink: str, said: str, zooms: str) -> Tag:
    return html.Li([html.I(className=kind, style={"background-color": ink}), html.Span(said, className="step-label")], className=f"at-zoom {zooms}")


def _switch(outlook: Outlook) -> list[Tag]:
    """Which rows see: all that stand, or those that work."""
    view = outlook.view
    if view.page == "wall":
        return []
    chips = [chip(view.seeing(each), word(f"sight.{each}", view.lang), each == view.sight, word(f"sight.{each}.says", view.lang)) for each in SIGHTS]
    return [chosen_from(word("sight", view.lang), chips, word(f"sight.{view.sight}.says", view.lang))]
