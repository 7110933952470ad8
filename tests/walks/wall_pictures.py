"""Pictures of walls beside golden ones: both are made small by the browser, and compared square by square.

A golden picture is 480 pixels wide, so that a person can look at it; fonts of another version and a clock that goes on
change a square by little, a panel that is gone or lies elsewhere changes it altogether.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Page

WIDE, SQUARE = 480, 8
"""Pixels of a golden picture, and of the squares that are compared."""

OTHER, MOST = 24, 0.01
"""Of 255: from this difference of its mean colour on a square is another one; the share of squares that may be."""

_MADE = """async ([png, wide, empty]) => {
    const image = await createImageBitmap(await (await fetch("data:image/png;base64," + png)).blob());
    const sheet = Object.assign(document.createElement("canvas"), { width: wide, height: Math.round(wide * image.height / image.width) });
    const pen = sheet.getContext("2d"), [left, top, right, bottom] = empty.map((at) => at / 100);
    pen.imageSmoothingQuality = "high";
    pen.drawImage(image, 0, 0, sheet.width, sheet.height);
    pen.fillStyle = "#050b18";
    pen.fillRect(left * sheet.width, top * sheet.height, (right - left) * sheet.width, (bottom - top) * sheet.height);
    return wide < WIDE ? Array.from(pen.getImageData(0, 0, sheet.width, sheet.height).data) : sheet.toDataURL("image/png").split(",")[1];
}""".replace("WIDE", str(WIDE))

_NOTHING = (0, 0, 0, 0)


def _made(sheet: Page, png: str, wide: int, empty: Sequence[int] = _NOTHING) -> Any:
    """A PNG in base64 as one of `WIDE` pixels in which a box is empty; of fewer, only the colours of its pixels, four numbers each."""
    return sheet.evaluate(_MADE, [png, wide, list(empty)])


def small(sheet: Page, tab: Page) -> bytes:
    """What a tab shows as a PNG of `WIDE` pixels; `sheet` is an empty page that does the drawing."""
    session = tab.context.new_cdp_session(tab)
    png = session.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})["data"]
    session.detach()
    return base64.b64decode(_made(sheet, png, WIDE))


def without(sheet: Page, picture: bytes, box: list[int]) -> bytes:
    """A picture in which a box (left, top, right and bottom in hundredths) is empty."""
    return base64.b64decode(_made(sheet, base64.b64encode(picture).decode(), WIDE, box))


def apart(sheet: Page, one: bytes, other: bytes) -> float:
    """The share of squares in which two small pictures are not the same."""
    a, b = (_made(sheet, base64.b64encode(each).decode(), WIDE // SQUARE) for each in (one, other))
    assert len(a) == len(b), "the pictures have not the same shape"
    squares = [max(abs(x - y) for x, y in zip(a[at:at + 3], b[at:at + 3], strict=True)) for at in range(0, len(a), 4)]
    return sum(each > OTHER for each in squares) / len(squares)
