"""soak: a wall that shows a thousand scenes with a fast clock; what it then holds and how long its frames take, by what it was after twenty.

Scenes follow each other as fast as they are drawn; every two hundredth time the graphics context is lost on purpose. The heap is
weighed after the collector ran, at the same scene: what the page holds, and apart from it the machine code that the browser goes on
making of the page's functions as they are called more often, which comes to an end by itself. Frames are timed in turn with those
of a wall that was opened for it, because machines are not as fast at any time.
"""

from __future__ import annotations

import json
import time
from typing import Any

import numpy as np
from playwright.sync_api import CDPSession, Page

from benchmarks._browser import Watched, watched
from benchmarks._ground import served
from benchmarks._report import Report, median, p95

SCALE = "county"
MINUTES = 0.0
"""How long at most; 0 for as long as a thousand scenes take."""

WARM, SCENES, LOSSES, TURNS = 20, 1000, 200, 20
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
        opened = _open(wall.page, base)
        changes: list[float] = []
        blank = _show(wall.page, 1, WARM, changes, 0)
        warm, ends = _held(wall.page), time.monotonic() + minutes * 60 if minutes else float("inf")
        at = WARM
        while at < SCENES and time.monotonic() < ends:
            blank += _show(wall.page, at + 1, min(20, SCENES - at), changes, LOSSES)
            at += 20
        held = (warm, _held(wall.page))
        return _report(scale, opened, changes, blank, held, _frames(wall, base), wrong)


def _open(page: Page, base: str) -> float:
    began = time.monotonic()
    page.goto(f"{base}/wall?scenes=worst")
    page.wait_for_function("() => window.onemapScenes && onemapScenes.player.shown > 0", timeout=120_000)
    page.wait_for_function(AT_REST, timeout=120_000)
    took = time.monotonic() - began
    page.evaluate("onemapScenes.pause(true)")  # the benchmark is the clock
    return took


def _frames(wall: Watched, base: str) -> tuple[float, float]:
    """Milliseconds of a frame of a wall that has shown twenty scenes, and of this one, at the same scene, measured in turn."""
    fresh = wall.page.context.new_page()
    _open(fresh, base)
    _show(fresh, 1, WARM, [], 0)
    times: dict[Page, list[float]] = {fresh: [], wall.page: []}
    for page in times:
        page.bring_to_front()
        page.evaluate(_NEXT, 0)
    for _ in range(TURNS):
        for page, taken in times.items():
            page.bring_to_front()
            page.evaluate(_FRAME)  # the first ones after a change of tabs are not like the others
            taken.append(page.evaluate(_FRAME))
    fresh.close()
    return median(times[fresh]), median(times[wall.page])


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
    """Heap and compiled code in bytes after the collector, nodes of the document and listeners, at the first scene."""
    page.evaluate(_NEXT, 0)
    devtools: CDPSession = page.context.new_cdp_session(page)
    for _ in range(3):
        devtools.send("HeapProfiler.collectGarbage")
    code = _code(devtools)
    heap = devtools.send("Runtime.getHeapUsage")["usedSize"] - code
    counted = devtools.send("Memory.getDOMCounters")
    devtools.detach()
    return {"heap": heap, "code": code, "nodes": counted["nodes"], "listeners": counted["jsEventListeners"]}


def _code(devtools: CDPSession) -> int:
    """Bytes of compiled code, of a picture of the heap (its nodes are rows of numbers, of which the picture says what they are)."""
    parts: list[str] = []
    devtools.on("HeapProfiler.addHeapSnapshotChunk", lambda said: parts.append(said["chunk"]))
    devtools.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    picture = json.loads("".join(parts))
    fields, kinds = picture["snapshot"]["meta"]["node_fields"], picture["snapshot"]["meta"]["node_types"][0]
    nodes = np.array(picture["nodes"]).reshape(-1, len(fields))
    return int(nodes[nodes[:, fields.index("type")] == kinds.index("code"), fields.index("self_size")].sum())


def _report(scale: str, opened: float, changes: list[float], blank: int, held: tuple[dict[str, Any], dict[str, Any]], frames: tuple[float, float], wrong: list[str]) -> Report:
    (warm, end), (fresh, now) = held, frames
    figures = {
        "scenes": len(changes), "open_s": opened, "change_median_ms": median(changes), "change_p95_ms": p95(changes), "blank_frames": blank,
        "errors": len(wrong), "heap_warm_mb": warm["heap"] / 1e6, "heap_end_mb": end["heap"] / 1e6, "code_warm_mb": warm["code"] / 1e6, "code_end_mb": end["code"] / 1e6, "nodes_warm": warm["nodes"], "nodes_end": end["nodes"],
        "listeners_warm": warm["listeners"], "listeners_end": end["listeners"], "frame_warm_ms": fresh, "frame_end_ms": now,
    }  # fmt: skip
    ratios = {
        "heap_growth_of_limit": end["heap"] / warm["heap"] / GROWTH, "frame_growth_of_limit": now / fresh / GROWTH,
        "change_p95_of_limit": p95(changes) / 1000,
    }
    return Report("soak", scale, figures, ratios)
