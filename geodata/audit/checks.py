"""All checks of an audit over one ground, and which tests of a standard grid each grid fails."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import shapely

from geodata.audit import cover, register
from geodata.audit.cover import Places
from geodata.audit.finding import Finding
from geodata.audit.ground import Grids, Ground, Units
from layers._audit import DEFECTS, TESTS, mask_of


def audit(ground: Ground) -> list[Finding]:
    """Every finding, by unit, kind and grid.

    Parameters
    ----------
    ground : Ground

    Returns
    -------
    list of Finding
        Norms are all asked: a reader chooses which of them apply.
    """
    grids = ground.grids
    if not len(grids):
        return []
    above_them = _together(ground.units, grids)
    above = _above(above_them, grids)
    found = [*register.check(above_them, grids, above), *cover.shapes(grids, above_them.codes, above)]
    found += _level(above_them, grids, above, "village", "grid")
    found += [each for each in _level(above_them, grids, above, "grid", "microgrid") if each.kind != "no_grids"]
    order = list(DEFECTS)
    return sorted(found, key=lambda each: (each.unit, order.index(each.kind), each.key or "", each.other))


def _together(units: Units, grids: Grids) -> Units:
    """Everything that can stand above a grid."""
    pairs = ((units.codes, grids.codes), (units.names, grids.names), (units.levels, grids.levels),
             (units.households, grids.households), (units.people, grids.people), (units.shapes, grids.shapes))  # fmt: skip
    return Units(*(np.concatenate(each) for each in pairs))


def _above(units: Units, grids: Grids) -> Places:
    where = {code: at for at, code in enumerate(units.codes)}
    return np.array([where.get(parent, -1) for parent in grids.parents], dtype=np.intp)


def _level(units: Units, grids: Grids, above: Places, upper: str, lower: str) -> list[Finding]:
    """Whether the parts of one level cover the units of the level above."""
    holds = np.flatnonzero((units.levels == upper) & ~shapely.is_missing(units.shapes))
    mine = (grids.levels == lower) & ~shapely.is_missing(grids.shapes)
    if not len(holds) or not mine.any():
        return []
    place = np.full(len(units.codes) + 1, -1)
    place[holds] = np.arange(len(holds))
    return list(cover.check(units.codes[holds], units.shapes[holds], grids.where(mine), place[above[mine]]))


def failed(findings: Sequence[Finding]) -> Mapping[str, int]:
    """The tests that each grid fails, as the sum of their bits; grids that fail none are left out.

    Parameters
    ----------
    findings : sequence of Finding
        Of `audit`.

    Returns
    -------
    dict of str to int
        By the grid's code. Both grids of an overlap fail.
    """
    of_kind: dict[str, int] = defaultdict(int)
    for test, kinds in TESTS.items():
        for kind in kinds:
            of_kind[kind] |= mask_of((test,))
    marks: dict[str, int] = defaultdict(int)
    for each in findings:
        bits = of_kind.get(f"{each.kind}:{each.norm}" if each.norm else each.kind, 0)
        for code in (each.key, each.other if each.kind.startswith(("overlap", "same_shape")) else None):
            if code and bits:
                marks[code] |= bits
    return dict(marks)
