"""Loops that are compiled: numba's decorator, with its cache in the installation's home (`geodata.ahead`)."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar, cast

from geodata.ahead import cache_folder
from geodata.settings import settings

_Loop = TypeVar("_Loop", bound=Callable[..., Any])

# numba reads it when it is imported.
os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_folder(settings().home)))

import numba  # noqa: E402


def loop(function: _Loop) -> _Loop:
    """Compile a function when it is first called; while it runs, other threads of Python run too."""
    made: Any = numba.njit(cache=True, nogil=True)(function)
    return cast(_Loop, made)
