"""The self-check page: is this screen telling the truth? Green or red for each part, with the remedy."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from app.live import Live
from app.plain_page import plain_page, script
from geodata import truth
from geodata.door import Door
from layers._text import Text

TITLE = Text("自检：本屏是否真实", "Self-check: is this screen telling the truth?")
WORDS = {
    "good": Text("正常", "well"), "watch": Text("注意", "watch"), "bad": Text("异常", "wrong"), "remedy": Text("处理办法", "remedy"),
    "clock": Text("本机与服务器时钟", "Clocks of this screen and the server"), "apart": Text("相差 {n} 秒", "{n} s apart"),
    "set": Text("在本机启用 NTP 校时", "set this computer's clock by NTP"), "lost": Text("服务器无应答", "the server does not answer"),
    "mend": Text("检查网络和服务：./onemap doctor", "look at the network and the service: ./onemap doctor"), "line": Text("本机到服务器", "This screen to the server"),
    "took": Text("{n} 毫秒往返", "{n} ms there and back"), "all": Text("全部正常", "All is well"), "some": Text("{n} 项需要处理", "{n} to be looked after"),
    "at": Text("检查于 {n}", "looked at {n}"),
}  # fmt: skip


def self_check(door: Door, live: Live) -> APIRouter:
    """The routes /self-check, its script and its answer.

    Parameters
    ----------
    door : Door
    live : Live
        Whether this process hears of new loads.

    Returns
    -------
    APIRouter
    """
    router = APIRouter()

    @router.get("/self-check")
    def page(lang: str = "zh") -> Response:
        """The page; it looks again every ten seconds."""
        chosen = "en" if lang == "en" else "zh"
        return plain_page("self-check", TITLE, {name: getattr(text, chosen) for name, text in WORDS.items()}, chosen)

    @router.get("/self-check.js")
    def code() -> Response:
        """What the page does."""
        return script(Path(__file__).with_name("page.js"))

    @router.get("/self-check.json")
    def answer() -> Response:
        """Every check that the server can make; 200 also when some are bad, 503 when any is red and ?strict asks for it."""
        found = truth.checks(door, live.up)
        told: list[dict[str, Any]] = [asdict(each) for each in found]
        return JSONResponse({"now": datetime.now(UTC).isoformat(), "checks": told}, headers={"Cache-Control": "no-store"})

    return router
