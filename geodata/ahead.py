"""Compiling ahead: the loops of what is seen, made on another core while the first files are still being written and read.

numba's cache keeps a loop as long as its own file stays the same, whatever became of loops in other files that it calls;
so the cache of each state of these files is a folder of its own, in the home: the repository stays free of compiled files.
``python -m geodata.ahead`` does nothing where it was done before, not even import numba: a second start is not held up.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from geodata.settings import settings

FILES = ("binary_rows.py", "compiled.py", "earth.py", "nearby.py", "seen.py", "shadows.py", "stretches.py", "sweep.py")
"""Where compiled loops, and the constants in them, stand."""


def cache_folder(home: Path) -> Path:
    """Where the loops in their present state are kept.

    Parameters
    ----------
    home : Path
        Of the installation.
    """
    content = b"".join((Path(__file__).parent / name).read_bytes() for name in FILES)
    return home / "pycache" / "numba" / hashlib.sha256(content).hexdigest()[:12]


def compile_loops() -> None:
    """Ask every loop that a load of cameras needs once, about one camera, in the types in which it will be asked."""
    import numpy as np
    import pyarrow as pa
    import shapely

    from geodata import binary_rows, seen, stretches

    eyes = seen.Eyes(seen.sectors_of(*np.array([[119.0], [29.0], [0.0], [90.0], [50.0], [0.0]])))
    ground = np.array([shapely.box(118.999, 28.999, 119.001, 29.001)])
    line = np.array([shapely.linestrings([(118.999, 29.0001), (119.001, 29.0001)])])
    every = np.ones(1, dtype=bool)
    eyes.points(np.array([119.0]), np.array([29.0001]), every)
    eyes.ground(ground, every, stretches.borders(ground))
    eyes.lines(stretches.segments(line), every)
    list(binary_rows.encoded({"text": pa.array(["1"]), "number": pa.array([1])}, 1))


def main() -> int:
    """Compile, unless these loops were compiled in this home before."""
    mark = cache_folder(settings().home) / "done"
    if not mark.exists():
        compile_loops()
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    return 0


if __name__ == "__main__":
    sys.exit(main())
