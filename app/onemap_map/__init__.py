"""The OneMap component: one MapLibre map inside a Dash page, fed with small facts; geometry comes as vector tiles."""

from __future__ import annotations

from typing import Any

from dash.development.base_component import Component, ComponentRegistry

__all__ = ["OneMap"]
__version__ = "1.0.0"

_js_dist = [
    {"relative_package_path": "picture.js", "namespace": __name__},
    {"relative_package_path": "pointer.js", "namespace": __name__},
    {"relative_package_path": "warm.js", "namespace": __name__},
    {"relative_package_path": "frames.js", "namespace": __name__},
    {"relative_package_path": "shades.js", "namespace": __name__},
    {"relative_package_path": "images.js", "namespace": __name__},
    {"relative_package_path": "stage.js", "namespace": __name__},
    {"relative_package_path": "OneMap.js", "namespace": __name__},
]
_css_dist = [{"relative_package_path": "OneMap.css", "namespace": __name__}]

_PROPS = (
    "id", "mapStyle", "picture", "featureState", "camera", "outline", "selected", "tooltip", "words", "lang",
    "className", "style", "click", "viewport", "ready", "problem", "drawn",
)


class OneMap(Component):
    """A map that draws what it is told and says what the reader does.

    Parameters
    ----------
    id : str or dict, optional
        Dash id.
    mapStyle : dict
        MapLibre style of `app.style.style`; set once per page.
    picture : dict of str to dict
        Layer id -> visibility, filter, paint, layout laid over the style (`app.style.picture`).
    featureState : dict
        source, sourceLayer, values {feature id: {v, c, t}}, replace (default True): values of units; or {"url"} of such.
    camera : dict
        bounds [w, s, e, n] or center [lon, lat] and zoom, in degrees; mode "fly" or "jump"; padding in pixels; key: the
        map moves when it changes.
    outline : dict or None
        {"url": "/outline/CODE.json"} or {"geojson": geometry}: the unit in view; its outside is dimmed.
    selected : dict or None
        theme, id, lon, lat of the row that is marked; marks: lon, lat and 1 or 0 of each row that makes an opened number.
    tooltip : dict of str to list of dict
        Layer id -> fields to show: property (of the feature or its state), title, words {value: words}.
    words : dict of str to str
        Sentences by code: "library", "webgl", "tiles", "lost" (problems) and "map" (for screen readers).
    lang : str
        "zh" or "en".
    className, style : optional
        As everywhere in Dash.
    click : dict, read only
        kind "row", "unit" or "blank"; theme, code, key, id, lon, lat, at (ms).
    viewport : dict, read only
        lon, lat, zoom after the reader moved the map.
    ready : bool, read only
        The first picture is drawn.
    problem : str or None, read only
        What is wrong now, in a sentence; the map stays.
    drawn : dict, read only
        ms from the last change to the map at rest.
    """

    _children_props: list[str] = []
    _base_nodes = ["children"]
    _namespace = "onemap_components"
    _type = "OneMap"
    _prop_names = list(_PROPS)
    _valid_wildcard_attributes: list[str] = []
    available_properties = list(_PROPS)
    available_wildcard_properties: list[str] = []

    def __init__(self, **props: Any) -> None:
        super().__init__(**{name: value for name, value in props.items() if value is not None})


# Dash looks for scripts at the top package of a component ("app"); ours lie beside it.
ComponentRegistry.registry.add(__name__)
