"""Each kind of file as offices send it: by content, whatever its name says."""

import shutil
import sqlite3
import struct
from pathlib import Path

import numpy as np
import pytest
import shapely

from etl.read import kind_of, read
from tests import drawn
from tests.etl.files import block, drawing, kml, outline, packed, sheet, text, word
from tests.etl.test_read import HALLS, HEADER, VILLAGES, asked, refused

GOLDEN = Path(__file__).parents[1] / "golden"


def gdb(folder):
    VILLAGES.to_file(folder / "a.gdb", driver="OpenFileGDB", layer="村界")
    return folder / "a.gdb"


def zipped_gdb(folder, to):
    parts = {f"数据.gdb/{each.name}": each.read_bytes() for each in gdb(folder).iterdir()}
    return packed(to, parts | {"说明.txt": "x"})


def test_flatgeobuf_under_any_name(tmp_path):
    VILLAGES.to_file(tmp_path / "a.fgb")
    path = (tmp_path / "a.fgb").rename(tmp_path / "a.csv")
    raw = read(path, asked())
    assert (kind_of(path).name, raw.crs.to_epsg()) == ("FlatGeobuf", 4490)
    assert sorted(raw.frame["名称"]) == ["居庸关村", "王坛村"]


def test_a_geodatabase_folder_and_its_zip(tmp_path):
    assert list(read(gdb(tmp_path), asked()).frame["名称"]) == ["王坛村", "居庸关村"]
    path = zipped_gdb(tmp_path / "b", tmp_path / "a.zip") if (tmp_path / "b").mkdir() is None else None
    raw = read(path, asked())
    assert (kind_of(path).name, raw.crs.to_epsg(), list(raw.frame["代码"])) == (
        "FileGDB", 4490, ["990101001201", "990101001202"])  # fmt: skip


def test_a_geodatabase_with_two_layers_asks_which(tmp_path):
    VILLAGES.to_file(gdb(tmp_path), driver="OpenFileGDB", layer="镇界", mode="a")
    assert refused(tmp_path / "a.gdb") == 'it has the layers 村界, 镇界; write layer = "..." in the recipe.'
    assert len(read(tmp_path / "a.gdb", asked(layer="镇界")).frame) == 2


def test_two_geodatabases_in_one_zip(tmp_path):
    one = gdb(tmp_path)
    parts = {f"{n}.gdb/{each.name}": each.read_bytes() for n in "甲乙" for each in one.iterdir()}
    assert refused(packed(tmp_path / "a.zip", parts)) == "it holds 2 geodatabases; send one zip for each."


