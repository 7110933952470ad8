"""A page with nothing but the map component, for tests of the component alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dash
import uvicorn
from fastapi import FastAPI

from app.onemap_map import OneMap
from app.routes import routes
from app.tile_server import TileServer
from geodata.door import Door

_KEEP = """function(click, viewport, problem, ready) {
    (window.heard ||= []).push({click, viewport, problem, ready});
    return '';
}"""


def page(door: Door, **props: Any) -> FastAPI:
    """A server of the map with these properties; what it says is kept in `window.heard`."""
    server = FastAPI()
    server.include_router(routes(door))
    server.add_middleware(TileServer, door=door)
    app = dash.Dash("bare", server=server)
    app.layout = dash.html.Div(
        [OneMap(id="map", **props), dash.html.Div(id="sink", hidden=True)],
        style={"position": "fixed", "inset": 0},
    )
    said = [dash.Input("map", name) for name in ("click", "viewport", "problem", "ready")]
    app.clientside_callback(_KEEP, dash.Output("sink", "children"), *said)
    return server


@contextmanager
def served(server: FastAPI) -> Iterator[str]:
    """The address of a running server; it stops at the end."""
    config = uvicorn.Config(server, host="127.0.0.1", port=0, log_level="warning", timeout_graceful_shutdown=1)  # streams to pages have no end of their own
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        thread.join(0.05)
    try:
        yield f"http://127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}/"
    finally:
        running.should_exit = True
        thread.join(5)
