"""Taking a load back: the versions it wrote go to the past, the versions it ended stand again, bit by bit as they were.

What never held on any day is kept in the past with since = until, so that a row's life can be told; a version that was
put back is marked there (`restored`). A rollback is itself a load, and is taken back in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from sqlalchemy import Connection, text

from geodata import placing
from geodata.copying import copy_in
from geodata.door import Reader
from geodata.history import Outcome, kept_names
from geodata.loads import Load, numbered
from layers import Theme

# Keys of the rows that load :n wrote, ended or (as a rollback) put back.
_KEYS = """SELECT key FROM onemap."{theme}" WHERE load_id = :n
    UNION SELECT key FROM onemap."{theme}_past" WHERE :n IN (load_id, until_load, restored)"""

_SINCE = """WITH keys AS ({keys}), later AS (
        SELECT load_id AS id FROM onemap."{theme}" WHERE load_id > :after AND key IN (SELECT key FROM keys)
        UNION SELECT unnest(ARRAY[load_id, until_load, restored]) FROM onemap."{theme}_past"
        WHERE greatest(load_id, until_load, restored) > :after AND key IN (SELECT key FROM keys))
    SELECT l.id FROM onemap.loads l JOIN later USING (id)
    WHERE l.id > :after AND l.undone_by IS NULL AND (l.kind <> 'rollback' OR l.undoes < :after) ORDER BY l.id DESC"""


def changed_since(connection: Connection, theme: Theme, load: Load) -> list[int]:
    """Loads that stand, came after a load and touched rows that it touched; newest first."""
    question = _SINCE.format(theme=theme.name, keys=_KEYS.format(theme=theme.name))
    asked = {"n": _acting(connection, load).id, "after": load.id}
    return list(connection.execute(text(question), asked).scalars())


def later(reader: Reader, theme: Theme, load: Load) -> list[int]:
    """The same for a reader who wants to know it beforehand; of a rollback that was itself rolled back, what the newest did."""
    question = _SINCE.format(theme=theme.name, keys=_KEYS.format(theme=theme.name))
    return [int(row["id"]) for row in reader.all(question, n=load.id, after=load.id)]


def _acting(connection: Connection, load: Load) -> Load:
    """The load whose marks stand on the rows. To take back what brought a load back is to take that load back again."""
    origin, depth = load, 0
    while origin.undoes is not None and (below := numbered(connection, origin.undoes)):
        origin, depth = below, depth + 1
    return load if depth % 2 else origin


def take_back(connection: Connection, theme: Theme, load: Load, number: int) -> Outcome:
    """Make the rows of a theme stand as they did before a load.

    Parameters
    ----------
    connection : Connection
        In the transaction that holds the theme's lock.
    theme : Theme
    load : Load
        To be taken back; no later load that stands touched its rows.
    number : int
        Of the rollback.

    Returns
    -------
    Outcome
        added: rows that stand again; changed: rows that are again as they were; removed: rows that the load had brought.
    """
    load = _acting(connection, load)
    asked: dict[str, Any] = {"n": load.id, "by": number, "theme": theme.name}
    out = _leaving(connection, theme, load, asked)
    back = _coming(connection, theme, asked)
    for step in (_REACTIVATED if load.kind == "rollback" else _RETIRED, _DELETED, _BACK, _MARKED):
        connection.execute(_said(step, theme), asked | {"out": list(out), "back": list(back)})
    moved = set() if theme.rung else _placed_again(connection, theme, list(back))
    paths = frozenset(path for path in [*out.values(), *back.values(), *moved] if path)
    both = out.keys() & back.keys()
    return Outcome(
        added=len(back) - len(both),
        changed=len(both),
        removed=len(out) - len(both),
        unchanged=0,
        outside=sum(path is None for path in back.values()),
        ids=frozenset(out) | frozenset(back),
        paths=paths,
    )


_STANDING = 'SELECT id, path FROM onemap."{theme}" WHERE load_id = :n'
_PUT_BACK = """SELECT t.id, t.path FROM onemap."{theme}" t JOIN onemap."{theme}_past" p
    ON p.id = t.id AND p.load_id = t.load_id WHERE p.restored = :n"""
_ENDED = 'SELECT id, path FROM onemap."{theme}_past" WHERE until_load = :n AND restored IS NULL'

# As if it had never held: an interval without a day.
_RETIRED = """INSERT INTO onemap."{theme}_past" ({names}, until, until_load)
    SELECT {names}, since, :by FROM onemap."{theme}" WHERE id = ANY(:out)"""

# The version ends again as it once did: with the day of the load that ended it.
_REACTIVATED = """UPDATE onemap."{theme}_past" p SET restored = NULL,
    until = CASE WHEN l.kind = 'rollback' THEN p.since ELSE l.as_of END
    FROM onemap.loads l WHERE l.id = p.until_load AND p.restored = :n"""
_DELETED = 'DELETE FROM onemap."{theme}" WHERE id = ANY(:out)'
_BACK = """INSERT INTO onemap."{theme}" ({names})
    SELECT {names} FROM onemap."{theme}_past" WHERE until_load = :n AND restored IS NULL"""
_MARKED = (
    """UPDATE onemap."{theme}_past" SET restored = :by, until = since WHERE until_load = :n AND restored IS NULL"""
)


def _said(step: str, theme: Theme) -> Any:
    names = ", ".join(f'"{each}"' for each in ["id", "key", *kept_names(theme)])
    return text(step.format(theme=theme.name, names=names))


def _leaving(connection: Connection, theme: Theme, load: Load, asked: Mapping[str, Any]) -> dict[int, str | None]:
    step = _PUT_BACK if load.kind == "rollback" else _STANDING
    return {row.id: row.path for row in connection.execute(_said(step, theme), asked)}


def _coming(connection: Connection, theme: Theme, asked: Mapping[str, Any]) -> dict[int, str | None]:
    return {row.id: row.path for row in connection.execute(_said(_ENDED, theme), asked)}


def _placed_again(connection: Connection, theme: Theme, ids: list[int]) -> set[str]:
    """Rows that are back stand in the units of today; the paths of those that had stood elsewhere."""
    question = f"""SELECT id, path, ST_AsBinary(ST_PointOnSurface(geom)) AS wkb FROM onemap."{theme.name}"
        WHERE id = ANY(:ids) AND geom IS NOT NULL"""  # noqa: S608
    rows = connection.execute(text(question), {"ids": ids}).all()
    if not rows:
        return set()
    units, paths = placing.place(connection, shapely.from_wkb([bytes(row.wkb) for row in rows]))
    moved = [n for n, row in enumerate(rows) if row.path != paths[n]]
    if moved:
        _stamp(connection, theme, [rows[n].id for n in moved], units[moved], paths[moved])
    return {paths[n] for n in moved if paths[n]}


def _stamp(connection: Connection, theme: Theme, ids: list[int], units: Any, paths: Any) -> None:
    connection.execute(text("CREATE TEMP TABLE moved (id bigint, unit text, path text) ON COMMIT DROP"))
    columns = {"unit": pa.array(units, pa.string()), "path": pa.array(paths, pa.string())}
    copy_in(connection, "moved", {"id": pa.array(np.array(ids, dtype=np.int64)), **columns})
    connection.execute(
        text(f'UPDATE onemap."{theme.name}" t SET unit = m.unit, path = m.path FROM moved m WHERE m.id = t.id')  # noqa: S608
    )
    connection.execute(text("DROP TABLE moved"))
