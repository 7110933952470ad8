"""Who may come in at /data, and from where: every route of the page asks here first."""

from __future__ import annotations

import getpass
import ipaddress
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from fastapi import Request

from app.errors import GateError
from geodata.operators import Operators

COOKIE = "onemap_operator"

ORDER = "x-onemap"
"""Header of every order of our own script; a form of another site cannot send it, and a script of one must ask us first."""

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_HERE = ("127.0.0.1", "::1", "localhost")


class Guard:
    """Says of each request whose it is, or refuses it.

    Parameters
    ----------
    operators : Operators
    """

    def __init__(self, operators: Operators) -> None:
        self.operators = operators

    def who(self, request: Request) -> str:
        """The operator who asks.

        Raises
        ------
        GateError
            401: he has to say who he is; 403: the page is closed to other machines.
        """
        if self.operators.names():
            name = self.operators.of_token(_cookie(request))
            if name is None:
                raise GateError(401, "请先登录：本页仅限数据管理员；请输入姓名和口令。", "/data: it is for operators; log in.")
            return name
        if not _is_here(request):
            raise GateError(
                403, "数据页：只对本机开放；请在服务器上运行 ./onemap operator add 姓名，之后可在此登录。",
                "/data: it is open to the server itself only; run ./onemap operator add NAME there, then log in here.",
            )
        return getpass.getuser()

    def orders(self, request: Request) -> str:
        """The operator who wants something done; asked of every request that writes.

        Raises
        ------
        GateError
            Also 403 for a request that another site made in his name.
        """
        refuse_foreign(request)
        return self.who(request)


def refuse_foreign(request: Request) -> None:
    """Refuse what another site's page made a browser send.

    Raises
    ------
    GateError
    """
    said = request.headers
    origin = said.get("origin")
    own = origin is None or urlsplit(origin).netloc == said.get("host")
    if said.get("sec-fetch-site", "same-origin") != "same-origin" or not own or ORDER not in said:
        raise GateError(403, "请求：来自其他网站；请在本页面内操作。", "request: another site made it; use the page itself.")


def _cookie(request: Request) -> str:
    try:
        found = SimpleCookie(request.headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _is_here(request: Request) -> bool:
    """Whether the browser runs on this machine: not behind a proxy, and under a name that is this machine's own.

    Notes
    -----
    A page elsewhere whose name was pointed to 127.0.0.1 (DNS rebinding) still says its own name as the host.
    """
    if any(name in request.headers for name in _FORWARDED) or request.client is None:
        return False
    try:
        local = ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        local = False
    return local and urlsplit(f"//{request.headers.get('host', '')}").hostname in _HERE
