"""Heat maps in units: how many rows there are to the square kilometre, or to a thousand people, at every zoom."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import floor, log10
from typing import Any

import numpy as np
from contourpy import contour_generator

from geodata import conditions, contours, grains, kernel, mvt, people
from geodata.cells import HALF_WORLD
from geodata.conditions import quoted
from geodata.door import Reader
from geodata.grains import Grains
from geodata.kernel import STEP_BITS, Floats
from layers import Theme
from layers._pick import Pick, where

PARTS = ("heat", "squares", "heat_people", "squares_people")
"""Layers of tiles: a smooth surface or squares as they are; to the km² or to a thousand people."""

CLASSES = 6
"""Classes of density; each begins at twice to two and a half times the density of the one before."""

SQUARE_BITS = 5
"""A tile is 2**5 squares wide: 16 pixels each."""

_FEWEST_PEOPLE = 1.0
"""Where fewer live on a km² nothing is said for a thousand of them."""

Place = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Density:
    """The density of a tile's cells.

    Parameters
    ----------
    rows : ndarray of float, shape (n, n)
        Rows that count in each cell: whole in squares, shared between neighbours by a kernel.
    value : ndarray of float, shape (n, n)
        To the km², or to a thousand people; NaN where nobody lives.
    km2 : ndarray of float, shape (n,)
        Ground of one cell of each row of cells.
    """

    rows: Floats
    value: Floats
    km2: Floats


def breaks(reader: Reader, theme: Theme, part: str) -> tuple[float, ...]:
    """Where classes begin: rising, from about the mean of all ground on; the same at every zoom, place and choice of rows.

    Parameters
    ----------
    reader : Reader
    theme : Theme
    part : str
        One of `PARTS`.

    Returns
    -------
    tuple of float
        `CLASSES` of them, in the part's unit; below the first nothing is drawn.
    """
    known = grains.read(reader, theme.name, grains.book(theme))
    n = len(known.codes) if known else reader.value(f"SELECT count(*) FROM onemap.{quoted(theme.name)}")  # noqa: S608
    of = _thousands(reader) if part.endswith("_people") else reader.value("SELECT sum(area_m2) / 1e6 FROM onemap.ladder WHERE parent IS NULL")
    return rising(n / float(of) if of and n else 1.0)


def _thousands(reader: Reader) -> float:
    """Thousands of people of whom the map knows where they live."""
    known = people.read(reader)
    return 0.0 if known is None or known.weights is None else float(known.weights.sum()) / 1000


def rising(mean: float) -> tuple[float, ...]:
    """Round numbers (1, 2, 5, 10 ...) from the last one that is not above the mean."""
    power = floor(log10(mean))
    first = 3 * power + sum(mean >= step * 10.0**power for step in (2, 5))
    return tuple(float(f"{(1, 2, 5)[each % 3]}e{each // 3}") for each in range(first, first + CLASSES))


def tile(reader: Reader, theme: Theme, part: str, picks: tuple[Pick, ...], place: Place) -> bytes:
    """A tile of the heat map.

    Parameters
    ----------
    reader : Reader
    theme : Theme
        Of points.
    part : str
        One of `PARTS`.
    picks : tuple of (field, choice)
        Only rows with these.
    place : tuple of int
        Zoom, x, y; zooms after `kernel.LAST_ZOOM` have none.

    Returns
    -------
    bytes
        One layer "theme.heat" of areas with c, the class (-1: below the first), n, the rows that count there, and km2,
        its ground; squares have d, their density. The n of all tiles of a zoom add up to the rows.
    """
    found = density(reader, theme, part, picks, place)
    if found is None:
        return b""
    limits = breaks(reader, theme, part)
    drawn = _squares(found, limits) if part.startswith("squares") else bands(found, limits)
    return mvt.layer(f"{theme.name}.heat", drawn)


def density(reader: Reader, theme: Theme, part: str, picks: tuple[Pick, ...], place: Place) -> Density | None:
    """The density of a tile's cells, those of a smooth surface with one more all around; None where no row counts.

    Parameters
    ----------
    reader, theme, part, picks, place
        See `tile`.
    """
    z, _, y = place
    if z > kernel.LAST_ZOOM:
        return None
    if part.startswith("squares"):
        bits, first = z + SQUARE_BITS, y << SQUARE_BITS
        rows = near(reader, theme, picks, place, 0).counts(place, bits, theme, picks)
    else:
        bits, first = z + STEP_BITS, (y << STEP_BITS) - 1
        around = kernel.margin(z, y << STEP_BITS, 1 << STEP_BITS)
        counts = _window(near(reader, theme, picks, place, around), place, around, theme, picks)
        rows = _smooth(counts, z, y, around)
    if not rows.any():
        return None
    km2 = kernel.square_km(bits, first, len(rows))
    if not part.endswith("_people"):
        return Density(rows, rows / km2[:, None], km2)
    return Density(rows, _to_people(rows, _living(reader, part, place), km2), km2)


def smooth(rows: Grains, place: Place) -> Density | None:
    """The density to the km² of rows without choices, as `density` gives it of a smooth surface.

    Parameters
    ----------
    rows : Grains
    place : tuple of int
        Zoom, x, y.
    """
    z, _, y = place
    around = kernel.margin(z, y << STEP_BITS, 1 << STEP_BITS)
    found = _smooth(_window(rows, place, around, None, ()), z, y, around)
    km2 = kernel.square_km(z + STEP_BITS, (y << STEP_BITS) - 1, len(found))
    return Density(found, found / km2[:, None], km2) if found.any() else None


def _to_people(rows: Floats, living: Floats, km2: Floats) -> Floats:
    enough = living / km2[:, None] >= _FEWEST_PEOPLE
    return np.where(enough, rows / np.where(enough, living, 1.0) * 1000, np.nan)


def _living(reader: Reader, part: str, place: Place) -> Floats:
    """People of the same cells, smoothed in the same way."""
    z, _, y = place
    known = people.read(reader) or grains.made([], [], [])
    if part.startswith("squares"):
        return _spread(known, place, z + SQUARE_BITS)
    around = kernel.margin(z, y << STEP_BITS, 1 << STEP_BITS)
    return _smooth(_around(lambda near: _spread(known, near, z + STEP_BITS), place, around), z, y, around)


def _spread(known: Grains, place: Place, bits: int) -> Floats:
    """People by cells that may be finer than what is known."""
    fine = 2 ** max(bits - people.BITS, 0)
    counts = known.counts(place, min(bits, people.BITS))
    return np.repeat(np.repeat(counts, fine, axis=0), fine, axis=1) / fine**2


def _smooth(counts: Floats, z: int, y: int, around: int) -> Floats:
    """The tile and one cell around it, of a window with more around."""
    if not counts.any():
        return np.zeros((66, 66))
    made = kernel.smoothed(counts, z, (y << STEP_BITS) - around)
    inner: Floats = made[around - 1 : 1 - around, around - 1 : 1 - around]
    return inner


def _window(rows: Grains, place: Place, around: int, theme: Theme | None, picks: tuple[Pick, ...]) -> Floats:
    return _around(lambda near: rows.counts(near, place[0] + STEP_BITS, theme, picks), place, around)


def _around(counted: Any, place: Place, around: int) -> Floats:
    """Cells of a tile and of as many around it."""
    z, x, y = place
    side = 1 << STEP_BITS
    reach = -(-around // side)
    near = range(-reach, reach + 1)
    whole = np.block([[counted((z, x + right, y + down)) for right in near] for down in near])
    edge = reach * side - around
    return whole[edge : len(whole) - edge, edge : len(whole) - edge]


def near(reader: Reader, theme: Theme, picks: tuple[Pick, ...], place: Place, around: int = 0) -> Grains:
    """The rows of a theme, at least those in and around a tile.

    Parameters
    ----------
    reader : Reader
        For one of today and of the whole ground the packed rows; for others their own, asked for now.
    theme, picks, place
        See `tile`; packed rows are not picked yet.
    around : int
        Kernel cells around the tile.

    Returns
    -------
    Grains
    """
    if reader.scope.day is None and reader.scope.area is None:
        known = grains.read(reader, theme.name, grains.book(theme))
        if known is not None:
            return known
    binds: dict[str, Any] = _box(place, around)
    seen = "g3857 && ST_MakeEnvelope(:west, :south, :east, :north, 3857)"
    if reader.scope.area is not None:
        seen += " AND starts_with(path, (SELECT path FROM onemap.ladder WHERE code = :area))"
        binds["area"] = reader.scope.area
    wanted = conditions.sql(theme, where(theme, picks), binds)
    found = reader.all(grains.cells_of(theme, _stored(reader, theme, binds), f"{seen} AND {wanted}"), **binds)
    return grains.made(*([each[name] for each in found] for name in ("cx", "cy", "kind")))


def _stored(reader: Reader, theme: Theme, binds: dict[str, Any]) -> str:
    """The rows of today, or those of the reader's day."""
    name = quoted(theme.name)
    if reader.scope.day is None:
        return f"onemap.{name}"
    binds["day"] = reader.scope.day
    fields = ", ".join(["path", "g3857", *(quoted(each.name) for each in theme.fields)])
    return f"""(SELECT {fields} FROM onemap.{name} WHERE since <= :day UNION ALL
        SELECT {fields} FROM onemap.{quoted(theme.name + "_past")} WHERE since <= :day AND :day < until)"""  # noqa: S608


