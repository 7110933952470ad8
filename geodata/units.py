"""Questions about the units of the ladder: where the map begins, what a unit is, what lies below and above it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from geodata.door import Reader
from geodata.errors import StoreError, UnknownUnit
from geodata.prepared import prepared
from layers._ladder import LEVEL_NAMES

# A unit `l` may be seen when its path begins with the path of the scope's area; no area means all of it, and an area
# that does not exist shows nothing.
INSIDE = """(CAST(:area AS text) IS NULL
    OR starts_with(l.path, (SELECT path FROM onemap.ladder WHERE code = :area)))"""

# The units `l` on a path, itself included. Paths are in byte order, codes are not: without a word on it the join would
# pass by the index of codes.
ABOVE = """CROSS JOIN unnest(string_to_array({of}.path, '/')) AS a(code)
    JOIN onemap.ladder l ON l.code = a.code COLLATE "default\""""

_COLUMNS = """l.id, l.code, l.name, l.level, l.parent, l.depth, l.path, l.population, l.households, l.area_m2, l.children,
    l.west, l.south, l.east, l.north"""
_WHOLE = f"{_COLUMNS}, l.silhouette"
"""What is read of one unit and of those above it; a list of thousands of children does without the silhouettes."""

# Outlines are drawn about 1,500 pixels wide at most; half a pixel of it is not seen.
_OUTLINE_STEPS = 3000


# Strictly below a path: in byte order everything that begins with it stands between it and it with the last character.
BELOW = "l.path > :path AND l.path < :path || chr(1114111)"

MOST_BELOW = 5000
"""More units than this are no picture and no list: the page asks for a higher level or a smaller unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One county, town, village or grid.

    Parameters
    ----------
    id : int
        Feature id in tiles.
    code, name : str
        As the files have them.
    level : str
        A name of `layers._ladder.LEVEL_NAMES`.
    parent : str or None
        Code of the unit above; None for a root.
    depth : int
        0 for a root.
    path : str
        Codes from the root down to this unit, each followed by "/".
    population, households : int or None
        None where nobody has counted.
    area_m2 : float or None
        Geodesic, square metres.
    bounds : tuple of float
        West, south, east, north in degrees (EPSG:4490).
    children : int
        Number of units directly below.
    silhouette : str or None
        See `geodata.silhouette`; None where it was not asked for.
    """

    id: int
    code: str
    name: str
    level: str
    parent: str | None
    depth: int
    path: str
    population: int | None
    households: int | None
    area_m2: float | None
    bounds: tuple[float, float, float, float]
    children: int
    silhouette: str | None = None


def _unit(row: Sequence[Any]) -> Unit:
    """The unit of a row whose columns come in the order of `_COLUMNS`, or of `_WHOLE`."""
    id, code, name, level, parent, depth, path, population, households, area_m2, below, west, south, east, north, *more = row
    return Unit(
        id=id, code=code, name=name, level=level, parent=parent, depth=depth, path=path, population=population, households=households,
        area_m2=area_m2, bounds=(west, south, east, north), children=below, silhouette=more[0] if more else None,
    )  # fmt: skip


_HOME = prepared(
    f"SELECT {_WHOLE} FROM onemap.ladder l WHERE l.parent IS NULL ORDER BY l.area_m2 DESC NULLS LAST, l.code LIMIT 1", {},  # noqa: S608
)  # fmt: skip

_UNIT = prepared(f"SELECT {_WHOLE} FROM onemap.ladder l WHERE l.code = :code AND {INSIDE}", {}, code=str, area=str)  # noqa: S608

_CHILDREN = prepared(f"SELECT {_COLUMNS} FROM onemap.ladder l WHERE l.parent = :code AND {INSIDE} ORDER BY l.code", {}, code=str, area=str)  # noqa: S608

_BELOW = prepared(
    f"SELECT {_COLUMNS} FROM onemap.ladder l WHERE l.level = :level AND {BELOW} AND {INSIDE} ORDER BY l.code LIMIT {MOST_BELOW}",  # noqa: S608
    {}, level=str, path=str, area=str,
)  # fmt: skip

