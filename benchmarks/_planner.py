"""A planner at the desk, as far as a server can tell: asks for views at random, and for the tiles that his map would show.

The map is that of a screen of 1920x1080 (1260x1024 pixels between the panels). He presses a line of the ranking to drill
down, his way back in the trail, another indicator or another theme, and thinks between two presses.
"""

from __future__ import annotations

import asyncio
import json
import math
import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from benchmarks._lines import Lines, Reply
from geodata.errors import StoreBusy

WIDTH, HEIGHT, TILE_PIXELS, CLOSEST = 1260, 1024, 512, 17.0
THINKS_S, SHORTEST_S, LONGEST_S, SPREAD = 6.0, 2.0, 30.0, 0.6
"""Time between two presses: log-normal with this median and spread, cut at both ends. Assumed, not observed."""

HEALTH_EVERY_S = 10.0
"""As the page does (assets/walk.js)."""

MOVES = (("ranking", 70), ("trail", 14), ("figures", 10), ("themes", 6))
"""Part of the page that is pressed, in percent of the presses."""

_HREF = re.compile(r'"href": ?"(/\?[^"]*|/)"')
_WELL = (200, 204, 304)
_BUSY = StoreBusy().fact.encode()


@dataclass(slots=True)
class Seen:
    """What happened to one planner or to all of them; times in seconds."""

    steps: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    tiles: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    busy: int = 0
    bytes: int = 0
    kept: int = 0

    def note(self, what: list[float], path: str, reply: Reply | None) -> None:
        """One answer, or one that the browser had."""
        if reply is None:
            self.kept += 1
            return
        what.append(reply.seconds)
        self.bytes += len(reply.body)
        if reply.again_after_s is not None and _BUSY in reply.text:
            self.busy += 1
        elif reply.status not in _WELL:
            self.errors.append(f"{reply.status} {path[:120]} {reply.text[:200].decode('utf-8', 'replace')}")


class Planner:
    """One planner.

    Parameters
    ----------
    port : int
        Of the map.
    seen : Seen
        Where he notes what happens to him.
    chance : random.Random
    """

    def __init__(self, port: int, seen: Seen, chance: random.Random) -> None:
        self._lines, self._seen, self._chance = Lines(port), seen, chance
        self._known: dict[str, Any] = {}
        self._parts: dict[str, Any] = {}
        self._window: tuple[float, float, float] = (0.0, 0.0, 0.0)
        self._number = 0

    async def work(self, until: float) -> None:
        """Press and think until a moment of the clock `time.monotonic`."""
        await asyncio.sleep(self._chance.uniform(0, THINKS_S))
        watch = asyncio.create_task(self._watch())
        await self.step("/")
        while time.monotonic() < until:
            thinks = self._chance.lognormvariate(math.log(THINKS_S), SPREAD)
            await asyncio.sleep(min(max(thinks, SHORTEST_S), LONGEST_S))
            await self.step(self._next())
        watch.cancel()
        await self._lines.close()

    async def step(self, url: str) -> None:
        """Ask for a view and for everything that the map then lacks."""
        began, self._number = time.perf_counter(), self._number + 1
        question = {"asked": {"url": url, "fly": not self._known, "n": self._number}, "known": self._known}
        reply = await self._ask(self._seen.answers, "/answer", json.dumps(question).encode())
        if reply is None or reply.status != 200:
            return
        said = json.loads(reply.text)
        self._known = said["known"]
        self._parts |= said["parts"]
        self._look(said["parts"].get("map.camera"))
        await asyncio.gather(*(self._ask(self._seen.tiles, path) for path in self.wanted()))
        self._seen.steps.append(time.perf_counter() - began)

    async def _ask(self, what: list[float], path: str, body: bytes | None = None) -> Reply | None:
        """Asked again when the server says so, as the page does; the step takes so much longer."""
        while True:
            reply = await self._lines.fetch(path, body)
            self._seen.note(what, path, reply)
            if reply is None or reply.again_after_s is None:
                return reply
            await asyncio.sleep(reply.again_after_s)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(HEALTH_EVERY_S)
            self._seen.note([], "/health", await self._lines.fetch("/health"))

    def _next(self) -> str:
        """A link of the page; the top again where the part that he would press has none."""
        part = self._chance.choices([name for name, _ in MOVES], [weight for _, weight in MOVES])[0]
        links = _HREF.findall(json.dumps(self._parts.get(part), ensure_ascii=False))
        return self._chance.choice(links) if links else "/"

    def _look(self, camera: dict[str, Any] | None) -> None:
        if camera and "bounds" in camera:
            self._window = _fitted(camera["bounds"], camera["padding"])
        elif camera:
            self._window = (*_flat(*camera["center"]), camera["zoom"])

    def wanted(self) -> list[str]:
        """Addresses of the border of the unit in view and of every tile of every source that shows something."""
        style, picture = self._parts["map.mapStyle"], self._parts["map.picture"]
        outline = self._parts.get("map.outline") or {}
        found = [outline["url"]] if outline.get("url") else []
        for name in _shown(style, picture, self._window[2]):
            source = style["sources"][name]
            if source["type"] == "vector":
                found += [source["tiles"][0].format(z=z, x=x, y=y) for z, x, y in _tiles(self._window, source)]
        return found


def _shown(style: dict[str, Any], picture: dict[str, Any], zoom: float) -> list[str]:
    """Sources of the layers that are drawn at a zoom."""
    found: dict[str, None] = {}
    for layer in style["layers"]:
        own = layer.get("layout", {}).get("visibility", "visible")
        seen = picture.get(layer["id"], {}).get("visibility", own) != "none"
        if seen and layer.get("minzoom", 0) <= zoom < layer.get("maxzoom", 24) and "source" in layer:
            found[layer["source"]] = None
    return list(found)


def _flat(lon: float, lat: float) -> tuple[float, float]:
    """Degrees to the web's square of side 1, y from the north."""
    return lon / 360 + 0.5, 0.5 - math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)


def _fitted(bounds: list[float], padding: dict[str, float]) -> tuple[float, float, float]:
    """The middle and the zoom at which bounds fill the map, as MapLibre fits them."""
    (west, north), (east, south) = _flat(bounds[0], bounds[3]), _flat(bounds[2], bounds[1])
    width, height = WIDTH - padding["left"] - padding["right"], HEIGHT - padding["top"] - padding["bottom"]
    zoom = min(math.log2(width / TILE_PIXELS / (east - west)), math.log2(height / TILE_PIXELS / (south - north)), CLOSEST)
    side = TILE_PIXELS * 2**zoom
    across, down = (padding["right"] - padding["left"]) / 2 / side, (padding["bottom"] - padding["top"]) / 2 / side
    return (west + east) / 2 + across, (north + south) / 2 + down, zoom


def _tiles(window: tuple[float, float, float], source: dict[str, Any]) -> Iterator[tuple[int, int, int]]:
    x, y, zoom = window
    z = min(math.floor(zoom), source.get("maxzoom", 22))
    if z < source.get("minzoom", 0):
        return
    side, last = TILE_PIXELS * 2**zoom, 2**z - 1
    for column in range(int((x - WIDTH / 2 / side) * 2**z), int((x + WIDTH / 2 / side) * 2**z) + 1):
        for row in range(int((y - HEIGHT / 2 / side) * 2**z), int((y + HEIGHT / 2 / side) * 2**z) + 1):
            if 0 <= column <= last and 0 <= row <= last:
                yield z, column, row
