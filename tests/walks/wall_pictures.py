"""Pictures of walls beside golden ones: both are made small by the browser, and compared square by square.

A golden picture is 480 pixels wide, so that a person can look at it; fonts of another version and a clock that goes on
change a square by little, a panel that is gone or lies elsewhere changes it altogether.
"""

from __future__ import annotations

import base64

from playwright.sync_api import Page

WIDE, SQUARE = 480, 8
"""Pixels of a golden picture, and of the squares that are compared."""

OTHER, MOST = 28, 0.02
"""Of 255: from this difference of its mean colour on a square is another one; the share of squares that may be."""

_MADE = """async ([png, wide]) => {
    const image = await createImageBitmap(await (await fetch("data:image/png;base64," + png)).blob());
    const sheet = Object.assign(document.createElement("canvas"), { width: wide, height: Math.round(wide * image.height / image.width) });
    const pen = sheet.getContext("2d");
    pen.imageSmoothingQuality = "high";
    pen.drawImage(image, 0, 0, sheet.width, sheet.height);
    return { png: sheet.toDataURL("image/png").split(",")[1], data: Array.from(pen.getImageData(0, 0, sheet.width, sheet.height).data) };
}"""


def small(sheet: Page, screenshot: bytes) -> bytes:
    """A screenshot as a PNG of `WIDE` pixels; `sheet` is an empty page that does the drawing."""
    return base64.b64decode(sheet.evaluate(_MADE, [base64.b64encode(screenshot).decode(), WIDE])["png"])


def apart(sheet: Page, one: bytes, other: bytes) -> float:
    """The share of squares in which two small pictures are not the same."""
    a, b = (sheet.evaluate(_MADE, [base64.b64encode(each).decode(), WIDE // SQUARE])["data"] for each in (one, other))
    assert len(a) == len(b), "the pictures have not the same shape"
    squares = [max(abs(x - y) for x, y in zip(a[at:at + 3], b[at:at + 3], strict=True)) for at in range(0, len(a), 4)]
    return sum(each > OTHER for each in squares) / len(squares)
