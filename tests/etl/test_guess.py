"""What a file probably is, written as a recipe that loads it; the same by the command."""

import json

import numpy as np
import pytest

from etl.__main__ import main
from etl.claims import Ladder
from etl.clean import clean
from etl.errors import SourceError
from etl.guess import guess
from etl.guessed_recipe import recipe_text
from etl.read import Asked, read
from etl.recipe import Recipe, read_recipe
from layers import themes
from tests.etl.files import sheet, text
from tests.etl.test_read import HALLS, VILLAGES

ODD = "序号,礼堂编号（县编）,文化礼堂名称*,目前使用状态,X坐标值,Y坐标值,管理员电话\n" + "".join(
    f"{n},{n},甲村礼堂,{state},{124 + n / 1000:.5f},{30 + n / 777:.5f},138\n"
    for n, state in enumerate(["开放中", "在建", "不清楚"] * 4, start=1)
)


def test_a_file_with_known_headers_needs_no_theme(tmp_path):
    made = guess(text(tmp_path / "a.csv", HALLS), None, Ladder())
    assert (made.theme.name, made.kind, made.rows, made.alike, made.missing) == ("halls", "CSV", 2, (), [])
    assert made.fields == {"code": "礼堂编号", "name": "礼堂名称", "state": "使用状态"}
    assert made.unused == []


def test_degrees_minutes_and_seconds_under_one_merged_header_are_a_place(tmp_path):
    above = ["礼堂编号", "礼堂名称", "使用状态", "经度", None, None, "纬度"]
    rows = [[f"{n}", f"{n}村礼堂", "开放", 120, 6, n, 30, 12, 0.5 * n] for n in range(3)]
    file = sheet(tmp_path / "a.xlsx", [["文化礼堂台账"], above, [None, None, None, *"度分秒" * 2], *rows])
    made = guess(file, None, Ladder())
    assert (made.theme.name, made.rows, made.unused) == ("halls", 3, [])
    assert set(made.fields) == {"code", "name", "state"}
    raw = read(file, Asked(themes()["halls"], Recipe(theme="halls", source="h")))
    assert [str(each) for each in raw.frame][3:] == ["经度度", "经度分", "经度秒", "纬度度", "纬度分", "纬度秒"]
    done = clean("a.xlsx", raw, themes()["halls"], Recipe(theme="halls", source="h"), "a")
    assert [(each.x, each.y) for each in done.shapes] == [pytest.approx((120.1 + n / 3600, 30.2 + n / 7200)) for n in range(3)]


def test_headers_and_values_that_only_resemble_are_said_to(tmp_path):
    file = text(tmp_path / "点位_2025-11-07.csv", ODD)
    made = guess(file, "halls", Ladder())
    assert made.fields == {
        "lon": "X坐标值", "lat": "Y坐标值", "code": "礼堂编号（县编）", "name": "文化礼堂名称*", "state": "目前使用状态"}  # fmt: skip
    assert made.alike == ("code", "state")
    assert made.values == {"state": {"开放中": "open", "不清楚": ""}}
    assert recipe_text(made, file) == (
        "# A guess at 点位_2025-11-07.csv: CSV, 12 rows. Correct it; the next file with these headers finds it again.\n"
        'theme = "halls"\n'
        'source = "点位"\n'
        "# crs: unsure: too few rows say which village they are in to tell CGCS2000 or WGS 84 or GCJ-02 or BD-09.\n"
        '# crs = "EPSG:4490"\n'
        "\n[fields]\n"
        'lon = "X坐标值"\n'
        'lat = "Y坐标值"\n'
        'code = "礼堂编号（县编）" # resembles it only: look\n'
        'name = "文化礼堂名称*"\n'
        'state = "目前使用状态" # resembles it only: look\n'
        '# not used: "序号"\n'
        "\n[values.state] # open (开放), building (在建), closed (停用)\n"
        '"开放中" = "open"\n'
        '# "不清楚" = ""\n'
    )


