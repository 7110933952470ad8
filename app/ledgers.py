"""The ledgers that a view shows: totals of the themes that are on and have one."""

from __future__ import annotations

from collections.abc import Mapping

import layers
from app.view import View
from geodata.door import Reader
from geodata.register import Entry, totals
from geodata.units import Unit

Ledgers = Mapping[str, tuple[Entry, ...]]
"""Theme -> its totals."""


def ledgers(reader: Reader, view: View, unit: Unit) -> Ledgers:
    """Theme -> the totals of its rows in a unit; of pages that list themes only."""
    shown = [each for each in layers.themes().values() if each.ledger and each.name in view.themes and view.page == "desk"]
    return {each.name: totals(reader, each, unit.code) for each in shown}
