"""Kinds of file that other programs make: sequences of features, records, pages, open workbooks, and a zip around any of them."""

import json
import zipfile

import pyogrio
import pytest

from etl.read import kind_of, read
from etl.values import reader_of
from layers import themes
from tests.etl.files import packed, sheet, text
from tests.etl.test_read import HALLS, VILLAGES, asked, refused


def feature(n):
    return {"type": "Feature", "properties": {"礼堂编号": f"H{n}"}, "geometry": {"type": "Point", "coordinates": [124 + n, 30]}}


FEATURES = [json.dumps(feature(n), ensure_ascii=False) for n in range(3)]
INDENTED = [json.dumps(feature(n), ensure_ascii=False, indent=1) for n in range(3)]


@pytest.mark.parametrize(
    "content",
    [
        "\n".join(FEATURES),
        ",\r\n".join(FEATURES),
        "".join(f"\x1e{each}\n" for each in INDENTED),
        f"[{','.join(INDENTED)}]",
        f'{FEATURES[0]}\n{{"type":"FeatureCollection","features":[{FEATURES[1]},{FEATURES[2]}]}}',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_features_without_a_collection_are_all_read(tmp_path, content, encoding):
    path = text(tmp_path / "a.geojson", content, encoding)
    raw = read(path, asked())
    assert (kind_of(path).name, list(raw.frame["礼堂编号"])) == ("GeoJSON", ["H0", "H1", "H2"])
    assert raw.shapes[2].x == 126 and raw.changes == ({"encoding GB18030": 1} if encoding == "gbk" else {})


def test_a_sequence_that_is_broken_or_holds_something_else(tmp_path):
    assert refused(text(tmp_path / "a.json", "\n".join([*FEATURES, FEATURES[0][:40]]))) == "it is broken or cut short; ask for the file again."
    assert refused(text(tmp_path / "b.json", f'{FEATURES[0]}\n{{"a": 1}}')) == "its part 2 is no feature; ask for one collection of features."


@pytest.mark.parametrize("name", ["重要!点位.geojson", "点位#1.geojson", "点位?.geojson", "点位.geojson.zip"])
def test_names_that_look_like_addresses_are_names(tmp_path, name):
    VILLAGES.to_file(tmp_path / "a.geojson")
    raw = read((tmp_path / "a.geojson").rename(tmp_path / name), asked())
    assert len(raw.frame) == 2


def test_a_table_without_geometry_in_a_geopackage(tmp_path):
    table = VILLAGES.drop(columns="geometry")
    pyogrio.write_dataframe(table, tmp_path / "a.gpkg", layer="表")
    raw = read(tmp_path / "a.gpkg", asked())
    assert raw.shapes is None and list(raw.frame["名称"]) == list(VILLAGES["名称"])
    VILLAGES.to_file(tmp_path / "a.gpkg", layer="村", mode="a")
    assert read(tmp_path / "a.gpkg", asked()).shapes is not None
    assert read(tmp_path / "a.gpkg", asked(layer="表")).shapes is None


RECORDS = [{"国标编码": 99010102001310000001, "name": "甲", "where": {"lon": 124.5, "lat": 30.5}, "tags": [1, 2]}, {"name": "乙", "tags": []}]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(RECORDS),
        json.dumps({"code": 0, "data": {"total": 2, "head": [{"x": 1}], "list": RECORDS}}),
        "\n".join(map(json.dumps, RECORDS)),
    ],
)
def test_records_of_another_program(tmp_path, content):
    path = text(tmp_path / "a.txt", content)
    raw = read(path, asked())
    assert (kind_of(path).name, raw.shapes) == ("JSON", None)
    assert raw.frame.loc[1].to_dict() == {"国标编码": "99010102001310000001", "name": "甲", "lon": 124.5, "lat": 30.5, "tags": "1,2"}
    assert raw.frame.loc[2].dropna().to_dict() == {"name": "乙"}


def test_names_that_are_the_same_keep_their_way(tmp_path):
    raw = read(text(tmp_path / "a.json", '[{"a": {"id": 1}, "b": {"id": 2}, "at": {"type": "Point", "coordinates": [124, 30]}}]'), asked())
    assert raw.frame.loc[1].to_dict() == {"a.id": 1, "b.id": 2, "at": '{"type": "Point", "coordinates": [124, 30]}'}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"type": "Topology", "objects": {}}', "it is TopoJSON; ask for GeoJSON (of an ArcGIS service: f=geojson)."),
        ('{"geometryType": "esriGeometryPoint", "features": [{"attributes": {}}]}', "it is Esri JSON; ask for GeoJSON"),
        ('{"a": [1, 2]}', "it is JSON without a list of rows; ask for GeoJSON, or a table."),
        ('[{"a": 1}', "it is broken or cut short; ask for the file again."),
        ("[" * 100_000, "it is broken or cut short; ask for the file again."),
    ],
)
def test_json_that_is_refused(tmp_path, content, words):
    assert refused(text(tmp_path / "a.json", content)).startswith(words)


