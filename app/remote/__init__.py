"""The presenter's remote: a page for a phone or a tablet that is paired with a wall by the code that the wall shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from app.plain_page import plain_page, script
from app.routes import problem_of
from geodata import pairings
from geodata.door import Door
from geodata.errors import PairingError
from layers import OneMapError
from layers._text import Text

TITLE = Text("大屏遥控", "The wall's remote")
NEVER = {"Cache-Control": "no-store"}
MOST_ASKED = 4096

WORDS = {
    "code": Text("输入大屏上的六位配对码（大屏按 R 键显示）", "Type the six digits on the wall (key R shows them)"), "pair": Text("配对", "Pair"),
    "paired": Text("已配对", "Paired"), "leave": Text("解除配对", "Leave"), "lost": Text("服务器无应答，稍后再试", "The server does not answer; try again"),
    "wrong": Text("配对码不对或已过期，请按大屏重新输入", "This code is wrong or has expired; read it again from the wall"),
    "many": Text("错误次数过多，请十分钟后再试", "Too many wrong codes; wait ten minutes"), "again": Text("配对已失效，请重新配对", "No longer paired; pair again"),
    "previous": Text("上一幕", "Previous"), "pause": Text("暂停／继续", "Pause"), "next": Text("下一幕", "Next"), "drill": Text("钻取", "Drill down"),
    "back": Text("返回上级", "Back"), "spotlight": Text("聚光", "Spotlight"), "freeze": Text("定格", "Freeze"), "flavour": Text("明暗", "Light or dark"),
    "scene": Text("场景", "Scene"), "help": Text("帮助", "Help"), "sent": Text("已送达 {n} 毫秒", "sent in {n} ms"),
}  # fmt: skip


def remote(door: Door) -> APIRouter:
    """The routes /remote: the page, its script, and what it and walls ask.

    Parameters
    ----------
    door : Door
        Its primary is written to.

    Returns
    -------
    APIRouter
    """
    router = APIRouter()
    engine = door.sources.primary.engine

    @router.get("/remote")
    def page(lang: str = "zh") -> Response:
        """The page for the presenter's hand."""
        chosen = "en" if lang == "en" else "zh"
        return plain_page("remote", TITLE, {name: getattr(text, chosen) for name, text in WORDS.items()}, chosen)

    @router.get("/remote.js")
    def code() -> Response:
        """What the page does."""
        return script(Path(__file__).with_name("page.js"))

    @router.post("/remote/offer")
    async def offer(request: Request) -> Response:
        """A wall asks for a code to show: {"wall": its secret}."""
        return await _done(request, lambda said: _told(pairings.offer(engine, str(said.get("wall", "")))))

    @router.post("/remote/pair")
    async def pair(request: Request) -> Response:
        """A remote shows a code: {"code": "123456"}."""
        return await _done(request, lambda said: {"token": pairings.pair(engine, str(said.get("code", "")))})

    @router.post("/remote/word")
    async def word(request: Request) -> Response:
        """A remote says something to its wall: {"token", "do", "to"?}."""
        return await _done(request, lambda said: _passed_on(engine, said))

    return router


def _passed_on(engine: Any, said: dict[str, Any]) -> dict[str, Any]:
    pairings.say(engine, str(said.get("token", "")), str(said.get("do", "")), _about(said))
    return {}


def _told(offer: pairings.Offer) -> dict[str, Any]:
    return {"code": offer.code, "ear": offer.ear, "seconds": offer.seconds}


def _about(said: dict[str, Any]) -> str | None:
    return None if said.get("to") is None else str(said["to"])


async def _done(request: Request, act: Callable[[dict[str, Any]], dict[str, Any]]) -> Response:
    try:
        said = await _body(request)
        return JSONResponse(await to_thread.run_sync(act, said), headers=NEVER)
    except PairingError as problem:
        return JSONResponse({"problem": str(problem)}, 429 if "too many" in str(problem) else 403, headers=NEVER)
    except OneMapError as problem:
        return problem_of(problem)


async def _body(request: Request) -> dict[str, Any]:
    body = bytearray()
    async for part in request.stream():
        body += part[: MOST_ASKED + 1 - len(body)]
    try:
        said = json.loads(body) if len(body) <= MOST_ASKED else None
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise PairingError("remote", "this is no word", 'send {"do": "next", "token": "…"} as JSON')
    return said
