"""Guests: a browser that was shown a guest's page is told no single place by any address, until an operator says so."""

from __future__ import annotations

import json

import pytest

from app import create_app
from geodata import tiles
from geodata.door import GUEST, Scope
from geodata.settings import settings
from layers._ladder import LEVEL_NAMES
from tests.app.asked import Browser
from tests.app.stood import TOWN, door  # noqa: F401

HERE = {"x-onemap": "test", "host": "127.0.0.1:8050"}
DENIED = [
    "/ogc/collections/cameras/items?f=json", "/ogc/collections/cameras?f=json", "/export/cameras.gpkg",
]  # fmt: skip


@pytest.fixture(scope="module")
def server(door):  # noqa: F811
    return create_app(door, settings())


@pytest.fixture
def guest(server) -> Browser:
    browser = Browser(server)
    assert browser.get("/wall?guest=yes").status_code == 200
    assert browser.cookies == {"onemap_guest": "yes"}
    return browser


@pytest.fixture(scope="module")
def one(door):  # noqa: F811
    """A camera: key, degrees, tile of zoom 15 and its address for the newest version."""
    with door.reader() as reader:
        found = reader.first("""SELECT key, ST_X(geom) AS lon, ST_Y(geom) AS lat, floor((ST_X(g3857) / 40075016.68557849 + 0.5) * 2 ^ 15)::int AS x,
            floor((0.5 - ST_Y(g3857) / 40075016.68557849) * 2 ^ 15)::int AS y FROM onemap.cameras ORDER BY key LIMIT 1""")
        return {**found, "version": tiles.version(reader, "cameras")}


def tile(one, layer: str, z: int) -> str:
    return f"/tiles/{layer}/{one['version']}/{z}/{one['x'] >> 15 - z}/{one['y'] >> 15 - z}.pbf"


def test_the_same_addresses_say_less_to_guests(server, guest, one) -> None:
    planner = Browser(server)
    for layer, z in (("cameras", 15), ("cameras", 13), ("cameras.sights", 15), ("cameras~online.online", 10)):
        assert planner.get(tile(one, layer, z)).status_code == 200, layer
        told = guest.get(tile(one, layer, z))
        assert (told.status_code, told.headers["cache-control"]) == (204, "no-store"), layer
    for path in DENIED:
        assert planner.get(path).status_code == 200, path
        assert guest.get(path).status_code == 404 or guest.get(path).status_code == 400, path
    assert b"cameras" not in guest.get("/ogc/collections?f=json").content
    assert guest.get("/ogc/collections/village/items?f=json").status_code == 200


def test_counts_stand_amid_their_cell_not_at_the_row(door, one) -> None:  # noqa: F811
    def drawn(role: str) -> bytes:
        with door.reader(Scope(role=role)) as reader:
            return tiles.tile(reader, "cameras", 12, one["x"] >> 3, one["y"] >> 3)

    exact, discreet = drawn("planner"), drawn(GUEST)
    assert b"cameras.cells" in exact and b"cameras.cells" in discreet and exact != discreet


def test_a_guest_asks_for_no_tile_that_its_browser_may_have_kept_from_before(server, guest) -> None:
    """Rows lie under other addresses, which nobody may keep; those of units are the same for everybody."""
    ours = kept_tiles(Browser(server), "/wall?themes=cameras")
    theirs = kept_tiles(guest, "/wall?themes=cameras&guest=yes")
    assert {name for name in ours if ours[name] != theirs[name]} >= {"themes"}
    for name, address in theirs.items():
        assert (address == ours[name]) == (set(address.split("/")[2].split(",")) <= set(LEVEL_NAMES)), name
    tile = guest.get(theirs["themes"].replace("{z}/{x}/{y}", "9/428/208"))
    assert tile.status_code in (200, 204) and tile.headers["cache-control"] == "no-store"


def kept_tiles(browser: Browser, page: str) -> dict[str, str]:
    answer = browser.post("/answer", json={"asked": {"url": page}, "known": {}}, headers=HERE).json()
    sources = answer["parts"]["map.mapStyle"]["sources"]
    return {name: each["tiles"][0] for name, each in sources.items() if "tiles" in each}


def test_the_etag_of_a_planner_opens_nothing(guest, one) -> None:
    address = tile(one, "cameras", 15)
    assert guest.get(address, headers={"If-None-Match": f'W/"{address[7:-4]}"'}).status_code == 204
    assert guest.get(tile(one, "town", 10)).status_code == 200


def test_no_card_search_or_list_of_rows_by_any_address(guest, one) -> None:
    def asked(url: str) -> dict:
        return guest.post("/answer", json={"asked": {"url": url}, "known": {}}).json()["parts"]

    for url in (f"/?row=cameras/{one['key']}", f"/wall?row=cameras/{one['key']}", f"/?unit={TOWN}&explain=cameras.online"):
        assert one["key"] not in json.dumps(asked(url)), url
    assert "guest=yes" in asked("/wall")["doors"]["here"]
    assert asked("/wall?themes=cameras")["map.picture"]["cameras:rows"] == {"visibility": "none"}
    assert one["key"] not in guest.get(f"/explain.csv?of=/?unit={TOWN}%26explain=cameras.online").text


def test_an_answer_alone_makes_a_guest_and_only_operators_end_it(server) -> None:
    far = Browser(server, ("10.0.0.9", 1))
    far.post("/answer", json={"asked": {"url": "/wall?guest=yes"}, "known": {}})
    assert far.cookies == {"onemap_guest": "yes"}
    far.get("/wall")
    far.get("/wall?guest=no")
    refused = far.post("/data/guests", headers=HERE)
    assert refused.status_code == 403 and far.cookies == {"onemap_guest": "yes"}
    assert Browser(server, cookies=dict(far.cookies)).post("/data/guests").status_code == 403  # another site's
    near = Browser(server, cookies=dict(far.cookies))
    assert near.post("/data/guests", headers=HERE).status_code == 204 and near.cookies == {}
