"""The ground of an audit: grids as they stand, and the units that they ought to make up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geodata.conditions import quoted
from geodata.earth import Shapes
from layers import theme, themes
from layers._audit import AUDITED

Texts = NDArray[Any]
Figures = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Units:
    """Units that stand above grids.

    Parameters
    ----------
    codes, names, levels : ndarray of str, shape (n,)
    households, people : ndarray of float, shape (n,)
        As their own files tell; NaN where they do not.
    shapes : ndarray of Geometry, shape (n,)
        Degrees; None where there is none.
    """

    codes: Texts
    names: Texts
    levels: Texts
    households: Figures
    people: Figures
    shapes: Shapes


@dataclass(frozen=True, slots=True)
class Grids:
    """Rows of the audited theme.

    Parameters
    ----------
    ids : ndarray of int, shape (n,)
    codes, names, levels, parents, kinds : ndarray of str or None, shape (n,)
    people, households, staff : ndarray of float, shape (n,)
        NaN where nobody told.
    shapes : ndarray of Geometry or None, shape (n,)
        Degrees.
    """

    ids: NDArray[np.int64]
    codes: Texts
    names: Texts
    levels: Texts
    parents: Texts
    kinds: Texts
    people: Figures
    households: Figures
    staff: Figures
    shapes: Shapes

    def __len__(self) -> int:
        return len(self.codes)

    def where(self, mask: NDArray[np.bool_]) -> Grids:
        """Some of them."""
        return Grids(*(getattr(self, name)[mask] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Ground:
    """All that an audit looks at."""

    units: Units
    grids: Grids


def read(connection: Connection) -> Ground:
    """The whole ground as it stands."""
    return Ground(_units(connection), _grids(connection))


def _units(connection: Connection) -> Units:
    """Rows of every theme of units but the audited one."""
    rows: list[Any] = []
    for each in themes().values():
        if each.rung and each.name != AUDITED:
            rung = each.rung
            told = [quoted(name) if name else "NULL" for name in (rung.households, rung.population)]
            rows += connection.execute(text(f"""SELECT t.{quoted(rung.code)}, t.{quoted(rung.name)}, l.level, t.{told[0]}, t.{told[1]}, ST_AsBinary(t.geom)
                FROM onemap.{quoted(each.name)} t JOIN onemap.ladder l ON l.code = t.{quoted(rung.code)} ORDER BY 1"""))  # noqa: S608
    columns = list(zip(*rows, strict=True)) or [()] * 6
    codes, names, levels = (_texts(each) for each in columns[:3])
    return Units(codes, names, levels, _figures(columns[3]), _figures(columns[4]), _shapes(columns[5]))


def _grids(connection: Connection) -> Grids:
    rung = theme(AUDITED).rung
    assert rung is not None
    fields = [quoted(name) if name else "NULL" for name in (rung.code, rung.name, rung.level, rung.parent)]
    question = f"""SELECT id, {", ".join(fields)}, sort, {quoted(rung.population or "population")}, {quoted(rung.households or "households")}, staff,
        ST_AsBinary(geom) FROM onemap.{quoted(AUDITED)} ORDER BY code"""  # noqa: S608
    columns = list(zip(*connection.execute(text(question)).all(), strict=True)) or [()] * 10
    codes, names, levels, parents, kinds = (_texts(each) for each in columns[1:6])
    people, households, staff = (_figures(each) for each in columns[6:9])
    return Grids(np.array(columns[0], dtype=np.int64), codes, names, levels, parents, kinds, people, households, staff, _shapes(columns[9]))


def _texts(column: Any) -> Texts:
    found: Texts = np.empty(len(column), dtype=object)
    found[:] = column
    return found


def _figures(column: Any) -> Figures:
    return np.array([np.nan if each is None else each for each in column], dtype=float)


def _shapes(column: Any) -> Shapes:
    wkb: Texts = np.empty(len(column), dtype=object)
    wkb[:] = [None if each is None else bytes(each) for each in column]
    return shapely.from_wkb(wkb)
