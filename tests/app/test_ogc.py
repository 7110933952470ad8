"""The services for QGIS over HTTP: the black-box tests of OGC API Features, a foreign client, and what must not happen."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from owslib.ogcapi.features import Features
from sqlalchemy import Engine, create_engine, text

import app.exporting
import app.ogc.service
import app.tilejson
from app.exporting import exporting
from app.ogc import ogc
from app.tile_server import TileServer
from app.tilejson import tilejson
from geodata import tables
from geodata.door import Door, Scope
from tests.app.bare_map import served
from tests.small_city import EAST, WEST, lay

EPSG = "http://www.opengis.net/def/crs/EPSG/0/"

# Names of things, which no client fetches to show what we serve.
NAMES = re.compile(r"http://www\.opengis\.net/(def|spec)/|https://json-schema\.org/draft/")


def server(door: Door) -> FastAPI:
    made = FastAPI()
    for each in (ogc, tilejson, exporting):
        made.include_router(each(door))
    made.add_middleware(TileServer, door=door)
    return made


@pytest.fixture(scope="module")
def engine(new_database: Callable[[str], Engine]) -> Engine:
    made = new_database("services")
    tables.create_all(made)
    lay(made)
    with made.begin() as connection:
        connection.execute(text("""INSERT INTO onemap.cameras_past (id, key, source, row_no, load_id, since, hash, path, code, name, online, geom, until, until_load)
            SELECT id, key, source, row_no, 1, '2025-12-31', '', path, code, name, 'offline', geom, since, 2 FROM onemap.cameras WHERE key = 'c1'"""))
        connection.execute(text("UPDATE onemap.cameras SET name = '<script>alert(1)</script>' WHERE key = 'c2'"))
    return made


@pytest.fixture(scope="module")
def root(engine: Engine) -> Iterator[str]:
    with served(server(Door(engine))) as url:
        yield url.rstrip("/")


def _items(root: str, asked: str, name: str = "cameras") -> dict:
    answer = httpx.get(f"{root}/ogc/collections/{name}/items?{asked}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/geo+json"
    return answer.json()


def test_the_black_box_tests_of_the_standard_pass(root: str) -> None:
    spec = importlib.util.find_spec("ogctests")
    assert spec and spec.submodule_search_locations
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "features/core"]
    where = {**os.environ, "INSTANCE_URL": f"{root}/ogc", "PYTHONPATH": ""}
    done = subprocess.run(words, cwd=spec.submodule_search_locations[0], env=where, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "29 passed" in done.stdout


def test_a_foreign_client_reads_what_is_published(root: str) -> None:
    client = Features(f"{root}/ogc")
    assert client.feature_collections() == ["cameras", "city", "county"]
    assert client.collection_items("cameras", limit=7)["numberMatched"] == 1000
    assert client.collection_item("cameras", "c17")["properties"]["name"] == "点17"
    assert client.collection_queryables("cameras")["properties"]["online"]["title"] == "在线状态"
    assert client.collection("county")["title"] == "区县"


def test_nothing_in_any_answer_leads_to_another_host(root: str) -> None:
    waiting, seen = [f"{root}/ogc", f"{root}/ogc?f=html", f"{root}/tilejson/cameras.json", f"{root}/tilejson/cameras.style.json"], set()
    while waiting:
        address = waiting.pop()
        if address in seen or ".gpkg" in address or "{z}" in address or "/items/" in address or "offset=" in address:
            continue
        seen.add(address)
        answer = httpx.get(address)
        assert answer.status_code == 200, (address, answer.text)
        found = re.findall(r"(?:https?:)?//[^\s\"'<>\\]+", answer.text)
        foreign = [each for each in found if not NAMES.match(each) and urlsplit(each).netloc != urlsplit(root).netloc]
        assert not foreign, (address, foreign)
        assert "html" not in answer.headers["Content-Type"] or not re.search(r"<(script|img|iframe|link)", answer.text), address
        waiting += [each.replace("&amp;", "&") for each in found if not NAMES.match(each)]
    assert len(seen) > 25


def test_the_definition_stands_alone_and_names_every_parameter(root: str) -> None:
    said = httpx.get(f"{root}/ogc/openapi").json()
    for reference in re.findall(r'"\$ref": ?"([^"]+)"', json.dumps(said)):
        part = said
        for step in reference.removeprefix("#/").split("/"):
            part = part[step]
    names = {each.get("name") or each["$ref"].rsplit("/", 1)[1] for each in said["paths"]["/collections/cameras/items"]["get"]["parameters"]}
    assert {"bbox", "bbox-crs", "crs", "datetime", "limit", "offset", "sortby", "online"} <= names


def test_pages_follow_one_another_until_all_is_told(root: str) -> None:
    address, keys = f"{root}/ogc/collections/cameras/items?limit=400", []
    while address:
        page = httpx.get(address).json()
        keys += [each["id"] for each in page["features"]]
        address = next((each["href"] for each in page["links"] if each["rel"] == "next"), None)
    assert len(keys) == len(set(keys)) == page["numberMatched"] == 1000


def test_a_box_may_be_given_in_every_crs_that_is_offered(root: str, engine: Engine) -> None:
    with engine.connect() as connection:
        boxes = {
            f"{EPSG}3857": connection.execute(text("SELECT concat_ws(',', ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b)) FROM ST_Transform(ST_MakeEnvelope(124, 30, 124.1, 30.1, 4326), 3857) b")).scalar(),
            f"{EPSG}4490": "30,124,30.1,124.1", f"{EPSG}4326": "30,124,30.1,124.1", "http://www.opengis.net/def/crs/OGC/1.3/CRS84": "124,30,124.1,30.1",
        }  # fmt: skip
        inside = connection.execute(text("SELECT count(*) FROM onemap.cameras WHERE ST_Intersects(geom, ST_MakeEnvelope(124, 30, 124.1, 30.1, 4490))")).scalar()
    found = {crs: _items(root, f"bbox={box}&bbox-crs={quote(crs)}&limit=1")["numberMatched"] for crs, box in boxes.items()}
    assert set(found.values()) == {inside}
    assert inside and inside < 1000


@pytest.mark.parametrize(("crs", "place"), [("4490", [30.1, 124.1]), ("3857", [13814748.8, 3515504.4])])
def test_places_come_in_the_crs_that_is_asked_for_by_its_own_axes(root: str, crs: str, place: list[float]) -> None:
    answer = httpx.get(f"{root}/ogc/collections/cameras/items/c17?crs={quote(EPSG + crs)}")
    assert answer.headers["Content-Crs"] == f"<{EPSG}{crs}>"
    assert answer.json()["geometry"]["coordinates"] == pytest.approx(place, rel=0.02)


def test_a_past_day_is_told_as_it_was(root: str) -> None:
    assert _items(root, "datetime=2026-01-31")["numberMatched"] == 900
    assert _items(root, "datetime=2026-01-30T12:00:00Z")["features"][0]["properties"]["online"] == "offline"
    assert _items(root, "datetime=2026-01-30")["numberMatched"] == 1
    assert _items(root, "datetime=2025-12-31/..&code=c1")["features"][0]["properties"]["online"] == "online"
    assert _items(root, "datetime=../2025-12-30")["numberMatched"] == 0


def test_fields_pick_and_sort(root: str) -> None:
    assert _items(root, "online=offline")["numberMatched"] == 200
    assert _items(root, "code=c17&online=online")["features"][0]["id"] == "c17"
    assert [each["id"] for each in _items(root, "sortby=-code&limit=2&properties=code")["features"]] == ["c999", "c998"]
    assert _items(root, "skipGeometry=true&limit=1")["features"][0]["geometry"] is None
    assert _items(root, "resulttype=hits")["features"] == []


def test_units_carry_their_indicators(root: str) -> None:
    found = _items(root, f"code={WEST}", "county")["features"][0]["properties"]
    assert {"cameras_online", "cameras_count", "population"} <= set(found)


@pytest.mark.parametrize(("asked", "status", "sentence"), [
    ("collections/none", 404, "collection none: nothing of that name is published; see "),
    ("collections/cameras/items?ooga=1", 400, "parameter ooga: it is not known here; use one of "),
    ("collections/cameras/items?online=maybe", 400, "online maybe is no value of this field; use "),
    ("collections/cameras/items?keeps_days=many", 400, "keeps_days many is no value of this field; use integer"),
    ("collections/cameras/items?datetime=yesterday", 400, "datetime yesterday is no day; write 2026-01-31"),
    ("collections/cameras/items?bbox=1,2,3", 400, "bbox should be either 4 values"),
    ("collections/cameras/items?limit=0", 400, "limit value should be strictly positive"),
    ("collections/cameras/items?crs=http://www.opengis.net/def/crs/EPSG/0/2000", 400, "not supported for this collection"),
    ("collections/cameras/items/c9999", 404, "identifier not found"),
    ("collections?f=csv", 400, "f=csv: this format is not served; use json or html."),
    ("processes", 404, "processes: there is no such resource; begin at "),
])  # fmt: skip
def test_what_cannot_be_followed_is_refused_in_one_sentence(root: str, asked: str, status: int, sentence: str) -> None:
    answer = httpx.get(f"{root}/ogc/{asked}")
    assert (answer.status_code, sentence in answer.json()["description"]) == (status, True), answer.text


def test_names_in_a_page_are_text_and_never_script(root: str) -> None:
    shown = httpx.get(f"{root}/ogc/collections/cameras/items?code=c2", headers={"Accept": "text/html"})
    assert shown.headers["Content-Type"].startswith("text/html")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown.text
    assert "<script" not in shown.text


def test_links_name_the_host_that_was_asked(root: str) -> None:
    said = httpx.get(f"{root}/ogc", headers={"Host": "map.county.example:8080"}).json()
    assert {urlsplit(each["href"]).netloc for each in said["links"]} == {"map.county.example:8080"}


@pytest.mark.parametrize(("scope", "count", "exact"), [(Scope("leader"), 1000, False), (Scope("staff"), 1000, True), (Scope(area=EAST), 500, True)])
def test_a_reader_is_told_what_his_scope_lets_him_see(root: str, monkeypatch: pytest.MonkeyPatch, scope: Scope, count: int, exact: bool) -> None:
    monkeypatch.setattr(app.ogc.service, "scope_of", lambda request: scope)
    said = _items(root, "limit=50")
    assert said["numberMatched"] == count
    rounded = [each["geometry"]["coordinates"] == [round(part, 2) for part in each["geometry"]["coordinates"]] for each in said["features"]]
    assert all(rounded) is not exact


def test_a_store_that_is_away_is_said_with_a_503() -> None:
    away = Door(create_engine("postgresql+psycopg2://nobody@127.0.0.1:1/none"))
    with served(server(away)) as url:
        for path in ("ogc", "ogc/collections/cameras/items", "tilejson/cameras.json", "export/cameras.gpkg"):
            answer = httpx.get(url + path)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5"), path


def test_tilejson_leads_to_tiles_that_hold_what_it_says(root: str) -> None:
    import mapbox_vector_tile

    said = httpx.get(f"{root}/tilejson/cameras.json").json()
    assert said["bounds"] == [124.0, 30.0, 124.4, 30.2]
    layers = {each["id"]: each for each in said["vector_layers"]}
    tile = mapbox_vector_tile.decode(httpx.get(said["tiles"][0].format(z=8, x=216, y=105)).content)
    for name, layer in tile.items():
        assert {key for each in layer["features"] for key in each["properties"]} <= set(layers[name]["fields"])
    style = httpx.get(f"{root}/tilejson/cameras.style.json").json()
    assert style["sources"]["cameras"]["url"] == f"{root}/tilejson/cameras.json"
    assert {each["source-layer"] for each in style["layers"]} <= set(layers)
    assert "feature-state" not in json.dumps(style)
    assert httpx.get(f"{root}/tilejson/none.json").status_code == 404


def test_a_geopackage_is_downloaded_and_refused_in_one_sentence(root: str, tmp_path: Path) -> None:
    import pyogrio

    answer = httpx.get(f"{root}/export/cameras.gpkg?unit={WEST}&day=2026-01-31")
    assert answer.headers["Content-Type"] == "application/geopackage+sqlite3"
    file = tmp_path / "c.gpkg"
    file.write_bytes(answer.content)
    assert 0 < pyogrio.read_info(file, layer="cameras")["features"] < 500
    assert httpx.get(f"{root}/export/cameras.gpkg?day=soon").json()["problem"] == "day=soon: this is no day; write 2026-01-31."
    assert httpx.get(f"{root}/export/none.gpkg").status_code in (400, 404)
