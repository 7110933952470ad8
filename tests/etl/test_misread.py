"""Rows in GCJ-02 that nobody says so are not published 500 m beside their villages."""

import numpy as np
import pytest

from etl.__main__ import main
from geodata import offsets
from tests.etl.files import text
from tests.etl.test_read import VILLAGES

HEADER = "礼堂编号,礼堂名称,使用状态,经度,纬度\n"


@pytest.fixture
def villages(store, tmp_path):
    VILLAGES.assign(级别="village").to_file(tmp_path / "units.gpkg")
    recipe = text(tmp_path / "units.toml", 'theme = "units"\ntop = true\n')
    assert main(["load", str(tmp_path / "units.gpkg"), "--recipe", str(recipe)]) == 0
    return tmp_path


def halls(folder, shifted):
    """Halls of both villages along their border, in GCJ-02 or not."""
    n = np.arange(120)
    east = n % 2 == 0
    lon, lat = np.where(east, 124.0202, 124.0198) + np.where(east, 1, -1) * n * 3e-5, 30.0003 + n * 0.00015
    if shifted:
        lon, lat = offsets.to_gcj(lon, lat)
    village = np.where(east, "990101001202", "990101001201")
    rows = [f"{code}{k:03d},礼堂,开放,{x:.7f},{y:.7f}" for k, code, x, y in zip(n, village, lon, lat, strict=True)]
    return text(folder / "halls.csv", HEADER + "\n".join(rows) + "\n")


def test_an_offset_that_nobody_says_is_refused_until_the_recipe_says_it(villages, capsys):
    file = halls(villages, shifted=True)
    capsys.readouterr()
    assert main(["load", str(file), "--theme", "halls"]) == 20
    said = capsys.readouterr().err
    assert said.startswith(
        f"onemap: {file}: its rows are in GCJ-02, which it does not say: 100% of its rows lie in the unit they claim, in any other system at most "
    )
    assert said.endswith('; write crs = "GCJ-02" in the recipe, or crs = "EPSG:4490" if you know better.\n')
    text(villages / "halls.toml", 'theme = "halls"\ncrs = "GCJ-02"\n')
    assert main(["load", str(file)]) == 0
    assert "  GCJ-02 made CGCS2000: 120\n" in capsys.readouterr().out


def test_what_somebody_has_decided_is_not_asked_again(villages):
    file = halls(villages, shifted=True)
    text(villages / "halls.toml", 'theme = "halls"\ncrs = "EPSG:4490"\n')
    assert main(["load", str(file)]) == 0


def test_rows_without_an_offset_are_loaded(villages):
    assert main(["load", str(halls(villages, shifted=False)), "--theme", "halls"]) == 0
