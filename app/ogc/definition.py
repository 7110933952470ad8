"""The service's OpenAPI document: pygeoapi's, with the parts it refers to on other hosts written into it."""

from __future__ import annotations

from typing import Any

from pygeoapi.openapi import get_oas

_ARRAY_OF_NUMBERS = {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}
_QUERY = {"in": "query", "required": False, "style": "form", "explode": False}

# After OGC 17-069r4 (Features, Part 1: Core), annex B of its OpenAPI fragments.
_PARAMETERS: dict[str, dict[str, Any]] = {
    "bbox": {**_QUERY, "name": "bbox", "schema": _ARRAY_OF_NUMBERS, "description": "west,south,east,north"},
    "datetime": {**_QUERY, "name": "datetime", "schema": {"type": "string"}, "description": "a day, or two with a slash between"},
    "featureId": {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}},
    "collectionId": {"name": "collectionId", "in": "path", "required": True, "schema": {"type": "string"}},
    "sortby": {**_QUERY, "name": "sortby", "schema": {"type": "array", "items": {"type": "string"}}, "description": "+field or -field"},
}
_GEOJSON = ("Features", "Feature")
_REFUSALS = {"InvalidParameter": "a parameter is not valid", "NotFound": "there is no such thing", "ServerError": "the store does not answer"}
_LEFT_OUT = ("/processes", "/jobs", "/TileMatrixSets", "/tileMatrixSets")
_NOT_ASKED = ("vendorSpecificParameters",)


def definition(configuration: dict[str, Any]) -> dict[str, Any]:
    """The document, valid without any other.

    Parameters
    ----------
    configuration : dict
        Of `app.ogc.described.configuration`; providers are made while it is written.

    Returns
    -------
    dict
        OpenAPI 3.0.
    """
    made: dict[str, Any] = get_oas(configuration)
    made["paths"] = {path: _gets(said) for path, said in made["paths"].items() if not path.startswith(_LEFT_OUT)}
    _local(made)
    parts = made["components"]
    parts["parameters"] = _PARAMETERS | {name: each for name, each in parts["parameters"].items() if name not in _NOT_ASKED}
    parts["parameters"]["bbox"] = _PARAMETERS["bbox"]
    parts["parameters"]["f"]["schema"]["enum"] = ["json", "html"]
    parts["responses"] |= _responses()
    parts["schemas"] |= {name: {"type": "object"} for name in ("link", "exception")}
    return made


def _gets(said: dict[str, Any]) -> dict[str, Any]:
    """What a path answers to those who only read."""
    return {verb: each for verb, each in said.items() if verb in ("get", "parameters")}


def _local(part: Any) -> None:
    """Turn every reference to another host into one to this document's own parts."""
    if isinstance(part, list):
        part[:] = [each for each in part if not (isinstance(each, dict) and each.get("$ref", "").endswith(_NOT_ASKED))]
        for each in part:
            _local(each)
    elif isinstance(part, dict):
        if "$ref" in part and not part["$ref"].startswith("#"):
            part["$ref"] = _own(part["$ref"])
        for each in part.values():
            _local(each)


def _own(reference: str) -> str:
    """Such as "#/components/parameters/sortby" for "https://…/parameters/sortby.yaml"."""
    kind, name = reference.removesuffix(".yaml").split("/")[-2:]
    return f"#/components/{kind}/{name}"


def _responses() -> dict[str, Any]:
    plain = {"description": "an object with links", "content": {"application/json": {"schema": {"type": "object"}}}}
    told = {name: plain for name in ("LandingPage", "ConformanceDeclaration", "Collections", "Collection", "Queryables")}
    told |= {name: {"description": "GeoJSON", "content": {"application/geo+json": {"schema": {"type": "object"}}}} for name in _GEOJSON}
    refused = {"application/json": {"schema": {"type": "object"}}}
    told |= {name: {"description": says, "content": refused} for name, says in _REFUSALS.items()}
    return told | {"default": {"description": "something went wrong", "content": refused}}
