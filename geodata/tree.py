"""The ladder as arrays, for adding up: a number of each unit becomes a number of everything above it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
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

_LAST_BITS = 1e-9
"""Share of a number in which two sums of the same numbers may differ."""

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
    touched : ndarray of bool, shape (n,)
        Those of them whose own rows may differ; the others are counted because they lie above one.
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
    touched: NDArray[np.bool_]
    _read: dict[str, Shapes] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def is_part(self) -> bool:
        """Whether some of the ladder is left out."""
        return not (self.counted.all() and self.touched.all())

    @cached_property
    def asked(self) -> NDArray[np.bool_]:
        """Units whose numbers of before `own` needs: not those beside a touched unit, of which the unit above knows: shape (n,)."""
        return self.counted | (self.touched[self.parents] & (self.parents >= 0))

    @cached_property
    def inner(self) -> NDArray[np.bool_]:
        """Units that have others below them: shape (n,)."""
        return np.bincount(self.parents[self.parents >= 0], minlength=len(self)) > 0

    def narrowed(self, sure: Collection[str]) -> Tree:
        """The same part, in which of the units above others those alone are touched that are measured on their own border, and some more."""
        return replace(self, touched=self.touched & (~self.inner | self.base() | np.isin(self.paths, list(sure))))

    def filled(self, ground: Floats) -> Tree:
        """The same part, in which the units are touched that are full of something: what they were held to says nothing of those below.

        `ground` is square metres of it in each unit, not more than the unit has: shape (n,).
        """
        return replace(self, touched=self.touched | (self.counted & (ground >= self.area_m2 * (1 - _LAST_BITS))))

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
        """The ground of some units, MultiPolygons in degrees; of the whole ladder all is read at once, however often it is asked for."""
        if self.is_part:
            return self._shapes(connection, self.codes[which])
        if "shapes" not in self._read:
            self._read["shapes"] = self._shapes(connection, self.codes)
        return self._read["shapes"][which]

    def _shapes(self, connection: Connection, wanted: NDArray[Any]) -> Shapes:
        only, binds = ("AND code = ANY(:codes)", {"codes": wanted.tolist()}) if self.is_part else ("", {})
        codes, found = shapes(connection, f"SELECT code, geom FROM onemap.ladder WHERE geom IS NOT NULL {only}", binds)  # noqa: S608 - constants
        order = pc.index_in(pa.array(wanted, pa.string()), pa.array(codes, pa.string())).fill_null(-1).to_numpy()
        return np.concatenate([found, _NONE])[order]

    def added_up(self, own: Floats, stops: NDArray[np.bool_] | None = None, most: Floats | None = None) -> Floats:
        """Each unit's own number plus those of everything below it.

        Parameters
        ----------
        own : ndarray of float, shape (n,)
            What lies in the unit itself.
        stops : ndarray of bool, shape (n,), optional
            Units that keep their own number, whatever lies below them.
        most : ndarray of float, shape (n,), optional
            To what each unit is held, before it is added to the one above.

        Returns
        -------
        ndarray of float, shape (n,)
        """
        total = own.astype(float).copy()
        for depth in range(int(self.depths.max(initial=0)), 0, -1):
            here = np.flatnonzero(self.depths == depth)
            if most is not None:
                total[here] = np.fmin(total[here], most[here])
            if stops is not None:
                here = here[~stops[self.parents[here]]]
            np.add.at(total, self.parents[here], total[here])
        return total if most is None else np.fmin(total, most)

    def summed(self, at: Positions, elsewhere: Floats, weights: Floats | None = None) -> Floats:
        """The number of rows (or the sum of their weights) of each unit and everything below it.

        Parameters
        ----------
        at : ndarray of int, shape (k,)
            Where rows stand.
        elsewhere : ndarray of float, shape (n,)
            Numbers of before, of the units that are `asked`.
        weights : ndarray of float, shape (k,), optional

        Returns
        -------
        ndarray of float, shape (n,)
        """
        own = np.bincount(at, weights=weights, minlength=len(self)).astype(float)
        return self.added_up(self.own(own, elsewhere))

    def own(self, now: Floats, before: Floats) -> Floats:
        """What `added_up` adds up, of numbers that are sums of what lies below.

        Parameters
        ----------
        now : ndarray of float, shape (n,)
            What was counted in each unit itself.
        before : ndarray of float, shape (n,)
            Numbers of before, of the units that are `asked`; each with everything below.

        Returns
        -------
        ndarray of float, shape (n,)
            Of a touched unit what was counted, of one that is not counted its number of before. A unit above a touched one
            has what it had before and the counted units below it had not.

        Notes
        -----
        So the thousands of units beside a thousand touched ones need not be looked up. Sums of other numbers than whole ones
        differ by their last bits: a rest of less than a billionth is none, as in the log (`geodata.values`).
        """
        if not self.is_part:
            return now
        below, inner = np.zeros(len(self)), self.counted & (self.parents >= 0)
        np.add.at(below, self.parents[inner], before[inner])
        rest = np.where(np.isclose(before, below, rtol=_LAST_BITS, atol=0), 0.0, before - below)
        return np.where(self.touched, now, np.where(self.counted, rest, np.where(self.asked, before, 0.0)))

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
    return _planted(copy_out(connection, f"SELECT {_COLUMNS}, 2 FROM onemap.ladder", {}, _KINDS | {"counted": pa.int64()}))  # noqa: S608


def part(connection: Connection, paths: Iterable[str], beside: bool = True) -> Tree:
    """What has to be known to count some units again: they, everything above them, and the children of all those.

    Parameters
    ----------
    connection : Connection
    paths : iterable of str
        Of units.
    beside : bool
        False where nothing but sums is asked (`Tree.own`): then no more than the children of the units themselves.

    Returns
    -------
    Tree
        `touched` where a unit is one of them, `counted` where it is one or stands above one.
    """
    counted = "path = ANY(CAST(:paths AS text[]))"
    question = f"""SELECT {_COLUMNS}, 1 + (path = ANY(CAST(:touched AS text[])))::int FROM onemap.ladder WHERE {counted}
        UNION ALL SELECT {_COLUMNS}, 0 FROM onemap.ladder WHERE parent = ANY(CAST(:codes AS text[])) AND NOT {counted}"""  # noqa: S608
    touched = sorted(set(paths))
    above = closed(touched)
    codes = [each[:-1].rpartition("/")[2] for each in (above if beside else touched)]
    return _planted(copy_out(connection, question, {"paths": above, "touched": touched, "codes": codes}, _KINDS | {"counted": pa.int64()}))


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
        touched=rows["counted"].to_numpy() > 1,
    )


def _named(words: pa.ChunkedArray) -> NDArray[Any]:
    """A few words that stand again and again, each as one object."""
    several = words.combine_chunks().dictionary_encode()
    return np.concatenate([several.dictionary.to_numpy(zero_copy_only=False), _NONE])[several.indices.fill_null(-1).to_numpy()]
