"""The audit from the store to command, file and number: one and the same count everywhere."""

import json

import geopandas as gpd
import mapbox_vector_tile
import numpy as np
import openpyxl
import pytest
import shapely
from sqlalchemy import text

from app.outlook import look
from app.panels.audit import audit as panel
from app.view import View
from geodata import measure, tiles, waiting
from geodata.audit import kept
from geodata.audit.command import main
from geodata.door import Door
from geodata.errors import SettingError, UnknownUnit
from geodata.shading import stands_on
from layers import theme
from layers._audit import DEFECTS
from tests.geodata.laid import COUNTY, DAY, lay_units, nested, put, values

BOX = shapely.box(124.0, 30.0, 124.04, 30.02)


@pytest.fixture
def ground(store):
    """Two towns, four villages, eight grids; one has no staff, one overlaps its neighbour, one is a special grid."""
    units = nested(BOX, ways=(2, 2, 2))
    grids = [code for code, each in units.items() if each[1] == "grid"]
    people = {code: 240 for code in grids} | {code: 480 for code, each in units.items() if each[1] == "village"}
    with store.begin() as connection:
        paths = lay_units(connection, units, people)
        put(connection, "units", [
            {"key": code, "geom": shapely.MultiPolygon([each[2]]), "level": each[1], "parent": each[0],
             "population": people.get(code), "households": people.get(code, 0) // 3 or None}
            for code, each in units.items() if each[1] != "grid"], units, paths)  # fmt: skip
        put(connection, "grids", [row(units, code, n) for n, code in enumerate(grids)], units, paths)
        kept.rebuild(connection)
        measure.run(connection, DAY)
    return store, grids


def row(units, code, n):
    parent, _, shape = units[code]
    west, south, east, north = shape.bounds
    wide = shapely.box(west, south, east + (4e-4 if n == 0 else 0), north)
    return {"key": code, "name": f"第{n % 2 + 1}网格", "geom": shapely.MultiPolygon([wide]), "level": "grid", "parent": parent, "population": 240,
            "households": 80, "staff": 0 if n == 3 else 1, "sort": "special" if n == 7 else "general"}  # fmt: skip


def test_command_table_and_number_agree(ground, capsys):
    store, grids = ground
    assert main(["grids", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["kinds"] == {"overlap": 1, "staff_none": 1}
    assert {each["grid"] for each in said["findings"]} <= set(grids)
    with Door(store).reader() as reader:
        told = kept.told(reader, f"{COUNTY}/")
        assert dict(told.counts) == said["kinds"] and told.n == 2
        assert told.worst[0]["kind"] in DEFECTS and told.worst[0]["m2"] == pytest.approx(said["findings"][0]["m2"] or told.worst[0]["m2"], abs=0.01)
    with store.connect() as connection:
        found = values(connection)
    # Both grids of the overlap fail, the one without staff fails, the special one is not asked.
    asked = said["standard"]["default"]
    assert (asked["numerator"], asked["denominator"]) == (4, 7)
    assert found["grids.standard", COUNTY][1:] == (4, 7)


def test_a_unit_has_its_own_findings_and_a_norm_may_be_asked(ground, capsys):
    _, grids = ground
    assert main(["grids", "--unit", grids[3][:12], "--json"]) == 1
    assert [each["kind"] for each in json.loads(capsys.readouterr().out)["findings"]] == ["staff_none"]
    assert main(["grids", "--unit", grids[6][:12]]) == 0
    assert main(["grids", "--norm", "N-02b", "--unit", grids[6][:12]]) == 1
    assert "网格数超出规范：2个网格；N-02b 每村网格数 3–5" in capsys.readouterr().out


def test_the_ground_is_audited_again_when_units_wait_and_only_then(ground):
    store, _ = ground
    found = text("SELECT count(*) FROM onemap.audit")
    with store.begin() as connection:
        connection.execute(text("DELETE FROM onemap.audit"))
        waiting.note(connection, "cameras", [f"{COUNTY}/"])
        assert not measure.run(connection, DAY).audited and connection.execute(found).scalar() == 0
        waiting.note(connection, "grids", [f"{COUNTY}/"])
        assert measure.run(connection, DAY).audited and connection.execute(found).scalar() == 2
        assert not measure.run(connection, DAY).audited
    assert "indicators" in stands_on("grids.audit")  # tiles of findings have a new address then


def test_files_hold_every_finding(ground, tmp_path, capsys):
    main(["grids", "--out", str(tmp_path / "问题.xlsx")])
    rows = list(openpyxl.load_workbook(tmp_path / "问题.xlsx").active.values)
    assert rows[0][:3] == ("单位编码", "网格编码", "问题") and len(rows) == 3
    main(["grids", "--out", str(tmp_path / "问题.geojson")])
    assert sorted(gpd.read_file(tmp_path / "问题.geojson")["kind"]) == ["overlap", "staff_none"]


def test_the_page_tells_what_the_command_tells_and_leads_to_each_place(ground):
    store, _ = ground
    with Door(store).reader() as reader:
        outlook = look(reader, View(themes=("grids:audit",)))
        said = json.dumps(panel(outlook, theme("grids")), default=lambda each: each.to_plotly_json(), ensure_ascii=False)
        drawn = mapbox_vector_tile.decode(tiles.tile(reader, "grids.audit", 10, *_tile_of(124.02, 30.01, 10)))
        nothing = tiles.tile(reader, "grids.audit", 12, 0, 0)
    assert outlook.audited.n == 2
    assert "重叠" in said and "无网格员" in said and said.count("at=124.") == 2
    assert {each["properties"]["kind"] for each in drawn["grids.audit"]["features"]} == {"overlap"}
    assert {each["properties"]["kind"] for each in drawn["grids.audit_points"]["features"]} == {"overlap", "staff_none"}
    assert nothing == b""


def _tile_of(lon, lat, z):
    return int((lon + 180) / 360 * 2**z), int((1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * 2**z)


def test_refusals_name_place_fact_and_remedy(ground, tmp_path):
    for words, said in {
        ("--norm", "N-99"): "--norm N-99: there is no such norm; use one of N-01,",
        ("--out", "x.csv"): "--out x.csv: its ending says no format; end it with .xlsx or .geojson.",
        ("--out", str(tmp_path / "no" / "x.xlsx")): "it cannot be written",
    }.items():
        with pytest.raises(SettingError) as problem:
            main(["grids", *words])
        assert said in str(problem.value)
    with pytest.raises(UnknownUnit):
        main(["grids", "--unit", "000000000000"])
