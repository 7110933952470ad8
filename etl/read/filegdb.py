"""Esri file geodatabase: its folder (.gdb), or a zip of it."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path, PurePosixPath

from etl.errors import SourceError
from etl.read import archive
from etl.read.asked import Asked
from etl.read.gdal import arcs, layer_of, read_layer
from etl.read.raw import Raw

# The catalogue of every file geodatabase is its table 1.
_CATALOGUE = "a00000001.gdbtable"
_PART = re.compile(r"(a[0-9a-f]{8}\.\w+|gdb|timestamps)", re.IGNORECASE)


def knows(file: Path, head: bytes) -> bool:
    """Whether it is the folder of a geodatabase, or a zip that holds one."""
    if file.is_dir():
        return (file / _CATALOGUE).exists()
    return archive.is_zip(head) and bool(_catalogues(archive.names(file)))


def _catalogues(names: list[str]) -> list[PurePosixPath]:
    return [path for each in names if (path := PurePosixPath(each)).name == _CATALOGUE]


def read(file: Path, asked: Asked) -> Raw:
    """The rows of one layer.

    Raises
    ------
    SourceError
        Broken, several geodatabases in the zip, several layers and none said, or no rows.
    """
    if file.is_dir():
        return _read(file, file, asked)
    found = _catalogues(archive.names(file))
    if len(found) > 1:
        raise SourceError(str(file), f"it holds {len(found)} geodatabases", "send one zip for each")
    with tempfile.TemporaryDirectory(prefix="onemap-", suffix=".gdb") as folder:
        archive.unpack(file, lambda name: _part(name, found[0].parent), Path(folder))
        return _read(file, Path(folder), asked)


def _read(file: Path, folder: Path, asked: Asked) -> Raw:
    layer = layer_of(folder, asked.recipe.layer, str(file))
    raw = read_layer(folder, layer, str(file))
    raw.changes += arcs(folder, layer)
    return raw


def _part(name: str, home: PurePosixPath) -> str | None:
    """The name of a part of the geodatabase; nothing else of the zip is unpacked."""
    path = PurePosixPath(name)
    return path.name if path.parent == home and _PART.fullmatch(path.name) else None
