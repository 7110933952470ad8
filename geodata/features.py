"""Features for services and exports: rows of a theme, or units of a level with their indicators, as a client asks for them.

A client may name a place, days, values of fields, an order and a page of it. Everything goes through the reader, whose
area and day count; who need not know where cameras stand exactly is told the kilometre.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from geodata import readings
from geodata.conditions import quoted
from geodata.door import Reader, Scope
from geodata.published import TRACED, Collection
from geodata.units import INSIDE
from layers import Theme
from layers._field import Kind

EXACT_ROLES = frozenset({"planner", "staff"})
"""Roles that are told where a camera stands; for the others positions are rounded."""

ROUNDED_TO = 0.01
"""Degrees: about a kilometre."""

Box = tuple[float, float, float, float]

_SHAPES = {
    "lonlat": "ST_AsGeoJSON({place}, 7, 0)",
    "latlon": "ST_AsGeoJSON(ST_FlipCoordinates({place}), 7, 0)",
    "mercator": "ST_AsGeoJSON(ST_Transform(ST_SetSRID({place}, 4326), 3857), 2, 0)",
    "wkb": "ST_AsBinary({place})",
    "none": "NULL",
}
"""Ways to write a shape: 7 digits of a degree are a centimetre, as are 2 of a metre."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a client asks of a collection.

    Parameters
    ----------
    box : tuple of float, optional
        West, south, east, north in degrees; west > east passes the 180th meridian.
    days : tuple of (date or None), optional
        First and last day; None leaves an end open. Features that held on any of these days are meant, each in its
        newest version of them. By default those of the reader's day.
    equal : tuple of (str, object)
        Field and value, each a field of the collection.
    unit : str, optional
        Code of a unit whose ground is meant.
    sort : tuple of (str, bool)
        Field, and whether it ascends.
    limit : int, optional
    offset : int
    form : {'lonlat', 'latlon', 'mercator', 'wkb', 'none'}
        How shapes are written: GeoJSON in degrees by either order of axes (CRS84; EPSG:4490), GeoJSON in metres
        (EPSG:3857), WKB in degrees, not at all.
    """

    box: Box | None = None
    days: tuple[date | None, date | None] | None = None
    equal: tuple[tuple[str, Any], ...] = ()
    unit: str | None = None
    sort: tuple[tuple[str, bool], ...] = ()
    limit: int | None = None
    offset: int = 0
    form: str = "lonlat"


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature.

    Parameters
    ----------
    values : dict of str to object
        Its fields by name.
    shape : str or bytes or None
        As `Asked.form` says.
    """

    values: dict[str, Any]
    shape: Any


_SHAPE = "#shape"
"""No field can be called so."""


def find(reader: Reader, collection: Collection, asked: Asked) -> list[Feature]:
    """The features of a page, in a stable order.

    Parameters
    ----------
    reader : Reader
    collection : Collection
    asked : Asked

    Returns
    -------
    list of Feature
    """
    binds: dict[str, Any] = {}
    among = _among(reader, collection, asked, binds)
    names = [quoted(each.name) for each in collection.fields if each.name not in collection.indicators]
    shape = _SHAPES[asked.form].format(place=place(collection.theme, reader.scope))
    order = ", ".join([*(f"{quoted(name)} {'ASC' if up else 'DESC'} NULLS LAST" for name, up in asked.sort), "id"])
    question = f"""SELECT {", ".join(names)}, {shape} AS "{_SHAPE}" FROM {among} ORDER BY {order}
        LIMIT :limit OFFSET :offset"""  # noqa: S608
    rows = [dict(row) for row in reader.all(question, **binds, limit=asked.limit, offset=asked.offset)]
    found = [Feature(row, row.pop(_SHAPE)) for row in rows]
    if collection.indicators:
        _count_in(reader, collection, asked, found)
    return found


