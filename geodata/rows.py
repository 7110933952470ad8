"""Questions about the rows of themes: one camera, hall or parcel; and how many of them a unit holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from geodata import alone, loads, unit_log, units
from geodata.alone import Sees
from geodata.conditions import quoted
from geodata.door import Reader
from geodata.errors import UnknownRow, UnknownUnit
from geodata.loads import Load
from geodata.units import INSIDE, Unit
from geodata.values import rows_of, state_of
from layers import Theme, themes
from layers import theme as declared_theme
from layers._indicator import DEFINITIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a theme.

    Parameters
    ----------
    theme, key : str
        Its name for ever.
    id : int
        Feature id in tiles.
    title : str
        What the label field holds, else the key.
    values : Mapping of str to object
        What is known of it, by field; titles and units stand in the declaration (`declared.fields`).
    path : tuple of Unit
        The units it stands in, root first; empty outside the ladder.
    lon, lat : float or None
        A point on it, degrees (EPSG:4490).
    bounds : tuple of float or None
        West, south, east, north in degrees.
    load : Load or None
        The load that wrote this version.
    sees : Sees or None
        What it sees, where rows of its theme see.
    """

    theme: str
    key: str
    id: int
    title: str
    values: Mapping[str, Any]
    path: tuple[Unit, ...]
    lon: float | None
    lat: float | None
    bounds: tuple[float, float, float, float] | None
    load: Load | None
    sees: Sees | None = None

    @property
    def declared(self) -> Theme:
        """The declaration of its theme."""
        return declared_theme(self.theme)


def row(reader: Reader, theme: str, key: str) -> Row:
    """The row of a key, as it was on the reader's day.

    Parameters
    ----------
    reader : Reader
        Whose area and day count.
    theme, key : str
        Of the row.

    Raises
    ------
    DeclarationError
        There is no such theme.
    UnknownRow
        The theme has no such key on that day in the reader's area, or the reader is a guest.
    """
    declared = declared_theme(theme)
    if reader.scope.discreet and declared.rung is None:
        raise UnknownRow(theme, key)
    question = f"SELECT * FROM ({_versions(declared, reader)}) l WHERE {INSIDE} ORDER BY since DESC LIMIT 1"  # noqa: S608
    found = reader.first(question, key=key, area=reader.scope.area, day=reader.scope.day)
    if found is None:
        raise UnknownRow(theme, key)
    return _row(reader, declared, found)


def _versions(theme: Theme, reader: Reader) -> str:
    """The row now; or, on a day, also each version that the past keeps of it."""
    columns = ", ".join(quoted(each.name) for each in theme.fields)
    place = """ST_X(ST_PointOnSurface(geom)) AS lon_, ST_Y(ST_PointOnSurface(geom)) AS lat_, ST_XMin(geom) AS xmin_,
        ST_YMin(geom) AS ymin_, ST_XMax(geom) AS xmax_, ST_YMax(geom) AS ymax_"""
    asked = f"SELECT id, key, unit, path, load_id, since, {columns}, {place} FROM onemap."  # noqa: S608
    if reader.scope.day is None:
        return f"{asked}{quoted(theme.name)} WHERE key = :key"
    past = f"{asked}{quoted(theme.name + '_past')} WHERE key = :key AND since <= :day AND until > :day"
    return f"{asked}{quoted(theme.name)} WHERE key = :key AND since <= :day UNION ALL {past}"


def _row(reader: Reader, theme: Theme, found: Mapping[str, Any]) -> Row:
    sides = (found["xmin_"], found["ymin_"], found["xmax_"], found["ymax_"])
    return Row(
        theme=theme.name,
        key=found["key"],
        id=found["id"],
        title=str(found[theme.label] or found["key"]),
        values={each.name: found[each.name] for each in theme.fields},
        path=_path(reader, found["unit"]),
        lon=found["lon_"],
        lat=found["lat_"],
        bounds=None if sides[0] is None else sides,
        load=loads.load(reader, found["load_id"]),
        sees=alone.sees(reader, theme, found["id"]),
    )


def _path(reader: Reader, unit: str | None) -> tuple[Unit, ...]:
    """A version of the past may stand in a unit that has gone since."""
    try:
        return () if unit is None else units.path(reader, unit)
    except UnknownUnit:
        return ()


def counts(reader: Reader, code: str) -> dict[str, int]:
    """Number of rows of each theme in a unit, by theme, in the order of the legend.

    Raises
    ------
    UnknownUnit
        There is no such unit in the reader's area.
    """
    return _kept(reader, code, {rows_of(name): name for name in themes()})


def counted(reader: Reader, code: str, of: Iterable[str]) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """`counts` of a unit, and by one question its rows of some themes by the choice that their style goes by, where it goes by any.

    Parameters
    ----------
    reader : Reader
    code : str
        Of the unit.
    of : iterable of str
        Themes.

    Raises
    ------
    DeclarationError
        There is no such theme.
    UnknownUnit
        There is no such unit in the reader's area.
    """
    styled = {name: found for name in of if (found := _state_names(name))}
    every = {rows_of(name): name for name in themes()}
    numbers = _kept(reader, code, {name: name for names in (every, *styled.values()) for name in names})
    told = {theme: {choice: numbers[name] for name, choice in names.items()} for theme, names in styled.items()}
    return {theme: numbers[name] for name, theme in every.items()}, told


def _state_names(theme: str) -> dict[str, str]:
    """Name of the number of rows in a state -> the state."""
    by = declared_theme(theme).style.by
    choices = declared_theme(theme).field(by).choices if by else ()
    return {state_of(theme, each.value): each.value for each in choices}


def _kept(reader: Reader, code: str, names: dict[str, str]) -> dict[str, int]:
    log = unit_log.of_unit(reader, code)
    if log is None:
        raise UnknownUnit(code)
    held = {name: log.get((name, DEFINITIONS[0]), ()) for name in names}
    return {says: int(held[name][-1].value or 0) if held[name] else 0 for name, says in names.items()}
