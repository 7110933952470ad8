"""The Region component: a part of the page that a script fills with each answer, without Dash's bookkeeping."""

from __future__ import annotations

from dash.development.base_component import Component, ComponentRegistry

__all__ = ["Region"]
__version__ = "1.0.0"

_js_dist = [{"relative_package_path": "region.js", "namespace": __name__}]

_PROPS = ("id", "className", "kind")


class Region(Component):
    """An element whose content the page's scripts lay out (`window.onemapParts.give(id, content)`).

    Parameters
    ----------
    id : str
        Of the element; the name of its part in an answer.
    className : str, optional
        As everywhere in Dash.
    kind : str, optional
        Name of the HTML element, "div" by default.
    """

    _children_props: list[str] = []
    _base_nodes = ["children"]
    _namespace = "onemap_components"
    _type = "Region"
    _prop_names = list(_PROPS)
    _valid_wildcard_attributes: list[str] = []
    available_properties = list(_PROPS)
    available_wildcard_properties: list[str] = []

    def __init__(self, *args: str, **props: str) -> None:
        super().__init__(**dict(zip(_PROPS, args, strict=False)), **props)


# Dash looks for scripts at the top package of a component ("app"); ours lie beside it.
ComponentRegistry.registry.add(__name__)
