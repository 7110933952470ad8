"""The ladder as arrays, for adding up: a number of each unit becomes a number of everything above it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from sqlalchemy import Connection

from geodata.copying import copy_out, shapes
from geodata.earth import Floats, Shapes
from layers._ladder import is_community

Positions = NDArray[np.intp]

# Children that leave more of their parent uncovered than this (or lie on one another) do not make it up: the parent's
# ground is then measured on its own border. Digitised borders of one level agree to about a thousandth.
_MAKES_UP = 0.001

_NONE: NDArray[Any] = np.array([None], dtype=object)


@dataclass(frozen=True)
class Tree:
    """Every unit of the ladder, parents before children.

    Parameters
    ----------
    codes, paths, levels, themes : ndarray of str, shape (n,)
        As the table has them.
    parents : ndarray of int, shape (n,)
        Position of the unit above; -1 for a root.
    depths : ndarray of int, shape (n,)
        0 for a root.
    area_m2, population, households, registered : ndarray of float, shape (n,)
        NaN where unknown.
    counted : ndarray of bool, shape (n,)
        Units that are counted now. In a part of the ladder the others are children whose numbers, kept from before,
        stand for everything below them.
    """

    codes: NDArray[Any]
    paths: NDArray[Any]
    levels: NDArray[Any]
    themes: NDArray[Any]
    parents: Positions
    depths: Positions
    area_m2: Floats
    population: Floats
    households: Floats
    registered: Floats
    counted: NDArray[np.bool_]
    _read: dict[str, Shapes] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def is_part(self) -> bool:
        """Whether some of the ladder is left out."""
        return not self.counted.all()

    def __len__(self) -> int:
        return len(self.codes)

    def positions(self, paths: Iterable[str]) -> Positions:
        """Where the units of these paths stand; -1 where the ladder has no such path."""
        return np.fromiter((self._where.get(path, -1) for path in paths), dtype=np.intp)

    @cached_property
    def _where(self) -> dict[str, int]:
        return {path: position for position, path in enumerate(self.paths)}

    @cached_property
    def communities(self) -> NDArray[np.bool_]:
        """Which units are communities of a town, no villages: shape (n,)."""
        return np.fromiter(map(is_community, self.codes), dtype=bool, count=len(self))

    def ground(self, connection: Connection, which: Positions) -> Shapes:
        """The ground of units that are counted now, read once however often it is asked for.

        Parameters
        ----------
        connection : Connection
            On which the tree was read.
        which : ndarray of int, shape (k,)

        Returns
        -------
        ndarray of shapely MultiPolygon, shape (k,)
            Degrees.
        """
        if "shapes" not in self._read:
            self._read["shapes"] = self._shapes(connection)
        return self._read["shapes"][which]

    def _shapes(self, connection: Connection) -> Shapes:
        only, binds = ("AND code = ANY(:codes)", {"codes": self.codes[self.counted].tolist()}) if self.is_part else ("", {})
        codes, found = shapes(connection, f"SELECT code, geom FROM onemap.ladder WHERE geom IS NOT NULL {only}", binds)  # noqa: S608 - constants
        order = pc.index_in(pa.array(self.codes, pa.string()), pa.array(codes, pa.string())).fill_null(-1).to_numpy()
        return np.concatenate([found, _NONE])[order]

    def added_up(self, own: Floats, stops: NDArray[np.bool_] | None = None) -> Floats:
        """Each unit's own number plus those of everything below it.

        Parameters
        ----------
        own : ndarray of float, shape (n,)
            What lies in the unit itself.
        stops : ndarray of bool, shape (n,), optional
            Units that keep their own number, whatever lies below them.

        Returns
        -------
        ndarray of float, shape (n,)
        """
        total = own.astype(float).copy()
        for depth in range(int(self.depths.max(initial=0)), 0, -1):
            here = np.flatnonzero(self.depths == depth)
            if stops is not None:
                here = here[~stops[self.parents[here]]]
            np.add.at(total, self.parents[here], total[here])
        return total

    def summed(self, at: Positions, elsewhere: Floats, weights: Floats | None = None) -> Floats:
        """The number of rows (or the sum of their weights) of each unit and everything below it.

        Parameters
        ----------
        at : ndarray of int, shape (k,)
            Where rows stand.
        elsewhere : ndarray of float, shape (n,)
            Numbers of the units that are not counted now.
        weights : ndarray of float, shape (k,), optional

        Returns
        -------
        ndarray of float, shape (n,)
        """
        own = np.bincount(at, weights=weights, minlength=len(self)).astype(float)
        return self.added_up(np.where(self.counted, own, elsewhere))

    def base(self) -> NDArray[np.bool_]:
        """Units measured on their own border: leaves, and parents whose children do not make them up."""
        below = np.zeros(len(self))
        inner = self.parents >= 0
        np.add.at(below, self.parents[inner], np.nan_to_num(self.area_m2[inner]))
        return ~(np.abs(below - self.area_m2) <= _MAKES_UP * self.area_m2)

    def column(self, name: str) -> Floats:
        """A number that the files give for units, added up from the lowest units of the same theme.

        Parameters
        ----------
        name : {'population', 'households', 'registered', 'area_km2'}
            Area is each unit's own, measured inside its border.

        Returns
        -------
        ndarray of float, shape (n,)
            The unit's own number where a child's is unknown or it has none; NaN where that is unknown too.
        """
        if name == "area_km2":
            return self.area_m2 / 1e6
        value = np.array(getattr(self, name), dtype=float)
        for depth in range(int(self.depths.max(initial=0)), 0, -1):
            here = np.flatnonzero(self.depths == depth)
            here = here[self.themes[here] == self.themes[self.parents[here]]]
            below = np.zeros(len(self))
            np.add.at(below, self.parents[here], value[here])
            above = np.unique(self.parents[here])
            known = above[~np.isnan(below[above])]
            value[known] = below[known]
        return value


_WORDS = ("code", "path", "level", "theme", "parent")
_NUMBERS = ("area_m2", "population", "households", "registered")
_KINDS = dict.fromkeys(_WORDS, pa.string()) | {"depth": pa.int64()} | dict.fromkeys(_NUMBERS, pa.float64())
_COLUMNS = ", ".join(_KINDS)


def read(connection: Connection) -> Tree:
    """The ladder as it stands.

    Returns
    -------
    Tree
        Empty when no unit has been loaded.
    """
    return _planted(copy_out(connection, f"SELECT {_COLUMNS}, 1 FROM onemap.ladder", {}, _KINDS | {"counted": pa.int64()}))  # noqa: S608


def part(connection: Connection, paths: Iterable[str]) -> Tree:
    """What has to be known to count some units again: they, everything above them, and the children of all those.

    Parameters
    ----------
    connection : Connection
    paths : iterable of str
        Of units.

    Returns
    -------
    Tree
        `counted` where a unit is one of them or stands above one.
    """
    counted = "path = ANY(CAST(:paths AS text[]))"
    question = f"""SELECT {_COLUMNS}, 1 FROM onemap.ladder WHERE {counted}
        UNION ALL SELECT {_COLUMNS}, 0 FROM onemap.ladder WHERE parent = ANY(CAST(:codes AS text[])) AND NOT {counted}"""  # noqa: S608
    above = closed(paths)
    codes = [each[:-1].rpartition("/")[2] for each in above]
    return _planted(copy_out(connection, question, {"paths": above, "codes": codes}, _KINDS | {"counted": pa.int64()}))


def closed(paths: Iterable[str]) -> list[str]:
    """The paths, and those of everything above them: each is the beginning of the next."""
    found = {each[:end] for each in paths for end in _ends(each)}
    return sorted(found)


def _ends(path: str) -> list[int]:
    return [at + 1 for at, letter in enumerate(path) if letter == "/"]


def _planted(rows: pa.Table) -> Tree:
    """Put rows in the order of their paths, here: the store takes two seconds for sixty thousand long texts that begin alike."""
    rows = rows.take(pc.sort_indices(rows["path"]))
    above = pc.fill_null(pc.index_in(rows["parent"], rows["code"]), -1)
    return Tree(
        **{f"{name}s": rows[name].to_numpy() for name in ("code", "path")},
        **{f"{name}s": _named(rows[name]) for name in ("level", "theme")},
        **{name: rows[name].to_numpy() for name in _NUMBERS},
        parents=above.to_numpy().astype(np.intp),
        depths=rows["depth"].to_numpy().astype(np.intp),
        counted=rows["counted"].to_numpy() > 0,
    )


def _named(words: pa.ChunkedArray) -> NDArray[Any]:
    """A few words that stand again and again, each as one object."""
    several = words.combine_chunks().dictionary_encode()
    return np.concatenate([several.dictionary.to_numpy(zero_copy_only=False), _NONE])[several.indices.fill_null(-1).to_numpy()]
