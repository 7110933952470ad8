"""What an indicator lacks: the theme without a row, or the field without a value, for want of which it says nothing.

A count over a theme that nobody has loaded is no 0, and a share of what no file tells is no 0 %: both are "no data". What is
lacking is kept with each measurement (`onemap.measured.lacks`), so that every past day knows it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Connection, text

from geodata.conditions import quoted
from layers import Theme, themes
from layers._condition import AnyOf, Where, fields_of
from layers._indicator import Measure, Seen, Sum, Together, UnitsHaving, UnitsSum

Needs = tuple[tuple[str, str | None], ...]
"""Theme and field that must have something; a field of None stands for any row."""

# Of measurement `o` (a row of onemap.measured): whether its number says something. Stores of before know of themes only.
SAYS = "(o.lacks IS NULL AND o.basis->>split_part(o.indicator, '.', 1) IS NOT NULL)"


def needs(theme: Theme, measure: Measure) -> Needs:
    """Everything without which a measure says nothing.

    Parameters
    ----------
    theme : Theme
        Whose rows are counted.
    measure : Measure
    """
    if isinstance(measure, UnitsSum):  # of the ladder: a unit whose people are unknown is told one by one
        return ()
    if theme.left_by:  # of rows that are worked out: none at all is a result where what they stand on is known
        return tuple((name, None) for name in theme.left_by.minus)
    by = [(measure.by, None)] if isinstance(measure, Seen) else []
    return tuple(dict.fromkeys([(theme.name, None), *by, *((theme.name, name) for name in _fields(measure))]))


def _fields(measure: Measure) -> Iterator[str]:
    """Fields that every counted row must tell; of conditions one of which is enough none is."""
    parts = measure.parts if isinstance(measure, Together) else (measure,)
    for part in parts:
        for where in _wheres(part):
            yield from (name for each in where if not isinstance(each, AnyOf) for name in fields_of(each))
        if isinstance(part, Sum):
            yield from (name for name in (part.field, part.divided_by) if name)
        if isinstance(part, UnitsHaving) and part.every:
            yield part.every.field


def _wheres(part: Measure) -> Iterable[Where]:
    return (getattr(part, "where", ()), getattr(part, "among", ()), *getattr(part, "all_of", ()))


def lacking(connection: Connection, asked: Mapping[str, tuple[Theme, Measure]]) -> dict[str, str | None]:
    """What each indicator lacks now.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    asked : mapping of str to (Theme, Measure)
        By the name of `geodata.values.kept_as`.

    Returns
    -------
    dict of str to str or None
        "cameras" where that theme has no row, "spaces.rent" where none of its rows tells that field; None where nothing lacks.
    """
    wanted = {name: needs(*each) for name, each in asked.items()}
    there = _there(connection, {each for of in wanted.values() for each in of})
    return {name: next((_name(*each) for each in of if each not in there), None) for name, of in wanted.items()}


def _name(theme: str, field: str | None) -> str:
    return theme if field is None else f"{theme}.{field}"


def _there(connection: Connection, wanted: set[tuple[str, str | None]]) -> set[tuple[str, str | None]]:
    """Which themes have a row, and which fields a value: one question for each theme, answered by the first row that has one."""
    found: set[tuple[str, str | None]] = set()
    for theme in sorted({name for name, _ in wanted}):
        asked = sorted((field for name, field in wanted if name == theme and field), key=str)
        told = ", ".join(_exists(themes()[theme], each) for each in (None, *asked))
        row = connection.execute(text(f"SELECT {told}")).one()
        found |= {(theme, each) for each, has in zip((None, *asked), row, strict=True) if has}
    return found


def _exists(theme: Theme, field: str | None) -> str:
    told = f" WHERE {quoted(theme.field(field).name)} IS NOT NULL" if field else ""
    return f"EXISTS (SELECT FROM onemap.{quoted(theme.name)}{told})"
