"""What the store knows that rows are held against; a ground without a store knows nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from geodata import history, ladder, placing, standing
from layers import Theme

UNIT = ("code", "name", "level", "parent", "path", "population", "households", "area_m2")
STANDING = ("key", "name", "x", "y", "area")


def _no_units() -> pd.DataFrame:
    return pd.DataFrame({each: [] for each in UNIT}, dtype=object)


def _nothing_stands() -> pd.DataFrame:
    return pd.DataFrame({each: [] for each in STANDING}, dtype=object)


def _nowhere(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    none = np.full(len(shapes), None, dtype=object)
    return none, none.copy()


@dataclass(frozen=True, slots=True)
class Ground:
    """What the store knows; each question is asked when a rule needs it.

    Parameters
    ----------
    bounds : array of float, shape (r, 4), degrees
        West, south, east, north of each root of the ladder.
    owners : callable
        Keys -> the source that owns each of those that another source owns.
    units : callable
        Every unit of the ladder: code, name, level, parent, path, population, households, area_m2.
    outlines : callable
        Codes of units -> their shapes, EPSG:4490; None for one without.
    place : callable
        Shapes -> code and path of the deepest unit that each stands in.
    standing : callable
        The rows of the source as they stand before the load: key, name, x, y (degrees), area (square degrees), and the
        fields that hold numbers and days.
    shapes : callable
        Name of a theme -> the shapes of its rows.
    standing_of : callable
        Keys -> the standing rows that have one of them, as `standing` tells all.
    first : callable
        n -> how many rows of the source stand, and the first n of their keys.
    """

    bounds: np.ndarray = field(default_factory=lambda: np.empty((0, 4)))
    owners: Callable[[Sequence[str]], dict[str, str]] = lambda _keys: {}
    units: Callable[[], pd.DataFrame] = _no_units
    outlines: Callable[[Sequence[str]], np.ndarray] = lambda codes: np.full(len(codes), None, dtype=object)
    place: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]] = _nowhere
    standing: Callable[[], pd.DataFrame] = _nothing_stands
    shapes: Callable[[str], np.ndarray] = lambda _theme: np.empty(0, dtype=object)
    standing_of: Callable[[Sequence[str]], pd.DataFrame] = lambda _keys: _nothing_stands()
    first: Callable[[int], tuple[int, list[str]]] = lambda _n: (0, [])

    def in_parts(self) -> Ground:
        """The same for many questions: what they share is asked of the store once."""
        return replace(self, units=cache(self.units), shapes=cache(self.shapes))

    def of_keys(self, keys: Sequence[str]) -> Ground:
        """The same, with the standing rows of some keys only."""
        return replace(self, standing=lambda: self.standing_of(keys))


def of_store(connection: Connection, theme: Theme, source: str) -> Ground:
    """The ground for a file of one source.

    Parameters
    ----------
    connection : Connection
        Read only.
    theme : Theme
    source : str
        Whose rows the file replaces.
    """

    def owners(keys: Sequence[str]) -> dict[str, str]:
        """Which source of the theme owns each of these keys."""
        return history.owners(connection, theme, source, list(keys))

    def place(shapes: np.ndarray) -> tuple[Any, Any]:
        """Units and paths that hold each of these shapes."""
        return placing.place(connection, shapes)

    return Ground(
        bounds=ladder.bounds(connection),
        owners=owners,
        units=partial(standing.units, connection),
        outlines=partial(standing.outlines, connection),
        place=place,
        standing=partial(standing.rows, connection, theme, source),
        shapes=partial(standing.shapes, connection),
        standing_of=lambda keys: standing.rows(connection, theme, source, keys),
        first=lambda n: standing.first(connection, theme, source, n),
    )
