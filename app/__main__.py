"""Serve the pages, write an export, or print a brief: ``python -m app serve|export|brief``."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from threading import Thread

from fastapi import FastAPI

import layers
from app import same_number
from app.brief import command
from app.errors import ServeError
from app.kept import Kept
from app.settle import settle
from geodata.documents import in_force
from geodata.door import Door, Scope, open_door, serving_door
from geodata.settings import settings
from geodata.upkeep import bring_up_to_date
from layers import OneMapError

MOST_WORKERS = 64

STILL_THERE_S = 30
"""Seconds in which a worker must say that it lives: one that has to wait for a busy machine is not dead."""

LAST_WORDS_S = 3
"""Seconds that answers under way get when the server is stopped."""

LINE_KEPT_S = 30
"""Seconds that a silent line to a browser, or to a cache before us, stays open: longer than a reader looks at a view."""


def parser() -> argparse.ArgumentParser:
    """The command line of the pages."""
    top = argparse.ArgumentParser(prog="python -m app", description="The pages of the one map.")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="serve|export|brief|same-number")
    serve = verbs.add_parser("serve", help="serve the desk at / and the wall at /wall")
    serve.add_argument("--host", help="address to listen on (default: ONEMAP_HOST or 127.0.0.1)")
    serve.add_argument("--port", type=int, help="port to listen on (default: ONEMAP_PORT or 8050)")
    serve.add_argument("--workers", type=_workers, metavar="N", help="processes that answer (default: one a core, at most 4)")
    out = verbs.add_parser("export", help="write a theme, or the units of a level with their indicators, as a GeoPackage")
    out.add_argument("name", help="a theme (./onemap themes), or a level: county, town, village, grid")
    out.add_argument("--out", type=Path, required=True, metavar="FILE.gpkg", help="the file to write")
    out.add_argument("--unit", metavar="CODE", help="only what lies in this unit")
    out.add_argument("--as-of", dest="day", type=date.fromisoformat, metavar="YYYY-MM-DD", help="as it was on a day")
    command.arguments(verbs)
    same_number.arguments(verbs.add_parser("same-number", help="whether every place says the same number"))
    return top


def _workers(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_WORKERS:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no number of processes; give a whole number from 1 to {MOST_WORKERS}")


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    words : sequence of str, optional
        By default those of the process.

    Returns
    -------
    int
        Exit code: 0 done, 2 nothing to export, 40 store, 50 the port is in use.
    """
    asked = parser().parse_args(words)
    try:
        if asked.verb == "export":
            return _export(asked)
        if asked.verb == "same-number":
            return same_number.main(asked)
        if asked.verb == "brief":
            return command.run(asked)
        serve(asked.host or settings().host, asked.port or settings().port, asked.workers or settings().workers)
    except OneMapError as problem:
        print(f"onemap: {problem}", file=sys.stderr)
        return problem.exit_code
    return 0


def _export(asked: argparse.Namespace) -> int:
    from app.geopackage import export

    count = export(open_door(), Scope(day=asked.day), asked.name, asked.out, asked.unit)
    print(f"{asked.out}: {count:,} features of {asked.name}")
    return 0


def serve(host: str, port: int, workers: int = 1) -> None:
    """Serve the pages until stopped.

    Parameters
    ----------
    host : str
    port : int
    workers : int
        Processes behind the one port. They share nothing: each has its own tiles, connections and limits, and any of
        them can answer any question. One that dies is replaced within a second; the others answer meanwhile.

    Raises
    ------
    ServeError
        The port is in use, or the host has no such address.
    DeclarationError
        A theme contradicts itself.
    StoreError
        Nothing answers where the store should be.
    """
    check_port(host, port)
    layers.themes()
    in_force()
    if problem := bring_up_to_date():
        print(problem, file=sys.stderr)
    keeper = subprocess.Popen([sys.executable, "-m", "geodata.keeping", str(os.getpid())])
    print(greeting(host, port), flush=True)
    try:
        _run(host, port, workers)
    finally:
        keeper.terminate()
        keeper.wait(LAST_WORDS_S)


def _run(host: str, port: int, workers: int) -> None:
    import uvicorn

    uvicorn.run(
        "app.__main__:application", factory=True, host=host, port=port, workers=workers, log_level="warning", access_log=False,
        server_header=False, timeout_worker_healthcheck=STILL_THERE_S, timeout_graceful_shutdown=LAST_WORDS_S,
        timeout_keep_alive=LINE_KEPT_S,
    )


def application() -> FastAPI:
    """The server of one process, on the store that the settings name; made also while the store is down."""
    from app import create_app

    _end_with(multiprocessing.parent_process())
    layers.themes()
    door, kept = serving_door(), Kept()
    made = create_app(door, settings(), kept)
    settle()
    _look_first(door, kept)
    return made


def _look_first(door: Door, kept: Kept) -> None:
    """Make the home page before anybody asks, and unpack heat maps: the first reader of each worker finds what all views stand on worked out."""
    from app.answer import answer
    from geodata import shading

    def look() -> None:
        """Where the store is away, whoever asks is told."""
        with suppress(OneMapError):
            answer(door, {"url": "/"}, {}, kept)
            door.ask(shading.unpack)

    Thread(target=look, name="onemap first look", daemon=True).start()


def _end_with(supervisor: multiprocessing.process.BaseProcess | None) -> None:
    """A worker whose supervisor was killed would keep the port, and nobody would know of it."""
    if supervisor is None:
        return

    def wait() -> None:
        """End this worker when its supervisor is gone."""
        supervisor.join()
        os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=wait, name="onemap supervisor", daemon=True).start()


def check_port(host: str, port: int) -> None:
    """Refuse a port that another program listens on.

    Raises
    ------
    ServeError
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise _refusal(host, port, problem) from None


def _refusal(host: str, port: int, problem: OSError) -> ServeError:
    import errno

    if problem.errno == errno.EADDRINUSE:
        return ServeError(f"{host}:{port}", "the port is in use", "stop the other program or give --port")
    if problem.errno == errno.EACCES:
        return ServeError(f"{host}:{port}", "only root may listen on this port", "give --port 1024 or higher")
    return ServeError(f"{host}:{port}", "this machine has no such address", "give --host 127.0.0.1 or 0.0.0.0")


def greeting(host: str, port: int) -> str:
    """What to open and what to try."""
    name = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    where = f"http://{name}:{port}"
    return "\n".join((
        f"onemap: the desk {where}/   the wall {where}/wall   (Ctrl-C stops)",
        "try: click a county, then a town; Esc or the blank goes back; / searches; ?lang=en is English.",
    ))


if __name__ == "__main__":
    sys.exit(main())
