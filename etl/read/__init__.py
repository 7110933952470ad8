"""One file -> its rows, with their own headers and values; what the file is, its content decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from etl.errors import SourceError
from etl.read import (
    archive,
    csv,
    dxf,
    filegdb,
    flatgeobuf,
    foreign,
    geojson,
    geopackage,
    kml,
    packed,
    records,
    shapefile,
    webpage,
    workbook,
)
from etl.read.asked import Asked
from etl.read.raw import Raw
from etl.read.room import check_room

__all__ = ["READERS", "Asked", "Raw", "kind_of", "read", "read_parts"]


@dataclass(frozen=True, slots=True)
class Reader:
    """One kind of file.

    Parameters
    ----------
    name : str
        What people call it.
    knows : callable
        Whether a file is of this kind, from its path and its first 64 kB.
    read : callable
        The rows of such a file.
    parts : callable, optional
        The same rows, some after the others; None for kinds that can only be read as a whole.
    """

    name: str
    knows: Callable[[Path, bytes], bool]
    read: Callable[[Path, Asked], Raw]
    parts: Callable[[Path, Asked, int], Iterator[Raw]] | None = None


def _read_packed(file: Path, asked: Asked) -> Raw:
    """The rows of the file in a zip; what is wrong with it is said of its name there."""
    with packed.unpacked(file, asked) as (inside, name, inner):
        try:
            return read(inside, inner)
        except SourceError as problem:
            raise SourceError(f"{file}/{name}", problem.fact, problem.remedy, problem.rule) from None


READERS: tuple[Reader, ...] = (
    Reader("Shapefile", shapefile.knows, shapefile.read),
    Reader("GeoPackage", geopackage.knows, geopackage.read, geopackage.parts),
    Reader("FileGDB", filegdb.knows, filegdb.read),
    Reader("FlatGeobuf", flatgeobuf.knows, flatgeobuf.read, flatgeobuf.parts),
    Reader("Excel", workbook.knows, workbook.read),
    Reader("KML", kml.knows, kml.read),
    Reader("GeoJSON", geojson.knows, geojson.read),
    Reader("DXF", dxf.knows, dxf.read),
    Reader("JSON", records.knows, records.read),
    Reader("HTML", webpage.knows, webpage.read),
    Reader("CSV", csv.knows, csv.read, csv.parts),
    Reader("zip", packed.knows, _read_packed),
)

_HEAD = 65536


def read(file: Path, asked: Asked) -> Raw:
    """The rows of a file.

    Parameters
    ----------
    file : Path
        A file on this machine, or the folder of a Shapefile.
    asked : Asked
        What the recipe and the theme know of the file.

    Returns
    -------
    Raw
        Their headers, their values; private columns left out and counted.

    Raises
    ------
    SourceError
        Missing, unreadable, empty, of no known kind, broken, or too large for the memory that is free.
    """
    kind = kind_of(file)
    check_room(file, kind.name)
    return kind.read(file, asked)


WHOLE = 128 << 20
"""Bytes up to which a file is read as a whole: some 1.2 GB of memory at the peak."""

PART = 24 << 20
"""Bytes that a part of a larger file has about."""


def read_parts(file: Path, asked: Asked) -> Iterator[Raw]:
    """The rows of a file, some after the others where it is large and its kind can be read so.

    Parameters
    ----------
    file : Path
    asked : Asked

    Yields
    ------
    Raw
        One for a file that is small; rows are numbered through the file.

    Raises
    ------
    SourceError
        As `read` does.
    """
    kind = kind_of(file)
    if kind.parts is None or not is_large(file):
        check_room(file, kind.name)
        yield kind.read(file, asked)
    else:
        yield from kind.parts(file, asked, PART)


def is_large(file: Path) -> bool:
    """Whether a file is larger than what is read as a whole."""
    return file.is_file() and file.stat().st_size > WHOLE


def kind_of(file: Path) -> Reader:
    """The reader of a file, by its content.

    Raises
    ------
    SourceError
        Missing, unreadable, empty, or of no known kind.
    """
    head = _head(file)
    if archive.is_zip(head) and not archive.is_whole(file):
        raise archive.broken(str(file))
    for reader in READERS:
        if reader.knows(file, head):
            return reader
    raise SourceError(str(file), *foreign.what(file, head, _listed(each.name for each in READERS)))


def _head(file: Path) -> bytes:
    place = str(file)
    if place.startswith("/vsi"):
        raise SourceError(place, "it is not a path on this machine", "save the file here first")
    try:
        if file.is_dir():
            return b""
        with file.open("rb") as opened:
            head = opened.read(_HEAD)
    except FileNotFoundError:
        raise SourceError(place, "there is no such file", "check the path") from None
    except OSError as problem:
        raise SourceError(place, f"it cannot be read ({problem.strerror})", "check its permissions") from None
    if not head.strip(b"\xef\xbb\xbf\r\n\t \x00"):
        raise SourceError(place, "it is empty", "ask for the file again")
    return head


def _listed(names: Iterable[str]) -> str:
    *some, last = names
    return f"{', '.join(some)} or {last}"
