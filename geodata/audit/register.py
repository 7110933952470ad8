"""Register: whether codes, names, parents, people and staff of grids agree with each other and with the units above."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from geodata.audit.cover import Places
from geodata.audit.finding import Finding
from geodata.audit.ground import Grids, Units
from geodata.earth import areas
from layers._ladder import LEVEL_NAMES, LEVELS, level_of
from layers._norms import NORMS

_DIGITS = {each.name: each.digits for each in LEVELS}
_PLACEHOLDER = re.compile(r"未命名|无名|待定|测试|test|null|none|nan|[?？.\-—_*#]+|\d+", re.IGNORECASE)
_MOST_A_HOUSEHOLD, _LEAST_A_HOUSEHOLD = 10.0, 0.5
_MOST_HOUSEHOLDS_A_STAFF, _MOST_STAFF = 500.0, 20.0
_DIFFERENT = 0.05
"""Share by which sums of parts may differ from what is on record: counts of two dates are no contradiction."""


def check(units: Units, grids: Grids, above: Places) -> Iterator[Finding]:
    """Findings in the register.

    Parameters
    ----------
    units : Units
        Everything that can stand above a grid, grids included.
    grids : Grids
    above : ndarray of int, shape (k,)
        The unit that each grid says it belongs to; -1 where there is none of that code.
    """
    for at in range(len(grids)):
        for part in _OF_ONE:
            for kind, value in part(units, grids, at, int(above[at])):
                other = units.codes[above[at]] if above[at] >= 0 else ""
                yield Finding(kind=kind, unit=str(other), key=grids.codes[at], other=str(other), value=value, shape=grids.shapes[at])
    yield from _siblings(units, grids, above)
    yield from _norms(units, grids, above)


Found = Iterator[tuple[str, Any]]


def _code(units: Units, grids: Grids, at: int, above: int) -> Found:
    code, level = str(grids.codes[at]), grids.levels[at]
    if not code.isdigit():
        yield "code_digits", code
        return
    said = level_of(code)
    if said is None:
        yield "code_length", code
    elif level and said != level:
        yield "code_level", None
    elif not int(code[_DIGITS[LEVEL_NAMES[LEVEL_NAMES.index(said) - 1]] :] or 0):
        yield "code_zero", None
    if above >= 0 and units.levels[above] in _DIGITS and above != at:
        stem = str(units.codes[above])[: _DIGITS[units.levels[above]]]
        if not code.startswith(stem):
            yield "code_prefix", None


def _parent(units: Units, grids: Grids, at: int, above: int) -> Found:
    told, level = grids.parents[at], grids.levels[at]
    if not told:
        yield "no_parent", None
    elif told == grids.codes[at]:
        yield "own_parent", None
    elif above < 0:
        yield "unknown_parent", told
    elif level in _WANTED and units.levels[above] != _WANTED[level]:
        yield "parent_level", units.levels[above]


_WANTED = {"grid": "village", "microgrid": "grid"}


def _name(_units: Units, grids: Grids, at: int, _above: int) -> Found:
    name = grids.names[at]
    if name is None or not str(name).strip():
        yield "name_missing", None
    elif _PLACEHOLDER.fullmatch(str(name).strip()):
        yield "name_placeholder", name
    elif re.search(r"\s", str(name)):
        yield "name_spaces", name


def _people(_units: Units, grids: Grids, at: int, _above: int) -> Found:
    people, households = grids.people[at], grids.households[at]
    if not grids.levels[at]:
        yield "level_missing", None
    if np.isnan(people):
        yield "people_missing", None
    if np.isnan(households):
        yield "households_missing", None
    elif households == 0 and grids.kinds[at] != "special":
        yield "households_zero", None
    elif households > people:
        yield "households_above_people", households
    elif households > 0 and not np.isnan(people) and not _LEAST_A_HOUSEHOLD <= people / households <= _MOST_A_HOUSEHOLD:
        yield "household_size", people / households


def _staff(_units: Units, grids: Grids, at: int, _above: int) -> Found:
    staff, households = grids.staff[at], grids.households[at]
    if np.isnan(staff):
        yield "staff_missing", None
    elif staff == 0:
        yield "staff_none", None
    elif staff > _MOST_STAFF:
        yield "staff_many", staff
    elif households / staff > _MOST_HOUSEHOLDS_A_STAFF:
        yield "staff_few", households / staff


_OF_ONE: tuple[Callable[[Units, Grids, int, int], Found], ...] = (_code, _parent, _name, _people, _staff)


def _siblings(units: Units, grids: Grids, above: Places) -> Iterator[Finding]:
    """What only shows beside the other parts of the same unit."""
    below: dict[int, list[int]] = defaultdict(list)
    for at, unit in enumerate(above.tolist()):
        if unit >= 0 and grids.levels[at] in _WANTED and units.levels[unit] == _WANTED[grids.levels[at]]:
            below[unit].append(at)
    for unit, mine in below.items():
        yield from _sequence(str(units.codes[unit]), units.levels[unit], units, unit, grids, mine)
        yield from _names(str(units.codes[unit]), grids, mine)
        yield from _sums(units, unit, grids, mine)


def _sequence(code: str, level: str, units: Units, unit: int, grids: Grids, mine: list[int]) -> Iterator[Finding]:
    stem = code[: _DIGITS.get(level, 0)]
    numbers = sorted({int(said[len(stem) :]) for said in (str(grids.codes[at]) for at in mine) if said.startswith(stem) and said[len(stem) :].isdigit()})
    if not numbers:
        return
    ground = {"unit": code, "shape": units.shapes[unit]}
    if numbers[0] > 1:
        yield Finding(kind="sequence_start", value=numbers[0], **ground)
    missing = sorted(set(range(max(numbers[0], 1), numbers[-1] + 1)) - set(numbers))
    if missing:
        yield Finding(kind="sequence_hole", value="、".join(str(each) for each in missing[:5]) + ("…" if len(missing) > 5 else ""), **ground)


def _names(code: str, grids: Grids, mine: list[int]) -> Iterator[Finding]:
    first: dict[str, int] = {}
    kinds = {grids.kinds[at] for at in mine}
    for at in mine:
        name = re.sub(r"\s", "", str(grids.names[at] or ""))
        if name and name in first:
            yield Finding(kind="name_repeated", unit=code, key=grids.codes[at], other=str(grids.codes[first[name]]), value=name, shape=grids.shapes[at])
        first.setdefault(name, at)
        if grids.kinds[at] is None and kinds != {None}:
            yield Finding(kind="kind_missing", unit=code, key=grids.codes[at], shape=grids.shapes[at])


def _sums(units: Units, unit: int, grids: Grids, mine: list[int]) -> Iterator[Finding]:
    for kind, told, below in (("households_differ", units.households[unit], grids.households[mine]), ("people_differ", units.people[unit], grids.people[mine])):
        total = float(below.sum())
        if not np.isnan(told) and not np.isnan(total) and abs(total - told) > max(_DIFFERENT * told, 1.0):
            yield Finding(kind=kind, unit=str(units.codes[unit]), value=total, other=f"{told:,.0f}", shape=units.shapes[unit])


def _norms(units: Units, grids: Grids, above: Places) -> Iterator[Finding]:
    """Numbers outside of each norm: all norms are asked, a reader chooses which apply."""
    values = {"households": grids.households, "staff": grids.staff, "area_km2": areas(grids.shapes) / 1e6}
    for norm in NORMS.values():
        said = f"{norm.id} {norm.title.zh}"
        if norm.level == "village":
            yield from _counts(norm.id, said, units, grids, above)
            continue
        for at in np.flatnonzero(grids.levels == norm.level):
            value = float(values[norm.of][at])
            if not np.isnan(value) and not norm.holds(value) and not (norm.general and grids.kinds[at] == "special"):
                kind = {"area_km2": "norm_area"}.get(norm.of, f"norm_{norm.of}")
                unit = str(units.codes[above[at]]) if above[at] >= 0 else ""
                yield Finding(kind=kind, unit=unit, key=grids.codes[at], other=said, value=value, norm=norm.id, shape=grids.shapes[at])


def _counts(name: str, said: str, units: Units, grids: Grids, above: Places) -> Iterator[Finding]:
    held = np.bincount(above[(above >= 0) & (grids.levels == "grid")], minlength=len(units.codes))
    for unit in np.flatnonzero((units.levels == "village") & (held > 0)):
        if not NORMS[name].holds(float(held[unit])):
            yield Finding(kind="norm_grids", unit=str(units.codes[unit]), value=float(held[unit]), other=said, norm=name, shape=units.shapes[unit])

