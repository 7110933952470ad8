"""What stands in the store before a load, as the rules ask for it: units, outlines, the source's rows, shapes of a theme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geodata import placing
from geodata.copying import copy_out
from layers import Theme
from layers._field import Kind
from layers._theme import Geometry

_UNIT = {
    "code": pa.string(), "name": pa.string(), "level": pa.string(), "parent": pa.string(), "path": pa.string(),
    "population": pa.int64(), "households": pa.int64(), "area_m2": pa.float64(),
}  # fmt: skip

_LAST: dict[tuple[Any, ...], pd.DataFrame] = {}


def units(connection: Connection) -> pd.DataFrame:
    """Every unit of the ladder: code, name, level, parent, path, population, households, area_m2; not to be changed.

    Notes
    -----
    Kept for the next load of this process, as `geodata.placing` keeps the grounds.
    """
    now = (str(connection.engine.url), *placing.ladder_now(connection))
    if now not in _LAST:
        _LAST.clear()
        found = copy_out(connection, f"SELECT {', '.join(_UNIT)} FROM onemap.ladder", {}, _UNIT)  # noqa: S608
        _LAST[now] = pd.DataFrame({name: _objects(found[name]) for name in _UNIT}, dtype=object)
    return _LAST[now]


def _objects(column: pa.ChunkedArray) -> NDArray[Any]:
    """Each value as an object, None where it is missing."""
    return np.array([*column.to_pylist(), None], dtype=object)[:-1]


def outlines(connection: Connection, codes: Sequence[str]) -> NDArray[Any]:
    """The shape of each unit, EPSG:4490.

    Parameters
    ----------
    connection : Connection
    codes : sequence of str

    Returns
    -------
    array of Geometry, shape (len(codes),)
        None where the ladder has no such unit, or one without a shape.
    """
    question = text("SELECT code, ST_AsBinary(geom) AS wkb FROM onemap.ladder WHERE code = ANY(:codes) AND geom IS NOT NULL")
    found = connection.execute(question, {"codes": [each for each in codes if each is not None]}).all()
    known = dict(zip([row.code for row in found], shapely.from_wkb([bytes(row.wkb) for row in found]), strict=True))
    return np.array([*(known.get(each) for each in codes), None], dtype=object)[:-1]


def rows(connection: Connection, theme: Theme, source: str, keys: Sequence[str] | None = None) -> pd.DataFrame:
    """The rows of a source as they stand.

    Parameters
    ----------
    connection : Connection
    theme : Theme
    source : str
    keys : sequence of str, optional
        Only rows that have one of them.

    Returns
    -------
    DataFrame
        key, name (the label), x, y (degrees, of the row's middle), area (square degrees, to be compared with itself),
        and every field of kind number, integer and date.
    """
    middle = "geom" if theme.geometry is Geometry.POINT else "ST_Centroid(geom)"
    kept = {each.name: _KEPT[each.kind] for each in theme.fields if each.kind in _KEPT}
    listed = "".join(f', "{each}"' for each in kept)
    question = (
        f'SELECT key, "{theme.label}" AS name_, ST_X({middle}) AS x, ST_Y({middle}) AS y, ST_Area(geom) AS area{listed} '  # noqa: S608
        f'FROM onemap."{theme.name}" WHERE source = :source'
        f"{'' if keys is None else ' AND key = ANY(CAST(:keys AS text[]))'}"
    )
    kinds = _STANDING | {f"of {name}": kind for name, kind in kept.items()}
    found = copy_out(connection, question, {"source": source, "keys": keys}, kinds)
    columns = {name: _objects(found[name]) if kinds[name] in _AS_OBJECTS else found[name].to_numpy() for name in kinds}
    return pd.DataFrame({name.removeprefix("of "): pd.Series(each, dtype=each.dtype) for name, each in columns.items()})


_STANDING = {"key": pa.string(), "name": pa.string(), "x": pa.float64(), "y": pa.float64(), "area": pa.float64()}
_KEPT = {Kind.NUMBER: pa.float64(), Kind.INTEGER: pa.float64(), Kind.DATE: pa.date32()}
_AS_OBJECTS = (pa.string(), pa.date32())


def first(connection: Connection, theme: Theme, source: str, n: int) -> tuple[int, list[str]]:
    """How many rows of a source stand, and the first keys of them."""
    stood = text(f'SELECT count(*) FROM onemap."{theme.name}" WHERE source = :source')  # noqa: S608
    keys = text(f'SELECT key FROM onemap."{theme.name}" WHERE source = :source ORDER BY key LIMIT :n')  # noqa: S608
    asked = {"source": source, "n": n}
    return int(connection.execute(stood, asked).scalar_one()), list(connection.execute(keys, asked).scalars())


def shapes(connection: Connection, theme: str) -> NDArray[Any]:
    """The shapes of every row of a theme; EPSG:4490."""
    found = connection.execute(text(f'SELECT ST_AsBinary(geom) AS wkb FROM onemap."{theme}"')).all()  # noqa: S608
    return np.asarray(shapely.from_wkb([bytes(row.wkb) for row in found]), dtype=object)
