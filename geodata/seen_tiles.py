"""What is seen and what is not, as tiles: near, the ground, roads and places themselves; far, squares by their share."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import shapely

from geodata import conditions, contours, heat, kernel, mvt, places
from geodata.cells import HALF_WORLD
from geodata.conditions import quoted
from geodata.door import Reader
from geodata.heat import SQUARE_BITS, Place
from layers import Theme
from layers._sight import SIGHTS_FROM_ZOOM
from layers._theme import Geometry

PARTS = ("seen", "seen_now", "blind", "blind_now")
"""Layers of tiles: what sights cover, of all rows that stand and of those that work; where places are blind."""

SHARES = (0.25, 0.5, 0.75, 1.0)
"""Shares of its places from which on a square is of the next class."""

_SMOOTH_PX = 0.5


def breaks(reader: Reader, seer: Theme, part: str) -> tuple[float, ...]:
    """Where classes of blind places to the km² begin.

    Parameters
    ----------
    reader : Reader
    seer : Theme
    part : str
        "blind" or "blind_now".
    """
    known = places.read(reader, seer, part)
    km2 = reader.value("SELECT sum(area_m2) / 1e6 FROM onemap.ladder WHERE parent IS NULL")
    return heat.rising(len(known.codes) / float(km2) if known is not None and len(known.codes) and km2 else 1.0)


def tile(reader: Reader, seer: Theme, part: str, place: Place) -> bytes:
    """A tile of what a theme's rows see.

    Parameters
    ----------
    reader : Reader
        Nothing is drawn for one of another day or of a part of the ground: what was seen is known of all of today.
    seer : Theme
        With sight.
    part : str
        One of `PARTS`.
    place : tuple of int
        Zoom, x, y.

    Returns
    -------
    bytes
        Of "blind": "theme.heat" as `heat.tile` makes it. Of "seen": below `SIGHTS_FROM_ZOOM` "theme.share", squares with n
        places, u unseen and class c; from it on "theme.ground", "theme.ways" (s: 1 seen, else 0) and "theme.places"
        (s, and the theme whose row it is).
    """
    if reader.scope.day is not None or reader.scope.area is not None:
        return b""
    if part.startswith("blind"):
        return _blind(reader, seer, part, place)
    now = part.endswith("_now")
    return _near(reader, seer, now, place) if place[0] >= SIGHTS_FROM_ZOOM else _shares(reader, seer, now, place)


def _blind(reader: Reader, seer: Theme, part: str, place: Place) -> bytes:
    known = places.read(reader, seer, part)
    found = heat.smooth(known, place) if known is not None and place[0] <= kernel.LAST_ZOOM else None
    return mvt.layer(f"{seer.name}.heat", heat.bands(found, breaks(reader, seer, part))) if found else b""


def _shares(reader: Reader, seer: Theme, now: bool, place: Place) -> bytes:
    every, blind = (places.read(reader, seer, each) for each in ("places", "blind_now" if now else "blind"))
    bits = place[0] + SQUARE_BITS
    n = every.counts(place, bits) if every is not None else np.zeros((1, 1))
    unseen = blind.counts(place, bits) if blind is not None else np.zeros_like(n)
    step = mvt.EXTENT // len(n)
    corners: mvt.Ring = np.array([[0, 0], [step, 0], [step, step], [0, step]])
    made = []
    for row, column in np.argwhere(n > 0).tolist():
        share = 1 - unseen[row, column] / n[row, column]
        said = {"n": int(n[row, column]), "u": int(unseen[row, column]), "c": int(np.searchsorted(SHARES, share, side="right"))}
        made.append(mvt.Feature(mvt.POLYGON, [corners + np.array([column, row]) * step], said))
    return mvt.layer(f"{seer.name}.share", made)


def _near(reader: Reader, seer: Theme, now: bool, place: Place) -> bytes:
    z, x, y = place
    side = 2 * HALF_WORLD / 2**z
    box = (x * side - HALF_WORLD, HALF_WORLD - (y + 1) * side, (x + 1) * side - HALF_WORLD, HALF_WORLD - y * side)
    edge = side / 64
    ground = _ground(reader, seer, now, (box[0] - edge, box[1] - edge, box[2] + edge, box[3] + edge), side / 512)
    areas = [mvt.Feature(mvt.POLYGON, rings, {}) for rings in _areas(ground, box)]
    return (
        mvt.layer(f"{seer.name}.ground", areas)
        + mvt.layer(f"{seer.name}.ways", _ways(reader, seer, ground, box, edge))
        + mvt.layer(f"{seer.name}.places", _places(reader, seer, now, box))
    )


def _within(box: tuple[float, ...]) -> dict[str, float]:
    return dict(zip(("west", "south", "east", "north"), box, strict=True))


_BOX = "ST_MakeEnvelope(:west, :south, :east, :north, 3857)"


def _ground(reader: Reader, seer: Theme, now: bool, box: tuple[float, ...], pixel: float) -> Any:
    """The union of the sights in a box."""
    question = f"""SELECT ST_AsBinary(ST_Simplify(g3857, :grain)) AS shape FROM onemap.sights
        WHERE theme = :seer AND g3857 && {_BOX} {"AND effective" if now else ""}"""  # noqa: S608 - constants
    rows = reader.all(question, seer=seer.name, grain=pixel * _SMOOTH_PX, **_within(box))
    shapes = shapely.from_wkb([bytes(each["shape"]) for each in rows if each["shape"] is not None])
    whole = shapely.union_all(shapely.make_valid(shapes)) if len(shapes) else shapely.Polygon()
    return shapely.intersection(whole, shapely.box(*box))


def _areas(ground: Any, box: tuple[float, ...]) -> list[list[mvt.Ring]]:
    """Rings in steps of the tile: outer ones clockwise as seen, which is the other way round than in metres."""
    found = []
    for each in shapely.get_parts(ground):
        if each.geom_type == "Polygon":
            turned = shapely.orient_polygons(each)
            rings = [_steps(ring, box)[:-1] for ring in (turned.exterior, *turned.interiors)]
            kept = [contours.plain(ring) for ring in rings]
            if len(kept[0]) > 2:
                found.append([ring[::-1] if _signed(ring) * (1 if at == 0 else -1) < 0 else ring for at, ring in enumerate(kept) if len(ring) > 2])
    return found


def _signed(ring: mvt.Ring) -> float:
    x, y = ring[:, 0].astype(float), ring[:, 1].astype(float)
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())


def _steps(shape: Any, box: tuple[float, ...]) -> mvt.Ring:
    at = shapely.get_coordinates(shape)
    scale = mvt.EXTENT / (box[2] - box[0])
    return np.column_stack([np.round((at[:, 0] - box[0]) * scale), np.round((box[3] - at[:, 1]) * scale)]).astype(np.int64)


def _ways(reader: Reader, seer: Theme, ground: Any, box: tuple[float, ...], edge: float) -> list[mvt.Feature]:
    """Lines that ought to be seen, in parts that are and parts that are not."""
    wide = shapely.box(box[0] - edge, box[1] - edge, box[2] + edge, box[3] + edge)
    made = []
    for theme, among in places.wanted(seer):
        if theme.geometry is not Geometry.LINE:
            continue
        binds: dict[str, Any] = _within(box)
        question = f"""SELECT ST_AsBinary(ST_ClipByBox2D(g3857, ST_Expand({_BOX}, {edge})::box2d)) AS shape FROM onemap.{quoted(theme.name)}
            WHERE g3857 && {_BOX} AND {conditions.sql(theme, among, binds)}"""  # noqa: S608 - declared names
        rows = reader.all(question, **binds)
        lines = shapely.intersection(shapely.from_wkb([bytes(each["shape"]) for each in rows]), wide) if rows else []
        for seen, shape in ((1, shapely.intersection(lines, ground)), (0, shapely.difference(lines, ground))):
            parts = [each for each in shapely.get_parts(shapely.get_parts(shape)) if each.geom_type == "LineString" and not each.is_empty]
            made += [mvt.Feature(mvt.LINE, [path], {"s": seen}) for path in map(_path(box), parts) if len(path) > 1]
    return made


def _path(box: tuple[float, ...]) -> Any:
    def path(line: Any) -> mvt.Ring:
        """A line in steps of the tile, without points that fall on the one before."""
        steps = _steps(line, box)
        keep = [0, *(at for at, (one, other) in enumerate(pairwise(steps.tolist()), start=1) if one != other)]
        return steps[keep]

    return path


def _places(reader: Reader, seer: Theme, now: bool, box: tuple[float, ...]) -> list[mvt.Feature]:
    made = []
    least = places.EFFECTIVE if now else places.DESIGNED
    for theme, _ in places.wanted(seer):
        if theme.geometry is Geometry.LINE:
            continue
        question = f"""SELECT t.id, t.key, t.{quoted(theme.label)} AS name, ST_X(d) AS x, ST_Y(d) AS y, p.state
            FROM onemap.{quoted(theme.name)} t JOIN onemap.places p ON p.theme = :theme AND p."row" = t.id AND p.seer = :seer
            CROSS JOIN LATERAL ST_PointOnSurface(t.g3857) AS d WHERE t.g3857 && {_BOX}"""  # noqa: S608 - declared names
        scale = mvt.EXTENT / (box[2] - box[0])
        for row in reader.all(question, theme=theme.name, seer=seer.name, **_within(box)):
            at: mvt.Ring = np.array([[round((row["x"] - box[0]) * scale), round((box[3] - row["y"]) * scale)]])
            said = {"key": row["key"], "name": row["name"], "theme": theme.name, "s": int(row["state"] >= least)}
            made.append(mvt.Feature(mvt.POINT, [at], said, id=row["id"]))
    return made
