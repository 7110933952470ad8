"""walls: thirty walls on one server, each with its own tour, as far as a server can tell; and all of them at once when new data come.

Each wall asks for its next scene, for the border and every tile that its map then lacks; in the midst of it a version of the store's numbers is
made newer, as after a load, and every wall asks again at once, within the time over which pages spread it.
"""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import text

from benchmarks._ground import home_of, served
from benchmarks._lines import Lines
from benchmarks._planner import Planner, Seen
from benchmarks._report import Report, median, p95
from geodata.cluster import Cluster
from geodata.store import connect

SCALE = "city"
WALLS, SCENE_S, SCENES, LIMIT_MS = 30, 15.0, 6, 500.0
SPREAD_S = 3.0
"""Over which walls spread their questions when new data were pushed (app/assets/walk.js)."""
SEED = 20261129
INDICATORS = ("cameras.online", "cameras.hd", "cameras.intact", "halls.count", "cameras.count")


def measure(scale: str, rounds: int) -> Report:
    """Six scenes of fifteen seconds on each wall; `rounds` does nothing here: time does.

    Returns
    -------
    Report
        refresh_*_ms: from the question of a wall to its answer and its last tile, scene by scene; pushed_*_ms: the same of all walls when data are new.
    """
    with served(scale) as base:
        return measured(base, scale, home_of(scale))


def measured(base: str, scale: str, home: Path) -> Report:
    """The same on a map that is served at `base` from the store in `home`."""
    toured, pushed = asyncio.run(_all(int(base.rpartition(":")[2]), home))
    figures: dict[str, float] = {"walls": WALLS, "errors": len(toured.errors) + len(pushed.errors), "told_to_ask_again": toured.busy + pushed.busy}
    for name, seen in (("refresh", toured), ("pushed", pushed)):
        times = [1000 * each for each in seen.steps]
        figures |= {f"{name}_n": len(times), f"{name}_median_ms": median(times), f"{name}_p95_ms": p95(times), f"{name}_answer_p95_ms": 1000 * p95(seen.answers)}
    ratios = {f"{name}_p95_of_limit": figures[f"{name}_p95_ms"] / LIMIT_MS for name in ("refresh", "pushed")}
    return Report("walls", scale, figures, ratios)


class Wall(Planner):
    """A wall that tours the units below one unit."""

    def __init__(self, port: int, number: int, chance: random.Random) -> None:
        super().__init__(port, Seen(), chance)
        self._asks, self._scenes, self._at, self._indicator = Lines(port), list[str](), 0, INDICATORS[number % len(INDICATORS)]

    def note(self, seen: Seen) -> None:
        """Where it notes what happens from now on."""
        self._seen = seen

    async def open(self) -> None:
        """Its playlist, and its first picture."""
        of = quote(f"/wall?indicator={self._indicator}", safe="")
        reply = await self._asks.fetch(f"/scenes/worst.json?of={of}")
        told = json.loads(reply.text)["scenes"] if reply and reply.status == 200 else []
        self._scenes = [f"{each['url']}&indicator={self._indicator}" for each in told]
        self._chance.shuffle(self._scenes)
        await self.again()

    async def again(self) -> None:
        """The scene that is shown, asked anew."""
        await self.step(self._scenes[self._at % len(self._scenes)])

    async def tour(self) -> None:
        """Scene after scene, each wall at moments of its own."""
        await asyncio.sleep(self._chance.uniform(0, SCENE_S))
        for _ in range(SCENES):
            self._at += 1
            await asyncio.gather(self.again(), asyncio.sleep(SCENE_S))


async def _all(port: int, home: Path) -> tuple[Seen, Seen]:
    walls = [Wall(port, number, random.Random(SEED + number)) for number in range(WALLS)]
    for each in walls:
        await each.open()
    toured, pushed = Seen(), Seen()
    for each in walls:
        each.note(toured)
    await asyncio.gather(*(each.tour() for each in walls))
    await asyncio.to_thread(_newer, home)
    for each in walls:
        each.note(pushed)
    await asyncio.gather(*(_spread(each) for each in walls))
    return toured, pushed


async def _spread(wall: Wall) -> None:
    await asyncio.sleep(random.uniform(0, SPREAD_S))
    await wall.again()


def _newer(home: Path) -> None:
    """Numbers of a newer version, which nobody has kept; the numbers themselves are what they were."""
    engine = connect(Cluster(home).url())
    with engine.begin() as connection:
        connection.execute(text("UPDATE onemap.versions SET version = version + 1 WHERE theme = 'indicators'"))
    engine.dispose()
