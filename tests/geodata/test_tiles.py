"""Tiles against the store: what is in them is what PostGIS has there, no more and no less."""

from __future__ import annotations

from datetime import date

import mapbox_vector_tile
import pytest
from sqlalchemy import Engine, text

from geodata import drawing, tiles
from geodata.door import Door, Scope
from layers import theme, themes
from tests.small_city import CITY, EAST, WEST, lay


@pytest.fixture
def city(store: Engine) -> Engine:
    return lay(store)


def _tile(engine: Engine, layer: str, z: int, x: int, y: int, scope: Scope | None = None) -> dict:
    with Door(engine).reader(scope) as reader:
        return mapbox_vector_tile.decode(tiles.tile(reader, layer, z, x, y))


def _around(engine: Engine, z: int) -> list[tuple[int, int, int]]:
    """Every tile of a zoom that touches the city."""
    found = text("""
        SELECT floor((ST_XMin(g) + 20037508.342789244) / 40075016.685578488 * 2 ^ :z)::int,
               floor((ST_XMax(g) + 20037508.342789244) / 40075016.685578488 * 2 ^ :z)::int,
               floor((20037508.342789244 - ST_YMax(g)) / 40075016.685578488 * 2 ^ :z)::int,
               floor((20037508.342789244 - ST_YMin(g)) / 40075016.685578488 * 2 ^ :z)::int
        FROM (SELECT g3857 AS g FROM onemap.ladder WHERE code = :city) AS city
    """)
    with engine.connect() as connection:
        west, east, north, south = connection.execute(found, {"z": z, "city": CITY}).one()
    return [(z, x, y) for x in range(west, east + 1) for y in range(north, south + 1)]


def _features(engine: Engine, layer: str, z: int, part: str, scope: Scope | None = None) -> list[dict]:
    found = [_tile(engine, layer, *place, scope).get(part, {"features": []}) for place in _around(engine, z)]
    return [feature for each in found for feature in each["features"]]


def test_a_level_holds_its_units_with_id_code_name_and_parent(city: Engine) -> None:
    features = {each["id"]: each["properties"] for each in _features(city, "county", 8, "area")}
    assert features == {
        2: {"code": WEST, "name": "单位2", "parent": 1},
        3: {"code": EAST, "name": "单位3", "parent": 1},
    }


def test_a_root_has_no_parent(city: Engine) -> None:
    (root,) = {str(each["properties"]) for each in _features(city, "city", 8, "area")}
    assert root == str({"code": CITY, "name": "单位1"})


@pytest.mark.parametrize("z", [8, 11, 14])
def test_every_name_is_in_exactly_one_tile(city: Engine, z: int) -> None:
    assert sorted(each["properties"]["name"] for each in _features(city, "county", z, "label")) == ["单位2", "单位3"]


@pytest.mark.parametrize("z", [0, 4, 8, 10, 12])
def test_clusters_add_up_to_all_rows_and_states(city: Engine, z: int) -> None:
    found = [each["properties"] for each in _features(city, "cameras", z, "cameras.cells")]
    assert sum(each["n"] for each in found) == 1000
    assert sum(each.get("s_offline", 0) for each in found) == 200
    assert sum(each.get("s_online", 0) for each in found) == 800


@pytest.mark.parametrize("z", [4, 9, 11])
def test_clusters_of_picked_rows_add_up_to_them(city: Engine, z: int) -> None:
    found = [each["properties"] for each in _features(city, "cameras~online.offline", z, "cameras.cells")]
    assert sum(each["n"] for each in found) == sum(each["s_offline"] for each in found) == 200
    assert not any("s_online" in each for each in found)
    every = [each["properties"] for each in _features(city, "cameras~online.online~online.offline", z, "cameras.cells")]
    assert (sum(each["n"] for each in every), sum(each.get("s_offline", 0) for each in every)) == (1000, 200)


@pytest.mark.parametrize(("layer", "scope"), [
    ("cameras", Scope()), ("cameras", Scope(day=date(2026, 1, 31))), ("cameras~online.online", Scope())])
def test_the_fullest_clusters_come_last_and_are_drawn_over_the_others(city: Engine, layer: str, scope: Scope) -> None:
    drawn = [_tile(city, layer, *place, scope).get("cameras.cells", {"features": []})["features"] for place in _around(city, 9)]
    found = [[each["properties"]["n"] for each in made] for made in drawn]
    assert any(len(set(each)) > 1 for each in found)
    assert found == [sorted(each) for each in found]


