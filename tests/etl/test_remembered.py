"""Recipes are found again by the next file of the same headers, and by no other."""

import pytest

from etl import remembered
from etl.__main__ import main
from etl.errors import SourceError
from etl.job import prepare
from tests.etl.files import shapefile, sheet, text, zipped
from tests.etl.test_read import VILLAGES

ODD = "编,叫法,情况,东,北\n1,甲村礼堂,好,124.1,30.1\n2,乙村礼堂,坏,124.2,30.2\n"
RECIPE = """theme = "halls"
source = "halls-county"
as_of = 2025-11-30
crs = "EPSG:4490"
[fields]
code = "编"
name = "叫法"
state = "情况"
lon = "东"
lat = "北"
[values.state]
"好" = "open"
"坏" = "closed"
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(remembered, "folder", lambda: tmp_path / "home" / "recipes")
    return tmp_path / "home" / "recipes"


@pytest.fixture
def kept(tmp_path, home):
    (tmp_path / "a").mkdir()
    file = text(tmp_path / "a" / "礼堂2025年11月.csv", ODD)
    return remembered.keep(file, text(tmp_path / "a" / "r.toml", RECIPE))


def test_a_recipe_is_kept_under_its_headers_without_its_date(kept, home):
    assert kept == home / "halls" / f"{remembered.fingerprint(['编', '叫法', '情况', '东', '北'])}.toml"
    assert kept.read_text("utf-8") == "# of: 礼堂\n" + RECIPE.replace("as_of = 2025-11-30\n", "")


def test_the_next_month_finds_it(kept, tmp_path):
    file = text(tmp_path / "礼堂2025年12月.csv", ODD.replace("编,叫法", " 编 ,叫 法*"), "gb18030")
    job = prepare(file)
    assert (job.recipe.source, job.recipe.fields["name"], job.by_headers) == ("halls-county", "叫法", True)
    assert prepare(file, "halls").by_headers


def test_a_recipe_beside_the_file_comes_before_it(kept, tmp_path):
    text(tmp_path / "礼堂.toml", RECIPE.replace("halls-county", "mine"))
    job = prepare(text(tmp_path / "礼堂.csv", ODD))
    assert (job.recipe.source, job.by_headers) == ("mine", False)


def test_another_town_with_the_same_form_does_not_take_its_place_unasked(kept, tmp_path):
    file = text(tmp_path / "河口镇.csv", ODD)
    with pytest.raises(SourceError) as problem:
        prepare(file)
    assert str(problem.value) == (
        f"{file}: nothing says which theme it is; give --theme NAME, or --recipe {kept}, which knows its headers."
    )
    assert prepare(file, "halls").recipe.source == "halls"
    assert prepare(file, recipe=kept).recipe.source == "halls-county"


def test_a_recipe_for_streams_of_their_own_is_for_every_town(home, tmp_path):
    (tmp_path / "a").mkdir()
    recipe = text(tmp_path / "a" / "r.toml", RECIPE.replace("halls-county", "halls-{stem}"))
    remembered.keep(text(tmp_path / "a" / "城关镇.csv", ODD), recipe)
    job = prepare(text(tmp_path / "河口镇.csv", ODD))
    assert (job.recipe.source, job.by_headers) == ("halls-河口镇", True)


def test_other_headers_find_nothing(kept, tmp_path):
    assert remembered.find(text(tmp_path / "礼堂.csv", ODD.replace("情况", "状况"))) is None
    assert remembered.find(text(tmp_path / "礼堂.csv", ODD), "cameras") is None
    assert remembered.find(text(tmp_path / "b.csv", "\x00\x01")) is None


@pytest.mark.parametrize("kind", ["xlsx", "shp", "zip", "gpkg", "geojson", "fgb"])
def test_every_kind_with_headers_of_its_own(home, tmp_path, kind):
    rows = VILLAGES.rename(columns={"代码": "码", "名称": "叫法"})
    folder = tmp_path / "a"
    folder.mkdir()
    if kind == "xlsx":
        path = sheet(folder / "村.xlsx", [["标题"], ["码", "叫法", "letter"], ["1", "甲", "A"]])
    elif kind in ("shp", "zip"):
        path = shapefile(rows, folder)
        path = path if kind == "shp" else zipped(path, folder / "村.zip")
    else:
        path = folder / f"村.{kind}"
        rows.to_file(path)
    recipe = text(tmp_path / "r.toml", 'theme = "units"\n[fields]\ncode = "码"\nname = "叫法"\n')
    saved = remembered.keep(path, recipe)
    assert saved is not None
    assert remembered.find(path) == saved


def test_a_load_keeps_its_recipe_and_the_next_file_says_that_it_found_it(store, tmp_path, capsys):
    (tmp_path / "a").mkdir()
    file = text(tmp_path / "a" / "礼堂_2025-11.csv", ODD)
    recipe = text(tmp_path / "a" / "礼堂.toml", RECIPE.replace("as_of = 2025-11-30\n", ""))
    assert main(["load", str(file), "--recipe", str(recipe)]) == 0
    capsys.readouterr()
    assert main(["load", str(text(tmp_path / "礼堂_2025-12.csv", ODD.replace("甲村礼堂", "甲礼堂")))]) == 0
    out = capsys.readouterr().out
    assert "2 rows in; 1 changed, 1 unchanged" in out
    assert "  recipe found by headers: 1\n" in out
