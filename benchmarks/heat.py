"""heat: views of a screen at every zoom, of all rows and of rows picked at random; and whether densities add up to the rows.

A view is 1280 x 800 pixels around a row or around a point of the ground, in turn. "counted" is what the store is asked
for: how many rows lie in each cell of the view and of the margin that its kernel needs. "made" is everything up to the
encoded tiles. "cold" is the first question after a load, which unpacks the rows of the theme in a worker.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from math import ceil
from typing import Any

import numpy as np

from benchmarks._ground import load
from benchmarks._report import Report, median, p95
from geodata import grains, heat, kernel
from geodata.cluster import Cluster
from geodata.door import Door, Reader
from geodata.grains import Grains
from geodata.store import connect
from layers import theme
from layers._pick import Pick, choices, offered, ordered

SCALE = "province"
FIXED_LIMIT_MS, FREE_LIMIT_MS, ERROR_LIMIT = 20.0, 60.0, 0.005
WIDE, TALL, TILE = 1280, 800, 512
ZOOMS = range(6, kernel.LAST_ZOOM + 1)
ADDED_UP = range(5, 12)
SEED = 20261031
CAMERAS = theme("cameras")

Picks = tuple[Pick, ...]


def measure(scale: str, rounds: int) -> Report:
    """`rounds` x 6 views of every zoom, each with all rows and with rows that were picked.

    Returns
    -------
    Report
        fixed_* and free_*: milliseconds of a view, counted and made; the limits hold for what is counted. error: the
        largest share by which the densities of a zoom, added up over the ground, miss the rows.
    """
    engine = connect(Cluster(load(scale)).url())
    _pack(engine)
    with Door(engine).reader() as reader:
        cold, rows = _timed(lambda: heat.near(reader, CAMERAS, (), (0, 0, 0)))
        views = list(_views(reader, rows, rounds * 6))
        figures = {"rows": float(len(rows.codes)), "cold_ms": cold, "held_mb": (rows.codes.nbytes + rows.kinds.nbytes) / 1e6}
        for name, picked in (("fixed", False), ("free", True)):
            figures |= _figures(name, reader, rows, views, picked)
        errors = [_error(reader, rows, z, part) for z in ADDED_UP for part in ("heat", "squares")]
    limits = {
        "fixed_of_limit": figures["fixed_counted_p95_ms"] / FIXED_LIMIT_MS,
        "free_of_limit": figures["free_counted_p95_ms"] / FREE_LIMIT_MS,
        "error_of_limit": max(errors) / ERROR_LIMIT,
    }
    return Report("heat", scale, figures | {"error": max(errors)}, limits)


def _pack(engine: object) -> None:
    """A store that was filled before rows were packed has none."""
    with engine.begin() as connection:  # type: ignore[attr-defined]
        if not connection.exec_driver_sql("SELECT EXISTS (SELECT FROM onemap.grains WHERE theme = 'cameras')").scalar():
            grains.rebuild(connection, CAMERAS)


def _timed(work: Callable[[], Grains]) -> tuple[float, Grains]:
    began = time.perf_counter()
    made = work()
    return (time.perf_counter() - began) * 1000, made


def _figures(name: str, reader: Reader, rows: Grains, views: list[list[heat.Place]], picked: bool) -> dict[str, float]:
    chance = random.Random(SEED)
    counted, made = [], []
    for view in views:
        picks = _some(chance) if picked else ()
        counted.append(_ms(partial(_count, rows, view, picks)))
        made.append(_ms(partial(_tiles, reader, picks, view)))
        rows.forget()
    return {
        f"{name}_counted_p50_ms": median(counted), f"{name}_counted_p95_ms": p95(counted),
        f"{name}_made_p50_ms": median(made), f"{name}_made_p95_ms": p95(made),
    }


def _ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _some(chance: random.Random) -> Picks:
    """Choices of one to three fields, some of each: another mask nearly every time."""
    fields = chance.sample(offered(CAMERAS), chance.randint(1, 3))
    wanted = [(each.name, choice) for each in fields for choice in chance.sample(choices(each), chance.randint(1, len(choices(each)) - 1))]
    return ordered(CAMERAS, wanted)


def _count(rows: Grains, view: list[heat.Place], picks: Picks) -> None:
    """Every cell of the view's tiles and of those beside them, once."""
    z = view[0][0]
    near = {(z, x + right, y + down) for _, x, y in view for right in (-1, 0, 1) for down in (-1, 0, 1)}
    rows.forget()
    for place in near:
        rows.counts(place, z + kernel.STEP_BITS, CAMERAS, picks)


def _tiles(reader: Reader, picks: Picks, view: list[heat.Place]) -> None:
    for place in view:
        heat.tile(reader, CAMERAS, "heat", picks, place)


def _views(reader: Reader, rows: Grains, of_each: int) -> Iterator[list[heat.Place]]:
    """Tiles of screens, in turn around a row and around a point of the ground's box."""
    chance = random.Random(SEED)
    box = reader.first("SELECT min(west) AS w, min(south) AS s, max(east) AS e, max(north) AS n FROM onemap.ladder WHERE parent IS NULL")
    assert box is not None
    for z in ZOOMS:
        for number in range(of_each):
            x, y = _row(rows, chance) if number % 2 else _point(box, chance)
            yield _screen(z, x * 2**z, y * 2**z)


def _row(rows: Grains, chance: random.Random) -> tuple[float, float]:
    code = int(rows.codes[chance.randrange(len(rows.codes))])
    x, y = (sum(((code >> (2 * bit + odd)) & 1) << bit for bit in range(grains.BITS)) for odd in (0, 1))
    return x / 2**grains.BITS, y / 2**grains.BITS


def _point(box: Mapping[str, Any], chance: random.Random) -> tuple[float, float]:
    lon, lat = chance.uniform(box["w"], box["e"]), chance.uniform(box["s"], box["n"])
    return (lon + 180) / 360, (1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2


def _screen(z: int, x: float, y: float) -> list[heat.Place]:
    across, down = WIDE / TILE / 2, TALL / TILE / 2
    return [(z, column, row) for column in range(int(x - across), ceil(x + across)) for row in range(int(y - down), ceil(y + down))]


def _error(reader: Reader, rows: Grains, z: int, part: str) -> float:
    """Share by which the rows of all tiles of a zoom differ from the rows there are."""
    tiles = np.unique(rows.codes >> np.uint64(2 * (grains.BITS - z)))
    held = {_place(z, int(each)) for each in tiles}
    near = {(z, x + right, y + down) for _, x, y in held for right in (-1, 0, 1) for down in (-1, 0, 1)}
    found = (heat.density(reader, CAMERAS, part, (), place) for place in near)
    inner = slice(1, -1) if part == "heat" else slice(None)
    total = sum(float((each.value[inner, inner] * each.km2[inner, None]).sum()) for each in found if each)
    return abs(total / len(rows.codes) - 1)


def _place(z: int, code: int) -> heat.Place:
    x, y = (sum(((code >> (2 * bit + odd)) & 1) << bit for bit in range(z)) for odd in (0, 1))
    return z, x, y
