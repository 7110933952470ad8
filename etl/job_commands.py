"""Commands that go on until they are ended: work, the runner of what the page orders."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from etl import work

Command = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def add(command: Command) -> None:
    """Add the commands to a parser."""
    made = command("work", _work, "run what the page and watched folders order; ./onemap serve brings one with it")
    made.add_argument("--beside", type=int, metavar="PID", help="end when this process is gone")
    made.add_argument("--once", action="store_true", help="end when nothing waits")


def _work(asked: argparse.Namespace) -> int:
    work.run(asked.beside, once=asked.once)
    return 0
