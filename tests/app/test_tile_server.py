"""Tiles over HTTP as clients, caches and those who try it on ask for them."""

from __future__ import annotations

import gzip
import json
import logging
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

import mapbox_vector_tile
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, text

from app.routes import FOREVER
from app.tile_server import TileServer
from geodata import tiles
from geodata.door import Door
from tests.app.bare_map import served
from tests.small_city import lay

# Zoom 8 around the small city: 124 to 124.4 degrees east, 30 degrees north.
TILE = "/tiles/county/1000000/8/216/105.pbf"
REFUSED_WITHIN_S = 0.005


@pytest.fixture
def address(store: Engine) -> Iterator[str]:
    server = FastAPI()
    server.add_middleware(TileServer, door=Door(lay(store)))
    with served(server) as url:
        yield url


def _ask(address: str, path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=20)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    return answer, answer.read()


def test_head_says_what_get_would_say(address: str) -> None:
    got, body = _ask(address, TILE, Accept_Encoding="gzip")
    headed, nothing = _ask(address, TILE, "HEAD", Accept_Encoding="gzip")
    same = ("Content-Type", "Content-Length", "Content-Encoding", "Cache-Control", "ETag", "Vary", "X-Content-Type-Options")
    assert (headed.status, nothing) == (200, b"")
    assert {name: headed.headers[name] for name in same} == {name: got.headers[name] for name in same}
    assert int(got.headers["Content-Length"]) == len(body)
    assert got.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(("accepted", "compressed"), [
    ("gzip", True), ("br, gzip;q=0.5", True), ("deflate, gzip", True), ("", False), ("identity", False), ("gzip;q=0", False),
    ("br;q=1.0, gzip; q=0.000", False), ("xgzip", False),
])  # fmt: skip
def test_only_who_takes_gzip_gets_it(address: str, accepted: str, compressed: bool) -> None:
    answer, body = _ask(address, TILE, Accept_Encoding=accepted)
    assert (answer.headers["Content-Encoding"] == "gzip") is compressed
    assert "area" in mapbox_vector_tile.decode(gzip.decompress(body) if compressed else body)


def test_a_range_is_not_taken_and_the_whole_is_sent(address: str) -> None:
    answer, body = _ask(address, TILE, Range="bytes=0-9")
    assert (answer.status, answer.headers["Content-Range"]) == (200, None)
    assert "area" in mapbox_vector_tile.decode(body)


def test_who_has_it_is_told_so_without_asking_the_store(address: str, store: Engine) -> None:
    tag = _ask(address, TILE)[0].headers["ETag"]
    for said in (tag, f'"other", {tag}'):
        answer, body = _ask(address, TILE, If_None_Match=said)
        assert (answer.status, body, answer.headers["ETag"], answer.headers["Cache-Control"]) == (304, b"", tag, FOREVER)
    assert _ask(address, TILE, If_None_Match='W/"county/2/8/216/105"')[0].status == 200
    other = TILE.replace("8/216/105", "8/215/105")
    with store.begin() as connection:
        connection.execute(text("DROP SCHEMA onemap CASCADE"))
    assert _ask(address, other, If_None_Match=f'W/"{other[7:-4]}"')[0].status == 304


def test_other_methods_are_refused(address: str) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        answer, _ = _ask(address, TILE, method)
        assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


def test_many_who_ask_at_once_wait_for_one_question(address: str, store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple] = []
    really = tiles.packed

    def packed(reader, *place):  # type: ignore[no-untyped-def]
        made.append(place)
        time.sleep(0.3)
        return really(reader, *place)

    monkeypatch.setattr(tiles, "packed", packed)
    with ThreadPoolExecutor(12) as readers:
        answers = list(readers.map(lambda _: _ask(address, TILE), range(12)))
    assert [answer.status for answer, _ in answers] == [200] * 12
    assert len({body for _, body in answers}) == 1
    assert made == [("county", 8, 216, 105)]


def test_one_refusal_is_everybodys_and_the_next_asks_again(address: str, store: Engine) -> None:
    with store.begin() as connection:
        connection.execute(text("ALTER TABLE onemap.drawn RENAME TO hidden"))
    assert _ask(address, TILE)[0].status == 503
    with store.begin() as connection:
        connection.execute(text("ALTER TABLE onemap.hidden RENAME TO drawn"))
    assert _ask(address, TILE)[0].status == 200


