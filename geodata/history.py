"""Publishing a load: the rows that differ are written, the versions they replace go to the past, all in one transaction.

Readers work on snapshots and wait for nobody; nothing here truncates, drops or alters. A day d can be asked for: rows with
since <= d, and former versions with since <= d < until.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geodata import ewkb, rehearsals
from geodata.copying import copy_in, copy_out
from geodata.fingerprint import Hashes
from geodata.shared_tables import STORED
from geodata.tables import index
from layers import Theme
from layers._field import Kind

Texts = NDArray[Any]
Placing = Callable[[pd.Index, NDArray[Any]], tuple[Texts, Texts]]
"""Row numbers and shapes -> unit code and path of each, None outside."""

# From this share of rows written on, the planner's counts are stale.
_WORTH_ANALYSING = 0.1


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one source as they are to stand.

    Parameters
    ----------
    frame : DataFrame, n rows
        A column for each field of the theme; the index is the row number of the file. Keys are unique.
    shapes : array of Geometry, shape (n,), EPSG:4490
    hashes : array of uint64, shape (n,)
    """

    frame: pd.DataFrame
    shapes: NDArray[Any]
    hashes: Hashes


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a load changed.

    Parameters
    ----------
    added, changed, removed, unchanged : int
        Rows.
    outside : int
        Rows written that stand in no unit.
    ids : collection of int
        Of the rows added, changed and removed, each once.
    paths : set of str
        Of the units that gained, lost or keep such a row.
    """

    added: int
    changed: int
    removed: int
    unchanged: int
    outside: int
    ids: Collection[int]
    paths: frozenset[str]

    @property
    def written(self) -> int:
        """Rows that are not as they were."""
        return self.added + self.changed + self.removed


def lock(connection: Connection, theme: Theme, *, rehearsing: bool = False) -> None:
    """Let loads of one theme follow one another, and loads of boundaries follow all others; readers wait for neither.

    Parameters
    ----------
    connection : Connection
        In the transaction that holds the lock to its end.
    theme : Theme
    rehearsing : bool
        Whether nothing will be published: then it ends as soon as a load wants the lock.
    """
    rehearsals.announce(connection) if rehearsing else rehearsals.make_way(connection)
    shared = "" if theme.rung else "_shared"
    connection.execute(text(f"SELECT pg_advisory_xact_lock{shared}(hashtext('onemap.ladder'))"))
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"onemap.{theme.name}"})


def owners(connection: Connection, theme: Theme, source: str, keys: list[str]) -> dict[str, str]:
    """Key -> source, for those of the keys that another source has published."""
    others = text(f'SELECT EXISTS (SELECT FROM onemap."{theme.name}" WHERE source <> :source)')  # noqa: S608
    if not connection.execute(others, {"source": source}).scalar():
        return {}
    question = text(f'SELECT key, source FROM onemap."{theme.name}" WHERE source <> :source AND key = ANY(:keys)')  # noqa: S608
    return {row.key: row.source for row in connection.execute(question, {"source": source, "keys": keys})}


def publish(
    connection: Connection,
    theme: Theme,
    source: str,
    load: int,
    as_of: date,
    rows: Rows,
    placing: Placing,
    *,
    partial: bool = False,
) -> Outcome:
    """Make a source's rows stand as they came.

    Parameters
    ----------
    connection : Connection
        In the transaction that holds the theme's lock.
    theme : Theme
    source : str
        Only rows of this source are touched.
    load : int
        Number that the written versions carry.
    as_of : date
        The day of the data, not older than that of the source's newest load.
    rows : Rows
    placing : callable
        Asked for the rows that are written, not for the others.
    partial : bool
        Whether the rows are some of the source's: those that do not come stay as they are.

    Returns
    -------
    Outcome
    """
    keys = rows.frame[theme.key].to_numpy(dtype=object)
    standing = _standing(connection, theme, source, keys.tolist() if partial else None)
    there = standing.reindex(keys)
    new = there["id"].isna().to_numpy()
    changed = ~new & (there["hash"].to_numpy() != rows.hashes.astype(str).astype(object))
    gone = standing.loc[~standing.index.isin(keys) & (not partial), "id"].to_numpy(dtype=np.int64)
    kept = there["id"].to_numpy(dtype=float, na_value=-1).astype(np.int64)
    delta = new | changed
    units, paths = placing(rows.frame.index[delta], rows.shapes[delta])
    made = columns(theme, source, load, as_of, rows, delta)
    made |= {"unit": pa.array(units, pa.string()), "path": pa.array(paths, pa.string())}
    former = _retire(connection, theme, np.concatenate([kept[changed], gone]), load, as_of)
    _delete(connection, theme, gone)
    _update(connection, theme, made, changed[delta], kept[changed])
    fresh = np.flatnonzero(new[delta])
    added = _insert(connection, theme, made, fresh[beside_one_another(rows.shapes[new])], load)
    index(connection, theme.name)
    if new.sum() > _WORTH_ANALYSING * max(1, len(keys)):
        connection.execute(text(f'ANALYZE onemap."{theme.name}"'))
    return Outcome(
        int(new.sum()),
        int(changed.sum()),
        len(gone),
        int((~delta).sum()),
        int(sum(each is None for each in units)),
        frozenset(added) | frozenset(kept[changed].tolist()) | frozenset(gone.tolist()),
        frozenset(each for each in paths if each) | former,
    )


def _standing(connection: Connection, theme: Theme, source: str, keys: list[str] | None) -> pd.DataFrame:
    """Rows of a source by key: those of some keys, or (None) all."""
    some = "" if keys is None else "AND key = ANY(CAST(:keys AS text[]))"
    question = f'SELECT key, id, hash FROM onemap."{theme.name}" WHERE source = :source {some}'  # noqa: S608
    found = copy_out(connection, question, {"source": source, "keys": keys}, {"key": pa.string(), "id": pa.int64(), "hash": pa.string()})
    ids, hashes = (found[name].to_pandas().astype(object) for name in ("id", "hash"))
    return pd.DataFrame({"id": ids, "hash": hashes}).set_axis(pd.Index(found["key"].to_pandas().astype(object)))


def columns(
    theme: Theme, source: str, load: int, as_of: date, rows: Rows, delta: NDArray[np.bool_]
) -> dict[str, pa.Array]:
    """The rows to be written as columns of the theme's table, but for unit and path.

    Parameters
    ----------
    theme : Theme
    source : str
    load : int
    as_of : date
    rows : Rows
    delta : array of bool, shape (n,)
        Which of the rows are written.
    """
    frame, n = rows.frame[delta], int(delta.sum())
    columns = {
        "key": _array(frame[theme.key], Kind.TEXT),
        "source": pa.repeat(source, n),
        "row_no": pa.array(frame.index.to_numpy()),
        "load_id": pa.repeat(load, n),
        "since": pa.repeat(pa.scalar(as_of), n),
        "hash": pa.array(rows.hashes[delta]).cast(pa.string()),
    }
    columns |= {each.name: _array(frame[each.name], each.kind) for each in theme.fields}
    columns["geom"] = ewkb.written(rows.shapes[delta], STORED)
    return columns


_ARROW = {Kind.INTEGER: pa.int64(), Kind.NUMBER: pa.float64(), Kind.DATE: pa.date32(), Kind.FLAG: pa.bool_()}


def _array(column: pd.Series, kind: Kind) -> pa.Array:
    return pa.array(column, type=_ARROW.get(kind, pa.string()), from_pandas=True)


def kept_names(theme: Theme) -> list[str]:
    """Columns that both a theme's table and its past hold, beside id and key."""
    return [
        "source",
        "row_no",
        "load_id",
        "since",
        "hash",
        "unit",
        "path",
        *(each.name for each in theme.fields),
        "geom",
    ]