def test_the_recipe_that_was_guessed_loads_the_file_once_it_is_corrected(tmp_path):
    file = text(tmp_path / "点位.csv", ODD)
    written = recipe_text(guess(file, "halls", Ladder()), file).replace('# crs = "', 'crs = "')
    recipe = read_recipe(text(tmp_path / "点位.toml", written), file)
    theme = themes()["halls"]
    done = clean(str(file), read(file, Asked(theme, recipe)), theme, recipe, "点位")
    assert list(done.frame["state"][:2]) == ["open", "building"]
    assert [each.rule for each in done.findings] == ["not_a_choice"] * 4
    assert np.isclose(done.shapes[0].x, 124.001)


def test_what_is_no_rows_of_ours(tmp_path):
    with pytest.raises(SourceError) as problem:
        guess(text(tmp_path / "a.csv", "甲,乙,编码\n1,2,3\n"), None, Ladder())
    assert "give --theme NAME" in str(problem.value)
    with pytest.raises(SourceError, match=r"^--theme: there is no theme 'hall'; use one of units, grids, "):
        guess(text(tmp_path / "a.csv", HALLS), "hall", Ladder())


def test_the_shapes_of_a_file_tell_its_theme_too(tmp_path):
    VILLAGES.to_file(tmp_path / "a.gpkg")
    assert guess(tmp_path / "a.gpkg", None, Ladder()).theme.name == "units"


def test_the_codes_tell_villages_from_grids(tmp_path):
    grids = VILLAGES.assign(代码=["990101001201001", "990101001202001"]).rename(columns={"代码": "编码"})
    grids.to_file(tmp_path / "a.gpkg")
    assert guess(tmp_path / "a.gpkg", None, Ladder()).theme.name == "grids"


def test_headers_that_nobody_knows_are_read_when_a_theme_is_said(tmp_path):
    rows = "東,北,裡別,說明\n124.12345,30.54321,甲,新\n124.12456,30.54432,乙,旧\n"
    made = guess(text(tmp_path / "a.csv", rows), "halls", Ladder())
    assert (made.fields, made.unused, made.missing) == (
        {"lon": "東", "lat": "北"},
        ["裡別", "說明"],
        ["code", "name", "state"],
    )
    book = sheet(tmp_path / "a.xlsx", [["表"], ["東", "北", "裡別"], [124.12345, 30.54321, "甲"]])
    assert guess(book, "halls", Ladder()).unused == ["裡別"]


UNSEEN = "序号,设备国标号,监控名称,摄像机编码格式,补光属性,镜头朝向,联网情况,安装日期,在线情况,运行状态,详细地址,空间位置\n" + "".join(
    f"{n},990101020013100000{n:02},甲村路口{n},2,1,{n * 7},{net},2024-05-{n:02},{on},{state},甲村{n}号,{place}\n"
    for n, (net, on, state) in enumerate([("已接入", "是", "正常使用"), ("未接入", "否", "故障待修")] * 6, start=10)
    for place in [f"POINT (124.{n} 30.{n})"]
)


def test_headers_that_nobody_declared_are_told_by_their_words_and_values(tmp_path):
    made = guess(text(tmp_path / "a.csv", UNSEEN), None, Ladder())
    assert (made.theme.name, made.missing) == ("cameras", [])
    assert made.fields == {
        "wkt": "空间位置", "code": "设备国标号", "name": "监控名称", "address": "详细地址", "azimuth": "镜头朝向", "networked": "联网情况",
        "status": "运行状态", "online": "在线情况", "installed": "安装日期"}  # fmt: skip
    assert set(made.alike) == set(made.fields) - {"wkt"}
    assert made.unused == ["序号", "摄像机编码格式", "补光属性"]
    assert made.values == {
        "networked": {"已接入": "networked", "未接入": "alone"},
        "online": {"是": "online", "否": "offline"},
        "status": {"正常使用": "in_use", "故障待修": "repair"},
    }


def test_a_column_of_pairs_is_where_the_rows_are_and_one_of_numbers_is_their_key(tmp_path):
    lines = "".join(f"甲村礼堂{n},{n % 3},9{n:03},124.{n}，30.{n}\n" for n in range(10, 30))
    made = guess(text(tmp_path / "a.csv", f"文化礼堂,等级,登记ID,在哪里\n{lines}"), "halls", Ladder())
    assert made.fields["lonlat"] == "在哪里" and made.fields["code"] == "登记ID"


