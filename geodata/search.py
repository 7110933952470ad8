"""Search: units and rows by the beginning of their code or name, then by any part of a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geodata.conditions import quoted
from geodata.door import Reader
from geodata.units import INSIDE
from layers import Theme, themes


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
        Whose area counts; the newest state is searched, whatever the day.
    text : str
        Beginning of a code, key or name. When fewer than `limit` begin so, names that hold it anywhere follow, those of
        units only: a row is looked for by how its name or key begins.
    limit : int
        At most so many.

    Returns
    -------
    tuple of Hit
        Empty for a blank text.
    """
    words = text.strip()
    if not words:
        return ()
    like = words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    question = f"""SELECT h.*, (SELECT string_agg(a.name, ' / ' ORDER BY a.depth) FROM onemap.ladder a
            WHERE a.code = ANY(string_to_array(h.path, '/')) AND (h.kind = 'row' OR a.code <> h.code)
            AND {INSIDE.replace("l.path", "a.path")}) AS subtitle
        FROM ({" UNION ALL ".join(_branches())} LIMIT :limit) h"""
    binds = {"begins": f"{like}%", "holds": f"%{like}%", "limit": limit, "area": reader.scope.area}
    return tuple(_hit(row) for row in reader.all(question, **binds))


def _hit(row: Mapping[str, Any]) -> Hit:
    names = ("kind", "theme", "code", "title", "subtitle", "lon", "lat")
    return Hit(*(row[name] or "" if name == "subtitle" else row[name] for name in names))


def _branches() -> list[str]:
    """Each branch stops at the limit, and the later ones are not begun when the earlier ones filled it."""
    begins = _units("(l.code LIKE :begins OR l.name LIKE :begins)")
    holds = _units("l.name LIKE :holds AND l.name NOT LIKE :begins AND l.code NOT LIKE :begins")
    searched = [each for each in themes().values() if each.rung is None]
    return [begins, *(_rows(each) for each in searched), holds]


def _units(condition: str) -> str:
    middle = "ST_Transform(l.label, 4326)"
    return f"""(SELECT 'unit' AS kind, l.theme, l.code, l.name AS title, l.path,
        ST_X({middle}) AS lon, ST_Y({middle}) AS lat
        FROM onemap.ladder l WHERE {condition} AND {INSIDE} ORDER BY l.depth, l.code LIMIT :limit)"""


def _rows(theme: Theme) -> str:
    label = f"l.{quoted(theme.label)}"
    return f"""(SELECT 'row', '{theme.name}', l.key, coalesce({label}::text, l.key), l.path,
        ST_X(ST_PointOnSurface(l.geom)), ST_Y(ST_PointOnSurface(l.geom)) FROM onemap.{quoted(theme.name)} l
        WHERE (l.key LIKE :begins OR {label} LIKE :begins) AND {INSIDE} LIMIT :limit)"""
