"""A unit as a picture on paper: the borders of what lies in it, and single rows, as paths in a box of its own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import log2

from geodata.conditions import quoted
from geodata.door import Reader
from geodata.drawn import EARTH_METRES, TILE_PIXELS
from geodata.errors import UnknownUnit
from geodata.units import INSIDE
from layers import Theme
from layers._theme import Geometry

BOX = 1000.0
"""Longer side of a picture, in its own units."""

MOST_ROWS = 2500
"""More rows than this are no dots on a page of paper, but a stain."""

_DIGITS = 1


@dataclass(frozen=True, slots=True)
class Shape:
    """A unit in a picture.

    Parameters
    ----------
    id : int
        Of the unit, as in tiles.
    name : str
    path : str
        Its border as the data of an SVG path, in the picture's box, y downwards.
    x, y : float
        A point inside it, for its name.
    width : float
        Of its extent, in the units of the box.
    """

    id: int
    name: str
    path: str
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Dots:
    """Rows of a theme in a picture.

    Parameters
    ----------
    theme : str
    places : tuple of (float, float, str or None)
        x, y in the box, and the choice that the theme's style goes by.
    """

    theme: str
    places: tuple[tuple[float, float, str | None], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn of a unit.

    Parameters
    ----------
    width, height : float
        Of the box; the longer one is `BOX`.
    metres : float
        Length on the ground of one unit of the box, in the middle of the picture.
    outline : Shape
        The unit itself.
    shapes : tuple of Shape
        Units inside it.
    dots : tuple of Dots
    """

    width: float
    height: float
    metres: float
    outline: Shape
    shapes: tuple[Shape, ...]
    dots: tuple[Dots, ...]


def picture(reader: Reader, code: str, inside: Collection[int], themes: Collection[Theme] = ()) -> Picture:
    """The picture of a unit.

    Parameters
    ----------
    reader : Reader
    code : str
        Of the unit.
    inside : collection of int
        Ids of the units that are drawn in it.
    themes : collection of Theme
        Point themes whose rows are drawn, where they are few enough to be told apart.

    Raises
    ------
    UnknownUnit
        There is no such unit in the reader's area.
    """
    frame = _frame(reader, code)
    shapes = _shapes(reader, frame, {frame.id, *inside})
    dots = [_dots(reader, frame, each) for each in themes if each.geometry is Geometry.POINT]
    return Picture(
        frame.width, frame.height, frame.metres, shapes[frame.id], tuple(shapes[each] for each in inside if each in shapes),
        tuple(each for each in dots if each.places),
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the picture lies on the ground (EPSG:3857), and how large it is drawn."""

    id: int
    path: str
    west: float
    north: float
    scale: float
    width: float
    height: float
    metres: float


def _frame(reader: Reader, code: str) -> _Frame:
    question = f"""SELECT l.id, l.path, ST_XMin(l.g3857) AS west, ST_YMax(l.g3857) AS north,
        ST_XMax(l.g3857) - ST_XMin(l.g3857) AS wide, ST_YMax(l.g3857) - ST_YMin(l.g3857) AS high,
        cos(radians((l.south + l.north) / 2)) AS shrunk
        FROM onemap.ladder l WHERE l.code = :code AND l.g3857 IS NOT NULL AND {INSIDE}"""  # noqa: S608 - a constant
    row = reader.first(question, code=code, area=reader.scope.area)
    if row is None:
        raise UnknownUnit(code)
    scale = BOX / max(row["wide"], row["high"])
    return _Frame(
        row["id"], row["path"], row["west"], row["north"], scale, row["wide"] * scale, row["high"] * scale, row["shrunk"] / scale
    )


def _shapes(reader: Reader, frame: _Frame, ids: Collection[int]) -> dict[int, Shape]:
    """Borders as the map draws them at the zoom where the picture is as wide as its box: neighbours share them."""
    zoom = max(0, min(22, round(log2(EARTH_METRES * frame.scale / TILE_PIXELS))))
    question = """SELECT l.id, l.name, ST_AsSVG(s.shape, 1, :digits) AS path, ST_X(p.at) AS x, -ST_Y(p.at) AS y,
            ST_XMax(s.shape) - ST_XMin(s.shape) AS width
        FROM onemap.ladder l
        LEFT JOIN onemap.drawn d ON d.level = l.level AND d.id = l.id AND :zoom BETWEEN d.zmin AND d.zmax
        CROSS JOIN LATERAL (SELECT ST_TransScale(coalesce(d.g3857, l.g3857), -:west, -:north, :scale, :scale) AS shape) s
        CROSS JOIN LATERAL (SELECT ST_PointOnSurface(s.shape) AS at) p
        WHERE l.id = ANY(:ids) AND l.g3857 IS NOT NULL"""
    rows = reader.all(
        question, digits=_DIGITS, zoom=zoom, west=frame.west, north=frame.north, scale=frame.scale, ids=list(ids)
    )
    return {row["id"]: Shape(row["id"], row["name"], row["path"], row["x"], row["y"], row["width"]) for row in rows}


def _dots(reader: Reader, frame: _Frame, theme: Theme) -> Dots:
    state = quoted(theme.style.by) if theme.style.by else "NULL"
    question = f"""SELECT (ST_X(r.g3857) - :west) * :scale AS x, (:north - ST_Y(r.g3857)) * :scale AS y, {state}::text AS state
        FROM onemap.{quoted(theme.name)} r WHERE r.path >= :path AND r.path < :path || chr(1114111) AND r.g3857 IS NOT NULL
        LIMIT {MOST_ROWS + 1}"""  # noqa: S608 - names of declarations
    rows = reader.all(question, west=frame.west, north=frame.north, scale=frame.scale, path=frame.path)
    places = tuple((row["x"], row["y"], row["state"]) for row in rows)
    return Dots(theme.name, places if len(places) <= MOST_ROWS else ())
