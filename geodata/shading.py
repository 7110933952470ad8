"""Layers of tiles that are worked out and not only fetched: heat maps, what is seen, and clusters of picked rows."""

from __future__ import annotations

import numpy as np

from geodata import grains, heat, mvt, people, places, reach_tiles, seen_tiles
from geodata.audit import tiles as audit_tiles
from geodata.cells import state_names
from geodata.door import Reader
from geodata.grains import BITS, Counts, Grains
from layers import Theme, theme, themes
from layers._audit import AUDITED
from layers._pick import Pick, ordered, parted
from layers._theme import Geometry

CLUSTER_BITS = 3
"""A tile is 2**3 clusters wide: as many as the pyramid of all rows has."""

_FINER = 3
"""Each cluster stands in the middle of its rows, taken from 8 x 8 smaller cells."""


def parts(theme: Theme) -> tuple[str, ...]:
    """What beside its rows is drawn of a theme, as it stands in addresses of tiles ("theme.part")."""
    reaches = reach_tiles.reaching(theme) is not None
    return heat.PARTS * grains.is_packed(theme) + seen_tiles.PARTS * (theme.sight is not None) + audit_tiles.PARTS * (theme.name == AUDITED) + reach_tiles.PARTS * reaches


def stands_on(layer: str) -> set[str]:
    """Names in `geodata.tiles.versions` whose loads change the tiles of a layer of a theme.

    Parameters
    ----------
    layer : str
        A theme or "theme.part", with or without picks.
    """
    name, _, part = layer.partition("~")[0].partition(".")
    if part in seen_tiles.PARTS:
        return {name, "ladder", *(each.name for each, _ in places.wanted(theme(name)))}
    if part in audit_tiles.PARTS:  # the audit is made when units are measured
        return {name, "ladder", "indicators"}
    return {name, "ladder"} if part in heat.PARTS else {name}


def known(layer: str) -> bool:
    """Whether picks stand behind a layer's name only where they are offered, each once and in their order."""
    own, picks = parted(layer)
    if not picks:
        return True
    found = themes().get(own.partition(".")[0])
    return found is not None and ordered(found, picks) == picks


LAST_FOR_GUESTS = 13
"""Deepest zoom at which guests see shades: its squares have 150 m; smaller ones would tell where a single row stands."""


def tile(reader: Reader, layer: str, place: tuple[int, int, int]) -> bytes:
    """What of a layer's tile is worked out here; nothing for layers that only fetch.

    Parameters
    ----------
    reader : Reader
    layer : str
        A theme or "theme.part", with picks behind it.
    place : tuple of int
        Zoom, x, y.
    """
    own, picks = parted(layer)
    name, _, part = own.partition(".")
    if reader.scope.discreet and (picks or place[0] > LAST_FOR_GUESTS):
        return b""
    if part and part in audit_tiles.PARTS:
        return audit_tiles.tile(reader, name, place)
    if part and part in reach_tiles.PARTS:
        return reach_tiles.tile(reader, theme(name), place)
    if part and part in heat.PARTS:
        return heat.tile(reader, theme(name), part, picks, place)
    if part and part in seen_tiles.PARTS:
        return seen_tiles.tile(reader, theme(name), part, place)
    if picks and not part and theme(name).geometry is Geometry.POINT and place[0] < theme(name).style.rows_from_zoom:
        return _clusters(reader, theme(name), picks, place)
    return b""


def _clusters(reader: Reader, theme: Theme, picks: tuple[Pick, ...], place: tuple[int, int, int]) -> bytes:
    """Picked rows by cells, with how many are in which state."""
    z = place[0]
    bits = min(z + CLUSTER_BITS, BITS - _FINER)
    rows = heat.near(reader, theme, picks, place)
    fine = rows.counts(place, bits + _FINER, theme, picks)
    states = {f"s_{each}": _of_state(rows, theme, picks, each, place, bits) for each in state_names(theme)}
    n, x, y = _gathered(fine, 2**_FINER)
    step = mvt.EXTENT / len(fine)
    made = []
    full = np.argwhere(n > 0)
    for row, column in full[np.argsort(n[n > 0], kind="stable")].tolist():  # the fullest is drawn last, over the others
        said = {"n": int(n[row, column])} | {name: int(each[row, column]) or None for name, each in states.items()}
        at = np.array([[round(x[row, column] * step), round(y[row, column] * step)]])
        made.append(mvt.Feature(mvt.POINT, [at], said))
    return mvt.layer(f"{theme.name}.cells", made)


def _of_state(rows: Grains, theme: Theme, picks: tuple[Pick, ...], state: str, place: tuple[int, int, int], bits: int) -> Counts:
    wanted = [choice for name, choice in picks if name == theme.style.by]
    if wanted and state not in wanted:
        return np.zeros((2 ** (bits - place[0]),) * 2)
    others = [each for each in picks if each[0] != theme.style.by]
    return rows.counts(place, bits, theme, ordered(theme, [*others, (theme.style.by or "", state)]))


def _gathered(fine: Counts, times: int) -> tuple[Counts, Counts, Counts]:
    """Sums of squares of cells, and the middle of what lies in each, in cells from the corner."""
    side = len(fine) // times
    blocks = fine.reshape(side, times, side, times)
    n = blocks.sum(axis=(1, 3))
    at = (np.arange(len(fine)) + 0.5).reshape(side, times)
    y = np.einsum("aibj,ai->ab", blocks, at) / np.maximum(n, 1)
    x = np.einsum("aibj,bj->ab", blocks, at) / np.maximum(n, 1)
    return n, x, y


def unpack(reader: Reader) -> None:
    """Unpack what heat maps are counted from, for readers to come: 0.2 s for three million rows, which stay in memory."""
    people.read(reader)
    for each in themes().values():
        if grains.is_packed(each):
            grains.read(reader, each.name, grains.book(each))
