"""Rows that name their unit and have no coordinates: they stand in it, at its point; nothing is asked of their shape."""

from __future__ import annotations

import numpy as np
from sqlalchemy import Connection

from etl.check import Checked, misplaced
from etl.clean import Cleaned
from geodata import named
from layers import Theme


def stand(connection: Connection, theme: Theme, rows: Cleaned, checked: Checked) -> dict[str, str]:
    """Give each row the code and the point of the unit that it names; those that name none are set aside.

    Parameters
    ----------
    connection : Connection
    theme : Theme
        Placed by one of its fields.
    rows : Cleaned
        Without shapes; they get them.
    checked : Checked
        Of the rules, which have looked at everything but shapes.

    Returns
    -------
    dict of str to str
        Code -> path of the units that are named.
    """
    assert theme.placed_by, theme.name
    said = rows.frame[theme.placed_by]
    meant = named.units(connection, [each for each in said[checked.good] if isinstance(each, str)])
    found = np.array([meant.get(each) if isinstance(each, str) else None for each in said] + [None], dtype=object)[:-1]
    lost = checked.good & np.array([each is None for each in found], dtype=bool)
    checked.findings += misplaced(rows.frame.index[lost], "no_unit")
    checked.good &= ~lost
    there = np.flatnonzero([each is not None for each in found])
    renamed = [n for n in there if found[n].code != said.iloc[n]]
    rows.changes["unit found by its name or by a shorter code"] += len(renamed)
    rows.frame[theme.placed_by] = [each.code if each else own for each, own in zip(found, said, strict=True)]
    rows.shapes[there] = [found[n].point for n in there]
    return {each.code: each.path for each in meant.values()}
