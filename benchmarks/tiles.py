"""tiles: every theme and level at every zoom, cold; then many who ask at once, beside the store alone, tipg and nginx."""

from __future__ import annotations

import gzip
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor
from pathlib import Path

from sqlalchemy.engine import URL

from benchmarks._ground import load, run
from benchmarks._peers import nginx, page, tipg
from benchmarks._pressure import asked_a_second, planned_a_second
from benchmarks._report import Report, median, p95
from geodata import drawing, shading, tiles
from geodata.cluster import Cluster
from geodata.door import Door, Reader
from geodata.prepared import Prepared, prepared
from geodata.squares import HALF_WORLD
from geodata.store import connect

SCALE = "city"
P95_LIMIT_MS, P95_LIMIT_KB, WORST_LIMIT_MS = 50.0, 250.0, 150.0
SHARE_OF_STORE, TIMES_TIPG, CACHED_TIMES_TIPG, SHARE_OF_FILES = 0.75, 1.7, 20.0, 0.5
ZOOMS = range(5, 17)
TILES_OF_EACH = 12
CONNECTIONS = (8, 32)
SECONDS = 3
SEED = 20261031

MADE = {"village": (13, 14), "cameras": (13, 14, 15)}
"""What is made on request, and at which zooms: below them tiles are ready."""

_TIPG = {
    "village": "onemap.ladder/tiles/WebMercatorQuad/{z}/{x}/{y}?geom-column=g3857&properties=id,code,name,parent&level=village",
    "cameras": "onemap.cameras/tiles/WebMercatorQuad/{z}/{x}/{y}?geom-column=g3857&properties=id,key,name,online",
}


@dataclass(frozen=True)
class Place:
    """One tile of one layer."""

    layer: str
    z: int
    x: int
    y: int

    def path(self, version: int) -> str:
        """Its address on our page."""
        return f"/tiles/{self.layer}/{version}/{self.z}/{self.x}/{self.y}.pbf"


def measure(scale: str, rounds: int) -> Report:
    """The sweep once, the pressure `rounds` times, one after the other in turn.

    Returns
    -------
    Report
        sweep_*: as a reader gets them of a process that has looked first (`app.__main__`), with no tile kept; made_*: the same, with nothing ready either.
        Answers a second (*_rps) with 8 and 32 connections: ours made on request, the store alone, tipg, ours kept in the
        process, nginx's cache before ours, nginx's files. tipg_n is 0 where it could not be installed.
    """
    home = load(scale)
    try:
        return measured(home, scale, rounds)
    finally:
        run(home, "geodata", "store", "stop")


def measured(home: Path, scale: str, rounds: int) -> Report:
    """The same on an installation whose store runs."""
    url = Cluster(home).url()
    door = Door(connect(url))
    door.ask(shading.unpack)
    figures = _sweep(door)
    figures |= _pressed(home, url, door, rounds)
    limits = {
        "sweep_p95_ms_of_limit": figures["sweep_p95_ms"] / P95_LIMIT_MS,
        "sweep_p95_kb_of_limit": figures["sweep_p95_kb"] / P95_LIMIT_KB,
        "sweep_worst_ms_of_limit": figures["sweep_worst_ms"] / WORST_LIMIT_MS,
    }
    return Report("tiles", scale, figures, limits | _compared(figures))


def _compared(figures: dict[str, float]) -> dict[str, float]:
    ratios: dict[str, float] = {}
    for n in CONNECTIONS:
        ours, kept = figures[f"made_{n}_rps"], figures[f"kept_{n}_rps"]
        ratios |= {
            f"share_of_store_{n} (at least {SHARE_OF_STORE})": ours / figures[f"store_{n}_rps"],
            f"share_of_files_{n} (at least {SHARE_OF_FILES})": figures[f"nginx_{n}_rps"] / figures[f"files_{n}_rps"],
        }
        if peer := figures.get(f"tipg_{n}_rps"):
            ratios |= {
                f"times_tipg_{n} (at least {TIMES_TIPG})": ours / peer,
                f"kept_times_tipg_{n} (at least {CACHED_TIMES_TIPG:.0f})": kept / peer,
            }
    return ratios


def _places(door: Door, layer: str, zooms: Sequence[int], n: int, chance: random.Random) -> list[Place]:
    """Tiles of a layer: at each zoom half where cameras are dense, half where villages are."""
    found: list[tuple[float, float]] = []
    for question in (
        "SELECT ST_X(g3857) AS x, ST_Y(g3857) AS y FROM onemap.cameras TABLESAMPLE BERNOULLI (:share) REPEATABLE (1) LIMIT 2000",
        "SELECT ST_X(label) AS x, ST_Y(label) AS y FROM onemap.ladder WHERE level = 'village' AND :share > 0 LIMIT 20000",
    ):
        with door.reader() as reader:
            rows = reader.all(question, share=20)
        found += [(row["x"], row["y"]) for row in chance.sample(rows, min(len(rows), 40 * n))]
    chance.shuffle(found)
    made = [Place(layer, z, *_square(x, y, z)) for z in zooms for x, y in found]
    by_zoom = {z: list(dict.fromkeys(each for each in made if each.z == z))[:n] for z in zooms}
    return [each for z in zooms for each in by_zoom[z]]


