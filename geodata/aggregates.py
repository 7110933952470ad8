"""Are the aggregates true? Everything that loads keep beside the rows is counted a second time, from the rows alone.

`./onemap check-aggregates` recounts the cells of clusters, the numbers of units, sights and drawn borders, and the ladder's
own counts; what differs is a finding with its place and its remedy. Nothing is mended here: that is `./onemap rebuild`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection, text

from geodata import (
    cells,
    drawn,
    exclusion,
    grain_changes,
    measure,
    newest,
    places,
    sectors,
    sights,
    store,
    tables,
    tree,
    values,
    waiting,
    watch,
)
from geodata.copying import BLOCK_ROWS
from geodata.earth import to_drawn
from layers import Theme, themes
from layers._theme import Geometry

_SOME = 3  # differences that a finding names


@dataclass(frozen=True, slots=True)
class Difference:
    """An aggregate that is not what its rows say.

    Parameters
    ----------
    place : str
        Which aggregate, of what.
    fact : str
        What differs, with examples.
    remedy : str
        What puts it right.
    """

    place: str
    fact: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.fact}; {self.remedy}."


def main(arguments: Sequence[str]) -> int:
    """Print what differs.

    Parameters
    ----------
    arguments : sequence of str
        After the word ``check-aggregates``.

    Returns
    -------
    int
        Exit code: 0 when everything agrees, 1 when something differs.

    Raises
    ------
    StoreError
        The store is down.
    """
    parser = argparse.ArgumentParser(
        prog="onemap check-aggregates", description="count every aggregate again from the rows, and say what differs"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args(list(arguments))
    engine = store.engine()
    tables.create_all(engine)
    # One snapshot: a load that ends meanwhile is seen by none of the questions.
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        found = list(differences(connection))
    if asked.json:
        print(json.dumps({"differences": [asdict(each) for each in found]}, ensure_ascii=False, indent=2))
    else:
        print("\n".join(map(str, found)) or "check-aggregates: everything is what its rows say")
    return int(bool(found))


def differences(connection: Connection) -> Iterator[Difference]:
    """Count everything again.

    Parameters
    ----------
    connection : Connection
        In a transaction that sees one snapshot.

    Yields
    ------
    Difference
    """
    yield from _ladder(connection)
    yield from _waiting(connection)
    for theme in themes().values():
        for check in CHECKS:
            yield from check(connection, theme)
    yield from _drawn(connection)
    yield from _indicators(connection)


def _said(place: str, what: str, rows: Sequence[Any], part: str) -> Iterator[Difference]:
    """One finding for rows of (name, what stands, what was counted); none for no rows."""
    if rows:
        examples = ", ".join(f"{name} says {stands}, counted {counted}" for name, stands, counted in rows[:_SOME])
        more = f" and {len(rows) - _SOME:,} more" if len(rows) > _SOME else ""
        yield Difference(place, f"{len(rows):,} {what} differ: {examples}{more}", f"run ./onemap rebuild {part}")


def _ladder(connection: Connection) -> Iterator[Difference]:
    """Children counted, paths made of the parents' paths, rows in units that there are."""
    counted = connection.execute(text(_CHILDREN)).all()
    yield from _said("ladder", "units' children", counted, "ladder")
    wrong = connection.execute(text(_PATHS)).all()
    yield from _said("ladder", "units' paths", wrong, "ladder")


_CHILDREN = """SELECT l.code, l.children, count(c.code) FROM onemap.ladder l LEFT JOIN onemap.ladder c ON c.parent = l.code
    GROUP BY l.code, l.children HAVING count(c.code) <> l.children ORDER BY l.code"""
_PATHS = """SELECT l.code, l.path, coalesce(u.path, '') || l.code || '/' FROM onemap.ladder l
    LEFT JOIN onemap.ladder u ON u.code = l.parent
    WHERE l.path <> coalesce(u.path, '') || l.code || '/' OR (l.parent IS NOT NULL AND u.code IS NULL) ORDER BY l.code"""


def _waiting(connection: Connection) -> Iterator[Difference]:
    """A load whose numbers were never counted: its process died before it came to that."""
    streams = sorted(waiting.read(connection).paths)
    if streams:
        yield Difference(
            "indicators", f"loads of {', '.join(streams)} were never measured", "run ./onemap rebuild indicators"
        )


def _stands(connection: Connection, theme: Theme) -> Iterator[Difference]:
    question = f"""SELECT r.key, coalesce(r.path, 'no path'), coalesce(l.path, 'no such unit') FROM onemap."{theme.name}" r
        LEFT JOIN onemap.ladder l ON l.code = r.unit WHERE r.path IS DISTINCT FROM l.path ORDER BY r.key"""  # noqa: S608
    yield from _said(f"{theme.name}", "rows' places in the ladder", connection.execute(text(question)).all(), "ladder")


def _cells(connection: Connection, theme: Theme) -> Iterator[Difference]:
    """Every zoom against the rows, or against the next finer zoom, which was compared before it."""
    if theme.geometry is not Geometry.POINT:
        return
    for z in range(cells.FINEST, cells.COARSEST - 1, -1):
        fresh = cells.finest(theme) if z == cells.FINEST else cells.coarser(theme)
        rows = connection.execute(text(_CELLS.format(fresh=fresh)), cells.binds(theme) | {"z": z}).all()
        yield from _said(f"cells of {theme.name}, zoom {z}", "cells", rows, "cells")


