"""What the store says to one view: read through the door in one snapshot, handed to the panels as plain facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import layers
from app.beside import Beside, Offered, ToReview, beside, offered, to_review
from app.board import Board, board, standings
from app.choices import asked_for
from app.errors import ViewProblem
from app.explaining import explained
from app.kept import Common, Kept
from app.ledgers import Ledgers, ledgers
from app.marks import Shading
from app.palette import Flavour, worn
from app.view import View
from app.words import word
from geodata import heat, indicators, loads, people, readings, rows, seen_tiles, spread, tiles, units
from geodata.audit.kept import Told, told
from geodata.door import Reader
from geodata.errors import UnknownRow, UnknownUnit
from geodata.explaining import Explanation
from geodata.indicators import Figure
from geodata.judging import STATES, Standing
from geodata.loads import Load
from geodata.measured import measured
from geodata.readings import Value
from geodata.rows import Row
from geodata.spread import Stand
from geodata.units import Unit
from layers._text import Text


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """Everything that a page shows of a view.

    Parameters
    ----------
    view : View
        What is really shown: the view asked for, without what does not exist.
    home, unit : Unit
        Where the map begins, and the unit in view.
    path : tuple of Unit
        From home to the unit in view, both included.
    children : tuple of Unit
        The units that are coloured: directly below, or of the level that the view names; empty at a leaf.
    levels : tuple of str
        Levels of which the unit holds any, top first.
    counts : mapping of str to int
        Rows of each theme inside the unit.
    states : mapping of str to mapping of str to int
        Of each theme that is on and styled by a choice: choice -> rows inside the unit.
    figures : tuple of Figure
        Every indicator of the unit (`geodata.indicators.card`).
    values : tuple of Value
        The indicator in view for each child, or for the unit itself at a leaf.
    readings : mapping of str to tuple of Value
        The indicator in view under each of its definitions, for the units that are drawn; empty where it has but one,
        where nobody can choose (a wall), and where many are drawn.
    trend : tuple of (date, value)
        The indicator in view, day by day.
    row : Row or None
        The row whose card is open.
    loads : mapping of str to Load
        The newest load of each theme.
    versions : mapping of str to int
        Version of each tile layer.
    breaks : mapping of str to tuple of float
        Where classes of density begin, by the entry of each heat map that is on.
    peopled : bool
        Whether the map knows where people live; asked for only with a heat map.
    stands : tuple of Stand
        How the units below stand in every indicator that a policy asks for; on a wall only.
    hour : int
        Of the clock where the page is seen.
    problems : tuple of ViewProblem
        What could not be followed.
    board : Board or None
        The targets, on the page that lists them.
    standings : tuple of Standing
        How the unit stands to every target in force.
    explained : Explanation or None
        The number that is opened.
    to_review, beside, offered, audited, ledgers
        See `app.beside`; `geodata.audit.kept`; `app.ledgers`, of what is shown.
    """

    view: View
    home: Unit
    unit: Unit
    path: tuple[Unit, ...]
    children: tuple[Unit, ...] = ()
    levels: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    states: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    figures: tuple[Figure, ...] = ()
    values: tuple[Value, ...] = ()
    readings: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    trend: tuple[tuple[date, float | None], ...] = ()
    row: Row | None = None
    loads: Mapping[str, Load]
    versions: Mapping[str, int]
    breaks: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    peopled: bool = False
    stands: tuple[Stand, ...] = ()
    hour: int = 12
    problems: tuple[ViewProblem, ...] = ()
    board: Board | None = None
    standings: tuple[Standing, ...] = ()
    explained: Explanation | None = None
    to_review: ToReview = field(default_factory=dict)
    beside: Beside | None = None
    offered: Offered | None = None
    audited: Told | None = None
    ledgers: Ledgers = field(default_factory=dict)

    @cached_property
    def lights(self) -> dict[str, str]:
        """The state of the targets as far as they go by an indicator, the worst of several: what else a target asks is not its fault."""
        found: dict[str, str] = {}
        for standing in self.standings:
            for part in standing.parts if standing.state != "none" else ():
                if part.rule.by and part.state != "none":
                    found[part.rule.by] = max(part.state, found.get(part.rule.by, part.state), key=STATES.index)
        return found

    @property
    def parent(self) -> Unit | None:
        """The unit above; None at home."""
        return self.path[-2] if len(self.path) > 1 else None

    @property
    def drawn(self) -> tuple[Unit, ...]:
        """The units that are coloured: the children, or the unit itself at a leaf."""
        return self.children or (self.unit,)

    @property
    def flavour(self) -> Flavour:
        """The colours of the page."""
        return worn(self.view.page, self.view.flavour, self.hour)

    @property
    def coloured(self) -> dict[int, float | None]:
        """The indicator in view by ladder id, for every unit that is drawn."""
        return {each.id: each.value for each in self.values}

    @property
    def as_of(self) -> date | None:
        """The day of the newest data of any theme."""
        days = [each.as_of for each in self.loads.values() if each.as_of]
        return max(days, default=None)


def look(reader: Reader, view: View, kept: Kept | None = None) -> Outlook:
    """The outlook of a view.

    Parameters
    ----------
    reader : Reader
    view : View
    kept : Kept, optional
        Outlooks of before; what stands on the same data is not asked of the store again.

    Returns
    -------
    Outlook
        A unit or row that does not exist is left out of its view and named in its problems.

    Raises
    ------
    StoreError
        The store is down, or holds no units yet.
    """
    kept = kept or Kept()
    view = view.before_guests() if reader.scope.discreet else view
    versions = tiles.versions(reader)
    known = (reader.scope, tuple(sorted(versions.items())), date.today())  # states of targets change at midnight
    common = Common(kept, known)
    return kept.get((view, *known), lambda: _look(reader, view, versions, kept, common), lambda made: 20 + len(made.children))


def _look(reader: Reader, view: View, versions: Mapping[str, int], kept: Kept, common: Common) -> Outlook:
    home = common("home", lambda: units.home(reader))
    fresh = common("freshness", lambda: loads.freshness(reader))
    view, path, lost = _path(reader, view, home)
    if view.page == "board":
        return Outlook(
            view=view, home=home, unit=path[-1], path=path, levels=units.levels_below(reader, path[-1]), loads=fresh,
            versions=versions, problems=lost, board=board(reader, view, path[-1], versions, kept), to_review=to_review(reader, view, path[-1], (), common),
        )
    row, lost_row = _row(reader, view)
    unit = path[-1]
    view, children, read, none_below = _drawn(reader, view, unit, versions, kept, _definitions(view))
    values = read[layers.indicator(view.counted)[1].applied(view.definition)]
    opened, slow = _opened(reader, view, unit.code, kept, versions)
    laid, not_there = _laid(reader, view, unit)
    known = common("measured", lambda: measured(reader))
    trend = indicators.trend(reader, view.counted, unit.code, view.definition, known)
    counts, states = rows.counted(reader, unit.code, [name for name in view.themes if name in layers.themes()])
    return Outlook(
        view=view if row is not None else view.unpicked(), home=home, unit=unit, path=path, children=children, levels=units.levels_below(reader, unit),
        counts=counts, states=states, ledgers=ledgers(reader, view, unit),
        figures=indicators.card(reader, unit.code, view.definition, known), values=values, readings=read if len(read) > 1 and len(values) <= MOST_READ else {},
        trend=trend, row=row, to_review=to_review(reader, view, unit, values, common), beside=laid, offered=offered(reader, unit, trend, common),
        loads=fresh, versions=versions, breaks=_breaks(reader, view), peopled=view.kind == "heat" and bool(people.read(reader)), standings=standings(reader, view, unit, versions, kept),
        stands=_stands(reader, view, unit), explained=opened, audited=told(reader, unit.path) if view.kind == "audit" and view.day is None else None, problems=lost + lost_row + none_below + slow + not_there,
    )


def _laid(reader: Reader, view: View, unit: Unit) -> tuple[Beside | None, tuple[ViewProblem, ...]]:
    try:
        return beside(reader, view, unit), ()
    except UnknownUnit:
        return None, (_problem("unknown.against", code=view.against or ""),)


def _opened(reader: Reader, view: View, code: str, kept: Kept, versions: Mapping[str, int]) -> tuple[Explanation | None, tuple[ViewProblem, ...]]:
    if view.explain is None or view.page != "desk":
        return None, ()
    found = explained(reader, view, code, kept, (reader.scope, tuple(sorted(versions.items()))))
    return (found, ()) if found else (None, (_problem("explain.slow"),))


def colours(reader: Reader, view: View, versions: Mapping[str, int], kept: Kept) -> tuple[View, tuple[Unit, ...], tuple[Value, ...]]:
    """Only what colours the map: the view as it can be followed, the units that are drawn, and their values.

    Parameters
    ----------
    reader : Reader
    view : View
    versions : mapping of str to int
        Of the reader's data.
    kept : Kept
    """
    view, path, _ = _path(reader, view, units.home(reader))
    own = layers.indicator(view.counted)[1].applied(view.definition)
    followed, children, read, _ = _drawn(reader, view, path[-1], versions, kept, (own,))
    return followed, children or path[-1:], read[own]


Drawn = tuple[View, tuple[Unit, ...], dict[str, tuple[Value, ...]], tuple[ViewProblem, ...]]

MOST_READ = 400
"""Units whose numbers are laid side by side under each definition; more are no list that anybody reads."""


def _drawn(
    reader: Reader, view: View, unit: Unit, versions: Mapping[str, int], kept: Kept, definitions: tuple[str, ...]
) -> Drawn:
    """The units that are coloured and their values under definitions; the children where the level in the view holds none."""
    level, name = view.level, view.counted
    if level:
        ground = (reader.scope, versions.get("ladder"), unit.code, level)
        found = kept.get(("below", *ground), lambda: units.below(reader, unit, level), len)
        if found:
            own = layers.indicator(name)[1].applied(view.definition)
            asked = definitions if len(found) <= MOST_READ else (own,)
            counted = (*ground, versions.get("indicators"), name, asked)
            return view, found, kept.get(counted, lambda: readings.readings_of_level(reader, name, unit, level, asked), lambda made: len(found) * len(made)), ()
    lost = (_problem("unknown.level", level=level),) if level else ()
    plain = view.colouring(None)
    return plain, units.children(reader, unit.code), readings.readings_of_children(reader, name, unit.code, definitions), lost


def _path(reader: Reader, view: View, home: Unit) -> tuple[View, tuple[Unit, ...], tuple[ViewProblem, ...]]:
    if view.unit is None or view.unit == home.code:
        return replace(view, unit=None), (home,), ()
    try:
        return view, _from_home(units.path(reader, view.unit), home), ()
    except UnknownUnit:
        return view.entered(None), (home,), (_problem("unknown.unit", code=view.unit),)


def _from_home(path: tuple[Unit, ...], home: Unit) -> tuple[Unit, ...]:
    """A second root has a path of its own; it begins at itself."""
    codes = [each.code for each in path]
    return path[codes.index(home.code):] if home.code in codes else path


def _row(reader: Reader, view: View) -> tuple[Row | None, tuple[ViewProblem, ...]]:
    if view.row is None or view.guest:
        return None, ()
    try:
        return rows.row(reader, *view.row), ()
    except UnknownRow:
        return None, (_problem("unknown.row", row="/".join(view.row)),)


MOST_READ = 400
"""Units whose numbers are laid side by side under each definition; more are no list that anybody reads."""


def _definitions(view: View) -> tuple[str, ...]:
    """Those under which the indicator in view is read: each one that it declares, where a reader can lay them side by side."""
    _, indicator = layers.indicator(view.counted)
    return tuple(indicator.definitions) if view.page == "desk" else (indicator.applied(view.definition),)


def _stands(reader: Reader, view: View, unit: Unit) -> tuple[Stand, ...]:
    return spread.below(reader, asked_for(), unit.code, view.definition) if view.page == "wall" else ()


def _breaks(reader: Reader, view: View) -> dict[str, tuple[float, ...]]:
    shading, found = Shading(view.heat, view.per, view.sight), {}
    for entry in view.themes:
        name, _, part = entry.partition(":")
        if part == "heat":
            found[entry] = heat.breaks(reader, layers.theme(name), shading.part)
        elif part == "blind":
            found[entry] = seen_tiles.breaks(reader, layers.theme(name), shading.blind)
    return found


def _problem(key: str, **values: str) -> ViewProblem:
    return ViewProblem(Text(word(key, "zh", **values), word(key, "en", **values)))
