"""The routes of answers: where a page wants to go, and what changes on it; the colours of many units; the board as a file."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from app import colouring
from app.answer import answer
from app.board_file import WRITERS, rows
from app.guests import marked
from app.kept import Kept
from app.outlook import colours, look
from app.routes import FOREVER, packed, problem_of, scope_of
from app.view import View
from app.words import word
from geodata import tiles
from geodata.door import Door, Reader, Scope
from layers import OneMapError

NEVER = {"Cache-Control": "no-store"}

MOST_ASKED = 64 * 2**10
"""Bytes of a question: an address, and a checksum for each part of the page; ours have two thousand."""


def asking(door: Door, kept: Kept | None = None) -> APIRouter:
    """The routes /answer, /values and /board.csv, .xlsx.

    Parameters
    ----------
    door : Door
    kept : Kept, optional
        What was worked out for other readers.

    Returns
    -------
    APIRouter
    """
    router, kept = APIRouter(), kept or Kept()

    @router.post("/answer")
    async def view(request: Request) -> Response:
        """What changes on the page when it goes to an address."""
        return await to_thread.run_sync(_answered, door, kept, await _body(request), scope_of(request))

    @router.get("/values")
    def values(request: Request, v: str = "", of: str = "/") -> Response:
        """The colours of the units that a view draws (`app.colouring.address`)."""
        return _values(door, kept, request, v, of)

    @router.get("/board.{kind}")
    def listed(request: Request, kind: str) -> Response:
        """The board as it is filtered, as a file."""
        return _listed(door, kept, request, kind)

    return router


def _listed(door: Door, kept: Kept, request: Request, kind: str) -> Response:
    if kind not in WRITERS:
        return JSONResponse({"problem": f"board.{kind}: there is no such file; use one of {', '.join(f'board.{each}' for each in WRITERS)}."}, 404, headers=NEVER)
    view, _ = View.from_url(f"/board?{request.url.query}")
    write, media = WRITERS[kind]
    try:
        outlook = door.ask(lambda reader: look(reader, view.opening(None), kept), replace(scope_of(request), day=view.day))
    except OneMapError as problem:
        return problem_of(problem)
    assert outlook.board is not None
    name = quote(f"{outlook.unit.name}-{word('board', view.lang)}.{kind}")
    headers = {**NEVER, "Content-Disposition": f"attachment; filename=\"board.{kind}\"; filename*=UTF-8''{name}"}
    return Response(write(rows(outlook.board, outlook.view, outlook.unit)), media_type=media, headers=headers)


async def _body(request: Request) -> bytes:
    """What was sent, as far as it can be a question."""
    body = bytearray()
    async for part in request.stream():
        body += part[: MOST_ASKED + 1 - len(body)]
    return bytes(body)


def _answered(door: Door, kept: Kept, body: bytes, scope: Scope) -> Response:
    """A page that is asked for as a guest's stays one: its browser may not ask otherwise from now on."""
    try:
        asked, known = _question(body)
        made = answer(door, asked, known, kept, scope)
        return marked(Response(made.json(), media_type="application/json", headers=NEVER), View.from_url(str(asked.get("url", "/")))[0].guest)
    except OneMapError as problem:
        return problem_of(problem)


def _values(door: Door, kept: Kept, request: Request, version: str, of: str) -> Response:
    """For ever right under the version it names; else of today, and not to be kept."""
    view, problems = View.from_url(of)
    if problems:
        return JSONResponse({"problem": problems[0].says["en"]}, 404, headers=NEVER)
    try:
        held, body = door.ask(lambda reader: _colours(reader, kept, view, version), replace(scope_of(request), day=view.day))
    except OneMapError as problem:
        return problem_of(problem)
    return packed(request, body, "application/json", {"Cache-Control": FOREVER if held == version else "no-store"})


def _colours(reader: Reader, kept: Kept, view: View, version: str) -> tuple[str, bytes]:
    versions = tiles.versions(reader)
    held = colouring.version(versions)
    reader.wants(versions.get("indicators", 0), _number(version.rpartition(".")[2]))

    def make() -> bytes:
        """The colours as they go over the wire: JSON, packed with gzip."""
        followed, drawn, found = colours(reader, view, versions, kept)
        said = colouring.states(drawn[0].level, colouring.coloured(followed, found))
        return gzip.compress(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode(), 4)

    return held, kept.get((reader.scope, view, held), make, lambda body: len(body) // 1000)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _question(body: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        said = json.loads(body)
        asked, known = said["asked"], said["known"]
        if isinstance(asked, dict) and isinstance(known, dict) and isinstance(known.get("shown", {}), dict):
            return asked, known
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    raise OneMapError("answer", "this is no question", 'send {"asked": {"url": "/"}, "known": {}} as JSON')
