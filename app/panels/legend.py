"""What the colours of the units mean: the indicator in view, its definition and its classes."""

from __future__ import annotations

from typing import Any

import layers
from app.classes import Classes
from app.outlook import Outlook
from app.tags import html
from app.words import word


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
    ]
