"""The last thing before the wire: what may be asked, what the browser may do, and how small it travels."""

from __future__ import annotations

import gzip
import time
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any

from anyio import to_thread

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Served = Callable[[Message, Receive, Send], Awaitable[None]]

SMALLEST = 1024
"""Below this a compressed answer saves no packet."""

_KEPT = ("/_dash-component-suites/", "/assets/", "/_dash-layout", "/_dash-dependencies")
_TEXTS = ("text/", "application/json", "application/javascript", "image/svg")
_STREAMED = (b"text/event-stream", b"application/geopackage")
"""Answers that go out as they come: they have no end that is worth waiting for, or are too large to be held."""
_METHODS = {"GET", "HEAD", "POST"}


def policy(scripts: list[str]) -> list[tuple[bytes, bytes]]:
    """Headers that keep the page on this host.

    Parameters
    ----------
    scripts : list of str
        Hashes of the inline scripts that Dash writes ("'sha256-...'").

    Returns
    -------
    list of (bytes, bytes)

    Notes
    -----
    Styles may be inline: Plotly and React write them. Workers come from blobs: that is how MapLibre 5 starts its own.
    """
    rules = (
        "default-src 'self'", f"script-src 'self' {' '.join(scripts)}", "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:", "worker-src 'self' blob:", "connect-src 'self'", "frame-ancestors 'none'",
        "base-uri 'self'", "form-action 'self'", "object-src 'none'",
    )
    said = {
        "Content-Security-Policy": "; ".join(rules), "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
    }
    return [(name.lower().encode(), text.encode()) for name, text in said.items()]


class Wire:
    """ASGI middleware: refuses other methods, adds the policy, compresses; keeps compressed what never changes.

    Parameters
    ----------
    app : ASGI application
        What is served.
    headers : list of (bytes, bytes)
        Of `policy`.
    pages : collection of str
        Paths of pages. All are one document, which its script fills by the address: Dash sees "/" for each of them.
    """

    def __init__(self, app: Served, headers: list[tuple[bytes, bytes]], pages: Collection[str] = ()) -> None:
        self._served, self._headers, self._pages = app, headers, frozenset(pages)
        self._kept: dict[str, tuple[bytes, bytes]] = {}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request, as ASGI asks it."""
        if scope["type"] != "http":
            await self._served(scope, receive, send)
        elif scope["method"] not in _METHODS:
            await self._refuse(send)
        else:
            page = scope["path"].rstrip("/") in self._pages
            await self._served({**scope, "path": "/"} if page else scope, receive, _Parcel(self, scope, send).take)

    async def _refuse(self, send: Send) -> None:
        headers = [(b"allow", b"GET, HEAD, POST"), (b"content-length", b"0"), *self._headers]
        await send({"type": "http.response.start", "status": 405, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    def dressed(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """An answer's own headers with the policy."""
        return [*headers, *self._headers]

    async def packed(self, address: str, body: bytes) -> bytes:
        """The body compressed: hard and once for what never changes, quickly for the rest."""
        if not address.startswith(_KEPT):
            return await to_thread.run_sync(gzip.compress, body, 4)
        before = self._kept.get(address)
        if before is None or before[0] != body:
            self._kept[address] = before = (body, await to_thread.run_sync(gzip.compress, body, 9))
        return before[1]


class _Parcel:
    """One answer on its way out: held back until it is whole, then compressed if that is worth it."""

    def __init__(self, wire: Wire, scope: Message, send: Send) -> None:
        self._wire, self._send, self._path = wire, send, scope["path"]
        self._began = time.perf_counter()
        accepted = dict(scope["headers"]).get(b"accept-encoding", b"")
        self._accepts = b"gzip" in accepted and scope["method"] != "HEAD"
        self._start: Message = {}
        self._body = bytearray()
        self._through = False

    async def take(self, message: Message) -> None:
        """One message of the answer, as ASGI sends it; the last one hands the parcel over."""
        if message["type"] == "http.response.start":
            self._start = message
            if dict(message["headers"]).get(b"content-type", b"").startswith(_STREAMED):
                self._through = True
                await self._send({**message, "headers": self._wire.dressed(list(message["headers"]))})
            return
        if self._through:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body"):
            await self._hand_over()

    async def _hand_over(self) -> None:
        headers, body = list(self._start["headers"]), bytes(self._body)
        if body and b"content-type" not in dict(headers):  # Dash on FastAPI does not say what its answers are
            headers.append((b"content-type", b"application/json"))
        if self._worth_it(dict(headers), body):
            body = await self._wire.packed(self._path, body)
            headers = [pair for pair in headers if pair[0] != b"content-length"]
            headers += [(b"content-length", str(len(body)).encode()), (b"content-encoding", b"gzip"), (b"vary", b"Accept-Encoding")]
        headers.append((b"server-timing", b"app;dur=%.1f" % (1000 * (time.perf_counter() - self._began))))
        await self._send({**self._start, "headers": self._wire.dressed(headers)})
        await self._send({"type": "http.response.body", "body": body})

    def _worth_it(self, headers: dict[bytes, bytes], body: bytes) -> bool:
        kind = headers.get(b"content-type", b"").decode()
        plain = b"content-encoding" not in headers and kind.startswith(_TEXTS)
        return self._accepts and plain and len(body) >= SMALLEST
