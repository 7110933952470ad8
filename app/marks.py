"""How a theme is drawn: its sources and MapLibre layers, made from its declaration alone. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.palette import Flavour
from geodata.kernel import LAST_ZOOM
from geodata.reach_tiles import reaching
from geodata.shading import stands_on
from layers._audit import AUDITED
from layers._pick import joined
from layers._sight import SIGHTS_FROM_ZOOM
from layers._theme import Geometry, Theme

Layer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shading:
    """What of a view decides which ground is shaded, and how.

    Parameters
    ----------
    heat, per, sight : str
        As in `app.view.View`.
    where : tuple of (str, str, str)
        Theme, field and choice.
    """

    heat: str = "kernel"
    per: str = "km2"
    sight: str = "designed"
    where: tuple[tuple[str, str, str], ...] = ()

    @property
    def part(self) -> str:
        """The layer of heat tiles that is meant (`geodata.heat.PARTS`)."""
        return ("heat" if self.heat == "kernel" else "squares") + ("_people" if self.per == "people" else "")

    @property
    def blind(self) -> str:
        """The layer of tiles of blind places that is meant."""
        return "blind_now" if self.sight == "effective" else "blind"

    def picks(self, theme: str) -> tuple[tuple[str, str], ...]:
        """The choices that rows of a theme must have."""
        return tuple((name, choice) for owner, name, choice in self.where if owner == theme)


PLAIN = Shading()

FACES = ["Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "sans-serif"]
BOLD_FACES = ["Noto Sans CJK SC Medium", *FACES]
HIDDEN = {"visibility": "none"}


def tiles(layer: str, version: int) -> list[str]:
    """The address of a layer's tiles; the version makes it immutable."""
    return [f"/tiles/{layer}/{version}/{{z}}/{{x}}/{{y}}.pbf"]


AUDIT = "audit"
"""Ending of an entry in a view that asks for the findings of an audit."""

REACH = "reach"
"""Ending of an entry that asks for the ground within reach of a theme's rows."""

THEMES = "themes"
"""The source of every theme that is on: one tile for all of them, as many requests as one theme would make."""


def sources(themes: Sequence[Theme], versions: Mapping[str, int], shading: Shading) -> dict[str, Layer]:
    """The vector source of the rows, clusters and sights of the themes that are on.

    Parameters
    ----------
    themes : sequence of Theme
    versions : mapping of str to int
        Version of each theme's data; absent means 0.
    shading : Shading
        Which rows are picked.

    Returns
    -------
    dict of str to dict
        Source id -> MapLibre source.
    """
    parts = [(theme.name, layer) for theme in themes for layer in (theme.name, *([f"{theme.name}.sights"] if theme.sight else []))]
    names = [joined(layer, shading.picks(owner)) for owner, layer in parts]
    newest = max((versions.get(theme.name, 0) for theme in themes), default=0)
    return {THEMES: {"type": "vector", "tiles": tiles(",".join(names), newest), "minzoom": 0, "maxzoom": 15}}


def warmth(theme: Theme, versions: Mapping[str, int], shading: Shading) -> dict[str, Layer]:
    """The sources of what shades the ground of a theme: its heat map, what its rows see, where they are blind."""
    warm = {"heat": joined(f"{theme.name}.{shading.part}", shading.picks(theme.name))} if theme.style.heat else {}
    now = shading.blind.removeprefix("blind")
    watching = {part: f"{theme.name}.{part}{now}" for part in ("seen", "blind")} if theme.sight else {}
    audited = {AUDIT: f"{theme.name}.{AUDIT}"} if theme.name == AUDITED else {}
    reached = {REACH: f"{theme.name}.{REACH}"} if reaching(theme) else {}
    return {f"{theme.name}.{part}": _shade(layer, versions, part) for part, layer in (warm | watching | audited | reached).items()}


def _shade(layer: str, versions: Mapping[str, int], part: str) -> Layer:
    newest = max(versions.get(each, 0) for each in stands_on(layer))
    last = 15 if part in ("seen", AUDIT, REACH) else LAST_ZOOM
    return {"type": "vector", "tiles": tiles(layer, newest), "minzoom": 0, "maxzoom": last}


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
    if theme.left_by:  # worked out and not on record
        line["paint"]["line-dasharray"] = [2, 1.5]
    fill = {
        **_rows(theme, "fill", "fill"),
        "paint": {"fill-color": colour(theme, flavour), "fill-opacity": 0.62 if flavour.dark else 0.55, "fill-antialias": False},
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
        {"id": f"{theme.name}:sights", "type": "fill", **shared, "paint": {"fill-color": ink, "fill-opacity": fade, "fill-antialias": False}},  # the line is its edge
        {"id": f"{theme.name}:sight-line", "type": "line", **shared,
         "paint": {"line-color": ink, "line-width": 0.8, "line-opacity": 0.5}},
    ]


