import json
import tomllib
import zipfile

import geopandas
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
from python_calamine import CalamineWorkbook

from geodata.errors import SettingError
from geodata.sample import __main__ as command
from geodata.sample import make
from geodata.sample.defects import CAMERA_DEFECTS, SPACE_DEFECTS
from geodata.sample.offices import OFFICES
from geodata.sample.workbook import write_workbook
from layers import themes

HEADERS_BESIDE = {"cameras": {"补光属性", "摄像机编码格式", "摄像机位置类型", "经度", "纬度"}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return make("county", 2, tmp_path_factory.mktemp("sample"), seed=1, quiet=True).parent


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def camera_table(folder, stamp="2026-10"):
    book = CalamineWorkbook.from_path(folder / f"cameras_{stamp}.xlsx")
    rows = book.get_sheet_by_name("一机一档").to_python()
    return rows[0][0], pd.DataFrame(rows[2:], columns=rows[1])


def test_the_manifest_lists_the_files_in_the_order_of_loading(folder):
    said = manifest(folder)
    assert [each["file"] for each in said["files"]] == [
        "units.zip", "grids.gpkg", "roads.gpkg", "intersections.csv", "entrances.csv",
        "cameras_2026-09.xlsx", "halls_2026-09.geojson", "spaces_2026-09.gpkg",
        "cameras_2026-10.xlsx", "halls_2026-10.geojson", "spaces_2026-10.gpkg",
        "villages_2026-10.xlsx", "events_2026-10.csv", "loudspeakers_2026-10.geojson",
        "services.csv", "practice_stations.geojson", "police_points.xlsx", "legal_sites.csv", "base_stations.geojson",
        "townships.xlsx", "counties.csv", "titles.xlsx", "pilots.csv", "disclosures.csv",
        "homesteads.gpkg", "contract_land.gpkg",
    ]
    assert said["label"] == "虚构示例数据"
    assert all((folder / each["file"]).exists() and (folder / each["recipe"]).exists() for each in said["files"])
    assert not (folder / ".begun").exists()


def test_the_boundaries_are_a_gbk_shapefile_without_cpg(folder):
    with zipfile.ZipFile(folder / "units.zip") as archive:
        assert {name.split(".")[-1] for name in archive.namelist()} == {"shp", "shx", "dbf", "prj"}
        assert "云岫市".encode("gbk") in archive.read("units.dbf")
        assert b"GCS_China_Geodetic_Coordinate_System_2000" in archive.read("units.prj")
    units = pyogrio.read_dataframe(folder / "units.zip", encoding="GBK")
    assert list(units.columns[:-1]) == ["区划代码", "名称", "级别", "上级代码", "人口", "户数", "户籍人口"]
    assert units.crs.to_epsg() == 4490 and len(units) == 320
    villages = units[units["级别"] == "村社区"]
    assert shapely.coverage_is_valid(villages.geometry.to_numpy())


def test_grids_nest_in_the_villages_of_the_shapefile(folder):
    grids = pyogrio.read_dataframe(folder / "grids.gpkg")
    units = pyogrio.read_dataframe(folder / "units.zip", encoding="GBK", read_geometry=False)
    assert grids["网格层级"].value_counts().to_dict() == {"微网格": 6_000, "网格": 2_000}
    assert set(grids.loc[grids["网格层级"] == "网格", "上级编码"]) == set(units.loc[units["级别"] == "村社区", "区划代码"])


def test_roads_come_in_metres(folder):
    roads = pyogrio.read_dataframe(folder / "roads.gpkg")
    assert roads.crs.to_epsg() == 4550
    assert roads.total_bounds[0] > 500_000


def test_text_files_come_with_bom_and_in_gb18030(folder):
    assert (folder / "entrances.csv").read_bytes()[:3] == b"\xef\xbb\xbf"
    with pytest.raises(UnicodeDecodeError):
        (folder / "intersections.csv").read_text(encoding="utf-8")
    table = pd.read_csv(folder / "intersections.csv", encoding="gb18030", dtype=str)
    assert len(table) == 6_000 and table["路口编号"].is_unique


def test_halls_are_geojson_with_a_crs_member(folder):
    halls = geopandas.read_file(folder / "halls_2026-10.geojson")
    assert halls.crs.to_epsg() == 4490 and halls["礼堂编号"].is_unique
    rows = [each["properties"] for each in json.loads((folder / "halls_2026-10.geojson").read_text())["features"]]
    assert {row["建成时间"] is None for row in rows} == {False, True}
    assert all((row["建成时间"] is None) == (row["使用状态"] == "在建") for row in rows)


def test_the_camera_sheet_has_a_title_and_codes_as_text(folder):
    title, table = camera_table(folder)
    assert title == "2026-10 视频监控一机一档（虚构示例数据）"
    assert isinstance(table["设备编码"][0], str)
    assert set(table["联网属性"]) == {0, 1} and (table["联网属性"] == 0).mean() > 0.9
    assert set(table["监视方位"]) == set(range(1, 10))
    assert table["设备编码"].str.fullmatch(r"\d{6}\d{2}(00|04|08)13[12]\d{7}").mean() > 0.99


def test_no_address_or_secret_of_a_device_is_written(folder):
    _, table = camera_table(folder)
    assert not [header for header in table if any(word in header.upper() for word in ("IP", "MAC", "密码", "电话", "联系"))]


def test_every_header_is_one_that_the_declaration_knows(folder):
    for theme in {each["theme"] for each in manifest(folder)["files"]}:
        recipe = tomllib.loads((folder / f"{theme}.toml").read_text(encoding="utf-8"))
        known = {field.name: field.headers() for field in themes()[theme].fields}
        assert recipe["theme"] == theme
        assert all(header in known[name] for name, header in recipe["fields"].items())
    _, table = camera_table(folder)
    recipe = tomllib.loads((folder / "cameras.toml").read_text(encoding="utf-8"))
    assert set(table) == set(recipe["fields"].values()) | HEADERS_BESIDE["cameras"]


def test_defects_are_sown_and_written_down(folder):
    defects = json.loads((folder / "defects.json").read_text(encoding="utf-8"))
    _, table = camera_table(folder)
    sown = defects["cameras_2026-10.xlsx"]
    assert {each["defect"] for each in sown} == set(CAMERA_DEFECTS)
    assert 0.005 < len(sown) / len(table) < 0.02
    for each in sown:
        assert table["设备编码"][each["row"] - 1] == each["code"]
        if each["defect"] == "unknown status":
            assert table["设备状态"][each["row"] - 1] == 8
    assert table.duplicated().sum() == sum(each["defect"] == "exact duplicate" for each in sown)
    assert {each["defect"] for each in defects["spaces_2026-10.gpkg"]} == set(SPACE_DEFECTS)


def test_other_offices_send_their_files_with_a_few_wrong_rows(folder):
    defects = json.loads((folder / "defects.json").read_text(encoding="utf-8"))
    counted = {each["file"]: each["rows"] for each in manifest(folder)["files"]}
    for office in OFFICES:
        name = next(each for each in counted if each.rpartition(".")[0].partition("_20")[0] == office.theme)
        said = [each["defect"] for each in defects[name]]
        assert said == ["exact duplicate"] * bool(office.wrong) + [f"{field} {value}" for field, value in office.wrong]
        assert [each["row"] for each in defects[name]] == list(range(counted[name] - len(said) + 1, counted[name] + 1))
    table = pd.read_csv(folder / "services.csv", encoding="gb18030", dtype=str)
    assert len(table) == counted["services.csv"] and table["设施编号"].iloc[-3:].tolist() == [each["code"] for each in defects["services.csv"]]
    titles = CalamineWorkbook.from_path(folder / "titles.xlsx").get_sheet_by_index(0).to_python()
    assert titles[0][0] == "2026年 创建名录（虚构示例数据）" and titles[1][0] == "称号编号"


def test_a_second_start_writes_nothing_and_the_same_seed_writes_the_same(folder, tmp_path):
    written = (folder / "manifest.json").stat().st_mtime_ns
    make("county", 2, folder, seed=1, quiet=True)
    assert (folder / "manifest.json").stat().st_mtime_ns == written
    again = make("county", 2, tmp_path / "again", seed=1, quiet=True).parent
    for name in ("units.zip", "cameras_2026-10.xlsx", "entrances.csv", "intersections.csv", "halls_2026-10.geojson"):
        assert (again / name).read_bytes() == (folder / name).read_bytes()
    for name in ("grids.gpkg", "roads.gpkg", "spaces_2026-10.gpkg"):
        assert pyogrio.read_dataframe(again / name).equals(pyogrio.read_dataframe(folder / name))


def test_a_sample_left_half_made_is_made_again_but_a_strange_folder_is_left_alone(tmp_path, monkeypatch):
    half = tmp_path / "half"
    half.mkdir()
    (half / ".begun").touch()
    (half / "units.zip").write_bytes(b"cut off")
    assert make("county", 1, half, seed=1, quiet=True).exists()
    strange = tmp_path / "strange"
    strange.mkdir()
    (strange / "letter.txt").write_text("mine")
    with pytest.raises(SettingError) as refusal:
        make("county", 1, strange, quiet=True)
    assert str(refusal.value) == f"{strange}: the folder holds other files; name an empty folder."
    assert (strange / "letter.txt").read_text() == "mine"


def test_the_command_says_what_it_made(folder, capsys):
    assert command.main(["--months", "2", "--folder", str(folder), "--quiet"]) == 0
    assert capsys.readouterr().out.startswith("sample: 虚构示例数据, 26 files, ")


@pytest.mark.parametrize("wrong", [["--months", "13"], ["--scale", "planet"], ["--seed", "x"]])
def test_wrong_usage_ends_with_two(wrong, capsys):
    with pytest.raises(SystemExit) as end:
        command.main(wrong)
    assert end.value.code == 2


def test_a_strange_folder_ends_with_two(tmp_path, capsys):
    (tmp_path / "letter.txt").write_text("mine")
    assert command.main(["--folder", str(tmp_path), "--quiet"]) == 2
    assert "the folder holds other files; name an empty folder." in capsys.readouterr().err


def test_a_workbook_reads_back_as_it_was_written(tmp_path):
    table = pd.DataFrame({"文": ["<a&b>", "", "33060310001320000001"], "数": [1.5, -2.0, 0.1]})
    write_workbook(tmp_path / "a.xlsx", "表", "题", table)
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(tmp_path / "a.xlsx")["表"].iter_rows()]
    assert rows[0][0] == "题" and rows[1] == ["文", "数"]
    assert rows[2:] == [["<a&b>", 1.5], [None, -2], ["33060310001320000001", 0.1]]
