"""The placemarks of a KML document, gathered while it is parsed: names, values and shapes."""

from __future__ import annotations

import re
from html import unescape

import shapely

# Balloons of "Layer to KML" hold the attributes as a table of two columns.
_ROW = re.compile(
    r"<tr[^>]*>\s*<t[dh][^>]*>(.*?)</t[dh]>\s*<t[dh][^>]*>(.*?)</t[dh]>\s*</tr>", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(r"<[^>]+>")
_SHAPES = {"Point", "LineString", "LinearRing", "Polygon", "Track"}
# What of a placemark is kept as text, by the element that holds it.
_SAID = {"name", "description", "address"}
BROKEN = "its geometry is broken (a ring that is not closed, or too few points)"
_HEAD = 65536  # of a description: a balloon is read as far as a person would


class Placemarks:
    """What has been found so far; `start`, `end` and `text` are called by the parser.

    Attributes
    ----------
    rows : list of dict
        Header -> value of each placemark.
    shapes : list of Geometry or None
        Longitude and latitude.
    broken : dict of int to str
        Row number -> what is wrong with its geometry.
    links : int
        Network links that were not followed.
    """

    def __init__(self) -> None:
        self.rows: list[dict[str, str]] = []
        self.shapes: list[shapely.Geometry | None] = []
        self.broken: dict[int, str] = {}
        self.links = 0
        self._open: list[str] = []
        self._folders: list[str] = []
        self._words: list[str] = []
        self._field: str | None = None
        self._parts: list[shapely.Geometry] = []
        self._rings: list[list[tuple[float, float]]] = []
        self._track: list[tuple[float, float]] = []
        self._wrong = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = name.rpartition(" ")[2]
        self._open.append(name)
        self._words.clear()
        if name == "Placemark":
            self.rows.append({"folder": "/".join(filter(None, self._folders))} if any(self._folders) else {})
            self._parts, self._wrong = [], False
        elif name == "Folder":
            self._folders.append("")
        elif name in ("Data", "SimpleData"):
            self._field = attributes.get("name")
        elif name in _SHAPES and self._above() not in ("outerBoundaryIs", "innerBoundaryIs"):
            self._rings, self._track = [], []
        self.links += name == "NetworkLink"

    def text(self, words: str) -> None:
        """Some of the text of the element in hand."""
        self._words.append(words)

    def end(self, name: str) -> None:
        """An element ends."""
        name = name.rpartition(" ")[2]
        self._open.pop()
        words = "".join(self._words).strip()
        self._words.clear()
        if name == "Folder":
            self._folders.pop()
        elif name == "name" and self._above(0) == "Folder":
            self._folders[-1] = words
        elif "Placemark" in self._open:
            self._inside(name, words)
        elif name == "Placemark":
            self._close()

    def _above(self, up: int = 1) -> str:
        return self._open[-1 - up] if len(self._open) > up else ""

    def _inside(self, name: str, words: str) -> None:
        """The end of an element of a placemark."""
        if name == "coordinates":
            self._rings.append(self._read(words, ","))
        elif name == "coord":
            self._track += self._read(words.replace(" ", ","), ",")
        elif name in _SHAPES and self._above(0) not in ("outerBoundaryIs", "innerBoundaryIs"):
            self._add(name)
        elif name in _SAID and self._above(0) == "Placemark" and words:
            self.rows[-1][name] = words
        elif name in ("value", "SimpleData") and self._field and words:
            self.rows[-1][self._field] = words

    def _read(self, words: str, between: str) -> list[tuple[float, float]]:
        try:
            points = [each.split(between) for each in re.sub(r"\s*,\s*", ",", words).split()]
            return [(float(each[0]), float(each[1])) for each in points]
        except (ValueError, IndexError):
            self._wrong = True
            return []

    def _add(self, name: str) -> None:
        try:
            self._parts.append(_shape(name, self._track if name == "Track" else self._rings))
        except (ValueError, IndexError, shapely.errors.GEOSException):
            self._wrong = True

    def _close(self) -> None:
        """The end of a placemark."""
        row = self.rows[-1]
        for key, value in _ROW.findall(row.get("description", "")[:_HEAD]):
            header = _bare(key)
            if header and header not in row:
                row[header] = _bare(value)
        self.shapes.append(None if self._wrong else _together(self._parts))
        if self._wrong:
            self.broken[len(self.rows)] = BROKEN


def _bare(markup: str) -> str:
    return unescape(_TAG.sub("", markup)).strip()


def _shape(name: str, rings: list) -> shapely.Geometry:
    if name == "Track":
        return shapely.LineString(rings)
    if name == "Point":
        return shapely.Point(rings[0][0])
    if name == "LineString":
        return shapely.LineString(rings[0])
    if any(len(ring) < 4 or ring[0] != ring[-1] for ring in rings):
        raise ValueError("a ring that is not closed")
    return shapely.Polygon(rings[0], rings[1:])


def _together(parts: list[shapely.Geometry]) -> shapely.Geometry | None:
    """The shapes of a placemark as one: of one kind where they are."""
    if len(parts) < 2:
        return parts[0] if parts else None
    kinds = {each.geom_type for each in parts}
    many = {"Point": shapely.MultiPoint, "LineString": shapely.MultiLineString, "Polygon": shapely.MultiPolygon}
    return many[kinds.pop()](parts) if len(kinds) == 1 else shapely.GeometryCollection(parts)
