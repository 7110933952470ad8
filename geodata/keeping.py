"""Whatever follows from the status feed is done beside the answers, in a process of its own.

Numbers of coverage want a core, and libraries that a process that answers does without; they are loaded when the start
of the server is over.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
import time
from collections.abc import Callable
from threading import Event

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from geodata import statuses
from geodata.store import connect, url

LOG = logging.getLogger("onemap")

FIRST_S = 15.0
"""Seconds that belong to the start of those that answer."""

LOOK_S = 1.0
"""Seconds between two looks: what turned meanwhile is counted together."""


class Keeper:
    """Does what the feed leaves due; many may do so at once, each piece is done by one of them.

    Parameters
    ----------
    engine : Engine
        Of the primary.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine, self._ended, self._well = engine, Event(), True

    def run(self, wanted: Callable[[], bool] = lambda: True) -> None:
        """Look every second for as long as it is wanted."""
        while wanted() and not self._ended.wait(LOOK_S):
            try:
                self.look()
                self._well = True
            except SQLAlchemyError as problem:
                if self._well:
                    LOG.warning("statuses: %s; they wait.", str(problem.__cause__ or problem).splitlines()[0])
                self._well = False

    def look(self) -> None:
        """Do whatever is due now."""
        from geodata.status_numbers import count, draw

        for theme in statuses.live_themes().values():
            if statuses.waits(self._engine, theme):
                statuses.apply(self._engine, theme)
                count(self._engine, theme)
                draw(self._engine, theme)


def keep(parent: int) -> None:
    """See the feed through until the process of this number is no longer our parent; for a process of its own."""
    os.nice(5)  # those that answer come first
    time.sleep(FIRST_S)
    importlib.import_module("geodata.status_numbers")
    Keeper(connect(url(), 2, wait_s=2)).run(lambda: os.getppid() == parent)


if __name__ == "__main__":
    keep(int(sys.argv[1]))
