"""Ready-made tiles are the tiles that would be made now: after a load, after a change, and for nobody who sees less."""

from __future__ import annotations

import gzip
from datetime import date

import pytest
from sqlalchemy import Engine, text

from geodata import cells, drawn, ready, tiles
from geodata.door import Door, Scope
from layers import theme
from tests.small_city import CITY, EAST, WEST, lay


@pytest.fixture
def city(store: Engine) -> Engine:
    lay(store)
    ready.fill(store)
    return store


def _standing(engine: Engine) -> set[tuple[str, int, int, int]]:
    with engine.connect() as connection:
        return {tuple(row) for row in connection.execute(text("SELECT layer, z, x, y FROM onemap.ready"))}


def _wrong(engine: Engine) -> list[tuple[str, int, int, int]]:
    """Ready-made tiles that are not what would be made now."""
    with Door(engine).reader() as reader:
        kept = {place: ready.find(reader, [place[0]], *place[1:]) for place in _standing(engine)}
        whole = {place: tiles.packed(reader, *place) for place in kept}
        return [
            place for place, body in whole.items()
            if not kept[place] or (gzip.decompress(body) if body else b"") != tiles.tile(reader, *place)
        ]  # fmt: skip


def test_every_zoom_of_every_layer_that_has_something_is_made_ready(city: Engine) -> None:
    made = _standing(city)
    assert {layer for layer, *_ in made} == {"city", "county", "cameras"}
    assert {z for layer, z, *_ in made if layer == "cameras"} == set(range(4, ready.LAST + 1))
    with city.connect() as connection:
        first = connection.execute(text("SELECT min(zmin) FROM onemap.drawn WHERE level = 'county'")).scalar()
    assert {z for layer, z, *_ in made if layer == "county"} == set(range(first, ready.LAST + 1))


def test_what_is_ready_is_what_would_be_made_now(city: Engine) -> None:
    assert len(_standing(city)) > 50
    assert _wrong(city) == []


def test_nothing_is_made_twice(city: Engine) -> None:
    assert ready.fill(city) == 0


def test_several_layers_come_as_one_gzip_member(city: Engine) -> None:
    with Door(city).reader() as reader:
        body = tiles.packed(reader, "county,cameras", 9, 432, 211)
        alone = [tiles.tile(reader, each, 9, 432, 211) for each in ("county", "cameras")]
    assert all(alone)
    assert body.count(b"\x1f\x8b\x08\x00") == 1
    assert gzip.decompress(body) == b"".join(alone)


def test_only_tiles_that_show_a_row_are_taken_away_and_come_back_right(city: Engine) -> None:
    before = _standing(city)
    with city.begin() as connection:
        moved = connection.execute(text("""UPDATE onemap.cameras SET geom = ST_Translate(geom, 0.0002, 0), online = 'offline'
            WHERE key = 'c7' RETURNING id, path""")).all()  # fmt: skip
        ready.forget_rows(connection, theme("cameras"), [row.id for row in moved], [])
        cells.rebuild(connection, theme("cameras"))
    gone = before - _standing(city)
    assert {layer for layer, *_ in gone} == {"cameras"}
    assert len([place for place in gone if place[1] == 12]) == 1
    assert _wrong(city) == []
    assert ready.fill(city) == len(gone)
    assert _standing(city) == before
    assert _wrong(city) == []


def test_a_row_that_went_is_found_by_the_unit_that_lost_it(city: Engine) -> None:
    with city.begin() as connection:
        gone = connection.execute(text("DELETE FROM onemap.cameras WHERE key = 'c7' RETURNING id, path")).one()
        ready.forget_rows(connection, theme("cameras"), [gone.id], [gone.path])
        cells.rebuild(connection, theme("cameras"))
    assert _wrong(city) == []


def test_many_rows_take_the_whole_layer_away(city: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready, "MANY_BOXES", 10)
    with city.begin() as connection:
        ready.forget_rows(connection, theme("cameras"), range(1, 12), [])
    assert {layer for layer, *_ in _standing(city)} == {"city", "county"}


