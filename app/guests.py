"""Guests: a browser that was shown a page with guest=yes asks as a guest from then on, whatever it asks for.

The mark is a cookie of the session that no script can read. It ends with the browser, or when an operator ends it (`ending`): whoever stands
before the wall cannot take it away by another address.
"""

from __future__ import annotations

from contextvars import ContextVar
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from app.errors import GateError
from app.gate.guard import Guard
from app.wire import Message, Receive, Send, Served
from geodata.door import GUEST, Scope
from geodata.operators import Operators
from geodata.settings import Settings

COOKIE = "onemap_guest"

asker: ContextVar[str] = ContextVar("asker", default=Scope().role)
"""The role of the request under way, for what Dash calls without its request."""

_MARK = f"{COOKIE}=yes; Path=/; HttpOnly; SameSite=Strict".encode()


def role_of(cookies: str) -> str:
    """The role of a browser by the cookies that it sends."""
    try:
        return GUEST if COOKIE in SimpleCookie(cookies) else Scope().role
    except CookieError:
        return GUEST if COOKIE in cookies else Scope().role


def marked(answer: Response, guest: bool) -> Response:
    """An answer that makes its browser a guest's."""
    if guest:
        answer.raw_headers.append((b"set-cookie", _MARK))
    return answer


class Guests:
    """ASGI middleware: says of each request whose it is, and marks the browsers to which pages with guest=yes go.

    Parameters
    ----------
    app : ASGI application
    pages : collection of str
        Paths of pages.
    """

    def __init__(self, app: Served, pages: tuple[str, ...]) -> None:
        self._app, self._pages = app, frozenset(pages)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request, as ASGI asks it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asker.set(role_of(dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")))
        enters = scope["path"] in self._pages and parse_qs(scope["query_string"].decode("latin-1")).get("guest") == ["yes"]

        async def marking(message: Message) -> None:
            """One message of the answer, with the mark where a guest's page begins."""
            if enters and message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"set-cookie", _MARK)]}
            await send(message)

        await self._app(scope, receive, marking)


def ending(settings: Settings) -> APIRouter:
    """The route that ends it: POST /data/guests, for operators, or from the server's own screen where there are none.

    Parameters
    ----------
    settings : Settings
        home counts: who is an operator stands there.
    """
    router, guard = APIRouter(), Guard(Operators(settings.home))

    @router.post("/data/guests")
    def end(request: Request) -> Response:
        """204, and the browser is no guest's any more."""
        answer: Any = Response(status_code=204)
        try:
            guard.orders(request)
        except GateError as problem:
            return JSONResponse({"problem": problem.says.zh, "problem_en": problem.says.en}, problem.status, headers={"Cache-Control": "no-store"})
        answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
        return answer

    return router
