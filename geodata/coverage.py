"""Coverage: what the sights of one theme see of the rows of another, and of the ground of each unit.

Points count once however many sights hold them; lines count by their length inside the union of sights; ground by the
area of that union. Lengths and areas are worked out for base units (leaves, mostly) and added up, which is exact since
base units do not lie on one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection

from geodata import clipping, conditions, near_blind, reach, seen, sights, stretches, watch
from geodata.conditions import quoted
from geodata.copying import shapes
from geodata.earth import Floats, Shapes, lengths
from geodata.seen import Bools, Eyes
from geodata.stretches import Places
from geodata.tree import Tree
from geodata.values import Counted, Kept
from layers import DeclarationError, themes
from layers._indicator import NearBlind, Seen, SeenGround, Where
from layers._theme import Geometry, Sight, Theme

Sighted = Seen | SeenGround | NearBlind
Wanted = dict[str, tuple[Theme, Sighted]]

# Sights whose boxes touch those of units, or lie so near that a reading by distance counts them; what they see of the
# units is worked out afterwards.
_NEAR = """t.id = ANY(ARRAY(SELECT DISTINCT near."row" FROM onemap.ladder l
    CROSS JOIN LATERAL (SELECT 1 / cos(radians(greatest(abs(l.south), abs(l.north)))) AS metre) m
    CROSS JOIN LATERAL (SELECT s."row" FROM onemap.sights s WHERE s.g3857 && ST_Expand(l.g3857, :reach * m.metre) AND s.theme = :seer
        AND s.g3857 && ST_Expand(l.g3857, coalesce(s.beyond, :reach) * m.metre) OFFSET 0) near
    WHERE l.code = ANY(CAST(:codes AS text[]))))"""


def seer(theme: Theme, measure: Sighted) -> Theme:
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


def covered(connection: Connection, tree: Tree, wanted: Wanted, kept: Mapping[str, Kept]) -> dict[str, Counted]:
    """Indicators of sight for the units of the ladder.

    Parameters
    ----------
    connection : Connection
        In a transaction; the sights of current rows stand in `onemap.sights`.
    tree : Tree
        The ladder, or the part of it that is counted again.
    wanted : dict of str to (Theme, Seen, SeenGround or NearBlind)
        By the name they are kept under.
    kept : mapping of str to Kept
        What the log has, by name.

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
        mine = {name: wanted[name] for name in wanted if seers[name] is by}
        scene = _Scene(connection, tree, by, [each for _, each in mine.values()])
        done |= {name: scene.counted(theme, measure, kept[name]) for name, (theme, measure) in mine.items()}
    return done


