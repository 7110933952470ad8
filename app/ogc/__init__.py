"""OGC API Features of what is published, under /ogc: pygeoapi on our declarations and through our one door.

pygeoapi was taken because it is the reference implementation of the standard's Parts 1 and 2 (tipg has no Part 2, and
asks the database past the door). What it serves besides, pages that load scripts of other hosts, JSON-LD, processes and
editing, is left out: those links and formats are taken away here.
"""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter, Request, Response

from app.routes import problem_of
from geodata.door import Door
from layers import OneMapError

ROOT = "/ogc"


def ogc(door: Door) -> APIRouter:
    """The routes of the service.

    Parameters
    ----------
    door : Door

    Returns
    -------
    APIRouter
    """
    router = APIRouter()

    @router.api_route(ROOT, methods=["GET", "HEAD"])
    @router.api_route(ROOT + "/{path:path}", methods=["GET", "HEAD"])
    async def service(request: Request, path: str = "") -> Response:
        """Landing page, conformance, definition, collections, items."""
        return await to_thread.run_sync(_answered, door, request, path)

    return router


def _answered(door: Door, request: Request, path: str) -> Response:
    from app.ogc.service import answer  # pygeoapi takes half a second to load: only processes that are asked need it

    try:
        return answer(door, request, path)
    except OneMapError as problem:
        return problem_of(problem)
