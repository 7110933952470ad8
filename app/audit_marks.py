"""How findings of the audit are drawn: ground that is wrong as areas, every finding as a dot. Pure."""

from __future__ import annotations

from app.marks import AUDIT, HIDDEN, Layer
from app.palette import Flavour
from layers._audit import AUDITED, Weight
from layers._theme import Theme


def inks(flavour: Flavour) -> dict[str, str]:
    """Weight of a finding -> its colour."""
    return {Weight.ERROR: flavour.bad, Weight.WARNING: flavour.watch, Weight.NORM: flavour.quiet}


def marks(theme: Theme, flavour: Flavour) -> list[Layer]:
    """Layers of the audited theme; none of any other."""
    if theme.name != AUDITED:
        return []
    ink = ["match", ["get", "weight"], *(each for pair in inks(flavour).items() for each in pair), flavour.quiet]
    shared: Layer = {"source": f"{theme.name}.{AUDIT}", "layout": HIDDEN}
    return [
        {"id": f"{theme.name}:{AUDIT}", "type": "fill", "source-layer": f"{theme.name}.{AUDIT}", **shared, "paint": {"fill-color": ink, "fill-opacity": 0.55}},
        {"id": f"{theme.name}:{AUDIT}-line", "type": "line", "source-layer": f"{theme.name}.{AUDIT}", **shared,
         "paint": {"line-color": ink, "line-width": 1.6}},
        {"id": f"{theme.name}:{AUDIT}-dot", "type": "circle", "source-layer": f"{theme.name}.{AUDIT}_points", **shared,
         "paint": {"circle-color": ink, "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, 3, 14, 6.5],
                   "circle-stroke-color": flavour.dot_rim, "circle-stroke-width": 1.2}},
    ]
