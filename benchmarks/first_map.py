"""first-map: the first map with data, a change of indicator, 100,000 cameras; each against plain Plotly traces in the same run.

Both pages show every village of the sample as a choropleth in the same browser. Ours draws all cameras of the sample, the
peer the first 100,000 of them (more make its tab crash).
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks._browser import Watched, watched
from benchmarks._ground import environment, free_port, home_of, served, wait_until_served
from benchmarks._report import Report, median
from geodata.settings import REPOSITORY

SCALE = "city"
FIRST_LIMIT_MS = 3000.0
_HOME = "/"
_VILLAGES = "/?level=village&themes=none"
_INDICATOR = '#figures a[href*="indicator=cameras.hd"]'
_CAMERAS = '#themes a[href*="themes=cameras"]'


def measure(scale: str, rounds: int) -> Report:
    """`rounds` rounds, ours and the peer's in turn.

    Returns
    -------
    Report
        Medians in ms: home_ms (the first page as a reader opens it, warm), first/indicator/cameras of ours and of Plotly.
    """
    with served(scale) as base, _peer(scale) as plain, watched() as page:
        home = _homes(page, base, rounds)
        taken = [_round(page, base, plain) for _ in range(rounds + 1)][1:]
    names = ("first", "indicator", "cameras", "plotly_first", "plotly_indicator", "plotly_cameras")
    medians = {f"{name}_ms": median([row[at] for row in taken]) for at, name in enumerate(names)}
    times = {
        f"{what}_times_faster_than_plotly": medians[f"plotly_{what}_ms"] / medians[f"{what}_ms"] for what in names[:3]
    }
    return Report("first-map", scale, {"home_ms": home, **medians}, {"home_of_limit": home / FIRST_LIMIT_MS, **times})


def _homes(page: Watched, base: str, rounds: int) -> float:
    page.open(base + _HOME)
    return median([page.open(base + _HOME) for _ in range(rounds)])


def _round(page: Watched, base: str, plain: str) -> tuple[float, ...]:
    """Every action is a real press on what a reader presses."""
    ours = (page.open(base + _VILLAGES), page.press(_INDICATOR), page.press(_CAMERAS))
    return (*ours, page.open(plain), page.press("#indicator"), page.press("#cameras"))


@contextmanager
def _peer(scale: str) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "benchmarks._plain_plotly", "--port", str(port)]
    server = subprocess.Popen(command, cwd=REPOSITORY, env=environment(home_of(scale)), stdout=sys.stderr)
    try:
        wait_until_served(f"http://127.0.0.1:{port}", 120)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait(10)
