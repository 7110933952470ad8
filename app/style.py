"""Declarations to a MapLibre style, and a place on the ladder to the picture of it. Pure; a new theme needs no change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app import audit_marks, clearance, marks, reach_marks, sightings
from app.marks import BOLD_FACES, FACES, HIDDEN, PLAIN, Layer, Shading
from app.palette import DESK, Flavour
from layers._ladder import Level
from layers._theme import Theme

HEAT = ":heat"
"""Ending of a theme's entry in a view that asks for its heat map."""

_WIDTHS = {"province": 2.4, "city": 2.2, "county": 1.8, "town": 1.4, "village": 1.0, "grid": 0.8, "microgrid": 0.6}
_SIZES = {"province": 19, "city": 18, "county": 17, "town": 14.5, "village": 13, "grid": 12, "microgrid": 11}
_STRONG = ("province", "city", "county")
_NEAR_ZOOM = {"province": 5, "city": 7, "county": 9, "town": 10, "village": 12, "grid": 13, "microgrid": 13}
"""Neighbours are dimmed ground: their tiles come from these zooms at most, a few instead of a dozen each drill-down."""

_LAND_ZOOM = 8
"""The land under everything is fetched once and stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """What of a view the picture depends on.

    Parameters
    ----------
    unit : int
        Ladder id of the unit in view.
    level : str
        Its level.
    parent : int or None
        Ladder id of its parent; None at the top.
    below : tuple of str
        Levels of its children; empty at a leaf, which is then drawn itself.
    themes : tuple of str
        Themes that are on; "cameras:heat" asks for a heat map.
    among : tuple of int or None
        Ladder ids of the units that are drawn of a lower level, empty for all of it; None for the children.
    ground : colour or None
        The one colour of all units, where something else is shaded on them; None for that of their class.
    unknown : bool
        Whether a unit that is drawn has no value: without one, hatching would cost a picture of its own to show nothing.
    clear : bool
        Whether names stay clear of clusters and seams, as on a wall.
    """

    unit: int
    level: str
    parent: int | None = None
    below: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    among: tuple[int, ...] | None = None
    ground: Any = None
    unknown: bool = True
    clear: bool = False


def style(
    themes: Iterable[Theme], levels: Sequence[Level], flavour: Flavour, versions: Mapping[str, int], lang: str = "zh",
    text_scale: float = 1.0, on: Sequence[str] | None = None, shading: Shading = PLAIN,
) -> dict[str, Any]:
    """The whole MapLibre style of a page, everything but the ground hidden until a picture shows it.

    Parameters
    ----------
    themes : iterable of Theme
        Every declared theme, in the order of the legend.
    levels : sequence of Level
        The levels that the ladder really has, top first.
    flavour : Flavour
    versions : mapping of str to int
        Version of each theme's data and of "ladder"; absent means 0.
    lang : str
        "zh" or "en".
    text_scale : float
        Size of names, 1.0 for a desk; a wall is read from metres away: its names also stay clear of clusters and seams.
    on : sequence of str, optional
        Themes whose rows are drawn; None for all. Only these are fetched.
    shading : Shading
        Which rows are picked, and what heat is counted to.

    Returns
    -------
    dict
        MapLibre style specification version 8, without glyphs and sprite: names come from local fonts.
    """
    themes, clear = tuple(themes), text_scale > 1
    return {
        "version": 8,
        "name": f"onemap {flavour.name}",
        "transition": {"duration": 0, "delay": 0},  # a fade is three frames more, of which each takes long without a GPU
        "metadata": {"onemap": {"css": _css(flavour), "live": {each.name: each.live for each in themes if each.live}}},
        "sources": _sources(themes, levels, versions, themes if on is None else [each for each in themes if each.name in on], shading) | _seams(clear),
        "layers": [
            {"id": "ground", "type": "background", "paint": {"background-color": flavour.ground}},
            *_ground(levels, flavour),
            *(layer for level in levels for layer in _neighbours(level, flavour)),
            *(layer for level in levels for layer in _fills(level, flavour)),
            *(layer for each in themes for layer in (*marks.heat(each, flavour), *sightings.areas(each, flavour), *reach_marks.areas(each, flavour))),
            *(_border(level, flavour) for level in reversed(levels)),
            *(layer for each in themes for layer in marks.areas(each, flavour)),
            *(layer for each in themes for layer in marks.lines(each, flavour)),
            *(layer for each in themes for layer in marks.sights(each, flavour)),
            *(layer for each in themes for layer in (*sightings.marks(each, flavour), *audit_marks.marks(each, flavour))),
            *(layer for each in reversed(themes) for layer in marks.points(each, flavour, lang)),
            *_rim(flavour),
            *(_label(each, flavour, text_scale, clear) for each in reversed(levels)),
            *_selected(flavour),
            *((*(layer for each in themes for layer in clearance.clusters(each, flavour)), clearance.seams()) if clear else ()),
        ],
    }


def picture(here: Here, themes: Iterable[Theme], levels: Sequence[Level]) -> dict[str, Layer]:
    """What the style must show for a place on the ladder.

    Parameters
    ----------
    here : Here
    themes : iterable of Theme
    levels : sequence of Level
        The same as given to `style`.

    Returns
    -------
    dict of str to dict
        Layer id -> visibility and filter to lay over the style's layer; every layer that can change is named.
    """
    shown: dict[str, Layer] = {}
    for level in levels:
        shown |= _level_picture(level.name, here)
    for theme in themes:
        shown |= _theme_picture(theme, here.themes)
    return shown | (clearance.shown(tuple(themes), shown) if here.clear else {})


def _css(flavour: Flavour) -> dict[str, str]:
    return {
        "--onemap-ground": flavour.ground, "--onemap-accent": flavour.accent, "--onemap-hover": flavour.rim,
        "--onemap-tip": flavour.panel, "--onemap-tip-ink": flavour.ink, "--onemap-tip-line": flavour.line,
    }


def _sources(
    themes: Sequence[Theme], levels: Sequence[Level], versions: Mapping[str, int], on: Sequence[Theme], shading: Shading
) -> dict[str, Layer]:
    ladder = versions.get("ladder", 0)
    made = {level.name: _units(level.name, ladder, 14) for level in levels}
    made |= {f"{level.name}.near": _units(level.name, ladder, _NEAR_ZOOM[level.name]) for level in levels}
    if levels:
        made["land"] = _units(levels[0].name, ladder, _LAND_ZOOM)
    made |= marks.sources(on or themes, versions, shading)  # with nothing on nothing is asked for
    for theme in themes:
        made |= marks.warmth(theme, versions, shading)
    return made | {name: _drawn_by_the_page(0.1) for name in ("outline", "selected")}


def _drawn_by_the_page(tolerance: float) -> Layer:
    return {"type": "geojson", "data": {"type": "FeatureCollection", "features": []}, "tolerance": tolerance}


def _seams(clear: bool) -> dict[str, Layer]:
    return {clearance.SEAMS: _drawn_by_the_page(0)} if clear else {}


def _units(level: str, version: int, last_zoom: int) -> Layer:
    return {"type": "vector", "tiles": marks.tiles(level, version), "minzoom": 0, "maxzoom": last_zoom}


def _ground(levels: Sequence[Level], flavour: Flavour) -> list[Layer]:
    """The land of the topmost level, always there: what is being loaded never leaves a hole."""
    if not levels:
        return []
    return [{"id": "land", "type": "fill", "source": "land", "source-layer": "area",
             "paint": {"fill-color": flavour.land_quiet, "fill-antialias": False}}]


def _of_level(level: Level, part: str, kind: str, layer: str = "area") -> Layer:
    return {"id": f"{level.name}:{part}", "type": kind, "source": level.name, "source-layer": layer, "layout": HIDDEN}


def _neighbours(level: Level, flavour: Flavour) -> list[Layer]:
    apart = {"source": f"{level.name}.near"}
    return [
        {**_of_level(level, "near", "fill"), **apart, "paint": {"fill-color": flavour.land_quiet, "fill-antialias": False}},
        {**_of_level(level, "near-line", "line"), **apart,
         "paint": {"line-color": flavour.rim_glow, "line-width": _WIDTHS[level.name] * 0.6, "line-opacity": 0.6}},
    ]


def _fills(level: Level, flavour: Flavour) -> list[Layer]:
    """Coloured by the class in the feature's state, land where there is none; hatched where no value is known."""
    classes = [part for index, ink in enumerate(flavour.classes) for part in (index, ink)]
    ink = ["match", ["feature-state", "c"], *classes, flavour.land]
    unknown = ["case", ["==", ["feature-state", "c"], flavour.no_value], 1, 0]  # a pattern itself takes no feature-state
    return [
        {**_of_level(level, "fill", "fill"), "metadata": {"kind": "unit"},
         "paint": {"fill-color": ink, "fill-antialias": False}},  # its borders are drawn over it
        {**_of_level(level, "unknown", "fill"),
         "paint": {"fill-pattern": f"hatch/{flavour.hatch}", "fill-opacity": unknown, "fill-antialias": False}},
    ]


