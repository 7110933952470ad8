"""Tiles over HTTP, before anything else of the page: what is kept goes out without a thread, a route or a model in between.

`/tiles/LAYER/VERSION/Z/X/Y.pbf` is right for ever under the version that the store holds; an older address gets today's data,
not kept. 204 where there is nothing, 304 to whoever has it, 404 with one sentence for what no tile is.
"""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import Awaitable, Hashable

from fastapi import Request, Response

from app.routes import FOREVER, problem_of, scope_of
from app.shelf import Shelf
from app.tile_questions import Asked, TileQuestions
from app.wire import Message, Receive, Send, Served
from geodata import tiles
from geodata.door import Door, Scope
from layers import OneMapError
from layers._ladder import LEVEL_NAMES

PREFIX = "/tiles/"
TILE = b"application/vnd.mapbox-vector-tile"

_Headers = list[tuple[bytes, bytes]]
_ALWAYS: _Headers = [(b"x-content-type-options", b"nosniff"), (b"vary", b"Accept-Encoding")]
_KEPT: _Headers = [(b"cache-control", FOREVER.encode())]
_NOT_KEPT: _Headers = [(b"cache-control", b"no-store")]


class TileServer:
    """ASGI middleware that answers for tiles and hands on everything else.

    Parameters
    ----------
    app : ASGI application
        What answers for everything else.
    door : Door
    shelf : Shelf, optional
        Where tiles are kept; one of its own by default.
    """

    def __init__(self, app: Served, door: Door, shelf: Shelf | None = None) -> None:
        self._app, self._questions = app, TileQuestions(door)
        self._shelf = shelf or Shelf()
        self._coming: dict[Hashable, asyncio.Future[tuple[bool, bytes]]] = {}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request, as ASGI asks it."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        try:
            status, headers, body = await self._answer(scope)
        except OneMapError as problem:
            status, headers, body = _said(problem_of(problem))
        headers = [*_ALWAYS, *headers, (b"server-timing", b"app;dur=%.1f" % (1000 * (time.perf_counter() - began)))]
        if status not in (204, 304):
            headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _answer(self, scope: Message) -> tuple[int, _Headers, bytes]:
        if scope["method"] not in ("GET", "HEAD"):
            return 405, [(b"allow", b"GET, HEAD"), *_NOT_KEPT], b""
        address = scope["path"]
        tag = f'W/"{address[len(PREFIX) : -len(".pbf")]}"'.encode()
        asked = dict(scope["headers"])
        key = (scope_of(Request(scope)), address)
        body = self._shelf.get(key)
        lasting, anybody = True, not key[0].discreet or set(address.split("/")[2].split(",")) <= set(LEVEL_NAMES)
        if body is None:
            layer, *numbers = _parted(address)
            if anybody and tag in asked.get(b"if-none-match", b"").split(b", "):  # nobody else gave it this name
                return 304, [*_KEPT, (b"etag", tag)], b""
            lasting, body = await self._fetched(key, layer, *map(int, numbers))
        if not (lasting and anybody):  # what guests get is not what this address says to others
            return _sent(asked, body, _NOT_KEPT)
        if tag in asked.get(b"if-none-match", b"").split(b", "):
            return 304, [*_KEPT, (b"etag", tag)], b""
        return _sent(asked, body, [*_KEPT, (b"etag", tag)])

    def _fetched(self, key: tuple[Scope, str], layer: str, version: int, z: int, x: int, y: int) -> Awaitable[tuple[bool, bytes]]:
        """Whether a tile is right for ever, and the tile; many who ask at the same time wait for the same."""
        coming = self._coming.get(key)
        if coming is None:
            coming = asyncio.ensure_future(self._made(key, Asked(key[0], layer, version, z, x, y)))
            self._coming[key] = coming
            coming.add_done_callback(lambda done: (self._coming.pop(key, None), done.cancelled() or done.exception()))
        return asyncio.shield(coming)

    async def _made(self, key: tuple[Scope, str], asked: Asked) -> tuple[bool, bytes]:
        current, body = await self._questions.ask(asked)
        if current == asked.version:
            self._shelf.put(key, body)
        return current == asked.version, body


def _parted(address: str) -> tuple[str, ...]:
    """Layer, version, z, x and y of an address that may be asked of the store.

    Raises
    ------
    TileError
        It is no address of a tile.
    """
    parts = address.removeprefix(PREFIX).removesuffix(".pbf").split("/")
    remedy = "ask for tiles/LAYER/VERSION/Z/X/Y.pbf"
    if len(parts) != 5 or not address.endswith(".pbf"):
        raise tiles.TileError(address[1:60], "this is no address of a tile", remedy)
    layer, *numbers = parts
    for each in numbers:
        if not (each.isascii() and each.isdigit() and len(each) < 18):
            raise tiles.TileError(f"tiles/{layer[:60]}", f"{each[:20]!r} is no whole number", remedy)
    tiles.check(layer, *map(int, numbers[1:]))
    return layer, *numbers


def _sent(asked: dict[bytes, bytes], body: bytes, headers: _Headers) -> tuple[int, _Headers, bytes]:
    """A compressed body as the client can take it."""
    if not body:
        return 204, headers, b""
    if _takes_gzip(asked.get(b"accept-encoding", b"")):
        return 200, [(b"content-type", TILE), (b"content-encoding", b"gzip"), *headers], body
    return 200, [(b"content-type", TILE), *headers], gzip.decompress(body)


def _takes_gzip(accepted: bytes) -> bool:
    """Whether gzip is named, and not with a quality of nought (RFC 9110, 12.5.3)."""
    named = [each.replace(b" ", b"").partition(b";q=") for each in accepted.split(b",")]
    return any(name == b"gzip" and quality.strip(b"0.") != b"" or name == b"gzip" and not sign for name, sign, quality in named)


def _said(refusal: Response) -> tuple[int, _Headers, bytes]:
    kept = [(name, value) for name, value in refusal.raw_headers if name != b"content-length"]
    return refusal.status_code, kept, bytes(refusal.body)
