"""One request to the service: checked, asked of pygeoapi, and mended where pygeoapi would lead to another host."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from fastapi import Request, Response
from pygeoapi.api import API, APIRequest, describe_collections, get_collection_schema, landing_page
from pygeoapi.api.itemtypes import get_collection_item, get_collection_items, get_collection_queryables

from app.ogc.definition import definition
from app.ogc.described import configuration
from app.ogc.page import page
from app.ogc.provider import Reading, reading
from app.routes import scope_of
from geodata import published, tiles
from geodata.door import Door, Reader
from geodata.published import Extent

# pygeoapi logs each client's mistake as an error of ours.
logging.getLogger("pygeoapi").setLevel(logging.CRITICAL)

_SPEC = "http://www.opengis.net/spec/"
CONFORMANCE = [
    *(f"{_SPEC}ogcapi-common-1/1.0/conf/{each}" for each in ("core", "landing-page", "json", "html", "oas30")),
    f"{_SPEC}ogcapi-common-2/1.0/conf/collections",
    *(f"{_SPEC}ogcapi-features-1/1.0/conf/{each}" for each in ("core", "oas30", "html", "geojson")),
    f"{_SPEC}ogcapi-features-2/1.0/conf/crs",
    *(f"{_SPEC}ogcapi-features-3/1.0/conf/{each}" for each in ("queryables", "queryables-query-parameters")),
]

_ALWAYS = frozenset({"f", "lang"})
_ITEMS = _ALWAYS | {"bbox", "bbox-crs", "crs", "datetime", "limit", "offset", "properties", "resulttype", "skipGeometry", "sortby"}
_GEOJSON, _SCHEMA = "application/geo+json", "application/schema+json"

# A link to the same in JSON-LD, whose context would have to be fetched from another host; and those to what is not served.
_NOT_SERVED = re.compile(r'\{[^{}]*?(?:application/ld\+json|/TileMatrixSets\?|/processes"|/jobs")[^{}]*\},?')

Answer = tuple[dict[str, str], int, str]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request as pygeoapi's APIRequest reads it: always for JSON, in a language."""

    query_params: dict[str, str]
    headers: dict[str, str]
    scope: dict[str, str]


def answer(door: Door, request: Request, path: str) -> Response:
    """What the service answers.

    Parameters
    ----------
    door : Door
    request : Request
    path : str
        Behind the service's root, without a slash before it.

    Raises
    ------
    StoreError
        As `Door.ask`.
    """
    parts = [each for each in path.split("/") if each]
    params = dict(request.query_params)
    lang = "en" if (params.get("lang") or request.headers.get("accept-language", "")).startswith("en") else "zh"
    wanted = params.pop("f", None) or ("html" if _prefers_html(request) else "json")
    if wanted not in ("json", "html"):
        return _refusal(400, f"f={wanted[:20]}: this format is not served; use json or html.")
    who = Reading(door, scope_of(request), cast(Any, lang))
    with reading(who):
        headers, status, body = _asked(who, str(request.base_url).rstrip("/") + "/ogc", parts, params)
    if wanted == "html":
        return Response(page(json.loads(body), lang), status, media_type="text/html; charset=utf-8", headers=_kept({}))
    return Response(body, status, media_type=None, headers=_kept(headers))


def _kept(headers: dict[str, str]) -> dict[str, str]:
    told = {name: value for name, value in headers.items() if name in ("Content-Type", "Content-Crs", "Content-Language")}
    return told | {"Cache-Control": "no-cache", "Vary": "Accept, Accept-Language, Accept-Encoding"}


def _prefers_html(request: Request) -> bool:
    accepted = request.headers.get("accept", "")
    return "text/html" in accepted and "json" not in accepted


def _asked(who: Reading, root: str, parts: list[str], params: dict[str, str]) -> Answer:
    """One of the service's resources, by the parts of its path."""
    versions, held = who.door.ask(lambda reader: _now(reader), who.scope)
    if parts[1:2] and parts[0] == "collections" and parts[1] not in held:
        return _said(404, f"collection {parts[1][:60]}: nothing of that name is published; see {root}/collections.")
    legal = _legal(parts)
    if unknown := sorted(set(params) - legal):
        return _said(400, f"parameter {unknown[0][:60]}: it is not known here; use one of {', '.join(sorted(legal))}.")
    api = _api(root, who.lang, versions, tuple(held.items()))
    asked = APIRequest(_Asked({**params, "lang": who.lang}, {}, {"path": "/" + "/".join(parts)}), api.locales)
    for shape, kind, resource in _RESOURCES:
        if len(shape) == len(parts) and all(own in ("*", part) for own, part in zip(shape, parts, strict=True)):
            headers, status, body = resource(api, asked, parts)
            return {**headers, "Content-Type": kind if status == 200 else "application/json"}, int(status), _mended(body, parts)
    return _said(404, f"{'/'.join(parts)[:60]}: there is no such resource; begin at {root}.")


