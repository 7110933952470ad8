"""KML and KMZ: every placemark is a row; nothing that the document points to is followed."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

import numpy as np
from pyproj import CRS

from etl.errors import SourceError
from etl.read import archive
from etl.read.asked import Asked
from etl.read.encoding import counted
from etl.read.placemarks import Placemarks
from etl.read.raw import Raw, framed

_IS = re.compile(rb"<(\w+:)?kml[\s>]")
_CHUNK = 1 << 20


def knows(file: Path, head: bytes) -> bool:
    """Whether it is XML that begins a KML document, or a zip that holds one."""
    if archive.is_zip(head):
        return bool(_documents(archive.names(file)))
    plain = head.replace(b"\x00", b"") if head.startswith((b"\xff\xfe", b"\xfe\xff")) else head
    return plain.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").startswith(b"<") and bool(_IS.search(plain))


def _documents(names: list[str]) -> list[str]:
    return [each for each in names if each.lower().endswith(".kml")]


def read(file: Path, asked: Asked) -> Raw:
    """The placemarks of a document.

    Raises
    ------
    SourceError
        Broken XML, XML with entities of its own, several documents in a KMZ, or no placemark.
    """
    with file.open("rb") as opened:
        if not archive.is_zip(opened.read(4)):
            return _read(file, str(file), asked.recipe.encoding)
    name = _document(file, asked.recipe.layer)
    with tempfile.TemporaryDirectory(prefix="onemap-") as folder:
        [document] = archive.unpack(file, lambda each: "doc.kml" if each == name else None, Path(folder))
        return _read(document, str(file), asked.recipe.encoding)


def _document(file: Path, said: str | None) -> str:
    """The document of a KMZ: the one said, else the only one, else the one that Google Earth opens."""
    found = _documents([archive.name_of(each) for each in archive.checked(file)])
    if said is not None:
        found = [each for each in found if said in (each, Path(each).stem)]
    roots = [each for each in found if each.lower() == "doc.kml"]
    if len(found) != 1 and len(roots) != 1:
        raise SourceError(str(file), f"it holds {len(found)} KML documents", 'write layer = "..." in the recipe')
    return (roots or found)[0]


def _read(document: Path, place: str, said: str | None) -> Raw:
    marks, encoding = _parsed(document, place, said)
    if not marks.rows:
        raise SourceError(place, "it has no placemark", "export the places, not the view")
    headers = list(dict.fromkeys(header for row in marks.rows for header in row))
    columns = [np.array([row.get(header) for row in marks.rows], dtype=object) for header in headers]
    frame, left_out = framed(headers, columns, len(marks.rows))
    shapes = np.full(len(marks.rows), None, dtype=object)
    shapes[:] = marks.shapes
    changes = left_out + Counter({"network link not followed": marks.links}) + counted(encoding, b"\xff")
    return Raw(frame, shapes, CRS(4326), marks.broken, +changes)


def _parsed(document: Path, place: str, said: str | None) -> tuple[Placemarks, str]:
    """The placemarks, and the encoding in which the whole document could be read: UTF-8 before GB18030."""
    with document.open("rb") as opened:
        wide = opened.read(2) in (b"\xff\xfe", b"\xfe\xff")
    for encoding in [said] if said else ["utf-16"] if wide else ["utf-8", "gb18030"]:
        marks = Placemarks()
        parser = expat.ParserCreate("utf-8", " ")  # what the document says of its encoding is often wrong
        parser.buffer_text = True
        parser.EntityDeclHandler = lambda *_: _refuse(place)
        parser.StartElementHandler, parser.EndElementHandler = marks.start, marks.end
        parser.CharacterDataHandler = marks.text
        try:
            for text in _texts(document, encoding):
                parser.Parse(text)
            parser.Parse("", True)
        except UnicodeDecodeError:
            continue
        except LookupError:
            raise SourceError(
                place, f"there is no encoding {encoding!r}", 'write encoding = "UTF-8" or "GB18030"'
            ) from None
        except expat.ExpatError:
            raise archive.broken(place) from None
        return marks, encoding
    fact = f"its text is not {said}" if said else "its text is neither UTF-8 nor GB18030"
    raise SourceError(place, fact, 'write encoding = "..." in the recipe')


def _refuse(place: str) -> None:
    raise archive.declares_entities(place)


def _texts(document: Path, encoding: str) -> Iterator[str]:
    with document.open(encoding=encoding, errors="strict", newline="") as opened:
        first = opened.read(_CHUNK).lstrip("\ufeff \r\n\t")
        yield first
        while text := opened.read(_CHUNK):
            yield text
