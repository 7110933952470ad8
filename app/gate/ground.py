"""The map beside the steps: the ground of the whole ladder, and over it the rows that a step speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import layers
from app.palette import DESK
from app.style import style
from app.words import map_words
from geodata import tiles, units
from geodata.door import Reader
from geodata.errors import StoreError
from layers._ladder import LEVEL_NAMES, LEVELS, Level

SOURCE = "arrival"

INKS = {"error": DESK.bad, "load": DESK.bad, "warning": DESK.watch, "added": DESK.good, "changed": DESK.blue, "moved": DESK.blue, "removed": DESK.bad}
"""What a dot says by its colour."""

_FROM_ZOOM = {"county": 0, "town": 9.5, "village": 11.5, "grid": 14, "microgrid": 15}

MOST_DOTS = 20_000


def ground(reader: Reader, lang: str) -> dict[str, Any]:
    """Style, camera and words of the map; of the whole world where nothing is loaded yet.

    Returns
    -------
    dict
        mapStyle, camera, words, lang: properties of `app.onemap_map.OneMap`.
    """
    try:
        home = units.home(reader)
    except StoreError:
        home = None
    levels: Sequence[Level] = LEVELS[LEVEL_NAMES.index(home.level):] if home else ()
    made = style(layers.themes().values(), levels, DESK, tiles.versions(reader), lang, on=())
    shown = [_shown(layer) for layer in made["layers"] if layer["id"] in _wanted(levels)]
    sources = {name: source for name, source in made["sources"].items() if name in {each.get("source") for each in shown}}
    empty = {"type": "geojson", "data": {"type": "FeatureCollection", "features": []}}
    camera = {"bounds": list(home.bounds)} if home else {"center": [104.0, 35.0], "zoom": 3.4}
    return {
        "mapStyle": made | {"sources": sources | {SOURCE: empty}, "layers": [*shown[:-2], *_dots(), *shown[-2:]]}, "picture": {},
        "camera": camera | {"padding": 40, "mode": "jump", "key": "home"}, "words": map_words(lang), "lang": "zh-CN" if lang == "zh" else "en",
    }


def _wanted(levels: Sequence[Level]) -> set[str]:
    parts = [f"{each.name}:{part}" for each in levels for part in ("line", "label")]
    top = [f"{levels[0].name}:fill"] if levels else []
    return {"ground", "land", *top, *parts, "selected-halo", "selected-ring"}


def _shown(layer: Mapping[str, Any]) -> dict[str, Any]:
    """A layer of the ground, seen from the zoom where it says something."""
    level = layer["id"].partition(":")[0]
    made = {name: value for name, value in layer.items() if name not in ("filter", "metadata")}
    if layer["id"].endswith(":fill"):
        made["paint"] = {"fill-color": DESK.land, "fill-antialias": False}
    if level in LEVEL_NAMES:
        made |= {"layout": {**layer.get("layout", {}), "visibility": "visible"}, "minzoom": _FROM_ZOOM.get(level, 0)}
    return made


def _dots() -> list[dict[str, Any]]:
    ink = ["match", ["get", "kind"], *(part for pair in INKS.items() for part in pair), DESK.quiet]
    sizes = ["interpolate", ["linear"], ["zoom"], 7, 2.6, 12, 4.4, 16, 7]
    return [{"id": SOURCE, "type": "circle", "source": SOURCE,
             "paint": {"circle-color": ink, "circle-radius": sizes, "circle-stroke-color": DESK.dot_rim, "circle-stroke-width": 1.2, "circle-opacity": 0.92}}]


def dots(said: Mapping[str, Any]) -> dict[str, Any]:
    """The rows of a report that have a place, as GeoJSON: findings of a check, or changes of a rehearsal.

    Parameters
    ----------
    said : mapping
        A report of the command line.
    """
    found = list(_findings(said) if "findings" in said else _changes(said))[:MOST_DOTS]
    return {"type": "FeatureCollection", "features": found}


def _findings(said: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    weight = {"warning": 0, "error": 1, "load": 2}
    for each in sorted(said["findings"], key=lambda each: weight[each["severity"]]):  # the weightiest is drawn last
        yield from _dot(each, each["severity"], id=each["id"], row=each["row_no"])


def _changes(said: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for kind in ("removed", "moved", "added"):
        for each in said.get(kind, ()):
            yield from _dot(each, kind, row=each.get("row_no"))


def _dot(each: Mapping[str, Any], kind: str, **more: Any) -> Iterator[dict[str, Any]]:
    if each.get("lon") is not None and each.get("lat") is not None:
        told = {"kind": kind, "key": each.get("key"), **more}
        yield {"type": "Feature", "properties": told, "geometry": {"type": "Point", "coordinates": [each["lon"], each["lat"]]}}