class _Scene:
    """The sights of one theme over the ladder; reads only what the measures need."""

    def __init__(self, connection: Connection, tree: Tree, by: Theme, measures: list[Sighted]) -> None:
        self._connection, self._tree, self._by = connection, tree, by
        self._wheres = list(dict.fromkeys(each.seen_by for each in measures if isinstance(each, Seen)))
        self._known: dict[str, tuple[Any, ...]] = {}
        self._near: dict[float, Eyes] = {}
        self._ready: dict[str | None, Eyes] = {}

    def counted(self, theme: Theme, measure: Sighted, kept: Kept) -> Counted:
        """What one measure sees: ground by area, lines by length, points by number, households by where they live."""
        if isinstance(measure, NearBlind):
            return near_blind.counted(self._connection, self._tree, theme, measure, kept)
        if isinstance(measure, SeenGround):
            return self._ground_seen(measure, kept)
        if theme.geometry is Geometry.LINE:
            return self._lines_seen(theme, measure, kept)
        return self._rows_seen(theme, measure, kept)

    @cached_property
    def _sights(self) -> Any:
        """The rows that see, with their flags; of a part of the ladder, those near its base units."""
        more = {f"m{at}": where for at, where in enumerate(self._wheres)}
        only, binds = (_NEAR, {"seer": self._by.name, "codes": self._codes, "reach": reach.furthest(self._by)}) if self._tree.is_part else ("", {})
        return sights.read(self._connection, self._by, self._sight, more, only, binds)

    @property
    def _sight(self) -> Sight:
        return self._by.sight or Sight(azimuth="", angle="", far="")

    def _eyes(self, measure: Seen | SeenGround) -> Eyes:
        """What the rows see; or rings of one radius around them, for a reading that asks for nearness alone."""
        within = measure.within if isinstance(measure, Seen) else None
        if within is None and measure.purpose not in self._ready:
            self._ready[measure.purpose] = watch.eyes(self._connection, self._sight, self._sights, measure.purpose)
        if within is not None and within not in self._near:
            lon, lat, some = self._sights["lon"], self._sights["lat"], np.ones(len(self._sights))
            self._near[within] = Eyes(seen.sectors_of(lon, lat, 0 * some, 360 * some, within * some, 0 * some))
        return self._ready[measure.purpose] if within is None else self._near[within]

    def _mask(self, measure: Seen | SeenGround) -> Bools:
        rows = self._sights
        mask = np.ones(len(rows), dtype=bool)
        if isinstance(measure, Seen) and measure.seen_by:
            mask &= rows[f"m{self._wheres.index(measure.seen_by)}"] > 0
        return mask & (rows["effective"] > 0) if measure.effective else mask

    @cached_property
    def _base(self) -> Places:
        """Units that are measured on their own border and counted now."""
        return np.flatnonzero(self._tree.base() & self._tree.counted)

    @property
    def _codes(self) -> list[str]:
        codes: list[str] = self._tree.codes[self._base].tolist()
        return codes

    @cached_property
    def _ground(self) -> Shapes:
        return self._tree.ground(self._connection, self._base)

    @cached_property
    def _borders(self) -> stretches.Stretches:
        return stretches.borders(self._ground)

    def _added_up(self, amounts: Floats, own: Floats, most: Floats | None = None) -> Floats:
        """What base units have, and everything above them; `own` is what units have in which nothing was counted now."""
        own = own.copy()
        own[self._base] = amounts
        return self._tree.added_up(own, self._tree.base(), most)

    def _ground_seen(self, measure: SeenGround, kept: Kept) -> Counted:
        amounts = self._eyes(measure).ground(self._ground, self._mask(measure), self._borders, measure.least)
        own = self._tree.filled(kept.numerator).own(np.zeros(len(self._tree)), kept.numerator)
        return Counted(self._added_up(amounts, own, self._tree.area_m2), self._tree.area_m2)

    def _lines_seen(self, theme: Theme, measure: Seen, kept: Kept) -> Counted:
        name = f"{theme.name} {measure.among}"
        if name not in self._known:
            pieces = clipping.inside(self._ground, self._rows(theme, measure.among)[1])
            self._known[name] = lengths(pieces), stretches.segments(pieces)
        whole, parts = self._known[name]
        found = np.fmin(self._eyes(measure).lines(parts, self._mask(measure), measure.least), whole)
        numerator, denominator = (self._tree.own(np.zeros(len(self._tree)), each) for each in (kept.numerator, kept.denominator))
        return Counted(self._added_up(found, numerator), self._added_up(whole, denominator))

    def _rows_seen(self, theme: Theme, measure: Seen, kept: Kept) -> Counted:
        name = f"{theme.name} {measure.among}"
        if name not in self._known:
            at, points = self._rows(theme, measure.among)
            self._known[name] = at, shapely.get_x(points), shapely.get_y(points)
        at, lon, lat = self._known[name]
        found = self._eyes(measure).points(lon, lat, self._mask(measure), measure.least)
        return Counted(self._tree.summed(at[found], kept.numerator), self._tree.summed(at, kept.denominator))

    def _rows(self, theme: Theme, among: Where) -> tuple[Places, Shapes]:
        """Position of the unit that each row stands in, and the row's line or point; rows elsewhere are left out."""
        binds: dict[str, Any] = {}
        lines = theme.geometry is Geometry.LINE
        shape = "geom" if theme.geometry is not Geometry.AREA else "ST_PointOnSurface(geom)"
        question = f"""SELECT coalesce(path, ''), {shape} FROM onemap.{quoted(theme.name)} t
            WHERE geom IS NOT NULL AND {conditions.sql(theme, among, binds)} {self._only(theme, binds)} ORDER BY id"""  # noqa: S608
        paths, found = shapes(self._connection, question, binds)
        at = self._tree.positions(paths)
        return (at, found) if lines else (at[at >= 0], found[at >= 0])

    def _only(self, theme: Theme, binds: dict[str, Any]) -> str:
        """SQL for the rows that a part of the ladder needs: a line may run in units that it is not counted to."""
        if not self._tree.is_part:
            return ""
        if theme.geometry is Geometry.LINE:
            binds["codes"] = self._codes
            return f"AND t.id IN ({conditions.near_units(theme.name)})"
        binds["paths"] = self._tree.paths[self._tree.counted].tolist()
        return "AND path = ANY(CAST(:paths AS text[]))"
