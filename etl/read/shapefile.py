"""Shapefiles: a zip (also with a folder inside), a folder, or the .shp beside its .dbf."""

from __future__ import annotations

import codecs
import re
import shutil
import tempfile
import zipfile
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
from pyogrio.errors import DataSourceError

from etl.errors import SourceError
from etl.read import archive
from etl.read.asked import Asked
from etl.read.encoding import chosen, counted
from etl.read.gdal import read_layer
from etl.read.raw import Raw, framed

_PARTS = (".shp", ".shx", ".dbf", ".prj")
_MAGIC = b"\x00\x00\x27\x0a"


def knows(file: Path, head: bytes) -> bool:
    """Whether it is a .shp, or a folder or zip that holds one."""
    if file.is_dir():
        return any(each.suffix.lower() == ".shp" for each in file.iterdir())
    if head.startswith(_MAGIC):
        return True
    return archive.is_zip(head) and any(each.lower().endswith(".shp") for each in archive.names(file))


def read(file: Path, asked: Asked) -> Raw:
    """The rows of a Shapefile, its text decoded here: .cpg files and code page bytes are often wrong.

    Raises
    ------
    SourceError
        A part is missing, a file is cut short, or its text is in no known encoding.
    """
    with tempfile.TemporaryDirectory(prefix="onemap-") as folder:
        shp, changes = _laid_out(file, Path(folder), asked.recipe.layer)
        _check_length(file, shp)
        raw = read_layer(shp, None, str(file), encoding="ISO-8859-1")
    raw.changes += changes
    return _decoded(file, raw, asked.recipe.encoding)


def _laid_out(file: Path, folder: Path, said: str | None) -> tuple[Path, Counter[str]]:
    """Copy the parts to a folder of our own under plain names; make the index anew where it is missing."""
    packed = file.is_file() and zipfile.is_zipfile(file)
    found = _in_zip(file, said) if packed else _beside(file, said)
    for part in (".shp", ".dbf"):
        if part not in found:
            raise SourceError(str(file), f"it has no {part} beside it", "send all the files of the Shapefile together")
    if packed:
        parts = {name: f"layer{part}" for part, name in found.items()}
        archive.unpack(file, parts.get, folder)
    for part in [] if packed else found:
        _copy(file, Path(found[part]), folder / f"layer{part}")
    if ".shx" in found:
        return folder / "layer.shp", Counter()
    _make_index(folder / "layer.shp")
    return folder / "layer.shp", Counter({"index .shx made anew": 1})


def _make_index(shp: Path) -> None:
    """The option is one of the whole process and breaks the reading of other files, so it is taken back at once."""
    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": True})
    try:
        with suppress(DataSourceError):  # what is broken beyond this is said where the layer is read
            pyogrio.read_info(shp)
    finally:
        pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": None})


def _beside(file: Path, said: str | None) -> dict[str, str]:
    if file.is_dir():
        file = Path(_one(file, {each.stem: each for each in file.iterdir() if each.suffix.lower() == ".shp"}, said))
    with file.open("rb") as opened:
        if opened.read(4) != _MAGIC:
            raise archive.broken(str(file))
    parts = {each.suffix.lower(): str(each) for each in file.parent.iterdir() if each.stem == file.stem}
    return {part: path for part, path in parts.items() if part in _PARTS}


def _in_zip(file: Path, said: str | None) -> dict[str, str]:
    names = [archive.name_of(each) for each in archive.checked(file)]
    shp = _one(file, {Path(each).stem: each for each in names if each.lower().endswith(".shp")}, said)
    return {each[-4:].lower(): each for each in names if each[:-4] == shp[:-4] and each[-4:].lower() in _PARTS}


def _one(file: Path, found: dict[str, Any], said: str | None) -> Any:
    """The one Shapefile among those found."""
    if said is not None:
        found = {stem: each for stem, each in found.items() if stem == said}
    if len(found) != 1:
        fact = f"it holds {len(found)} Shapefiles"
        raise SourceError(str(file), fact, 'write layer = "..." in the recipe, or send one file for each')
    return next(iter(found.values()))


def _copy(file: Path, part: Path, to: Path) -> None:
    try:
        shutil.copyfile(part, to)
    except OSError:
        raise archive.broken(str(file)) from None


def _check_length(file: Path, shp: Path) -> None:
    """GDAL gives rows without geometry, and no word, when a .shp is cut short."""
    with shp.open("rb") as opened:
        said = int.from_bytes(opened.read(28)[24:28], "big") * 2  # in 16-bit words: Esri Shapefile description, 1998
    if shp.stat().st_size < said:
        raise SourceError(
            str(file), f"its .shp is cut short ({shp.stat().st_size} of {said} bytes)", "ask for the file again"
        )


# A DBF keeps ten bytes of a field's name; what is longer was cut, and may be told by its beginning.
_NAME_BYTES = 10


def _decoded(file: Path, raw: Raw, said: str | None) -> Raw:
    texts = {
        name: raw.frame[name]
        for name in raw.frame.columns
        if raw.frame[name].dtype == object or pd.api.types.is_string_dtype(raw.frame[name])
    }
    distinct = {
        each.encode("latin-1") for column in texts.values() for each in column.unique() if isinstance(each, str)
    }
    headers = [str(each).encode("latin-1") for each in raw.frame.columns]
    name = chosen(str(file), distinct, said, [(each, _NUMBER.sub(b"", each)) for each in headers])
    frame = raw.frame.copy()
    for header, column in texts.items():
        frame[header] = _cells(column, name)
    raw.frame, left_out = framed([_header(each, name) for each in headers], [frame[each] for each in frame], len(frame))
    raw.cut = frozenset(_header(each, name) for each in headers if len(each) >= _NAME_BYTES)
    raw.changes += left_out
    raw.changes += counted(name, b"".join([*headers, *distinct]))
    return raw


# Where names that were cut are the same, GDAL and ArcGIS number them: 摄像机类型 and 摄像机位置 become 摄像_1 with half
# a character before the number.
_NUMBER = re.compile(rb"_?\d{1,2}$")


def _header(content: bytes, encoding: str) -> str:
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(content).strip("\x00")
    except UnicodeDecodeError:
        number = _NUMBER.search(content)
        end = number[0] if number else b""
        return _text(content.removesuffix(end), encoding) + end.decode("ascii")


def _cells(column: pd.Series, encoding: str) -> np.ndarray:
    codes, distinct = pd.factorize(column)
    read = [_text(each.encode("latin-1"), encoding) if isinstance(each, str) else each for each in distinct]
    return np.array([*read, None], dtype=object)[codes]


def _text(content: bytes, encoding: str) -> str:
    """A text that may have been cut inside its last character by the ten or 254 bytes of a DBF."""
    return content.decode(encoding, errors="ignore").strip("\x00")
