"""Findings as they are kept: made anew when units are measured, read by unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from sqlalchemy import Connection, text

from geodata.audit.checks import audit, failed
from geodata.audit.finding import Finding
from geodata.audit.ground import read
from geodata.copying import copy_in
from geodata.door import Reader
from geodata.earth import to_drawn
from geodata.shared_tables import DRAWN
from layers._audit import APPLIED, DEFECTS, Weight


@dataclass(frozen=True, slots=True)
class Told:
    """Findings of one unit and everything below it.

    Parameters
    ----------
    counts : mapping of str to int
        Kind -> findings, in the order of `layers._audit.DEFECTS`.
    worst : list of mapping
        The heaviest and largest: kind, unit, key, m2, zh, en, lon, lat.
    """

    counts: Mapping[str, int]
    worst: Sequence[Mapping[str, Any]]

    @property
    def n(self) -> int:
        """All of them."""
        return sum(self.counts.values())


def rebuild(connection: Connection) -> int:
    """Audit the whole ground anew; how many findings there are.

    Parameters
    ----------
    connection : Connection
        In the transaction that measures units, after the ladder was made.
    """
    ground = read(connection)
    found = audit(ground)
    marks, ids = failed(found), dict(zip(ground.grids.codes, ground.grids.ids.tolist(), strict=True))
    connection.execute(text("DELETE FROM onemap.audit"))
    connection.execute(text("DELETE FROM onemap.audited"))
    bits = {ids[code]: mark for code, mark in marks.items() if code in ids}
    copy_in(connection, "onemap.audited", {"row": list(bits), "failed": list(bits.values())})
    applied = [each for each in found if each.norm in (None, *APPLIED)]
    if applied:
        copy_in(connection, "onemap.audit", _columns(applied))
        connection.execute(text(_PATHS))
    return len(applied)


# A grid's own path; that of the unit where the grid has none, or none is meant.
_PATHS = """UPDATE onemap.audit a SET path = (SELECT l.path FROM onemap.ladder l WHERE l.code IN (a.key, a.unit)
    ORDER BY l.code = a.key DESC NULLS LAST LIMIT 1)"""


def _columns(found: Sequence[Finding]) -> dict[str, Any]:
    shapes: Any = np.empty(len(found), dtype=object)
    shapes[:] = [each.shape for each in found]
    points = shapely.point_on_surface(shapes)
    grounds = np.array([each.shape if each.own_ground else None for each in found], dtype=object)
    drawn = shapely.set_srid(shapely.transform(grounds, to_drawn), DRAWN)
    lon, lat = shapely.get_x(points), shapely.get_y(points)
    return {
        "id": np.arange(1, len(found) + 1), "kind": [each.kind for each in found], "weight": [each.defect.weight.value for each in found],
        "unit": [each.unit for each in found], "key": pa.array([each.key for each in found], pa.string()),
        "m2": pa.array([each.m2 for each in found], pa.float64()), "norm": pa.array([each.norm for each in found], pa.string()),
        "zh": [each.says.zh for each in found], "en": [each.says.en for each in found],
        "lon": pa.array(lon, mask=np.isnan(lon)), "lat": pa.array(lat, mask=np.isnan(lat)),
        "g3857": pa.array(shapely.to_wkb(drawn, hex=True, include_srid=True), pa.string()),
    }  # fmt: skip


_HEAVIEST = "array_position(ARRAY['error', 'warning', 'norm'], weight), m2 DESC NULLS LAST, id"


def told(reader: Reader, path: str, most: int = 40) -> Told:
    """The findings inside a unit.

    Parameters
    ----------
    reader : Reader
    path : str
        Of the unit.
    most : int
        How many are told one by one.
    """
    inside = "path >= :path AND path < :path || chr(1114111)"
    n = {row["kind"]: row["n"] for row in reader.all(f"SELECT kind, count(*) AS n FROM onemap.audit WHERE {inside} GROUP BY 1", path=path)}  # noqa: S608
    worst = reader.all(f"""SELECT kind, weight, unit, key, m2, zh, en, lon, lat FROM onemap.audit
        WHERE {inside} AND weight <> '{Weight.NORM}' ORDER BY {_HEAVIEST} LIMIT :most""", path=path, most=most)  # noqa: S608
    return Told({kind: n[kind] for kind in DEFECTS if kind in n}, worst)
