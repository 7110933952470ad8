"""GeoPackage (.gpkg)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from etl.read.asked import Asked
from etl.read.gdal import arcs, layer_of, read_layer, read_parts
from etl.read.raw import Raw


def knows(_file: Path, head: bytes) -> bool:
    """Whether the file is an SQLite database."""
    return head.startswith(b"SQLite format 3\x00")


def read(file: Path, asked: Asked) -> Raw:
    """The rows of one layer.

    Raises
    ------
    SourceError
        Broken, several layers and none said, or no rows.
    """
    layer = layer_of(file, asked.recipe.layer)
    raw = read_layer(file, layer, str(file))
    raw.changes += arcs(file, layer)
    return raw


def parts(file: Path, asked: Asked, size: int) -> Iterator[Raw]:
    """The rows of one layer, some after the others; each part has about so many bytes of the file.

    Raises
    ------
    SourceError
        Broken, several layers and none said, or no rows.
    """
    layer = layer_of(file, asked.recipe.layer)
    changes = arcs(file, layer)
    for raw in read_parts(file, layer, str(file), size):
        raw.changes += changes
        changes.clear()
        yield raw
