"""A document of the service as a page for people: nothing but text and links, so nothing is loaded from anywhere."""

from __future__ import annotations

from html import escape
from typing import Any

from layers._text import Text

_HINT = Text(
    "在 QGIS 中：数据源管理器 → WFS / OGC API - Features → 新建，填入本页地址。",
    "In QGIS: Data Source Manager → WFS / OGC API - Features → New, with the address of this page.",
)
_STYLE = """body{font:16px/1.6 "Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;
color:#e6edf7;background:#0b1a30}a{color:#7cc4ff}h1{font-size:1.6rem}table{border-collapse:collapse;width:100%;font-size:14px}
td,th{border-bottom:1px solid #24405f;padding:.3rem .6rem;text-align:left;vertical-align:top}p.hint{color:#9fb4d0}"""

MOST_ROWS = 200
"""Features of a document that a page shows."""


def page(document: dict[str, Any], lang: str) -> str:
    """HTML of a document.

    Parameters
    ----------
    document : dict
        JSON of the service.
    lang : {'zh', 'en'}
    """
    title = escape(str(document.get("title") or document.get("id") or document.get("code") or "OGC API Features"))
    body = "".join((
        f"<p>{escape(str(document.get('description', '')))}</p>",
        f"<p class=hint>{escape(getattr(_HINT, lang))}</p>",
        _table([(_link(_first(each), each.get("title")), escape(str(each.get("description", "")))) for each in document.get("collections", [])]),
        _features(document.get("features") or ([document] if document.get("type") == "Feature" else [])),
        _fields(document.get("properties") if document.get("type") == "object" else None),
        _table([(escape(each),) for each in document.get("conformsTo", [])]),
        _table([(escape(str(each.get("rel", ""))), _link(each.get("href"), each.get("title"))) for each in document.get("links", [])]),
    ))  # fmt: skip
    return f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style><h1>{title}</h1>{body}</html>'


def _first(collection: dict[str, Any]) -> str | None:
    return next((each["href"] for each in collection.get("links", []) if each["rel"] == "self"), None)


def _link(address: str | None, title: str | None) -> str:
    if not address:
        return escape(str(title))
    shown = address.replace("f=json", "f=html")
    return f'<a href="{escape(shown)}">{escape(str(title or address))}</a>'


def _features(found: list[dict[str, Any]]) -> str:
    if not found:
        return ""
    names = list(found[0]["properties"])
    return _table([[escape("" if each["properties"].get(name) is None else str(each["properties"][name])) for name in names] for each in found[:MOST_ROWS]], names)


def _fields(properties: dict[str, Any] | None) -> str:
    return _table([(escape(name), escape(str(each.get("title", ""))), escape(str(each.get("type", each.get("format", ""))))) for name, each in (properties or {}).items()])


def _table(rows: Any, head: list[str] | None = None) -> str:
    if not rows:
        return ""
    top = f"<tr>{''.join(f'<th>{escape(each)}' for each in head)}</tr>" if head else ""
    return f"<table>{top}{''.join('<tr>' + ''.join(f'<td>{cell}' for cell in row) + '</tr>' for row in rows)}</table>"
