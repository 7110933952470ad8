"""GeoJSON, also without properties."""

from __future__ import annotations

import re
from pathlib import Path

from etl.errors import SourceError
from etl.read.asked import Asked
from etl.read.gdal import read_layer
from etl.read.raw import Raw

_IS = re.compile(rb'"type"\s*:\s*"(FeatureCollection|Feature|Topology)"')


def knows(_file: Path, head: bytes) -> bool:
    """Whether the text is a JSON object that says that it holds features."""
    found = _IS.search(head)
    return head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") and found is not None and found[1] != b"Topology"


def read(file: Path, asked: Asked) -> Raw:
    """The rows of the collection.

    Raises
    ------
    SourceError
        Broken JSON, text that is not UTF-8, or no features.
    """
    try:
        return read_layer(file, None, str(file))
    except UnicodeDecodeError:
        raise SourceError(str(file), "its text is not UTF-8", "save it as UTF-8, as RFC 7946 asks") from None
