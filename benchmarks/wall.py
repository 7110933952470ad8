"""wall: from the address of a wall to its full picture, warm, and from scene to scene, in a real browser.

Full means: the map drawn, every panel laid out and the chart in its place; a scene has changed when its panels and its last tile are there. A change
is blank when at any look in between the panels or the map had nothing to show.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from benchmarks._browser import Watched, watched
from benchmarks._ground import served
from benchmarks._report import Report, median, p95
from benchmarks.soak import AT_REST

SCALE = "city"
OPEN_LIMIT_S, CHANGE_LIMIT_MS = 3.0, 1000.0
CHANGES, PACE = 20, 2.5
"""Scenes shown, and how many times faster than on a wall (six seconds each)."""

_FULL = f"""() => Boolean(document.querySelector('#card .digits') && document.querySelector('#ranking a') && document.querySelector('#covered *')
    && document.querySelector('#trend-graph .main-svg') && ({AT_REST})()) && performance.now()"""

_CHANGE = """() => new Promise((done, fail) => {
    const { player } = onemapScenes, before = player.at, asked = performance.now();
    let began = 0, blank = 0;
    const look = () => {
        const now = performance.now(), { stage } = window.onemap;
        if (!began && player.at !== before) began = now;
        if (began && !document.querySelector('#card h2')) blank += 1;
        const laid = began && document.getElementById('shell').dataset.here === player.scenes[player.at].url;
        if (laid && stage.began === undefined && onemap.map.loaded()) done([now - began, blank]);
        else if (now - asked > 60000) fail(new Error('no scene came'));
        else setTimeout(look, 10);
    };
    look();
})"""


def measure(scale: str, rounds: int) -> Report:
    """`rounds` openings by a browser that has seen the wall before, then scenes.

    Returns
    -------
    Report
        open_*_s, change_*_ms, blank_frames.
    """
    with served(scale) as base:
        return measured(base, scale, rounds)


def measured(base: str, scale: str, rounds: int) -> Report:
    """The same on a map that is served at `base`."""
    with watched() as wall:
        first = _opened(wall, base)
        opened = [_opened(wall, base) for _ in range(rounds)]
        changes = _changed(wall.page)
    times = [took for took, _ in changes]
    figures: dict[str, Any] = {
        "open_first_s": first, "open_median_s": median(opened), "open_worst_s": max(opened), "changes": len(times), "change_median_ms": median(times),
        "change_p95_ms": p95(times), "blank_frames": sum(blank for _, blank in changes),
    }  # fmt: skip
    ratios = {"open_of_limit": median(opened) / OPEN_LIMIT_S, "change_of_limit": median(times) / CHANGE_LIMIT_MS, "change_p95_of_limit": p95(times) / CHANGE_LIMIT_MS}
    return Report("wall", scale, figures, ratios)


def _opened(wall: Watched, base: str) -> float:
    """Seconds from the navigation to the full picture."""
    wall.page.goto(f"{base}/wall?scenes=worst", wait_until="commit")
    return float(wall.page.wait_for_function(_FULL, timeout=120_000, polling=20).json_value()) / 1000


def _changed(page: Page) -> list[tuple[float, int]]:
    """Milliseconds and blank looks of each change, as the wall's own clock makes them: so it gets ready for the next one before its turn."""
    page.wait_for_function("() => onemapScenes.player.scenes.length > 1 && onemapScenes.player.shown > 0", timeout=60_000)
    page.evaluate(f"onemapScenes.player.pace = {PACE}")
    return [tuple(page.evaluate(_CHANGE)) for _ in range(CHANGES)]
