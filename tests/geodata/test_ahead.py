"""Loops are compiled once for each state of their files, and a second start does not even import the compiler."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from geodata.ahead import FILES, cache_folder
from geodata.settings import REPOSITORY


def _started(home: Path) -> str:
    """What a start imports, in a home."""
    code = "import sys; from geodata import ahead; ahead.main(); print('numba' in sys.modules)"
    environ = {**os.environ, "ONEMAP_HOME": str(home), "PYTHONPATH": str(REPOSITORY)}
    environ.pop("NUMBA_CACHE_DIR", None)
    return subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True, timeout=300).stdout.strip()


def test_what_was_compiled_is_kept_and_not_compiled_again(tmp_path: Path) -> None:
    assert _started(tmp_path) == "True"
    made = {each.name.split(".")[1].split("-")[0] for each in cache_folder(tmp_path).rglob("*.nbc")}
    assert {"_points", "_ground", "_lines", "square_metres", "metres", "_put"} <= made
    assert _started(tmp_path) == "False"


def test_every_file_of_loops_decides_where_they_are_kept() -> None:
    folder = REPOSITORY / "geodata"
    loops = {each.name for each in folder.glob("*.py") if "@loop" in each.read_text("utf-8")}
    assert loops <= set(FILES)
