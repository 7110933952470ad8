"""What a file is that cannot be read here, by its first bytes, and what its owner can do about it."""

from __future__ import annotations

import re
from pathlib import Path

from etl.read import archive
from etl.read.encoding import BLANK

_UNPACK = "unpack it, and bring the files or a zip of them"
_EXPORT = "export the layer as Shapefile, GeoPackage or GeoJSON"
_ORIGIN = "ask for the table or the map layer that it was made from"
_TOGETHER = "bring all the files of the Shapefile together: .shp, .shx, .dbf and .prj"

NO_SHEET = ("it is a document of Office without a sheet", "save its table as .xlsx or .csv")
"""What an old document of Office is that is no workbook, and the remedy."""

# First bytes: the formats' own descriptions; "file" of Debian knows them by the same.
BEGINNINGS: tuple[tuple[bytes, str, str], ...] = (
    (b"Rar!\x1a\x07", "it is a RAR archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "it is a 7z archive", _UNPACK),
    (b"\x1f\x8b", "it is a gzip archive", _UNPACK),
    (b"%PDF", "it is a PDF", _ORIGIN),
    (b"\x89PNG", "it is a picture", _ORIGIN),
    (b"\xff\xd8\xff", "it is a picture", _ORIGIN),
    (b"GIF8", "it is a picture", _ORIGIN),
    (b"II*\x00", "it is a picture or a raster", _ORIGIN),
    (b"MM\x00*", "it is a picture or a raster", _ORIGIN),
    (b"AC10", "it is a DWG drawing", "save it as an ASCII DXF"),
    (b"\x00\x01\x00\x00Standard", "it is an Access database", _EXPORT),
    (b"!table", "it is a table of MapInfo", _EXPORT),
    (b"{\\rtf", "it is a text with a layout", "save its table as .xlsx or .csv"),
    (b"\xd0\xcf\x11\xe0", *NO_SHEET),
)
TEXTS: tuple[tuple[str, str, str], ...] = (
    (r"^(GEOG|PROJ|COMPD|LOCAL_)CS\[|^(GEOGCRS|PROJCRS)\[", "it is the .prj of a Shapefile", _TOGETHER),
    (r"(?i)^version\s+\d+\s+charset", "it is a map of MapInfo", _EXPORT),
    (r"(?s)^<.*?<?gpx[\s>]", "it is GPX", "save its points as KML, GeoJSON or .csv"),
    (r"(?s)^<.*?opengis\.net/gml", "it is GML", _EXPORT),
    (r"^<", "it is XML", "bring the layer as KML, Shapefile or GeoPackage, or the table as .xlsx"),
)
_DBF = re.compile(rb"[\x02\x03\x30\x83\x8b\xf5].[\x01-\x0c][\x01-\x1f]", re.DOTALL)  # its kind, then year, month and day of its last change
_PART = (".cpg", ".prj", ".qpj")


def what(file: Path, head: bytes, kinds: str) -> tuple[str, str]:
    """What a file is that no reader knows, and the remedy.

    Parameters
    ----------
    file : Path
    head : bytes
        Its beginning; nothing for a folder.
    kinds : str
        The kinds that can be read, listed.
    """
    if not head:
        return "it is a folder that holds no map", f"bring {kinds}"
    if archive.is_zip(head):
        return _in_zip(archive.names(file), kinds)
    for begins, fact, remedy in BEGINNINGS:
        if head.startswith(begins):
            return fact, remedy
    if _DBF.match(head) and file.suffix.lower() == ".dbf":
        return "it is the table of a Shapefile", f"{_TOGETHER}; or save the table as .xlsx"
    return text_that_is_no_table(file, head) or ("it is no kind of file that can be read", f"bring {kinds}")


def _in_zip(names: list[str], kinds: str) -> tuple[str, str]:
    if "word/document.xml" in names:
        return "it is a text of Word", "save its table as .xlsx or .csv"
    if any(each.lower().endswith((".zip", ".rar", ".7z")) for each in names):
        return "it is an archive that holds another", "unpack it, and bring the inner one"
    return "it is a zip that holds no map and no sheet", f"bring {kinds}"


def text_that_is_no_table(file: Path, head: bytes) -> tuple[str, str] | None:
    """What a text is that is surely no table, and the remedy; None where it may be one."""
    if file.suffix.lower() in _PART:
        return f"it is the {file.suffix.lower()} of a Shapefile", _TOGETHER
    start = head.lstrip(BLANK).decode("latin-1")
    return next(((fact, remedy) for pattern, fact, remedy in TEXTS if re.search(pattern, start)), None)
