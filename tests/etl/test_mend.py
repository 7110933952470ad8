"""Rows set aside go out as a file, are mended, and replace their former selves."""

import csv
import json
from datetime import date

import geopandas as gpd
import openpyxl
import pytest
import shapely

from etl import handout, mend
from etl.__main__ import main
from geodata import aside, loads
from geodata.door import Door
from tests.etl.test_pipeline import GOOD, ask, halls, load
from tests.etl.test_pipeline import written as write

NOV, DEC = date(2025, 11, 30), date(2025, 12, 31)
BAD = ["1,=HYPERLINK(1),坏,100,124.005,30.005", "2,@乙,在建,很多,124.015,30.005"]


def run(capsys, *words):
    code = main([str(each) for each in words])
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.fixture
def one(store, tmp_path):
    write(tmp_path / "halls.toml", 'theme = "halls"\nas_of = 2025-11-30\n[values.state]\n"开着" = "open"')
    load(store, halls(tmp_path, [*BAD, GOOD[2]]), None, day=None)
    return store


def waiting(store):
    with Door(store).reader() as reader:
        return [(each["load_id"], each["row_no"], each["rule"]) for each in aside.waiting(reader, "halls")]


def mended_workbook(file, changes):
    """The workbook with cells changed, as an office would: (row, header) -> value."""
    book = openpyxl.load_workbook(file)
    page = book.active
    headers = [cell.value for cell in page[1]]
    for (row, header), value in changes.items():
        page.cell(row, headers.index(header) + 1).value = value
    book.save(file)


def test_a_workbook_goes_out_is_mended_and_comes_back(one, tmp_path, capsys):
    out = tmp_path / "挂起.xlsx"
    assert run(capsys, "set-aside", "halls", "--out", out) == (0, f"2 rows of halls in {out}\n", "")
    page = openpyxl.load_workbook(out).active
    assert [cell.value for cell in page[1]][:6] == list(mend.MARKS)
    assert {cell.data_type for row in page.iter_rows(min_row=2) for cell in row} <= {"s", "n"}  # no formula
    assert page["H2"].value == "=HYPERLINK(1)"
    mended_workbook(out, {(2, "使用状态"): "开着", (3, "座位数"): "还是很多"})
    code, told, _ = run(capsys, "load", out, "--theme", "halls", "--operator", "王五")
    assert told.startswith("halls: load 2 of 挂起.xlsx, as of 2025-11-30: 2 rows in; 1 added, 1 set aside (")
    assert code == 1
    assert ask(one, "SELECT key, name, state, load_id FROM onemap.halls ORDER BY key") == [
        ("1", "=HYPERLINK(1)", "open", 2), ("3", "丙", "closed", 1)]  # fmt: skip
    assert waiting(one) == [(2, 2, "not_a_number")]
    assert ask(one, "SELECT kind, recipe->>'mends' FROM onemap.loads WHERE id = 2") == [("mend", "1")]
    assert run(capsys, "load", out)[1] == "halls: 挂起.xlsx is unchanged since load 2 of 2025-11-30\n"


def test_what_is_bad_again_goes_out_again(one, tmp_path, capsys):
    out = tmp_path / "a.xlsx"
    run(capsys, "set-aside", "halls", "--out", out)
    mended_workbook(out, {(2, "使用状态"): "开放"})
    run(capsys, "load", out)
    run(capsys, "set-aside", "halls", "--out", out)
    mended_workbook(out, {(2, "座位数"): 7})
    assert run(capsys, "load", out)[0] == 0
    assert waiting(one) == []
    assert ask(one, "SELECT key, seats FROM onemap.halls ORDER BY key") == [("1", 100), ("2", 7), ("3", None)]


def test_the_first_file_again_does_not_undo_the_mending(one, tmp_path, capsys):
    run(capsys, "set-aside", "halls", "--out", tmp_path / "a.csv")
    text = (tmp_path / "a.csv").read_text("utf-8-sig")
    write(tmp_path / "a.csv", text.replace("坏", "开放").replace("很多", "7"))
    assert run(capsys, "load", tmp_path / "a.csv")[0] == 0
    assert load(one, tmp_path / "halls_2025-11.csv", None, day=None).unchanged
    assert ask(one, "SELECT name FROM onemap.halls ORDER BY key") == [("=HYPERLINK(1)",), ("@乙",), ("丙",)]


