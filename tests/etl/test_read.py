"""What a file is, its content decides; what cannot be read is refused in one sentence."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import shapely

from etl.clean import clean
from etl.errors import SourceError
from etl.read import Asked, read
from etl.read.asked import is_private
from etl.recipe import Recipe
from layers import theme
from tests import drawn
from tests.etl.files import shapefile, sheet, text, zipped

VILLAGES = drawn.areas("AAB", "AAB").assign(代码=["990101001201", "990101001202"], 名称=["王坛村", "居庸关村"])
HALLS = "礼堂编号,礼堂名称,使用状态,经度,纬度\n1,甲村礼堂,开放,124.1,30.1\n2,乙村礼堂,在建,124.2,30.2\n"


def asked(name="units", **recipe):
    return Asked(theme(name), Recipe(theme=name, source=name, **recipe))


def refused(path, name="units", **recipe):
    with pytest.raises(SourceError) as problem:
        read(path, asked(name, **recipe))
    assert str(problem.value).startswith(f"{path}: ")
    return str(problem.value).removeprefix(f"{path}: ")


@pytest.mark.parametrize("encoding", ["GBK", "GB18030", "UTF-8"])
def test_a_shapefile_zip_is_decoded_here(tmp_path, encoding):
    path = zipped(shapefile(VILLAGES, tmp_path / "a", encoding=encoding), tmp_path / "村界.zip")
    raw = read(path, asked())
    assert list(raw.frame["名称"]) == ["王坛村", "居庸关村"]
    assert list(raw.frame.index) == [1, 2]
    assert dict(raw.changes) == ({} if encoding == "UTF-8" else {"encoding GB18030": 1})
    assert raw.crs.to_epsg() == 4490


def test_a_cpg_that_lies_is_not_believed(tmp_path):
    shp = shapefile(VILLAGES, tmp_path / "a")
    shp.with_suffix(".cpg").write_text("UTF-8")
    assert list(read(shp, asked()).frame["名称"]) == ["王坛村", "居庸关村"]


def test_names_cut_inside_a_character_are_read(tmp_path):
    rows = VILLAGES.assign(行政区划代码表="x")
    raw = read(shapefile(rows, tmp_path / "a", encoding="UTF-8"), asked())
    assert list(raw.frame.columns) == ["letter", "代码", "名称", "行政区"]


@pytest.mark.filterwarnings("ignore")
def test_names_that_were_cut_and_numbered_are_read(tmp_path):
    rows = VILLAGES.assign(摄像机类型="x", 摄像机位置类型="y", 摄像机编码格式="z")
    raw = read(shapefile(rows, tmp_path / "a", encoding="UTF-8"), asked())
    assert [each for each in raw.frame if each.startswith("摄")] == ["摄像机", "摄像机 2", "摄像_1"]
    assert list(raw.frame.loc[1])[-3:] == ["x", "y", "z"]


def test_the_folder_of_a_shapefile(tmp_path):
    shapefile(VILLAGES, tmp_path / "a")
    assert len(read(tmp_path / "a", asked()).frame) == 2


def test_a_missing_index_is_made_anew_and_counted(tmp_path):
    path = zipped(shapefile(VILLAGES, tmp_path / "a"), tmp_path / "a.zip", leave=(".shx",))
    raw = read(path, asked())
    assert raw.changes["index .shx made anew"] == 1
    assert shapely.area(raw.shapes).sum() > 0


def test_a_shapefile_without_its_table_is_refused(tmp_path):
    path = zipped(shapefile(VILLAGES, tmp_path / "a"), tmp_path / "a.zip", leave=(".dbf",))
    assert refused(path) == "it has no .dbf beside it; send all the files of the Shapefile together."


def test_a_shapefile_cut_short_is_refused(tmp_path):
    shp = shapefile(VILLAGES, tmp_path / "a")
    whole = shp.read_bytes()
    shp.write_bytes(whole[:-40])
    assert refused(shp) == f"its .shp is cut short ({len(whole) - 40} of {len(whole)} bytes); ask for the file again."


def test_two_shapefiles_in_one_zip(tmp_path):
    first, second = shapefile(VILLAGES, tmp_path / "a", "甲"), shapefile(VILLAGES[:1], tmp_path / "a", "乙")
    with zipfile.ZipFile(tmp_path / "两.zip", "w") as archive:
        for part in first.parent.iterdir():
            archive.write(part, part.name)
    path = tmp_path / "两.zip"
    assert refused(path) == 'it holds 2 Shapefiles; write layer = "..." in the recipe, or send one file for each.'
    assert len(read(path, asked(layer=second.stem)).frame) == 1


def test_a_zip_cut_short(tmp_path):
    path = zipped(shapefile(VILLAGES, tmp_path / "a"), tmp_path / "a.zip")
    path.write_bytes(path.read_bytes()[:-30])
    assert refused(path) == "it is broken or cut short; ask for the file again."


def test_an_encoding_that_the_recipe_says_wrongly(tmp_path):
    path = shapefile(VILLAGES, tmp_path / "a")
    assert refused(path, encoding="UTF-8") == 'its text is not UTF-8; write encoding = "..." in the recipe.'
    assert "there is no encoding 'klingon'" in refused(path, encoding="klingon")


def test_a_geopackage(tmp_path):
    path = tmp_path / "a.gpkg"
    VILLAGES.to_file(path, layer="村")
    assert list(read(path, asked()).frame["代码"]) == ["990101001201", "990101001202"]
    VILLAGES.to_file(path, layer="镇")
    assert refused(path) == 'it has the layers 村, 镇; write layer = "..." in the recipe.'
    assert refused(path, layer="县") == "it has no layer '县'; use one of 村, 镇."
    assert len(read(path, asked(layer="镇")).frame) == 2


def test_a_geopackage_cut_short(tmp_path):
    VILLAGES.to_file(tmp_path / "a.gpkg")
    (tmp_path / "a.gpkg").write_bytes((tmp_path / "a.gpkg").read_bytes()[:20000])
    assert refused(tmp_path / "a.gpkg").endswith("; ask for the file again.")


def test_geojson_with_and_without_properties(tmp_path):
    VILLAGES.to_crs(4326).to_file(tmp_path / "a.geojson")
    assert list(read(tmp_path / "a.geojson", asked()).frame["名称"]) == ["王坛村", "居庸关村"]
    bare = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}}],
    }
    path = text(tmp_path / "b.geojson", json.dumps(bare))
    assert len(read(path, asked("cameras")).frame) == 1


def test_a_ring_that_is_not_closed_is_one_rows_fault(tmp_path):
    rings = [[[0, 0], [1, 0], [1, 1], [0, 0]], [[0, 0], [1, 0], [1, 1]]]
    features = [{"type": "Feature", "properties": {"n": n}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
                for n, ring in enumerate(rings)]  # fmt: skip
    path = text(tmp_path / "a.geojson", json.dumps({"type": "FeatureCollection", "features": features}))
    raw = read(path, asked())
    assert list(raw.broken) == [2]
    assert raw.shapes[0] is not None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is empty; ask for the file again."),
        (b"\xef\xbb\xbf\r\n", "it is empty; ask for the file again."),
        (
            b"<OGRVRTDataSource></OGRVRTDataSource>",
            "it is XML; bring the layer as KML, Shapefile or GeoPackage, or the table as .xlsx.",
        ),
        (b'{"type": "gdal_streamed_alg"}', "it is JSON without a list of rows; ask for GeoJSON, or a table."),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "it is a document of Office without a sheet; save its table as .xlsx or .csv."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "it is a picture; ask for the table or the map layer that it was made from."),
        (b"Rar!\x1a\x07\x01\x00", "it is a RAR archive; unpack it, and bring the files or a zip of them."),
        (b'GEOGCS["GCS_WGS_1984"]', "it is the .prj of a Shapefile; bring all the files of the Shapefile together:"),
        (b"<gml:a xmlns:gml='http://www.opengis.net/gml'/>", "it is GML; export the layer as Shapefile, GeoPackage or GeoJSON."),
        (b"\x00\x01\x02\x03" * 99, "it is no kind of file that can be read; bring Shapefile,"),
        (b'{"type": "FeatureCollection", "features": [', "it is broken or cut short; ask for the file again."),
        (b'{"type": "FeatureCollection", "features": []}', "it has no rows; ask for the file again."),
    ],
)
def test_what_is_no_file_of_ours(tmp_path, content, words):
    (tmp_path / "a.geojson").write_bytes(content)
    assert refused(tmp_path / "a.geojson").startswith(words)


def test_what_is_not_there(tmp_path):
    assert refused(tmp_path / "a.csv") == "there is no such file; check the path."
    assert refused(Path("/vsicurl/a.csv")) == "it is not a path on this machine; save the file here first."
    (tmp_path / "empty").mkdir()
    assert refused(tmp_path / "empty").startswith("it is a folder that holds no map; bring")


def test_no_other_driver_is_loaded():
    """A VRT or GDALG under any name could read other files of the machine, or ask other hosts."""
    asked_for = "import etl, pyogrio; print(sorted(pyogrio.list_drivers()))"
    home = Path(__file__).parents[2]
    told = subprocess.run(
        [sys.executable, "-c", asked_for], cwd=home, env=os.environ, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "['DXF', 'ESRI Shapefile', 'FlatGeobuf', 'GPKG', 'GeoJSON', 'MEM', 'OpenFileGDB']"


@pytest.mark.parametrize(
    ("encoding", "changes"),
    [("utf-8", {}), ("utf-8-sig", {}), ("gb18030", {"encoding GB18030": 1}), ("utf-16", {"encoding UTF-16": 1})],
)
def test_csv_in_any_encoding(tmp_path, encoding, changes):
    raw = read(text(tmp_path / "a.csv", HALLS, encoding), asked("halls"))
    assert list(raw.frame["礼堂名称"]) == ["甲村礼堂", "乙村礼堂"]
    assert dict(raw.changes) == changes


@pytest.mark.parametrize("delimiter", ["\t", ";", "|"])
def test_other_delimiters(tmp_path, delimiter):
    raw = read(text(tmp_path / "a.txt", HALLS.replace(",", delimiter)), asked("halls"))
    assert list(raw.frame["经度"]) == ["124.1", "124.2"]


def test_csv_with_a_title_and_quotes(tmp_path):
    content = "文化礼堂台账\n" + HALLS.replace("甲村礼堂", '"甲村,\n礼堂"')
    raw = read(text(tmp_path / "a.csv", content), asked("halls"))
    assert list(raw.frame["礼堂名称"]) == ["甲村,\n礼堂", "乙村礼堂"]


def test_a_csv_row_of_another_length_is_its_own_fault(tmp_path):
    raw = read(text(tmp_path / "a.csv", HALLS + "3,丙村礼堂,开放\n"), asked("halls"))
    assert len(raw.frame) == 3
    assert raw.broken == {3: "3 cells under 5 headers"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            "甲,乙\n1,2\n",
            "no header is one of halls; it has 甲,乙; write a recipe with [fields], or give the right --theme.",
        ),
        (HALLS.splitlines()[0] + "\n", "it has headers and no rows; ask for the file again."),
    ],
)
def test_csv_that_is_refused(tmp_path, content, words):
    assert refused(text(tmp_path / "a.csv", content), "halls") == words


def test_text_in_no_encoding(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"name,\xff\xff\xff\n1,2\n")
    assert refused(tmp_path / "a.csv", "halls") == (
        'its text is neither UTF-8 nor GB18030; write encoding = "..." in the recipe.'
    )


HEADER = ["设备编码*", "设备名称", "联网属性", "设备状态", "经度\n(度)", "纬度", "密码", "IP地址", "管理单位联系方式"]


def test_xlsx_with_a_title_above_its_headers(tmp_path):
    rows = [
        ["一机一档"],
        HEADER,
        ["99010100001320000001", "村口", 0, 1, 124.1, 30.1, "secret", "10.0.0.1", "138"],
        [],
        ["2", "村尾"],
    ]
    raw = read(sheet(tmp_path / "a.xlsx", rows), asked("cameras"))
    assert list(raw.frame.columns) == ["设备编码*", "设备名称", "联网属性", "设备状态", "经度\n(度)", "纬度"]
    assert dict(raw.changes) == {"private column left out": 3, "blank row skipped": 1}
    assert raw.frame.loc[1, "设备编码*"] == "99010100001320000001"
    assert raw.frame.loc[2, "纬度"] is None


def test_xlsx_that_is_refused(tmp_path):
    path = sheet(tmp_path / "a.xlsx", [["甲", "乙"], [1, 2]], "表一")
    assert refused(path, "cameras") == (
        "no row of 表一 holds headers of cameras; write a recipe with [fields] and header_row, or give the right --theme."
    )
    assert refused(path, "cameras", sheet="二") == "it has no sheet '二'; use one of 表一."
    assert (
        refused(sheet(tmp_path / "b.xlsx", [HEADER]), "cameras")
        == "it has headers and no rows; ask for the file again."
    )
    (tmp_path / "c.xlsx").write_bytes(path.read_bytes()[:-50])
    assert refused(tmp_path / "c.xlsx", "cameras") == "it is broken or cut short; ask for the file again."


@pytest.mark.parametrize(
    "header", ["密码", "IP地址", "ipv4", "MAC 地址", "联系电话", "身份证号", "Phone", "GLDWLXFS", "UserName"]
)
def test_private_headers(header):
    assert is_private(header)


@pytest.mark.parametrize("header", ["description", "shipping", "name", "名称", "machine", "是否联网", "LXBCTS"])
def test_headers_that_only_look_private(header):
    assert not is_private(header)


def test_a_quotation_mark_that_is_not_closed_says_how_many_lines_it_took(tmp_path):
    path = text(tmp_path / "a.csv", HALLS.replace("2,乙村", '2,"乙村') + "3,丙村礼堂,开放,124.3,30.3\n")
    done = clean("a.csv", read(path, asked("halls")), theme("halls"), asked("halls").recipe, "a")
    assert (done.findings[0].reason.zh, done.findings[0].reason.en) == (
        "该行已损坏：有一个引号没有配对，2行连成了一格，请补上引号后重发",
        "a quotation mark in it is not closed: 2 lines are one cell",
    )
