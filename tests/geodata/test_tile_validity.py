"""Tiles as strangers read them: two decoders that nobody here wrote (mapbox-vector-tile, GDAL's), over tiles of every layer."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import mapbox_vector_tile
import numpy as np
import pyogrio
import pytest
import shapely
from mapbox_vector_tile.Mapbox import vector_tile_pb2
from sqlalchemy import Engine

from geodata import drawing, tables, tiles
from geodata.door import Door
from geodata.squares import HALF_WORLD, covering
from layers import theme
from layers._theme import Geometry
from tests.geodata.wavy import lay_wavy

ZOOMS = range(5, 17)
MARGIN = drawing.MARGIN / 4096
GDAL = "MVT" in pyogrio.list_drivers()


@pytest.fixture(scope="module")
def county(new_database: Callable[[str], Engine]) -> Engine:
    engine = new_database("wavy")
    tables.create_all(engine)
    return lay_wavy(engine)


@pytest.fixture(scope="module")
def drawn(county: Engine) -> dict[tuple[str, int, int, int], bytes]:
    """Tiles of every layer at every zoom: some at random, and beside each its eastern neighbour."""
    chance = random.Random(20261031)
    ground = np.array([_metres(124.0, 30.0) + _metres(124.36, 30.36)])
    found: dict[tuple[str, int, int, int], bytes] = {}
    with Door(county).reader() as reader:
        for layer in tiles.layers():
            for z in ZOOMS:
                inside = covering(ground, z).tolist()
                for x, y in chance.sample(inside, min(2, len(inside))):
                    found |= {(layer, z, x + by, y): tiles.tile(reader, layer, z, x + by, y) for by in (0, 1)}
    return {place: body for place, body in found.items() if body}


def _metres(lon: float, lat: float) -> tuple[float, float]:
    return lon / 180 * HALF_WORLD, float(np.log(np.tan(np.pi / 4 + np.radians(lat) / 2))) / np.pi * HALF_WORLD


def _parts(bodies: dict[tuple[str, int, int, int], bytes]) -> Iterator[tuple[tuple, vector_tile_pb2.tile.layer]]:
    for place, body in bodies.items():
        message = vector_tile_pb2.tile()
        message.ParseFromString(body)
        yield from ((place, each) for each in message.layers)


def _paths(feature: vector_tile_pb2.tile.feature) -> list[tuple[list[tuple[int, int]], bool]]:
    """Vertices of each path as they are written, and whether it says that it is closed (specification 2.1, 4.3)."""
    paths: list[tuple[list[tuple[int, int]], bool]] = []
    numbers, x, y = iter(feature.geometry), 0, 0
    for number in numbers:
        command, times = number & 7, number >> 3
        assert command in (1, 2, 7), command
        if command == 7:
            paths[-1] = (paths[-1][0], True)
            continue
        for _ in range(times):
            x, y = (at + (step >> 1 ^ -(step & 1)) for at, step in zip((x, y), (next(numbers), next(numbers)), strict=True))
            if command == 1:
                paths.append(([], False))
            paths[-1][0].append((x, y))
    return paths


def _turns(ring: list[tuple[int, int]]) -> int:
    """Twice the signed area; positive is clockwise on a screen."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))


def test_every_layer_is_among_them(drawn: dict) -> None:
    assert {place[0] for place in drawn} >= {"county", "town", "village", "cameras", "cameras.sights", "roads", "spaces", "halls"}
    assert len(drawn) > 250


def test_layers_are_named_once_and_hold_something(drawn: dict) -> None:
    named: dict[tuple, Counter] = {}
    for place, layer in _parts(drawn):
        named.setdefault(place, Counter())[layer.name] += 1
        assert (layer.version, layer.extent in (1024, 2048, 4096)) == (2, True)
        assert layer.features, (place, layer.name)
    assert all(set(counted.values()) == {1} for counted in named.values())


def test_ids_are_unique_in_a_layer(drawn: dict) -> None:
    for place, layer in _parts(drawn):
        ids = [each.id for each in layer.features if each.HasField("id")]
        assert len(set(ids)) == len(ids), (place, layer.name)
        lines = place[0] in tiles.themes() and theme(place[0]).geometry is Geometry.LINE
        has_ids = layer.name in ("area", "label") or layer.name.endswith((".rows", ".sights"))
        if has_ids and not (lines and place[1] < drawing.LINES_ARE_ROWS_FROM):
            assert len(ids) == len(layer.features), (place, layer.name)


