"""Grains after a load: the few rows that it changed are brought into what is packed, the others are not read again."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from sqlalchemy import Connection, text

from geodata.conditions import quoted
from geodata.grains import Grains, book, cells_of, is_packed, keep, made, rebuild, unpacked
from layers import Theme

_FEW = 20_000
"""Rows that a load may change and still be brought into what is packed; beyond that all are packed anew."""


def follow(connection: Connection, theme: Theme, load: int, ids: Collection[int]) -> None:
    """Bring the rows that a load changed into what is packed, inside the transaction that published them.

    Parameters
    ----------
    connection : Connection
    theme : Theme
    load : int
        Its number: the versions that it ended leave.
    ids : collection of int
        Of the rows that came, changed or went.
    """
    if not is_packed(theme):
        return
    packed = unpacked(connection, theme.name, book(theme)) if len(ids) <= _FEW else None
    changed = None if packed is None else _without(packed, _some(connection, theme, f"{theme.name}_past", ids, load))
    if changed is None:
        rebuild(connection, theme)
        return
    came = _some(connection, theme, theme.name, ids)
    at = np.searchsorted(changed.codes, came.codes)
    keep(connection, theme.name, book(theme), Grains(np.insert(changed.codes, at, came.codes), np.insert(changed.kinds, at, came.kinds)))


def differing(connection: Connection, theme: Theme) -> tuple[int, int] | None:
    """How many rows are packed and how many there are, where these are not the same; None where they are.

    Parameters
    ----------
    connection : Connection
        Nothing is written.
    theme : Theme
    """
    if not is_packed(theme):
        return None
    packed = unpacked(connection, theme.name, book(theme)) or made([], [], [])
    found = connection.execute(text(cells_of(theme, f"onemap.{quoted(theme.name)}"))).all()
    fresh = made(*np.array([tuple(row) for row in found], dtype=np.int64).reshape(-1, 3).T)
    one, other = (np.sort(each.codes << np.uint64(24) | each.kinds.astype(np.uint64)) for each in (packed, fresh))
    return None if np.array_equal(one, other) else (len(one), len(other))


def _some(connection: Connection, theme: Theme, table: str, ids: Collection[int], ended_by: int | None = None) -> Grains:
    """Rows of a table; of former versions, those that a load ended."""
    where = "id = ANY(CAST(:ids AS bigint[]))" + ("" if ended_by is None else " AND until_load = :load")
    found = connection.execute(text(cells_of(theme, f"onemap.{quoted(table)}", where)), {"ids": list(ids), "load": ended_by}).all()
    cx, cy, kind = np.array([tuple(row) for row in found], dtype=np.int64).reshape(-1, 3).T
    return made(cx, cy, kind)


def _without(grains: Grains, gone: Grains) -> Grains | None:
    """Grains without some; None where they do not hold one of them, and so are not what the rows say."""
    leave = np.ones(len(grains.codes), dtype=bool)
    for code, kind in zip(gone.codes, gone.kinds, strict=True):
        start, end = np.searchsorted(grains.codes, code), np.searchsorted(grains.codes, code, side="right")
        same = np.flatnonzero((grains.kinds[start:end] == kind) & leave[start:end])
        if not len(same):
            return None
        leave[start + same[0]] = False
    return Grains(grains.codes[leave], grains.kinds[leave])
