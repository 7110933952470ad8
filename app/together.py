"""Many who ask the same at the same time: asked once, answered to all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

from anyio import to_thread

Found = TypeVar("Found")


class Together(Generic[Found]):
    """A question that is under way once at most.

    Parameters
    ----------
    question : callable
        Asked in a thread; what it raises is raised to all who wait for it.
    """

    def __init__(self, question: Callable[[], Found]) -> None:
        self._question = question
        self._coming: asyncio.Future[Found] | None = None

    async def __call__(self) -> Found:
        """What the question finds; whoever comes while it is asked gets the same."""
        coming = self._coming
        if coming is None:
            coming = self._coming = asyncio.ensure_future(to_thread.run_sync(self._question))
            coming.add_done_callback(self._over)
        return await asyncio.shield(coming)  # one who hangs up takes the answer from nobody

    def _over(self, done: asyncio.Future[Found]) -> None:
        self._coming = None
        if not done.cancelled():
            done.exception()  # looked at, also when everybody has hung up
