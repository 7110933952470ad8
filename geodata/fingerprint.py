"""One number for what a row says, the same on every run: rows that say the same are not written again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.loads import Load
from layers import Theme
from layers._field import Kind

Hashes = NDArray[np.uint64]


def hashes(theme: Theme, frame: pd.DataFrame, shapes: NDArray[Any]) -> Hashes:
    """A number for each row, of its fields and its shape.

    Parameters
    ----------
    theme : Theme
    frame : DataFrame, n rows
        A column for each field.
    shapes : array of Geometry, shape (n,)

    Returns
    -------
    array of uint64, shape (n,)
        A field that is empty counts for nothing, so that a field declared later changes no row.
    """
    total = _mixed("geom", pd.util.hash_array(_bytes(shapes)), ~shapely.is_missing(shapes))
    for each in theme.fields:
        column = frame[each.name]
        total += _mixed(each.name, pd.util.hash_array(_plain(column, each.kind)), column.notna().to_numpy())
    return total


def _bytes(shapes: NDArray[Any]) -> NDArray[Any]:
    made = shapely.to_wkb(shapes)
    return np.where(shapely.is_missing(shapes), b"", made)


def _plain(column: pd.Series, kind: Kind) -> NDArray[Any]:
    if kind is Kind.NUMBER:
        return column.to_numpy(dtype=float, na_value=0.0)
    if kind in (Kind.INTEGER, Kind.FLAG):
        return column.to_numpy(dtype=np.int64, na_value=0)
    if kind is Kind.DATE:
        return column.map(lambda value: "" if value is None else value.isoformat()).to_numpy(dtype=object)
    return column.to_numpy(dtype=object, na_value="")


def _mixed(name: str, numbers: Hashes, there: NDArray[np.bool_]) -> Hashes:
    """Numbers of one field, made unlike the same numbers of another one."""
    salt = np.uint64(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big"))
    mixed = (numbers ^ salt) * np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio: Knuth, TAOCP 6.4
    mixed ^= mixed >> np.uint64(29)
    return np.where(there, mixed, np.uint64(0))


def of_outcome(load: Load, coming: Hashes, aside: Sequence[Mapping[str, Any]]) -> str:
    """A short text for everything that a load writes, but for the numbers that the store deals out and the times.

    Parameters
    ----------
    load : Load
        Its line in the ledger.
    coming : array of uint64
        Of the rows that stand afterwards.
    aside : sequence of mapping
        The rows set aside.
    """
    counts = [load.added, load.changed, load.removed, load.unchanged, load.set_aside, load.duplicates]
    said = [load.theme, load.source, load.as_of.isoformat(), counts, dict(load.changes), list(aside)]
    digest = hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode())
    digest.update(np.sort(coming).tobytes())
    return digest.hexdigest()


def of_declaration(theme: Theme) -> str:
    """A short text that changes when the fields of a theme do: a file must then be read again."""
    said = [
        [
            each.name,
            each.kind.value,
            each.pattern,
            each.required,
            each.minimum,
            each.maximum,
            each.headers(),
            [choice.spellings() for choice in each.choices],
        ]
        for each in theme.fields
    ]
    return hashlib.sha256(json.dumps([theme.geometry.value, said]).encode()).hexdigest()[:16]