PAGE = """<html><head><meta charset="gb2312"><script>x()</script></head><body><table border=1>
<tr><td colspan=3>礼堂一览表</td></tr>
<tr><th rowspan="2">礼堂编号<th rowspan=2>礼堂&nbsp;名称</th><th colspan="2">坐标</th><th rowspan=2>使用状态</th></tr>
<tr><th>经度</th><th>纬度</th></tr>
<tr><td>00123</td><td>甲村<br>礼堂 &lt;新&gt;</td><td>124.1</td><td>30.1</td><td>开放</td></tr></table></body></html>"""

OLD_XML = """<?xml version="1.0"?>{head}<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="礼堂"><Table>
<Row><Cell ss:MergeAcross="1"><Data ss:Type="String">一览表</Data></Cell></Row>
<Row ss:Index="3"><Cell><Data ss:Type="String">礼堂编号</Data></Cell><Cell ss:Index="3"><Data ss:Type="String">礼堂名称</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">00123</Data></Cell><Cell ss:Index="3"><Data ss:Type="String">甲村礼堂</Data></Cell></Row>
</Table></Worksheet></Workbook>"""


def test_a_page_under_the_name_of_a_workbook(tmp_path):
    path = text(tmp_path / "a.xls", PAGE, "gbk")
    raw = read(path, asked("halls"))
    assert (kind_of(path).name, raw.changes) == ("HTML", {"encoding GB18030": 1})
    assert raw.frame.to_dict("records") == [
        {"礼堂编号": "00123", "礼堂 名称": "甲村礼堂 <新>", "经度": "124.1", "纬度": "30.1", "使用状态": "开放"}
    ]
    assert refused(text(tmp_path / "b.xls", "<html><body>x</body></html>")) == "it is a page without a table; save the table as .xlsx."


def test_the_xml_of_excel_2003(tmp_path):
    raw = read(text(tmp_path / "a.xls", OLD_XML.format(head="")), asked("halls"))
    assert raw.frame.to_dict("records") == [{"礼堂编号": "00123", "礼堂名称": "甲村礼堂"}]
    assert refused(text(tmp_path / "b.xls", OLD_XML.format(head="")[:-30]), "halls") == "it is broken or cut short; ask for the file again."
    evil = OLD_XML.format(head='<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>')
    assert refused(text(tmp_path / "c.xls", evil), "halls") == (
        "its XML declares entities of its own; save it again from the program that made it."
    )


def test_an_open_workbook(tmp_path):
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = [("礼堂编号", "礼堂名称"), ("001", "甲")]
    cells = "".join(f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>" for row in rows)
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    body = f'<office:body><office:spreadsheet><table:table table:name="礼堂">{cells}</table:table></office:spreadsheet></office:body>'
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("META-INF/manifest.xml", "<manifest/>")
        made.writestr("content.xml", f'<?xml version="1.0"?><office:document-content {names}>{body}</office:document-content>')
    assert kind_of(path).name == "Excel"
    assert read(path, asked("halls")).frame.to_dict("records") == [{"礼堂编号": "001", "礼堂名称": "甲"}]


def test_a_zip_around_a_table_or_a_map(tmp_path):
    VILLAGES.to_file(tmp_path / "a.gpkg")
    for name, content in (("礼堂.csv", HALLS.encode("gbk")), ("a/村.GPKG", (tmp_path / "a.gpkg").read_bytes())):
        path = packed(tmp_path / "a.zip", {name: content, "~$礼堂.xlsx": b"x", "说明.txt": "说明", "__MACOSX/._礼堂.csv": b"x"})
        assert (kind_of(path).name, len(read(path, asked("halls")).frame)) == ("zip", 2)


def test_a_zip_around_several_files_asks_which(tmp_path):
    one = sheet(tmp_path / "乙.xlsx", [["礼堂编号", "礼堂名称"], ["9", "丙"]]).read_bytes()
    path = packed(tmp_path / "a.zip", {"甲/甲.csv": HALLS, "乙.xlsx": one})
    assert refused(path, "halls") == 'it holds 甲/甲.csv, 乙.xlsx; write layer = "甲.csv" in the recipe, or send one file for each.'
    assert list(read(path, asked("halls", layer="乙")).frame["礼堂名称"]) == ["丙"]
    assert len(read(path, asked("halls", layer="甲.csv")).frame) == 2


def test_what_is_wrong_inside_a_zip_is_said_of_its_name_there(tmp_path):
    path = packed(tmp_path / "a.zip", {"甲.csv": b"\xff\xfe\xff"})
    with pytest.raises(Exception, match=r"a\.zip/甲\.csv: its text is not utf-16; write encoding"):
        read(path, asked("halls"))
    assert refused(packed(tmp_path / "b.zip", {"a.zip": b"x"})) == (
        "it is an archive that holds another; unpack it, and bring the inner one."
    )
    assert refused(packed(tmp_path / "c.zip", {"word/document.xml": b"x"})).startswith("it is a text of Word; save its table")


@pytest.mark.parametrize("value", ["'99010102001310000001", '="99010102001310000001"', "\u201999010102001310000001"])
def test_marks_that_keep_a_code_a_text_in_excel_are_left_out_and_counted(value):
    read_code = reader_of(themes()["cameras"].field("code"))
    assert read_code(value) == ("99010102001310000001", "mark of Excel's text left out")
    assert reader_of(themes()["cameras"].field("name"))('="甲"') == ("甲", "mark of Excel's text left out")
    assert reader_of(themes()["cameras"].field("name"))("'甲'") == ("'甲'", None)