NAMES = ",".join(f"cameras{n}" for n in range(4_000))
PICKS = "cameras" + "~online.offline" * 4_000
BAD = [
    ("/tiles/county/1/99/0/0.pbf", "tiles/county/99/0/0: zoom 99 is not drawn; use 0 to 22."),
    ("/tiles/county/1/8/-1/0.pbf", "tiles/county: '-1' is no whole number; ask for tiles/LAYER/VERSION/Z/X/Y.pbf."),
    ("/tiles/county/1/8/0/256.pbf", "tiles/county/8/0/256: zoom 8 has no such tile; use x and y from 0 to 255."),
    (f"/tiles/county/1/8/{'9' * 17}/0.pbf", f"tiles/county/8/{'9' * 17}/0: zoom 8 has no such tile; use x and y from 0 to 255."),
    (f"/tiles/county/1/8/{'9' * 5000}/0.pbf", f"tiles/county: '{'9' * 20}' is no whole number; ask for tiles/LAYER/VERSION/Z/X/Y.pbf."),
    ("/tiles/county/1/8/NaN/0.pbf", "tiles/county: 'NaN' is no whole number; ask for tiles/LAYER/VERSION/Z/X/Y.pbf."),
    ("/tiles/county/1/1e1/0/0.pbf", "tiles/county: '1e1' is no whole number; ask for tiles/LAYER/VERSION/Z/X/Y.pbf."),
    ("/tiles/county/latest/8/0/0.pbf", "tiles/county: 'latest' is no whole number; ask for tiles/LAYER/VERSION/Z/X/Y.pbf."),
    ("/tiles/county/1/8/0/0", "tiles/county/1/8/0/0: this is no address of a tile; ask for tiles/LAYER/VERSION/Z/X/Y.pbf."),
    ("/tiles/county/1/8/0/0/0.pbf", "tiles/county/1/8/0/0/0.pbf: this is no address of a tile; ask for tiles/LAYER/VERSION/Z/X/Y.pbf."),
    ("/tiles/../etc/passwd.pbf", "tiles/../etc/passwd.pbf: this is no address of a tile; ask for tiles/LAYER/VERSION/Z/X/Y.pbf."),
    ("/tiles/people/1/0/0/0.pbf", f"tiles/people: there is no such layer; use one of {', '.join(tiles.layers())}."),
    (f"/tiles/{NAMES}/1/0/0/0.pbf", f"tiles/{NAMES[:40]}…: there is no such layer; use one of {', '.join(tiles.layers())}."),
    (f"/tiles/{PICKS}/1/0/0/0.pbf", f"tiles/{PICKS[:40]}…: there is no such layer; use one of {', '.join(tiles.layers())}."),
    ("/tiles/cameras,cameras/1/0/0/0.pbf", "tiles/cameras,cameras: a layer is named twice; name each layer once."),
    ("/tiles/city,county/1/0/0/0.pbf", "tiles/city,county: two levels do not fit into one tile; ask for each of them."),
]  # fmt: skip


def test_what_is_no_tile_is_refused_in_one_sentence_at_once_and_nothing_is_logged(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    line = HTTPConnection(urlsplit(address).netloc, timeout=20)
    with caplog.at_level(logging.WARNING):
        for path, sentence in BAD:
            spent = []
            for _ in range(5):
                line.request("GET", path)
                answer = line.getresponse()
                said = answer.read()
                spent.append(float(answer.headers["Server-Timing"].partition("dur=")[2]) / 1000)
            assert (answer.status, json.loads(said)) == (404, {"problem": sentence})
            assert answer.headers["Cache-Control"] == "no-store"
            assert statistics.median(spent) < REFUSED_WITHIN_S, path[:60]
    assert caplog.records == []


def test_ten_thousand_names_do_not_fit_into_an_address(address: str) -> None:
    names = ",".join(f"cameras{n}" for n in range(10_000))
    answer, said = _ask(address, f"/tiles/{names}/1/0/0/0.pbf")
    assert (answer.status, said) == (400, b"Invalid HTTP request received.")
