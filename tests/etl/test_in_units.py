"""A table without coordinates: its rows stand in the units they name, and nothing false is said of their shape."""

import pandas as pd
import pytest
from sqlalchemy import text

from etl.__main__ import main as etl
from geodata import aggregates, named
from geodata.door import Door
from geodata.search import find
from tests.drawn import areas

CODES = {"A": ("990101001201", "东村"), "B": ("990101001202", "西村"), "C": ("990101001203", "上村"), "D": ("990101001204", "上村")}


def write_units(folder, *lines, day="2026-10-31"):
    villages = areas(*lines)
    villages["区划代码"] = [CODES[each][0] for each in villages.letter]
    villages["名称"] = [CODES[each][1] for each in villages.letter]
    town = areas(*["T" * len(lines[0])] * len(lines)).assign(区划代码="990101001000", 名称="某镇")
    file = folder / "units.geojson"
    pd.concat([town, villages]).drop(columns="letter").to_file(file, driver="GeoJSON")
    (folder / "units.geojson.toml").write_text(f'theme = "units"\nas_of = {day}\n', encoding="utf-8")
    return file


def write_titles(folder, *rows):
    """Number, unit, kind."""
    table = pd.DataFrame([{"称号编号": n, "称号名称": f"称号{n}", "获称单位": of, "称号类别": sort, "称号级别": "县级", "称号状态": "有效"} for n, of, sort in rows])
    file = folder / "titles.csv"
    table.to_csv(file, index=False, encoding="gb18030")
    return file


@pytest.fixture
def loaded(engine, tmp_path):
    """Three rows by code, by short code and by name; one of no unit, and one of a name that two villages have."""
    assert etl(["load", str(write_units(tmp_path, "AABB", "AACD"))]) == 0
    rows = [("1", "990101001201", "文明村"), ("2", "990101001", "文明镇"), ("3", "西村", "文明村"), ("4", "990101001299", "文明村"), ("5", "上村", "文明村")]
    assert etl(["load", str(write_titles(tmp_path, *rows)), "--theme", "titles", "--as-of", "2026-10-31"]) == 1, "two of five set aside"
    return engine


def standing(engine):
    with engine.connect() as connection:
        question = """SELECT t.key, t.of, t.unit, t.path, ST_Within(ST_SetSRID(t.geom, 4326), ST_SetSRID(l.geom, 4326)) AS inside
            FROM onemap.titles t JOIN onemap.ladder l ON l.code = t.unit ORDER BY t.key"""
        return [tuple(row) for row in connection.execute(text(question))]


def test_rows_stand_in_the_units_they_name_and_the_others_are_set_aside(loaded):
    town = "990101001000"
    assert standing(loaded) == [
        ("1", "990101001201", "990101001201", f"{town}/990101001201/", True),
        ("2", town, town, f"{town}/", True),
        ("3", "990101001202", "990101001202", f"{town}/990101001202/", True),
    ]
    with loaded.connect() as connection:
        rows = connection.execute(text("SELECT row_no, rule FROM onemap.set_aside ORDER BY row_no")).all()
        warned = connection.execute(text("SELECT count(*) FROM onemap.findings WHERE load_id = 2")).scalar()
        changes = connection.execute(text("SELECT changes FROM onemap.loads WHERE theme = 'titles'")).scalar()
    assert [tuple(each) for each in rows] == [(4, "no_unit"), (5, "no_unit")]
    assert warned == 0, "no rule speaks of shapes that nobody sent"
    assert changes["unit found by its name or by a shorter code"] == 2


def test_numbers_search_and_aggregates_agree_and_the_same_table_changes_nothing(loaded, tmp_path, capsys):
    with Door(loaded).reader() as reader:
        counted = reader.all(
            """SELECT unit, numerator, denominator FROM onemap.indicators WHERE indicator = 'titles.civilised' ORDER BY unit"""
        )
    assert [tuple(each.values()) for each in counted] == [
        ("990101001000", 3, 5), ("990101001201", 1, 1), ("990101001202", 1, 1), ("990101001203", 0, 1), ("990101001204", 0, 1),
    ]  # fmt: skip
    with loaded.connect() as connection:
        assert [str(each) for each in aggregates.differences(connection)] == []
    with Door(loaded).reader() as reader:
        assert [each.title for each in find(reader, "称号1")] == ["称号1"]
    capsys.readouterr()
    assert etl(["load", str(tmp_path / "titles.csv"), "--theme", "titles", "--as-of", "2026-10-31"]) == 0
    assert "unchanged" in capsys.readouterr().out


def test_rows_follow_their_unit_when_its_border_moves(loaded, tmp_path):
    before = standing(loaded)
    assert etl(["load", str(write_units(tmp_path, "ABBB", "AACC", day="2026-11-30"))]) == 0
    with loaded.connect() as connection:
        meant = named.units(connection, ["西村"])["西村"]
        moved = connection.execute(text("SELECT ST_AsText(geom) FROM onemap.titles WHERE key = '3'")).scalar()
        assert [str(each) for each in aggregates.differences(connection)] == []
    assert moved == meant.point.wkt.replace("POINT (", "POINT(")
    assert standing(loaded) == before
