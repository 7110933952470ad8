"""Questions about indicators: their values for the units of a map, for one card, and through the days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isnan
from typing import Any

from geodata.documents import aims_of, asked_of
from geodata.door import Reader
from geodata.errors import UnknownUnit
from geodata.lacking import SAYS
from geodata.units import BELOW, INSIDE, MOST_BELOW, Unit
from geodata.values import FOREVER, LATEST, LATEST_OF, MEASURED, MEASURED_OF, nothing
from layers import Indicator, indicator, themes
from layers._asked import CountAtLeast
from layers._target import Aim, Target

# A value that misses its threshold by at most this share of it is near.
NEAR = 0.05


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


@dataclass(frozen=True, slots=True)
class Judged:
    """A target and how a value stands to it.

    Parameters
    ----------
    target : Target
        As declared.
    state : {'met', 'near', 'missed', 'none'}
        `near` misses by at most 5 % of the threshold; `none`: there is no value.
    aim : Aim
        What it asks of this indicator in any unit.
    """

    target: Target
    state: str
    aim: Aim


@dataclass(frozen=True, slots=True)
class Read:
    """One indicator of one unit under one definition.

    Parameters
    ----------
    definition : str
    value, numerator, denominator : float or None
        See `Value`.
    state : str
        Of its worst target, as of `Judged`.
    """

    definition: str
    value: float | None
    numerator: float | None
    denominator: float | None
    state: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator of one unit, for its card.

    Parameters
    ----------
    indicator : str
        "theme.name".
    value, numerator, denominator : float or None
        See `Value`.
    day : date or None
        The newest day on which the indicator was measured; None when it never was, or says nothing.
    targets : tuple of Judged
        Every target in force that asks something of it in any unit.
    definition : str
        Under which it was counted: the one asked for where the indicator declares it, else the default.
    readings : tuple of Read
        The same number under every definition that the indicator declares; the default alone is one too.
    lacks : str, optional
        The theme without a row, or "theme.field" without a value, for want of which nothing can be said.
    """

    indicator: str
    value: float | None
    numerator: float | None
    denominator: float | None
    day: date | None
    targets: tuple[Judged, ...]
    definition: str = "default"
    readings: tuple[Read, ...] = ()
    lacks: str | None = None

    @property
    def state(self) -> str:
        """The worst state of its targets; 'none' when it has none."""
        return worst(aims_of(self.indicator), self.value)

    @property
    def declared(self) -> Indicator:
        """The declaration."""
        return indicator(self.indicator)[1]


_ORDER = ("none", "met", "near", "missed")


def state(target: Aim, value: float | None) -> str:
    """How a value stands to what is asked of it: 'met', 'near' (missed by at most 5 % of the threshold), 'missed', 'none'."""
    if value is None:
        return "none"
    if target.met_by(value):
        return "met"
    low = target.at_least is None or value >= target.at_least - NEAR * abs(target.at_least)
    high = target.at_most is None or value <= target.at_most + NEAR * abs(target.at_most)
    return "near" if low and high else "missed"


def worst(aims: Iterable[Aim], value: float | None) -> str:
    """How a value stands to all that is asked of it (`documents.aims_of`): the worst state; 'none' when nothing is."""
    return max((state(each, value) for each in aims), key=_ORDER.index, default="none")


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
    among = f"""SELECT l.id, l.code, l.name
        FROM onemap.ladder u JOIN onemap.ladder l ON l.parent = u.code OR (l.id = u.id AND u.children = 0)
        WHERE u.code = :code AND {INSIDE.replace("l.path", "u.path")}"""  # noqa: S608
    found = _values(reader, name, definition, among, code=code)
    if not found:
        raise UnknownUnit(code)
    return found


def of_level(reader: Reader, name: str, above: Unit, level: str, definition: str = "default") -> tuple[Value, ...]:
    """An indicator of every unit of a level inside a unit, by code, at most `units.MOST_BELOW`.

    Raises
    ------
    DeclarationError
        There is no such indicator.
    """
    among = f"""SELECT l.id, l.code, l.name FROM onemap.ladder l
        WHERE l.level = :level AND {BELOW} AND {INSIDE} ORDER BY l.code LIMIT {MOST_BELOW}"""  # noqa: S608
    return _values(reader, name, definition, among, level=level, path=above.path)


def _values(reader: Reader, name: str, definition: str, among: str, **bound: Any) -> tuple[Value, ...]:
    """The newest value of an indicator for each unit of a question (id, code, name), by code."""
    declared = indicator(name)[1]
    own = declared.applied(definition)
    of = {"name": ":name", "definition": ":definition", "day": ":day"}
    question = f"""SELECT l.id, l.code, l.name, m.day, m.lacks, v.kept, v.value, v.numerator, v.denominator
        FROM ({among}) l {MEASURED_OF.format(**of)} {LATEST_OF.format(**of)} ORDER BY l.code"""  # noqa: S608
    measure = declared.reading(own).measure
    rows = reader.all(question, name=name, definition=own, area=reader.scope.area, day=reader.scope.day or FOREVER, **bound)
    return tuple(Value(row["id"], row["code"], row["name"], *_numbers(row, measure)) for row in rows)


