"""Candidate spaces follow the loads that they stand on: worked out, measured, taken back; and no file brings them."""

from datetime import date

import geopandas as gpd
import pytest
import shapely

from etl.errors import SourceError
from etl.rollback import roll_back
from geodata import indicators
from geodata.door import Door
from tests.etl.test_pipeline import A, ask, load, units

DAY = date(2026, 10, 31)


def land(tmp_path, name, first, last):
    """One patch of village A, which stands between 124.0 and 124.02 east."""
    headers = ("宅基地编号", "宅基地名称", "使用状态", "宅基地面积") if name == "homesteads" else ("承包地块编码", "承包地块名称", "经营状态", "承包面积")
    said = dict(zip(headers, ("1", "一号", "在用" if name == "homesteads" else "自营", None), strict=True))
    shape = shapely.box(first, 30.0, last, 30.02)
    file = tmp_path / f"{name}.geojson"
    gpd.GeoDataFrame([said], geometry=[shape], crs=4490).to_file(file)
    return file


def figure(store, name="candidates.mu"):
    with Door(store).reader() as reader:
        return next(each for each in indicators.card(reader, A) if each.indicator == name)


def test_pieces_come_with_the_second_survey_and_go_with_it(store, tmp_path):
    load(store, units(tmp_path), "units", day=DAY)
    load(store, land(tmp_path, "homesteads", 124.0, 124.008), "homesteads", day=DAY)
    assert figure(store).lacks == "contract_land" and ask(store, "SELECT count(*) FROM onemap.candidates") == [(0,)]

    report = load(store, land(tmp_path, "contract_land", 124.01, 124.025), "contract_land", day=DAY)
    (found,) = ask(store, "SELECT code, mu, load_id, path, since FROM onemap.candidates")
    assert found[0] == f"{A}C01" and found[2:] == (report.load.id, f"{A}/", DAY)
    assert found[1] == pytest.approx(0.002 * 96_486 * 0.02 * 110_850 / (10_000 / 15), rel=0.002)
    assert figure(store).value == found[1] and figure(store, "candidates.count").value == 1

    roll_back(store, report.load.id)
    assert ask(store, "SELECT count(*) FROM onemap.candidates") == [(0,)] and figure(store).lacks == "contract_land"


def test_no_file_brings_what_is_worked_out(store, tmp_path):
    with pytest.raises(SourceError) as refused:
        load(store, land(tmp_path, "homesteads", 124.0, 124.008), "candidates")
    assert str(refused.value) == "--theme: rows of candidates are worked out, no file brings them; load homesteads and contract_land."
