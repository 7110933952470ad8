"""status: a video platform says that one camera in a hundred of those in view has turned; how soon its dot has another colour.

The report takes the way of every feed: into the store, out over the push line, onto the map. The peer draws as many
cameras as one plain Plotly trace, and the hundred thousand that the issue names, and changes the colours of one in a hundred.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, text

from benchmarks._browser import Watched, watched
from benchmarks._ground import home_of, peer, served
from benchmarks._report import Report, median
from geodata import feed
from geodata.cluster import Cluster
from geodata.store import connect
from layers import theme

SCALE = "city"
LIMIT_MS = 300.0
MANY = 100_000
ONE_IN = 100
ZOOM = 13.2
_DENSEST = """SELECT ST_X(c), ST_Y(c) FROM (SELECT ST_Centroid(ST_Collect(geom)) AS c FROM onemap.cameras WHERE geom IS NOT NULL
    GROUP BY floor(ST_X(geom) / 0.1), floor(ST_Y(geom) / 0.05) ORDER BY count(*) DESC LIMIT 1) found"""
_SEEN = """SELECT code, online FROM onemap.cameras WHERE ST_Intersects(geom, ST_MakeEnvelope(:w, :s, :e, :n, 4490))
    AND online IN ('online', 'offline') ORDER BY code"""
_LISTEN = """() => {
  const { map, stage } = window.onemap, turn = stage.turn.bind(stage);
  stage.turn = (...said) => { window.turnedAt ??= performance.now(); turn(...said);
    map.once('painted', () => { window.paintedAt ??= performance.now(); }); };
}"""


def measure(scale: str, rounds: int) -> Report:
    """`rounds` reports, each turning the rows that the one before turned back.

    Returns
    -------
    Report
        in_view and turned: cameras; told_ms: from the report's way out to the page's hearing of it; drawn_ms: from there to the
        frame that shows it; plotly_*_ms: the peer, from a press to its last drawing call.
    """
    with served(scale) as base, watched() as page:
        engine = connect(Cluster(home_of(scale)).url())
        with engine.connect() as connection:
            lon, lat = connection.execute(text(_DENSEST)).one()
        page.open(f"{base}/?themes=cameras&at={lon:.5f},{lat:.5f},{ZOOM}")
        rows = _in_view(engine, page)
        taken = [_turned(engine, page, rows, n) for n in range(2 * ((rounds + 1) // 2))]
        engine.dispose()
        peers = {count: _plain(page, scale, f"{lon},{lat}", count, rounds) for count in (len(rows), MANY)}
    told, drawn = (median([each[at] for each in taken]) for at in (0, 1))
    figures = {"in_view": len(rows), "turned": len(rows[::ONE_IN]), "told_ms": told, "drawn_ms": drawn}
    figures |= {f"plotly_{count}_ms": ms for count, ms in peers.items()}
    times = {f"times_faster_than_plotly_{count}": ms / drawn for count, ms in peers.items()}
    return Report("status", scale, figures, {"drawn_of_limit": drawn / LIMIT_MS, **times})


def _in_view(engine: Engine, page: Watched) -> list[Any]:
    page.page.evaluate(_LISTEN)
    w, s, e, n = page.page.evaluate("() => window.onemap.map.getBounds().toArray().flat()")
    with engine.connect() as connection:
        return list(connection.execute(text(_SEEN), {"w": w, "s": s, "e": e, "n": n}).all())


def _turned(engine: Engine, page: Watched, rows: list[Any], n: int) -> tuple[float, float]:
    """Milliseconds until the page has heard of a report, and from there until the frame that shows it."""
    other = {"online": "offline", "offline": "online"}
    now = datetime.now(UTC).isoformat()
    told = [{"key": code, "state": state if n % 2 else other[state], "at": now} for code, state in rows[::ONE_IN]]
    page.page.evaluate("() => { window.turnedAt = window.paintedAt = undefined; }")
    began = time.time()
    feed.receive(engine, theme("cameras"), json.dumps(told).encode())
    while not page.page.evaluate("() => window.paintedAt !== undefined"):  # the page allows nobody to wait by a function
        page.page.wait_for_timeout(20)
    heard, painted, origin = page.page.evaluate("() => [window.turnedAt, window.paintedAt, performance.timeOrigin]")
    page.settle(painted)  # what follows, numbers and colours of units, is not measured here
    return origin + heard - began * 1000, painted - heard


def _plain(page: Watched, scale: str, at: str, rows: int, rounds: int) -> float:
    with peer(scale, "_plain_dots", "--rows", str(rows), "--at", at, "--zoom", str(ZOOM - 1)) as url:
        page.open(url)
        return median([page.press("#turn") for _ in range(rounds)])
