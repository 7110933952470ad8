"""A real Chromium whose every drawing call is counted, so that "drawn" means the same for every engine."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Page, Request, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)
# Without a drawing call and without a request for this long, the picture is taken to be done; the time reported is
# that of the last call, not of the end of the silence.
QUIET_S = 1.0
REST_MS = 500

_COUNT_DRAWS = """
(() => {
  window.__drawn = 0; window.__acted = 0;
  const names = ['drawElements', 'drawArrays', 'drawElementsInstanced', 'drawArraysInstanced', 'drawRangeElements'];
  for (const name of names) {
    const original = WebGL2RenderingContext.prototype[name];
    WebGL2RenderingContext.prototype[name] = function (...rest) {
      window.__drawn = performance.now(); return original.apply(this, rest);
    };
  }
  addEventListener('pointerdown', () => { window.__acted = performance.now(); }, true);
})();
"""


@dataclass(frozen=True)
class Exchange:
    """One request and its answer: the path, kilobytes of the answer on the wire, milliseconds inside the server."""

    path: str
    kb: float
    server_ms: float


def _exchange(request: Request) -> Exchange | None:
    """What an ended request cost; None where the browser answered from its own cache, or nobody did."""
    answer = request.response()
    if answer is None or not request.url.startswith("http") or answer.from_service_worker:
        return None
    sizes = request.sizes()
    timing = re.search(r"app;dur=([\d.]+)", answer.headers.get("server-timing", ""))
    kb = (sizes["responseHeadersSize"] + sizes["responseBodySize"]) / 1000
    cached = sizes["responseBodySize"] == 0 and answer.status == 200
    return None if cached else Exchange(urlsplit(request.url).path, kb, float(timing[1]) if timing else 0.0)


@dataclass
class Watched:
    """A page, with the number of requests under way.

    Parameters
    ----------
    page : Page
        The page of playwright.
    under_way : set
        Requests that have not ended.
    ended : list
        Requests that have, since `exchanged` was last asked.
    """

    page: Page
    under_way: set[Request] = field(default_factory=set)
    ended: list[Request] = field(default_factory=list)

    def begin(self, request: Request) -> None:
        """A request was sent, by the page or by a worker of its map; the line on which news are pushed never ends."""
        if urlsplit(request.url).path != "/live":
            self.under_way.add(request)

    def end(self, request: Request) -> None:
        """A request came to its end, well or not."""
        self.under_way.discard(request)
        self.ended.append(request)

    def exchanged(self) -> list[Exchange]:
        """What went over the wire since this was last asked."""
        ended, self.ended = self.ended, []
        return [found for found in map(_exchange, ended) if found]

    def settle(self, since: float = 0, seconds: float = 60) -> float:
        """Milliseconds (performance.now) of the last drawing call after `since`, once the page is quiet.

        Raises
        ------
        TimeoutError
            The page draws for longer than `seconds`.
        """
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            now, drawn = self.page.evaluate("() => [performance.now(), window.__drawn]")
            if drawn > since and now - drawn > QUIET_S * 1000 and not self.under_way:
                return float(drawn)
            self.page.wait_for_timeout(100)
        raise TimeoutError(f"{self.page.url}: the page still draws after {seconds:.0f} s; look at it.")

    def open(self, url: str) -> float:
        """Milliseconds from the start of the navigation, from an empty page, to the last drawing call."""
        self.page.goto("about:blank")  # what was there before takes its time to go, and is not this page's
        self.page.wait_for_timeout(REST_MS)
        self.page.goto(url, wait_until="commit")
        return self.settle()

    def act(self, click_at: tuple[float, float]) -> float:
        """Milliseconds from a real press of the mouse to the last drawing call it caused."""
        self.page.mouse.click(*click_at)
        return self.drawn()

    def drawn(self) -> float:
        """Milliseconds from the last press of the mouse to the last drawing call after it, once the page is quiet."""
        acted = float(self.page.evaluate("window.__acted"))
        return self.settle(acted) - acted

    def press(self, selector: str) -> float:
        """Milliseconds from a press on an element to the last drawing call it caused.

        Raises
        ------
        LookupError
            Nothing is shown at the selector.
        """
        box = self.page.locator(selector).first.bounding_box()
        if box is None:
            raise LookupError(f"{self.page.url}: nothing is shown at {selector}; look at the page.")
        return self.act((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))


@contextmanager
def watched(width: int = 1920, height: int = 1080) -> Iterator[Watched]:
    """A watched page of a new browser that reaches no host but this machine."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        context = browser.new_context(viewport={"width": width, "height": height})
        page = context.new_page()
        page.add_init_script(_COUNT_DRAWS)
        found = Watched(page)
        page.on("request", lambda request: found.begin(request))
        for ended in ("requestfinished", "requestfailed"):
            page.on(ended, lambda request: found.end(request))
        yield found
        browser.close()
