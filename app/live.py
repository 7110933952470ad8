"""The push to open pages: server-sent events of new data, of rows that turned, and of words to walls.

One line to the store for each process hears its notices; what they mean is asked once and told to every page of it. A
page that was away is told all of it again when it comes back, so nothing is missed and nothing is kept for it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from app.routes import problem_of, scope_of
from geodata import notices, statuses, tiles
from geodata.door import Door, Reader, Scope
from geodata.errors import StoreBusy
from geodata.turns import HEALTH
from layers import OneMapError

LOG = logging.getLogger("onemap")

MOST_PAGES = 500
"""Pages that one process speaks to."""

BEAT_S = 15
"""Seconds after which a silent line says that it lives: nginx closes it after thirty."""

BEHIND = 200
"""Words that may wait for a page: one that takes none for so long is let go, and comes back by itself."""

HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@dataclass(eq=False, slots=True)
class Page:
    """One open page.

    Parameters
    ----------
    scope : Scope
        Whose eyes it has.
    words : asyncio.Queue
        What it has yet to be told; None ends it.
    """

    scope: Scope
    words: asyncio.Queue[str | None] = field(default_factory=lambda: asyncio.Queue(BEHIND))


class Live:
    """The pages that are open on one process.

    Parameters
    ----------
    door : Door
    """

    def __init__(self, door: Door) -> None:
        self._door, self._pages = door, set[Page]()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told: dict[tuple[Scope, str], dict[int, str]] = {}
        self._listener = notices.Listener(door.sources.primary.engine, self._hear)

    def start(self) -> None:
        """Listen; called in the loop that serves."""
        self._loop = asyncio.get_running_loop()
        self._listener.start()

    def stop(self) -> None:
        """Listen no more, and let every page go."""
        self._listener.stop()
        for page in self._pages:
            _say(page, None)

    @property
    def up(self) -> bool:
        """Whether the line to the store stands."""
        return self._listener.up

    def __len__(self) -> int:
        return len(self._pages)

    def _hear(self, kind: str, said: str) -> None:
        if self._loop and not self._loop.is_closed():
            asyncio.run_coroutine_threadsafe(self._pass_on(kind, said), self._loop)

    async def _pass_on(self, kind: str, said: str) -> None:
        try:
            if kind == notices.WALL:
                self._tell_all(event("word", said))
            elif kind == notices.STATUS:
                await self._turn(said)
            elif self._pages:
                self._tell_all(event("versions", await self._asked(tiles.versions, Scope())))
                for theme in statuses.live_themes() if kind == notices.AGAIN else ():
                    await self._turn(theme)
        except OneMapError as problem:
            LOG.warning("live: %s", problem)  # the pages ask by themselves from time to time

    async def _turn(self, theme: str) -> None:
        for scope in {page.scope for page in self._pages}:
            now = await self._asked(_turned(theme), scope)
            before = self._told.get((scope, theme), {})
            self._told[scope, theme] = now
            fresh = [[key, state] for key, state in now.items() if before.get(key) != state]
            if fresh:
                said = event("status", {"theme": theme, "rows": fresh})
                for page in [each for each in self._pages if each.scope == scope]:
                    _say(page, said)

    async def _asked(self, question: Callable[[Reader], Any], scope: Scope) -> Any:
        return await to_thread.run_sync(lambda: self._door.ask(question, scope, HEALTH))

    def _tell_all(self, said: str) -> None:
        for page in tuple(self._pages):
            _say(page, said)

    async def opened(self, scope: Scope) -> AsyncIterator[str]:
        """What a page is told, from all that holds now on.

        Raises
        ------
        StoreBusy
            Too many pages are open here.
        """
        if len(self._pages) >= MOST_PAGES:
            raise StoreBusy
        page = Page(scope)
        self._pages.add(page)  # before it is asked how things are, so that nothing falls between
        return self._speak(page)

    async def _speak(self, page: Page) -> AsyncIterator[str]:
        try:
            yield "retry: 2000\n\n"
            for said in await self._all(page.scope):
                yield said
            while (word := await _next(page)) is not None:
                yield word
        finally:
            self._pages.discard(page)

    async def _all(self, scope: Scope) -> list[str]:
        try:
            found = [event("versions", await self._asked(tiles.versions, Scope()))]
            for theme in statuses.live_themes():
                now = await self._asked(_turned(theme), scope)
                found.append(event("status", {"theme": theme, "rows": [[*each] for each in now.items()]}))
            return found
        except OneMapError:
            return []  # the store is away: said by the page itself, and all of it is told when it is back


def _turned(theme: str) -> Callable[[Reader], dict[int, str]]:
    """Rows of a theme that turned, told one by one to everybody but guests."""
    return lambda reader: {} if reader.scope.discreet else dict(statuses.moved(reader, statuses.live_themes()[theme]))


def _say(page: Page, said: str | None) -> None:
    try:
        page.words.put_nowait(said)
    except asyncio.QueueFull:
        while not page.words.empty():
            page.words.get_nowait()
        page.words.put_nowait(None)


async def _next(page: Page) -> str | None:
    try:
        return await asyncio.wait_for(page.words.get(), BEAT_S)
    except TimeoutError:
        return ": still here\n\n"


def event(name: str, said: Any) -> str:
    """A server-sent event; what is said is one line of JSON, or text that is such."""
    text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return f"event: {name}\ndata: {text}\n\n"


def push(live: Live) -> APIRouter:
    """The route /live.

    Parameters
    ----------
    live : Live

    Returns
    -------
    APIRouter
    """
    router = APIRouter()

    @router.get("/live")
    async def stream(request: Request) -> Response:
        """Events "versions" (of the data), "status" (rows that turned since tiles were made) and "word" (to walls)."""
        try:
            words = await live.opened(scope_of(request))
        except OneMapError as problem:
            return problem_of(problem)
        return StreamingResponse(words, media_type="text/event-stream", headers=HEADERS)

    return router