def test_rings_are_closed_turn_the_right_way_and_hold_ground(drawn: dict) -> None:
    rings = 0
    for place, layer in _parts(drawn):
        for feature in (each for each in layer.features if each.type == vector_tile_pb2.tile.Polygon):
            for n, (ring, closed) in enumerate(_paths(feature)):
                assert closed and len(ring) >= 3 and ring[0] != ring[-1], (place, feature.id)
                assert _turns(ring) != 0 and (n > 0 or _turns(ring) > 0), (place, feature.id)
                rings += 1
    assert rings > 2000


def test_lines_have_two_ends_and_points_are_points(drawn: dict) -> None:
    kinds: Counter = Counter()
    for place, layer in _parts(drawn):
        for feature in (each for each in layer.features if each.type != vector_tile_pb2.tile.Polygon):
            kinds[feature.type] += 1
            fewest = 2 if feature.type == vector_tile_pb2.tile.LineString else 1
            assert all(len(path) >= fewest and not closed for path, closed in _paths(feature)), (place, feature.id)
    assert set(kinds) == {vector_tile_pb2.tile.Point, vector_tile_pb2.tile.LineString}


def test_nothing_lies_farther_out_than_the_margin(drawn: dict) -> None:
    for place, layer in _parts(drawn):
        reach = MARGIN * layer.extent + 1
        for feature in layer.features:
            for path, _ in _paths(feature):
                assert all(-reach <= each <= layer.extent + reach for vertex in path for each in vertex), (place, feature.id)


@pytest.mark.skipif(not GDAL, reason="GDAL of this wheel has no driver for vector tiles")
def test_gdal_reads_the_same_features_as_mapbox_vector_tile(drawn: dict, tmp_path: Path) -> None:
    chance = random.Random(1)
    for place, body in chance.sample(sorted(drawn.items()), 60):
        file = tmp_path / "tile.pbf"
        file.write_bytes(body)
        read = {name: pyogrio.read_dataframe(file, layer=name, CLIP="NO") for name, _ in pyogrio.list_layers(file)}
        said = mapbox_vector_tile.decode(body)
        assert {name: len(frame) for name, frame in read.items()} == {name: len(layer["features"]) for name, layer in said.items()}, place
        for name, frame in read.items():
            assert not frame.geometry.is_empty.any()
            fields = {key for feature in said[name]["features"] for key in feature["properties"]}
            assert fields <= set(frame.columns), (place, name)


def _villages(engine: Engine, z: int, x: int, y: int) -> tuple[list[shapely.Geometry], int]:
    with Door(engine).reader() as reader:
        said = mapbox_vector_tile.decode(tiles.tile(reader, "village", z, x, y))
    area = said.get("area", {"features": [], "extent": 4096})
    return [shapely.make_valid(shapely.geometry.shape(each["geometry"])) for each in area["features"]], area["extent"]


@pytest.mark.parametrize("z", [9, 11, 12, 13])
def test_neighbours_meet_without_slits(county: Engine, z: int) -> None:
    """The county has no hole: what is left open between its villages would be a slit."""
    ground = np.array([_metres(124.1, 30.1) + _metres(124.2, 30.2)])
    seen = 0
    for x, y in covering(ground, z).tolist()[:4]:
        shapes, extent = _villages(county, z, x, y)
        together = shapely.union_all(shapes)
        slits = [shapely.Polygon(hole) for part in shapely.get_parts(together) for hole in getattr(part, "interiors", ())]
        assert all(each.buffer(-0.75).is_empty for each in slits), (z, x, y)
        twice = sum(each.area for each in shapes) - together.area
        assert twice <= 0.002 * extent**2, (z, x, y)
        seen += len(shapes)
    assert seen > 8


@pytest.mark.parametrize("z", [10, 12, 14])
def test_tiles_together_are_the_whole_county(county: Engine, z: int) -> None:
    """Each tile gives the ground inside its own edges; nothing is missing between tiles and nothing twice."""
    with Door(county).reader() as reader:
        whole = reader.value("SELECT ST_Area(g3857) FROM onemap.ladder WHERE level = 'county'")
        west, south, east, north = reader.first(
            "SELECT ST_XMin(g3857) w, ST_YMin(g3857) s, ST_XMax(g3857) e, ST_YMax(g3857) n FROM onemap.ladder WHERE level = 'county'"
        ).values()  # type: ignore[union-attr]
    side, drawn_area = 2 * HALF_WORLD / 2**z, 0.0
    for x, y in covering(np.array([[west, south, east, north]]), z).tolist():
        shapes, extent = _villages(county, z, x, y)
        drawn_area += sum(shapely.intersection(each, shapely.box(0, 0, extent, extent)).area for each in shapes) * (side / extent) ** 2
    assert drawn_area == pytest.approx(whole, rel=0.002)