def count(reader: Reader, collection: Collection, asked: Asked) -> int:
    """How many features there are on all pages."""
    binds: dict[str, Any] = {}
    among = _among(reader, collection, asked, binds)
    return int(reader.value(f"SELECT count(*) FROM {among}", **binds))  # noqa: S608


def place(theme: Theme | None, scope: Scope) -> str:
    """SQL of the shape that a reader may see, EPSG:4490."""
    hidden = theme is not None and theme.sight is not None and scope.role not in EXACT_ROLES
    return f"ST_SnapToGrid(l.geom, {ROUNDED_TO})" if hidden else "l.geom"


def _among(reader: Reader, collection: Collection, asked: Asked, binds: dict[str, Any]) -> str:
    """The features that are meant, as `l` with a condition."""
    binds["area"] = reader.scope.area
    held = [INSIDE, *_picked(collection, asked.equal, binds)]
    if asked.box:
        held.append(_within(place(collection.theme, reader.scope), asked.box, binds))
    if asked.unit is not None:
        binds["unit"] = asked.unit
        held.append("starts_with(l.path, (SELECT path FROM onemap.ladder WHERE code = :unit))")
    if collection.theme is None:
        binds["level"] = collection.name
        return f"onemap.ladder l WHERE l.level = :level AND {' AND '.join(held)}"
    return f"({_versions(collection.theme, _days(reader, asked), binds)}) l WHERE {' AND '.join(held)}"


def _picked(collection: Collection, equal: Sequence[tuple[str, Any]], binds: dict[str, Any]) -> list[str]:
    said = []
    for n, (name, value) in enumerate(equal):
        binds[f"equal_{n}"] = value
        said.append(f"l.{quoted(collection.field(name).name)} = :equal_{n}")
    return said


def _within(place: str, box: Box, binds: dict[str, Any]) -> str:
    west, south, east, north = box
    parts = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    said = []
    for n, (left, right) in enumerate(parts):
        binds |= {f"west_{n}": left, f"east_{n}": right, "south": south, "north": north}
        said.append(f"ST_Intersects({place}, ST_MakeEnvelope(:west_{n}, :south, :east_{n}, :north, 4490))")
    return f"({' OR '.join(said)})"


Days = tuple[date | None, date | None] | None


def _days(reader: Reader, asked: Asked) -> Days:
    if asked.days is not None:
        return asked.days
    return (reader.scope.day, reader.scope.day) if reader.scope.day else None


def _versions(theme: Theme, days: Days, binds: dict[str, Any]) -> str:
    """Rows as they are; or each in the newest version that held on any of some days."""
    extra = {each.name for each in TRACED}
    names = ", ".join(quoted(each) for each in ("id", "key", "path", *sorted(extra), *(field.name for field in theme.fields), "geom"))
    now = f"SELECT {names} FROM onemap.{quoted(theme.name)}"  # noqa: S608
    if days is None or days == (None, None):
        return now
    binds |= {"first": days[0] or date.min, "last": days[1] or date.max}
    past = f"SELECT {names} FROM onemap.{quoted(theme.name + '_past')} WHERE since <= :last AND until > :first"  # noqa: S608
    both = f"{now} WHERE since <= :last UNION ALL {past}"
    return f"SELECT DISTINCT ON (key) * FROM ({both}) v ORDER BY key, since DESC"  # noqa: S608


def _count_in(reader: Reader, collection: Collection, asked: Asked, found: list[Feature]) -> None:
    """Add the indicators of units, of the last day that is asked for."""
    days = _days(reader, asked)
    codes = [each.values["code"] for each in found]
    counted = readings.of_units(reader, codes, tuple(collection.indicators.values()), days[1] if days else None)
    for each in found:
        each.values.update({name: counted.get((each.values["code"], full)) for name, full in collection.indicators.items()})


def told(value: Any, kind: Kind) -> Any:
    """A value as JSON has it."""
    return value.isoformat() if kind is Kind.DATE and value is not None else value
