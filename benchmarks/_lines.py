"""A browser's lines to one host: six at most, kept open, with a cache of what may be kept for ever."""

from __future__ import annotations

import asyncio
import gzip
import time
from dataclasses import dataclass, field
from typing import Any

import httptools

LINES = 6
"""Lines that browsers open to one host over HTTP/1.1."""

LONGEST_S = 30.0


@dataclass(slots=True)
class Reply:
    """One answer as it came over the wire.

    Parameters
    ----------
    status : int
        0 where none came.
    headers : dict of bytes to bytes
    body : bytes
        As sent; `text` is unpacked.
    seconds : float
    """

    status: int = 0
    headers: dict[bytes, bytes] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0
    complete: bool = False

    @property
    def text(self) -> bytes:
        """The body without its compression."""
        return gzip.decompress(self.body) if self.headers.get(b"content-encoding") == b"gzip" else self.body

    @property
    def again_after_s(self) -> float | None:
        """After how many seconds to ask again; None where the server did not say that it is busy."""
        return float(self.headers[b"retry-after"]) if self.status == 503 and b"retry-after" in self.headers else None

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called by the parser."""
        self.headers[name.lower()] = value

    def on_body(self, part: bytes) -> None:
        """Called by the parser."""
        self.body += part

    def on_message_complete(self) -> None:
        """Called by the parser."""
        self.complete = True


Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Lines:
    """Lines to one host.

    Parameters
    ----------
    port : int
        Of the loopback address.
    """

    def __init__(self, port: int) -> None:
        self._port, self._idle, self._room = port, list[Line](), asyncio.Semaphore(LINES)
        self._kept: set[str] = set()

    async def fetch(self, path: str, body: bytes | None = None) -> Reply | None:
        """An answer; None where the browser has it already."""
        if path in self._kept:
            return None
        async with self._room:
            began = time.perf_counter()
            reply = await self._over_a_line(_request(path, body))
        reply.seconds = time.perf_counter() - began
        if b"immutable" in reply.headers.get(b"cache-control", b""):
            self._kept.add(path)
        return reply

    async def _over_a_line(self, request: bytes) -> Reply:
        """A line that the server closed while it was idle is replaced once, as browsers do; a new one that fails is an error."""
        while True:
            used = bool(self._idle)
            try:
                line = self._idle.pop() if used else await asyncio.open_connection("127.0.0.1", self._port)
                reply = await asyncio.wait_for(_exchange(line, request), LONGEST_S)
            except (OSError, TimeoutError, httptools.HttpParserError):
                reply = Reply()
            if reply.complete:
                self._idle.append(line)
                return reply
            if not used or reply.status:
                return Reply()

    async def close(self) -> None:
        """Hang up."""
        for _, writer in self._idle:
            writer.close()
        self._idle.clear()


def _request(path: str, body: bytes | None) -> bytes:
    verb = "GET" if body is None else "POST"
    more = "" if body is None else f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"{verb} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n{more}\r\n".encode() + (body or b"")


async def _exchange(line: Line, request: bytes) -> Reply:
    reader, writer = line
    reply = Reply()
    parser: Any = httptools.HttpResponseParser(reply)
    writer.write(request)
    while not reply.complete:
        part = await reader.read(65536)
        if not part:
            writer.close()
            return reply
        parser.feed_data(part)
        reply.status = parser.get_status_code()
        if reply.status in (204, 304):
            reply.complete = True
    return reply