def _square(x: float, y: float, z: int) -> tuple[int, int]:
    return floor((x + HALF_WORLD) / (2 * HALF_WORLD) * 2**z), floor((HALF_WORLD - y) / (2 * HALF_WORLD) * 2**z)


def _sweep(door: Door) -> dict[str, float]:
    chance = random.Random(SEED)
    everywhere = _places(door, "", list(ZOOMS), TILES_OF_EACH, chance)
    places = [Place(layer, each.z, each.x, each.y) for layer in tiles.layers() for each in everywhere]
    chance.shuffle(places)
    figures: dict[str, float] = {"sweep_n": float(len(places))}
    for name, asked in (("sweep", tiles.packed), ("made", _made)):
        spent, sizes = zip(*(_timed(door, asked, each) for each in places), strict=True)
        worst = places[spent.index(max(spent))]
        print(f"{name}: slowest {worst} {max(spent):.0f} ms, heaviest {places[sizes.index(max(sizes))]} {max(sizes):.0f} kB", flush=True)
        figures |= {f"{name}_p50_ms": median(spent), f"{name}_p95_ms": p95(spent), f"{name}_worst_ms": max(spent)}
        figures |= {f"{name}_p95_kb": p95(sizes), f"{name}_worst_kb": max(sizes), f"{name}_worst_zoom": float(worst.z)}
    return figures


def _made(reader: Reader, layer: str, z: int, x: int, y: int) -> bytes:
    return gzip.compress(tiles.tile(reader, layer, z, x, y), 3)


def _timed(door: Door, asked: Callable[..., bytes], place: Place) -> tuple[float, float]:
    """Milliseconds and kilobytes of one tile."""
    began = time.perf_counter()
    body = door.ask(lambda reader: asked(reader, place.layer, place.z, place.x, place.y))
    return 1000 * (time.perf_counter() - began), len(body) / 1000


def _pressed(home: Path, url: URL, door: Door, rounds: int) -> dict[str, float]:
    chance = random.Random(SEED)
    places = [each for layer, zooms in MADE.items() for each in _places(door, layer, zooms, 24, chance)]
    counted: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="onemap-tiles-") as made, page(home) as ours:
        folder = Path(made)
        with nginx(folder / "nginx", ours) as front, tipg(home, str(url.query.get("host")), ("ladder", "cameras")) as peer:
            _files(door, places, folder / "nginx/files")
            for _ in range(rounds):
                for n in CONNECTIONS:
                    for name, figure in _round(door, url, places, (ours, front, peer), n, folder).items():
                        counted.setdefault(f"{name}_{n}_rps", []).append(figure)
    return {name: median(each) for name, each in counted.items()} | {"tipg_n": float(peer is not None)}


def _round(door: Door, url: URL, places: list[Place], servers: tuple[str, str, str | None], n: int, folder: Path) -> dict[str, float]:
    ours, front, peer = servers
    with door.reader() as reader:
        versions = {each: tiles.version(reader, each) for each in MADE}
    right = [each.path(versions[each.layer]) for each in places]
    # An address of another version is answered with today's data and never kept.
    figures = {"made": asked_a_second(ours, [each.path(1) for each in places], n, SECONDS, folder)}
    figures["store"] = planned_a_second(url, [_question(each) for each in places], n, SECONDS, folder)
    if peer:
        figures["tipg"] = asked_a_second(peer, ["/collections/" + _TIPG[each.layer].format(**vars(each)) for each in places], n, SECONDS, folder)
    for name, base, paths in (("kept", ours, right), ("nginx", front, right), ("files", front, [f"/files/{n}.pbf" for n in range(len(places))])):
        asked_a_second(base, paths, n, 1, folder)  # so that everything is kept
        figures[name] = asked_a_second(base, paths, n, SECONDS, folder)
    return figures


def _question(place: Place) -> tuple[Prepared, dict[str, int]]:
    how = drawing.drawing(place.layer, place.z)
    assert how is not None
    return prepared(how.sql, how.values, x=int, y=int), {"x": place.x, "y": place.y}


def _files(door: Door, places: list[Place], folder: Path) -> None:
    folder.mkdir(parents=True)
    for n, each in enumerate(places):
        body = door.ask(lambda reader, each=each: tiles.packed(reader, each.layer, each.z, each.x, each.y))  # type: ignore[misc]
        (folder / f"{n}.pbf").write_bytes(body)
