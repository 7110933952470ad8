"""The route of answers: what a page shows, and where it wants to go; what changes on it."""

from __future__ import annotations

import json
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request, Response

from app.answer import answer
from app.routes import problem_of
from geodata.door import Door
from layers import OneMapError

MOST_ASKED = 64 * 2**10
"""Bytes of a question: an address, and a checksum for each part of the page; ours have two thousand."""


def asking(door: Door) -> APIRouter:
    """The route /answer.

    Parameters
    ----------
    door : Door

    Returns
    -------
    APIRouter
    """
    router = APIRouter()

    @router.post("/answer")
    async def view(request: Request) -> Response:
        """What changes on the page when it goes to an address."""
        return await to_thread.run_sync(_answered, door, await _body(request))

    return router


async def _body(request: Request) -> bytes:
    """What was sent, as far as it can be a question."""
    body = bytearray()
    async for part in request.stream():
        body += part[: MOST_ASKED + 1 - len(body)]
    return bytes(body)


def _answered(door: Door, body: bytes) -> Response:
    never = {"Cache-Control": "no-store"}
    try:
        return Response(answer(door, *_question(body)).json(), media_type="application/json", headers=never)
    except OneMapError as problem:
        return problem_of(problem)


def _question(body: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        said = json.loads(body)
        asked, known = said["asked"], said["known"]
        if isinstance(asked, dict) and isinstance(known, dict) and isinstance(known.get("shown", {}), dict):
            return asked, known
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    raise OneMapError("answer", "this is no question", 'send {"asked": {"url": "/"}, "known": {}} as JSON')
