"""Units that stood once: found by their old code or name, with their days, and led to the units that took their ground."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from geodata.conditions import quoted
from geodata.door import Reader
from geodata.errors import UnknownUnit
from geodata.ladder import rungs
from geodata.successors import SAID
from geodata.units import INSIDE
from layers import Theme


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """A unit as it was.

    Parameters
    ----------
    code, name : str
        As the file of that time had them.
    level : str or None
    since, until : date
        It stood on `since` and until the day before `until`.
    successors : tuple of str
        Codes of the units of today that took its ground; its own code where it only changed its name or border.
    """

    code: str
    name: str
    level: str | None
    since: date
    until: date
    successors: tuple[str, ...]


# Codes and those they have led to, however many changes lie between.
_LEADS = f"""WITH RECURSIVE leads(code, successor) AS (SELECT s.code, s.successor FROM {SAID}
    UNION SELECT e.code, s.successor FROM leads e JOIN {SAID} ON s.code = e.successor)"""  # noqa: S608

# Units `l` of today on the ground of a former one `p`: the one of its code, else those that a recipe names, else the
# deepest of its theme that holds a point of it.
_HEIRS = """SELECT h.* FROM onemap.ladder h WHERE h.code = p.code
    OR (NOT EXISTS (SELECT FROM onemap.ladder x WHERE x.code = p.code) AND (
        h.code IN (SELECT e.successor FROM leads e WHERE e.code = p.code)
        OR (NOT EXISTS (SELECT FROM leads e JOIN onemap.ladder x ON x.code = e.successor WHERE e.code = p.code)
            AND h.code = (SELECT y.code FROM onemap.ladder y WHERE y.theme = p.theme
                AND ST_Intersects(y.geom, ST_PointOnSurface(p.geom)) ORDER BY y.depth DESC, y.code LIMIT 1))))"""


def _past(theme: Theme) -> str:
    """Versions of a theme's units that held on some day and hold no more."""
    rung = theme.rung
    assert rung is not None, theme.name
    level = f"{quoted(rung.level)}::text" if rung.level else "NULL::text"
    return f"""SELECT '{theme.name}' AS theme, {quoted(rung.code)} AS code, {quoted(rung.name)} AS name, {level} AS level,
        since, until, path, geom FROM onemap.{quoted(theme.name + "_past")} WHERE until > since"""  # noqa: S608


def _every() -> str:
    return " UNION ALL ".join(_past(each) for each in rungs())


def search_question() -> str:
    """What search asks for former codes and names; each hit is a unit of today, with its former name before its own."""
    lon, lat = "ST_X(l.label) / 6378137", "2 * atan(exp(ST_Y(l.label) / 6378137)) - pi() / 2"
    return f"""{_LEADS} SELECT DISTINCT ON (p.code, p.name, l.code) 'unit' AS kind, l.theme, l.code,
        p.name || ' → ' || l.name || '（' || p.until || '）' AS title, l.path, degrees({lon}) AS lon, degrees({lat}) AS lat
        FROM ({_every()}) p CROSS JOIN LATERAL ({_HEIRS}) l
        WHERE (p.code LIKE :begins OR p.name LIKE :begins) AND {INSIDE}
        AND NOT EXISTS (SELECT FROM onemap.ladder n WHERE n.code = p.code AND n.name = p.name)
        ORDER BY p.code, p.name, l.code"""  # noqa: S608


def unit(reader: Reader, code: str) -> Former:
    """The unit of a code as it stood on the reader's day, or at last.

    Raises
    ------
    UnknownUnit
        No such unit stood then in the reader's area.
    """
    question = f"""{_LEADS} SELECT l.code, l.name, l.level, l.since, l.until,
            (SELECT array_agg(h.code ORDER BY h.code) FROM LATERAL (SELECT l.*) p, LATERAL ({_HEIRS}) h) AS heirs
        FROM ({_every()}) l WHERE l.code = :code AND (CAST(:day AS date) IS NULL OR (l.since <= :day AND :day < l.until))
        AND {INSIDE} ORDER BY l.until DESC LIMIT 1"""  # noqa: S608
    found = reader.first(question, code=code, area=reader.scope.area, day=reader.scope.day)
    if found is None:
        raise UnknownUnit(code)
    told = {name: found[name] for name in ("code", "name", "level", "since", "until")}
    return Former(**told, successors=tuple(found["heirs"] or ()))
