"""How the units below one stand to a target, each judged by itself: how many of each level pass, and which fail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from geodata import units
from geodata.door import Reader
from geodata.readings import Value, known_of
from geodata.tallies import Asked, counts, worst
from geodata.tally_books import Keep, booked
from geodata.target_ground import Ground
from geodata.units import Unit
from geodata.values import nothing
from layers._asked import CountAtLeast, Simple, is_owed, one_by_one, parts, unit_ends
from layers._ladder import LEVEL_NAMES
from layers._target import Target


def levels_of(target: Target, rule: Simple, unit: Unit) -> tuple[str, ...]:
    """The levels below a unit whose units can be judged by a part of a target, top first."""
    own = target.levels[0] if is_owed(rule) else one_by_one(rule)
    owing = {own} if own else set(LEVEL_NAMES)
    start, end = LEVEL_NAMES.index(unit.level), LEVEL_NAMES.index(own or target.levels[1])
    return tuple(each for each in LEVEL_NAMES[start + 1 : end + 1] if each in owing)


Counts = dict[tuple[str, int], dict[str, tuple[int, int]]]
"""Target id and position of the part -> level -> units that pass, units that are known."""


def passing(reader: Reader, unit: Unit, asked: Sequence[Target], ground: Ground, keep: Keep | None = None) -> Counts:
    """How many units of each level inside a unit pass each part of targets, of those whose value is known.

    Parameters
    ----------
    reader : Reader
    unit : Unit
    asked : sequence of Target
    ground : Ground
    keep : Keep, optional
        Where books of tallies are kept; without it the log is asked.
    """
    found: Counts = {}
    left: list[tuple[tuple[str, int], Asked]] = []
    for target, at, rule, name in _known_parts(asked, ground):
        for level in levels_of(target, rule, unit):
            made = booked(reader, ground, keep, rule, name, level)
            if made is None:
                left.append(((target.id, at), _asked(ground, rule, name, level)))
            elif numbers := made.now(unit.path):
                found.setdefault((target.id, at), {})[level] = numbers
    counted = counts(reader, unit, [each for _, each in left]) if left else {}
    for place, numbers in counted.items():
        key, each = left[place]
        found.setdefault(key, {})[each.level] = numbers
    return {key: {name: levels[name] for name in LEVEL_NAMES if name in levels} for key, levels in found.items()}


def _known_parts(asked: Iterable[Target], ground: Ground) -> Iterator[tuple[Target, int, Simple, str]]:
    """Each part of a target whose indicator says something, with its position and the indicator's name."""
    for target in asked:
        for at, rule in enumerate(parts(target.rule)):
            if rule.by and rule.by in ground.days:
                yield target, at, rule, rule.by


def _asked(ground: Ground, rule: Simple, name: str, level: str) -> Asked:
    low, high = unit_ends(rule)
    counted = isinstance(rule, CountAtLeast) and rule.units
    return Asked(name, ground.applied[name], level, low, high, nothing(ground.measures[name]), counted, getattr(rule, "people_from", 0))


def failing(
    reader: Reader, unit: Unit, level: str, rule: Simple, ground: Ground, most: int, keep: Keep | None = None,
) -> tuple[Value, ...]:  # fmt: skip
    """The units of a level inside a unit that fail a part of a target, lowest first, then the larger denominator.

    Parameters
    ----------
    reader : Reader
    unit : Unit
    level : str
    rule : Simple
        That goes by an indicator.
    ground : Ground
    most : int
        How many at most.
    keep : Keep, optional
        Where books of tallies are kept; without it the log is asked.
    """
    name = rule.by
    if name is None or name not in ground.days:
        return ()
    made = booked(reader, ground, keep, rule, name, level)
    told = worst(reader, unit, _asked(ground, rule, name, level), most) if made is None else made.worst(unit.path, most)
    named = units.called(reader, [code for code, *_ in told])
    return tuple(Value(named[code][0], code, named[code][1], *known_of(*numbers)) for code, *numbers in told)
