"""What a reader can choose from: pages, languages, entries of the legend, ways to draw; as far as declarations say it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import layers
from geodata.documents import first_aim
from geodata.reach_tiles import reaching
from layers import _indicator as indicators
from layers._audit import AUDITED

PAGES = {"desk": "/", "wall": "/wall", "board": "/board"}
LANGS = ("zh", "en")
HEATS = ("kernel", "squares")
"""How a heat map is drawn: a smooth surface, or squares as they are."""

PERS = ("km2", "people")
"""What its density is counted to: the square kilometre, or a thousand people."""

METHODS = ("target", "quantile", "equal", "natural")
"""How units are put into classes (`app.classes`)."""

DEFINITIONS = indicators.DEFINITIONS
"""How terms are understood that a document leaves open."""

WHICH = ("all", "counted", "rest")
"""Rows of a number that is opened: all, those of the numerator, those that are only in the denominator."""

SIGHTS = ("designed", "effective")
"""Which rows see: all that stand, or those that work."""

LOOKS = ("dark", "light", "contrast", "hours")
"""Flavours of a wall beside its own deep blue (`app.palette`)."""


@dataclass(frozen=True, slots=True)
class _Legend:
    """What follows from the declarations alone; asked for hundreds of times an answer, so worked out once."""

    themes: dict[str, layers.Theme]
    entries: tuple[str, ...]
    at_first: tuple[str, ...]
    indicator: str


_legends: list[_Legend] = []


def _legend() -> _Legend:
    themes = layers.themes()
    if not _legends or _legends[0].themes is not themes:
        _legends[:] = [_Legend(themes, _entries(themes), _at_first(themes), _indicator_at_first(themes))]
    return _legends[0]


def _entries(themes: dict[str, layers.Theme]) -> tuple[str, ...]:
    return tuple(
        entry
        for theme in themes.values()
        if not (theme.rung and theme.on)  # the ladder itself is always drawn
        for entry in (theme.name, *(f"{theme.name}:{part}" for part in shadings(theme)))
    )


def shadings(theme: layers.Theme) -> tuple[str, ...]:
    """What may be drawn of a theme beside its rows: its heat map, the ground its rows see, what they leave blind, its audit, its reach."""
    return ("heat",) * theme.style.heat + ("seen", "blind") * (theme.sight is not None) + ("audit",) * (theme.name == AUDITED) + ("reach",) * (reaching(theme) is not None)


def _at_first(themes: dict[str, layers.Theme]) -> tuple[str, ...]:
    return tuple(name for name in _entries(themes) if name in themes and themes[name].on)


def _indicator_at_first(themes: dict[str, layers.Theme]) -> str:
    shown_first = sorted(themes.values(), key=lambda theme: theme.name not in _at_first(themes))
    named = [(f"{theme.name}.{one.name}", one) for theme in shown_first for one in theme.indicators]
    return next((name for name, _ in named if first_aim(name)), named[0][0])


def asked_for() -> tuple[str, ...]:
    """Every indicator of which a policy asks something, in the order of the legend."""
    return tuple(f"{theme.name}.{one.name}" for theme in layers.themes().values() for one in theme.indicators if first_aim(f"{theme.name}.{one.name}"))


def entries() -> tuple[str, ...]:
    """Everything that can be switched on, in the order of the legend: themes, and "theme:heat" where offered."""
    return _legend().entries


def shown_at_first() -> tuple[str, ...]:
    """The entries that are on when the reader has chosen nothing."""
    return _legend().at_first


def indicator_at_first() -> str:
    """The indicator drawn when the reader has chosen nothing: the first that a policy asks of a theme shown at first."""
    return _legend().indicator