def _border(level: Level, flavour: Flavour) -> Layer:
    ink = flavour.border_strong if level.name in _STRONG else flavour.border
    width = _WIDTHS[level.name]
    by_zoom = ["interpolate", ["linear"], ["zoom"], 7, width * 0.6, 12, width, 17, width * 1.8]
    return {**_of_level(level, "line", "line"),
            "paint": {"line-color": ink, "line-width": by_zoom}}


def _rim(flavour: Flavour) -> list[Layer]:
    """The outside dimmed, and the border of the unit in view with a light along it."""
    border = ["==", ["get", "part"], "border"]
    rounded = {"line-join": "round", "line-cap": "round"}
    return [
        {"id": "outside", "type": "fill", "source": "outline", "filter": ["==", ["get", "part"], "mask"],
         "paint": {"fill-color": flavour.ground, "fill-opacity": flavour.mask, "fill-antialias": False}},
        {"id": "rim-glow", "type": "line", "source": "outline", "filter": border, "layout": rounded,
         "paint": {"line-color": flavour.rim_glow, "line-width": 9, "line-blur": 6,
                   "line-opacity": 0.8 if flavour.dark else 0.45}},
        {"id": "rim", "type": "line", "source": "outline", "filter": border, "layout": rounded,
         "paint": {"line-color": flavour.rim, "line-width": ["interpolate", ["linear"], ["zoom"], 7, 1.6, 14, 2.6]}},
    ]