# Means of positions are equal to a millimetre: sums in another order differ in their last bits.
_CELLS = """SELECT coalesce(a.cx, b.cx) || '/' || coalesce(a.cy, b.cy), coalesce(a.n, 0), coalesce(b.n, 0)
    FROM (SELECT * FROM onemap.cells WHERE theme = :theme AND z = :z) a FULL JOIN ({fresh}) b USING (cy, cx)
    WHERE (a.n, a.states) IS DISTINCT FROM (b.n, b.states) OR abs(a.x - b.x) > 0.001 OR abs(a.y - b.y) > 0.001 ORDER BY cy, cx"""


def _sights(connection: Connection, theme: Theme) -> Iterator[Difference]:
    """Each sight is made again; shapes are compared to a tenth of a millimetre, flags exactly."""
    if theme.sight is None:
        return
    rows = sights.read(connection, theme, theme.sight, {})
    question = 'SELECT "row", effective, assumed, ST_AsBinary(g3857) FROM onemap.sights WHERE theme = :theme'
    stand = {row[0]: row[1:] for row in connection.execute(text(question), {"theme": theme.name})}
    wrong = [(f"row {row}", "a sight", "none") for row in sorted(stand.keys() - {int(each) for each in rows["id"]})]
    for start in range(0, len(rows), BLOCK_ROWS):
        wrong += _other_sights(connection, theme, rows[start : start + BLOCK_ROWS], stand)
    yield from _said(f"sights of {theme.name}", "sights", wrong, "sights")


def _other_sights(connection: Connection, theme: Theme, rows: Any, stand: dict[int, Any]) -> list[tuple[str, str, str]]:
    assert theme.sight is not None, theme.name
    found = sectors.resolved(theme.sight, rows)
    here = [stand.get(int(each), (None, None, None)) for each in rows["id"]]
    shapes = shapely.from_wkb([None if each[2] is None else bytes(each[2]) for each in here])
    same = shapely.equals_exact(shapes, shapely.transform(watch.shapes(connection, found), to_drawn), tolerance=1e-4)
    flags = np.array([[each[0] is True, each[1] is True] for each in here]).reshape(-1, 2)
    same &= (flags == np.stack([rows["effective"] > 0, found.assumed], axis=1)).all(axis=1)
    return [
        (f"row {int(rows['id'][at])}", "nothing" if here[at][2] is None else "another sight", "one")
        for at in np.flatnonzero(~same)
    ]


def _left(connection: Connection, theme: Theme) -> Iterator[Difference]:
    """Pieces that are left of units, worked out again."""
    wrong = exclusion.differing(connection, theme) if theme.left_by else []
    yield from _said(theme.name, "pieces", wrong, "left indicators")


def _places(connection: Connection, theme: Theme) -> Iterator[Difference]:
    """Each place is looked at again: whether it is seen, by whom alone."""
    wrong = places.differing(connection, theme) if theme.sight else []
    yield from _said(f"places seen by {theme.name}", "places", wrong, "places")


def _grains(connection: Connection, theme: Theme) -> Iterator[Difference]:
    """Rows packed again."""
    wrong = grain_changes.differing(connection, theme)
    yield from _said(f"grains of {theme.name}", "packed rows", [("rows", *wrong)] if wrong else [], "grains")


CHECKS: tuple[Callable[[Connection, Theme], Iterator[Difference]], ...] = (_stands, _left, _cells, _sights, _places, _grains)
"""What is counted again of each theme."""


def _drawn(connection: Connection) -> Iterator[Difference]:
    """Each level simplified again."""
    levels = connection.execute(
        text("SELECT level FROM onemap.ladder UNION SELECT level FROM onemap.drawn ORDER BY 1")
    ).scalars()
    for level in levels.all():
        fresh = {(zmin, zmax, unit): print_ for zmin, zmax, unit, print_ in drawn.prints(connection, level)}
        question = "SELECT zmin, zmax, id, ST_AsBinary(g3857) FROM onemap.drawn WHERE level = :level"
        stand = {
            (row[0], row[1], row[2]): drawn.print_of(bytes(row[3]))
            for row in connection.execute(text(question), {"level": level})
        }
        wrong = [
            (f"unit {key[2]} at zoom {key[0]}", "nothing" if key not in stand else "another border",
             "none" if key not in fresh else "one")
            for key in sorted(stand.keys() | fresh.keys()) if stand.get(key) != fresh.get(key)
        ]  # fmt: skip
        yield from _said(f"drawn, level {level}", "borders", wrong, "drawn")


def _indicators(connection: Connection) -> Iterator[Difference]:
    """Every number of every unit, an indicator at a time; one that was never measured is no difference."""
    units = tree.read(connection)
    rows = connection.execute(text("SELECT DISTINCT indicator, definition FROM onemap.measured")).all()
    measured = {values.kept_as(*row) for row in rows}
    due = {name: each for name, each in measure.declared().items() if name in measured}
    for share in measure.shares(due, len(units)) if len(units) else ():
        kept = newest.kept(connection, units, measure.measures_of(share))
        for name, now in measure.counted(connection, units, share, kept).items():
            wrong = values.differing(units, now, kept[name])
            said = [
                (f"unit {units.codes[at]}", f"{kept[name].numerator[at]:g}", f"{now.numerator[at]:g}") for at in wrong
            ]
            yield from _said(f"indicator {name}", "units", said, "indicators")
