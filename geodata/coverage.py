"""Coverage: what the sights of one theme see of the rows of another, and of the ground of each unit.

Points count once however many sights hold them; lines count by their length inside the union of sights; ground by the
area of that union. Lengths and areas are worked out for base units (leaves, mostly) and added up, which is exact since
base units do not lie on one another. What was worked out is kept with a print of the shapes that made it
(`onemap.coverage`), so that after a load only ground on which a border, a line or a sight differs is worked out again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Connection, text

from geodata import conditions
from geodata.conditions import quoted
from geodata.earth import Floats, Shapes, lengths
from geodata.seen import Bools, Ground, Places, Prints, inside, points_seen
from geodata.sights import table
from geodata.tree import Tree
from geodata.values import Counted
from layers import DeclarationError, themes
from layers._indicator import Seen, SeenGround, Where
from layers._theme import Geometry, Theme

Wanted = dict[str, tuple[Theme, Seen | SeenGround]]


def seer(theme: Theme, measure: Seen | SeenGround) -> Theme:
    """The theme whose sights a measure asks for.

    Raises
    ------
    DeclarationError
        There is no such theme, or it declares no sight.
    """
    name = measure.by if isinstance(measure, Seen) else theme.name
    found = themes().get(name)
    if found is None or found.sight is None:
        raise DeclarationError(
            theme.place, f"an indicator asks what {name!r} sees, which has no sight", "give it sight="
        )
    return found


def covered(connection: Connection, tree: Tree, wanted: Wanted) -> dict[str, Counted]:
    """Indicators of sight for every unit of the ladder.

    Parameters
    ----------
    connection : Connection
        In a transaction; the sights of current rows stand in `onemap.sights`.
    tree : Tree
        The ladder.
    wanted : dict of str to (Theme, Seen or SeenGround)
        By the name they are kept under.

    Returns
    -------
    dict of str to Counted

    Raises
    ------
    DeclarationError
        See `seer`.
    """
    seers = {name: seer(*each) for name, each in wanted.items()}
    done: dict[str, Counted] = {}
    for by in {each.name: each for each in seers.values()}.values():
        scene = _Scene(connection, tree, by, [wanted[name][1] for name in wanted if seers[name] is by])
        done |= {name: scene.counted(name, *wanted[name]) for name in wanted if seers[name] is by}
    return done


class _Scene:
    """The sights of one theme over the ladder; reads only what the measures need."""

    def __init__(self, connection: Connection, tree: Tree, by: Theme, measures: list[Seen | SeenGround]) -> None:
        self._connection, self._tree, self._by = connection, tree, by
        self._wheres = list(dict.fromkeys(each.seen_by for each in measures if isinstance(each, Seen)))
        self._points: dict[str, tuple[Any, ...]] = {}

    def counted(self, name: str, theme: Theme, measure: Seen | SeenGround) -> Counted:
        """What one measure sees: ground by area, lines by length, points by number."""
        if isinstance(measure, SeenGround):
            return self._ground_seen(name, measure)
        if theme.geometry is Geometry.LINE:
            return self._lines_seen(name, theme, measure)
        return self._rows_seen(theme, measure)

    @cached_property
    def _sights(self) -> pd.DataFrame:
        """Columns shape, effective and one for each `seen_by`."""
        binds: dict[str, Any] = {"theme": self._by.name}
        asked = [f"{conditions.sql(self._by, where, binds)} AS m{at}" for at, where in enumerate(self._wheres)]
        question = f"""SELECT {", ".join(["s.effective", *asked])}, ST_AsBinary(s.geom) AS shape FROM onemap.sights s
            JOIN onemap.{quoted(self._by.name)} t ON t.id = s.row WHERE s.theme = :theme ORDER BY s.row"""  # noqa: S608
        found = table(self._connection.execute(text(question), binds))
        return found.assign(shape=_shapes(found["shape"]))

    def _mask(self, measure: Seen | SeenGround) -> Bools:
        mask = np.ones(len(self._sights), dtype=bool)
        if isinstance(measure, Seen) and measure.seen_by:
            mask &= self._sights[f"m{self._wheres.index(measure.seen_by)}"].to_numpy(bool)
        return mask & self._sights["effective"].to_numpy(bool) if measure.effective else mask

    @cached_property
    def _base(self) -> Places:
        return np.flatnonzero(self._tree.base())

    @cached_property
    def _ground(self) -> Ground:
        codes = self._tree.codes[self._base].tolist()
        question = "SELECT code, ST_AsBinary(geom) AS shape FROM onemap.ladder WHERE code = ANY(:codes)"
        rows: dict[str, Any] = {row[0]: row[1] for row in self._connection.execute(text(question), {"codes": codes})}
        return Ground(_shapes([rows[code] for code in codes]), self._sights["shape"].to_numpy(object))

    def _added_up(self, amounts: Floats) -> Floats:
        own = np.zeros(len(self._tree))
        own[self._base] = amounts
        return self._tree.added_up(own, stops=self._tree.base())

    def _ground_seen(self, name: str, measure: SeenGround) -> Counted:
        mask = self._mask(measure)
        kept = _Kept(self._connection, name, self._tree.codes[self._base])
        seen = kept.amounts(self._ground.prints(mask), lambda which: self._ground.square_metres(which, mask))
        return Counted(np.fmin(self._added_up(seen), self._tree.area_m2), self._tree.area_m2)

    def _lines_seen(self, name: str, theme: Theme, measure: Seen) -> Counted:
        mask = self._mask(measure)
        pieces, marks = self._lines(theme, measure.among)
        whole = lengths(pieces)
        some = np.flatnonzero(whole > 0)
        kept = _Kept(self._connection, name, self._tree.codes[self._base[some]])
        found = kept.amounts(
            (self._ground.prints(mask) + marks)[some],
            lambda which: self._ground.metres(some[which], mask, pieces[some[which]]),
        )
        seen = np.zeros(len(whole))
        seen[some] = np.fmin(found, whole[some])
        return Counted(self._added_up(seen), self._added_up(whole))

    def _lines(self, theme: Theme, among: Where) -> tuple[Shapes, Prints]:
        """What runs in each base unit of the lines that count."""
        name = f"{theme.name} {among}"
        if name not in self._points:
            self._points[name] = inside(self._ground.units, self._rows(theme, among)[1])
        pieces, marks = self._points[name]
        return pieces, marks

    def _rows_seen(self, theme: Theme, measure: Seen) -> Counted:
        name = f"{theme.name} {measure.among}"
        if name not in self._points:
            at, shapes = self._rows(theme, measure.among)
            self._points[name] = at, *points_seen(shapes, self._sights["shape"].to_numpy(object))
        at, row, sight = self._points[name]
        seen = np.zeros(len(at), dtype=bool)
        seen[row[self._mask(measure)[sight]]] = True
        n = len(self._tree)
        own, of = (np.bincount(some, minlength=n).astype(float) for some in (at[seen], at))
        return Counted(self._tree.added_up(own), self._tree.added_up(of))

    def _rows(self, theme: Theme, among: Where) -> tuple[Places, Shapes]:
        """Position of the unit that each row stands in, and the row's line or point; rows outside the ladder are left out."""
        binds: dict[str, Any] = {}
        shape = "geom" if theme.geometry is Geometry.LINE else "ST_PointOnSurface(geom)"
        question = f"""SELECT path, ST_AsBinary({shape}) FROM onemap.{quoted(theme.name)}
            WHERE geom IS NOT NULL AND {conditions.sql(theme, among, binds)} ORDER BY id"""  # noqa: S608
        rows = self._connection.execute(text(question), binds).all()
        at, shapes = self._tree.positions([row[0] for row in rows]), _shapes([row[1] for row in rows])
        if theme.geometry is Geometry.LINE:
            return at, shapes
        return at[at >= 0], shapes[at >= 0]


