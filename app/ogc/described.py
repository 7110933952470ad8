"""pygeoapi's configuration, made from the declarations and from what the store holds."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from app.ogc.provider import CRS84, FORMS
from geodata.published import Collection, Extent, collections
from layers._text import Text

PAGE, MOST = 100, 10_000
"""Features on a page that names no number, and the most that one page may hold."""

TITLE = Text("数字乡村一张图", "The one map")
ABOUT = Text(
    "本图发布的各专题与各级单元（含指标），供 QGIS 等软件直接打开",
    "Every theme and every level of units (with indicators) of this map, for QGIS and other software",
)
_KEYWORDS = {"zh": ["一张图", "数字乡村"], "en": ["one map", "digital countryside"]}


def configuration(root: str, held: dict[str, Extent]) -> dict[str, Any]:
    """The configuration under which pygeoapi serves.

    Parameters
    ----------
    root : str
        Address of the service as its client sees it, without a slash at the end.
    held : dict of str to Extent
        Collections that have features, by name.

    Returns
    -------
    dict
    """
    nobody = {"name": "onemap", "url": root}
    return {
        "server": {
            "url": root, "mimetype": "application/json; charset=UTF-8", "encoding": "utf-8", "languages": ["zh", "en"],
            "limits": {"default_items": PAGE, "max_items": MOST, "on_exceed": "throttle"}, "pretty_print": False,
            "map": {"url": "", "attribution": ""}, "ogc_schemas_location": root,
        },
        "logging": {"level": "CRITICAL"},
        "metadata": {
            "identification": {
                "title": both(TITLE), "description": both(ABOUT), "keywords": _KEYWORDS, "keywords_type": "theme",
                "terms_of_service": root, "url": root,
            },
            "license": {"name": "见各批数据的发布单位 / see the publisher of each load", "url": root},
            "provider": nobody, "contact": nobody,
        },
        "resources": {name: _resource(root, collections()[name], extent) for name, extent in held.items()},
    }  # fmt: skip


def both(text: Text) -> dict[str, str]:
    """A text as pygeoapi wants it."""
    return {"zh": text.zh, "en": text.en}


def _resource(root: str, collection: Collection, extent: Extent) -> dict[str, Any]:
    spatial = {"bbox": list(extent.bounds), "crs": CRS84}
    temporal = {"begin": _moment(extent.first), "end": None} if extent.first else {}
    return {
        "type": "collection", "title": both(_titled(collection, extent)), "description": both(collection.about),
        "keywords": {"zh": [collection.title.zh], "en": [collection.title.en]}, "links": _links(root, collection),
        "extents": {"spatial": spatial} | ({"temporal": temporal} if temporal else {}),
        "providers": [{
            "type": "feature", "name": "app.ogc.provider.Published", "data": collection.name, "id_field": collection.key,
            "title_field": collection.label, "time_field": "since" if collection.theme else "day",
            "storage_crs": CRS84, "crs": list(FORMS),
        }],
    }  # fmt: skip


def _links(root: str, collection: Collection) -> list[dict[str, str]]:
    """The same data as a file and as tiles."""
    host = root.removesuffix("/ogc")
    return [
        {"type": "application/geopackage+sqlite3", "rel": "alternate", "title": "GeoPackage", "href": f"{host}/export/{collection.name}.gpkg"},
        {"type": "application/json", "rel": "alternate", "title": "TileJSON", "href": f"{host}/tilejson/{collection.name}.json"},
    ]


def _titled(collection: Collection, extent: Extent) -> Text:
    """The title, with the day of the data: QGIS shows nothing else of a collection."""
    if not extent.last:
        return collection.title
    return Text(f"{collection.title.zh}（数据截至 {extent.last}）", f"{collection.title.en} (data as of {extent.last})")


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