def _redraw(engine: Engine, change: str) -> set[tuple[str, int, int, int]]:
    """The tiles that a change of the ladder takes away."""
    before = _standing(engine)
    with engine.begin() as connection:
        ready.remember(connection)
        connection.execute(text(change))
        drawn.rebuild(connection)
        ready.forget_units(connection)
    assert _wrong(engine) == []
    return before - _standing(engine)


def test_units_drawn_as_before_keep_their_tiles(city: Engine) -> None:
    assert _redraw(city, "UPDATE onemap.ladder SET population = 5") == set()


def test_a_name_that_changed_takes_only_the_tiles_of_its_unit(city: Engine) -> None:
    gone = _redraw(city, f"UPDATE onemap.ladder SET name = '新名' WHERE code = '{WEST}'")
    assert {layer for layer, *_ in gone} == {"county"}
    kept = {place for place in _standing(city) if place[0] == "county"}
    assert kept, "the other county has tiles of its own"
    assert all(z > 9 for _, z, *_ in kept)


def test_a_unit_that_grew_or_went_takes_its_tiles_away(city: Engine) -> None:
    grown = f"""UPDATE onemap.ladder SET g3857 = ST_Multi(ST_Buffer(g3857, 3000)) WHERE code = '{EAST}'"""
    assert {layer for layer, *_ in _redraw(city, grown)} == {"county"}
    ready.fill(city)
    assert {layer for layer, *_ in _redraw(city, f"DELETE FROM onemap.ladder WHERE code = '{EAST}'")} == {"county"}


def test_a_unit_with_another_parent_takes_its_tiles_away(city: Engine) -> None:
    assert _redraw(city, f"UPDATE onemap.ladder SET parent = NULL WHERE code = '{EAST}'")
    assert _redraw(city, f"UPDATE onemap.ladder SET parent = '{CITY}' WHERE code = '{EAST}'") == set()


def test_a_tile_made_in_another_way_is_made_again(city: Engine) -> None:
    with city.begin() as connection:
        connection.execute(text("UPDATE onemap.ready SET how = how + 1, body = 'junk' WHERE layer = 'county'"))
    with Door(city).reader() as reader:
        assert ready.find(reader, ["county"], 9, 432, 211) == {}
        assert gzip.decompress(tiles.packed(reader, "county", 9, 432, 211)) == tiles.tile(reader, "county", 9, 432, 211)
    assert ready.fill(city) == len([place for place in _standing(city) if place[0] == "county"])
    assert _wrong(city) == []


@pytest.mark.parametrize("scope", [Scope(area=WEST), Scope(day=date(2026, 1, 31)), Scope(area="nowhere")])
def test_who_sees_less_gets_no_ready_made_tile(city: Engine, scope: Scope) -> None:
    with Door(city).reader(scope) as reader:
        assert ready.find(reader, ["cameras", "county"], 9, 432, 211) == {}
        assert gzip.decompress(tiles.packed(reader, "cameras", 9, 432, 211) or gzip.compress(b"")) == tiles.tile(
            reader, "cameras", 9, 432, 211
        )


def test_everything_can_be_taken_away_and_made_again(city: Engine) -> None:
    before = _standing(city)
    with city.begin() as connection:
        ready.forget_everything(connection)
    assert _standing(city) == set()
    assert ready.fill(city) == len(before)
    assert _standing(city) == before


def test_a_load_in_progress_is_not_made_ready(city: Engine) -> None:
    """The fill waits for the load; else it would keep what the load is about to replace."""
    with city.begin() as load:
        ready.forget_rows(load, theme("cameras"), [1], [])
        with city.connect() as other:
            free = other.execute(text("SELECT pg_try_advisory_xact_lock(hashtext('onemap.ready'))")).scalar()
    assert free is False


def test_ground_without_end_is_not_made_ready(city: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with city.begin() as connection:
        ready.forget_everything(connection)
    monkeypatch.setattr(ready, "MOST", 2)
    ready.fill(city)
    assert max(z for _, z, *_ in _standing(city)) < ready.LAST
