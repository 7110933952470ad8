"""The statement of a number: SQL with every value written in that gives the same number to whoever runs it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from geodata import blind_rows, counted_rows, seen_rows
from geodata.conditions import quoted
from geodata.counted_rows import Listing
from geodata.door import Reader
from geodata.on_day import source
from geodata.units import Unit
from geodata.written import written
from layers import Theme
from layers import theme as declared
from layers._indicator import NearBlind, Reached, Seen, SeenGround


@dataclass(frozen=True, slots=True)
class Statement:
    """How a number is made, as SQL.

    Parameters
    ----------
    number : str
        One line: numerator, denominator, value.
    rows : str
        The rows that make it, in the columns of `geodata.counted_rows.COLUMNS`; those of the numerator first.
    added_up : bool
        Whether `rows` are the units below with their kept numbers, as nobody waits for the rows themselves.
    checked : str
        What is run while a reader waits: `number` itself; or, where that takes long, the sum of the units below.
    sights, assumed : int
        Sectors that look at the unit, and how many of them are in part assumed.
    """

    number: str
    rows: str
    added_up: bool = False
    checked: str = ""
    sights: int = 0
    assumed: int = 0


def statement(reader: Reader, name: str, theme: Theme, measure: Any, unit: Unit, definition: str = "default") -> Statement:
    """The statement of an indicator of a unit.

    Parameters
    ----------
    reader : Reader
        Whose day counts.
    name : str
        "theme.indicator".
    theme : Theme
    measure : Measure
        That holds under the definition.
    unit : Unit
    definition : str

    Returns
    -------
    Statement
    """
    deepest = int(reader.value("SELECT coalesce(max(depth), 0) FROM onemap.ladder") or 0)
    if isinstance(measure, (NearBlind, Reached)):
        found = blind_rows.listing(reader, theme, measure, unit)
    elif isinstance(measure, (Seen, SeenGround)):
        found = seen_rows.listing(reader, theme, measure, unit)
    else:
        found = counted_rows.listing(theme, measure, unit, reader.scope.day, deepest)
    if found is not None and not (found.patient and unit.children):  # a leaf has nothing below to be added up
        return Statement(number := _number(found), _rows(found), checked=number, sights=found.sights, assumed=found.assumed)
    below = _below(reader, name, unit, definition)
    if found is None:
        return below
    return replace(below, number=_number(found), sights=found.sights, assumed=found.assumed)


def silent(made: Statement, lacks: str, day: date | None) -> Statement:
    """The statement of a number that lacks what it is counted from: it looks for that first, and says nothing without it.

    Parameters
    ----------
    made : Statement
    lacks : str
        A theme, or "theme.field" (`geodata.lacking`).
    day : date or None
        None for now.
    """
    name, _, field = lacks.partition(".")
    told = f" AND t.{quoted(declared(name).field(field).name)} IS NOT NULL" if field else ""
    there = written(f"SELECT EXISTS (SELECT FROM {source(declared(name), day)} t WHERE true{told}) AS there", {"day": day})  # noqa: S608
    said = ", ".join(f"CASE WHEN there THEN {each} END AS {each}" for each in ("numerator", "denominator", "value"))
    number = f"SELECT {said}\nFROM ({made.number.rstrip(';')}) AS counted,\n({there}) AS looked;"
    return replace(made, number=number, checked=number)


def _tables(found: Listing) -> str:
    named = {**found.before, "counted_rows": found.rows}
    return "WITH " + ",\n".join(f"{name} AS MATERIALIZED (\n  {question}\n)" for name, question in named.items())


def _number(found: Listing) -> str:
    denominator = found.denominator or "NULL::float8"
    value = "numerator / nullif(denominator, 0)" if found.denominator else "numerator"
    rows = "" if found.numerator.startswith("(SELECT") else " FROM counted_rows"  # one line, also of a union of all rows
    asked = f"SELECT {found.numerator}::float8 AS numerator, ({denominator})::float8 AS denominator{rows}"
    return written(f"{_tables(found)}\nSELECT numerator, denominator, {value} AS value\nFROM ({asked}) AS number;", found.values)


def _rows(found: Listing) -> str:
    return written(f"{_tables(found)}\nSELECT * FROM counted_rows ORDER BY counted DESC, key", found.values)


def _below(reader: Reader, name: str, unit: Unit, definition: str) -> Statement:
    """From the numbers kept for the units below: a parent is their exact sum."""
    values = {"code": unit.code, "name": name, "definition": definition, "day": reader.scope.day}
    latest = """SELECT u.theme, u.code AS key, u.name AS title, u.code AS unit, NULL::int AS load_id, NULL::int AS row_no,
    (u.west + u.east) / 2 AS lon, (u.south + u.north) / 2 AS lat, coalesce(v.numerator, 0) > 0 AS counted,
    coalesce(v.numerator, 0) AS n, coalesce(v.denominator, 0) AS d, NULL::int AS seen_by, NULL::text AS seer, NULL::boolean AS assumed
  FROM onemap.ladder u LEFT JOIN LATERAL (SELECT i.numerator, i.denominator FROM onemap.indicators i
    WHERE i.indicator = :name AND i.definition = :definition AND i.unit = u.code AND (:day::date IS NULL OR i.day <= :day::date)
    ORDER BY i.day DESC LIMIT 1) v ON true
  WHERE u.parent = :code"""
    found = Listing(rows=latest, values=values)
    return Statement(number := _number(found), _rows(found), added_up=True, checked=number)
