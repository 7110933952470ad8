"""first-map: the first map with data, a change of indicator, cameras; each against plain Plotly traces in the same run.

first: the home page as it is (the units below home coloured, cameras, halls, roads), against a choropleth of the same
units with scatter traces of the same rows. villages, indicator, cameras: every village of the sample in one picture,
another indicator of them all, every camera put over them; the peer the same. cameras_100000: the same as cameras, but the
peer draws the first 100,000 only.
"""

from __future__ import annotations

from benchmarks._browser import Watched, watched
from benchmarks._ground import peer, served
from benchmarks._report import Report, median

SCALE = "city"
FIRST_LIMIT_MS = 3000.0
_PLAIN = "_plain_plotly"
_HOME = "/"
_VILLAGES = "/?level=village&themes=none"
_INDICATOR = '#figures a[href*="indicator=cameras.hd"]'
LOOK_MS = 3000
"""Before each press of the reader, who looks at what he has got: half of the six seconds of load-test."""
_CAMERAS = '#themes a[href*="themes=cameras"]'


def measure(scale: str, rounds: int) -> Report:
    """`rounds` rounds, ours and the peer's in turn.

    Returns
    -------
    Report
        Medians in ms of ours and of Plotly; all warm, each page was opened before.
    """
    with served(scale) as base, peer(scale, _PLAIN, "--level", "county", "--points") as home, peer(scale, _PLAIN, "--level", "village") as plain, watched() as page:
        taken = [_round(page, base, home, plain) for _ in range(rounds + 1)][1:]
    names = ("first", "villages", "indicator", "cameras", "cameras_100000")
    ours = {name: median([row[0][at] for row in taken]) for at, name in enumerate(names)}
    plotly = {name: median([row[1][at] for row in taken]) for at, name in enumerate(names)}
    figures = {f"{name}_ms": ours[name] for name in names} | {f"plotly_{name}_ms": plotly[name] for name in names}
    times = {f"{name}_times_faster_than_plotly": plotly[name] / ours[name] for name in names}
    return Report("first-map", scale, figures, {"first_of_limit": ours["first"] / FIRST_LIMIT_MS, **times})


Times = tuple[float, float, float, float, float]


def _round(page: Watched, base: str, home: str, plain: str) -> tuple[Times, Times]:
    """Every action is a real press on what a reader presses."""
    first, villages, indicator, cameras = page.open(base + _HOME), page.open(base + _VILLAGES), _pressed(page, _INDICATOR), _pressed(page, _CAMERAS)
    plotly = (page.open(home), page.open(plain), _pressed(page, "#indicator"), _pressed(page, "#cameras"), _pressed(page, "#cameras-100000"))
    return (first, villages, indicator, cameras, cameras), plotly


def _pressed(page: Watched, selector: str) -> float:
    page.page.hover(selector)  # a hand lies on what it is about to press
    page.page.wait_for_timeout(LOOK_MS)
    return page.press(selector)
