"""The routes of scenes: what a wall shows, what it says of a scene that failed, and the page on which playlists are written."""

from __future__ import annotations

import json
import logging
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from app.errors import GateError
from app.gate.guard import Guard
from app.routes import problem_of, scope_of
from app.scenes.page import page
from app.scenes.playlist import MOST, playlist
from app.scenes.showing import shown
from app.view import View
from geodata import playlists
from geodata.door import Door, Reader
from geodata.operators import Operators
from geodata.settings import Settings
from geodata.writing import write
from layers import OneMapError

LOG = logging.getLogger("onemap")

NEVER = {"Cache-Control": "no-store"}

MOST_SAID = 64 * 2**10
"""Bytes of a playlist, or of what a wall says."""

_NAME = re.compile(r"[\w.-]{1,60}")
_STATIC = Path(__file__).parent / "static"


def scening(door: Door, settings: Settings) -> APIRouter:
    """The routes /scenes/NAME.json, /scenes/NAME/skipped and /data/scenes.

    Parameters
    ----------
    door : Door
    settings : Settings
        home counts: who may write playlists stands there.
    """
    router, guard = APIRouter(), Guard(Operators(settings.home))

    @router.get("/scenes/{name}.json")
    def scenes(request: Request, name: str, of: str = "/wall") -> Response:
        """What a wall at an address shows."""
        return _answered(lambda: _scenes(door, request, name, View.from_url(of)[0]))

    @router.post("/scenes/{name}/skipped", status_code=204)
    async def skipped(request: Request, name: str) -> None:
        """A wall says which scene it skipped, and why."""
        LOG.warning("wall: %s %s", name[:60], re.sub(r"[^\x20-\x7e\u4e00-\u9fff]", " ", (await _body(request)).decode(errors="replace"))[:300])

    @router.get("/data/scenes")
    def edit(request: Request, name: str = "", lang: str = "zh", add: str = "") -> Response:
        """The page on which a playlist is written; `add` is a view that is to become its next scene."""
        return _answered(lambda: _page(door, guard.who(request), name, "en" if lang == "en" else "zh", add))

    @router.get("/data/scenes/{file}.js")
    def script(file: str) -> Response:
        """The script of that page."""
        return Response((_STATIC / "scenes.js").read_bytes(), media_type="text/javascript", headers={"Cache-Control": "no-cache"})

    @router.post("/data/scenes/{name}")
    async def keep(request: Request, name: str) -> Response:
        """Keep a playlist; refused as a whole when one of its lines cannot be read."""
        body = await _body(request)
        return await to_thread.run_sync(_answered, lambda: _kept(door, guard.orders(request), name, body))

    return router


def _answered(made: Any) -> Response:
    try:
        return made()
    except GateError as problem:
        return JSONResponse({"problem": problem.says.zh, "problem_en": problem.says.en}, problem.status, headers=NEVER)
    except OneMapError as problem:
        return problem_of(problem)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part[: MOST_SAID + 1 - len(body)]
    return bytes(body)


def _scenes(door: Door, request: Request, name: str, wall: View) -> Response:
    def question(reader: Reader) -> tuple[Any, list[str]]:
        """The scenes of the playlist, and the names of all playlists."""
        return shown(reader, name, wall), playlists.names(reader)

    found, known = door.ask(question, scope_of(request))
    if found is None:
        raise GateError(404, f"scenes={name[:60]}：没有这个轮播；请用 {'、'.join([*known, 'worst', 'change'])}。",
                        f"scenes={name[:60]}: there is no such playlist; use one of {', '.join([*known, 'worst', 'change'])}.")
    return JSONResponse(asdict(found), headers=NEVER)


def _page(door: Door, operator: str, name: str, lang: str, add: str) -> Response:
    def question(reader: Reader) -> tuple[list[str], list[Any]]:
        """The names of all playlists, and the scenes of this one."""
        return playlists.names(reader), playlists.find(reader, name) or []

    names, scenes = door.ask(question)
    view = View.from_url(add)[0].on("wall").to_url() if add else ""
    return HTMLResponse(page(names, name, scenes, view, lang, operator), headers=NEVER)


def _kept(door: Door, operator: str, name: str, body: bytes) -> Response:
    if not _NAME.fullmatch(name):
        raise GateError(400, f"名称 {name[:60]}：只能用文字、数字、点和横线；请改名。", f"name {name[:60]}: it takes letters, digits, dots and dashes; choose another.")
    try:
        written = json.loads(body)
    except ValueError:
        written = None
    if not isinstance(written, list) or len(written) > MOST:
        raise GateError(400, f"轮播 {name}：不是一列画面；请在编辑页保存。", f"playlist {name}: this is no list of scenes; save it on its page.")
    if wrong := playlist(name, written).skipped:
        raise GateError(400, wrong[0][1].zh, wrong[0][1].en)
    write(door, lambda writer: playlists.put(writer, name, written, operator))
    return JSONResponse({"kept": len(written)}, headers=NEVER)
