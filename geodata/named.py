"""Units that files name instead of giving a position: by code, by a code without its zeros, or by a name that only one has."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import shapely
from sqlalchemy import Connection, text

from layers._theme import Theme


@dataclass(frozen=True, slots=True)
class Named:
    """The unit that a word means.

    Parameters
    ----------
    code, path : str
    point : Point, EPSG:4490
        On the unit's ground: where its name is drawn.
    """

    code: str
    path: str
    point: shapely.Point


def units(connection: Connection, words: Collection[str]) -> dict[str, Named]:
    """What files write -> the unit meant; words that mean none, or more than one, are missing.

    Parameters
    ----------
    connection : Connection
    words : collection of str
        Codes (also of 6 or 9 digits, for a county or a town) or names.

    Returns
    -------
    dict of str to Named
    """
    found = connection.execute(text(_MEANT), {"words": sorted(set(words))}).all()
    return {row.word: Named(row.code, row.path, shapely.from_wkb(bytes(row.point))) for row in found}


# The position in degrees is taken from the drawing column: EPSG:4490 is treated as 4326 by policy.
_POINT = "ST_SetSRID(ST_Transform(l.label, 4326), 4490)"

_MEANT = f"""
    WITH said AS (SELECT word, CASE WHEN word ~ '^([0-9]{{6}}|[0-9]{{9}})$' THEN rpad(word, 12, '0') ELSE word END AS code
        FROM unnest(CAST(:words AS text[])) AS word),
    coded AS (SELECT s.word, l.code FROM said s JOIN onemap.ladder l ON l.code = s.code),
    called AS (SELECT s.word, min(l.code) AS code FROM said s JOIN onemap.ladder l ON l.name = s.word
        WHERE s.word NOT IN (SELECT word FROM coded) AND l.level NOT IN ('grid', 'microgrid') GROUP BY s.word HAVING count(*) = 1)
    SELECT m.word, l.code, l.path, ST_AsBinary({_POINT}) AS point
    FROM (SELECT * FROM coded UNION ALL SELECT * FROM called) m JOIN onemap.ladder l USING (code) WHERE l.label IS NOT NULL"""  # noqa: S608 - constants


def stand_again(connection: Connection, theme: Theme) -> frozenset[str]:
    """Bring the rows of a theme that names units to where these stand since the ladder changed.

    Parameters
    ----------
    connection : Connection
        In the transaction that rebuilt the ladder.
    theme : Theme
        Placed by a field that holds codes.

    Returns
    -------
    frozenset of str
        Paths that moved rows left or entered.
    """
    said = {"theme": theme.name, "code": theme.placed_by, "point": _POINT}
    found = [*connection.execute(text(_AGAIN.format(**said))), *connection.execute(text(_LOST.format(**said)))]
    return frozenset(path for row in found for path in row if path)


_AGAIN = """WITH old AS (SELECT id, path FROM onemap."{theme}")
    UPDATE onemap."{theme}" t SET unit = l.code, path = l.path, geom = {point} FROM onemap.ladder l, old
    WHERE l.code = t."{code}" AND old.id = t.id AND l.label IS NOT NULL AND ((t.unit, t.path) IS DISTINCT FROM (l.code, l.path)
    OR ST_AsEWKB(t.geom) IS DISTINCT FROM ST_AsEWKB({point})) RETURNING old.path, t.path"""

_LOST = """WITH old AS (SELECT id, path FROM onemap."{theme}")
    UPDATE onemap."{theme}" t SET unit = NULL, path = NULL FROM old WHERE old.id = t.id AND t.path IS NOT NULL
    AND NOT EXISTS (SELECT FROM onemap.ladder l WHERE l.code = t."{code}") RETURNING old.path"""
