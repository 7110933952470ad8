"""Which units were surveyed for all that worked-out rows stand on: what is left of the others is unknown, and not nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geodata.on_day import source
from geodata.tree import Tree, closed
from layers import Theme, themes


def by_units(connection: Connection, tree: Tree, theme: Theme) -> NDArray[np.bool_]:
    """Which units of a tree were surveyed, hold one that was, or lie in one.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    tree : Tree
    theme : Theme
        Whose rows are worked out (`left_by`).

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    rows = connection.execute(text(f"SELECT u.path FROM onemap.ladder u WHERE {condition(theme, None)}"))  # noqa: S608 - declared names
    own = set(rows.scalars())
    above = set(closed(own))
    return np.array([path in above or not own.isdisjoint(_tops(path)) for path in tree.paths], dtype=bool)


def _tops(path: str) -> Iterator[str]:
    """The paths of everything that a unit lies in."""
    return (path[: at + 1] for at, letter in enumerate(path) if letter == "/")


def condition(theme: Theme, day: date | None) -> str:
    """SQL that is true for units `u` of the ladder that were surveyed: each theme that is taken away has a row in them.

    Parameters
    ----------
    theme : Theme
        Whose rows are worked out (`left_by`).
    day : date or None
        None for now; else the statement binds :day.
    """
    assert theme.left_by is not None, theme.name
    rows = (f"EXISTS (SELECT FROM {source(themes()[name], day)} s WHERE s.path >= u.path AND s.path < u.path || chr(1114111))" for name in theme.left_by.minus)
    return f"u.level = '{theme.left_by.level}' AND {' AND '.join(rows)}"
