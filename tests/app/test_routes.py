"""The plain routes over HTTP: what is kept for ever, what is empty, and the words of every refusal."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from threading import Event
from urllib.parse import urlsplit

import mapbox_vector_tile
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, create_engine, text

from app.routes import FOREVER, routes
from app.tile_server import TileServer
from geodata import tables
from geodata.door import Door
from geodata.turns import TILES
from tests.app.bare_map import served
from tests.small_city import CITY, lay

# Zoom 8 around the small city: 124 to 124.4 degrees east, 30 degrees north.
PLACE = "8/216/105"


@contextmanager
def _serving(door: Door) -> Iterator[str]:
    server = FastAPI()
    server.include_router(routes(door))
    server.add_middleware(TileServer, door=door)
    with served(server) as url:
        yield url


@pytest.fixture
def address(store: Engine) -> Iterator[str]:
    with _serving(Door(lay(store))) as url:
        yield url


def _get(address: str, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=20)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    return answer, answer.read()


def test_a_tile_is_compressed_typed_and_kept_for_ever(address: str) -> None:
    answer, body = _get(address, f"/tiles/county/1000000/{PLACE}.pbf", Accept_Encoding="gzip")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/vnd.mapbox-vector-tile")
    assert (answer.headers["Cache-Control"], answer.headers["Content-Encoding"]) == (FOREVER, "gzip")
    decoded = mapbox_vector_tile.decode(gzip.decompress(body))
    assert {feature["id"] for feature in decoded["area"]["features"]} == {2, 3}


def test_a_client_without_gzip_gets_plain_bytes(address: str) -> None:
    answer, body = _get(address, f"/tiles/county/1000000/{PLACE}.pbf")
    assert answer.headers["Content-Encoding"] is None
    assert "area" in mapbox_vector_tile.decode(body)


def test_the_same_tile_again_is_not_sent_again(address: str) -> None:
    tag = _get(address, f"/tiles/county/1000000/{PLACE}.pbf")[0].headers["ETag"]
    answer, body = _get(address, f"/tiles/county/1000000/{PLACE}.pbf", If_None_Match=tag)
    assert (answer.status, body) == (304, b"")


def test_an_empty_tile_is_204_and_kept(address: str) -> None:
    answer, body = _get(address, "/tiles/county/1000000/8/0/0.pbf")
    assert (answer.status, body, answer.headers["Cache-Control"]) == (204, b"", FOREVER)


def test_an_old_address_gets_todays_data_and_is_not_kept(address: str) -> None:
    answer, body = _get(address, f"/tiles/county/1/{PLACE}.pbf")
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    assert "area" in mapbox_vector_tile.decode(body)


def test_a_kept_tile_stays_what_it_was_under_its_address(address: str, store: Engine) -> None:
    before = _get(address, f"/tiles/cameras/2000000/{PLACE}.pbf")[1]
    with store.begin() as connection:
        connection.execute(text("DELETE FROM onemap.cells"))
        connection.execute(text("UPDATE onemap.versions SET version = 3 WHERE theme = 'cameras'"))
    assert _get(address, f"/tiles/cameras/2000000/{PLACE}.pbf")[1] == before
    assert _get(address, f"/tiles/cameras/3000000/{PLACE}.pbf")[0].status == 204


@pytest.mark.parametrize(("path", "status", "sentence"), [
    ("/tiles/county/1/8/x/0.pbf", 404, "tiles/county: 'x' is no whole number; ask for tiles/LAYER/VERSION/Z/X/Y.pbf."),
    ("/tiles/county/1/8/256/0.pbf", 404, "tiles/county/8/256/0: zoom 8 has no such tile; use x and y from 0 to 255."),
    ("/tiles/county/1/99/0/0.pbf", 404, "tiles/county/99/0/0: zoom 99 is not drawn; use 0 to 22."),
    ("/vendor/5.24.0/passwd", 404, "vendor/passwd: there is no such file; use one of maplibre-gl.js, maplibre-gl.css."),
    ("/outline/nowhere.json", 404, "unit nowhere: the ladder has no such code; use one that search finds."),
])
def test_what_is_not_is_said_in_one_sentence(address: str, path: str, status: int, sentence: str) -> None:
    answer, body = _get(address, path)
    assert (answer.status, json.loads(body)) == (status, {"problem": sentence})
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_layer_that_is_not_is_said_in_one_sentence(address: str) -> None:
    answer, body = _get(address, "/tiles/people/1/0/0/0.pbf")
    assert answer.status == 404
    assert json.loads(body)["problem"].startswith("tiles/people: there is no such layer; use one of province, city, ")


def test_an_outline_is_geojson_kept_for_ever_only_under_its_version(address: str) -> None:
    answer, body = _get(address, f"/outline/{CITY}.json?v=1000000")
    assert json.loads(body)["type"] in ("Polygon", "MultiPolygon")
    assert answer.headers["Cache-Control"] == FOREVER
    assert _get(address, f"/outline/{CITY}.json?v=1")[0].headers["Cache-Control"] == "no-cache"


def test_the_map_library_comes_from_this_machine(address: str) -> None:
    answer, body = _get(address, "/vendor/5.24.0/maplibre-gl.js", Accept_Encoding="gzip")
    assert answer.headers["Cache-Control"] == FOREVER
    assert b"maplibregl" in gzip.decompress(body)[:3000] or b"maplibre" in gzip.decompress(body)


def test_health_reads_the_store(address: str, store: Engine) -> None:
    answer, body = _get(address, "/health")
    assert (answer.status, json.loads(body)["status"]) == (200, "ok")
    with store.begin() as connection:
        connection.execute(text("DROP SCHEMA onemap CASCADE"))
    answer, body = _get(address, "/health")
    assert answer.status == 503
    assert json.loads(body)["problem"].startswith("onemap store: ")


def test_the_self_check_shows_each_store(store: Engine) -> None:
    door = Door(lay(store), [create_engine("postgresql+psycopg2://x@127.0.0.1:1/none")])
    door.sources.look(door.sources.primary)
    door.sources.look(door.sources.replicas[0])
    with _serving(door) as address:
        shown = json.loads(_get(address, "/health/stores")[1])["stores"]
    assert shown[0] == {"name": "primary", "reads": True, "up": True, "fact": "", "lag_s": None, "lag_bytes": None}
    assert shown[1] | {"reads": False, "up": False, "fact": "it does not answer"} == shown[1]


def test_a_tile_that_a_replica_does_not_have_yet_comes_from_the_primary(store: Engine, new_database) -> None:
    late = lay_late(new_database("late"))
    door = Door(lay(store), [late])
    with _serving(door) as address:
        answers = [_get(address, f"/tiles/cameras/2000000/{z}/0/0.pbf")[0] for z in range(1, 5)]
    assert {(answer.status, answer.headers["Cache-Control"]) for answer in answers} == {(204, FOREVER)}


def lay_late(engine: Engine) -> Engine:
    """The same city, one load behind."""
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA onemap"))
    tables.create_all(engine)
    lay(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE onemap.versions SET version = 1"))
    return engine


def test_a_busy_store_is_said_with_when_to_ask_again(store: Engine) -> None:
    door, over = Door(lay(store), connections=3, patience=0.1), Event()
    with _serving(door) as address, ThreadPoolExecutor(1) as pool:
        begun = Event()
        kept = pool.submit(door.ask, lambda _: (begun.set(), over.wait(20)), None, TILES)
        assert begun.wait(10)
        answer, body = _get(address, f"/tiles/county/1000000/{PLACE}.pbf")
        healthy = _get(address, "/health")[0]
        over.set()
        assert kept.result(20)
    assert (answer.status, answer.headers["Retry-After"], answer.headers["Cache-Control"]) == (503, "2", "no-store")
    assert json.loads(body)["problem"] == "onemap store: more readers ask at once than it can answer; ask again in 2 seconds."
    assert healthy.status == 200


def test_a_store_that_is_away_is_said_with_when_to_ask_again() -> None:
    with _serving(Door(create_engine("postgresql+psycopg2://x@127.0.0.1:1/none"))) as address:
        answer, body = _get(address, "/health")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert json.loads(body)["problem"].startswith("onemap store: ")
