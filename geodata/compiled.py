"""Loops that are compiled: numba's decorator, with its cache in the installation's home.

The cache keeps a loop as long as its own file stays the same, whatever became of loops in other files that it calls; so
the cache of each state of these files is a folder of its own. The repository stays free of compiled files.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from geodata.settings import settings

FILES = ("compiled.py", "earth.py", "nearby.py", "seen.py", "shadows.py", "sweep.py")
"""Where compiled loops, and the constants in them, stand."""

_Loop = TypeVar("_Loop", bound=Callable[..., Any])


def cache_folder(home: Path) -> Path:
    """Where the loops in their present state are kept.

    Parameters
    ----------
    home : Path
        Of the installation.
    """
    content = b"".join((Path(__file__).parent / name).read_bytes() for name in FILES)
    return home / "pycache" / "numba" / hashlib.sha256(content).hexdigest()[:12]


# numba reads it when it is imported.
os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_folder(settings().home)))

import numba  # noqa: E402


def loop(function: _Loop) -> _Loop:
    """Compile a function when it is first called; while it runs, other threads of Python run too."""
    made: Any = numba.njit(cache=True, nogil=True)(function)
    return cast(_Loop, made)
