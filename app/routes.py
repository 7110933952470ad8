"""Plain routes beside the pages: tiles, outlines, the map library, health. No session, no Dash."""

from __future__ import annotations

import gzip
from collections import OrderedDict
from dataclasses import asdict
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from geodata import tiles, units
from geodata.door import Door, Reader, Scope
from geodata.errors import StoreBusy, StoreError, UnknownUnit
from geodata.turns import HEALTH, TILES
from layers import OneMapError

FOREVER = "public, max-age=31536000, immutable"
TILE = "application/vnd.mapbox-vector-tile"
SHELF_BYTES = 128 * 2**20
"""Memory of one worker for tiles; a county needs about a tenth."""

AGAIN_AFTER_S = 5
"""Seconds after which it is worth asking a store again that was away."""

LIBRARY = {"maplibre-gl.js": "text/javascript", "maplibre-gl.css": "text/css"}


class Shelf:
    """Compressed tiles that were asked for, the longest unused given up first.

    Parameters
    ----------
    room : int
        Bytes that all of them may take.
    """

    def __init__(self, room: int = SHELF_BYTES) -> None:
        self._room, self._used = room, 0
        self._held: OrderedDict[tuple, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple) -> bytes | None:
        """The tile kept under `key`, or None."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def put(self, key: tuple, body: bytes) -> None:
        """Keep a tile; what was kept longest without being asked for makes room."""
        with self._lock:
            self._used += len(body) - len(self._held.pop(key, b""))
            self._held[key] = body
            while self._used > self._room and self._held:
                self._used -= len(self._held.popitem(last=False)[1])


def scope_of(request: Request) -> Scope:
    """Whose eyes a request has; the one place that roles will change."""
    return Scope()


def routes(door: Door, shelf: Shelf | None = None) -> APIRouter:
    """Every plain route, reading through one door.

    Parameters
    ----------
    door : Door
    shelf : Shelf, optional
        Where tiles are kept; one of its own by default.

    Returns
    -------
    APIRouter
    """
    router = APIRouter()
    kept = shelf or Shelf()

    @router.get("/tiles/{layer}/{version}/{z}/{x}/{y}.pbf")
    def tile(request: Request, layer: str, version: str, z: str, x: str, y: str) -> Response:
        """One vector tile; 204 where there is nothing."""
        return _answer(lambda: _tile(door, kept, request, layer, _numbers(layer, version, z, x, y)))

    @router.get("/outline/{code}.json")
    def outline(request: Request, code: str) -> Response:
        """The border of a unit as GeoJSON, simplified for the screen."""
        return _answer(lambda: _outline(door, request, code))

    @router.get("/vendor/{version}/{name}")
    def vendor(request: Request, version: str, name: str) -> Response:
        """The map library, from the package that brings it."""
        return _answer(lambda: _vendor(request, name))

    @router.get("/health")
    def health() -> Response:
        """Whether the page can reach its store."""
        return _answer(lambda: _health(door))

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
        return _problem(problem)


def _problem(problem: OneMapError) -> Response:
    headers = {"Cache-Control": "no-store"}
    if isinstance(problem, StoreError):
        again = problem.again_after_s if isinstance(problem, StoreBusy) else AGAIN_AFTER_S
        return JSONResponse({"problem": str(problem)}, 503, headers={**headers, "Retry-After": str(again)})
    status = 404 if isinstance(problem, tiles.TileError | UnknownUnit) else 400
    return JSONResponse({"problem": str(problem)}, status, headers=headers)


def _numbers(layer: str, *texts: str) -> tuple[int, ...]:
    for each in texts:
        if not (each.isascii() and each.isdigit() and len(each) < 18):
            raise tiles.TileError(
                f"tiles/{layer}", f"{each!r} is no whole number", "ask for tiles/LAYER/VERSION/Z/X/Y.pbf"
            )
    return tuple(int(each) for each in texts)


def _tile(door: Door, shelf: Shelf, request: Request, layer: str, numbers: tuple[int, ...]) -> Response:
    """A tile kept under the asked version is right for ever; one of an older address gets today's data, not kept."""
    version, z, x, y = numbers
    scope = scope_of(request)
    key = (scope, layer, version, z, x, y)
    tag = f'"{layer}-{version}-{z}-{x}-{y}"'
    body = shelf.get(key)
    if body is not None:
        return _packed(request, body, TILE, {"Cache-Control": FOREVER, "ETag": tag})

    def question(reader: Reader) -> tuple[int, bytes]:
        current = tiles.version(reader, layer)
        reader.wants(current, version)
        return current, tiles.packed(reader, layer, z, x, y)

    current, body = door.ask(question, scope, TILES)
    if current != version:
        return _packed(request, body, TILE, {"Cache-Control": "no-store"})
    shelf.put(key, body)
    return _packed(request, body, TILE, {"Cache-Control": FOREVER, "ETag": tag})


def _packed(request: Request, body: bytes, media: str, headers: dict[str, str]) -> Response:
    """A compressed body as the client can take it."""
    if "ETag" in headers and request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    if not body:
        return Response(status_code=204, headers=headers)
    headers = {**headers, "Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(gzip.decompress(body), media_type=media, headers=headers)
    return Response(body, media_type=media, headers={**headers, "Content-Encoding": "gzip"})


def _outline(door: Door, request: Request, code: str) -> Response:
    """Kept for ever only under the address that names the ladder's version (?v=)."""
    asked = request.query_params.get("v", "")

    def question(reader: Reader) -> tuple[Any, int]:
        current = tiles.versions(reader).get("ladder", 0)
        reader.wants(current, int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 18 else 0)
        return units.outline(reader, code), current

    shape, current = door.ask(question, scope_of(request))
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
    return _packed(request, _library(name), LIBRARY[name], {"Cache-Control": FOREVER})


def _health(door: Door) -> Response:
    versions = door.ask(tiles.versions, lane=HEALTH)
    return JSONResponse({"status": "ok", "versions": versions}, headers={"Cache-Control": "no-store"})


def _stores(door: Door) -> Response:
    stores = [{"name": each.name, "reads": not each.standing.fact, **asdict(each.standing)} for each in door.sources]
    return JSONResponse({"stores": stores}, headers={"Cache-Control": "no-store"})