def test_a_rollback_of_the_mending_opens_the_rows_again(one, tmp_path, capsys):
    before = waiting(one)
    run(capsys, "set-aside", "halls", "--out", tmp_path / "a.csv")
    write(tmp_path / "a.csv", (tmp_path / "a.csv").read_text("utf-8-sig").replace("坏", "开放"))
    run(capsys, "load", tmp_path / "a.csv")
    assert waiting(one) != before
    run(capsys, "rollback", 2)
    assert waiting(one) == before
    assert ask(one, "SELECT count(*) FROM onemap.halls") == [(1,)]


def test_a_file_of_its_own_that_brings_the_key_closes_the_row(one, tmp_path):
    write(tmp_path / "town.toml", "theme = 'halls'\nsource = '乙镇'")
    load(one, halls(tmp_path, ["1,甲,开放,100,124.005,30.005"], "town.csv"), None)
    assert waiting(one) == [(1, 2, "not_a_number")]
    with Door(one).reader() as reader:
        assert aside.by_rule(reader) == {"halls": {"not_a_number": 1}}


def test_cells_that_would_run_are_text_in_csv(one, tmp_path, capsys):
    run(capsys, "set-aside", "halls", "--csv", tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig") as opened:
        names = [row["礼堂名称"] for row in csv.DictReader(opened)]
    assert names == ["'=HYPERLINK(1)", "'@乙"]


def test_a_map_layer_goes_out_as_geojson_in_its_own_crs(store, tmp_path, capsys):
    shapes = [shapely.Point(500000.25, 3320000), shapely.Point(500010, 3320000)]
    rows = gpd.GeoDataFrame({"编号": ["1", "2"], "名称": ["甲", "乙"], "状态": ["坏", "开放"]}, geometry=shapes, crs=4548)
    rows.to_file(tmp_path / "a.gpkg")
    load(store, tmp_path / "a.gpkg", day=NOV)
    out = tmp_path / "a.geojson"
    run(capsys, "set-aside", "halls", "--out", out)
    told = json.loads(out.read_text("utf-8"))
    assert told["crs"]["properties"]["name"] == "EPSG:4548"
    (feature,) = told["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [500000.25, 3320000.0]}
    assert feature["properties"]["onemap:reason_zh"] == "使用状态为“坏”，应为开放、在建、停用之一"
    feature["properties"]["状态"] = "在建"
    write(out, json.dumps(told, ensure_ascii=False))
    assert run(capsys, "load", out)[0] == 0
    expected = gpd.GeoSeries(shapes, crs=4548).to_crs(4490)[0]
    ((x, y),) = ask(store, "SELECT ST_X(geom), ST_Y(geom) FROM onemap.halls WHERE key = '1'")
    assert (x, y) == pytest.approx((expected.x, expected.y), abs=1e-9)


def test_a_map_layer_goes_out_as_a_workbook_too(store, tmp_path, capsys):
    rows = gpd.GeoDataFrame({"编号": ["1", "2"], "名称": ["甲", "乙"], "状态": ["坏", "开放"]},
                            geometry=[shapely.Point(124, 30), shapely.Point(124.1, 30)], crs=4490)  # fmt: skip
    rows.to_file(tmp_path / "a.gpkg")
    load(store, tmp_path / "a.gpkg", day=NOV)
    run(capsys, "set-aside", "halls", "--out", tmp_path / "a.xlsx")
    mended_workbook(tmp_path / "a.xlsx", {(2, "状态"): "开放", (2, "geometry"): "POINT (124.5 30.5)"})
    assert run(capsys, "load", tmp_path / "a.xlsx")[0] == 0
    assert ask(store, "SELECT ST_AsText(geom) FROM onemap.halls WHERE key = '1'") == [("POINT(124.5 30.5)",)]


def test_a_table_goes_out_with_a_point_for_the_eye(one, tmp_path, capsys):
    run(capsys, "set-aside", "halls", "--out", tmp_path / "a.geojson")
    told = json.loads((tmp_path / "a.geojson").read_text("utf-8"))
    assert [each["geometry"]["coordinates"] for each in told["features"]] == [[124.005, 30.005], [124.015, 30.005]]
    for each in told["features"]:
        each["properties"] |= {"使用状态": "开放", "座位数": "1", "经度": "124.020"}
    write(tmp_path / "a.geojson", json.dumps(told))
    assert run(capsys, "load", tmp_path / "a.geojson")[0] == 0
    assert ask(one, "SELECT ST_X(geom) FROM onemap.halls WHERE key < '3'") == [(124.02,), (124.02,)]


def refusals():
    yield "another load has come", lambda text: text, lambda store, tmp_path: load(store, halls(tmp_path, GOOD, "n.csv"), day=DEC), (
        "its rows were set aside by load 1, and load 2 has come since; mend those that wait now: ./onemap set-aside halls --out FILE.")
    yield "a mark is lost", lambda text: text.replace("1,1,not_a_choice", "1,,not_a_choice"), None, (
        "row 1 does not say in onemap:load and onemap:row which row it was; keep these columns as they were handed out.")
    yield "a load that is none", lambda text: text.replace("\n1,", "\n7,"), None, (
        "it names load 7, which there is not; keep the marks as handed out.")


@pytest.mark.parametrize(("change", "meanwhile", "words"), [each[1:] for each in refusals()], ids=[each[0] for each in refusals()])
def test_a_file_that_cannot_come_back(one, tmp_path, capsys, change, meanwhile, words):
    out = tmp_path / "a.csv"
    run(capsys, "set-aside", "halls", "--out", out)
    write(out, change(out.read_text("utf-8-sig").replace("\r\n", "\n")))
    if meanwhile:
        meanwhile(one, tmp_path)
    assert run(capsys, "load", out) == (20, "", f"onemap: {out}: {words}\n")


def test_rows_of_another_theme_or_of_two_loads(one, tmp_path, capsys):
    write(tmp_path / "town.toml", "theme = 'halls'\nsource = '乙镇'")
    load(one, halls(tmp_path, ["8,甲,坏,100,124.005,30.005"], "town.csv"), None)
    out = tmp_path / "a.csv"
    run(capsys, "set-aside", "halls", "--out", out)
    assert run(capsys, "load", out)[2] == (
        f"onemap: {out}: its rows are of several loads: halls (load 1), 乙镇 (load 2); send one file for each.\n")
    run(capsys, "set-aside", "halls", "--source", "乙镇", "--out", out)
    assert run(capsys, "load", out, "--theme", "cameras")[2] == (
        f"onemap: {out}: its rows were set aside in halls, not cameras; give --theme halls.\n")
    write(tmp_path / "own.toml", "theme = 'halls'\nsource = 'x'")
    assert run(capsys, "load", out, "--recipe", tmp_path / "own.toml")[2] == (
        f"onemap: {out}: its rows were set aside before; load it without a recipe: they keep their own.\n")


def test_endings_and_folders(one, tmp_path, capsys):
    assert run(capsys, "set-aside", "halls", "--out", tmp_path / "a.pdf")[2] == (
        f"onemap: {tmp_path}/a.pdf: its ending names no format; end it with .xlsx, .geojson, .csv.\n")
    code, _, err = run(capsys, "set-aside", "halls", "--out", tmp_path / "none" / "a.csv")
    assert code == 20
    assert "it cannot be written (" in err
    assert err.endswith("); choose another folder.\n")


def test_numbers_stay_numbers():
    assert [handout._safe(each) for each in ("-5", "+1.5", "-", "=1", 3, None)] == ["-5", "+1.5", "'-", "'=1", 3, None]


def test_the_ledger_tells(one, tmp_path, capsys):
    run(capsys, "rollback", 1, "--reason", "wrong file", "--operator", "李四")
    code, out, _ = run(capsys, "loads", "--theme", "halls")
    assert "halls_2025-11.csv rollback of load 1  as of 2025-11-30: 0 added, 0 changed, 1 removed, 0 set aside, by 李四 (wrong file)" in out
    assert ", taken back by load 2" in out
    told = json.loads(run(capsys, "loads", "--json")[1])["loads"]
    assert json.loads(run(capsys, "life", "halls", "3", "--json")[1])["life"][0]["load"]["id"] == 1
    assert [(each["id"], each["kind"], each["undoes"], each["undone_by"]) for each in told] == [(2, "rollback", 1, None), (1, "load", None, 2)]
    assert run(capsys, "loads", "--theme", "x")[2].startswith("onemap: --theme: there is no theme 'x'; use one of units, ")
    code, out, _ = run(capsys, "life", "halls", "3")
    assert out.splitlines()[0].startswith("2025-11-30  came by load 1 (load of halls_2025-11.csv, operator, ")
    assert out.splitlines()[1].startswith("2025-11-30  taken back by load 2 (rollback of halls_2025-11.csv, 李四, ")
    with Door(one).reader() as reader:
        assert loads.freshness(reader) == {}
