"""What the ladder knows of the units that a file's rows say they stand in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.door import Reader


@dataclass(frozen=True, slots=True)
class Claimed:
    """A unit that a row may claim.

    Parameters
    ----------
    code, name, path : str
    depth : int
        Of the ladder; the deeper, the smaller.
    """

    code: str
    name: str
    path: str
    depth: int


def by_codes(reader: Reader, codes: Collection[str]) -> dict[str, Claimed]:
    """The units of these codes that there are."""
    found = reader.all(
        "SELECT code, name, path, depth FROM onemap.ladder WHERE code = ANY(:codes)", codes=sorted(codes)
    )
    return {each["code"]: Claimed(**each) for each in found}


def by_names(reader: Reader) -> dict[str, list[Claimed]]:
    """Every unit, by its name; grids and what lies deeper left out, their names are numbers."""
    named: dict[str, list[Claimed]] = {}
    for each in reader.all(
        "SELECT code, name, path, depth FROM onemap.ladder WHERE level NOT IN ('grid', 'microgrid')"
    ):
        named.setdefault(each["name"], []).append(Claimed(**each))
    return named


def grounds(reader: Reader, codes: Sequence[str]) -> dict[str, shapely.Geometry]:
    """The ground of these units, EPSG:4490."""
    found = reader.all(
        "SELECT code, ST_AsBinary(geom) AS ground FROM onemap.ladder WHERE code = ANY(:codes) AND geom IS NOT NULL",
        codes=list(codes),
    )
    return {each["code"]: shapely.from_wkb(bytes(each["ground"])) for each in found}


def extent(reader: Reader) -> NDArray[np.float64]:
    """West, south, east, north of each root of the ladder, shape (r, 4), degrees; no row for an empty one."""
    found = reader.all("SELECT west, south, east, north FROM onemap.ladder WHERE parent IS NULL AND west IS NOT NULL")
    return np.array([[each["west"], each["south"], each["east"], each["north"]] for each in found]).reshape(-1, 4)