def _box(place: Place, around: int) -> dict[str, Any]:
    z, x, y = place
    side, more = 2 * HALF_WORLD / 2**z, around / 2**STEP_BITS
    return {"west": (x - more) * side - HALF_WORLD, "east": (x + 1 + more) * side - HALF_WORLD,
            "north": HALF_WORLD - (y - more) * side, "south": HALF_WORLD - (y + 1 + more) * side}


def _class_of(value: Floats, limits: tuple[float, ...]) -> Any:
    return np.searchsorted(limits, np.nan_to_num(value), side="right") - 1


def _squares(found: Density, limits: tuple[float, ...]) -> list[mvt.Feature]:
    step = mvt.EXTENT // len(found.rows)
    classes = _class_of(found.value, limits)
    corners: mvt.Ring = np.array([[0, 0], [step, 0], [step, step], [0, step]])
    made = []
    for row, column in np.argwhere(found.rows > 0).tolist():
        said = {"c": int(classes[row, column]), "n": int(found.rows[row, column]), "km2": round(float(found.km2[row]), 6),
                "d": _figures(found.value[row, column])}
        made.append(mvt.Feature(mvt.POLYGON, [corners + np.array([column, row]) * step], said))
    return made


def _figures(value: float) -> float | None:
    """Three figures: more would pretend to know more."""
    return None if np.isnan(value) else float(f"{value:.3g}")