def _names(columns: list[str], prefix: str = "") -> str:
    return ", ".join(f'{prefix}"{each}"' for each in columns)


def _retire(connection: Connection, theme: Theme, ids: NDArray[np.int64], load: int, as_of: date) -> frozenset[str]:
    """Copy versions that end to the past; the paths they stood in."""
    if not len(ids):
        return frozenset()
    names = _names(["id", "key", *kept_names(theme)])
    asked = {"ids": ids.tolist(), "load": load, "day": as_of}
    connection.execute(
        text(
            f'INSERT INTO onemap."{theme.name}_past" ({names}, until, until_load) '  # noqa: S608
            f'SELECT {names}, :day, :load FROM onemap."{theme.name}" WHERE id = ANY(:ids)'
        ),
        asked,
    )
    stood = text(f'SELECT DISTINCT path FROM onemap."{theme.name}" WHERE id = ANY(:ids) AND path IS NOT NULL')  # noqa: S608
    return frozenset(connection.execute(stood, asked).scalars())


def _delete(connection: Connection, theme: Theme, ids: NDArray[np.int64]) -> None:
    if len(ids):
        connection.execute(text(f'DELETE FROM onemap."{theme.name}" WHERE id = ANY(:ids)'), {"ids": ids.tolist()})  # noqa: S608


