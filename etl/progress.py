"""Where a long step is: told to whoever listens in this process, to nobody on a plain command line."""

from __future__ import annotations

from collections.abc import Callable

Listener = Callable[[str, float | None], None]

STEPS = ("read", "clean", "check", "publish", "measure", "tiles")
"""Steps in the order they run; a rehearsal has all but the last, a check the first three."""

_listeners: list[Listener] = []


def listen(to: Listener) -> None:
    """Let somebody know of every step from now on.

    Parameters
    ----------
    to : callable
        Takes the step, one of `STEPS`, and the share of it that is done (None where nobody knows).
    """
    _listeners.append(to)


def step(name: str, share: float | None = None) -> None:
    """Say that a step is under way."""
    for each in _listeners:
        each(name, share)
