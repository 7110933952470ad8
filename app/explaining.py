"""The number that a view opens: asked of the store last, so that one that takes too long costs the page nothing else."""

from __future__ import annotations

from collections.abc import Hashable

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from app.explain_file import FILES, MOST_ROWS
from app.kept import Kept
from app.routes import problem_of, scope_of
from app.view import View
from geodata import units
from geodata.door import Door, Reader, Scope
from geodata.explaining import PAGE, Explanation, explain, patiently
from layers import OneMapError

PATIENCE_MS = 6_000
"""A number that takes longer to take apart is opened further down the ladder."""

MOST_MARKED = 2_000
"""Rows that are marked on the map."""


def explained(reader: Reader, view: View, code: str, kept: Kept, known: Hashable) -> Explanation | None:
    """What the view opens, of a unit; the first page brings as many rows as the map marks. None where it takes too long.

    Parameters
    ----------
    reader : Reader
    view : View
        Opens a number.
    code : str
        Of the unit.
    kept : Kept
    known : hashable
        What the answer stands on.
    """
    assert view.explain is not None, view
    name, which, page = view.explain
    start, most = (page - 1) * PAGE, MOST_MARKED if page == 1 else PAGE

    def ask() -> Explanation:
        """The page of the explanation, asked of the store."""
        return explain(reader, name, code, view.definition, which, start, most)

    key = ("explain", view.explain, view.definition, code, known)
    return patiently(reader, PATIENCE_MS, lambda: kept.get(key, ask, lambda made: 5 + len(made.rows.shown) // 10))


def explain_files(door: Door) -> APIRouter:
    """The routes /explain.csv, .xlsx and .sql: the number that a view opens, as a file.

    Parameters
    ----------
    door : Door
    """
    router = APIRouter()

    @router.get("/explain.{kind}")
    def file(request: Request, kind: str, of: str = "/") -> Response:
        """The rows of an opened number, or its statement."""
        view, _ = View.from_url(of)
        if kind not in FILES or view.explain is None:
            known = ", ".join(f"explain.{each}" for each in FILES)
            return JSONResponse({"problem": f"explain.{kind[:20]}: there is no such file; use one of {known} with of=/?explain=theme.indicator."}, 404)
        write, media = FILES[kind]
        try:
            found = door.ask(lambda reader: _whole(reader, view), Scope(scope_of(request).role, scope_of(request).area, view.day))
        except OneMapError as problem:
            return problem_of(problem)
        name = f"{found.name}-{found.unit.code}-{found.definition}.{kind}"
        headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
        return Response(write(found, view.lang), media_type=media, headers=headers)

    return router


def _whole(reader: Reader, view: View) -> Explanation:
    assert view.explain is not None, view
    code = view.unit or units.home(reader).code
    return explain(reader, view.explain[0], code, view.definition, view.explain[1], 0, MOST_ROWS)
