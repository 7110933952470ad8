"""Elements of a page to text: what came from a file can only ever become text."""

from __future__ import annotations

from html import escape
from typing import Any

_ATTRIBUTES = {"className": "class", "htmlFor": "for", "tabIndex": "tabindex"}
_VOID = {"input", "br", "hr", "img", "col", "meta", "link"}
_LINKS = {"href", "src", "action"}


def text_of(part: Any) -> str:
    """HTML of elements of `app.tags`, of texts, and of lists of either."""
    if part is None or part is False:
        return ""
    if isinstance(part, (list, tuple)):
        return "".join(map(text_of, part))
    if not isinstance(part, dict):
        return escape(str(part))
    name, props = part["type"].lower(), dict(part["props"])
    children = props.pop("children", None)
    said = "".join(_attribute(key, value) for key, value in props.items())
    return f"<{name}{said}>" if name in _VOID else f"<{name}{said}>{text_of(children)}</{name}>"


def _attribute(name: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    name = _ATTRIBUTES.get(name, name)
    if value is True:
        return f" {name}"
    if name in _LINKS and not str(value).startswith(("/", "?", "#")):
        raise ValueError(f"{name}: an address of our own begins with / ? or #")
    return f' {name}="{escape(str(value))}"'
