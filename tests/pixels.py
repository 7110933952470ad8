"""The pixels of a screenshot: 8-bit PNG without interlacing, as browsers write them (ISO/IEC 15948, section 9)."""

from __future__ import annotations

import struct
import zlib

import numpy as np


def pixels(png: bytes) -> np.ndarray:
    """Red, green and blue of every pixel, shape (height, width, 3)."""
    at, body, width, height, channels = 8, b"", 0, 0, 3
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at:at + 8])
        part = png[at + 8:at + 8 + size]
        if kind == b"IHDR":
            width, height, _, colour = struct.unpack(">IIBB", part[:10])
            channels = {2: 3, 6: 4}[colour]
        elif kind == b"IDAT":
            body += part
        at += size + 12
    rows = np.frombuffer(zlib.decompress(body), dtype=np.uint8).reshape(height, width * channels + 1)
    return _unfiltered(rows, channels).reshape(height, width, channels)[:, :, :3]


def _unfiltered(rows: np.ndarray, step: int) -> np.ndarray:
    made = np.zeros((len(rows), rows.shape[1] - 1), dtype=np.uint8)
    above = np.zeros(rows.shape[1] - 1, dtype=np.uint8)
    for number, row in enumerate(rows):
        kind, line = row[0], row[1:].copy()
        if kind == 1:
            line = np.cumsum(line.reshape(-1, step), axis=0, dtype=np.uint8).ravel()
        elif kind == 2:
            line += above
        elif kind:
            line = _from_both(line.tolist(), above.tolist(), step, kind)
        made[number] = above = line
    return made


def _from_both(line: list[int], above: list[int], step: int, kind: int) -> np.ndarray:
    """Filters that look to the left and up: the mean, or the nearest of three (Paeth)."""
    for at in range(len(line)):
        left, up, corner = (line[at - step], above[at], above[at - step]) if at >= step else (0, above[at], 0)
        if kind == 3:
            guess = (left + up) // 2
        else:
            off = left + up - corner
            guess = min(((abs(off - each), order, each) for order, each in enumerate((left, up, corner))))[2]
        line[at] = (line[at] + guess) & 0xFF
    return np.array(line, dtype=np.uint8)
