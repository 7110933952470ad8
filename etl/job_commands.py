"""Commands that go on until they are ended: work, the runner of what was ordered; watch, a folder whose files are loaded."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from datetime import time
from pathlib import Path
from threading import Event, Thread

from etl import watch, work
from etl.history_commands import engine
from geodata import jobs
from geodata.settings import settings

Command = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def add(command: Command) -> None:
    """Add the commands to a parser."""
    made = command("work", _work, "run what the page and watched folders order; ./onemap serve brings one with it")
    made.add_argument("--beside", type=int, metavar="PID", help="end when this process is gone")
    made.add_argument("--once", action="store_true", help="end when nothing waits")
    made = command("watch", _watch, f"load what is laid into a folder, when it is clean\n{watch.__doc__}")
    made.add_argument("folder", type=Path, metavar="FOLDER")
    when = made.add_mutually_exclusive_group()
    when.add_argument("--every", type=float, default=30.0, metavar="SECONDS", help="look so often (default: 30)")
    when.add_argument("--at", type=time.fromisoformat, metavar="HH:MM", help="look once a day, at this time")
    when.add_argument("--once", action="store_true", help="look once, see it through and end: for cron and systemd timers")


def _work(asked: argparse.Namespace) -> int:
    work.run(asked.beside, once=asked.once)
    return 0


def _watch(asked: argparse.Namespace) -> int:
    os.environ["PGAPPNAME"] = jobs.RUNNER
    made = engine()
    watched = watch.Watch(made, asked.folder, settings().home)
    if asked.once:
        return _look_once(watched)
    due = watch.daily(asked.at) if asked.at else watch.every(max(asked.every, 1.0))
    print(f"watch: {watched.folder} (Ctrl-C ends)", flush=True)

    def run(ended: Event) -> None:
        """Watch the folder, with a runner of jobs beside it, until the event is set."""
        runner = Thread(target=work.work, args=(made, ended), daemon=True)
        runner.start()
        watched.go(due, ended)
        runner.join()

    work.until_told(None, run)
    return 0


def _look_once(watched: watch.Watch) -> int:
    """Everything that lies there is seen through, with a runner of our own."""
    taken, never = watched.take(Event()), Event()
    while watched.settle():
        work.work(engine(), never, once=True)
        never.wait(work.LOOK_S)
    print(f"watch: {taken} taken from {watched.folder}")
    return 0
