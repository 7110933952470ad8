"""Where the rows of a table are: columns of numbers, of words, of both in one, of shapes as text or bytes."""

import numpy as np
import pandas as pd
import pytest
import shapely

from etl.errors import SourceError
from etl.places import degrees_of, place_columns
from etl.recipe import Recipe

HERE = shapely.Point(120.1, 30.2)
AREA = shapely.box(120, 30, 121, 31)


def placed(columns, **said):
    frame = pd.DataFrame(columns, dtype=object)
    return place_columns("a.csv", frame, Recipe(theme="halls", source="h", **said))


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("120°9'18.4\"", 120.155111),
        ("120°09′18.4″", 120.155111),
        ("１２０°０９′１８．４″", 120.155111),
        ("120度9分18.4秒", 120.155111),
        ("东经120度9分18.4秒", 120.155111),
        ("E120°9'18.4''", 120.155111),
        ("120°9'18.4\"E", 120.155111),
        ("120:09:18.4", 120.155111),
        ("120-09-18.4", 120.155111),
        ("E120-09-18.4", 120.155111),
        ("120 9 18.4", 120.155111),
        ("120° 9' 18.4\"", 120.155111),
        ("120°9.3'", 120.155),
        ("120度9分", 120.15),
        ("120.155°", 120.155),
        ("N30.2", 30.2),
        ("北纬30.2", 30.2),
        ("30.2S", -30.2),
        ("-0°30'0\"", -0.5),
        ("\u200b120.5\ufeff", 120.5),
    ],
)
def test_degrees_as_people_write_them(text, degrees):
    assert degrees_of(text) == pytest.approx(degrees, abs=1e-6)


@pytest.mark.parametrize("text", ["120°60'0\"", "120°9'60\"", "村口", "120,5", "1.2.3", "", "120°9'18\"村", "--5", "2024-05-61"])
def test_what_is_no_degrees(text):
    assert degrees_of(text) is None


@pytest.mark.parametrize("form", ["{}{}", "{}（{}）", "{} ({})"])
def test_degrees_minutes_and_seconds_in_columns_of_their_own(form):
    said = {"经度": [["120", 120.0, "-0", 120], ["6", 6, "30", 60], ["0", None, "0", 0]], "纬度": [[30, "30", "0", 30], [12, "12", "0", 1], ["0.0", None, "36", 1]]}
    found = placed({form.format(name, part): columns[at] for name, columns in said.items() for at, part in enumerate("度分秒")})
    assert [each and each.wkt for each in found.shapes] == ["POINT (120.1 30.2)", "POINT (120.1 30.2)", "POINT (-0.5 0.01)", None]
    assert found.crs.to_epsg() == 4490 and found.changes["longitude and latitude taken as CGCS2000"] == 4


def test_seconds_may_be_left_out_and_minutes_may_not():
    assert placed({"东经度": ["120"], "东经分": ["6.0"], "北纬度": ["30"], "北纬分": ["12"]}).shapes[0] == HERE
    with pytest.raises(SourceError) as problem:
        placed({"经度度": ["120"], "纬度度": ["30"], "纬度分": ["12"]})
    assert "no column says where its rows are; it has 经度度, 纬度度, 纬度分" in str(problem.value)


def test_words_are_counted():
    found = placed({"经度": ["120°6'0\"", "120.1", None], "纬度": ["30°12'", 30.2, "x"]})
    assert [each and each.wkt for each in found.shapes] == ["POINT (120.1 30.2)", "POINT (120.1 30.2)", None]
    assert found.changes == {"degrees read from words": 2, "longitude and latitude taken as CGCS2000": 3}


@pytest.mark.parametrize(
    "cell", ["120.1,30.2", "120.1，30.2", "(120.1; 30.2)", "[120.1, 30.2]", "120.1 30.2", "E120°6',N30°12'"]
)
def test_both_in_one_cell(cell):
    found = placed({"经纬度": [cell, "不详"]})
    assert shapely.distance(found.shapes[0], HERE) < 1e-9
    assert found.shapes[1] is None
    assert found.crs.to_epsg() == 4490


@pytest.mark.parametrize(
    "cell",
    [
        AREA.wkt,
        AREA.wkb_hex,
        "\\x" + AREA.wkb_hex,
        f"SRID=4490;{AREA.wkt}",
        shapely.to_wkb(shapely.set_srid(AREA, 4490), hex=True, include_srid=True),
        shapely.to_geojson(AREA),
    ],
)
def test_shapes_as_text_and_bytes(cell):
    found = placed({"geom": [cell, None]})
    assert found.shapes[0].equals(AREA)
    assert found.broken == {}
    assert (found.crs.to_epsg() if found.crs else None) == (4490 if "SRID" in cell or "8A11" in cell else None)


@pytest.mark.parametrize(
    "cell",
    [
        "POLYGON((0 0, 1 0, 1 1))",
        "POINT(1",
        AREA.wkb_hex[:60],
        '{"type": "Point"}',
        "CURVEPOLYGON(CIRCULARSTRING(0 0, 4 0, 4 4, 0 4, 0 0))",
    ],
)
def test_a_broken_shape_is_one_rows_fault(cell):
    found = placed({"wkt": [AREA.wkt, cell]})
    assert found.shapes[0].equals(AREA)
    assert found.broken == {1: "its geometry is broken (a ring that is not closed, or too few points)"}


def test_a_column_that_is_only_called_so_holds_no_shapes():
    with pytest.raises(SourceError) as problem:
        placed({"shape": ["球机", "枪机"], "名称": ["甲", "乙"]})
    assert str(problem.value) == (
        "a.csv: no column says where its rows are; it has shape, 名称; "
        "write [fields] lon = ..., lat = ... (or lonlat = ..., or wkt = ...) in the recipe."
    )


def test_the_recipe_names_the_columns():
    found = placed({"甲": ["120.1"], "乙": ["30.2"], "经度": ["1"], "纬度": ["1"]}, fields={"lon": "甲", "lat": "乙"})
    assert found.shapes[0] == HERE
    assert placed({"范围": [AREA.wkt]}, fields={"wkt": "范围"}).shapes[0].equals(AREA)
    assert shapely.distance(placed({"点": ["120.1,30.2"]}, fields={"lonlat": "点"}).shapes[0], HERE) == 0


def test_nan_and_infinity_are_no_places():
    found = placed({"经度": [np.nan, "inf", "1e999", 120.1], "纬度": [30, 30, 30, 30.2]})
    assert [each is None for each in found.shapes] == [True, True, True, False]
