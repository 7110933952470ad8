"""A loader that dies where it is told to: a warm process forks one loader after the other, each with its end in it.

``python -m tests.faults.dying`` reads lines "FILE STATEMENT DELAY" and answers each with the exit status of the loader: it
is killed (-9) DELAY seconds after its STATEMENT-th question to the store begins; 0 lets it live.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import date
from pathlib import Path

from sqlalchemy import event

from etl import pipeline
from geodata import store
from geodata.settings import settings

DAY = date(2026, 1, 31)


def loaded(file: Path, statement: int, delay: float) -> int:
    """Load a file of cameras; the number of questions it took."""
    engine, asked = store.connect(store.url()), [0]

    def count(*_words: object) -> None:
        asked[0] += 1
        if asked[0] == statement:
            die(delay)

    event.listen(engine, "before_cursor_execute", count)
    pipeline.load(engine, pipeline.prepare(file, "cameras", as_of=DAY))
    return asked[0]


def die(delay: float) -> None:
    """End this process without a word, now or soon, in the midst of whatever it does."""
    if not delay:
        os.kill(os.getpid(), 9)
    victim = os.getpid()
    if os.fork() == 0:
        time.sleep(delay)
        os.kill(victim, 9)
        os._exit(0)


def main() -> None:
    """Answer until the end of the input; the first answer is how many questions a whole load takes."""
    settings()
    for line in sys.stdin:
        file, statement, delay = line.split()
        answer, ask = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(ask, str(loaded(Path(file), int(statement), float(delay))).encode())
            os._exit(0)
        os.close(ask)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), os.read(answer, 20).decode() or 0, flush=True)
        os.close(answer)


if __name__ == "__main__":
    main()
