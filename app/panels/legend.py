"""What the colours of the units mean: the indicator in view, its definition and its classes."""

from __future__ import annotations

from typing import Any

import layers
from app.classes import Classes
from app.outlook import Outlook
from app.panels.links import aria, go
from app.tags import Tag, html
from app.words import word
from layers._ladder import level

_DEEPEST = 3
"""Levels on offer: two more than the children; deeper ones are too fine for one picture."""


def legend(outlook: Outlook, classes: Classes) -> list[Any]:
    """The indicator's name and sentence, and one line for each class that can occur."""
    lang = outlook.view.lang
    theme, indicator = layers.indicator(outlook.view.counted)
    known = [step for step in classes.steps if step.low is not None or step.high is not None]
    unknown = [step for step in classes.steps if step not in known]
    steps = [
        html.Li(
            [
                html.I(className="swatch", style={"background": step.colour}),
                html.Span(step.label, className="step-label"),
                html.Span(word("units.n", lang, n=step.n), className="step-n"),
            ],
            className="" if step.n else "none",
        )
        for step in [*reversed(known), *unknown]
    ]
    return [
        html.H2([indicator.title[lang], html.Small(theme.title[lang])]),
        html.P(indicator.says[lang]),
        html.Ul(steps, className="steps"),
        *_levels(outlook),
    ]


def _levels(outlook: Outlook) -> list[Tag]:
    """A choice of the level whose units are coloured; micro-grids are only seen from inside their village."""
    view, offered = outlook.view, outlook.levels if outlook.unit.level == "village" else outlook.levels[:_DEEPEST]
    if len(offered) < 2 or view.page == "wall":  # a wall needs no controls
        return []
    drawn = view.level or outlook.drawn[0].level
    chips = [
        go(view.colouring(None if name == offered[0] else name), level(name).title[view.lang],
           "level current" if name == drawn else "level", **aria(current="true" if name == drawn else "false"))
        for name in offered
    ]
    return [html.Nav([html.Span(word("levels", view.lang)), *chips], className="levels", **aria(label=word("levels", view.lang)))]
