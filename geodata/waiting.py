"""What waits to be measured: the units that loads touched since the numbers were last counted.

It is written in the transaction of each load and taken away in the one that measures, so that a process that dies in
between leaves nothing uncounted and nothing has to be counted twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa
from sqlalchemy import Connection, text

from geodata.copying import copy_in

MOST = 20_000
"""Units that a load may touch and still be followed unit by unit; beyond that everything is counted again, which is faster."""

_EVERYTHING = ""
"""Stands for the path of every unit."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Units that wait, by the stream of change that touched them.

    Parameters
    ----------
    paths : mapping of str to frozenset of str
        A theme, or "theme.sights" -> paths of the units; None where every unit waits.
    since : mapping of str to int
        A theme -> the version that was measured before the first of the changes; 0 for none.
    """

    paths: Mapping[str, frozenset[str] | None]
    since: Mapping[str, int]

    def of(self, theme: str, measured: int | None, now: int | None) -> frozenset[str] | None:
        """The units of a theme's rows that differ between two versions; None when that is not known.

        Parameters
        ----------
        theme : str
        measured, now : int or None
            The version that the numbers stand on, and the one of the rows.
        """
        if measured == now and theme not in self.paths:
            return frozenset()
        if theme not in self.paths or self.since.get(theme, 0) > (measured or 0):
            return None
        return self.paths[theme]


def note(connection: Connection, stream: str, paths: Collection[str] | None) -> None:
    """Say that units have to be measured again; before the theme's version is marked.

    Parameters
    ----------
    connection : Connection
        In the transaction of a load.
    stream : str
        A theme, or "theme.sights" for what its sights see.
    paths : collection of str or None
        None for every unit.
    """
    many = paths is None or len(paths) > MOST
    found: Iterable[str] = (_EVERYTHING,) if many or paths is None else paths
    theme = stream.partition(".")[0]
    before = text("SELECT coalesce((SELECT version FROM onemap.versions WHERE theme = :theme), 0)")
    since = connection.execute(before, {"theme": theme}).scalar_one()
    listed = sorted({*found})
    columns = {"stream": [stream] * len(listed), "since": [since] * len(listed), "path": pa.array(listed, pa.string())}
    copy_in(connection, "onemap.waiting", columns)
    if not listed:  # a load that touched no unit is measured too
        connection.execute(
            text("INSERT INTO onemap.waiting VALUES (:stream, :since, NULL)"), {"stream": stream, "since": since}
        )


def read(connection: Connection) -> Waiting:
    """Everything that waits."""
    rows = connection.execute(
        text("SELECT stream, min(since), array_agg(DISTINCT path) FROM onemap.waiting GROUP BY stream")
    )
    paths: dict[str, frozenset[str] | None] = {}
    since: dict[str, int] = {}
    for stream, version, found in rows:
        several = frozenset(each for each in found if each is not None)
        paths[stream] = None if _EVERYTHING in several or len(several) > MOST else several
        since[stream] = version
    return Waiting(paths, since)


def clear(connection: Connection) -> None:
    """Everything has been measured."""
    connection.execute(text("DELETE FROM onemap.waiting"))
