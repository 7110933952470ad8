"""start: from nothing to a served map, and the second start.

Packages are taken to be downloaded (pip's own cache); everything else is made anew in a folder of its own: virtual
environment, store, sample files, load, indicators, page.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks._ground import ONEMAP, free_port, wait_until_served
from benchmarks._report import Report

SCALE = "county"
FIRST_LIMIT_S, SECOND_LIMIT_S = 120.0, 10.0


def measure(scale: str, rounds: int) -> Report:
    """One first start and `rounds` second starts.

    Returns
    -------
    Report
        first_s, second_s (the median) and both by their limits.
    """
    home = Path(tempfile.mkdtemp(prefix="onemap-start-"))
    home.chmod(0o711)  # the user of the store walks through it
    try:
        first = _start(home, scale, 1200)
        seconds = sorted(_start(home, scale, 120) for _ in range(rounds))
    finally:
        subprocess.run([ONEMAP, "stop"], env=_environment(home), check=False, stdout=sys.stderr)
        shutil.rmtree(home, ignore_errors=True)
    second = seconds[len(seconds) // 2]
    return Report(
        "start",
        scale,
        {"first_s": first, "second_s": second, "second_worst_s": seconds[-1]},
        {"first_of_limit": first / FIRST_LIMIT_S, "second_of_limit": second / SECOND_LIMIT_S},
    )


def _environment(home: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in ("ONEMAP_DATABASE_URL", "ONEMAP_VENV")}
    return {**kept, "ONEMAP_HOME": str(home)}


def _start(home: Path, scale: str, seconds: float) -> float:
    port, began = free_port(), time.monotonic()
    demo = subprocess.Popen(
        [ONEMAP, "demo", "--scale", scale, "--port", str(port)], env=_environment(home), stdout=sys.stderr
    )
    try:
        wait_until_served(f"http://127.0.0.1:{port}", seconds)
        return time.monotonic() - began
    finally:
        subprocess.run([ONEMAP, "stop"], env=_environment(home), check=False, stdout=sys.stderr)
        demo.wait(30)