def end(connection: Connection, theme: Theme, ids: NDArray[np.int64], load: int, as_of: date) -> frozenset[str]:
    """Take rows out of what stands into the past; the paths they stood in."""
    former = _retire(connection, theme, ids, load, as_of)
    _delete(connection, theme, ids)
    return former


def _update(
    connection: Connection,
    theme: Theme,
    columns: dict[str, pa.Array],
    changed: NDArray[np.bool_],
    ids: NDArray[np.int64],
) -> None:
    if not len(ids):
        return
    names, stage = kept_names(theme), f"stage_{theme.name}"
    connection.execute(
        text(
            f'CREATE TEMP TABLE "{stage}" ON COMMIT DROP AS SELECT id, {_names(names)} FROM onemap."{theme.name}" WHERE false'  # noqa: S608
        )
    )
    copy_in(
        connection,
        f'"{stage}"',
        {"id": pa.array(ids)} | {name: columns[name].filter(pa.array(changed)) for name in names},
    )
    assigned = ", ".join(f'"{name}" = s."{name}"' for name in names)
    connection.execute(text(f'UPDATE onemap."{theme.name}" t SET {assigned} FROM "{stage}" s WHERE t.id = s.id'))  # noqa: S608
    connection.execute(text(f'DROP TABLE "{stage}"'))


def beside_one_another(shapes: NDArray[Any]) -> NDArray[np.intp]:
    """The order of a Hilbert curve through shapes: what a map shows together then lies together in the store."""
    if len(shapes) < 2 or shapely.is_missing(shapes).any() or shapely.is_empty(shapes).any():
        return np.arange(len(shapes))
    return np.argsort(gpd.GeoSeries(shapes).hilbert_distance().to_numpy(), kind="stable")


def _insert(
    connection: Connection, theme: Theme, columns: dict[str, pa.Array], new: NDArray[np.intp], load: int
) -> list[int]:
    """Append the new rows, whose positions are given in the order to be kept; the ids that the store gave them."""
    if not len(new):
        return []
    names = ["key", *kept_names(theme)]
    last = text(f'SELECT coalesce(max(id), 0) FROM onemap."{theme.name}"')  # noqa: S608
    before = connection.execute(last).scalar_one()
    copy_in(connection, f'onemap."{theme.name}"', {name: columns[name].take(pa.array(new)) for name in names})
    written = text(f'SELECT id FROM onemap."{theme.name}" WHERE load_id = :load AND id > :before')  # noqa: S608
    return list(connection.execute(written, {"load": load, "before": before}).scalars())
