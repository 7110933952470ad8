"""The register of a theme in a unit (台账): every row with its place and the load that brought it, and its totals, as on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geodata import units
from geodata.conditions import quoted
from geodata.counted_rows import INSIDE
from geodata.door import Reader
from geodata.errors import UnknownCollection
from geodata.on_day import source
from layers import Theme, themes


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the totals.

    Parameters
    ----------
    state : str or None
        Choice of the field that the theme's style goes by; None of rows without one, or where there is no such field.
    n : int
        Rows.
    sums : mapping of str to float or None
        Field -> its sum; None where no row tells it.
    """

    state: str | None
    n: int
    sums: Mapping[str, float | None]


def totals(reader: Reader, theme: Theme, code: str) -> tuple[Entry, ...]:
    """How many rows of each state a unit has, and what the numbers of the theme's ledger add up to.

    Parameters
    ----------
    reader : Reader
        Whose area and day count.
    theme : Theme
    code : str
        Of the unit.

    Raises
    ------
    UnknownUnit
        There is no such unit in the reader's area.
    """
    state = f"t.{quoted(theme.style.by)}" if theme.style.by else "NULL::text"
    sums = "".join(f", sum(t.{quoted(name)})::float8 AS {quoted(name)}" for name in theme.ledger)
    question = f"""SELECT {state} AS state_, count(*) AS n_{sums} FROM {source(theme, reader.scope.day)} t
        WHERE {INSIDE} GROUP BY 1 ORDER BY 1"""  # noqa: S608 - declared names
    found = reader.all(question, path=units.unit(reader, code).path, day=reader.scope.day)
    return tuple(Entry(row["state_"], row["n_"], {name: row[name] for name in theme.ledger}) for row in found)


MOST = 200_000
"""Rows of a register; a sheet holds a million, a reader's patience less."""


def register(reader: Reader, theme: Theme, code: str) -> Sequence[Mapping[str, Any]]:
    """The rows of a theme inside a unit, by unit and key.

    Parameters
    ----------
    reader : Reader
        Whose area and day count.
    theme : Theme
    code : str
        Of the unit.

    Returns
    -------
    sequence of mapping
        Every field by its name, and unit_, since_, file_, row_ (name of the unit, data date, file and row).

    Raises
    ------
    UnknownCollection
        The reader is a guest, who sees no single rows.
    UnknownUnit
        There is no such unit in the reader's area.
    """
    if reader.scope.discreet and theme.rung is None:
        raise UnknownCollection(theme.name, [each.name for each in themes().values() if each.rung])
    names = ", ".join(f"t.{quoted(each.name)}" for each in theme.fields)
    question = f"""SELECT {names}, u.name AS unit_, t.since AS since_, l.file AS file_, t.row_no AS row_
        FROM {source(theme, reader.scope.day)} t LEFT JOIN onemap.ladder u ON u.code = t.unit LEFT JOIN onemap.loads l ON l.id = t.load_id
        WHERE {INSIDE} ORDER BY t.unit, t.key LIMIT {MOST}"""  # noqa: S608 - declared names
    return reader.all(question, path=units.unit(reader, code).path, day=reader.scope.day)
