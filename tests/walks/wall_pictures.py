"""Pictures of walls beside golden ones: both are made small by the browser, and compared square by square.

A golden picture is 480 pixels wide, so that a person can look at it; fonts of another version and a clock that goes on
change a square by little, a panel that is gone or lies elsewhere changes it altogether.
"""

from __future__ import annotations

import base64

from playwright.sync_api import Page

WIDE, SQUARE = 480, 8
"""Pixels of a golden picture, and of the squares that are compared."""

OTHER, MOST = 24, 0.01
"""Of 255: from this difference of its mean colour on a square is another one; the share of squares that may be."""

_MADE = """async ([png, wide]) => {
    const image = await createImageBitmap(await (await fetch("data:image/png;base64," + png)).blob());
    const sheet = Object.assign(document.createElement("canvas"), { width: wide, height: Math.round(wide * image.height / image.width) });
    const pen = sheet.getContext("2d");
    pen.imageSmoothingQuality = "high";
    pen.drawImage(image, 0, 0, sheet.width, sheet.height);
    return { png: sheet.toDataURL("image/png").split(",")[1], data: Array.from(pen.getImageData(0, 0, sheet.width, sheet.height).data) };
}"""


_WITHOUT = """async ([png, [left, top, right, bottom]]) => {
    const image = await createImageBitmap(await (await fetch("data:image/png;base64," + png)).blob());
    const sheet = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height }), pen = sheet.getContext("2d");
    pen.drawImage(image, 0, 0);
    pen.fillStyle = "#050b18";
    pen.fillRect(left * image.width / 100, top * image.height / 100, (right - left) * image.width / 100, (bottom - top) * image.height / 100);
    return sheet.toDataURL("image/png").split(",")[1];
}"""


def small(sheet: Page, tab: Page) -> bytes:
    """What a tab shows as a PNG of `WIDE` pixels; `sheet` is an empty page that does the drawing."""
    session = tab.context.new_cdp_session(tab)
    png = session.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})["data"]
    session.detach()
    return base64.b64decode(sheet.evaluate(_MADE, [png, WIDE])["png"])


def without(sheet: Page, picture: bytes, box: list[int]) -> bytes:
    """A picture in which a box (left, top, right and bottom in hundredths) is empty."""
    return base64.b64decode(sheet.evaluate(_WITHOUT, [base64.b64encode(picture).decode(), box]))


def apart(sheet: Page, one: bytes, other: bytes) -> float:
    """The share of squares in which two small pictures are not the same."""
    a, b = (sheet.evaluate(_MADE, [base64.b64encode(each).decode(), WIDE // SQUARE])["data"] for each in (one, other))
    assert len(a) == len(b), "the pictures have not the same shape"
    squares = [max(abs(x - y) for x, y in zip(a[at:at + 3], b[at:at + 3], strict=True)) for at in range(0, len(a), 4)]
    return sum(each > OTHER for each in squares) / len(squares)
