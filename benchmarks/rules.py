"""rules: every rule over every file of a sample, held against the store that the sample was loaded into.

Each file is examined in a process of its own, as `./onemap check FILE` would, so that its memory can be told.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks._ground import environment, load
from benchmarks._report import Report

SCALE = "city"
LIMIT_S, LIMIT_GB = 180.0, 4.0
# The two cores of the machine that the limit names.
PROCESSES = 2


def measure(scale: str, rounds: int) -> Report:
    """Examine the newest file of every stream, once.

    Parameters
    ----------
    scale : str
    rounds : int
        Not used: a round takes minutes, and figures of a single one hardly differ.

    Returns
    -------
    Report
        rows, seconds of all files together and of reading and rules apart, memory of both processes, the slowest rules.
    """
    home = load(scale)
    files = newest(home / "sample" / scale)
    began = time.perf_counter()
    with ProcessPoolExecutor(PROCESSES, get_context("spawn"), _stand, (str(home),)) as pool:
        told = list(pool.map(_examined, files))
    whole = time.perf_counter() - began
    by_rule: dict[str, float] = defaultdict(float)
    for each in told:
        for rule, seconds in each["seconds"].items():
            by_rule[rule] += seconds
    slowest = sorted(by_rule, key=lambda rule: -by_rule[rule])[:8]
    peaks: dict[int, float] = defaultdict(float)
    for each in told:
        peaks[each["process"]] = max(peaks[each["process"]], each["gb"])
    figures = {
        "files": len(files), "rows": sum(each["rows"] for each in told), "findings": sum(each["findings"] for each in told),
        "whole_s": whole, "rules_s": sum(by_rule.values()), "memory_gb": sum(peaks.values()),
    }  # fmt: skip
    figures |= {f"rule_{rule}_s": by_rule[rule] for rule in slowest}
    return Report("rules", scale, figures, {"whole_of_limit": whole / LIMIT_S, "memory_of_limit": sum(peaks.values()) / LIMIT_GB})


def newest(folder: Path) -> list[Path]:
    """The last file of every stream that the manifest lists, the largest first."""
    listed = json.loads((folder / "manifest.json").read_text("utf-8"))["files"]
    last = {each["recipe"]: folder / each["file"] for each in sorted(listed, key=lambda each: each["as_of"])}
    return sorted(last.values(), key=lambda file: -file.stat().st_size)


def _stand(home: str) -> None:
    os.environ.clear()
    os.environ.update(environment(Path(home)))


def _examined(file: Path) -> dict[str, Any]:
    """Run in a process of the pool, which imports the house after its settings are known."""
    from etl import pipeline
    from etl.examine import examined
    from geodata import store

    done = examined(store.engine(), pipeline.prepare(file))
    print(f"{file.name}: {done.rows:,} rows, {len(done.findings):,} findings", file=sys.stderr)
    gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return {"rows": done.rows, "findings": len(done.findings), "seconds": done.seconds, "gb": gb, "process": os.getpid()}
