"""Files that mean harm: they read nothing else, ask nobody, fill no disk, and are refused in one sentence."""

import json
import os
import sqlite3
import stat
import struct
import subprocess
import sys
import threading
import time
import urllib.request
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace

import numpy as np
import pytest
import shapely

from etl.errors import SourceError
from etl.read import archive, read
from etl.recipe import Recipe
from etl.shapes import made_fit
from etl.systems import to_degrees
from layers._theme import Geometry
from tests.etl.files import kml, packed, sheet, text
from tests.etl.test_read import HALLS, HEADER, VILLAGES, asked, refused

# --- zips ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../村.shp", "数据/../../村.shp", "/etc/村.shp", "..\\村.shp", "C:\\村.shp", "C:/村.shp"]
)
def test_a_zip_that_leads_out_of_its_folder(tmp_path, name):
    path = packed(tmp_path / "a.zip", {name: b"x"})
    shown = name.replace("\\", "/")
    assert refused(path) == f"it holds {shown!r}, which leads out of its folder; ask who made this zip."
    assert [each.name for each in tmp_path.iterdir()] == ["a.zip"]


def test_a_zip_with_a_link_in_it(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        info = zipfile.ZipInfo("村.shp")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(info, "/etc/passwd")
    assert refused(tmp_path / "a.zip") == "it holds '村.shp', which leads out of its folder; ask who made this zip."


def test_a_zip_with_one_name_twice(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made, pytest.warns(UserWarning, match="Duplicate name"):
        made.writestr("村.shp", b"x")
        made.writestr("村.shp", b"y")
    assert refused(tmp_path / "a.zip") == "it holds '村.shp' twice; ask which of the two is meant."


def test_a_zip_of_too_many_files(tmp_path):
    packed(tmp_path / "a.zip", {f"{n}.txt": b"" for n in range(10_001)} | {"村.shp": b""})
    assert refused(tmp_path / "a.zip") == (
        "it holds 10,002 files, more than 10,000; send only the data, in a zip of its own."
    )


def test_a_zip_of_zeros(tmp_path):
    packed(tmp_path / "a.zip", {"村.shp": bytes(70 << 20), "村.dbf": b""})
    assert (tmp_path / "a.zip").stat().st_size < 100_000
    assert refused(tmp_path / "a.zip") == (
        "it unpacks to more than 250 times its size; send the data unpacked, or ask who made this zip."
    )


def test_a_zip_larger_than_any_county(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MOST_BYTES", 1 << 30)
    path = packed(tmp_path / "a.zip", {"村.shp": b"x"})
    whole = path.read_bytes()
    at = whole.rindex(b"PK\x01\x02")
    path.write_bytes(whole[: at + 24] + struct.pack("<I", (1 << 30) + 1) + whole[at + 28 :])
    assert refused(path) == "unpacked it would be larger than 1 GB; send the parts in files of their own."


def test_a_zip_that_takes_too_long(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MOST_SECONDS", -1.0)
    path = packed(tmp_path / "a.zip", {"村.shp": b"x", "村.dbf": b"x"})
    assert refused(path) == "unpacking takes longer than -1 seconds; send the data unpacked."


def test_a_zip_for_which_the_disk_has_no_room(tmp_path, monkeypatch):
    monkeypatch.setattr(archive.shutil, "disk_usage", lambda _folder: SimpleNamespace(free=0))
    said = refused(packed(tmp_path / "a.zip", {"村.shp": b"x" * 99, "村.dbf": b"x"}))
    assert said.startswith("unpacked it needs 0 MB, and ") and said.endswith(" has 0 MB; make room.")


def test_a_zip_with_a_password(tmp_path):
    path = packed(tmp_path / "a.zip", {"村.shp": b"x", "村.dbf": b"x"})
    whole = path.read_bytes()
    at = whole.rindex(b"PK\x01\x02")
    path.write_bytes(whole[: at + 8] + b"\x01" + whole[at + 9 :])
    assert refused(path) == "it is locked with a password; send it without."


def workbook_with(tmp_path, name, content):
    """A workbook whose member of that name is another."""
    whole = zipfile.ZipFile(sheet(tmp_path / "b.xlsx", [HEADER, ["1"] * len(HEADER)]))
    return packed(tmp_path / "a.xlsx", {each: whole.read(each) for each in whole.namelist()} | {name: content})


def test_a_workbook_whose_sheet_is_larger_than_it_says(tmp_path):
    path = workbook_with(tmp_path, "xl/media/a.bin", bytes(80 << 20))
    whole = path.read_bytes()
    at = whole.rindex(b"PK\x01\x02", 0, whole.rindex(b"xl/media/a.bin"))
    path.write_bytes(whole[: at + 24] + struct.pack("<I", 100) + whole[at + 28 :])
    assert refused(path, "cameras") == (
        "it unpacks to more than 250 times its size; send the data unpacked, or ask who made this zip."
    )


# --- XML ----------------------------------------------------------------------------------------------------------------

LAUGHS = '<!DOCTYPE kml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
PASSWD = '<!DOCTYPE kml [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
PARAMETER = '<!DOCTYPE kml [<!ENTITY % a SYSTEM "http://127.0.0.1:1/a">%a;]>'
ENTITIES = "its XML declares entities of its own; save it again from the program that made it."


@pytest.mark.parametrize("head", [LAUGHS, PASSWD, PARAMETER])
def test_kml_with_entities(tmp_path, head):
    path = kml(tmp_path / "a.kml", "<Placemark><name>&a;</name></Placemark>", head=head)
    assert refused(path) == ENTITIES
    assert refused(packed(tmp_path / "a.kmz", {"doc.kml": path.read_bytes()})) == ENTITIES


def test_a_workbook_with_entities(tmp_path):
    shared = f'<?xml version="1.0"?>{LAUGHS.replace("kml", "sst")}<sst><si><t>&b;</t></si></sst>'
    path = workbook_with(tmp_path, "xl/sharedStrings.xml", shared)
    with pytest.raises(SourceError) as problem:
        read(path, asked("cameras"))
    assert str(problem.value) == f"{path}/xl/sharedStrings.xml: {ENTITIES}"


def test_a_document_of_a_hundred_thousand_folders(tmp_path):
    deep = (
        "<Folder>" * 100_000
        + "<Placemark><Point><coordinates>124,30</coordinates></Point></Placemark>"
        + "</Folder>" * 100_000
    )
    assert len(read(kml(tmp_path / "a.kml", deep), asked("cameras")).frame) == 1


# --- reading what lies elsewhere ----------------------------------------------------------------------------------------


HITS = []


@pytest.fixture
def listener(server):
    """A server on this machine that remembers who asked."""
    HITS.clear()
    return SimpleNamespace(url=server, hits=HITS)


@pytest.fixture(scope="module")
def server():

    class Remember(BaseHTTPRequestHandler):
        def do_GET(self):
            HITS.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def do_HEAD(self):
            self.do_GET()

        def log_message(self, *_words):
            pass

    made = HTTPServer(("127.0.0.1", 0), Remember)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    made.server_close()


def feature(**more):
    point = {"type": "Feature", "properties": {"名称": "甲"}, "geometry": {"type": "Point", "coordinates": [124, 30]}}
    return json.dumps({"type": "FeatureCollection", **more, "features": [point]})


def vrt(source):
    return f'<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>{source}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'


TRICKS = {
    "VRT": lambda url: vrt(f"/vsicurl/{url}/a.geojson"),
    "VRT of a file here": lambda _url: vrt("CSV:/etc/passwd"),
    "GDALG": lambda url: json.dumps(
        {"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline read {url}/a"}
    ),
    "WFS": lambda url: f"<OGRWFSDataSource><URL>{url}/wfs</URL></OGRWFSDataSource>",
    "CRS by link": lambda url: feature(crs={"type": "link", "properties": {"href": f"{url}/crs", "type": "proj4"}}),
    "CRS by url": lambda url: feature(crs={"type": "url", "properties": {"url": f"{url}/crs"}}),
    "CRS by name": lambda url: feature(crs={"type": "name", "properties": {"name": f"{url}/crs"}}),
    "CRS by reference": lambda url: feature(coordRefSys=f"{url}/crs"),
    "TopoJSON": lambda url: json.dumps({"type": "Topology", "href": url}),
    "ESRI JSON": lambda url: json.dumps({"geometryType": "esriGeometryPoint", "url": url, "features": []}),
    "network link": lambda url: (
        f'<kml xmlns:atom="a"><Document><NetworkLink><Link><href>{url}/a.kml</href></Link></NetworkLink><Placemark>'
        f"<styleUrl>{url}/s.kml#a</styleUrl><Point><coordinates>124,30</coordinates></Point></Placemark></Document></kml>"
    ),
    "a path of GDAL's": lambda url: f"/vsicurl/{url}/a.geojson",
    "external entity": lambda url: f'<!DOCTYPE kml SYSTEM "{url}/a.dtd"><kml><Placemark/></kml>',
}


@pytest.mark.parametrize("suffix", [".geojson", ".kml", ".shp", ".csv"])
@pytest.mark.parametrize("trick", TRICKS)
def test_a_file_that_points_elsewhere_reads_nothing_there(tmp_path, listener, trick, suffix):
    path = text(tmp_path / f"a{suffix}", TRICKS[trick](listener.url))
    shown = ""
    try:
        shown = str(read(path, asked("units")).frame.to_dict())
    except SourceError as problem:
        shown = str(problem)
    assert "root:" not in shown
    assert listener.hits == []


@pytest.mark.parametrize("trick", TRICKS)
def test_the_same_inside_a_zip_and_one_feature_a_line(tmp_path, listener, trick):
    evil = TRICKS[trick](listener.url)
    inside = {"zip": packed(tmp_path / "a.zip", {"a.geojson": evil}), "lines": text(tmp_path / "a.geojsonl", f"{evil}\n{evil}")}
    for path in inside.values():
        try:
            shown = str(read(path, asked("units")).frame.to_dict())
        except SourceError as problem:
            shown = str(problem)
        assert "root:" not in shown
    assert listener.hits == []


def test_the_same_where_the_environment_wants_no_proxy(tmp_path, listener):
    path = text(tmp_path / "a.geojson", TRICKS["CRS by link"](listener.url))
    asking = f"import etl, pyogrio; print(len(pyogrio.raw.read({str(path)!r})[2]))"
    env = os.environ | {"no_proxy": "*", "NO_PROXY": "127.0.0.1", "GDAL_HTTP_PROXY": ""}
    done = subprocess.run([sys.executable, "-c", asking], env=env, capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), listener.hits) == ("1", [])


def test_tables_and_views_of_a_geopackage_that_point_elsewhere(tmp_path, listener):
    path = tmp_path / "a.gpkg"
    VILLAGES.to_file(path, layer="村")
    with sqlite3.connect(path) as store:
        store.execute("UPDATE gpkg_spatial_ref_sys SET definition = ? WHERE srs_id = 4490", (f"{listener.url}/srs",))
        store.execute("PRAGMA writable_schema = 1")
        evil = f"CREATE VIRTUAL TABLE evil USING VirtualOGR('/vsicurl/{listener.url}/a.geojson')"
        store.execute("INSERT INTO sqlite_master VALUES ('table', 'evil', 'evil', 0, ?)", (evil,))
        store.execute("INSERT INTO gpkg_contents (table_name, data_type, srs_id) VALUES ('evil', 'features', 4490)")
        store.execute("INSERT INTO gpkg_geometry_columns VALUES ('evil', 'geom', 'POLYGON', 4490, 0, 0)")
    for layer in ("村", "evil"):
        try:
            read(path, asked(layer=layer))
        except SourceError as problem:
            assert str(problem).endswith("; ask for the file again.") or "CRS" in str(problem)
    assert listener.hits == []


def test_the_listener_hears(listener):
    urllib.request.urlopen(f"{listener.url}/heard").close()
    assert listener.hits == ["/heard"]


def test_a_projection_file_that_is_an_address(tmp_path, listener):
    VILLAGES.to_file(tmp_path / "a.shp")
    (tmp_path / "a.prj").write_text(f"{listener.url}/prj")
    assert read(tmp_path / "a.shp", asked()).crs is None
    assert listener.hits == []


# --- rows ---------------------------------------------------------------------------------------------------------------


def test_formulas_and_markup_stay_text(tmp_path):
    words = [
        "=1+1",
        "@SUM(A1)",
        "+cmd|' /C calc'!A0",
        "<img src=x onerror=alert(1)>",
        "</script>",
        "javascript:alert(1)",
        "\\N",
        "'; DROP TABLE",
    ]
    rows = "".join(f'{n},"{each}",开放,124.1,30.1\n' for n, each in enumerate(words))
    raw = read(text(tmp_path / "a.csv", HALLS.splitlines()[0] + "\n" + rows), asked("halls"))
    assert list(raw.frame["礼堂名称"]) == words
    book = sheet(
        tmp_path / "a.xlsx",
        [HALLS.splitlines()[0].split(","), *[[n, each, "开放"] for n, each in enumerate(words[3:])]],
    )
    assert list(read(book, asked("halls")).frame["礼堂名称"]) == words[3:]


def test_a_polygon_of_a_million_corners_in_seconds(tmp_path):
    angle = np.linspace(0, 2 * np.pi, 1_000_000, endpoint=False)
    round_ = shapely.Polygon(np.column_stack([124 + 0.1 * np.cos(angle), 30 + 0.1 * np.sin(angle)]))
    VILLAGES[:1].set_geometry([round_]).to_file(tmp_path / "a.gpkg")
    began = time.perf_counter()
    raw = read(tmp_path / "a.gpkg", asked())
    shapes, _ = to_degrees("a.gpkg", raw.shapes, raw.crs, Recipe(theme="units", source="u"))
    fit, rules, _ = made_fit(shapes, Geometry.AREA)
    assert (shapely.get_num_coordinates(fit[0]), list(rules)) == (1_000_001, [""])
    assert time.perf_counter() - began < 30


def test_shapes_that_are_none(tmp_path):
    lost = [
        shapely.Point(np.nan, np.nan), shapely.Point(np.inf, 0), shapely.Point(), shapely.LineString(),
        shapely.GeometryCollection([shapely.Point(124, 30), shapely.box(124, 30, 125, 31)]), shapely.box(124, 30, 124, 30), None,
    ]  # fmt: skip
    fit, rules, _ = made_fit(np.array(lost, dtype=object), Geometry.AREA)
    assert list(rules) == [
        "not_on_earth",
        "not_on_earth",
        "no_geometry",
        "no_geometry",
        "other_geometry",
        "other_geometry",
        "no_geometry",
    ]
    assert shapely.is_missing(fit).all()


@pytest.mark.parametrize("value", ["NaN", "Infinity", '"124"', "1e999", "null"])
def test_coordinates_of_a_geojson_that_are_no_numbers(tmp_path, value):
    whole = feature()
    path = text(
        tmp_path / "a.geojson",
        whole.replace("[124, 30]", f"[{value}, 30]").replace(
            '"features": [', '"features": [' + json.dumps(json.loads(whole)["features"][0]) + ","
        ),
    )
    try:
        raw = read(path, asked("cameras"))
    except SourceError as problem:
        assert str(problem) == f"{path}: it is broken or cut short; ask for the file again."
        return
    fit, rules, _ = made_fit(raw.shapes, Geometry.POINT)
    assert (fit[0].wkt, len(rules)) == ("POINT (124 30)", 2)
    assert rules[1] != ""
