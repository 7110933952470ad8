"""Numbers that moved beyond their usual range: a badge beside each, and the form that accepts one."""

from __future__ import annotations

from typing import Any

from app.outlook import Outlook
from app.tags import Tag, html
from app.words import word
from geodata.usual import Moved


def badge(outlook: Outlook, indicator: str, code: str) -> list[Tag]:
    """待核 beside a number that waits for somebody; nothing beside the others."""
    step = outlook.to_review.get((indicator, code))
    return [] if step is None else [html.Span(word("review", outlook.view.lang), className="to-review", title=step.says()[outlook.view.lang])]


def accepting(outlook: Outlook, indicator: str, definition: str, code: str) -> list[Any]:
    """What happened, and where the reader says why it is right."""
    step: Moved | None = outlook.to_review.get((indicator, code))
    if step is None:
        return []
    lang = outlook.view.lang
    order: dict[str, Any] = {"data-indicator": indicator, "data-definition": definition, "data-unit": code}
    return [html.Section([
        html.P([html.Span(word("review", lang), className="to-review"), " ", step.says()[lang]]),
        html.Textarea(placeholder=word("review.reason", lang), rows=2, maxLength=500, className="review-reason"),
        html.Button(word("review.accept", lang), className="button review-accept", type="button", **order),
        html.P("", className="review-said"),
    ], className="review-box")]
