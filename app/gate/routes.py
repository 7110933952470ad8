"""The routes of /data: every one asks the guard first; those that write also ask who sent the browser."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from anyio import sleep, to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse

from app.errors import GateError
from app.gate import document, orders, recipe
from app.gate.ground import MOST_DOTS, dots, ground
from app.gate.guard import COOKIE, Guard, refuse_foreign
from app.gate.markup import text_of
from app.gate.parts import changed_by, known_load, part
from app.gate.uploads import Uploads
from app.routes import FOREVER, problem_of
from geodata import jobs
from geodata.door import Door
from geodata.operators import VALID_S, Operators
from geodata.settings import Settings
from geodata.writing import write
from layers import OneMapError

NEVER = {"Cache-Control": "no-store"}

MOST_SAID = 2 * 2**20
"""Bytes of an order; the longest is a recipe."""

GUESS_S = 1.0
"""Seconds that a wrong password waits for its answer, so that guessing takes years."""

FOLDER = Path(__file__).parent
_STATIC = {
    "base.css": FOLDER.parent / "assets" / "1-base.css", "OneMap.css": FOLDER.parent / "onemap_map" / "OneMap.css",
    **{name: FOLDER.parent / "onemap_map" / name for name in document.STAGE},
    **{name: FOLDER / "static" / name for name in (*document.OURS, "gate.css")},
}
_KINDS = {".css": "text/css", ".js": "text/javascript"}


def gate(door: Door, settings: Settings) -> APIRouter:
    """Every route of /data.

    Parameters
    ----------
    door : Door
        Reads are asked of the primary, where a job that was ordered a moment ago stands.
    settings : Settings
        home and upload_limit count.

    Returns
    -------
    APIRouter
    """
    router, guard = APIRouter(prefix="/data"), Guard(Operators(settings.home))
    uploads = Uploads(settings.home, settings.upload_limit * 2**20)
    _pages(router, guard)
    _parts(router, door, guard, uploads)
    _writes(router, door, guard, uploads)
    _orders(router, door, guard, uploads)
    _reports(router, door, guard)
    _ledger(router, door, guard)
    return router


def lang_of(request: Request) -> str:
    """In which language a page speaks."""
    return "en" if request.query_params.get("lang") == "en" else "zh"


def _answered(made: Callable[[], Any]) -> Response:
    """What a route made, or one sentence of what is wrong in both languages."""
    try:
        found = made()
        return found if isinstance(found, Response) else JSONResponse(found, headers=NEVER)
    except GateError as problem:
        return JSONResponse({"problem": {"zh": problem.says.zh, "en": problem.says.en}}, problem.status, headers=NEVER)
    except OneMapError as problem:
        return problem_of(problem)


def _pages(router: APIRouter, guard: Guard) -> None:
    @router.get("")
    def page(request: Request) -> Response:
        """The document; a form to log in where nobody is, one sentence where nobody can be."""
        def made() -> Response:
            """The page, the form to log in, or the sentence why there is neither."""
            try:
                operator, status = guard.who(request), 200
            except GateError as problem:
                if problem.status != 401:
                    return HTMLResponse(f"<!DOCTYPE html><meta charset=utf-8><p>{text_of(problem.says[lang_of(request)])}</p>", problem.status, headers=NEVER)
                operator, status = None, 401
            return HTMLResponse(document.document(dict(request.query_params), lang_of(request), operator, _stamp()), status, headers=NEVER)
        return _answered(made)

    @router.get("/static/{stamp}/{name}")
    def static(stamp: str, name: str) -> Response:
        """Scripts and styles; they hold no data."""
        if name not in _STATIC:
            return JSONResponse({"problem": f"static/{name[:40]}: there is no such file; reload the page."}, 404, headers=NEVER)
        return Response(_static(name), media_type=_KINDS[Path(name).suffix], headers={"Cache-Control": FOREVER if stamp == _stamp() else "no-cache"})


def _parts(router: APIRouter, door: Door, guard: Guard, uploads: Uploads) -> None:
    @router.get("/part")
    def column(request: Request) -> Response:
        """What the address of the page shows, as HTML by section."""
        def made() -> Any:
            """The sections as text, for an operator only."""
            guard.who(request)
            with door.reader() as reader:
                said = part(reader, uploads, request.query_params, lang_of(request))
            return said | {"sections": {name: text_of(value) for name, value in said["sections"].items()}}
        return _answered(made)

    @router.get("/ground.json")
    def map_ground(request: Request) -> Response:
        """The map beside the steps."""
        def made() -> Any:
            """The outlines of the units, for an operator only."""
            guard.who(request)
            return door.ask(lambda reader: ground(reader, lang_of(request)))
        return _answered(made)


def _writes(router: APIRouter, door: Door, guard: Guard, uploads: Uploads) -> None:
    @router.post("/session")
    async def session(request: Request) -> Response:
        """Log in (name, password), or out (neither)."""
        said = await _said(request)
        answer = await to_thread.run_sync(_answered, lambda: _session(guard, request, said))
        if answer.status_code == 401:
            await sleep(GUESS_S)
        return answer

    @router.post("/uploads")
    async def begin(request: Request) -> Response:
        """Room for files: {"files": [[name, bytes], ...]}."""
        said = await _said(request)

        def made() -> Any:
            """Places for the files that are announced."""
            files = said.get("files") or []
            return {"files": uploads.begin([str(each[0]) for each in files], [int(each[1]) for each in files], guard.orders(request))}
        return await to_thread.run_sync(_answered, made)

    @router.post("/uploads/{number}/recipe")
    async def mapped(request: Request, number: str) -> Response:
        """The recipe that the form says, beside the file; and a check with it."""
        said = await _said(request)
        return await to_thread.run_sync(_answered, lambda: _mapped(door, guard, uploads, request, number, said))

    @router.post("/uploads/{number}/files/{name}")
    async def receive(request: Request, number: str, name: str) -> Response:
        """One file, as it is."""
        try:
            guard.orders(request)
            modified = request.query_params.get("modified", "")
            size = await uploads.receive(number, name, request.stream(), int(modified) / 1000 if modified.isdecimal() and len(modified) < 15 else None)
        except OneMapError as problem:
            refusal = problem
            return _answered(lambda: _raise(refusal))
        return JSONResponse({"bytes": size}, headers=NEVER)


def _orders(router: APIRouter, door: Door, guard: Guard, uploads: Uploads) -> None:
    @router.post("/jobs")
    async def make(request: Request) -> Response:
        """An order (`app.gate.orders`); its number."""
        said = await _said(request)
        return await to_thread.run_sync(_answered, lambda: {"job": _ordered(door, uploads, said, guard.orders(request))})

    @router.post("/jobs/{number}/cancel")
    async def cancel(request: Request, number: int) -> Response:
        """Call a job back."""
        def made() -> Any:
            """The job, once it is told to stop."""
            guard.orders(request)
            write(door, lambda writer: jobs.cancel(writer, number))
            return {"job": number}
        return await to_thread.run_sync(_answered, made)


def _reports(router: APIRouter, door: Door, guard: Guard) -> None:
    def of(request: Request, number: int, made: Callable[[str], Any]) -> Response:
        """The answer made of a job's report; refused while there is none."""
        def found() -> Any:
            """What `made` makes of the report, for an operator only."""
            guard.who(request)
            with door.reader() as reader:
                jobs.one(reader, number)
                report = jobs.report(reader, number)
            if report is None:
                raise GateError(404, f"任务 {number}：还没有报告；请等它完成。", f"job {number}: there is no report yet; wait until it is done.")
            return made(report)
        return _answered(found)

    @router.get("/jobs/{number}/report.json")
    def report(request: Request, number: int) -> Response:
        """What the command line prints with --json, byte by byte."""
        return of(request, number, lambda text: Response(text, media_type="application/json", headers=NEVER))

    @router.get("/jobs/{number}/dots.json")
    def where(request: Request, number: int) -> Response:
        """The rows of a report that have a place."""
        return of(request, number, lambda text: dots(json.loads(text)))

    @router.get("/jobs/{number}/{what}")
    def file(request: Request, number: int, what: str) -> Response:
        """What a job has written beside its report: `report.html`, or the `file` of rows set aside."""
        def made() -> Any:
            """The file itself, for an operator only."""
            guard.who(request)
            with door.reader() as reader:
                job = jobs.one(reader, number)
            path = orders.written(list(job.words), what) if not job.open else None
            if path is None or not path.is_file():
                raise GateError(404, f"任务 {number}：没有可下载的文件；请重做一次。", f"job {number}: there is no file to download; have it done again.")
            return FileResponse(path, filename=path.name if what == "file" else None, headers=NEVER)
        return _answered(made)