RING = "<LinearRing><coordinates>124,30,0 124.1,30,0 124.1,30.1,0 124,30,0</coordinates></LinearRing>"
AREA = f"<Polygon><outerBoundaryIs>{RING}</outerBoundaryIs></Polygon>"
MARKS = f"""<Folder><name>甲镇</name><Placemark><name>王坛村</name><description><![CDATA[<table><tr><td>代码</td>
<td>990101001201</td></tr><tr><td>人口</td><td>1&lt;2</td></tr></table>]]></description>{AREA}</Placemark></Folder>
<Placemark><name>乙</name><ExtendedData><Data name="代码"><value>2</value></Data><SchemaData><SimpleData name="户数">7
</SimpleData></SchemaData></ExtendedData><MultiGeometry>{AREA}{AREA}</MultiGeometry></Placemark>
<NetworkLink><Link><href>a.kml</href></Link></NetworkLink>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16"])
def test_kml_with_folders_balloons_and_data(tmp_path, encoding):
    raw = read(kml(tmp_path / "a.txt", MARKS, encoding=encoding), asked())
    assert raw.frame.loc[1].dropna().to_dict() | {"description": ""} == {
        "folder": "甲镇", "name": "王坛村", "description": "", "代码": "990101001201", "人口": "1<2"}  # fmt: skip
    assert tuple(raw.frame.loc[2, ["name", "代码", "户数"]]) == ("乙", "2", "7")
    assert [each.geom_type for each in raw.shapes] == ["Polygon", "MultiPolygon"]
    assert raw.changes["network link not followed"] == 1
    assert raw.changes["encoding GB18030"] == int(encoding == "gbk")


def test_kml_of_every_shape(tmp_path):
    point = "<Point><coordinates> 124.5 , 30.5 </coordinates></Point>"
    line = "<LineString><coordinates>124,30 125,31</coordinates></LineString>"
    track = "<gx:Track xmlns:gx='g'><gx:coord>124 30 0</gx:coord><gx:coord>125 31 0</gx:coord></gx:Track>"
    hole = "<innerBoundaryIs><LinearRing><coordinates>124.05,30.01 124.09,30.01 124.09,30.05 124.05,30.01</coordinates></LinearRing></innerBoundaryIs>"
    with_hole = f"<Polygon><outerBoundaryIs>{RING}</outerBoundaryIs>{hole}</Polygon>"
    mixed = f"<MultiGeometry>{point}{line}</MultiGeometry>"
    shapes = [point, line, track, with_hole, mixed, ""]
    raw = read(kml(tmp_path / "a.kml", "".join(f"<Placemark>{each}</Placemark>" for each in shapes)), asked())
    assert [each and each.geom_type for each in raw.shapes] == [
        "Point", "LineString", "LineString", "Polygon", "GeometryCollection", None]  # fmt: skip
    assert (raw.shapes[0].x, len(raw.shapes[3].interiors), raw.broken) == (124.5, 1, {})


@pytest.mark.parametrize(
    "coordinates", ["124,30 125,30 125,31", "124,30 125,30 125,31 124,31", "124,30", "a,b c,d", "124"]
)
def test_a_placemark_with_a_broken_ring_is_one_rows_fault(tmp_path, coordinates):
    ring = f"<LinearRing><coordinates>{coordinates}</coordinates></LinearRing>"
    wrong = f"<Placemark><Polygon><outerBoundaryIs>{ring}</outerBoundaryIs></Polygon></Placemark>"
    raw = read(kml(tmp_path / "a.kml", wrong + f"<Placemark>{AREA}</Placemark>"), asked())
    assert raw.broken == {1: "its geometry is broken (a ring that is not closed, or too few points)"}
    assert raw.shapes[0] is None
    assert raw.shapes[1] is not None


def test_kmz_takes_the_document_that_google_earth_opens(tmp_path):
    whole = kml(tmp_path / "a.kml", MARKS).read_bytes()
    path = packed(tmp_path / "a.kmz", {"files/b.kml": "<kml/>", "doc.kml": whole, "files/icon.png": b"x"})
    assert len(read(path, asked()).frame) == 2
    path = packed(tmp_path / "b.kmz", {"甲.kml": "<kml/>", "乙.kml": whole})
    assert refused(path) == 'it holds 2 KML documents; write layer = "..." in the recipe.'
    assert len(read(path, asked(layer="乙")).frame) == 2


def test_kml_that_is_refused(tmp_path):
    assert refused(kml(tmp_path / "a.kml", "")) == "it has no placemark; export the places, not the view."
    assert refused(text(tmp_path / "a.kml", f"<kml>{MARKS}")) == "it is broken or cut short; ask for the file again."
    (tmp_path / "a.kml").write_bytes(b"<kml>\xff\xff\xff</kml>")
    words = 'its text is neither UTF-8 nor GB18030; write encoding = "..." in the recipe.'
    assert refused(tmp_path / "a.kml") == words


SQUARE = [(40500000.0, 3300000.0), (40501000.0, 3300000.0), (40501000.0, 3301000.0), (40500000.0, 3301000.0)]


def village_drawing(path):
    return drawing(
        path, outline("村界", *SQUARE), word("村名", (40500500, 3300500), "王坛村"),
        word("代码", (40500300, 3300300), "990101001201"), word("注", (0, 0), "图廓外"), outline("道路", *SQUARE[:2], closed=False),
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["gbk"])
def test_closed_lines_of_a_drawing_are_areas_with_the_words_inside(tmp_path, encoding):
    raw = read(village_drawing(tmp_path / "a.txt"), asked())
    row = raw.frame.loc[1]
    assert (row["Layer"], row["村名"], row["代码"]) == ("村界", "王坛村", "990101001201")
    assert shapely.area(raw.shapes).tolist() == [1e6]
    assert (raw.crs, raw.changes["entity of another shape left out"]) == (None, 1)


def test_blocks_of_a_drawing_are_points_with_attributes(tmp_path):
    path = drawing(
        tmp_path / "a.dxf", block("监控", SQUARE[0], 编码="99010100001320000001", 密码="x"), outline("村界", *SQUARE)
    )
    raw = read(path, asked("cameras"))
    assert list(raw.frame["编码"]) == ["99010100001320000001"]
    assert "密码" not in raw.frame
    assert (raw.shapes[0].x, raw.shapes[0].y) == SQUARE[0]


def test_a_drawing_that_is_refused(tmp_path):
    path = village_drawing(tmp_path / "a.dxf")
    assert refused(path, layer="镇界") == "it has no layer '镇界'; use one of 村界."
    assert refused(path, "cameras") == "it draws no point; close the lines of areas, or give the right --theme."
    (tmp_path / "b.dxf").write_bytes(b"AutoCAD Binary DXF\r\n\x1a\x00")
    assert refused(tmp_path / "b.dxf") == "it is a binary DXF; save it as an ASCII DXF."


def test_an_old_workbook_with_merged_headers_and_numbered_columns():
    raw = read(GOLDEN / "old_workbook.xls", asked("halls"))
    assert list(raw.frame.columns) == ["礼堂编号", "礼堂名称", "使用状态", "建成时间", "经度", "纬度", "座位数"]
    assert list(raw.frame["礼堂编号"]) == ["990101001201001", 990101001202001]
    assert str(raw.frame.loc[1, "建成时间"]) == "2015-06-01"
    assert dict(raw.changes) == {"blank row skipped": 1, "row of column numbers skipped": 1}


def test_an_old_workbook_cut_short(tmp_path):
    whole = (GOLDEN / "old_workbook.xls").read_bytes()
    (tmp_path / "a.xls").write_bytes(whole[:3000])
    assert refused(tmp_path / "a.xls", "halls").startswith("the workbook is broken (")


def two_sheets(path):
    import xlsxwriter

    book = xlsxwriter.Workbook(path)
    for name in ("甲镇", "乙镇"):
        page = book.add_worksheet(name)
        for m, header in enumerate(HALLS.splitlines()[0].split(",")):
            page.write(0, m, header)
            page.write(1, m, name)
    book.add_worksheet("说明").write(0, 0, "填表说明")
    book.close()
    return path


def test_sheets_with_the_same_headers_are_asked_for_not_dropped(tmp_path):
    path = two_sheets(tmp_path / "a.xlsx")
    assert refused(path, "halls") == (
        'its sheets 甲镇, 乙镇 have the same headers; write sheet = "甲镇" for one of them, or sheet = "*" for all, in the recipe.'
    )
    assert list(read(path, asked("halls", sheet="乙镇")).frame["礼堂名称"]) == ["乙镇"]
    raw = read(path, asked("halls", sheet="*"))
    assert list(raw.frame["礼堂名称"]) == ["甲镇", "乙镇"]
    assert raw.changes == {"sheet joined to the first": 1}


def test_a_workbook_under_the_name_of_a_table(tmp_path):
    path = sheet(tmp_path / "a.csv", [HEADER, ["1", "村口", 0, 1, 124.1, 30.1, None, None, None]])
    assert (kind_of(path).name, len(read(path, asked("cameras")).frame)) == ("Excel", 1)


def test_names_of_a_zip_in_gbk_are_read(tmp_path):
    parts = zipped_shapefile_in_gbk(tmp_path)
    assert len(read(parts, asked(layer="王坛村x")).frame) == 2


def zipped_shapefile_in_gbk(folder):
    """A zip as Windows in Chinese makes it: GBK names, and no word of it."""
    import zipfile

    VILLAGES.to_file(folder / "layer.shp", encoding="GBK")
    path = folder / "gbk.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for each in folder.glob("layer.*"):
            archive.writestr(zipfile.ZipInfo(f"wangtan{each.suffix}"), each.read_bytes())
    plain, gbk = b"wangtan", "王坛村x".encode("gbk")
    assert len(plain) == len(gbk)
    path.write_bytes(path.read_bytes().replace(plain, gbk))
    return path


def curved(folder):
    """A GeoPackage whose one polygon is bounded by arcs."""
    path = folder / "a.gpkg"
    VILLAGES[:1].to_file(path, layer="村")
    points = [(124.0, 30.0), (124.1, 30.1), (124.2, 30.0), (124.1, 29.9), (124.0, 30.0)]
    arc = struct.pack("<BII", 1, 8, len(points)) + np.array(points).tobytes()
    curve = struct.pack("<BII", 1, 10, 1) + arc
    with sqlite3.connect(path) as store:
        for each in store.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            store.execute(f'DROP TRIGGER "{each[0]}"')
        store.execute("UPDATE 村 SET geom = ?", (b"GP\x00\x01" + struct.pack("<i", 4490) + curve,))
        store.execute("UPDATE gpkg_geometry_columns SET geometry_type_name = 'CURVEPOLYGON'")
        store.execute("PRAGMA writable_schema = 1")
        store.execute("UPDATE sqlite_master SET sql = replace(sql, ' POLYGON', ' CURVEPOLYGON') WHERE name = '村'")
    return path


def test_arcs_become_lines_and_that_is_counted(tmp_path):
    raw = read(curved(tmp_path), asked())
    assert raw.changes == {"curve made straight": 1}
    assert shapely.area(raw.shapes[0]) == pytest.approx(np.pi * 0.01, rel=0.01)


@pytest.mark.parametrize("made", ["fgb", "gdb", "gpkg", "geojson", "shp", "dxf", "kml", "kmz", "xlsx", "zip"])
def test_every_format_cut_short_is_refused_in_one_sentence(tmp_path, made):
    path = whole_file(tmp_path, made)
    if path.is_dir():
        (path / "a00000009.gdbtable").write_bytes((path / "a00000009.gdbtable").read_bytes()[:60])
    else:
        path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    said = refused(path, "cameras" if made == "xlsx" else "units")
    assert said.endswith("ask for the file again.") and len(said) < 120


def whole_file(folder, made):
    path = folder / f"a.{made}"
    many = drawn.areas("A" * 40).assign(代码="1", 名称="村") if made == "fgb" else VILLAGES
    if made in ("fgb", "gpkg", "geojson", "shp"):
        many.to_crs(4326).to_file(path)
    elif made == "gdb":
        return gdb(folder)
    elif made == "dxf":
        village_drawing(path)
    elif made == "kml":
        kml(path, MARKS)
    elif made == "xlsx":
        sheet(path, [HEADER, ["1"] * len(HEADER)])
    else:
        packed(path, {"doc.kml": kml(folder / "b.kml", MARKS).read_bytes()})
    return path


def test_the_folder_is_left_as_it_was(tmp_path):
    zipped_gdb(tmp_path, tmp_path / "a.zip")
    shutil.rmtree(tmp_path / "a.gdb")
    read(tmp_path / "a.zip", asked())
    assert [each.name for each in tmp_path.iterdir()] == ["a.zip"]