def test_what_no_column_says_may_be_said_for_all_rows(tmp_path):
    file = text(tmp_path / "a.csv", "礼堂名称,经度,纬度\n甲,124.1,30.1\n乙,124.2,30.2\n")
    assert recipe_text(guess(file, "halls", Ladder()), file).endswith(
        "\n# [constants]\n"
        '# code = "{stem}-{row}" # their place in the file, where they have no number of their own\n'
        '# state = "" # the same for all rows: open (开放), building (在建), closed (停用)\n'
    )


def test_lists_in_a_geojson_are_one_text(tmp_path):
    shape = '{"type": "Point", "coordinates": [124, 30]}'
    content = f'{{"type": "FeatureCollection", "features": [{{"type": "Feature", "properties": {{"编号": "1", "名称": ["甲", "乙"]}}, "geometry": {shape}}}]}}'
    raw = read(text(tmp_path / "a.geojson", content), Asked(themes()["halls"], Recipe(theme="halls", source="h")))
    assert raw.frame.loc[1, "名称"] == "甲;乙"


def test_the_command_writes_the_recipe_beside_the_file_and_overwrites_none(tmp_path, store, capsys):
    file = text(tmp_path / "a_2025-11.csv", HALLS)
    assert main(["guess", str(file)]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'a.toml'}: halls, 3 fields known, 0 missing, 0 headers not used\n"
    assert read_recipe(tmp_path / "a.toml", file).theme == "halls"
    assert main(["guess", str(file)]) == 20
    assert capsys.readouterr().err == (
        f"onemap: {tmp_path / 'a.toml'}: there is a recipe already; give --out FILE, or --out - to see the guess.\n"
    )
    assert main(["guess", str(file), "--out", "-"]) == 0
    assert capsys.readouterr().out == (tmp_path / "a.toml").read_text("utf-8")
    assert main(["guess", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["theme"], told["forensic"]["sure"], told["recipe"][:12]) == ("halls", False, "# A guess at")


def test_the_forensic_says_what_the_villages_say(tmp_path, store, capsys):
    VILLAGES.assign(级别="village").to_file(tmp_path / "units.gpkg")
    recipe = text(tmp_path / "units.toml", 'theme = "units"\ntop = true\n')
    assert main(["load", str(tmp_path / "units.gpkg"), "--recipe", str(recipe)]) == 0
    rows = [["礼堂编号", "礼堂名称", "使用状态", "经度", "纬度"]]
    for n in range(80):  # near the border of the two villages, so that an offset of some hundred metres shows
        west = 124.0191 if n % 2 else 124.0201
        rows.append(
            [f"99010100120{1 if n % 2 else 2}{n:03d}", "礼堂", "开放", west + n % 7 / 10_000, 30.0005 + n / 5000]
        )
    file = sheet(tmp_path / "halls.xlsx", rows)
    capsys.readouterr()
    assert main(["forensic", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["sure"], told["system"], told["basis"], told["claiming"]) == (
        True,
        "CGCS2000 or WGS 84",
        "villages",
        80,
    )
    assert main(["forensic", str(file)]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "CGCS2000 or WGS 84"


def test_the_forensic_that_is_unsure_ends_with_one(tmp_path, store, capsys):
    assert main(["forensic", str(text(tmp_path / "a.csv", HALLS))]) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "unsure"
    assert out[1].endswith(
        " / too few rows say which village they are in to tell CGCS2000 or WGS 84 or GCJ-02 or BD-09"
    )
    assert out[-1] == "declared: nothing"


def test_the_forensic_works_without_a_store(tmp_path, monkeypatch, capsys):
    from geodata import store as the_store
    from geodata.settings import settings

    monkeypatch.setenv("ONEMAP_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    settings.cache_clear(), the_store.engine.cache_clear()
    try:
        assert main(["forensic", str(text(tmp_path / "a.csv", HALLS))]) == 1
    finally:
        settings.cache_clear(), the_store.engine.cache_clear()
    assert capsys.readouterr().err.endswith(" Without it no village is known.\n")
