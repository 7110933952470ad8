"""first-map: the first map with data, a change of indicator, cameras; each against Plotly traces in the same run.

first: the home page as it is (the units below home coloured, cameras, halls, roads), against a choropleth of the same
units with scatter traces of the same rows. villages, indicator, cameras: every village of the sample in one picture,
another indicator of them all, every camera put over them; the peer the same. cameras_100000: the same as cameras, but the
peer draws the first 100,000 only.

Two peers: plain Plotly, as its documentation writes it (`_plain_plotly`), and tuned, as one who knows it well would: borders from
an address, columns as bytes, a patch for the indicator, no names under the pointer (`_tuned_plotly`).
"""

from __future__ import annotations

from contextlib import ExitStack

from benchmarks._browser import Watched, watched
from benchmarks._ground import peer, served
from benchmarks._report import Report, median

SCALE = "city"
FIRST_LIMIT_MS = 3000.0
_PEERS = {"plotly": "_plain_plotly", "tuned_plotly": "_tuned_plotly"}
_HOME = "/"
_VILLAGES = "/?level=village&themes=none"
_INDICATOR = '#figures a[href*="indicator=cameras.hd"]'
LOOK_MS = 3000
"""Before each press of the reader, who looks at what he has got: half of the six seconds of load-test."""
_CAMERAS = '#themes a[href*="themes=cameras"]'
NAMES = ("first", "villages", "indicator", "cameras", "cameras_100000")


def measure(scale: str, rounds: int) -> Report:
    """`rounds` rounds, ours and the peers' in turn.

    Returns
    -------
    Report
        Medians in ms of ours and of both peers; all warm, each page was opened before.
    """
    with ExitStack() as open_, served(scale) as base:
        pages = {
            name: (open_.enter_context(peer(scale, module, "--level", "county", "--points")), open_.enter_context(peer(scale, module, "--level", "village")))
            for name, module in _PEERS.items()
        }
        page = open_.enter_context(watched())
        taken = [{"": _ours(page, base)} | {name: _theirs(page, *each) for name, each in pages.items()} for _ in range(rounds + 1)][1:]
    medians = {name: dict(zip(NAMES, map(median, zip(*(each[name] for each in taken), strict=True)), strict=True)) for name in ("", *pages)}
    figures = {f"{who}_{name}_ms".lstrip("_"): ms for who, times in medians.items() for name, ms in times.items()}
    times = {f"{name}_times_faster_than_{who}": medians[who][name] / medians[""][name] for who in pages for name in NAMES}
    return Report("first-map", scale, figures, {"first_of_limit": medians[""]["first"] / FIRST_LIMIT_MS, **times})


def _ours(page: Watched, base: str) -> list[float]:
    """Every action is a real press on what a reader presses."""
    first, villages, indicator, cameras = page.open(base + _HOME), page.open(base + _VILLAGES), _pressed(page, _INDICATOR), _pressed(page, _CAMERAS)
    return [first, villages, indicator, cameras, cameras]


def _theirs(page: Watched, home: str, plain: str) -> list[float]:
    first, villages, indicator, cameras = page.open(home), page.open(plain), _pressed(page, "#indicator"), _pressed(page, "#cameras")
    page.open(plain)  # like ours, from a picture without cameras: one that has 300,000 already is turned into 100,000 more cheaply
    return [first, villages, indicator, cameras, _pressed(page, "#cameras-100000")]


def _pressed(page: Watched, selector: str) -> float:
    page.page.hover(selector)  # a hand lies on what it is about to press
    page.page.wait_for_timeout(LOOK_MS)
    return page.press(selector)
