"""The ladder as it is drawn: borders stay shared, nothing is lost, and small units wait for their zoom."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import Engine, text

from geodata import drawn


def _fields(side: int, metres: float) -> np.ndarray:
    """A coverage of side x side fields with wavy borders, shared bit for bit."""
    ring = ((0, 0), (0, 1), (1, 1), (1, 0), (0, 0))
    fields = []
    for column, row in np.ndindex(side, side):
        corners = [(column + x, row + y) for x, y in ring]
        edges = [_edge(start, end, metres)[:-1] for start, end in pairwise(corners)]
        fields.append(shapely.Polygon(np.concatenate(edges)))
    return np.array(fields)


def _edge(start: tuple[int, int], end: tuple[int, int], metres: float) -> np.ndarray:
    """The same vertices whichever neighbour asks."""
    first, last = sorted((start, end))
    random = np.random.default_rng([*first, *last])
    line = np.linspace(first, last, 21) * metres
    line[1:-1] += random.uniform(-metres / 60, metres / 60, (19, 2))
    return line if (first, last) == (start, end) else line[::-1]


def test_neighbours_keep_their_shared_border() -> None:
    fields = _fields(12, 5000)
    assert shapely.coverage_is_valid(fields)
    counts = []
    for zoom in (7, 9, 11, 13):
        made = drawn.simplified(fields, zoom)
        assert shapely.coverage_is_valid(shapely.get_parts(made)), zoom
        counts.append(shapely.get_num_coordinates(made).sum())
    assert counts == sorted(counts)
    assert counts[0] < shapely.get_num_coordinates(fields).sum() / 4


def test_the_last_band_is_the_geometry_as_it_is() -> None:
    fields = _fields(3, 500)
    assert shapely.get_parts(drawn.simplified(fields, 24)).tolist() == fields.tolist()


def test_broken_shapes_are_drawn_one_by_one() -> None:
    overlapping = np.array([shapely.box(0, 0, 1000, 1000), shapely.box(500, 0, 1500, 1000), shapely.box(1505, 0, 2500, 1000)])
    made = drawn.simplified(overlapping, 14)
    assert len(made) == 3
    assert not shapely.is_empty(made).any()


@settings(max_examples=30, deadline=None)
@given(some.floats(min_value=10, max_value=1e6))
def test_small_units_wait_for_their_zoom(metres: float) -> None:
    zoom = drawn.first_zoom(np.array([shapely.box(0, 0, metres, metres)]))
    pixels = metres / (drawn.EARTH_METRES / drawn.TILE_PIXELS / 2**zoom)
    assert zoom in (0, 12) or drawn.SMALLEST_PIXELS <= pixels < 2 * drawn.SMALLEST_PIXELS


def test_every_unit_is_drawn_once_at_every_zoom_from_its_first(store: Engine) -> None:
    fields = drawn.multi(_fields(10, 2000))
    with store.begin() as connection:
        for number, field in enumerate(fields, start=1):
            connection.execute(text("""
                INSERT INTO onemap.ladder (id, code, name, level, depth, path, theme, children, g3857)
                VALUES (:id, :id, 'x', 'village', 0, :id || '/', 'units', 0, ST_SetSRID(ST_GeomFromWKB(:wkb), 3857))
            """.replace(":id,", "CAST(:id AS int),", 1)), {"id": str(number), "wkb": shapely.to_wkb(field)})
        (made,) = drawn.rebuild(connection)
        (again,) = drawn.rebuild(connection)
        assert made == again
        assert (made.level, made.units, made.shared) == ("village", len(fields), True)
        for zoom in range(made.zmin, 20):
            counted = connection.execute(
                text("SELECT count(*), count(DISTINCT id) FROM onemap.drawn WHERE :z BETWEEN zmin AND zmax"), {"z": zoom}
            ).one()
            assert tuple(counted) == (len(fields), len(fields)), zoom


def test_an_overlap_is_reported(store: Engine) -> None:
    with store.begin() as connection:
        for number, west in enumerate((0, 600)):
            connection.execute(text("""
                INSERT INTO onemap.ladder (id, code, name, level, depth, path, theme, children, g3857)
                VALUES (:id, 'c' || :id, 'x', 'town', 0, 'c' || :id || '/', 'units', 0,
                        ST_Multi(ST_MakeEnvelope(:west, 0, :west + 1000, 1000, 3857)))
            """), {"id": number, "west": west})
        (made,) = drawn.rebuild(connection)
    assert not made.shared
