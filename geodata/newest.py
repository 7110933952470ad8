"""The newest numbers that the log of indicators has of the units of a tree: looked up one by one for few, read in the order of its key for many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geodata.copying import copy_out, numbers
from geodata.tree import Positions, Tree
from geodata.values import Kept, nothing, parted
from layers._indicator import Measure, SeenGround, Together, UnitsHaving


def kept(connection: Connection, tree: Tree, measures: Mapping[str, Measure]) -> dict[str, Kept]:
    """The newest numbers that the log has.

    Parameters
    ----------
    connection : Connection
    tree : Tree
        Whose units are asked for; where a measure only adds up, those alone that `Tree.own` asks for.
    measures : mapping of str to Measure
        Names of indicators, and what they count.

    Returns
    -------
    dict of str to Kept
    """
    found = {name: _nothing_yet(measure, len(tree)) for name, measure in measures.items()}
    # A unit that has something is one by itself, whatever lies below: its own part of its number is not known.
    alone = {name: found[name] for name, each in measures.items() if isinstance(each, (UnitsHaving, Together))}
    _fill(connection, tree, np.ones(len(tree), dtype=bool), alone)
    _fill(connection, tree, tree.asked, {name: each for name, each in found.items() if name not in alone})
    for name, each in measures.items():
        if isinstance(each, SeenGround) and tree.is_part:
            _fill(connection, tree, tree.filled(found[name].numerator).asked & ~tree.asked, {name: found[name]})
    return found


def _fill(connection: Connection, tree: Tree, which: NDArray[np.bool_], found: Mapping[str, Kept]) -> None:
    """Write what the log has of some units into the numbers of indicators."""
    at = np.flatnonzero(which)
    if not found or not len(at):
        return
    name_at, place, numerator, denominator, days = _latest(connection, tree, at, [parted(name) for name in found])
    starts = np.searchsorted(name_at, np.arange(len(found) + 1))
    for each, start, end in zip(found.values(), starts, starts[1:], strict=False):
        each.numerator[place[start:end]] = numerator[start:end]
        each.denominator[place[start:end]] = denominator[start:end]
        each.since[place[start:end]] = days[start:end].astype(np.int64).astype("datetime64[D]")  # type: ignore[index]


def _nothing_yet(measure: Measure, units: int) -> Kept:
    _, *numbers = nothing(measure)
    numerator, denominator = (np.full(units, np.nan if each is None else each) for each in numbers)
    return Kept(numerator, denominator, np.full(units, np.datetime64("NaT", "D")))


_FEW, _SHARE = 2_000, 8
"""Units that are looked up one by one, or one in so many of the ladder's; the numbers of more are read in the order of the key."""

_ASKED = """unnest(CAST(:names AS text[]), CAST(:definitions AS text[])) WITH ORDINALITY AS asked (indicator, definition, which)"""

_DAYS = "newest.day - DATE '1970-01-01' AS days"

_OF_FEW = f"""SELECT which, place, numerator, denominator, {_DAYS} FROM {_ASKED}, unnest(CAST(:units AS text[])) WITH ORDINALITY AS u (unit, place),
    LATERAL (SELECT i.numerator, i.denominator, i.day FROM onemap.indicators i WHERE i.indicator = asked.indicator
        AND i.definition = asked.definition AND i.unit = u.unit ORDER BY i.day DESC LIMIT 1) newest"""  # noqa: S608 - a constant

_OF_ALL = f"""SELECT which, unit, numerator, denominator, {_DAYS} FROM {_ASKED},
    LATERAL (SELECT DISTINCT ON (i.unit) i.unit, i.numerator, i.denominator, i.day FROM onemap.indicators i
        WHERE i.indicator = asked.indicator AND i.definition = asked.definition ORDER BY i.unit DESC, i.day DESC) newest"""  # noqa: S608


_LATEST_KINDS = {"which": pa.int64(), "unit": pa.string(), "numerator": pa.float64(), "denominator": pa.float64(), "days": pa.int64()}


def _latest(connection: Connection, tree: Tree, at: Positions, asked: list[tuple[str, str]]) -> tuple[NDArray[Any], ...]:
    """The newest numbers that are kept: which of the names, where in the tree, numerator, denominator and days since 1970; by name."""
    names: dict[str, Any] = {"names": [each for each, _ in asked], "definitions": [own for _, own in asked]}
    few = len(at) <= _FEW or len(at) * _SHARE <= _units(connection)
    columns = _one_by_one(connection, tree, at, names) if few else _in_order(connection, tree, names)
    order = np.argsort(columns[0], kind="stable")
    return columns[0][order] - 1, *(each[order] for each in columns[1:])


def _one_by_one(connection: Connection, tree: Tree, at: Positions, names: dict[str, Any]) -> tuple[NDArray[Any], ...]:
    rows = numbers(connection, _OF_FEW, ("which", "place", "numerator", "denominator", "days"), names | {"units": tree.codes[at].tolist()})
    return rows["which"], at[rows["place"].astype(np.intp) - 1], rows["numerator"], rows["denominator"], rows["days"]


def _in_order(connection: Connection, tree: Tree, names: dict[str, Any]) -> tuple[NDArray[Any], ...]:
    rows = copy_out(connection, _OF_ALL, names, _LATEST_KINDS)
    place = _places(tree, rows["unit"])
    columns = [np.asarray(rows[name])[place >= 0] for name in ("which", "numerator", "denominator", "days")]
    return columns[0], place[place >= 0], *columns[1:]


def _units(connection: Connection) -> int:
    return int(connection.execute(text("SELECT count(*) FROM onemap.ladder")).scalar_one())


def _places(tree: Tree, units: pa.ChunkedArray) -> NDArray[np.intp]:
    """Where units stand in a tree; -1 where it has none of that code."""
    return pc.index_in(units, pa.array(tree.codes, pa.string())).fill_null(-1).to_numpy().astype(np.intp)
