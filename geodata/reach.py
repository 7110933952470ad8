"""Reach: how far from what a load changed numbers may differ, and which units lie so near."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geodata import sectors
from geodata.conditions import quoted
from geodata.earth import Floats
from layers import themes
from layers._indicator import NearBlind, Seen, SeenGround
from layers._theme import Sight, Theme

STRETCH = "cosh(greatest(abs(ST_YMin({0}.g3857)), abs(ST_YMax({0}.g3857))) / 6378137.0)"
"""Metres of EPSG:3857 in one on the ground, at the end of a shape where they are most."""


_HOLLOW = 100.0
"""Metres by which a near limit may part a sight from the point that it is seen from."""


def furthest(theme: Theme) -> float:
    """How far beyond the sights of a theme, as they are kept, some reading of an indicator counts; metres, 0 for none."""
    near, finer = _nearness(theme), bool(_purposes())
    return max(near + _HOLLOW * (near > 0), sectors.FURTHEST * finer)


def _readings() -> tuple[Any, ...]:
    return tuple(each.reading(own).measure for one in themes().values() for each in one.indicators for own in each.definitions)


def _nearness(theme: Theme) -> float:
    """Metres from the rows of a theme that some reading takes for seen, whatever their heading; 0 for none."""
    return max([0.0, *(each.within for each in _readings() if isinstance(each, Seen) and each.by == theme.name and each.within)])


def _purposes() -> set[str]:
    return {each.purpose for each in _readings() if isinstance(each, (Seen, SeenGround)) and each.purpose}


def beyond(theme: Theme, sight: Sight, rows: NDArray[Any], near: Floats) -> Floats:
    """How far beyond each sight as it is drawn some reading of an indicator counts.

    Parameters
    ----------
    theme : Theme
        Whose rows see.
    sight : Sight
        Of the theme.
    rows : structured ndarray, shape (n,)
        Of `geodata.sights.read`.
    near : ndarray of float, shape (n,)
        Metres from each row at which its sight begins.

    Returns
    -------
    ndarray of float, shape (n,)
        Metres.
    """
    nearness = _nearness(theme)
    return np.maximum((nearness + near) * (nearness > 0), _by_purpose(sight, rows))


def _by_purpose(sight: Sight, rows: NDArray[Any]) -> Floats:
    """How far each row may see for some purpose where its archive is silent: else no further than the distance that is told."""
    silent = ~(rows["far"] > 0)
    far = np.max([np.zeros(len(rows)), *(sectors.resolved(sight, rows, each).far for each in sorted(_purposes()))], axis=0)
    return np.where(silent, far, 0.0)


def around(connection: Connection, theme: Theme, ids: Collection[int]) -> set[str]:
    """Paths of the units of which something lies near rows, as near as numbers ask of blind places, now or before."""
    stood = " UNION ALL ".join(
        f"SELECT g3857 FROM onemap.{quoted(name)} WHERE id = ANY(CAST(:ids AS bigint[]))"  # noqa: S608
        for name in (theme.name, f"{theme.name}_past")
    )
    near = f"SELECT p.g3857, :far * {STRETCH.format('p')} AS far FROM ({stood}) p"  # noqa: S608
    return units_near(connection, near, {"ids": list(ids), "far": beside()})


def under(connection: Connection, theme: Theme, far: float | None = None) -> set[str]:
    """Paths of the units that changed sights touch, or come as near as so many metres (None: as any reading of them counts)."""
    metres = "CAST(:far AS float8)" if far is not None else "coalesce(s.beyond, :reach)"
    sights = f"""SELECT s.g3857, {metres} * {STRETCH.format("s")} AS far FROM changed_rows c
        JOIN onemap.sights s ON s.theme = :theme AND s."row" = c.id"""  # noqa: S608
    return units_near(connection, sights, {"theme": theme.name, "far": far, "reach": furthest(theme)})


def beside_units(connection: Connection, paths: Collection[str], metres: float) -> set[str]:
    """Paths of the units that come as near as so many metres to units of some paths, these included."""
    near = f"""SELECT p.g3857, CAST(:far AS float8) * {STRETCH.format("p")} AS far FROM onemap.ladder p
        WHERE p.path = ANY(CAST(:paths AS text[])) AND p.g3857 IS NOT NULL"""  # noqa: S608
    return units_near(connection, near, {"paths": list(paths), "far": metres})


_FEW = 20_000
"""Shapes whose distance from units is measured: of more, nearly every unit is touched anyway."""

_STRAIGHT = 5
"""Metres by which a border of 20 km that is straight in degrees is bent as it is drawn."""


def units_near(connection: Connection, shapes: str, binds: Mapping[str, Any]) -> set[str]:
    """Paths of the units that come near shapes.

    Parameters
    ----------
    connection : Connection
    shapes : str
        A question for g3857, and how near (`far`, in metres of EPSG:3857).
    binds : mapping of str to object
        Values of its parameters.

    Notes
    -----
    Of a few shapes the borders of leaves decide, which are few-cornered; of many, and of what stands above leaves, the boxes do.
    """
    near = f"r.far + {_STRAIGHT}"
    question = f"""WITH near AS MATERIALIZED ({shapes})
        SELECT DISTINCT l.path FROM near r JOIN onemap.ladder l ON l.g3857 && ST_Expand(r.g3857, {near})
        WHERE l.children > 0 OR (SELECT count(*) FROM near) > {_FEW} OR ST_DWithin(l.g3857, r.g3857, {near})"""  # noqa: S608
    return set(connection.execute(text(question), binds).scalars())


def beside() -> float:
    """Metres from a blind place within which numbers count what is near it."""
    every = [each.measure.metres for one in themes().values() for each in one.indicators if isinstance(each.measure, NearBlind)]
    return max(every, default=0.0)
