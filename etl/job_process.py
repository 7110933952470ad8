"""One job in a process of its own: it runs what the command line runs, and tells the queue where it is."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

from etl.progress import Listener

SELDOM_S = 0.4
"""Seconds between two notes about one step: a page looks no oftener."""

ANOTHER_BEGAN = 75
"""Exit code of a process whose job another runner has begun since (EX_TEMPFAIL of sysexits.h)."""


def name_of(job: int) -> str:
    """Under which name a job's process is known to the store."""
    return f"onemap job {job}"


def run(job: int, attempt: int, words: Sequence[str], folder: str) -> None:
    """Run one command of `etl`, its output in files of a folder.

    Parameters
    ----------
    job, attempt : int
        The job, and which of its runs this is.
    words : sequence of str
        Verb and what stands behind it.
    folder : str
        Gets `out` and `err`.
    """
    _end_with_the_runner()
    os.environ["PGAPPNAME"] = name_of(job)
    for number, name in ((1, "out"), (2, "err")):
        opened = os.open(Path(folder, name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.exit(_told(job, attempt, words))


def _told(job: int, attempt: int, words: Sequence[str]) -> int:
    from etl import __main__ as command_line
    from etl import progress
    from geodata import jobs, store
    from geodata.door import Reader, Scope

    engine = store.connect(store.url(), most=1).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        line = Reader(connection, Scope())
        if not jobs.hold(line, job, attempt):
            return ANOTHER_BEGAN
        progress.listen(_seldom(lambda step, share: jobs.note_progress(line, job, step, share)))
        try:
            return command_line.main(words)
        except SystemExit as end:  # argparse leaves so
            return end.code if isinstance(end.code, int) else 2
        finally:
            sys.stdout.flush()


def _seldom(note: Listener) -> Listener:
    """The same listener, told of each new step and now and then of where it is."""
    last, at = "", 0.0

    def told(step: str, share: float | None) -> None:
        """Pass a step on when it is new, or when the last was passed on long enough ago."""
        nonlocal last, at
        if step != last or time.monotonic() - at > SELDOM_S:
            last, at = step, time.monotonic()
            note(step, share)

    return told


def _end_with_the_runner() -> None:
    """A job whose runner was killed would go on unseen, beside the one that begins it again."""
    runner = multiprocessing.parent_process()
    if runner is None:
        return

    def wait() -> None:
        """Wait for the runner's end, and end with it."""
        runner.join()
        os._exit(ANOTHER_BEGAN)

    Thread(target=wait, name="onemap runner", daemon=True).start()
