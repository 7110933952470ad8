"""What an indicator says of many units: those below a unit, those of a level, those of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import isnan
from typing import Any

from geodata.door import Reader
from geodata.errors import UnknownUnit
from geodata.prepared import Prepared, prepared
from geodata.units import BELOW, INSIDE, MOST_BELOW, Unit
from geodata.values import FOREVER, LATEST, LATEST_OF, MEASURED, MEASURED_OF, nothing
from layers import indicator
from layers._indicator import Measure


@dataclass(frozen=True, slots=True)
class Value:
    """One indicator of one unit, for the map and the ranking.

    Parameters
    ----------
    id : int
        Feature id of the unit in tiles.
    code, name : str
        Of the unit.
    value : float or None
        Numerator by denominator, or the numerator where there is none; None where there is nothing to divide by.
    numerator, denominator : float or None
        What was counted, of what.
    """

    id: int
    code: str
    name: str
    value: float | None
    numerator: float | None
    denominator: float | None


def of_children(reader: Reader, name: str, code: str, definition: str = "default") -> tuple[Value, ...]:
    """An indicator of every unit directly below a unit, by code; a leaf stands for itself.

    Parameters
    ----------
    reader : Reader
        Whose area and day count.
    name : str
        "theme.indicator".
    code : str
        Of the unit above.
    definition : str
        The default counts where the indicator does not declare it.

    Raises
    ------
    DeclarationError
        There is no such indicator.
    UnknownUnit
        There is no such unit in the reader's area.
    """
    (found,) = readings_of_children(reader, name, code, (indicator(name)[1].applied(definition),)).values()
    return found


def readings_of_children(reader: Reader, name: str, code: str, definitions: Sequence[str]) -> dict[str, tuple[Value, ...]]:
    """The same under several definitions that the indicator declares.

    Raises
    ------
    DeclarationError
        There is no such indicator.
    UnknownUnit
        There is no such unit in the reader's area.
    """
    found = _readings(reader, _OF_CHILDREN, name, definitions, code=code)
    if not found[definitions[0]]:
        raise UnknownUnit(code)
    return found


def readings_of_level(reader: Reader, name: str, above: Unit, level: str, definitions: Sequence[str]) -> dict[str, tuple[Value, ...]]:
    """An indicator of every unit of a level inside a unit, by code, at most `units.MOST_BELOW`; under several definitions that it declares.

    Raises
    ------
    DeclarationError
        There is no such indicator.
    """
    return _readings(reader, _OF_LEVEL, name, definitions, level=level, path=above.path)


def _newest(among: str, **own: type) -> Prepared:
    """The newest values of an indicator under some definitions, for each unit of a question (id, code, name), by code."""
    of = {"name": ":name", "definition": "d.definition", "day": ":day"}
    question = f"""SELECT d.definition, l.id, l.code, l.name, m.day, v.kept, v.value, v.numerator, v.denominator
        FROM unnest(:definitions) AS d(definition) {MEASURED_OF.format(**of)}
        CROSS JOIN ({among}) l {LATEST_OF.format(**of)} ORDER BY l.code"""  # noqa: S608 - constants of the house
    return prepared(question, {}, name=str, definitions=list, day=date, area=str, **own)


_OF_CHILDREN = _newest(
    f"""SELECT l.id, l.code, l.name FROM onemap.ladder u JOIN onemap.ladder l ON l.parent = u.code OR (l.id = u.id AND u.children = 0)
        WHERE u.code = :code AND {INSIDE.replace("l.path", "u.path")}""", code=str,  # noqa: S608
)  # fmt: skip

_OF_LEVEL = _newest(
    f"""SELECT l.id, l.code, l.name FROM onemap.ladder l
        WHERE l.level = :level AND {BELOW} AND {INSIDE} ORDER BY l.code LIMIT {MOST_BELOW}""", level=str, path=str,  # noqa: S608
)  # fmt: skip


def _readings(reader: Reader, question: Prepared, name: str, definitions: Sequence[str], **bound: Any) -> dict[str, tuple[Value, ...]]:
    declared = indicator(name)[1]
    measures = {each: declared.reading(each).measure for each in definitions}
    found: dict[str, list[Value]] = {each: [] for each in definitions}
    scope = reader.scope
    asked = reader.often(question, name=name, definitions=list(definitions), day=scope.day or FOREVER, area=scope.area, **bound)
    for own, at, code, called, day, kept, *numbers in asked:
        found[own].append(Value(at, code, called, *_said(day, kept, numbers, measures[own])))
    return {each: tuple(values) for each, values in found.items()}


Numbers = tuple[float | None, float | None, float | None]
"""Value, numerator and denominator."""

UNKNOWN: Numbers = (None, None, None)
"""Of what was not measured."""


def _said(day: date | None, kept: bool | None, numbers: Sequence[float | None], measure: Measure) -> Numbers:
    """What a row of the log says; nothing at all where the indicator was not measured, or lacks what it is counted from."""
    if day is None:
        return UNKNOWN
    return known_of(*numbers) if kept else nothing(measure)


def known_of(value: float | None, numerator: float | None, denominator: float | None) -> Numbers:
    """The numbers of a row of the log; NaN is unknown there."""
    return _number(value), _number(numerator), _number(denominator)


def _number(told: float | None) -> float | None:
    return None if told is None or isnan(told) else told


def of_units(
    reader: Reader, codes: Sequence[str], names: Sequence[str], day: date | None = None
) -> dict[tuple[str, str], float | None]:
    """The newest value of many indicators of many units.

    Parameters
    ----------
    reader : Reader
        Who asks has seen to it that he may see the units.
    codes : sequence of str
        Of units.
    names : sequence of str
        "theme.indicator".
    day : date, optional
        By default the reader's.

    Returns
    -------
    dict of (str, str) to float or None
        By code and name; None where there is nothing to divide by, or nobody has measured.
    """
    measures = {name: indicator(name)[1].measure for name in names}
    question = f"""SELECT l.code, n.name, m.day, m.lacks, v.kept, v.value, v.numerator, v.denominator
        FROM unnest(CAST(:names AS text[])) AS n(name) {MEASURED.format(name="n.name", day=":day")}
        CROSS JOIN unnest(CAST(:codes AS text[])) AS l(code) {LATEST.format(name="n.name", day=":day")}"""  # noqa: S608
    rows = reader.all(question, names=list(names), codes=list(codes), day=day or reader.scope.day or FOREVER)
    numbers = ("value", "numerator", "denominator")
    return {
        (row["code"], row["name"]): _said(row["day"], row["kept"], [row[each] for each in numbers], measures[row["name"]])[0] for row in rows
    }
