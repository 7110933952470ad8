"""Elements of a page as the plain dicts that Dash's own classes become on the wire, at a tenth of their cost.

An answer to a click holds some five hundred elements. What Dash must find by itself (the shell with its ids) is made of
Dash's classes; what an answer puts into it is made of these.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

Tag = dict[str, Any]


def _tag(kind: str, children: Any = None, **props: Any) -> Tag:
    if children is not None:
        props["children"] = children
    return {"props": props, "type": kind, "namespace": "dash_html_components"}


class _Html:
    """Every element of HTML under its Dash name: html.Div(children, className=...)."""

    def __getattr__(self, kind: str) -> Callable[..., Tag]:
        if kind.startswith("_"):
            raise AttributeError(kind)
        made = partial(_tag, kind)
        setattr(self, kind, made)
        return made


html = _Html()
