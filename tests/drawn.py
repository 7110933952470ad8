"""Maps drawn in letters: the whole situation of a test is visible in its first lines.

A letter is a unit or a row, a dot is nothing; one character is a square of `CELL` degrees, the first line is the north::

    areas("AAB", "AAB")     two units that share a border
    points("c..d", "....")  two rows at the middle of their squares
"""

from __future__ import annotations

import geopandas as gpd
import shapely

WEST, SOUTH, CELL = 124.0, 30.0, 0.01


def _cells(lines: tuple[str, ...]) -> dict[str, list[tuple[float, float]]]:
    """Letter -> south-west corners of its squares."""
    found: dict[str, list[tuple[float, float]]] = {}
    for n, line in enumerate(reversed(lines)):
        for m, letter in enumerate(line):
            if letter not in ". ":
                found.setdefault(letter, []).append((round(WEST + m * CELL, 7), round(SOUTH + n * CELL, 7)))
    return found


def _square(x: float, y: float) -> shapely.Polygon:
    return shapely.box(x, y, round(x + CELL, 7), round(y + CELL, 7))


def areas(*lines: str) -> gpd.GeoDataFrame:
    """One row for each letter: `letter`, and the union of its squares; EPSG:4490."""
    cells = _cells(lines)
    shapes = [shapely.union_all([_square(*each) for each in corners]) for corners in cells.values()]
    return gpd.GeoDataFrame({"letter": list(cells)}, geometry=shapes, crs="EPSG:4490")


def points(*lines: str) -> gpd.GeoDataFrame:
    """One row for each letter drawn, also a repeated one: `letter`, and the middle of its square; EPSG:4490."""
    cells = [(letter, corner) for letter, corners in _cells(lines).items() for corner in corners]
    shapes = [shapely.Point(round(x + CELL / 2, 7), round(y + CELL / 2, 7)) for _, (x, y) in cells]
    return gpd.GeoDataFrame({"letter": [letter for letter, _ in cells]}, geometry=shapes, crs="EPSG:4490")