@dataclass(frozen=True, slots=True)
class _Kept:
    """Amounts of base units, kept from run to run under one name."""

    connection: Connection
    what: str
    codes: Any

    def amounts(self, prints: Prints, work_out: Callable[[Places], Floats]) -> Floats:
        """The kept amount where the print is the same, else a new one."""
        signed = prints.view(np.int64)
        question = "SELECT unit, print, amount FROM onemap.coverage WHERE what = :what"
        before = (
            table(self.connection.execute(text(question), {"what": self.what})).set_index("unit").reindex(self.codes)
        )
        same = before["amount"].notna().to_numpy() & (before["print"].fillna(0).to_numpy("int64") == signed)
        amounts = np.where(same, before["amount"].to_numpy(float), 0.0)
        which = np.flatnonzero(~same)
        if len(which):
            amounts[which] = work_out(which)
            self._keep(self.codes[which], signed[which], amounts[which])
        return amounts

    def _keep(self, codes: Any, prints: Any, amounts: Floats) -> None:
        self.connection.execute(
            text("""INSERT INTO onemap.coverage SELECT :what, * FROM
                unnest(CAST(:codes AS text[]), CAST(:prints AS bigint[]), CAST(:amounts AS float8[]))
                ON CONFLICT (what, unit) DO UPDATE SET print = excluded.print, amount = excluded.amount"""),
            {"what": self.what, "codes": codes.tolist(), "prints": prints.tolist(), "amounts": amounts.tolist()},
        )


def _shapes(found: Any) -> Shapes:
    array = np.empty(len(found), dtype=object)
    array[:] = [bytes(each) for each in found]
    return shapely.from_wkb(array)
