"""What the colours of the units mean: the indicator in view, its definition and its classes."""

from __future__ import annotations

from typing import Any

import layers
from app.classes import Classes, Step, methods
from app.outlook import Outlook
from app.panels.audit import audit
from app.panels.coverage import blindness, coverage
from app.panels.definitions import SHOWN, said
from app.panels.density import density
from app.panels.explain import why
from app.panels.links import chip, chosen_from
from app.panels.reach import reach
from app.tags import Tag, html
from app.words import word
from geodata.documents import first_aim
from layers._ladder import level

_DEEPEST = 3
"""Levels on offer: two more than the children; deeper ones are too fine for one picture."""


def legend(outlook: Outlook, classes: Classes) -> list[Any]:
    """What colours the ground: the classes of the units, or of what is shaded in their place."""
    shaded = outlook.view.shaded
    if not shaded:
        return units(outlook, classes)
    theme, kind = layers.theme(shaded[0]), shaded[1]
    return {"heat": density, "blind": blindness, "seen": coverage, "audit": audit, "reach": reach}[kind](outlook, theme)


def units(outlook: Outlook, classes: Classes) -> list[Any]:
    """The indicator's name and sentence, and one line for each class that can occur."""
    lang = outlook.view.lang
    theme, indicator = layers.indicator(outlook.view.counted)
    known = [step for step in classes.steps if step.low is not None or step.high is not None]
    unknown = [step for step in classes.steps if step not in known]
    steps = [_step(step, "swatch", lang) for step in reversed(known)] + [_step(step, "swatch hatched", lang) for step in unknown]
    return [
        html.H2([indicator.title[lang], html.Small(" · ".join([theme.title[lang], *said(outlook.view)])), why(outlook.view, outlook.view.counted)]),
        html.P(indicator.reading(outlook.view.definition).says[lang]),
        *_definitions(outlook),
        html.Ul(steps, className="steps"),
        *_methods(outlook, classes, methods(first_aim(outlook.view.counted))),
        *_levels(outlook),
    ]


def _step(step: Step, swatch: str, lang: str) -> Tag:
    face = [
        html.I(className=swatch, style={"background-color": step.colour}),
        html.Span(step.label, className="step-label"),
        html.Span(word("units.n", lang, n=step.n), className="step-n"),
    ]
    return html.Li(face, className="" if step.n else "none")


def _methods(outlook: Outlook, classes: Classes, offered: tuple[str, ...]) -> list[Tag]:
    """How the classes were made, in words; and the other ways to make them."""
    view = outlook.view
    if view.page == "wall":
        return []
    chips = [
        chip(view.classing(None if name == offered[0] else name), word(f"classes.{name}", view.lang), name == classes.method,
             word(f"classes.{name}.says", view.lang))
        for name in offered
    ]
    return [chosen_from(word("classes", view.lang), chips, word(f"classes.{classes.method}.says", view.lang))]


def _definitions(outlook: Outlook) -> list[Tag]:
    """The readings of the number in view, to choose from."""
    view = outlook.view
    _, indicator = layers.indicator(view.counted)
    now = indicator.applied(view.definition)
    if view.page == "wall" or len(indicator.definitions) < 2:
        return []
    chips = [chip(view.defining(each), word(f"definition.{each}", view.lang), each == now, indicator.reading(each).says[view.lang])
             for each in sorted(indicator.definitions, key=SHOWN.index)]
    return [chosen_from(word("definition", view.lang), chips)]


def _levels(outlook: Outlook) -> list[Tag]:
    """A choice of the level whose units are coloured; micro-grids are only seen from inside their village."""
    view, offered = outlook.view, outlook.levels if outlook.unit.level == "village" else outlook.levels[:_DEEPEST]
    if len(offered) < 2 or view.page == "wall":  # a wall needs no controls
        return []
    drawn = view.level or outlook.drawn[0].level
    chips = [chip(view.colouring(None if name == offered[0] else name), level(name).title[view.lang], name == drawn) for name in offered]
    return [chosen_from(word("levels", view.lang), chips)]
