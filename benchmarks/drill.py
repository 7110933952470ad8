"""drill: a real click on a unit, to the new level drawn and labelled; with the server's share and the bytes.

A reader walks down at random from the top to the grids, again and again, with the themes on that are on by default.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from benchmarks._browser import Watched, watched
from benchmarks._ground import served
from benchmarks._report import Report, median, p95

SCALE = "city"
CLICK_LIMIT_MS, SERVER_LIMIT_MS, WIRE_LIMIT_KB = 1000.0, 50.0, 150.0
SEED = 20261031
STOP_MS = 300
"""A hand stops on a unit, which is then lit up, before its finger presses; it does not press on the way there (assumed)."""

# Points on the screen, inside a unit and clear of any dot, where a finger would go: around the units' labels.
_TARGETS = """() => {
  const map = window.onemap.map, box = map.getCanvas().getBoundingClientRect();
  const layers = map.getStyle().layers, kind = (f) => f.sourceLayer;
  const clear = (x, y) => { const found = map.queryRenderedFeatures([[x - 9, y - 9], [x + 9, y + 9]]);
    return found.some((f) => kind(f) === 'area') && !found.some((f) => /rows|cells|sights/.test(kind(f))); };
  const found = [];
  for (const f of map.queryRenderedFeatures().filter((f) => kind(f) === 'label')) {
    const p = map.project(f.geometry.coordinates);
    for (const [dx, dy] of [[0, 0], [0, 22], [0, -22], [26, 0], [-26, 0], [30, 30], [-30, -30], [0, 45], [45, 0]]) {
      const [x, y] = [p.x + dx, p.y + dy];
      if (x > 4 && y > 4 && x < box.width - 4 && y < box.height - 4 && clear(x, y)) { found.push([x + box.left, y + box.top]); break; }
    }
  }
  return found;
}"""


@dataclass(frozen=True)
class Click:
    """One click of the walk.

    Parameters
    ----------
    drawn_ms, answer_ms, tile_ms : float
        Milliseconds until drawn, in the server's answer, and in its slowest tile.
    wire_kb : float
        Kilobytes on the wire.
    answers : int
        Answers that came over it.
    """

    drawn_ms: float
    answer_ms: float
    tile_ms: float
    wire_kb: float
    answers: int


_FIELDS = {"click": "drawn_ms", "server": "answer_ms", "tile": "tile_ms", "wire": "wire_kb", "answers": "answers"}


def measure(scale: str, rounds: int) -> Report:
    """`rounds` x 20 clicks.

    Returns
    -------
    Report
        click_*_ms; server_*_ms: the server's answer, on which everything else waits (the page asks for it when the hand rests on the
        unit, so what it costs is counted from there, as are the bytes); tile_*_ms: the slowest
        tile of a click, which the server makes side by side while the browser, on the same two cores, already draws;
        wire_*_kb. click, server and wire by their limits.
    """
    with served(scale) as base, watched() as page:
        page.open(f"{base}/")
        _walk(page, base, 8, random.Random(1))
        clicks = _walk(page, base, rounds * 20, random.Random(SEED))
    figures = {"clicks": len(clicks), "click_worst_ms": max(each.drawn_ms for each in clicks)}
    for name, unit in (("click", "ms"), ("server", "ms"), ("tile", "ms"), ("wire", "kb"), ("answers", "n")):
        values = [getattr(each, _FIELDS[name]) for each in clicks]
        figures |= {f"{name}_p50_{unit}": median(values), f"{name}_p95_{unit}": p95(values)}
    limits = {
        "click_of_limit": figures["click_p95_ms"] / CLICK_LIMIT_MS,
        "server_of_limit": figures["server_p95_ms"] / SERVER_LIMIT_MS,
        "wire_of_limit": figures["wire_p95_kb"] / WIRE_LIMIT_KB,
    }
    return Report("drill", scale, figures, limits)


def _walk(page: Watched, base: str, clicks: int, chance: random.Random) -> list[Click]:
    made: list[Click] = []
    while len(made) < clicks:
        targets = page.page.evaluate(_TARGETS)
        drawn = _press(page, tuple(chance.choice(targets))) if targets else None
        if drawn is None:  # a leaf, or a press that met no unit: from the top again
            page.open(f"{base}/")
        else:
            made.append(_click(page, drawn))
    return made


def _press(page: Watched, place: tuple[float, float]) -> float | None:
    """Milliseconds until the unit that was pressed is drawn; None where the press entered no unit."""
    before = page.page.url
    page.exchanged()
    page.page.mouse.move(*place)
    page.page.wait_for_timeout(STOP_MS)
    page.page.mouse.click(*place)
    page.page.wait_for_timeout(1500)
    return None if page.page.url == before else page.drawn()


def _click(page: Watched, drawn: float) -> Click:
    exchanges = page.exchanged()
    asked = [each.server_ms for each in exchanges if each.path == "/answer"]
    tiles = [each.server_ms for each in exchanges if each.path != "/answer"]
    return Click(drawn, sum(asked), max(tiles, default=0.0), sum(each.kb for each in exchanges), len(exchanges))
