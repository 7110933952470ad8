"""The months of the sample: fixed dates, never today's."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

_LAST = dt.date(2026, 10, 31)
"""Day that the newest version of the sample stands for."""


@dataclass(frozen=True)
class Month:
    """One monthly version.

    Parameters
    ----------
    place : int
        Position, counted back from the newest month, which is 0; the one before is -1.
    day : datetime.date
        Last day of the month.
    """

    place: int
    day: dt.date

    @property
    def stamp(self) -> str:
        """The month as file names carry it, for example ``2026-10``."""
        return self.day.strftime("%Y-%m")


def months_of(count: int) -> list[Month]:
    """Return the last ``count`` months up to October 2026, oldest first.

    Parameters
    ----------
    count : int
        Number of monthly versions, at least 1.

    Returns
    -------
    list of Month
    """
    return [Month(place, _day(place)) for place in range(1 - count, 1)]


def _day(place: int) -> dt.date:
    months = _LAST.year * 12 + _LAST.month + place
    return dt.date(months // 12, months % 12 + 1, 1) - dt.timedelta(days=1)


def dates(days: np.ndarray) -> np.ndarray:
    """Write days since 1970-01-01 as ISO text; object (str), shape (n,)."""
    return np.asarray(days.astype("datetime64[D]").astype(str), dtype=object)
