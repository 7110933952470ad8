"""The desk: light, for a planner with mouse and keyboard."""

from __future__ import annotations

from typing import Any

from app.classes import Classes
from app.outlook import Outlook
from app.palette import DESK
from app.panels.card import card
from app.panels.compare import compare
from app.panels.definitions import definitions
from app.panels.explain import explain
from app.panels.figures import figures, more
from app.panels.head import head
from app.panels.legend import legend
from app.panels.ranking import ranking
from app.panels.row import row
from app.panels.themes import themes
from app.panels.trail import trail


def desk(outlook: Outlook, classes: Classes) -> dict[str, list[Any]]:
    """Region -> what stands in it."""
    return {
        "head": head(outlook),
        "trail": trail(outlook),
        "legend": legend(outlook, classes),
        "themes": themes(outlook, DESK),
        "card": card(outlook),
        "figures": figures(outlook),
        "definitions": definitions(outlook),
        "ranking": ranking(outlook, classes, DESK),
        "more": more(outlook),
        "explain": explain(outlook),
        "compare": compare(outlook),
        "row": row(outlook, DESK),
        "covered": [],
        "news": [],
        "foot": [],
        "help": [],
    }