def _ledger(router: APIRouter, door: Door, guard: Guard) -> None:
    @router.get("/loads/{number}/dots.json")
    def changed(request: Request, number: int) -> Response:
        """The rows of a past load that came, moved or went."""
        def found() -> Any:
            """Their places, for an operator only."""
            guard.who(request)
            with door.reader() as reader:
                load = known_load(reader, number)
                if load is None:
                    raise GateError(404, f"没有第 {number} 批；台账里有全部批次。", f"load {number}: there is none; the ledger has them all.")
                return dots(changed_by(reader, load, MOST_DOTS))
        return _answered(found)


def _session(guard: Guard, request: Request, said: dict[str, Any]) -> Response:
    refuse_foreign(request)
    answer = JSONResponse({"ok": True}, headers=NEVER)
    if not said.get("name"):
        answer.delete_cookie(COOKIE, path="/data")
        return answer
    token = guard.operators.token(str(said["name"]), str(said.get("password") or "")[:200])
    if token is None:
        raise GateError(401, "登录：姓名或口令不对；请再试。", "login: name or password is wrong; try again.")
    answer.set_cookie(COOKIE, token, max_age=VALID_S, path="/data", httponly=True, samesite="strict", secure=request.url.scheme == "https")
    return answer


def _mapped(door: Door, guard: Guard, uploads: Uploads, request: Request, number: str, said: dict[str, Any]) -> Any:
    operator = guard.orders(request)
    text = recipe.text(recipe.of_form(said))
    with door.reader() as reader:
        newest = jobs.newest(reader)
    uploads.map(number, text, newest)
    return {"job": _ordered(door, uploads, {"verb": "check", "upload": number}, operator)}


def _ordered(door: Door, uploads: Uploads, said: dict[str, Any], operator: str) -> int:
    made = orders.order(uploads, said, operator)
    return write(door, lambda writer: jobs.order(writer, made.verb, made.words, operator=operator, **made.more))


def _raise(problem: OneMapError) -> None:
    raise problem


async def _said(request: Request) -> dict[str, Any]:
    """What was sent, as far as it can be an order."""
    body = bytearray()
    async for block in request.stream():
        body += block[: MOST_SAID + 1 - len(body)]
    try:
        said = json.loads(bytes(body))
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


@cache
def _static(name: str) -> bytes:
    return _STATIC[name].read_bytes()


@cache
def _stamp() -> str:
    return f"{zlib.crc32(b''.join(_static(name) for name in _STATIC)):08x}"
