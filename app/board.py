"""What the store says to the board: how a unit stands to every target in force, and all about the one that is open."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from app.kept import Kept
from app.view import View
from geodata import documents, readings, targets, targets_below, units
from geodata.door import Reader
from geodata.judging import Standing, Verdict
from geodata.readings import Value
from geodata.tally_books import Keep
from geodata.target_ground import Ground, grounded
from geodata.targets_below import levels_of
from geodata.units import Unit
from layers._asked import is_owed, one_by_one

MOST = 12
"""Units that a list names; the map and the unit's own board show the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The target that is open.

    Parameters
    ----------
    standing : Standing
    worst : Verdict
        The part of its rule that the lists below are about: the first that is not met.
    levels : mapping of int to mapping of str to (int, int)
        Position of each part -> level -> units that pass, of how many.
    children : tuple of Value
        The units directly below by the indicator of `worst`, lowest first; empty at a leaf.
    failing : tuple of Value
        The units of the lowest level that fail it, lowest first, at most `MOST`.
    failing_level : str or None
        That level; None where no units can be judged.
    children_owe : bool
        Whether the children are judged by their own numbers, so that each of them passes or fails.
    """

    standing: Standing
    worst: Verdict
    levels: Mapping[int, Mapping[str, tuple[int, int]]]
    children: tuple[Value, ...] = ()
    failing: tuple[Value, ...] = ()
    failing_level: str | None = None
    children_owe: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Everything that the board shows of a view.

    Parameters
    ----------
    standings : tuple of Standing
        Every target in force, in the order of the documents.
    today : date
        The day that deadlines are held against.
    opened : Opened or None
    """

    standings: tuple[Standing, ...]
    today: date
    opened: Opened | None = None

    def shown(self, view: View) -> tuple[Standing, ...]:
        """The standings that pass the view's filters."""
        return tuple(each for each in self.listed(view) if view.state in (None, each.state))

    def listed(self, view: View) -> tuple[Standing, ...]:
        """The same without the filter of the state: what the counts at the top speak of."""
        return tuple(each for each in self.standings if _listed(view, each))


def _listed(view: View, standing: Standing) -> bool:
    target = standing.target
    return (
        view.document in (None, target.document) and (view.lead is None or view.lead in target.lead)
        and (view.level is None or view.level in target.levels)
    )  # fmt: skip


def board(reader: Reader, view: View, unit: Unit, versions: Mapping[str, int], kept: Kept) -> Board:
    """The board of a unit.

    Parameters
    ----------
    reader : Reader
    view : View
        With its unit followed.
    unit : Unit
    versions : mapping of str to int
        Of the reader's data.
    kept : Kept
        Standings of before: a filter asks nothing of the store.
    """
    ground = _ground(reader, view, versions, kept)
    found = _standings(reader, view, unit, versions, kept, ground)
    made = Board(standings=found, today=reader.scope.day or date.today())
    if view.target is None:
        return made
    standing = next(each for each in found if each.target.id == view.target)
    asking = Asking(reader, unit, view.definition, ground, kept.get)
    opened = kept.get((*_known(reader, view, unit, versions), view.target), lambda: _opened(asking, standing), lambda each: 20)
    return replace(made, opened=opened)


def standings(reader: Reader, view: View, unit: Unit, versions: Mapping[str, int], kept: Kept) -> tuple[Standing, ...]:
    """How a unit stands to every target in force; see `board`."""
    return _standings(reader, view, unit, versions, kept, _ground(reader, view, versions, kept))


def _ground(reader: Reader, view: View, versions: Mapping[str, int], kept: Kept) -> Ground:
    return kept.get(("ground", *_alike(reader, view, versions)), lambda: grounded(reader, view.definition), lambda each: len(each.days))


def _standings(reader: Reader, view: View, unit: Unit, versions: Mapping[str, int], kept: Kept, ground: Ground) -> tuple[Standing, ...]:
    make = partial(targets.standings, reader, unit, view.definition, ground=ground, keep=kept.get)
    return kept.get(_known(reader, view, unit, versions), make, len)


def _known(reader: Reader, view: View, unit: Unit, versions: Mapping[str, int]) -> tuple[Hashable, ...]:
    """Everything that standings stand on; after a load, and on the next day, the same question has another name."""
    return ("standings", unit.code, *_alike(reader, view, versions))


def _alike(reader: Reader, view: View, versions: Mapping[str, int]) -> tuple[Hashable, ...]:
    """The same for all units."""
    return reader.scope, view.definition, reader.scope.day or date.today(), tuple(sorted(versions.items()))


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked about the open target: of which unit, under which definition, and where answers are kept."""

    reader: Reader
    unit: Unit
    definition: str
    ground: Ground
    keep: Keep


def _opened(asking: Asking, standing: Standing) -> Opened:
    reader, unit = asking.reader, asking.unit
    worst = next((each for each in standing.parts if each.state not in ("met", "none")), standing.parts[0])
    counts = targets_below.passing(reader, unit, [standing.target], asking.ground, asking.keep)
    levels = {at: each for (_, at), each in counts.items()}
    name = worst.rule.by
    if name is None or worst.numbers.reason in ("rows", "field", "unmeasured"):
        return Opened(standing=standing, worst=worst, levels=levels)
    children = () if unit.children == 0 else lowest(readings.of_children(reader, name, unit.code, asking.definition))
    level, failing = _failing(asking, standing, worst)
    owe = bool(children) and _owes(standing, worst, unit, units.unit(reader, children[0].code).level)
    return Opened(
        standing=standing, worst=worst, levels=levels, children=children, failing=failing, failing_level=level, children_owe=owe
    )


def _owes(standing: Standing, worst: Verdict, unit: Unit, level: str) -> bool:
    """Whether units of a level are judged by their own numbers: not where only those below them are."""
    return level in levels_of(standing.target, worst.rule, unit) and one_by_one(worst.rule) in (None, level)


def _failing(asking: Asking, standing: Standing, worst: Verdict) -> tuple[str | None, tuple[Value, ...]]:
    """Units of the lowest level that can be judged and that the unit holds; a number that is shared out fails nobody by itself."""
    held = units.levels_below(asking.reader, asking.unit)
    judged = [each for each in levels_of(standing.target, worst.rule, asking.unit) if each in held]
    if not judged or worst.rule.by is None or is_owed(worst.rule):
        return None, ()
    failing = targets_below.failing(asking.reader, asking.unit, judged[-1], worst.rule, asking.ground, MOST, asking.keep)
    return judged[-1], failing


def lowest(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Values from low to high, the larger denominator first among equals; those that are not known are left out."""
    known = [each for each in values if each.value is not None]
    return tuple(sorted(known, key=lambda each: (each.value, -(each.denominator or 0), each.code)))


def leads(standings: tuple[Standing, ...]) -> tuple[str, ...]:
    """Every unit in charge, in the order of the documents."""
    return tuple(dict.fromkeys(name for each in standings for name in each.target.lead))


def conflicting(target: str) -> tuple[str, ...]:
    """Ids of the targets that contradict one, itself included where its document does."""
    pairs = [each.targets for each in documents.conflicts() if target in each.targets]
    return tuple(dict.fromkeys(other for pair in pairs for other in pair))