def bands(found: Density, limits: tuple[float, ...]) -> list[mvt.Feature]:
    """The ground between two breaks, for each class: the lines run where the surface has the value of the break.

    Parameters
    ----------
    found : Density
        Of a smooth surface, with one cell more all around.
    limits : tuple of float
        Where classes begin.
    """
    inner = slice(1, -1)
    classes = _class_of(found.value, limits)[inner, inner]
    rows = np.bincount(classes.ravel() + 1, weights=found.rows[inner, inner].ravel(), minlength=len(limits) + 1)
    ground = np.bincount(classes.ravel() + 1, weights=np.repeat(found.km2[inner], classes.shape[1]), minlength=len(limits) + 1)
    at = np.arange(len(found.rows)) - 0.5
    lines = contour_generator(x=at, y=at, z=np.nan_to_num(found.value), fill_type=contours.FILL)
    top = max(float(np.nanmax(found.value, initial=0.0)) * 2, limits[-1] * 2)
    ends = [-1.0, *limits, top]
    return [
        mvt.Feature(mvt.POLYGON, rings, {"c": at - 1, "n": round(float(rows[at]), 4), "km2": round(float(ground[at]), 4)})
        for at, (low, high) in enumerate(pairwise(ends))
        if rows[at] > 0 and (rings := contours.rings(lines.filled(low, high), mvt.EXTENT >> STEP_BITS))
    ]
