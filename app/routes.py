"""Plain routes beside the pages: outlines, the map library, health. No session, no Dash."""

from __future__ import annotations

import gzip
from dataclasses import asdict
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from app.guests import role_of
from app.together import Together
from geodata import tiles, units
from geodata.door import Door, Reader, Scope
from geodata.errors import StoreBusy, StoreError, UnknownUnit
from geodata.turns import HEALTH, TILES
from layers import OneMapError

FOREVER = "public, max-age=31536000, immutable"
AGAIN_AFTER_S = 5
"""Seconds after which it is worth asking a store again that was away."""

LIBRARY = {"maplibre-gl.js": "text/javascript", "maplibre-gl.css": "text/css"}


def scope_of(request: Request) -> Scope:
    """Whose eyes a request has; the one place that roles will change."""
    return Scope(role=role_of(request.headers.get("cookie", "")))


def routes(door: Door) -> APIRouter:
    """Every plain route, reading through one door; tiles are served before them (`app.tile_server`).

    Parameters
    ----------
    door : Door

    Returns
    -------
    APIRouter
    """
    router = APIRouter()
    versions = Together(lambda: door.ask(tiles.versions, lane=HEALTH))

    @router.get("/outline/{code}.json")
    def outline(request: Request, code: str) -> Response:
        """The border of a unit as GeoJSON, simplified for the screen."""
        return _answer(lambda: _outline(door, request, code))

    @router.get("/vendor/{version}/{name}")
    def vendor(request: Request, version: str, name: str) -> Response:
        """The map library, from the package that brings it."""
        return _answer(lambda: _vendor(request, name))

    @router.get("/health")
    async def health() -> Response:
        """Whether the page can reach its store; never too busy to say so."""
        try:
            return JSONResponse({"status": "ok", "versions": await versions()}, headers={"Cache-Control": "no-store"})
        except OneMapError as problem:
            return problem_of(problem)

    @router.get("/health/stores")
    async def stores() -> Response:
        """How the store and each of its replicas stood a moment ago; not part of /health, which pages compare with itself."""
        return _stores(door)

    return router


def _answer(made: Any) -> Response:
    """What a route made, or one sentence of what is wrong."""
    try:
        return made()
    except OneMapError as problem:
        return problem_of(problem)


def problem_of(problem: OneMapError) -> Response:
    """A refusal as an answer: one sentence, never kept."""
    headers = {"Cache-Control": "no-store"}
    if isinstance(problem, StoreError):
        again = problem.again_after_s if isinstance(problem, StoreBusy) else AGAIN_AFTER_S
        return JSONResponse({"problem": str(problem)}, 503, headers={**headers, "Retry-After": str(again)})
    status = 404 if isinstance(problem, tiles.TileError | UnknownUnit) else 400
    return JSONResponse({"problem": str(problem)}, status, headers=headers)


def packed(request: Request, body: bytes, media: str, headers: dict[str, str]) -> Response:
    """A compressed body as the client can take it."""
    headers = {**headers, "Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(gzip.decompress(body), media_type=media, headers=headers)
    return Response(body, media_type=media, headers={**headers, "Content-Encoding": "gzip"})


def _outline(door: Door, request: Request, code: str) -> Response:
    """Kept for ever only under the address that names the ladder's version (?v=)."""
    asked = request.query_params.get("v", "")

    def question(reader: Reader) -> tuple[Any, int]:
        """The outline of the unit, and the version of the ladder that it is of."""
        current = tiles.versions(reader).get("ladder", 0)
        reader.wants(current, int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else 0)
        return units.outline(reader, code), current

    shape, current = door.ask(question, scope_of(request), TILES)
    forever = asked == str(current)
    return JSONResponse(shape, headers={"Cache-Control": FOREVER if forever else "no-cache"})


@cache
def _library(name: str) -> bytes:
    spec = find_spec("roadstyle")
    folder = Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None
    path = folder / "vendor" / name if folder else None
    if path is None or not path.is_file():
        raise OneMapError(f"vendor/{name}", "the package that brings the map library is not installed", "run ./onemap doctor")
    return gzip.compress(path.read_bytes(), 9)


def _vendor(request: Request, name: str) -> Response:
    if name not in LIBRARY:
        raise tiles.TileError(f"vendor/{name}", "there is no such file", f"use one of {', '.join(LIBRARY)}")
    return packed(request, _library(name), LIBRARY[name], {"Cache-Control": FOREVER})


def _stores(door: Door) -> Response:
    stores = [{"name": each.name, "reads": not each.standing.fact, **asdict(each.standing)} for each in door.sources]
    return JSONResponse({"stores": stores}, headers={"Cache-Control": "no-store"})