def heat(theme: Theme, flavour: Flavour) -> list[Layer]:
    """Ground by class of density, opaque: what is drawn is the colour of the legend and no mixture."""
    return [dense(theme, "heat", flavour)] if theme.style.heat else []


def dense(theme: Theme, part: str, flavour: Flavour) -> Layer:
    """Areas by class of density."""
    inks = [each for index, ink in enumerate(flavour.heat) for each in (index, ink)]
    return {
        "id": f"{theme.name}:{part}", "type": "fill", "source": f"{theme.name}.{part}", "source-layer": f"{theme.name}.heat",
        "layout": HIDDEN, "filter": [">=", ["get", "c"], 0], "paint": {"fill-color": ["match", ["get", "c"], *inks, flavour.land]},
    }


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
    if not (theme.style.by and theme.style.roles):
        return flavour.role(theme.style.role)
    default = flavour.role(theme.style.role_of(None))
    pairs = [part for value, role in theme.style.roles.items() for part in (value, flavour.role(role))]
    state: list[Any] = ["get", theme.style.by]
    if theme.live == theme.style.by:  # what the feed says of a row lies over what its tile says
        state = ["coalesce", ["feature-state", theme.live], state]
    return ["match", state, *pairs, default]


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


PARTS = 24
"""Shares are drawn in this many parts of a ring; what there is at all has at least one."""

_RADII = ((1, 5), (2, 9), (10, 11), (50, 13), (200, 15), (1_000, 17.5), (10_000, 21), (100_000, 25))
"""From this many rows on a cluster has this radius, in pixels."""


def _radius() -> list[Any]:
    return ["step", ["get", "n"], _RADII[0][1], *(part for pair in _RADII[1:] for part in pair)]


def _states(theme: Theme, flavour: Flavour) -> list[tuple[str, Any]]:
    """Colour and number of a cluster's rows of each state that a reader is told of."""
    if not (theme.style.by and theme.style.roles):
        return []
    counts = {choice.value: ["coalesce", ["get", f"s_{choice.value}"], 0] for choice in theme.field(theme.style.by).choices}
    told = [(flavour.role(theme.style.role_of(value)), count) for value, count in counts.items()]
    return [*told, (flavour.role(theme.style.role_of(None)), ["-", ["get", "n"], ["+", 0, *counts.values()]])]


def _parts(count: Any) -> list[Any]:
    share = ["round", ["/", ["*", PARTS, count], ["get", "n"]]]
    return ["to-string", ["case", [">", count, 0], ["max", 1, share], 0]]


def _ring(theme: Theme, flavour: Flavour) -> list[Any]:
    """The name of a cluster's image, which says all of it (onemap_map/images.js)."""
    said: list[Any] = ["concat", "ring/", ["to-string", _radius()], f"/{flavour.role(theme.style.role)}/{flavour.dot_rim}"]
    for ink, count in _states(theme, flavour):
        said += [f"/{ink}=", _parts(count)]
    return said


def _clusters(theme: Theme, flavour: Flavour) -> Layer:
    """What is hit by the pointer, and not drawn: the image of the same size stands there."""
    return {
        "id": f"{theme.name}:cells", "type": "circle", "source": THEMES, "source-layer": f"{theme.name}.cells",
        "maxzoom": theme.style.rows_from_zoom, "layout": HIDDEN,
        "metadata": {"kind": "cluster", "theme": theme.name, "rowsFrom": theme.style.rows_from_zoom},
        "paint": {"circle-color": flavour.role(theme.style.role), "circle-radius": _radius(), "circle-opacity": 0},
    }


def _short_count(lang: str) -> list[Any]:
    """A count in few signs: 1.2万 or 12.3k."""
    unit, word = (10_000, "万") if lang != "en" else (1_000, "k")
    short = ["concat", ["number-format", ["/", ["get", "n"], unit], {"max-fraction-digits": 1}], word]
    return ["case", [">=", ["get", "n"], unit], short, ["to-string", ["get", "n"]]]


def _counts(theme: Theme, flavour: Flavour, lang: str) -> Layer:
    return {
        "id": f"{theme.name}:count", "type": "symbol", "source": THEMES, "source-layer": f"{theme.name}.cells",
        "maxzoom": theme.style.rows_from_zoom,
        "layout": {**HIDDEN, "icon-image": _ring(theme, flavour), "icon-allow-overlap": True, "icon-ignore-placement": True,
                   "symbol-z-order": "source",  # a tile holds them in order; a sort key would draw each by a call of its own
                   "text-field": ["case", [">", ["get", "n"], 1], _short_count(lang), ""], "text-font": BOLD_FACES, "text-allow-overlap": True,
                   "text-ignore-placement": True,
                   "text-size": ["interpolate", ["linear"], ["log10", ["get", "n"]], 0, 11, 2, 11.5, 4, 14]},
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
