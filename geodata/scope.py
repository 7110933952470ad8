"""Whose eyes a question has: role, area and day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

GUEST = "guest"
"""The role of a screen before visitors: counts, shares and colours, nothing that tells where a single row stands."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Who reads, where, and of which day.

    Parameters
    ----------
    role : str
        "leader", "planner", "staff", `GUEST`; what may be seen in which detail.
    area : str, optional
        Code of the unit whose ground the reader may see; None for all of it.
    day : date, optional
        The day asked for; None for the newest.
    """

    role: str = "planner"
    area: str | None = None
    day: date | None = None

    @property
    def discreet(self) -> bool:
        """Whether single rows and their places are kept from the reader."""
        return self.role == GUEST
