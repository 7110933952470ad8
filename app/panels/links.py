"""Links that lead to another view: plain addresses, followed in place by assets/walk.js."""

from __future__ import annotations

from typing import Any

from app.tags import Tag, html
from app.view import View


def aria(**says: Any) -> dict[str, Any]:
    """What a screen reader is told, as attributes: aria(label="...") is {"aria-label": "..."}."""
    return {f"aria-{name}": said for name, said in says.items()}


def go(view: View, children: Any, className: str = "", fly: bool = False, **more: Any) -> Tag:  # noqa: N803
    """A link to a view.

    Parameters
    ----------
    view : View
        Where it leads.
    children : component or text
        What it shows.
    className : str
        As in Dash.
    fly : bool
        Whether the map moves to the place that the view names; else it stays where the reader left it.
    **more
        Further attributes (title, role, aria-...).

    Returns
    -------
    Tag
        Its address works without any script, in a new tab, and in a message to a colleague.
    """
    marks: dict[str, Any] = {"data-go": "fly" if fly else "stay"}
    return html.A(children, href=view.to_url(), className=className, **marks, **more)


def chip(view: View, text: str, current: bool, says: str = "") -> Tag:
    """A link to a view that differs in one choice.

    Parameters
    ----------
    view : View
    text : str
    current : bool
        Whether it is what is shown.
    says : str
        More of it, under the pointer.
    """
    return go(view, text, "level current" if current else "level", title=says or text, **aria(current="true" if current else "false"))


def chosen_from(title: str, chips: list[Tag], says: str = "") -> Tag:
    """A row of chips with its title, and a sentence on the one that is chosen."""
    said = [html.Small(says)] if says else []
    return html.Nav([html.Span(title), *chips, *said], className="levels", **aria(label=title))
