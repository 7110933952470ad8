"""The routes of exports, made while their client waits: a collection as a GeoPackage, the register of a theme as a sheet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from app.board_file import WRITERS
from app.geopackage import ExportError, export
from app.register_file import rows
from app.routes import problem_of, scope_of
from geodata import units
from geodata.door import Door, Scope
from geodata.errors import StoreBusy, UnknownCollection
from geodata.register import register
from layers import OneMapError, theme

MEDIA = "application/geopackage+sqlite3"

_AT_ONCE = BoundedSemaphore(2)
"""Exports that a process makes at a time: each holds a turn of the answers for as long as it reads."""


def exporting(door: Door) -> APIRouter:
    """The routes /export/NAME.gpkg and /register/NAME.xlsx, .csv.

    Parameters
    ----------
    door : Door

    Returns
    -------
    APIRouter
    """
    router = APIRouter()

    @router.get("/export/{name}.gpkg")
    def geopackage(request: Request, name: str, unit: str | None = None, day: str | None = None) -> Response:
        """A theme, or the units of a level with their indicators; ?unit=CODE&day=YYYY-MM-DD."""
        try:
            return _made(door, scope_of(request), name, unit, day)
        except OneMapError as problem:
            return problem_of(problem)

    @router.get("/register/{name}.{kind}")
    def ledger(request: Request, name: str, kind: str, unit: str | None = None, day: str | None = None, lang: str = "zh") -> Response:
        """The rows of a theme in a unit as XLSX or CSV; ?unit=CODE&day=YYYY-MM-DD&lang=en."""
        try:
            return _registered(door, scope_of(request), (name, kind), unit, day, "en" if lang == "en" else "zh")
        except OneMapError as problem:
            return problem_of(problem)

    return router


def _registered(door: Door, scope: Scope, file: tuple[str, str], unit: str | None, day: str | None, lang: str) -> Response:
    name, kind = file
    if kind not in WRITERS:
        raise UnknownCollection(f"{name}.{kind}"[:40], [f"{name}.{each}" for each in WRITERS])
    declared, (write, media) = theme(name), WRITERS[kind]
    seen = replace(scope, day=_day(day) or scope.day)
    found = door.ask(lambda reader: register(reader, declared, unit or units.home(reader).code), seen)
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{declared.name}.{kind}"'}
    return Response(write(rows(declared, found, lang)), media_type=media, headers=headers)


def _made(door: Door, scope: Scope, name: str, unit: str | None, day: str | None) -> Response:
    if not _AT_ONCE.acquire(blocking=False):
        raise StoreBusy
    folder = TemporaryDirectory(prefix="onemap-export-")
    try:
        file = Path(folder.name) / f"{name if name.isidentifier() else 'export'}.gpkg"
        export(door, Scope(scope.role, scope.area, _day(day) or scope.day), name, file, unit)
        told = {"Cache-Control": "no-store"}
        return FileResponse(file, media_type=MEDIA, filename=file.name, headers=told, background=BackgroundTask(folder.cleanup))
    except OneMapError:
        folder.cleanup()
        raise
    finally:
        _AT_ONCE.release()


def _day(said: str | None) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise ExportError(f"day={(said or '')[:20]}", "this is no day", "write 2026-01-31") from None
