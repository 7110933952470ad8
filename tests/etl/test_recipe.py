"""Recipes: what they may say, and the sentence for everything else."""

from datetime import date
from pathlib import Path

import pytest

from etl.errors import SourceError
from etl.recipe import day_in_name, find_recipe, read_recipe, stem_of, stream_of


def written(tmp_path, text, name="halls.toml"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def recipe(tmp_path, text):
    return read_recipe(written(tmp_path, text), tmp_path / "halls_2025-11.geojson")


def test_the_words_of_a_recipe(tmp_path):
    made = recipe(tmp_path, """
theme = "halls"
source = "halls-{stem}"
as_of = 2025-11-30
crs = "EPSG:4490"
publisher = "县委宣传部"
top = true
[fields]
name = "叫法"
lon = "东经"
[constants]
code = "LT-{stem}-{row:04d}"
state = "open"
[values.star]
"五" = "five"
[only]
"镇" = ["甲镇", "乙镇"]
""")  # fmt: skip
    assert (made.source, made.as_of, made.top) == ("halls-halls", date(2025, 11, 30), True)
    assert made.constants["code"] == "LT-{stem}-{row:04d}"
    assert made.written()["as_of"] == "2025-11-30"
    assert "encoding" not in made.written()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("theme = ", "it is no TOML: "),
        ("source = 'a'", "it names no theme; write theme = one of units, grids,"),
        ("theme = 'hall'", "there is no theme 'hall'; use one of units, grids, cameras, halls,"),
        ("theme = 'halls'\nfile = 'x'", "'file' is no word of recipes; use theme, source, crs,"),
        ("theme = 'halls'\ncrs = 4490", "crs = 4490 is not a text in quotes; write it so."),
        ("theme = 'halls'\nas_of = '2025-11'", "as_of = '2025-11' is not a day like 2025-11-30; write it so."),
        ("theme = 'halls'\nheader_row = 0", "header_row = 0 is not a row number from 1; write it so."),
        ("theme = 'halls'\ntop = 'yes'", "top = 'yes' is not a true or false; write it so."),
        ("theme = 'halls'\nfields = 'x'", "fields = 'x' is not a table; write it so."),
        ("theme = 'halls'\naxes = 'north'", 'axes = \'north\'; write axes = "lon lat" or "lat lon".'),
        ("theme = 'halls'\ndegrees = 'dms'", 'degrees = \'dms\'; write degrees = "packed" or "decimal".'),
        ("theme = 'halls'\ntowgs84 = [1, 2]", "towgs84 = [1, 2] is not a list of three or seven numbers; write it so."),
        (
            "theme = 'halls'\ntowgs84 = ['1', 2, 3]",
            "towgs84 = ['1', 2, 3] is not a list of three or seven numbers; write it so.",
        ),
        ("theme = 'halls'\n[fields]\nnam = 'x'", "[fields] names 'nam', which halls does not have; use code, name,"),
        ("theme = 'halls'\n[fields]\nname = 3", "[fields] name = 3; write a header in quotes, or a table of values."),
        ("theme = 'halls'\n[constants]\nx = 3", "[constants] names 'x', which halls does not have; use code,"),
        ("theme = 'halls'\n[constants]\nstate = 'idle'", "[constants] state = 'idle'; use one of open (开放), building (在建), closed (停用)."),
        ("theme = 'halls'\n[values.star]\n'6' = 'six'", "[values.star] turns '6' into 'six'; use one of five, four,"),
        ("theme = 'halls'\n[root]\ncode = '1'", "[root] holds code; write code, name and level, each in quotes."),
        (
            "theme = 'units'\n[root]\ncode = '1'\nname = 'x'\nlevel = 'land'",
            "[root] level 'land'; use one of province, city,",
        ),
        (
            "theme = 'halls'\n[constants]\ncode = '{no}'",
            "[constants] code = '{no}'; use {row} and {stem} only, as in {row:06d}.",
        ),
        ("theme = 'halls'\n[constants]\ncode = '{row.__class__}'", "use {row} and {stem} only, as in {row:06d}."),
        ("theme = 'halls'\n[constants]\ncode = '{row'", "use {row} and {stem} only, as in {row:06d}."),
    ],
)
def test_what_a_recipe_may_not_say(tmp_path, text, words):
    with pytest.raises(SourceError) as refused:
        recipe(tmp_path, text)
    assert str(refused.value).startswith(f"{tmp_path / 'halls.toml'}: ")
    assert words in str(refused.value)
    assert refused.value.exit_code == 20


def test_where_a_recipe_is_looked_for(tmp_path):
    file = tmp_path / "halls_2025-11.geojson"
    for name in ("halls.toml", "halls_2025-11.toml", "halls_2025-11.geojson.toml"):
        written(tmp_path, f"theme = 'halls'\nsource = '{name}'", name)
        assert find_recipe(file).source == name


def test_a_recipe_elsewhere(tmp_path):
    path = written(tmp_path, "theme = 'halls'", "other.toml")
    assert find_recipe(tmp_path / "a.csv", recipe=path).theme == "halls"
    with pytest.raises(SourceError, match="there is no such recipe; check the path"):
        find_recipe(tmp_path / "a.csv", recipe=tmp_path / "none.toml")


def test_without_a_recipe_the_theme_is_asked_for(tmp_path):
    assert find_recipe(tmp_path / "a.csv", "halls").source == "halls"
    with pytest.raises(
        SourceError, match=r"nothing says which theme it is; give --theme NAME, or write a.toml beside it\."
    ):
        find_recipe(tmp_path / "a.csv")
    with pytest.raises(SourceError, match=r"^--theme: there is no theme 'hall'; use one of units, "):
        find_recipe(tmp_path / "a.csv", "hall")


def test_recipe_and_operator_must_agree(tmp_path):
    written(tmp_path, "theme = 'halls'", "a.toml")
    with pytest.raises(SourceError, match=r"it is for theme 'halls', not 'spaces'; give --theme halls\."):
        find_recipe(tmp_path / "a.csv", "spaces")


@pytest.mark.parametrize(
    ("name", "stem", "stream", "day"),
    [
        ("cameras_2025-11.xlsx", "cameras_2025-11", "cameras", date(2025, 11, 30)),
        ("cameras_2024-02.csv", "cameras_2024-02", "cameras", date(2024, 2, 29)),
        ("cameras_2025-11-07.csv", "cameras_2025-11-07", "cameras", date(2025, 11, 7)),
        ("units.shp.zip", "units", "units", None),
        ("v1.2 units.gpkg", "v1.2 units", "v1.2 units", None),
        ("cameras_2025-13.csv", "cameras_2025-13", "cameras", None),
    ],
)
def test_what_a_name_says(name, stem, stream, day):
    file = Path(name)
    assert (stem_of(file), stream_of(file), day_in_name(file)) == (stem, stream, day)
