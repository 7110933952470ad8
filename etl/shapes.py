"""Geometry as files bring it -> valid, of the theme's shape, of many parts where the theme is; every repair counted."""

from __future__ import annotations

from collections import Counter

import numpy as np
import shapely

from layers._theme import Geometry

PARTS = {
    Geometry.POINT: ({0}, {4}),
    Geometry.LINE: ({1, 2}, {5}),
    Geometry.AREA: ({3}, {6}),
}


def made_fit(shapes: np.ndarray, wanted: Geometry) -> tuple[np.ndarray, np.ndarray, Counter[str]]:
    """Shapes that the theme's table takes.

    Parameters
    ----------
    shapes : array of Geometry, shape (n,)
        In degrees; None where there is none.
    wanted : Geometry
        The theme's one shape.

    Returns
    -------
    array of Geometry, shape (n,)
        Multi-part where the theme is; None where missing, empty, broken or of another shape.
    array of str, shape (n,)
        The rule that a row broke, "" for none.
    Counter
        Repairs by name.
    """
    out, rules = shapes.copy(), np.full(len(shapes), "", dtype=object)
    bounds = shapely.bounds(shapes)
    absent = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    lost = ~absent & ~(np.isfinite(bounds).all(axis=1) & (np.abs(bounds) <= [180, 90, 180, 90]).all(axis=1))
    mended = ~absent & ~lost & ~shapely.is_valid(shapes)
    out[mended] = shapely.make_valid(out[mended], method="structure", keep_collapsed=False)
    single, multi = PARTS[wanted]
    kinds = shapely.get_type_id(out)
    other = ~absent & ~lost & ~(np.isin(kinds, [*single, *multi]) & ~shapely.is_empty(out))
    rules[absent], rules[lost], rules[other] = "no_geometry", "not_on_earth", "other_geometry"
    out[rules != ""] = None
    out = _many(out, wanted)
    rules[shapely.is_missing(out) & (rules == "")] = "other_geometry"
    return out, rules, +Counter({"make_valid": int((mended & (rules == "")).sum())})


def _many(shapes: np.ndarray, wanted: Geometry) -> np.ndarray:
    """Single parts as collections of one, and collections of one point as that point."""
    out = shapes.copy()
    kinds = shapely.get_type_id(shapes)
    if wanted is Geometry.AREA:
        out[kinds == 3] = shapely.multipolygons(shapes[kinds == 3][:, None])
    elif wanted is Geometry.LINE:
        lone = np.isin(kinds, (1, 2))
        out[lone] = shapely.multilinestrings(shapes[lone][:, None])
    else:
        lone = (kinds == 4) & (shapely.get_num_geometries(shapes) == 1)
        out[lone] = shapely.get_geometry(shapes[lone], 0)
        out[(kinds == 4) & ~lone] = None
    return out
