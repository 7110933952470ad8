"""How a theme is drawn: its sources and MapLibre layers, made from its declaration alone. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.palette import Flavour
from layers._sight import SIGHTS_FROM_ZOOM
from layers._theme import Geometry, Role, Theme

Layer = dict[str, Any]

FACES = ["Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "sans-serif"]
BOLD_FACES = ["Noto Sans CJK SC Medium", *FACES]
HEAT_PIXELS = 36
"""Reach of a cell in the heat map: cells lie 16 to 32 pixels apart, and must run together."""

HIDDEN = {"visibility": "none"}


def tiles(layer: str, version: int) -> list[str]:
    """The address of a layer's tiles; the version makes it immutable."""
    return [f"/tiles/{layer}/{version}/{{z}}/{{x}}/{{y}}.pbf"]


THEMES = "themes"
"""The source of every theme that is on: one tile for all of them, as many requests as one theme would make."""


def sources(themes: Sequence[Theme], versions: Mapping[str, int]) -> dict[str, Layer]:
    """The vector sources of the themes that are on: one for rows, clusters and sights, one for each heat map.

    Parameters
    ----------
    themes : sequence of Theme
    versions : mapping of str to int
        Version of each theme's data; absent means 0.

    Returns
    -------
    dict of str to dict
        Source id -> MapLibre source.
    """
    names = [name for theme in themes for name in (theme.name, *([f"{theme.name}.sights"] if theme.sight else []))]
    newest = max((versions.get(theme.name, 0) for theme in themes), default=0)
    return {THEMES: {"type": "vector", "tiles": tiles(",".join(names), newest), "minzoom": 0, "maxzoom": 15}}


def warmth(theme: Theme, version: int) -> dict[str, Layer]:
    """The source of a theme's heat map, where it has one."""
    if not theme.style.heat:
        return {}
    name = f"{theme.name}.heat"
    return {name: {"type": "vector", "tiles": tiles(name, version), "minzoom": 0, "maxzoom": 12}}


def areas(theme: Theme, flavour: Flavour) -> list[Layer]:
    """Fill and border of a theme of areas; only borders of a theme whose rows are units, which the ladder draws."""
    if theme.geometry is not Geometry.AREA:
        return []
    line = {
        **_rows(theme, "line", "line"),
        "paint": {"line-color": colour(theme, flavour), "line-width": _by_zoom(10, 0.4, 14, 1.0, 17, 2.0)},
    }
    if theme.rung:
        line["paint"] = {**line["paint"], "line-dasharray": [3, 2], "line-opacity": 0.7}
        line.pop("metadata")
        return [line]
    fill = {
        **_rows(theme, "fill", "fill"),
        "paint": {"fill-color": colour(theme, flavour), "fill-opacity": 0.62 if flavour.dark else 0.55},
    }
    return [fill, line]


def lines(theme: Theme, flavour: Flavour) -> list[Layer]:
    """A theme of lines: a casing and the line, the first choice of `sizes_by` widest."""
    if theme.geometry is not Geometry.LINE:
        return []
    layout = {**HIDDEN, "line-cap": "round", "line-join": "round"}
    casing = {**_rows(theme, "casing", "line"), "layout": layout,
              "paint": {"line-color": flavour.land, "line-width": _widths(theme, 1.6, 1.0), "line-opacity": 0.9}}
    casing.pop("metadata")
    line = {**_rows(theme, "line", "line"), "layout": layout,
            "paint": {"line-color": colour(theme, flavour), "line-width": _widths(theme, 1.0, 0.0)}}
    return [casing, line]


def sights(theme: Theme, flavour: Flavour) -> list[Layer]:
    """The ground that rows see, translucent, in the colour of the row's state."""
    if not theme.sight:
        return []
    name = f"{theme.name}.sights"
    shared = {"source": THEMES, "source-layer": name, "minzoom": SIGHTS_FROM_ZOOM, "layout": HIDDEN}
    ink = colour(theme, flavour)
    fade = ["interpolate", ["linear"], ["zoom"], SIGHTS_FROM_ZOOM, 0.12, 17, 0.26]
    return [
        {"id": f"{theme.name}:sights", "type": "fill", **shared, "paint": {"fill-color": ink, "fill-opacity": fade}},
        {"id": f"{theme.name}:sight-line", "type": "line", **shared,
         "paint": {"line-color": ink, "line-width": 0.8, "line-opacity": 0.5}},
    ]


def heat(theme: Theme, flavour: Flavour) -> list[Layer]:
    """Where rows are dense."""
    if not theme.style.heat:
        return []
    ramp: list[Any] = ["interpolate", ["linear"], ["heatmap-density"], 0, "rgba(0,0,0,0)"]
    for at, ink in zip((0.18, 0.36, 0.56, 0.78, 1), flavour.heat, strict=True):
        ramp += [at, ink]
    weight = ["interpolate", ["linear"], ["log10", ["get", "n"]], 0, 0.14, 1, 0.45, 2, 1.1, 3, 2]
    return [{
        "id": f"{theme.name}:heat", "type": "heatmap", "source": f"{theme.name}.heat", "source-layer": f"{theme.name}.cells",
        "layout": HIDDEN, "paint": {
            "heatmap-weight": weight, "heatmap-radius": _by_zoom(12, HEAT_PIXELS, 17, 8 * HEAT_PIXELS), "heatmap-color": ramp,
            "heatmap-intensity": _by_zoom(6, 0.7, 11, 1.0, 15, 1.6),
            "heatmap-opacity": _by_zoom(6, 0.85, 13, 0.8, 17, 0.45)},
    }]