_LEVELS = prepared(
    f"""SELECT n.name FROM unnest(:names) WITH ORDINALITY AS n(name, rank)
        WHERE EXISTS (SELECT 1 FROM onemap.ladder l WHERE l.level = n.name AND {BELOW}) ORDER BY n.rank""",  # noqa: S608
    {}, names=list, path=str,
)  # fmt: skip

_CALLED = prepared("SELECT l.code, l.id, l.name FROM onemap.ladder l WHERE l.code = ANY(:codes)", {}, codes=list)

_PATH = prepared(
    f"SELECT {_WHOLE} FROM onemap.ladder u {ABOVE.format(of='u')} WHERE u.code = :code AND {INSIDE} ORDER BY l.depth",  # noqa: S608
    {}, code=str, area=str,
)  # fmt: skip


def home(reader: Reader) -> Unit:
    """The unit where the map begins: the reader's area, else the largest root of the ladder.

    Raises
    ------
    StoreError
        The ladder is empty.
    UnknownUnit
        The reader's area is no unit.
    """
    if reader.scope.area is not None:
        return unit(reader, reader.scope.area)
    found = reader.often(_HOME)
    if not found:
        raise StoreError("onemap ladder", "it holds no unit", "load boundaries with ./onemap load FILE --theme units")
    return _unit(found[0])


def unit(reader: Reader, code: str) -> Unit:
    """The unit of a code.

    Raises
    ------
    UnknownUnit
        There is no such unit in the reader's area; the sentence does not tell whether there is one outside.
    """
    found = reader.often(_UNIT, code=code, area=reader.scope.area)
    if not found:
        raise UnknownUnit(code)
    return _unit(found[0])


def children(reader: Reader, code: str) -> tuple[Unit, ...]:
    """The units directly below, by code; empty at a leaf.

    Raises
    ------
    UnknownUnit
        See `unit`.
    """
    found = reader.often(_CHILDREN, code=code, area=reader.scope.area)
    if not found or reader.scope.area is not None:
        unit(reader, code)
    return tuple(map(_unit, found))


def below(reader: Reader, above: Unit, level: str) -> tuple[Unit, ...]:
    """The units of a level inside a unit, by code, at most `MOST_BELOW`; empty where it holds none of them."""
    return tuple(map(_unit, reader.often(_BELOW, level=level, path=above.path, area=reader.scope.area)))


def levels_below(reader: Reader, above: Unit) -> tuple[str, ...]:
    """The levels of which a unit holds any, top first."""
    names = list(LEVEL_NAMES[LEVEL_NAMES.index(above.level) + 1 :])
    return tuple(name for (name,) in reader.often(_LEVELS, names=names, path=above.path))


def called(reader: Reader, codes: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Feature id and name of units, by code; without those that do not exist. Who asks has seen to it that the reader may see them."""
    return {code: (at, name) for code, at, name in reader.often(_CALLED, codes=list(codes))}


def path(reader: Reader, code: str) -> tuple[Unit, ...]:
    """The unit with all that it lies in, root first; begins at the reader's area.

    Raises
    ------
    UnknownUnit
        See `unit`.
    """
    found = tuple(map(_unit, reader.often(_PATH, code=code, area=reader.scope.area)))
    if not found or found[-1].code != code:
        raise UnknownUnit(code)
    return found


def outline(reader: Reader, code: str) -> dict[str, Any]:
    """The border of a unit as GeoJSON geometry in degrees, with no more detail than a screen shows.

    Raises
    ------
    UnknownUnit
        See `unit`.
    """
    question = f"""SELECT ST_AsGeoJSON(ST_Transform(ST_SimplifyPreserveTopology(
            l.g3857, greatest(ST_XMax(l.g3857) - ST_XMin(l.g3857), ST_YMax(l.g3857) - ST_YMin(l.g3857)) / :steps
        ), 4326), 6) FROM onemap.ladder l WHERE l.code = :code AND {INSIDE}"""  # noqa: S608
    found = reader.value(question, code=code, area=reader.scope.area, steps=_OUTLINE_STEPS)
    if found is None:
        raise UnknownUnit(code)
    return json.loads(found)
