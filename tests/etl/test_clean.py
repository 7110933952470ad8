"""Their headers, values and shapes -> ours; each change counted, each loss a finding."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import CRS

from etl.clean import clean
from etl.correct import Correction, correct, find_corrections
from etl.errors import CorrectionError, SourceError
from etl.read.raw import Raw
from etl.recipe import Recipe
from layers import theme

POINT = shapely.Point(124.1, 30.1)


def raw_of(columns, shapes=None, crs=4490):
    frame = pd.DataFrame(columns, dtype=object)
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    shapes = np.array(shapes if shapes is not None else [POINT] * len(frame), dtype=object)
    return Raw(frame, shapes, CRS(crs) if crs else None)


def cleaned(raw, name="halls", **recipe):
    return clean("a.csv", raw, theme(name), Recipe(theme=name, source=name, **recipe), "a")


def halls(**more):
    return {"编号": ["1"], "名称": ["甲"], "状态": ["开放"], **more}


def test_headers_by_any_known_name():
    done = cleaned(raw_of(halls(**{"座位数*": ["120座"], "XJ": ["5"]})))
    row = done.frame.loc[1]
    assert (row["code"], row["name"], row["state"], row["seats"], row["star"]) == ("1", "甲", "open", 120, "five")
    assert row["events"] is pd.NA
    assert dict(done.changes) == {"number read from words": 1}
    assert not done.findings


def test_the_recipe_comes_before_what_is_known():
    raw = raw_of(halls(叫法=["乙"], 星=["特级"]))
    done = cleaned(
        raw,
        fields={"name": "叫法", "star": "星"},
        values={"star": {"特级": "five"}},
        constants={"address": "{stem}第{row}号"},
    )
    assert tuple(done.frame.loc[1, ["name", "star", "address"]]) == ("乙", "five", "a第1号")


def test_a_header_that_the_recipe_names_and_the_file_lacks():
    with pytest.raises(
        SourceError, match=r"^a.csv: no column 叫法; it has 编号, 名称, 状态; mend \[fields\] of the recipe\.$"
    ):
        cleaned(raw_of(halls()), fields={"name": "叫法"})


def test_the_wrong_theme_is_said_by_its_missing_column():
    with pytest.raises(SourceError) as refused:
        cleaned(raw_of({"编号": ["1"], "名称": ["甲"]}))
    assert str(refused.value) == (
        "a.csv: no column is 使用状态 (state); it has 编号, 名称; give the right --theme, or write [fields] state = ... in the recipe."
    )


def test_values_that_cannot_be_read_are_findings():
    done = cleaned(raw_of(halls(建成时间=["73.12.05"], 座位数=["很多"])))
    assert [(each.row_no, each.rule) for each in done.findings] == [(1, "not_a_date"), (1, "not_a_number")]
    assert done.frame.loc[1, "seats"] is pd.NA


CAMERAS = {
    "设备编码": ["1", "2", "3"],
    "设备名称": ["甲", "乙", "丙"],
    "联网属性": ["0", "0", "1"],
    "设备状态": ["1", "2", "3"],
}


def test_the_nine_directions_become_degrees():
    done = cleaned(raw_of(CAMERAS | {"监视方位": ["1", 8.0, 9]}), "cameras")
    assert list(done.frame["azimuth"].fillna(-1)) == [90.0, 315.0, -1]
    assert done.changes["direction 1-9 made degrees"] == 3
    assert list(done.frame["networked"]) == ["networked", "networked", "alone"]


def test_degrees_stay_degrees():
    done = cleaned(raw_of(CAMERAS | {"监视方位": ["1", "90", None]}), "cameras")
    assert list(done.frame["azimuth"].fillna(-1)) == [1.0, 90.0, -1]


def test_codes_as_numbers_are_findings():
    done = cleaned(raw_of(CAMERAS | {"设备编码": [9.90101e19, 5.0, "3"]}), "cameras")
    assert [(each.row_no, each.rule) for each in done.findings] == [(1, "code_as_number")]
    assert list(done.frame["code"]) == [None, "5", "3"]


def test_points_from_columns():
    raw = raw_of(halls(经度=["１２４.1°"], 纬度=["30.1"]))
    raw.shapes = raw.crs = None
    done = cleaned(raw)
    assert done.shapes[0] == POINT
    assert done.changes["longitude and latitude taken as CGCS2000"] == 1


def test_x_and_y_need_a_crs():
    raw = raw_of(halls(X=["604432.5"], Y=["3331023.1"]))
    raw.shapes = raw.crs = None
    with pytest.raises(
        SourceError, match=r'^a.csv: it does not say its CRS; write crs = "EPSG:4490" \(or its own\) in the recipe; ./onemap forensic FILE tells which it probably is\.$'
    ):
        cleaned(raw)
    with pytest.raises(SourceError, match=r"^a.csv: crs = 'EPSG:x' is unknown; "):
        cleaned(raw, crs="EPSG:x")
    done = cleaned(raw, crs="EPSG:4550")
    assert done.changes["reprojected from CGCS2000 / 3-degree Gauss-Kruger CM 123E"] == 1
    assert shapely.get_x(done.shapes[0]) == pytest.approx(124.1, abs=0.05)


def test_shapes_from_text():
    raw = raw_of(halls(WKT=["POINT (124.1 30.1)"]))
    raw.shapes = raw.crs = None
    assert cleaned(raw, crs="EPSG:4326").shapes[0] == POINT


def test_a_table_without_places():
    raw = raw_of(halls())
    raw.shapes = raw.crs = None
    with pytest.raises(
        SourceError, match=r"no column says where its rows are; it has 编号, 名称, 状态; write \[fields\] lon"
    ):
        cleaned(raw)


@pytest.mark.parametrize("epsg", [4547, 4490, 4326, 4979, 32651, 3857])
def test_every_crs_ends_at_the_same_place(epsg):
    moved = gpd.GeoSeries([POINT], crs=4326).to_crs(epsg).array
    done = cleaned(raw_of(halls(), list(moved), epsg))
    assert shapely.distance(done.shapes[0], POINT) < 1e-8


@pytest.mark.parametrize("epsg", [4214, 4610, 2437, 2385])
def test_datums_without_parameters_are_refused(epsg):
    with pytest.raises(SourceError, match="on a datum whose parameters are not public; ask for the data in CGCS2000"):
        cleaned(raw_of(halls(), [shapely.Point(500000, 3300000)], epsg))


def test_swapped_axes_are_said_and_not_guessed():
    swapped = shapely.Point(30.1, 124.1)
    with pytest.raises(SourceError) as refused:
        cleaned(raw_of(halls(), [swapped]))
    assert str(refused.value) == 'a.csv: its axes are swapped (30.1000, 124.1000); say axes = "lat lon" in the recipe.'
    done = cleaned(raw_of(halls(), [swapped]), axes="lat lon")
    assert done.shapes[0] == POINT
    assert done.changes["axes swapped"] == 1


def test_metres_that_say_they_are_degrees():
    with pytest.raises(SourceError, match=r"its coordinates \(500000.0, 3300000.0\) are no degrees; say their crs"):
        cleaned(raw_of(halls(), [shapely.Point(500000, 3300000)]))


def test_no_geometry_at_all():
    with pytest.raises(SourceError, match="^a.csv: no row has a geometry; export the map layer, not its table"):
        cleaned(raw_of(halls(), [None]))


def test_shapes_are_made_fit_or_findings():
    bow = shapely.Polygon([(124, 30), (124.1, 30.1), (124.1, 30), (124, 30.1)])
    solid = shapely.Polygon([(124, 30, 5), (124.1, 30, 5), (124.1, 30.1, 5)])
    shapes = [solid, bow, None, shapely.Polygon(), POINT, shapely.box(500, 30, 501, 31)]
    n = len(shapes)
    rows = {"编号": list("123456"), "名称": ["甲"] * n, "状态": ["占用"] * n}
    done = cleaned(raw_of(rows, shapes), "spaces")
    assert [(each.row_no, each.rule) for each in sorted(done.findings, key=lambda each: each.row_no)] == [
        (3, "no_geometry"), (4, "no_geometry"), (5, "other_geometry"), (6, "not_on_earth")]  # fmt: skip
    assert {shape.geom_type for shape in done.shapes[:2]} == {"MultiPolygon"}
    assert dict(done.changes) == {"height dropped": 1, "make_valid": 1}
    assert not shapely.has_z(done.shapes[0])


def test_one_point_of_a_multipoint_is_a_point_and_two_are_not():
    shapes = [shapely.MultiPoint([POINT]), shapely.MultiPoint([POINT, (124, 30)])]
    done = cleaned(raw_of({"编号": ["1", "2"], "名称": ["甲", "乙"], "状态": ["开放"] * 2}, shapes))
    assert done.shapes[0] == POINT
    assert [(each.row_no, each.rule) for each in done.findings] == [(2, "other_geometry")]


def test_lines_become_many():
    line = shapely.LineString([(124, 30), (124.1, 30)])
    done = cleaned(raw_of({"编号": ["1"], "名称": ["甲路"]}, [line]), "roads")
    assert done.shapes[0].geom_type == "MultiLineString"


def correction(**more):
    return Correction(
        **{"match": {"编号": "1"}, "set": {"状态": "停用"}, "reason": "as told", "expect": {"状态": "开放"}, **more}
    )


def test_a_correction_is_made_and_counted(tmp_path):
    raw = correct(raw_of(halls()), tmp_path / "c.toml", (correction(),))
    assert raw.frame.loc[1, "状态"] == "停用"
    assert raw.changes == {"corrected: as told": 1}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"match": {"编号": "7"}}, "no row has 编号 = '7'; the source has changed: drop the correction."),
        ({"expect": {"状态": "在建"}}, "状态 = '在建' no longer holds; the source has changed: drop the correction."),
        ({"match": {"号": "1"}}, "the file has no column '号'; use one of 编号, 名称, 状态."),
    ],
)
def test_a_correction_that_no_longer_fits(tmp_path, wrong, words):
    with pytest.raises(CorrectionError) as refused:
        correct(raw_of(halls()), tmp_path / "c.toml", (correction(**wrong),))
    assert str(refused.value) == f"{tmp_path / 'c.toml'}, correction 1: {words}"
    assert refused.value.exit_code == 30


def test_corrections_lie_beside_the_file(tmp_path):
    file = tmp_path / "halls_2025-11.csv"
    assert find_corrections(file)[1] == ()
    path = tmp_path / "halls.corrections.toml"
    path.write_text('[[correction]]\nmatch = {a = 1}\nset = {b = 2}\nreason = "r"\n')
    assert find_corrections(file)[1] == (Correction({"a": 1}, {"b": 2}, "r", {}),)
    path.write_text("[[correction]]\nmatch = {a = 1}\nreasons = 1\n")
    with pytest.raises(
        CorrectionError, match=r"it cannot be used \(.*; give each \[\[correction\]\] match, set and reason\."
    ):
        find_corrections(file)


def test_a_header_cut_short_is_known_by_its_beginning():
    raw = raw_of({"礼堂编": ["1"], "礼堂": ["甲"], "状态": ["开放"], "年活动": ["5"]})
    raw.cut = frozenset({"礼堂编", "礼堂", "年活动"})
    with pytest.raises(SourceError, match=r"no column is 礼堂名称 \(name\); it has 礼堂编, 礼堂, 状态, 年活动"):
        cleaned(raw)  # 礼堂 may be the number, the name or the stars
    done = cleaned(raw, fields={"name": "礼堂"})
    assert tuple(done.frame.loc[1, ["code", "name", "events"]]) == ("1", "甲", 5)


def test_a_header_that_was_not_cut_is_not_known_by_its_beginning():
    with pytest.raises(SourceError, match=r"no column is 礼堂编号 \(code\)"):
        cleaned(raw_of({"礼堂编": ["1"], "名称": ["甲"], "状态": ["开放"]}))
