"""FlatGeobuf (.fgb)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from etl.read.asked import Asked
from etl.read.gdal import read_layer, read_parts
from etl.read.raw import Raw


def knows(_file: Path, head: bytes) -> bool:
    """Whether the file begins with the mark of FlatGeobuf, whatever the patch of its version."""
    return head.startswith(b"fgb\x03fgb")


def read(file: Path, asked: Asked) -> Raw:
    """The rows of the one layer that such a file holds.

    Raises
    ------
    SourceError
        Broken, or no rows.
    """
    return read_layer(file, None, str(file))


def parts(file: Path, _asked: Asked, size: int) -> Iterator[Raw]:
    """The rows of the one layer, some after the others; each part has about so many bytes of the file.

    Raises
    ------
    SourceError
        Broken, or no rows.
    """
    yield from read_parts(file, None, str(file), size)
