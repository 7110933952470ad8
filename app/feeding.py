"""The route of status feeds: who shows a key may say which cameras are online."""

from __future__ import annotations

import hmac
from collections.abc import Collection

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from app.routes import problem_of
from geodata import feed, statuses
from geodata.door import Door
from geodata.errors import FeedError
from layers import OneMapError

MOST_BYTES = 16 * 2**20
MOST_TOLD = 1000
"""Refusals that an answer lists; their number is always told."""

NEVER = {"Cache-Control": "no-store"}


def feeding(door: Door, keys: Collection[str]) -> APIRouter:
    """The route POST /feed/THEME/status.

    Parameters
    ----------
    door : Door
        Its primary is written to.
    keys : collection of str
        One of them must be shown as ``Authorization: Bearer KEY``.

    Returns
    -------
    APIRouter
    """
    router = APIRouter()

    @router.post("/feed/{theme}/status")
    async def status(request: Request, theme: str) -> Response:
        """A batch: JSON [{"key", "state", "at"}] or CSV key,state,at; times with their zone. The same again changes nothing."""
        if not _known(request, keys):
            return JSONResponse({"problem": "feed: no key that is known here; show one as Authorization: Bearer KEY (ONEMAP_FEED_KEYS_FILE)."}, 401,
                                headers={**NEVER, "WWW-Authenticate": "Bearer"})  # fmt: skip
        try:
            return await _taken(door, request, theme)
        except FeedError as problem:
            return JSONResponse({"problem": str(problem)}, 422, headers=NEVER)
        except OneMapError as problem:
            return problem_of(problem)

    return router


def _known(request: Request, keys: Collection[str]) -> bool:
    shown = request.headers.get("authorization", "").removeprefix("Bearer ").strip().encode()
    return any([hmac.compare_digest(shown, each.encode()) for each in keys])  # all of them, so that time tells nothing


async def _taken(door: Door, request: Request, name: str) -> Response:
    theme = statuses.live_themes().get(name)
    if theme is None:
        raise FeedError(f"feed/{name[:40]}", "there is no such theme with a live state", f"use one of {', '.join(statuses.live_themes())}")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise FeedError("feed", f"the batch is larger than {MOST_BYTES // 2**20} MB", "send it in parts")
    in_csv = request.headers.get("content-type", "").startswith("text/csv")
    receipt = await to_thread.run_sync(feed.receive, door.sources.primary.engine, theme, bytes(body), in_csv)
    told = {"changed": receipt.changed, "unchanged": receipt.unchanged, "refused": len(receipt.refused), "problems": receipt.refused[:MOST_TOLD]}
    nothing = receipt.refused and not receipt.changed and not receipt.unchanged
    return JSONResponse(told, 422 if nothing else 200, headers=NEVER)