def _now(reader: Reader) -> tuple[tuple[int, ...], dict[str, Extent]]:
    return tuple(sorted(tiles.versions(reader).values())), published.held(reader)


@lru_cache(maxsize=16)
def _api(root: str, lang: str, versions: tuple[int, ...], held: tuple[tuple[str, Extent], ...]) -> API:
    """pygeoapi on what the store holds, for clients that reach it under one address."""
    said = configuration(root, dict(held))
    said["server"]["languages"] = [lang, "en" if lang == "zh" else "zh"]
    return API(said, definition(said))


def _legal(parts: list[str]) -> frozenset[str]:
    if parts[:1] == ["collections"] and parts[2:] == ["items"]:
        return _ITEMS | set(published.collection(parts[1]).picked_by)
    if parts[2:3] == ["items"]:
        return _ALWAYS | {"crs"}
    return _ALWAYS | ({"properties", "profile"} if parts[2:] == ["queryables"] else set())


def _queryables(api: API, asked: APIRequest, parts: list[str]) -> Answer:
    headers, status, body = get_collection_queryables(api, asked, parts[1])
    said = json.loads(body)
    fields = api.openapi["paths"][f"/collections/{parts[1]}/items"]["get"]["parameters"]
    titles = {each["name"]: each["schema"]["title"] for each in fields if "title" in each.get("schema", {})}
    for name, each in said.get("properties", {}).items():
        each["title"] = titles.get(name, name)
    said |= {"$schema": "https://json-schema.org/draft/2019-09/schema", "additionalProperties": False}
    return headers, status, json.dumps(said, ensure_ascii=False)


def _schema(api: API, asked: APIRequest, parts: list[str]) -> Answer:
    headers, status, body = get_collection_schema(api, asked, parts[1])
    return headers, status, body.replace("http://json-schema.org/draft", "https://json-schema.org/draft", 1)


Resource = Callable[[API, APIRequest, list[str]], Answer]
_RESOURCES: tuple[tuple[tuple[str, ...], str, Resource], ...] = (
    ((), "application/json", lambda api, asked, _: landing_page(api, asked)),
    (("conformance",), "application/json", lambda *_: ({}, 200, json.dumps({"conformsTo": CONFORMANCE}))),
    (("openapi",), "application/vnd.oai.openapi+json;version=3.0", lambda api, *_: ({}, 200, json.dumps(api.openapi, ensure_ascii=False))),
    (("collections",), "application/json", lambda api, asked, _: describe_collections(api, asked)),
    (("collections", "*"), "application/json", lambda api, asked, parts: describe_collections(api, asked, parts[1])),
    (("collections", "*", "queryables"), _SCHEMA, _queryables),
    (("collections", "*", "schema"), _SCHEMA, _schema),
    (("collections", "*", "items"), _GEOJSON, lambda api, asked, parts: get_collection_items(api, asked, parts[1])),
    (("collections", "*", "items", "*"), _GEOJSON, lambda api, asked, parts: get_collection_item(api, asked, parts[1], parts[3])),
)


def _mended(body: str, parts: list[str]) -> str:
    """Without the links to what is not served; a page's links stand behind its features, whose texts are left alone."""
    begin = body.rfind('"links":[') if "items" in parts else 0
    return body[:begin] + _NOT_SERVED.sub("", body[begin:]).replace("},]", "}]") if begin >= 0 else body


def _said(status: int, sentence: str) -> Answer:
    return {"Content-Type": "application/json"}, status, json.dumps({"code": "InvalidParameterValue" if status == 400 else "NotFound", "description": sentence}, ensure_ascii=False)


def _refusal(status: int, sentence: str) -> Response:
    headers, _, body = _said(status, sentence)
    return Response(body, status, headers=_kept(headers))
