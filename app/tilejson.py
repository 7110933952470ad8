"""TileJSON and map styles for other software: what our vector tiles hold, and how it is drawn here."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from app import marks
from app.palette import DESK
from app.routes import problem_of, scope_of
from geodata import published, tiles
from geodata.door import Door, Reader
from geodata.published import Collection, Extent
from layers import OneMapError, Theme
from layers._field import Kind
from layers._theme import Geometry

LAST_ZOOM = 15
"""Deepest tiles that a client need ask for: it draws deeper zooms out of these."""

PRIVATE = {"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}


def tilejson(door: Door) -> APIRouter:
    """The routes /tilejson/LAYER.json and /tilejson/LAYER.style.json; a layer is a theme or a level.

    Parameters
    ----------
    door : Door

    Returns
    -------
    APIRouter
    """
    router = APIRouter()

    @router.get("/tilejson/{name}.style.json")
    def style(request: Request, name: str) -> Response:
        """A MapLibre style of the layer, for QGIS and other clients."""
        return _answered(lambda: _style(name, str(request.base_url).rstrip("/")))

    @router.get("/tilejson/{name}.json")
    def description(request: Request, name: str) -> Response:
        """TileJSON 3.0.0 of the layer's tiles, in their newest version."""
        return _answered(lambda: _described(door, request, name))

    return router


def _answered(made: Any) -> Response:
    try:
        return JSONResponse(made(), headers=PRIVATE)
    except OneMapError as problem:
        status = 404 if problem.exit_code == 2 else 0
        return JSONResponse({"problem": str(problem)}, status, headers=PRIVATE) if status else problem_of(problem)


def _described(door: Door, request: Request, name: str) -> dict[str, Any]:
    meant = published.collection(name)

    def question(reader: Reader) -> tuple[int, Extent | None]:
        """The version of the layer, and the extent of what it holds."""
        return tiles.version(reader, name), published.held(reader).get(name)

    version, extent = door.ask(question, scope_of(request))
    bounds = extent.bounds if extent else (-180.0, -85.0, 180.0, 85.0)
    day = f"数据截至 {extent.last}" if extent and extent.last else "尚无数据"
    return {
        "tilejson": "3.0.0", "name": meant.title.zh, "description": meant.about.zh, "attribution": day, "version": f"{version}.0.0",
        "scheme": "xyz", "tiles": [str(request.base_url).rstrip("/") + f"/tiles/{name}/{version}/{{z}}/{{x}}/{{y}}.pbf"],
        "minzoom": 0, "maxzoom": LAST_ZOOM, "bounds": list(bounds),
        "center": [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2, 9], "vector_layers": _layers(meant),
    }  # fmt: skip


def _layers(meant: Collection) -> list[dict[str, Any]]:
    theme = meant.theme
    if theme is None:
        area = {"code": "String", "name": "String", "parent": "Number"}
        return [_layer("area", meant.title.zh, area, 0), _layer("label", f"{meant.title.zh}名称", {"name": "String", "parent": "Number"}, 0)]
    rows = {"key": "String", "name": "String", **{name: _kind(theme, name) for name in _styled(theme)}}
    start = theme.style.rows_from_zoom
    found = [_layer(f"{theme.name}.rows", theme.title.zh, rows, int(start) if theme.geometry is not Geometry.LINE else 0)]
    if theme.geometry is Geometry.POINT:
        states = theme.field(theme.style.by).choices if theme.style.by else ()
        counts = {"n": "Number", **{f"s_{each.value}": "Number" for each in states}}
        found.append(_layer(f"{theme.name}.cells", f"{theme.title.zh}聚合", counts, 0, int(start)))
    return found


def _layer(name: str, says: str, fields: dict[str, str], first: int, last: int = LAST_ZOOM) -> dict[str, Any]:
    return {"id": name, "description": says, "fields": fields, "minzoom": min(first, LAST_ZOOM), "maxzoom": min(last, LAST_ZOOM)}


def _styled(theme: Theme) -> list[str]:
    return [each for each in (theme.style.by, theme.style.sizes_by) if each]


def _kind(theme: Theme, name: str) -> str:
    return {Kind.INTEGER: "Number", Kind.NUMBER: "Number", Kind.FLAG: "Boolean"}.get(theme.field(name).kind, "String")


def _style(name: str, root: str) -> dict[str, Any]:
    meant = published.collection(name)
    drawn = _of_theme(meant.theme) if meant.theme else _of_level()
    layers = [{**each, "source": name, "layout": {key: said for key, said in each.get("layout", {}).items() if key != "visibility"}} for each in drawn]
    for each in layers:
        each.pop("metadata", None)
    return {
        "version": 8, "name": meant.title.zh, "sources": {name: {"type": "vector", "url": f"{root}/tilejson/{name}.json"}},
        "layers": layers,
    }  # fmt: skip


def _of_theme(theme: Theme) -> list[dict[str, Any]]:
    """As the desk draws it; clusters without the rings, which are images that our page paints itself."""
    count = {"text-field": ["to-string", ["get", "n"]], "text-size": 11, "text-allow-overlap": True}
    drawn = [*marks.areas(theme, DESK), *marks.lines(theme, DESK), *marks.points(theme, DESK, "zh")]
    return [_as_in_tiles({**each, "layout": count} if each["id"].endswith(":count") else each) for each in drawn]


def _as_in_tiles(part: Any) -> Any:
    """An expression without the states that only our page lays over the tiles."""
    if isinstance(part, dict):
        return {name: _as_in_tiles(each) for name, each in part.items()}
    if isinstance(part, list):
        own = part[2] if len(part) == 3 and part[0] == "coalesce" and part[1][0] == "feature-state" else part
        return own if own is not part else [_as_in_tiles(each) for each in part]
    return part


def _of_level() -> list[dict[str, Any]]:
    return [
        {"id": "area", "type": "fill", "source-layer": "area", "paint": {"fill-color": DESK.land, "fill-opacity": 0.35}},
        {"id": "border", "type": "line", "source-layer": "area", "paint": {"line-color": DESK.border_strong, "line-width": 1.2}},
        {"id": "label", "type": "symbol", "source-layer": "label", "layout": {"text-field": ["get", "name"], "text-size": 12},
         "paint": {"text-color": DESK.label, "text-halo-color": "#ffffff", "text-halo-width": 1.2}},
    ]
