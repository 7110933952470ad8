"""Defects of shapes, one for each rule: what is spoilt in a lot, and the rows that the rule must name."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import affinity

METRE = 1e-5 / 1.11
"""Degrees of latitude in a metre, near enough."""


def spoil(lot, rng, n, change):
    """Draw n rows anew; their numbers."""
    rows = rng.choice(lot.rows, n, replace=False).tolist()
    for row in rows:
        lot.draw(row, change(lot.shape(row)))
    return rows


def ring(shape):
    return np.array(shapely.get_parts(shape)[0].exterior.coords)[:-1]


def area(coordinates):
    return shapely.Polygon(coordinates)


def broken_row(lot, rng):
    rows = rng.choice(lot.rows, 3, replace=False).tolist()
    lot.raw.broken = dict.fromkeys(rows, "its ring is not closed")
    return rows


def no_geometry(lot, rng):
    return spoil(lot, rng, 3, lambda _: None)


def not_on_earth(lot, rng):
    return spoil(lot, rng, 3, lambda _: shapely.Point(500, 30))


def other_geometry(lot, rng):
    return spoil(lot, rng, 3, lambda at: shapely.LineString([at, shapely.Point(at.x + 0.1, at.y)]))


def repaired(lot, rng):
    def knotted(shape):
        points = ring(shape)
        knot = points[-1] + np.array([[1, 1], [1, 0], [0, 1]]) * 1e-7 * 3
        return area([*points, *knot])

    return spoil(lot, rng, 3, knotted)


def repair_guessed(lot, rng):
    def bow(shape):
        west, south, east, north = shape.bounds
        return area([(west, south), (east, north), (east, south), (west, north)])

    return spoil(lot, rng, 3, bow)


def repeated_vertex(lot, rng):
    return spoil(lot, rng, 3, lambda shape: area(np.repeat(ring(shape), [2] + [1] * (len(ring(shape)) - 1), axis=0)))


def spike(lot, rng):
    def spiked(shape):
        points, middle = ring(shape), np.array(shape.centroid.coords[0])
        tip = points[0] + (points[0] - middle) * 1.5
        return area([points[0], tip, points[0] + (points[1] - points[0]) * 1e-3, *points[1:]])

    return spoil(lot, rng, 3, spiked)


def leap(lot, rng):
    def longer(shape):
        line = np.array(shapely.get_parts(shape)[0].coords)
        return shapely.LineString([*line, line[-1] + [0.25, 0]])

    return spoil(lot, rng, 2, longer)


def heavy(lot, rng):
    turn = np.linspace(0, 2 * np.pi, 100_001)[:-1]

    def round_(shape):
        return area(np.array(shape.centroid.coords[0]) + 300 * METRE * np.column_stack([np.cos(turn), np.sin(turn)]))

    return spoil(lot, rng, 1, round_)


def stray_vertex(lot, rng):
    far = lot.ground.bounds[0, 2] + 0.7
    return spoil(lot, rng, 2, lambda shape: area([*ring(shape), (far, shape.centroid.y)]).convex_hull)


def boxed(lot, rng):
    rows = [row for row in lot.rows if lot.get(row, "level") in ("村", "village", "村社区")]
    rows = rng.choice(rows, 2, replace=False).tolist()
    for row in rows:
        lot.draw(row, shapely.box(*lot.shape(row).bounds))
    return rows


def square(at, metres):
    return at.centroid.buffer(metres / 2 * METRE, cap_style="square")


def tiny(lot, rng):
    return spoil(lot, rng, 3, lambda shape: square(shape, 0.5))


def sliver(lot, rng):
    return spoil(lot, rng, 3, lambda shape: affinity.scale(square(shape, 100), yfact=0.001))


def crumb(lot, rng):
    def crumbled(shape):
        west, south, _, _ = shape.bounds
        piece = shapely.box(west - 9 * METRE, south - 9 * METRE, west - 8.6 * METRE, south - 8.6 * METRE)
        return shapely.MultiPolygon([*shapely.get_parts(shape), piece])

    return spoil(lot, rng, 3, crumbled)


def pinhole(lot, rng):
    return spoil(lot, rng, 3, lambda shape: shape.difference(shape.representative_point().buffer(0.3 * METRE)))


def scattered(lot, rng):
    def split(shape):
        at = shape.representative_point()
        west, _, east, _ = shape.bounds
        return shape.difference(shapely.box(west - 1, at.y - METRE, east + 1, at.y + METRE))

    return spoil(lot, rng, 2, split)


def short_line(lot, rng):
    return spoil(lot, rng, 3, lambda shape: shapely.LineString([shape.centroid, affinity.translate(shape.centroid, 0.4 * METRE)]))


def crossing_itself(lot, rng):
    def knotted(shape):
        x, y = shapely.get_parts(shape)[0].coords[0]
        step = 20 * METRE
        return shapely.LineString([(x, y), (x + step, y + step), (x + step, y), (x, y + step)])

    return spoil(lot, rng, 3, knotted)


def line_in_pieces(lot, rng):
    def cut(shape):
        line = shapely.get_parts(shape)[0]
        parts = [shapely.ops.substring(line, a, b, normalized=True) for a, b in ((0, 0.4), (0.6, 1))]
        return shapely.MultiLineString(parts)

    return spoil(lot, rng, 3, cut)


def coarse(lot, rng):
    return spoil(lot, rng, 3, lambda at: shapely.Point(round(at.x, 3), round(at.y, 2)))


def overlap(lot, rng):
    row = int(rng.choice(lot.rows))
    before = lot.raw.shapes.copy()
    lot.draw(row, affinity.scale(lot.shape(row), 1.2, 1.2))
    level = lot.raw.frame["level"]
    return [row] + [
        other for n, other in enumerate(lot.rows)
        if other != row and level[other] == level[row] and _covered(lot.shape(row), before[n]) > 1
    ]  # fmt: skip


def _covered(one, other):
    """Square metres that two shapes share, near enough."""
    return one.intersection(other).area / METRE**2 * np.cos(np.radians(30.5))


def unmatched_border(lot, rng):
    """One vertex of one unit goes half a metre inwards; its neighbours at that vertex no longer match."""
    row = int(rng.choice(lot.rows))
    points, middle = ring(lot.shape(row)), np.array(lot.shape(row).centroid.coords[0])
    at = shapely.Point(points[3])
    level = lot.raw.frame["level"]
    beside = [other for other in lot.rows if level[other] == level[row] and lot.shape(other).distance(at) < 1e-9]
    points[3] += (middle - points[3]) / np.hypot(*(middle - points[3])) * 0.5 * METRE
    lot.draw(row, area(points))
    return beside if len(beside) > 1 else unmatched_border(lot, rng)


def hole_between(lot, rng):
    """One grid goes that lies wholly inside its village, among other grids."""
    grids = [row for row in lot.rows if len(lot.get(row, "code")) == 15]
    villages = dict(zip(lot.ground.units()["code"], lot.ground.outlines(list(lot.ground.units()["code"])), strict=True))
    inner = [row for row in grids if villages[lot.get(row, "parent")].boundary.distance(lot.shape(row)) > METRE]
    row = int(rng.choice(inner))
    shape, parent = lot.shape(row), lot.get(row, "parent")
    lot.drop([row])
    return [other for other in lot.rows if lot.get(other, "parent") == parent and lot.shape(other).distance(shape) < 1e-9]


def same_shape(lot, rng):
    one, other = sorted(rng.choice(lot.rows, 2, replace=False).tolist())
    lot.draw(other, lot.shape(one))
    return [other]


def parcels_overlap(lot, rng):
    one, other = rng.choice(lot.rows, 2, replace=False).tolist()
    west, _, east, _ = lot.shape(one).bounds
    lot.draw(other, affinity.translate(lot.shape(one), (east - west) / 2))
    grown = lot.shape(other)
    return [other] + [row for row in lot.rows if row != other and _covered(grown, lot.shape(row)) > 1]


def roads_overlap(lot, rng):
    row = int(rng.choice([row for row in lot.rows if lot.shape(row).length > 300 * METRE]))
    number = lot.copy_row(row, code="9901019000001", name="重画的路")
    line = np.array(shapely.get_parts(lot.shape(row))[0].coords)
    lot.draw(number, shapely.LineString(line[: len(line) * 3 // 4]))
    return [number]


def undershoot(lot, rng):
    row = int(rng.choice(lot.rows))
    at = shapely.get_parts(lot.shape(row))[0].interpolate(0.37, normalized=True)
    number = lot.copy_row(row, code="9901019000002", name="没有接上的路")
    lot.draw(number, shapely.LineString([(at.x + METRE, at.y + 0.3 * METRE), (at.x + 90 * METRE, at.y + 27 * METRE)]))
    line = lot.shape(row)
    if not 0.1 * METRE < line.distance(lot.shape(number)) < 2 * METRE or line.crosses(lot.shape(number)):
        lot.drop([number])
        return undershoot(lot, rng)
    return [number]


def pinched(lot, rng):
    def bitten(shape):
        points, middle = ring(shape), np.array(shape.representative_point().coords[0])
        hole = [points[0], points[0] * 0.6 + middle * 0.4, points[0] * 0.6 + points[1] * 0.1 + middle * 0.3]
        return shapely.Polygon(points, [hole])

    rows = [row for row in lot.rows if shapely.is_valid(bitten(lot.shape(row)))]
    rows = rng.choice(rows, 2, replace=False).tolist()
    for row in rows:
        lot.draw(row, bitten(lot.shape(row)))
    return rows


def sticking_out(lot, rng):
    """A grid at the border of its village grows over it, by a tenth of itself or more."""
    outlines = lot.ground.outlines
    for row in rng.permutation(lot.rows).tolist():
        grown = affinity.scale(lot.shape(row), 1.5, 1.5)
        home = outlines([lot.get(row, "parent")])[0]
        if home is not None and grown.difference(home).area > 0.1 * grown.area:
            lot.draw(row, grown)
            return [row]
    raise AssertionError("no unit touches the border of its parent")


def not_filled(lot, rng):
    """A grid shrinks to half; the village is told at its first grid."""
    row = int(rng.choice([row for row in lot.rows if len(lot.get(row, "code")) == 15]))
    lot.draw(row, affinity.scale(lot.shape(row), 0.5, 0.5))
    parent = lot.get(row, "parent")
    return [next(other for other in lot.rows if lot.get(other, "parent") == parent)]


def over_neighbour(lot, rng):
    """Only one village comes; it covers others that stand."""
    villages = [row for row in lot.rows if str(lot.get(row, "code"))[9:] != "000"]
    row = int(rng.choice(villages))
    lot.drop([other for other in lot.rows if other != row])
    lot.draw(row, affinity.scale(lot.shape(row), 1.4, 1.4))
    return [row]


def across_villages(lot, rng):
    """A parcel is laid over the border of a village, most of it inside."""
    row = int(rng.choice(lot.rows))
    code = next(each for each in lot.ground.place(lot.raw.shapes[:1])[1][0].split("/") if len(each) == 12 and each[9:] != "000")
    home = lot.ground.outlines([code])[0]
    edge = shapely.get_parts(home)[0].exterior.interpolate(0.3, normalized=True)
    inside = home.representative_point()
    way = np.array([inside.x - edge.x, inside.y - edge.y])
    for reach in np.linspace(0.5, 9, 40) * METRE:
        x, y = np.array([edge.x, edge.y]) + way / np.hypot(*way) * reach
        made = shapely.Point(x, y).buffer(10 * METRE, quad_segs=16)
        if 0.6 < made.intersection(home).area / made.area < 0.9 and home.contains(made.representative_point()):
            lot.draw(row, made)
            return [row]
    raise AssertionError("no parcel fits there")


def outside_units(lot, rng):
    return spoil(lot, rng, 2, lambda at: shapely.Point(lot.ground.bounds[0, 2] + 0.05, at.y))


def not_beside(lot, rng):
    return spoil(lot, rng, 2, lambda at: shapely.Point(lot.ground.bounds[0, 2] + 0.05, at.y + 0.001))


def area_declared(lot, rng):
    rows = rng.choice(lot.rows, 3, replace=False).tolist()
    for row in rows:
        lot.set(row, mu=float(lot.get(row, "mu")) * 3)
    return rows