def test_picked_clusters_stand_where_those_of_the_pyramid_do(city: Engine) -> None:
    def places(layer: str) -> list[list[int]]:
        return sorted(each["geometry"]["coordinates"] for each in _features(city, layer, 9, "cameras.cells"))

    ours, pyramid = places("cameras~online.online~online.offline"), places("cameras")
    assert len(ours) == len(pyramid)
    assert max(abs(a - b) for one, other in zip(ours, pyramid, strict=True) for a, b in zip(one, other, strict=True)) < 64


def test_picked_rows_are_the_only_rows(city: Engine) -> None:
    rows = {each["id"] for each in _features(city, "cameras~online.offline", 13, "cameras.rows")}
    assert len(rows) == 200 and all(each % 5 == 0 for each in rows)
    january = _features(city, "cameras~online.offline", 13, "cameras.rows", Scope(day=date(2026, 1, 31)))
    assert len({each["id"] for each in january}) == 180


def test_rows_are_drawn_from_their_zoom_on_and_not_before(city: Engine) -> None:
    first = int(theme("cameras").style.rows_from_zoom)
    assert _features(city, "cameras", first - 1, "cameras.rows") == []
    assert _features(city, "cameras", first, "cameras.cells") == []
    rows = {each["id"]: each["properties"] for each in _features(city, "cameras", first, "cameras.rows")}
    assert len(rows) == 1000
    assert rows[5] == {"key": "c5", "name": "点5", "online": "offline"}


def test_the_day_asked_for_is_the_day_drawn(city: Engine) -> None:
    january = Scope(day=date(2026, 1, 31))
    assert len({each["id"] for each in _features(city, "cameras", 13, "cameras.rows", january)}) == 900
    assert sum(each["properties"]["n"] for each in _features(city, "cameras", 9, "cameras.cells", january)) == 900
    assert _features(city, "cameras", 9, "cameras.cells", Scope(day=date(2025, 1, 1))) == []


def test_nothing_outside_the_readers_area_is_in_any_tile(city: Engine) -> None:
    west = Scope(area=WEST)
    assert {each["id"] for each in _features(city, "county", 9, "area", west)} == {2}
    assert {each["id"] for each in _features(city, "county", 9, "label", west)} == {2}
    assert sum(each["properties"]["n"] for each in _features(city, "cameras", 9, "cameras.cells", west)) == 500
    assert len({each["id"] for each in _features(city, "cameras", 13, "cameras.rows", west)}) == 500
    assert _features(city, "cameras", 9, "cameras.cells", Scope(area="nowhere")) == []


def test_sights_are_drawn_near_only(city: Engine) -> None:
    with city.begin() as connection:
        connection.execute(
            text("""
            INSERT INTO onemap.sights (theme, "row", effective, assumed, g3857)
            SELECT 'cameras', id, true, false, ST_Buffer(g3857, 46)
            FROM onemap.cameras
        """)
        )
    assert _features(city, "cameras.sights", 13, "cameras.sights") == []
    near = {each["id"]: each["properties"] for each in _features(city, "cameras.sights", 14, "cameras.sights")}
    assert len(near) == 1000
    assert near[5] == {"online": "offline", "effective": True}


def test_main_roads_come_first(city: Engine) -> None:
    with city.begin() as connection:
        for number, sort in enumerate(("main", "second", "village", None)):
            connection.execute(
                text("""
                INSERT INTO onemap.roads (key, source, row_no, load_id, since, hash, code, name, sort, geom)
                VALUES (:key, 'roads', 1, 1, '2026-01-31', '', :key, :key, :sort,
                        ST_GeomFromText('MULTILINESTRING((124.05 30.05, 124.3 30.15))', 4490))
            """),
                {"key": f"r{number}", "sort": sort},
            )
    first = int(theme("roads").style.rows_from_zoom)
    drawn_at = {
        z: {each["properties"].get("sort") for each in _features(city, "roads", z, "roads.rows")}
        for z in range(first - 1, first + 5)
    }
    assert drawn_at == {
        first - 1: set(),
        first: {"main"},
        first + 1: {"main"},
        first + 2: {"main", "second"},
        first + 3: {"main", "second"},
        first + 4: {"main", "second", "village", None},
    }
    assert first + 4 == drawing.LINES_ARE_ROWS_FROM
    near = [each["properties"] for each in _features(city, "roads", first + 4, "roads.rows")]
    assert {each["key"] for each in near} == {each["name"] for each in near} == {"r0", "r1", "r2", "r3"}


