"""Search: units and rows by the beginning of their code or name, then by any part of a name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from geodata.conditions import quoted
from geodata.door import Reader
from geodata.former import search_question
from geodata.units import INSIDE
from layers import Theme, themes
from layers._ladder import CODE_DIGITS, LEVELS

# Levels with names of their own; grids are numbered, and found by the beginning of their code or name.
_NAMED = [each.name for each in LEVELS if each.digits <= CODE_DIGITS]


@dataclass(frozen=True, slots=True)
class Hit:
    """One unit or row that a search found.

    Parameters
    ----------
    kind : {'unit', 'row'}
        What it is.
    theme : str
        The theme it belongs to.
    code : str
        Code of the unit, or key of the row.
    title : str
        Its name.
    subtitle : str
        Names of the units it lies in, root first, parted by " / ".
    lon, lat : float or None
        A point on it, degrees (EPSG:4490).
    """

    kind: str
    theme: str
    code: str
    title: str
    subtitle: str
    lon: float | None
    lat: float | None


def find(reader: Reader, text: str, limit: int = 20) -> tuple[Hit, ...]:
    """What a reader may mean by a few characters: units first, high ones before low ones, then rows.

    Parameters
    ----------
    reader : Reader
        Whose area counts, and a guest finds units only; the newest state is searched, whatever the day.
    text : str
        Beginning of a code, key or name, also of a former one. When fewer than `limit` begin so, names of units
        (down to the village) that hold it anywhere follow.
    limit : int
        At most so many.

    Returns
    -------
    tuple of Hit
        Empty for a blank text.
    """
    words = text.strip()
    like = words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    binds = {"begins": f"{like}%", "holds": f"%{like}%", "area": reader.scope.area, "levels": _NAMED}
    found: list[Mapping[str, Any]] = []
    for question in _questions(reader.scope.discreet) if words else ():
        # One after the other: planning all of them as one statement takes longer than running the first.
        if len(found) < limit:
            found += reader.all(f"{question} LIMIT :limit", limit=limit - len(found), **binds)
    return tuple(_hits(reader, found))


def _hits(reader: Reader, found: list[Mapping[str, Any]]) -> Iterator[Hit]:
    above = _above(reader, [row["path"] for row in found if row["path"]])
    for row in found:
        codes = [code for code in (row["path"] or "").split("/") if code in above and code != row["code"]]
        names = " / ".join(above[code] for code in codes)
        yield Hit(row["kind"], row["theme"], row["code"], row["title"], names, row["lon"], row["lat"])


def _above(reader: Reader, paths: list[str]) -> dict[str, str]:
    """Names of the units on paths, by code, inside the reader's area."""
    codes = sorted({code for path in paths for code in path.split("/") if code})
    question = f"SELECT l.code, l.name FROM onemap.ladder l WHERE l.code = ANY(:codes) AND {INSIDE}"  # noqa: S608
    return {row["code"]: row["name"] for row in reader.all(question, codes=codes, area=reader.scope.area)}


def _questions(discreet: bool) -> Iterator[str]:
    """Only units with names of their own are put in order: of the others too many may begin alike to sort them all."""
    named, begins = "l.level = ANY(:levels)", "(l.code LIKE :begins OR l.name LIKE :begins)"
    yield f"{_units(f'{named} AND {begins}')} ORDER BY l.depth, l.code"
    yield _units(f"NOT {named} AND {begins}")
    yield from (_rows(each) for each in themes().values() if each.rung is None and not discreet)
    yield search_question()
    yield f"{_units(f'{named} AND l.name LIKE :holds AND NOT {begins}')} ORDER BY l.depth, l.code"


def _units(condition: str) -> str:
    """The label point is kept in spherical Mercator; its inverse is written out, which spares a start of PROJ."""
    lon, lat = "ST_X(l.label) / 6378137", "2 * atan(exp(ST_Y(l.label) / 6378137)) - pi() / 2"
    return f"""SELECT 'unit' AS kind, l.theme, l.code, l.name AS title, l.path, degrees({lon}) AS lon, degrees({lat}) AS lat
        FROM onemap.ladder l WHERE {condition} AND {INSIDE}"""  # noqa: S608


def _rows(theme: Theme) -> str:
    label = f"l.{quoted(theme.label)}"
    return f"""SELECT 'row' AS kind, '{theme.name}' AS theme, l.key AS code, coalesce({label}::text, l.key) AS title, l.path,
        ST_X(ST_PointOnSurface(l.geom)) AS lon, ST_Y(ST_PointOnSurface(l.geom)) AS lat FROM onemap.{quoted(theme.name)} l
        WHERE (l.key LIKE :begins OR {label} LIKE :begins) AND {INSIDE}"""  # noqa: S608
