"""How it is drawn what a theme's rows see: ground, roads and places, seen and unseen; and where places are blind. Pure."""

from __future__ import annotations

from typing import Any

from app.marks import AUDIT, HIDDEN, REACH, Layer, dense
from app.palette import Flavour
from geodata.places import wanted
from layers._sight import SIGHTS_FROM_ZOOM
from layers._theme import Geometry, Theme

SEEN, BLIND = "seen", "blind"
"""Endings of a theme's entries in a view that ask for what its rows see, and for what they leave blind."""


def shares(flavour: Flavour) -> tuple[str, ...]:
    """Colours of squares by the share of their places that is seen (`geodata.seen_tiles.SHARES`): none to all."""
    return (*flavour.missed, flavour.met[1], flavour.met[2])


def ground(flavour: Flavour) -> list[Any]:
    """The colour of the unit under what is seen: plain from afar, where squares say it, unseen from near."""
    return ["step", ["zoom"], flavour.land, SIGHTS_FROM_ZOOM, flavour.blind]


def areas(theme: Theme, flavour: Flavour) -> list[Layer]:
    """Ground that is seen, squares by the share of places that are, and the density of those that are not."""
    if not theme.sight:
        return []
    inks = [each for index, ink in enumerate(shares(flavour)) for each in (index, ink)]
    shared: Layer = {"source": f"{theme.name}.{SEEN}", "layout": HIDDEN}
    return [
        {"id": f"{theme.name}:share", "type": "fill", "source-layer": f"{theme.name}.share", "maxzoom": SIGHTS_FROM_ZOOM, **shared,
         "paint": {"fill-color": ["match", ["get", "c"], *inks, flavour.land]}},
        {"id": f"{theme.name}:ground", "type": "fill", "source-layer": f"{theme.name}.ground", "minzoom": SIGHTS_FROM_ZOOM, **shared,
         "paint": {"fill-color": flavour.met[1]}},
        dense(theme, BLIND, flavour),
    ]


def marks(theme: Theme, flavour: Flavour) -> list[Layer]:
    """Roads in parts that are seen and parts that are not, and places by whether they are."""
    if not theme.sight:
        return []
    ink = ["match", ["get", "s"], 1, flavour.met[2], flavour.bad]
    shared: Layer = {"source": f"{theme.name}.{SEEN}", "minzoom": SIGHTS_FROM_ZOOM}
    ways = {
        "id": f"{theme.name}:ways", "type": "line", "source-layer": f"{theme.name}.ways", **shared, "layout": {**HIDDEN, "line-cap": "butt"},
        "paint": {"line-color": ink, "line-width": ["interpolate", ["linear"], ["zoom"], 14, 2.5, 17, 7]},
    }
    dots = {
        "type": "circle", "source-layer": f"{theme.name}.places", **shared, "layout": HIDDEN,
        "paint": {"circle-color": ink, "circle-radius": ["interpolate", ["linear"], ["zoom"], 14, 5, 17, 9],
                  "circle-stroke-color": flavour.dot_rim, "circle-stroke-width": 2},
    }
    return [ways, *(
        {**dots, "id": place_layer(theme, each), "filter": ["==", ["get", "theme"], each.name], "metadata": {"kind": "row", "theme": each.name}}
        for each, _ in wanted(theme) if each.geometry is not Geometry.LINE
    )]


def place_layer(theme: Theme, place: Theme) -> str:
    """Id of the layer that draws the places of a theme which another ought to see."""
    return f"{theme.name}:place-{place.name}"


def entry_of(theme: Theme, layer: str) -> str | None:
    """The entry of a view that shows a layer of `areas` or `marks`; None for any other layer."""
    part = layer.removeprefix(f"{theme.name}:")
    if part.startswith(AUDIT):
        return f"{theme.name}:{AUDIT}"
    if part.startswith(REACH):
        return f"{theme.name}:{REACH}"
    if part == BLIND:
        return f"{theme.name}:{BLIND}"
    return f"{theme.name}:{SEEN}" if part in ("share", "ground", "ways") or part.startswith("place-") else None
