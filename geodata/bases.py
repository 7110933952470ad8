"""Bases: which loads each indicator was last measured on, as `onemap.measured` has it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, text

from geodata import places, values, watch
from layers import themes
from layers._indicator import Density, Measure, NearBlind, Reached, Seen, SeenGround, Together, UnitsHaving, UnitsSum
from layers._theme import Theme

Basis = dict[str, int | None]
"""Parts that an indicator stands on -> their versions."""

SIGHTED = (Seen, SeenGround, NearBlind)
"""Measures of `geodata.coverage`."""


def parts_of(theme: Theme, measure: Measure) -> set[str]:
    """Themes whose loads an indicator stands on; "ladder" stands for the units themselves."""
    by = {measure.by} if isinstance(measure, Seen) else set()
    people = {each.name for each in themes().values() if each.rung}
    on_units = isinstance(measure, (Density, SeenGround, NearBlind, Reached, UnitsHaving, Together, UnitsSum))
    cutting = {each.name for each in watch.obstacles()} if isinstance(measure, SIGHTED) else set()
    to_see = watched(theme.name) if isinstance(measure, NearBlind) else set()
    under = set(theme.left_by.minus) if theme.left_by and values.is_by_survey(measure) else set()
    return {theme.name, "ladder"} | by | cutting | to_see | under | (people if on_units else set())


def watched(seer: str) -> set[str]:
    """Themes whose rows those of a theme ought to see."""
    return {each.name for each, _ in places.wanted(themes()[seer])}


def is_of_units(part: str) -> bool:
    """Whether a theme's rows are units: numbers of units follow from the whole ladder."""
    return part in themes() and themes()[part].rung is not None


def read(connection: Connection) -> tuple[dict[str, Basis], date | None]:
    """What each indicator was last measured on, and the newest day of all."""
    question = """SELECT DISTINCT ON (indicator, definition) indicator, definition, basis, day FROM onemap.measured
        ORDER BY indicator, definition, day DESC"""
    rows = connection.execute(text(question)).all()
    bases = {values.kept_as(row.indicator, row.definition): row.basis for row in rows}
    return bases, max((row.day for row in rows), default=None)


def sign(connection: Connection, day: date, bases: dict[str, Basis], lacks: Mapping[str, str | None]) -> None:
    """Note on what indicators were measured, and what each of them lacks; a basis of the same day is overwritten."""
    if not bases:
        return
    named = [(*values.parted(name), json.dumps(basis), lacks[name]) for name, basis in bases.items()]
    signed = [{"name": name, "definition": own, "day": day, "basis": basis, "lacks": lack} for name, own, basis, lack in named]
    connection.execute(
        text("""INSERT INTO onemap.measured (indicator, definition, day, basis, lacks, made)
            VALUES (:name, :definition, :day, CAST(:basis AS jsonb), :lacks, clock_timestamp())
            ON CONFLICT (indicator, definition, day) DO UPDATE SET basis = excluded.basis, lacks = excluded.lacks, made = excluded.made"""),
        signed,
    )