def points(theme: Theme, flavour: Flavour, lang: str) -> list[Layer]:
    """A theme of points: clusters with their count below the rows' zoom, then the rows, then their names."""
    if theme.geometry is not Geometry.POINT:
        return []
    return [_clusters(theme, flavour), _counts(theme, flavour, lang), _dots(theme, flavour), _names(theme, flavour)]


def _rows(theme: Theme, part: str, kind: str) -> Layer:
    return {
        "id": f"{theme.name}:{part}", "type": kind, "source": THEMES, "source-layer": f"{theme.name}.rows", "layout": HIDDEN,
        "minzoom": theme.style.rows_from_zoom, "metadata": {"kind": "row", "theme": theme.name},
    }


def colour(theme: Theme, flavour: Flavour) -> Any:
    """The colour of a theme's rows: one colour, or an expression on the field that its style names."""
    default = flavour.role(theme.style.role)
    if not (theme.style.by and theme.style.roles):
        return default
    pairs = [part for value, role in theme.style.roles.items() for part in (value, flavour.role(role))]
    return ["match", ["get", theme.style.by], *pairs, default]


def _by_zoom(*stops: float) -> list[Any]:
    return ["interpolate", ["linear"], ["zoom"], *stops]


def _widths(theme: Theme, factor: float, extra: float) -> list[Any]:
    """Width by zoom on the outside and by class within: MapLibre takes the zoom only at the top."""
    stops: list[Any] = []
    for zoom, base in ((8, 0.7), (12, 1.6), (15, 4.0), (18, 12.0)):
        stops += [zoom, _by_class(theme, base, factor, extra)]
    return _by_zoom(*stops)


def _by_class(theme: Theme, base: float, factor: float, extra: float) -> Any:
    if not theme.style.sizes_by:
        return base * factor + extra
    choices = theme.field(theme.style.sizes_by).choices
    widths = {choice.value: round(base * 0.66**at * factor + extra, 2) for at, choice in enumerate(choices)}
    return ["match", ["get", theme.style.sizes_by], *(part for pair in widths.items() for part in pair), base]


def _share_of(theme: Theme, role: Role) -> Any:
    """Share of a cluster's rows whose state has this role, or None if no state has."""
    states = [value for value, each in theme.style.roles.items() if each is role]
    if not states:
        return None
    counts = [["coalesce", ["get", f"s_{value}"], 0] for value in states]
    return ["/", ["+", 0, *counts], ["get", "n"]]


def _ring(theme: Theme, flavour: Flavour) -> Any:
    """The ring of a cluster: the more of its rows are in a bad state, the more it says so."""
    bad = _share_of(theme, Role.BAD)
    return ["step", bad, flavour.dot_rim, 0.05, flavour.watch, 0.20, flavour.bad] if bad else flavour.dot_rim


def _clusters(theme: Theme, flavour: Flavour) -> Layer:
    size = ["interpolate", ["linear"], ["log10", ["get", "n"]], 0, 5, 1, 9.5, 2, 13, 3, 17, 4, 21, 6, 28]
    ink = flavour.role(theme.style.role)
    return {
        "id": f"{theme.name}:cells", "type": "circle", "source": THEMES, "source-layer": f"{theme.name}.cells",
        "maxzoom": theme.style.rows_from_zoom, "layout": {**HIDDEN, "circle-sort-key": ["get", "n"]},
        "metadata": {"kind": "cluster", "theme": theme.name, "rowsFrom": theme.style.rows_from_zoom},
        "paint": {"circle-color": ink, "circle-radius": size, "circle-opacity": 0.9,
                  "circle-stroke-color": _ring(theme, flavour), "circle-stroke-width": 2},
    }


def _short_count(lang: str) -> list[Any]:
    """A count in few signs: 1.2万 or 12.3k."""
    unit, word = (10_000, "万") if lang != "en" else (1_000, "k")
    short = ["concat", ["number-format", ["/", ["get", "n"], unit], {"max-fraction-digits": 1}], word]
    return ["case", [">=", ["get", "n"], unit], short, ["to-string", ["get", "n"]]]


def _counts(theme: Theme, flavour: Flavour, lang: str) -> Layer:
    return {
        "id": f"{theme.name}:count", "type": "symbol", "source": THEMES, "source-layer": f"{theme.name}.cells",
        "maxzoom": theme.style.rows_from_zoom, "filter": [">", ["get", "n"], 1],
        "layout": {**HIDDEN, "text-field": _short_count(lang), "text-font": BOLD_FACES, "text-allow-overlap": True,
                   "text-ignore-placement": True,
                   "text-size": ["interpolate", ["linear"], ["log10", ["get", "n"]], 0, 10, 2, 11.5, 4, 14]},
        "paint": {"text-color": flavour.cluster_ink},
    }


def _dots(theme: Theme, flavour: Flavour) -> Layer:
    return {
        **_rows(theme, "rows", "circle"),
        "paint": {"circle-color": colour(theme, flavour), "circle-radius": _by_zoom(11, 2.6, 13, 3.6, 15, 5.5, 18, 9),
                  "circle-stroke-color": flavour.dot_rim, "circle-stroke-width": _by_zoom(11, 0.6, 15, 1.4)},
    }


def _names(theme: Theme, flavour: Flavour) -> Layer:
    layer = {
        **_rows(theme, "names", "symbol"), "minzoom": max(16.0, theme.style.rows_from_zoom),
        "layout": {**HIDDEN, "text-field": ["get", "name"], "text-font": FACES, "text-size": 11, "text-offset": [0, 1.1],
                   "text-anchor": "top", "text-max-width": 9, "text-optional": True},
        "paint": {"text-color": flavour.label_quiet, "text-halo-color": flavour.halo, "text-halo-width": 1.2},
    }
    layer.pop("metadata")
    return layer