def test_far_lines_that_meet_are_one_line_without_name(city: Engine) -> None:
    with city.begin() as connection:
        for number in range(6):
            connection.execute(
                text("""
                INSERT INTO onemap.roads (key, source, row_no, load_id, since, hash, code, name, sort, geom)
                VALUES (:key, 'roads', 1, 1, '2026-01-31', '', :key, :key, 'main',
                        ST_Multi(ST_SetSRID(ST_MakeLine(ST_MakePoint(:west, 30.1), ST_MakePoint(:east, 30.1)), 4490)))
            """),
                {"key": f"r{number}", "west": 124.1 + number / 100, "east": 124.1 + (number + 1) / 100},
            )
    (line,) = _features(city, "roads", 9, "roads.rows")
    assert line["properties"] == {"sort": "main"}
    assert (line["geometry"]["type"], len(line["geometry"]["coordinates"])) == ("LineString", 2)
    assert len({each["id"] for each in _features(city, "roads", 12, "roads.rows")}) == 6


@pytest.mark.parametrize("name", list(themes()))
def test_every_declared_theme_answers_at_every_zoom(city: Engine, name: str) -> None:
    with Door(city).reader() as reader:
        for z in range(0, 19):
            tiles.tile(reader, name, z, 0, 0)


def test_an_empty_tile_has_no_bytes(city: Engine) -> None:
    with Door(city).reader() as reader:
        assert tiles.tile(reader, "cameras", 12, 0, 0) == b""
        assert tiles.tile(reader, "county", 8, 0, 0) == b""


def test_the_version_names_the_load_and_the_store(city: Engine) -> None:
    with city.begin() as connection:
        connection.execute(
            text("""
            INSERT INTO onemap.loads (theme, source, file, sha256, bytes, recipe, operator, as_of, started, rows_in, added,
                changed, removed, unchanged, set_aside, duplicates, changes)
            VALUES ('cameras', 'cameras', 'f', '', 1, '{}', 'me', '2026-01-31', to_timestamp(1771234567), 1, 1, 0, 0, 0, 0, 0, '{}')
        """)
        )
    with Door(city).reader() as reader:
        assert tiles.versions(reader) == {"ladder": 1_234_567, "cameras": 2_234_567}
        assert tiles.version(reader, "county") == tiles.version(reader, "ladder") == 1_234_567
        assert tiles.version(reader, "cameras.sights") == 2_234_567
        assert tiles.version(reader, "halls") == 0


@pytest.mark.parametrize(
    ("layer", "place", "sentence"),
    [
        ("cameras", (23, 0, 0), "tiles/cameras/23/0/0: zoom 23 is not drawn; use 0 to 22."),
        ("cameras", (2, 4, 0), "tiles/cameras/2/4/0: zoom 2 has no such tile; use x and y from 0 to 3."),
        ("cameras", (2, 0, -1), "tiles/cameras/2/0/-1: zoom 2 has no such tile; use x and y from 0 to 3."),
    ],
)
def test_a_tile_that_is_not_is_refused(store: Engine, layer: str, place: tuple[int, int, int], sentence: str) -> None:
    with Door(store).reader() as reader, pytest.raises(tiles.TileError) as refused:
        tiles.tile(reader, layer, *place)
    assert str(refused.value) == sentence


def test_a_layer_that_is_not_is_refused(store: Engine) -> None:
    with Door(store).reader() as reader, pytest.raises(tiles.TileError) as refused:
        tiles.tile(reader, "people", 1, 0, 0)
    assert str(refused.value) == f"tiles/people: there is no such layer; use one of {', '.join(tiles.layers())}."


def test_several_layers_in_one_tile_are_the_same_as_each_alone(city) -> None:
    together = {
        name: _features(city, "cameras,cameras.sights,roads", 14, name)
        for name in ("cameras.rows", "cameras.sights", "roads.rows")
    }
    for name, found in together.items():
        alone = name if name == "cameras.sights" else name.partition(".")[0]
        assert [each["properties"] for each in found] == [
            each["properties"] for each in _features(city, alone, 14, name)
        ]
