"""A browser without a browser: requests straight into an ASGI application, from any address, with cookies kept."""

from __future__ import annotations

import asyncio
import json as texts
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit


@dataclass
class Answer:
    status_code: int
    headers: dict[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()

    def json(self) -> Any:
        return texts.loads(self.content)


@dataclass
class Browser:
    server: Any
    client: tuple[str, int] = ("127.0.0.1", 1)
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **more: Any) -> Answer:
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> Answer:
        return self.request("POST", path, **more)

    def request(self, method: str, path: str, headers: Any = None, json: Any = None, content: bytes = b"", params: Any = None) -> Answer:
        body = content if json is None else texts.dumps(json).encode()
        said = {"Host": "127.0.0.1:8050", **({"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())} if self.cookies else {}), **(headers or {})}
        parts = urlsplit(path + (f"?{urlencode(params)}" if params else ""))
        scope = {
            "type": "http", "http_version": "1.1", "method": method, "scheme": "http", "path": parts.path, "raw_path": parts.path.encode(), "root_path": "",
            "query_string": parts.query.encode(), "headers": [(k.lower().encode(), v.encode()) for k, v in said.items()], "client": self.client, "server": ("127.0.0.1", 8050),
        }
        return self._taken(asyncio.run(self._sent(scope, body)))

    async def _sent(self, scope: dict[str, Any], body: bytes) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = []
        blocks = [body[n : n + 65536] for n in range(0, len(body), 65536)] or [b""]

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": blocks.pop(0), "more_body": bool(blocks)} if blocks else {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            messages.append(dict(message))

        await self.server(scope, receive, send)
        return messages

    def _taken(self, messages: list[dict[str, Any]]) -> Answer:
        headers = {k.decode(): v.decode() for k, v in messages[0]["headers"]}
        for name, kept in SimpleCookie(headers.get("set-cookie", "")).items():
            self.cookies.pop(name, None)
            if kept.value:
                self.cookies[name] = kept.value
        return Answer(messages[0]["status"], headers, b"".join(each.get("body", b"") for each in messages[1:]))
