"""The route by which a page accepts a number that is to be reviewed."""

from __future__ import annotations

import json
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

import layers
from app.errors import GateError
from app.gate.guard import Guard
from app.routes import problem_of
from geodata import units, usual
from geodata.door import Door, Reader
from geodata.operators import Operators
from geodata.settings import Settings
from geodata.writing import write
from layers import OneMapError
from layers._indicator import DEFINITIONS

MOST_ASKED = 8 * 2**10
"""Bytes of an order."""

MOST_REASON = 500


def reviewing(door: Door, settings: Settings) -> APIRouter:
    """The route /review; open to whom /data is open.

    Parameters
    ----------
    door : Door
    settings : Settings
        Of this installation, which says where its operators are kept.
    """
    router, guard = APIRouter(), Guard(Operators(settings.home))

    @router.post("/review")
    async def accept(request: Request) -> Response:
        """Accept a number of a unit, with a reason."""
        body = bytearray()
        async for part in request.stream():
            body += part[: MOST_ASKED + 1 - len(body)]
        return await to_thread.run_sync(_accepted, door, guard, request, bytes(body))

    return router


def _accepted(door: Door, guard: Guard, request: Request, body: bytes) -> Response:
    try:
        who = guard.orders(request)
        name, definition, code, reason = _order(body)
        step = write(door, lambda reader: _accept(reader, name, definition, code, who, reason))
    except GateError as problem:
        return JSONResponse({"problem": problem.says.zh, "problem_en": problem.says.en}, problem.status, headers={"Cache-Control": "no-store"})
    except OneMapError as problem:
        return problem_of(problem)
    return JSONResponse({"accepted": step is not None}, headers={"Cache-Control": "no-store"})


def _accept(reader: Reader, name: str, definition: str, code: str, who: str, reason: str) -> usual.Moved | None:
    return usual.accept(reader, name, definition, units.unit(reader, code).code, who, reason)


def _order(body: bytes) -> tuple[str, str, str, str]:
    try:
        said: dict[str, Any] = json.loads(body)
        name, definition, code, reason = (str(said[each]).strip() for each in ("indicator", "definition", "unit", "reason"))
    except (ValueError, TypeError, KeyError, RecursionError):
        raise GateError(400, "复核：内容无法识别；请在页面上操作。", "review: this is no order; use the page itself.") from None
    layers.indicator(name)
    if definition not in DEFINITIONS or not reason or "\x00" in body.decode("utf-8", "replace"):
        raise GateError(400, "复核：没有写明理由；请填写后再确认。", "review: it has no reason; write why the number is right.")
    return name, definition, code, reason[:MOST_REASON]
