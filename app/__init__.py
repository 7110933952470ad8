"""The pages: from a table to a pixel."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from fastapi import APIRouter, FastAPI

from geodata.door import Door
from geodata.settings import Settings

if TYPE_CHECKING:
    from app.kept import Kept

# Dash asks the internet for newer versions of itself; nothing here may leave the machine.
os.environ.setdefault("DASH_DISABLE_VERSION_CHECK", "true")


def _lived(live: Any) -> Any:
    """What runs beside the answers, for as long as the server does."""

    @asynccontextmanager
    async def lifespan(server: FastAPI) -> AsyncIterator[None]:
        """The listener to the store's notices lives as long as the server."""
        live.start()
        yield
        live.stop()

    return lifespan


def _routers(door: Door, settings: Settings, live: Any, kept: Kept | None) -> Iterator[APIRouter]:
    """Everything that is answered beside the pages themselves."""
    from app.asking import asking
    from app.brief.routes import briefs
    from app.explaining import explain_files
    from app.exporting import exporting
    from app.feeding import feeding
    from app.gate.routes import gate
    from app.guests import ending
    from app.live import push
    from app.ogc import ogc
    from app.remote import remote
    from app.reviewing import reviewing
    from app.routes import routes
    from app.scenes.routes import scening
    from app.self_check import self_check
    from app.tilejson import tilejson

    yield from (made(door) for made in (routes, explain_files, ogc, tilejson, exporting, briefs, remote))
    yield from (asking(door, kept), reviewing(door, settings), scening(door, settings), ending(settings), gate(door, settings), feeding(door, settings.feed_keys), push(live), self_check(door, live))


def create_app(door: Door, settings: Settings, kept: Kept | None = None) -> FastAPI:
    """The server of the pages: plain routes, the two pages, and what keeps both on this host.

    Parameters
    ----------
    door : Door
        Every read goes through it.
    settings : Settings
        Of this installation.
    kept : Kept, optional
        Where answers are kept, where somebody else looks into it too.

    Returns
    -------
    FastAPI
    """
    from app.callbacks import wire
    from app.guests import Guests
    from app.live import Live
    from app.pages.document import INDEX, Document, scripts_said
    from app.pages.shell import shell
    from app.tile_server import TileServer
    from app.view import PAGES
    from app.wire import Wire, policy

    live = Live(door)
    server = FastAPI(title="onemap", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lived(live))
    for router in _routers(door, settings, live, kept):
        server.include_router(router)
    dash = Document(
        "app", server=cast(Any, server), title="数字乡村一张图", update_title="", index_string=INDEX, serve_locally=True,
        assets_folder=str(Path(__file__).parent / "assets"),
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
    )
    dash.backend.websocket_capability = False  # the page asks when it needs something; nothing is pushed
    dash.layout = shell()
    wire(dash, door)
    server.add_middleware(Wire, headers=policy([*scripts_said(), *dash.csp_hashes()]), pages=[path for path in PAGES.values() if path != "/"])
    server.add_middleware(Guests, pages=tuple(PAGES.values()))
    server.add_middleware(TileServer, door=door)  # the last one is asked first
    return server
