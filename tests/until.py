"""Waiting for a page whose policy forbids eval, so that playwright's own wait_for_function is refused there too."""

from __future__ import annotations

import time

from playwright.sync_api import Page


def until(tab: Page, expression: str, seconds: float = 60) -> None:
    """Return when a JavaScript expression holds; AssertionError that names it after `seconds`."""
    end = time.monotonic() + seconds
    while not tab.evaluate(f"() => Boolean({expression})"):
        assert time.monotonic() < end, f"{tab.url}: still not true after {seconds:.0f} s: {expression}"
        tab.wait_for_timeout(50)