def _numbers(row: Mapping[str, Any], measure: Any) -> tuple[float | None, float | None, float | None]:
    """What a row of the log says; nothing at all where the indicator was not measured, or lacks what it is counted from."""
    if row["day"] is None:
        return None, None, None
    if not row["kept"]:
        return nothing(measure)
    value, numerator, denominator = (None if each is None or isnan(each) else each for each in (row["value"], row["numerator"], row["denominator"]))
    return value, numerator, denominator


def of_former(reader: Reader, code: str, definition: str = "default") -> tuple[Figure, ...]:
    """Every declared indicator of a unit that stands no more, as it was on the reader's day; see `former.unit`."""
    return _card(reader, "(SELECT CAST(:code AS text) AS code) l", code, definition)


def card(reader: Reader, code: str, definition: str = "default") -> tuple[Figure, ...]:
    """Every declared indicator of a unit, in the order of the declarations, with how it stands to its targets.

    Parameters
    ----------
    reader : Reader
    code : str
        Of the unit.
    definition : str
        The default counts for indicators that do not declare it.

    Raises
    ------
    UnknownUnit
        There is no such unit in the reader's area.
    """
    figures = _card(reader, f"onemap.ladder l WHERE l.code = :code AND {INSIDE}", code, definition)
    if not figures:
        raise UnknownUnit(code)
    return figures


def _card(reader: Reader, of: str, code: str, definition: str) -> tuple[Figure, ...]:
    """The figures of the one unit `l` of a question; none where it finds none."""
    declared = {f"{theme.name}.{each.name}": each for theme in themes().values() for each in theme.indicators}
    asked = [(name, own) for name, each in declared.items() for own in each.definitions]
    of_each = {"name": "n.name", "definition": "n.definition", "day": ":day"}
    question = f"""SELECT n.name, n.definition, m.day, m.lacks, v.kept, v.value, v.numerator, v.denominator FROM (SELECT l.code FROM {of}) l
        CROSS JOIN unnest(CAST(:names AS text[]), CAST(:definitions AS text[])) AS n(name, definition)
        {LATEST_OF.format(**of_each)} {MEASURED_OF.format(**of_each)}"""  # noqa: S608
    names, definitions = map(list, zip(*asked, strict=True))
    scope = reader.scope
    rows = reader.all(question, names=names, definitions=definitions, code=code, area=scope.area, day=scope.day or FOREVER)
    found = {(row["name"], row["definition"]): row for row in rows}
    return tuple(_figure(name, each, definition, found) for name, each in declared.items()) if found else ()


def _figure(name: str, declared: Indicator, definition: str, rows: Mapping[tuple[str, str], Mapping[str, Any]]) -> Figure:
    readings, own = [], declared.applied(definition)
    for each in declared.definitions:
        numbers = _numbers(rows[name, each], declared.reading(each).measure)
        readings.append(Read(each, *numbers, worst(aims_of(name), numbers[0])))
    shown = next(each for each in readings if each.definition == own)
    asked = [(each, each.aim(name)) for each in asked_of(name) if not isinstance(each.part(name), CountAtLeast)]
    judged = tuple(Judged(target, state(aim, shown.value), aim) for target, aim in asked)
    day = rows[name, own]["day"]
    return Figure(name, shown.value, shown.numerator, shown.denominator, day, judged, own, tuple(readings), rows[name, own]["lacks"])


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
    return {(row["code"], row["name"]): _numbers(row, measures[row["name"]])[0] for row in rows}


def trend(reader: Reader, name: str, code: str, definition: str = "default") -> tuple[tuple[date, float | None], ...]:
    """An indicator of a unit on each day on which it was measured, oldest first.

    Raises
    ------
    DeclarationError
        There is no such indicator.
    UnknownUnit
        There is no such unit in the reader's area.
    """
    declared = indicator(name)[1]
    own = declared.applied(definition)
    of = {"name": "o.indicator", "definition": "o.definition", "day": "o.day"}
    question = f"""SELECT o.day AS at, CASE WHEN {SAYS} THEN o.day END AS day, v.kept, v.value, v.numerator, v.denominator FROM onemap.ladder l
        LEFT JOIN onemap.measured o ON o.indicator = :name AND o.definition = :definition AND o.day <= :day
        {LATEST_OF.format(**of)} WHERE l.code = :code AND {INSIDE} ORDER BY o.day"""  # noqa: S608
    scope = reader.scope
    rows = reader.all(question, name=name, definition=own, code=code, area=scope.area, day=scope.day or FOREVER)
    if not rows:
        raise UnknownUnit(code)
    measure = declared.reading(own).measure
    return tuple((row["at"], _numbers(row, measure)[0]) for row in rows if row["at"])
