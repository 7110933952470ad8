"""GeoJSON: collections, also without properties; and features one after the other, in lines, in a list or parted as RFC 8142 asks."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from etl.errors import SourceError
from etl.read import archive
from etl.read.asked import Asked
from etl.read.encoding import BLANK, as_utf8
from etl.read.gdal import read_layer
from etl.read.raw import Raw

_IS = re.compile(rb'"type"\s*:\s*"(FeatureCollection|Feature|Topology)"')
_BEFORE = "\ufeff \r\n\t"
_SEPARATOR = "\x1e"  # before each text of a sequence: RFC 8142, 2.1
_BLOCK = 1 << 22


def knows(_file: Path, head: bytes) -> bool:
    """Whether the text is JSON, or a sequence of JSON, that says that it holds features."""
    found = _IS.search(head)
    begins = head.lstrip(BLANK + _SEPARATOR.encode())[:1]
    return begins in (b"{", b"[") and found is not None and found[1] != b"Topology"


def read(file: Path, asked: Asked) -> Raw:
    """The rows of a collection, or of a sequence of features.

    Raises
    ------
    SourceError
        Broken JSON, text in no known encoding, or no features.
    """
    with as_utf8(file, asked.recipe.encoding) as (utf8, changes), tempfile.NamedTemporaryFile("w", prefix="onemap-") as made:
        told = _loose(utf8)
        if told:
            _collect(str(file), utf8, told, made)
        raw = read_layer(Path(made.name) if told else utf8, None, str(file))
    raw.changes += changes
    return raw


def _loose(utf8: Path) -> str:
    """What stands between features that no collection holds: a comma of a list, the separator, the end of a line; else "".

    GDAL reads the first line of features in lines, and says no word of the others.
    """
    with utf8.open(encoding="utf-8") as opened:
        first = opened.read(_BLOCK).lstrip(_BEFORE)
        if first[:1] in ("[", _SEPARATOR):
            return {"[": ",", _SEPARATOR: _SEPARATOR}[first[:1]]
        while "\n" not in first.rstrip() and (more := opened.read(_BLOCK)):
            first += more
    line, _, rest = first.partition("\n")
    if not rest.lstrip(_BEFORE + ",").startswith("{"):
        return ""
    return "\n" if _json(line.strip(_BEFORE + ",")) is not None else ""


def _json(text: str) -> Any:
    """What a text says; None where it is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _collect(place: str, utf8: Path, between: str, made: IO[str]) -> None:
    """Write features as one collection.

    Raises
    ------
    SourceError
        One of them is no JSON, or no feature.
    """
    made.write('{"type": "FeatureCollection", "features": [\n')
    for n, each in enumerate(_features(place, _texts(utf8, between))):
        made.write(f"{',' if n else ''}{json.dumps(each)}\n")
    made.write("]}\n")
    made.flush()


def _texts(utf8: Path, between: str) -> Iterator[str]:
    """The texts of a sequence; a list is one."""
    with utf8.open(encoding="utf-8") as opened:
        if between == "\n":
            yield from (bare for line in opened if (bare := line.strip(_BEFORE + ",")))
        else:
            yield from (bare for each in opened.read().split(_SEPARATOR) if (bare := each.strip(_BEFORE)))


def _features(place: str, texts: Iterator[str]) -> Iterator[Any]:
    for n, text in enumerate(texts, start=1):
        told = _json(text)
        if told is None:
            raise archive.broken(place)
        for each in told if isinstance(told, list) else told.get("features", [told]) if isinstance(told, dict) else [told]:
            if not isinstance(each, dict) or each.get("type") != "Feature":
                raise SourceError(place, f"its part {n} is no feature", "ask for one collection of features")
            yield each
