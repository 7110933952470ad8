"""The unit that each row to be written stands in."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from geodata import placing
from geodata.history import Placing, Texts


def place(connection: Connection, codes: pd.Series | None, paths: Mapping[str, str]) -> Placing:
    """How the rows of a load find their units.

    Parameters
    ----------
    connection : Connection
        In the publishing transaction.
    codes : Series of str, optional
        Of rows that are units, or name one: they stand in it.
    paths : mapping of str to str
        Code -> path of these units.

    Returns
    -------
    callable
        Row numbers and shapes -> unit code and path.
    """
    if codes is None:
        return lambda _rows, shapes: placing.place(connection, shapes)

    def in_themselves(rows: pd.Index, _shapes: np.ndarray) -> tuple[Texts, Texts]:
        """Codes and paths of units, which stand in themselves."""
        own = codes.loc[rows].to_numpy(dtype=object)
        return own, np.array([paths.get(each) for each in own], dtype=object)

    return in_themselves
