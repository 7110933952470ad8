"""What the names on a wall's map stay clear of: the discs of clusters, and the seams between screens. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app import marks
from app.marks import HIDDEN, Layer
from app.palette import Flavour
from layers._theme import Theme

SEAMS = "seams"
"""Source and layer of the seams: the page lays boxes along them (assets/wall-seams.js), each with its padding in pixels."""

_AROUND = (
    "center", (0, 0), "bottom", (0, -0.5), "top", (0, 0.5), "bottom", (0, -1.1), "top", (0, 1.1), "left", (1.1, 0), "right", (-1.1, 0),
    "bottom-left", (0.5, -0.5), "bottom-right", (-0.5, -0.5), "top-left", (0.5, 0.5), "top-right", (-0.5, 0.5),
    "bottom", (0, -1.7), "top", (0, 1.7), "left", (1.8, 0), "right", (-1.8, 0),
)
"""Where a name may stand, in its own heights from the middle of its unit, the best place first."""

_MANY = ("village", "grid", "microgrid")
_SQUARE = 0.84
"""Side of a square in which a name leaves the number of a disc legible, by the disc's width."""


def around(level: str) -> dict[str, Any]:
    """Layout of names that look for a free place. Those of villages and grids are left out where there is none; others, which are few,
    stand over a cluster rather than nowhere. None ever stands on a seam."""
    return {
        "text-variable-anchor-offset": [list(each) if isinstance(each, tuple) else each for each in _AROUND],
        "text-justify": "center", "text-overlap": "never" if level in _MANY else "cooperative",
    }


def seams() -> Layer:
    """Boxes that nothing is written on, and that are not drawn themselves."""
    return {
        "id": SEAMS, "type": "symbol", "source": SEAMS,
        "layout": {"icon-image": "ring/1/#000/#000", "icon-padding": ["get", "pad"], "icon-overlap": "never", "icon-size": 0.1},
        "paint": {"icon-opacity": 0},
    }


def clusters(theme: Theme, flavour: Flavour) -> list[Layer]:
    """A second, unseen image of each cluster, which names make room for: what is drawn lies below them and makes none."""
    drawn = {each["id"]: each for each in marks.points(theme, flavour, "zh")}.get(f"{theme.name}:count")
    if drawn is None:
        return []
    image = {"icon-image": drawn["layout"]["icon-image"], "icon-overlap": "always", "icon-padding": 0, "icon-size": _SQUARE, "symbol-z-order": "source"}
    return [{**drawn, "id": f"{theme.name}:clear", "layout": {**HIDDEN, **image}, "paint": {"icon-opacity": 0}}]


def shown(themes: tuple[Theme, ...], drawn: Mapping[str, Layer]) -> dict[str, Layer]:
    """The part of a picture that names make room for: where clusters are drawn."""
    return {f"{each.name}:clear": drawn[f"{each.name}:count"] for each in themes if f"{each.name}:count" in drawn}