def _label(level: Level, flavour: Flavour, text_scale: float, clear: bool) -> Layer:
    size = _SIZES[level.name] * text_scale
    strong = level.name in _STRONG
    return {
        **_of_level(level, "label", "symbol", "label"),
        "layout": {
            **HIDDEN, "text-field": ["get", "name"], "text-font": BOLD_FACES if strong else FACES,
            "text-size": ["interpolate", ["linear"], ["zoom"], 8, size * 0.88, 13, size, 17, size * 1.15],
            "text-max-width": 8, "text-padding": 3, "text-letter-spacing": 0.08 if strong else 0.02,
            **(clearance.around(level.name) if clear else {})},
        "paint": {"text-color": flavour.label if strong or level.name == "town" else flavour.label_quiet,
                  "text-halo-color": flavour.halo, "text-halo-width": 1.9, "text-halo-blur": 0.3},
    }


def _selected(flavour: Flavour) -> list[Layer]:
    shared = {"type": "circle", "source": "selected", "filter": ["!", ["has", "counted"]]}
    return [
        {"id": "explained", "type": "circle", "source": "selected", "filter": ["has", "counted"],
         "paint": {"circle-radius": ["interpolate", ["linear"], ["zoom"], 9, 3.5, 14, 7, 17, 10], "circle-opacity": 0.9,
                   "circle-color": ["case", ["==", ["get", "counted"], 1], flavour.good, flavour.bad],
                   "circle-stroke-width": 2, "circle-stroke-color": flavour.dot_rim}},
        {"id": "selected-halo", **shared,
         "paint": {"circle-radius": 20, "circle-color": flavour.selected, "circle-opacity": 0.18}},
        {"id": "selected-ring", **shared,
         "paint": {"circle-radius": 11, "circle-opacity": 0, "circle-stroke-width": 3, "circle-stroke-color": flavour.selected}},
    ]


def _level_picture(level: str, here: Here) -> dict[str, Layer]:
    leaf = not here.below
    mine = level == here.level
    drawn = (leaf and mine) or level in here.below
    inside = ["==", ["id"], here.unit] if leaf else _below(here)
    beside = ["all", ["==", ["get", "parent"], here.parent], ["!=", ["id"], here.unit]]
    shown = {f"{level}:{part}": _show(drawn, inside) for part in ("fill", "line", "label")}
    shown[f"{level}:unknown"] = _show(drawn and here.unknown and here.ground is None, inside)
    if here.ground:
        shown[f"{level}:fill"]["paint"] = {"fill-color": here.ground}
    near = mine and here.parent is not None
    return shown | {f"{level}:{part}": _show(near, beside) for part in ("near", "near-line")}


def _below(here: Here) -> list[Any]:
    if here.among is None:
        return ["==", ["get", "parent"], here.unit]
    return ["in", ["id"], ["literal", list(here.among)]] if here.among else ["!=", ["id"], here.unit]


def _show(on: bool, wanted: list[Any]) -> Layer:
    return {"visibility": "visible", "filter": wanted} if on else {"visibility": "none"}


def _theme_picture(theme: Theme, on: Sequence[str]) -> dict[str, Layer]:
    """What shades the ground stands in for the clusters; single rows are drawn over it from their zoom on."""
    rows, shaded = theme.name in on, any(each.startswith(f"{theme.name}:") for each in on)
    wanted = {f"{theme.name}{HEAT}": theme.name + HEAT in on}
    wanted |= {f"{theme.name}:{part}": rows and not shaded for part in ("cells", "count")}
    shown = {}
    for layer in theme_layers(theme):
        entry = sightings.entry_of(theme, layer)
        shown[layer] = {"visibility": "visible" if (entry in on if entry else wanted.get(layer, rows)) else "none"}
    return shown


def theme_layers(theme: Theme) -> list[str]:
    """Ids of every layer that draws a theme.

    Parameters
    ----------
    theme : Theme

    Returns
    -------
    list of str
    """
    # Any flavour has the same layers.
    drawn = [
        *marks.areas(theme, DESK), *marks.lines(theme, DESK), *marks.sights(theme, DESK), *marks.heat(theme, DESK),
        *marks.points(theme, DESK, "zh"), *sightings.areas(theme, DESK), *sightings.marks(theme, DESK), *audit_marks.marks(theme, DESK),
        *reach_marks.areas(theme, DESK),
    ]
    return [layer["id"] for layer in drawn]
