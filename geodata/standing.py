"""What stands in the store before a load, as the rules ask for it: units, outlines, the source's rows, shapes of a theme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from layers import Theme
from layers._field import Kind
from layers._theme import Geometry

_UNIT = "code, name, level, parent, path, population, households, area_m2"


def units(connection: Connection) -> pd.DataFrame:
    """Every unit of the ladder: code, name, level, parent, path, population, households, area_m2."""
    rows = connection.execute(text(f"SELECT {_UNIT} FROM onemap.ladder")).all()  # noqa: S608
    return pd.DataFrame(rows, columns=_UNIT.split(", "), dtype=object)


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
    kept = [each.name for each in theme.fields if each.kind in (Kind.NUMBER, Kind.INTEGER, Kind.DATE)]
    listed = "".join(f', "{each}"' for each in kept)
    question = text(
        f'SELECT key, "{theme.label}" AS name_, ST_X({middle}) AS x, ST_Y({middle}) AS y, ST_Area(geom) AS area{listed} '  # noqa: S608
        f'FROM onemap."{theme.name}" WHERE source = :source'
        f"{'' if keys is None else ' AND key = ANY(CAST(:keys AS text[]))'}"
    )
    found = connection.execute(question, {"source": source, "keys": keys}).all()
    return pd.DataFrame(found, columns=["key", "name", "x", "y", "area", *kept], dtype=object)


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
