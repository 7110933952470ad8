"""soak: a wall that shows a thousand scenes with a fast clock; what it then holds and how long its frames take, by what it was after twenty.

Scenes follow each other as fast as they are drawn; every two hundredth time the graphics context is lost on purpose. The heap is
read after the collector ran.
"""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import CDPSession, Page

from benchmarks._browser import Watched, watched
from benchmarks._ground import served
from benchmarks._report import Report, median, p95

SCALE = "county"
MINUTES = 0.0
"""How long at most; 0 for as long as a thousand scenes take."""

WARM, SCENES, LOSSES = 20, 1000, 200
GROWTH = 1.03
"""Memory and frame time after a thousand scenes, by those after twenty."""

AT_REST = "() => Boolean(window.onemap && onemap.stage.ready && onemap.stage.began === undefined && onemap.map.loaded())"

_NEXT = """(at) => new Promise((done, fail) => {
    const player = onemapScenes.player, began = performance.now(), next = at % player.scenes.length + 1;
    const good = document.getElementById('card').innerText.length;
    let blank = 0;
    onemapScenes.straight(next);
    const look = () => {
        if (!document.querySelector('#card h2') || !good) blank += 1;
        const laid = document.getElementById('shell').dataset.here === player.scenes[next - 1].url;
        if (laid && onemap.stage.began === undefined && onemap.map.loaded()) done([performance.now() - began, blank]);
        else if (performance.now() - began > 30000) fail(new Error('scene ' + next + ' never came'));
        else setTimeout(look, 10);
    };
    setTimeout(look, 10);
})"""

_FRAME = """() => new Promise((done) => {
    const began = performance.now(); let n = 0;
    const frame = () => { n += 1; if (n < 20) { onemap.map.triggerRepaint(); requestAnimationFrame(frame); } else done((performance.now() - began) / n); };
    requestAnimationFrame(frame);
})"""

_LOSE = """() => { const gl = onemap.map.getCanvas().getContext('webgl2'), lost = gl.getExtension('WEBGL_lose_context');
    lost.loseContext(); setTimeout(() => lost.restoreContext(), 300); }"""


def measure(scale: str, rounds: int, minutes: float = MINUTES) -> Report:
    """Show the scenes and compare.

    Parameters
    ----------
    scale : str
        Of the sample.
    rounds : int
        Not used: a soak is one run.
    minutes : float
        After which it ends with the scenes shown by then; 0 for none.
    """
    with served(scale) as base, watched() as wall:
        wrong: list[str] = []
        wall.page.on("pageerror", lambda error: wrong.append(str(error)))
        wall.page.on("crash", lambda: wrong.append("crashed"))
        opened = _open(wall, base)
        changes: list[float] = []
        blank = _show(wall.page, 1, WARM, changes, 0)
        warm, ends = _held(wall.page), time.monotonic() + minutes * 60 if minutes else float("inf")
        at = WARM
        while at < SCENES and time.monotonic() < ends:
            blank += _show(wall.page, at + 1, min(20, SCENES - at), changes, LOSSES)
            at += 20
        return _report(scale, opened, changes, blank, (warm, _held(wall.page)), wrong)


def _open(wall: Watched, base: str) -> float:
    began = time.monotonic()
    wall.page.goto(f"{base}/wall?scenes=worst")
    wall.page.wait_for_function("() => window.onemapScenes && onemapScenes.player.shown > 0", timeout=120_000)
    wall.page.wait_for_function(AT_REST, timeout=120_000)
    took = time.monotonic() - began
    wall.page.evaluate("onemapScenes.pause(true)")  # the benchmark is the clock
    return took


def _show(page: Page, first: int, n: int, changes: list[float], losses: int) -> int:
    blank = 0
    for at in range(first, first + n):
        if losses and at % losses == 0:
            page.evaluate(_LOSE)
            page.wait_for_function("() => onemap.stage.counts.restored > 0", timeout=60_000)
            page.wait_for_function(AT_REST, timeout=60_000)
        took, missing = page.evaluate(_NEXT, at)
        changes.append(took)
        blank += missing
    return blank


def _held(page: Page) -> dict[str, Any]:
    """Heap in bytes after the collector, nodes of the document, listeners, and the median of frames in milliseconds."""
    devtools: CDPSession = page.context.new_cdp_session(page)
    for _ in range(3):
        devtools.send("HeapProfiler.collectGarbage")
    heap = devtools.send("Runtime.getHeapUsage")["usedSize"]
    counted = devtools.send("Memory.getDOMCounters")
    devtools.detach()
    return {"heap": heap, "nodes": counted["nodes"], "listeners": counted["jsEventListeners"], "frame": median([page.evaluate(_FRAME) for _ in range(5)])}


def _report(scale: str, opened: float, changes: list[float], blank: int, held: tuple[dict[str, Any], dict[str, Any]], wrong: list[str]) -> Report:
    warm, end = held
    figures = {
        "scenes": len(changes), "open_s": opened, "change_median_ms": median(changes), "change_p95_ms": p95(changes), "blank_frames": blank,
        "errors": len(wrong), "heap_warm_mb": warm["heap"] / 1e6, "heap_end_mb": end["heap"] / 1e6, "nodes_warm": warm["nodes"], "nodes_end": end["nodes"],
        "listeners_warm": warm["listeners"], "listeners_end": end["listeners"], "frame_warm_ms": warm["frame"], "frame_end_ms": end["frame"],
    }  # fmt: skip
    ratios = {
        "heap_growth_of_limit": end["heap"] / warm["heap"] / GROWTH, "frame_growth_of_limit": end["frame"] / warm["frame"] / GROWTH,
        "change_p95_of_limit": p95(changes) / 1000,
    }
    return Report("soak", scale, figures, ratios)
