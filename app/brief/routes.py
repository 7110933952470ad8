"""The route of briefs: /brief/CODE.pdf, as the reader may see the unit."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Request, Response

from app.brief.printing import pdf
from app.brief.sheet import PAPERS, sheet
from app.routes import problem_of, scope_of
from app.view import View
from geodata.door import Door
from layers import OneMapError

NAMES = {"a4": "A4", "a3": "A3"}


def briefs(door: Door) -> APIRouter:
    """The route, reading through one door.

    Parameters
    ----------
    door : Door
    """
    router = APIRouter()

    @router.get("/brief/{code}.pdf")
    async def brief(request: Request, code: str, paper: str = "a4") -> Response:
        """One page about a unit; `lang`, `indicator` and `day` as in the address of a view."""
        return await to_thread.run_sync(_printed, door, request, code, paper)

    return router


def _printed(door: Door, request: Request, code: str, paper: str) -> Response:
    try:
        if paper not in PAPERS:
            raise OneMapError(f"paper={paper[:20]!r}", "there is no such paper", f"use one of {', '.join(PAPERS)}")
        view, problems = View.from_url(f"/?{request.url.query}")
        if said := [each for each in problems if not each.says.en.startswith("paper")]:
            raise OneMapError("brief", said[0].says.en.rstrip("."), "mend the address")
        made = door.ask(lambda reader: sheet(reader, view.entered(code), paper), replace(scope_of(request), day=view.day))
        body = pdf(made)
    except OneMapError as problem:
        return problem_of(problem)
    name = quote(f"{made.name}_{NAMES[paper]}.pdf")
    headers = {"Cache-Control": "no-store", "Content-Disposition": f"inline; filename*=UTF-8''{name}"}
    return Response(body, media_type="application/pdf", headers=headers)
